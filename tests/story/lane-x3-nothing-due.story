# Paid on the way: at the exit nothing is due any more.
# from: docs/LANE.md X3

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2 and waits; expect shown 25000; back out lane 2; expect lane 2 idle within 8s
pay 25000; expect session paid within 5s
after 3m leave lane 2; expect open within 3s; expect session left paid within 10s
