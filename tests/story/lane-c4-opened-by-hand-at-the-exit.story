# An attendant lets somebody out: the fee is owed, and somebody answers for it.
# from: docs/LANE.md C4

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000; attendant opens lane 2 because "phone is dead"
expect open within 2s; expect session left_unpaid permit manual within 15s; expect fee 25000
