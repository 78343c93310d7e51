# A lane is taken out of service and put back.
# from: docs/LANE.md C6 L14 L40

at 0 attendant closes lane 1; expect display closed; expect mode closed
arrive 30F-123.45 car lane 1; expect not open for 10s
attendant reopens lane 1; expect open within 8s; expect session inside within 15s
