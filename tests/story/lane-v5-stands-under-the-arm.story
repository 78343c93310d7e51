# A vehicle breaks down under the arm: it is never lowered on it.
# from: docs/LANE.md V5 W4

at 0 arrive 30F-123.45 car lane 1 and waits; expect up within 5s
drive on lane 1 and stops; expect up for 5m; expect alarm lane.blocked
drive on lane 1; expect down within 10s; expect session inside; expect no alarm lane.blocked within 5s
