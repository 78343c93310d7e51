# The payment comes while the arm cannot be moved.
# from: docs/LANE.md X10 R9 L11

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000; module of lane 2 silent
expect alarm io.unreachable within 10s; pay; expect paid 25000 within 5s; expect not open for 5s
module of lane 2 answers; expect open within 10s; expect session left paid within 20s
