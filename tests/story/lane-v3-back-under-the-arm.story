# Under the arm and back again: it may try once more on the same permit.
# from: docs/LANE.md V3 L35

at 0 arrive 30F-123.45 car lane 1 and waits; expect up within 5s
drive on lane 1 and stops; expect lane 1 passing within 2s
roll back lane 1; expect lane 1 open within 3s
drive on lane 1; expect session inside within 10s; expect journal arrived entered
