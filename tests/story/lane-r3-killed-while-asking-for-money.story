# The gate dies while the amount is shown, and the driver pays meanwhile.
# from: docs/LANE.md R3

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000
gate dies; pay; after 20s gate starts
expect open within 30s; expect session left paid within 20s; expect 1 credits
