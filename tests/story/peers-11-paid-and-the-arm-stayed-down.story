# The word of the payment is lost between server and gate.
# from: https://www.kancloud.cn/bolink/problem/832611
# from: docs/LANE.md X11

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000
line cut
pay; expect paid 25000 within 5s; expect not open for 10s
line restored
expect open within 15s; expect session left paid within 15s
