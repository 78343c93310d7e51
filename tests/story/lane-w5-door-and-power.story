# The cabinet is opened and the power fails.
# from: docs/LANE.md W5

lane 1 has door
lane 1 has power_fail
at 0 input door lane 1 on; expect alarm cabinet.open within 5s
input power_fail lane 1 on; expect alarm power.failed within 5s
input door lane 1 off; input power_fail lane 1 off
expect no alarm cabinet.open within 5s; expect no alarm power.failed within 5s
