# The barrier is opened with its own button.
# from: docs/LANE.md W3

lane 1 has button
at 0 input button lane 1 on; the arm of lane 1 rises; after 300ms input button lane 1 off
expect alarm barrier.button within 5s; expect no alarm barrier.forced
