# Somebody walks under the closing arm: it goes up again at once.
# from: docs/LANE.md O2 B7 L35

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
expect not open within 3s
input safety_loop lane 1 on; expect open within 500ms; expect alarm barrier.blocked within 5s
after 3s input safety_loop lane 1 off; expect down within 8s; expect no alarm barrier.blocked within 10s
