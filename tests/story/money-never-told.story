# The bank never tells: the driver pays cash, and nothing is charged twice.
# from: docs/LEDGER.md, the table of verdicts

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000; pay never told; expect not open for 30s
attendant takes 25000 lane 2; expect session left paid permit cash within 15s
expect 0 credits; expect paid 25000
