# A stay that began without the line, and the gate lost power before it was back.
# from: https://github.com/matth-x/MicroOcpp/issues/454 (only the stop arrived)

at 0 line cut
arrive 30F-123.45 car lane 1; expect open within 1s; expect lane 1 idle within 8s
after 30s gate dies
after 10s gate starts
after 1m line restored
expect session inside within 30s; expect 1 inside
at 1h30m leave lane 2; expect shown 50000
pay; expect session left paid within 15s; expect 1 sessions
