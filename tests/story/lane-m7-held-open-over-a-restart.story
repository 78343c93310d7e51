# Held open, and the gate is started anew.
# from: docs/LANE.md M7 R10

at 0 attendant sets lane 1 held_open; expect up within 5s
gate restarts; expect mode held_open within 5s; expect up within 10s
attendant sets lane 1 automatic; expect down within 15s
