# The gate's disk is full: nobody is let in whose record would be lost.
# from: https://github.com/EVerest/libocpp (goes on with memory alone)
# from: docs/LANE.md O1 J1 J2

at 0 gate disk fails
arrive 30F-123.45 car lane 1; expect not open for 20s; expect display stopped lane 2; expect 0 sessions
gate disk works; expect open within 35s; expect session inside within 15s
expect all told within 30s
