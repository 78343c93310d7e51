# A dirty plate: the attendant types what he sees.
# from: docs/LANE.md C5 L19

at 0 arrive 30F-123.45 car lane 1 unreadable; expect held unreadable within 8s
attendant types 30F-123.45 car lane 1; expect open within 1s; expect session inside within 10s
