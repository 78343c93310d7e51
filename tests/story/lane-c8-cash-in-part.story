# Cash for a part: the rest is asked for.
# from: docs/LANE.md C8 U7

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000; attendant takes 10000 lane 2; expect not open for 2s
expect shown 15000 within 5s; pay; expect open within 3s; expect session left paid within 15s
