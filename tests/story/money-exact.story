# The amount that was asked for, with its code.
# from: docs/LEDGER.md, the table of verdicts: exact

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000; pay; expect 1 credits exact within 3s
expect session left paid permit paid within 15s; expect refund due 0
