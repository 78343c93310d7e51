# Whoever drives out while it burns is counted, and owes.
# from: docs/LANE.md M5

lane 1 has fire
at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m fire starts; expect up lane 2 within 4s
leave lane 2 and waits; after 1s drive on lane 2; expect session left_unpaid permit emergency within 10s
