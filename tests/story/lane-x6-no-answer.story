# The server is dead and the gate knows no price: the lane says so.
# from: docs/LANE.md X6 U1

at 0 server dies
leave 30F-123.45 lane 2; expect held no_answer within 15s; expect not open for 10s
server starts; expect held no_entry within 1m
