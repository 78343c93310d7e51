# The plate that has just passed is read once more: nobody else arrives with it.
# from: docs/LANE.md P8

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
expect down within 10s; arrive 30G-111.11 car lane 1 reads 30F-123.45; expect not open for 3s
the camera sees 30G-111.11 car lane 1 sure 95%; expect open within 1s
expect session 30G-111.11 inside within 10s; expect 2 inside
