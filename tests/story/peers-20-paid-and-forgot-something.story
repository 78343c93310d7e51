# Paid at the exit, turned back into the lot, and out again: within the grace, and beyond it.
# from: https://github.com/parkingdata/spec/issues/25
# from: https://github.com/ocpi/ocpi/issues/368
# from: https://github.com/curblr/curblr-spec/issues/20

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 50m leave lane 2 and waits; expect shown 25000; pay; expect up within 5s
back out lane 2; expect lane 2 idle within 10s
at 58m leave lane 2 and waits; expect up within 6s; expect paid 25000
back out lane 2; expect lane 2 idle within 10s
at 1h20m leave lane 2; expect shown 25000; expect fee 50000
pay; expect session left paid within 15s; expect paid 50000; expect refund due 0
