# Too much: the arm opens, the rest is owed back.
# from: docs/LEDGER.md, the table of verdicts: over

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000; pay 30000; expect open within 3s
expect 1 credits over; expect review bank_over; expect refund due 5000
expect session left paid within 15s; expect paid 25000
