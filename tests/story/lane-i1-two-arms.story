# Two arms with a space between: the second rises only when the first is down.
# from: docs/LANE.md I1 I3 L44

lane 3 is entry
lane 3 stands behind lane 1
at 0 arrive 30F-123.45 car lane 1; expect open lane 1 within 1s; expect not open lane 3
expect down lane 1 within 10s; arrive 30F-123.45 car lane 3 unreadable
expect open lane 3 within 3s; expect 1 sessions; expect session inside within 10s
