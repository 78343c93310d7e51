# A text that fits two classes, and nobody says which.
# from: docs/LANE.md P7

at 0 arrive 30F12345 unknown lane 1; expect held ambiguous within 8s
attendant types 30F12345 car lane 1; expect open within 1s; expect session 30F-123.45 inside within 10s
