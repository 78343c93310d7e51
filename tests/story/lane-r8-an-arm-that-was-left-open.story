# The gate starts and finds its arm up with nobody there.
# from: docs/LANE.md R8

at 0 gate dies; the arm of lane 1 rises
after 10s gate starts; expect down lane 1 within 20s; expect 0 sessions
