# An order to open comes after its time: nothing moves.
# from: the survey of peers 3.7, rule 13
# from: docs/LANE.md C2

at 0 attendant opens lane 1 because "test" too late
expect not open for 10s; expect journal command_done
