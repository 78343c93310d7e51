# The line is cut, and the lot waits for money: amount and code of the gate itself.
# from: docs/LANE.md U1 U2 U3

offline wait
at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s; expect all told within 10s
at 30m line cut
leave lane 2; expect shown 25000 within 15s; expect not open for 10s
pay; expect not open for 20s
line restored; expect open within 30s; expect session left paid within 20s; expect refund due 0
