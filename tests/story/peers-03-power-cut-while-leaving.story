# The power fails while a vehicle that has paid drives out.
# from: https://github.com/matth-x/MicroOcpp/issues/100 (the session stayed active for ever)
# from: https://github.com/matth-x/MicroOcpp/issues/211

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2 and waits; expect shown 25000; pay; expect up within 5s
gate dies
drive on lane 2
after 20s gate starts
expect session left paid inferred within 20s; expect 0 inside; expect down lane 2 within 10s
