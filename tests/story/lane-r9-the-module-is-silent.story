# The line to the devices is cut in the middle of a passage.
# from: docs/LANE.md R9 B11

at 0 arrive 30F-123.45 car lane 1 and waits; expect up within 5s
module of lane 1 silent; expect alarm io.unreachable within 10s; expect lane 1 fault
module of lane 1 answers; expect up within 10s; drive on lane 1; expect session inside within 15s
