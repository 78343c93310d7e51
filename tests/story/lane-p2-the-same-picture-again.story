# The camera sends one picture twice: one reading.
# from: docs/LANE.md P2 P4

at 0 arrive 30F-123.45 car lane 1 unreadable
after 100ms the camera sees 30F-123.45 car lane 1 sure 80% picture 77
after 100ms the camera sees 30F-123.45 car lane 1 sure 80% picture 77
expect open within 2s; expect 1 sessions within 10s
