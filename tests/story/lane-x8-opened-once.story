# The payment is told again and again: the arm opens once.
# from: docs/LANE.md X8

at 0 messages twice
arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000; pay told twice; expect open within 3s
expect lane 2 idle within 15s; the bank tells it again; expect not open for 10s
expect journal arrived entered exit_asked exit_permitted left
