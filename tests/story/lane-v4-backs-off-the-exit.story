# Backs off the exit after paying: still inside, and paid.
# from: docs/LANE.md V4 X9

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2 and waits; expect shown 25000; pay; expect up within 5s; back out lane 2
expect down within 10s; expect 1 inside; expect journal arrived entered exit_asked exit_permitted backed_off
after 2m leave lane 2; expect open within 3s; expect session left paid within 10s; expect 1 credits
