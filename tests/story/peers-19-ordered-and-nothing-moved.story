# The arm is ordered up and does not move.
# from: https://github.com/ratgdo/homekit-ratgdo32/issues/41
# from: https://github.com/SUPLA/supla-core/issues/80

at 0 the arm of lane 1 jams
arrive 30F-123.45 car lane 1; expect lane 1 opening within 2s; expect down
expect lane 1 fault within 20s; expect alarm barrier.stuck within 5s; expect display stopped
the arm of lane 1 moves
attendant reopens lane 1; expect up within 8s; expect session inside within 15s
expect no alarm barrier.stuck within 10s
