# Red until the way is free, then green, never both.
# from: docs/LANE.md W6

lane 1 has green
lane 1 has red
at 0 expect output red on lane 1; expect output green off lane 1
arrive 30F-123.45 car lane 1 and waits; expect output green on lane 1 within 2s; expect output red off lane 1
drive on lane 1; expect output red on lane 1 within 10s; expect output green off lane 1
