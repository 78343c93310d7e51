# The plate is read, the arm opens, and the vehicle drives off: it never came in.
# from: https://m.3dmxku.com/daquan/qiche/7530406.html
# from: docs/LANE.md V4

at 0 arrive 30F-123.45 car lane 1 and waits; expect up within 5s
back out lane 1; expect down within 10s
expect session backed_out within 5s; expect 0 inside
at 10m arrive 30F-123.45 car lane 1; expect open within 1s
expect 1 inside within 10s; expect no review already_inside
