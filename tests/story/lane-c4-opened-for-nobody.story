# Opened by hand, and nobody comes: the arm comes down again.
# from: docs/LANE.md C4 L13 L33

at 0 attendant opens lane 1 because "delivery"; expect up within 5s
expect down within 25s; expect journal hand_opened command_done; expect 0 sessions
