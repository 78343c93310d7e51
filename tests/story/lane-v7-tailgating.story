# A second vehicle slips through behind the first.
# from: docs/LANE.md V7 W2

at 0 arrive 30F-123.45 car lane 1 and waits; expect up within 5s
arrive 30G-111.11 car lane 1 right behind unreadable
drive on lane 1; expect alarm lane.tailgating within 10s
expect journal arrived entered unlogged within 10s; expect 1 sessions; expect down within 10s
