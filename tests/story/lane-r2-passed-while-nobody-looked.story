# It drove in while the gate was dead.
# from: docs/LANE.md R2

at 0 arrive 30F-123.45 car lane 1 and waits; expect up within 5s
gate dies
drive on lane 1
after 20s gate starts; expect session inside inferred within 20s; expect down within 10s
