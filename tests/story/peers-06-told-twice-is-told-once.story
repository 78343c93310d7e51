# The broker delivers everything twice.
# from: https://github.com/matth-x/MicroOcpp/issues/237 (the second start was refused as concurrent)
# from: https://github.com/matth-x/MicroOcpp/issues/50

at 0 messages twice
arrive 30F-123.45 car lane 1; expect open within 1s; expect lane 1 idle within 8s
expect session inside; expect 1 sessions; expect no review already_inside; expect 0 set aside
at 30m leave lane 2; expect shown 25000; pay; expect session left paid within 15s
expect 1 credits; expect 1 sessions; expect all told within 10s
