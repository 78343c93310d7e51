# It came in while the clock was unset, and leaves without the server.
# from: docs/LANE.md U8

at 0 gate clock unknown; line cut
arrive 30F-123.45 car lane 1; expect 1 inside at the gate within 10s
at 20m gate clock set
at 30m leave lane 2; expect held no_answer within 15s; expect not open for 10s
attendant lets go lane 2 because "clock"; expect open within 3s
