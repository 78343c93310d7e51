# A flickering loop opens the arm once.
# from: https://github.com/openWB/core/pull/3982
# from: docs/LANE.md V4

at 0 arrive 30F-123.45 car lane 1 and waits; expect open within 1s
after 200ms input arming_loop lane 1 off; after 100ms input arming_loop lane 1 on
after 200ms input arming_loop lane 1 off; after 100ms input arming_loop lane 1 on
expect up within 5s; drive on lane 1; expect session inside within 10s
expect journal arrived entered; expect 1 sessions
