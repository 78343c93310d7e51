# The arm gets there, but late: an alarm, and the vehicle passes.
# from: docs/LANE.md B13

arms take 7s
at 0 arrive 30F-123.45 car lane 1; expect up within 10s; expect alarm barrier.slow within 2s
expect session inside within 10s
