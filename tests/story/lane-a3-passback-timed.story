# Hard at first, soft after a quarter of an hour.
# from: docs/LANE.md A3

lane 1 passback timed
at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 5m arrive 30F-123.45 car lane 1 and waits; expect held duplicate within 3s; back out lane 1
at 20m arrive 30F-123.45 car lane 1; expect open within 1s
