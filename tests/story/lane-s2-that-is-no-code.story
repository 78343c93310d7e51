# Something that is no identity code is held to the scanner.
# from: docs/LANE.md S2

at 0 arrive 30F-123.45 car lane 1 unreadable
after 500ms show something else lane 1; expect display not_a_code within 1s
expect held unreadable within 10s
