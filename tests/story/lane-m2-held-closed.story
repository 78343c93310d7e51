# Held closed: who is there waits, visibly, until it is over.
# from: docs/LANE.md M2 L43 L45

at 0 attendant sets lane 1 held_closed; expect mode held_closed
arrive 30F-123.45 car lane 1; expect display barred within 3s; expect not open for 10s
attendant sets lane 1 automatic; expect open within 2s; expect session inside within 15s
