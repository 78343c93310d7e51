# Left owing, and the transfer comes a day later: the debt is settled.
# from: docs/LEDGER.md, the table of verdicts: late

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000; pay told after 1d
attendant lets go lane 2 because "has paid, the bank is slow"; expect open within 2s
expect session left_unpaid within 10s
at 1d1h expect session left paid; expect 1 credits late; expect refund due 0
