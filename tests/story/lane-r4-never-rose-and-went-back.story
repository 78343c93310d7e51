# Permitted, the gate dies before the arm rises, the vehicle goes away.
# from: docs/LANE.md R4

at 0 the arm of lane 1 jams
arrive 30F-123.45 car lane 1 and waits; expect lane 1 opening within 2s
gate dies; back out lane 1
after 10s the arm of lane 1 moves; gate starts; expect session backed_out inferred within 20s
