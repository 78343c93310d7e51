# Somebody drives out through the entry.
# from: docs/LANE.md V8

at 0 attendant sets lane 1 held_open; expect up within 5s
drive the wrong way lane 1; expect alarm lane.wrong_way within 10s
expect journal lane_mode command_done unlogged within 5s; expect 0 sessions
attendant sets lane 1 automatic; expect down within 10s
