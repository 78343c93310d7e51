# Old records come once more after the stay is over.
# from: https://github.com/lbbrhzn/ocpp/issues/2135 (replayed events revived a finished session)

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000; pay; expect session left paid within 15s; expect down within 10s
messages twice
line cut
gate restarts
after 5s line restored
after 30s server restarts
expect session left paid; expect 0 inside; expect 1 sessions
arrive 30F-123.45 car lane 1; expect session inside within 10s; expect 2 sessions within 10s
