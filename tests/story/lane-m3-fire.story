# It burns: every arm goes up at once and stays up until a person says so.
# from: docs/LANE.md M3 M4 M8

lane 1 has fire
at 0 fire starts; expect open lane 1 within 200ms; expect open lane 2 within 200ms
expect mode emergency lane 2; expect alarm lane.fire within 5s; expect up lane 2 within 4s
after 5m fire ends; expect up lane 1 for 1m
attendant sets lane 1 automatic; expect down lane 1 within 10s
