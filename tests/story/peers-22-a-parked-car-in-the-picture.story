# The camera at the entry reads a vehicle that is parked in the street.
# from: https://github.com/ljmerza/frigate_plate_recognizer/issues/31
# from: docs/LANE.md P1

at 0 the camera sees 30K-999.99 car lane 1 sure 97%
expect not open for 10s; expect lane 1 idle; expect 0 sessions
after 1m arrive 30F-123.45 car lane 1; expect open within 1s; expect 1 sessions within 10s
