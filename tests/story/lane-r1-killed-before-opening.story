# Killed between the record and the arm: it opens after the start, once.
# from: docs/LANE.md R1 R7

at 0 arrive 30F-123.45 car lane 1 and waits; expect lane 1 opening within 1s
gate restarts; expect up within 15s; drive on lane 1; expect session inside within 15s
expect 1 sessions; expect journal arrived entered
