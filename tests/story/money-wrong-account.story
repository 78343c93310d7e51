# The right code on another account: it opens nothing.
# from: docs/LEDGER.md, the table of verdicts: wrong_account

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000; pay 25000 to another account
expect review bank_wrong_account; expect not open for 5s; expect paid 0
attendant takes 25000 lane 2; expect session left paid within 15s
