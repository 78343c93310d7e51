# A fair reading waits a moment, and a better one comes.
# from: docs/LANE.md P4

at 0 arrive 30F-123.45 car lane 1 reads 30F-123.4B sure 75%
after 300ms the camera sees 30F-123.45 car lane 1 sure 98%
expect open within 1s; expect session 30F-123.45 inside within 10s; expect 1 sessions
