# The arm falls while a permitted vehicle stands before it: it is raised again.
# from: docs/LANE.md B9 L34

at 0 arrive 30F-123.45 car lane 1 and waits; expect up within 5s
the arm of lane 1 falls; after 3s expect up within 6s
drive on lane 1; expect session inside within 10s
