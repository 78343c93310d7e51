# Held open for a football match: whoever passes is counted.
# from: docs/LANE.md M2 M5 L41 L42

at 0 attendant sets lane 1 held_open; expect up within 5s; expect mode held_open
arrive 30F-123.45 car lane 1 and waits; after 1s drive on lane 1; expect session inside within 10s
attendant sets lane 1 automatic; expect down within 10s; expect mode automatic
