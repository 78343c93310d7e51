# The gate has no battery and its clock was never set when a vehicle came in.
# from: https://github.com/matth-x/MicroOcpp/issues/311
# from: https://github.com/steve-community/steve/issues/136

at 0 gate clock unknown
arrive 30F-123.45 car lane 1; expect open within 1s; expect lane 1 idle within 10s
expect session inside within 10s
after 1m gate clock set
at 30m leave lane 2; expect lane 2 quoted within 15s; expect shown 25000
pay; expect session left paid within 15s
