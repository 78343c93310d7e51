# Too little first: the rest is asked for with the same code.
# from: docs/LEDGER.md, the table of verdicts: under

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000; pay 10000; expect 1 credits under within 3s
expect shown 15000 within 5s; expect not open for 5s; pay 15000; expect open within 3s
expect session left paid within 15s; expect paid 25000
