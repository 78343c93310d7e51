# It came in while the line was cut for four hours: its hours count from the passage.
# from: the survey of peers 2.8: a peer stamps the time when its queue drains

at 0 line cut
arrive 30F-123.45 car lane 1; expect 1 inside at the gate within 10s
at 4h line restored
expect session inside within 1m
at 4h30m leave lane 2; expect shown 125000; pay; expect session left paid within 15s
