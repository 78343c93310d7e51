# Card and plate: the plate names the visit.
# from: docs/LANE.md P10

at 0 show card 4321 lane 1
after 1s arrive 30F-123.45 car lane 1; expect open within 1s
expect session 30F-123.45 inside within 10s
