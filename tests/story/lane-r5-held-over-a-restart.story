# Held, a restart, and still held.
# from: docs/LANE.md R5

at 0 arrive 30F-123.45 car lane 1 unreadable; expect held unreadable within 8s
gate restarts; expect held unreadable within 10s
attendant types 30F-123.45 car lane 1; expect open within 2s
