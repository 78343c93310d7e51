# Paid twice by an impatient driver: the second is owed back.
# from: docs/LEDGER.md, the table of verdicts: duplicate_payment

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000; pay twice; expect open within 3s
expect 2 credits within 5s; expect 1 credits duplicate_payment; expect refund due 25000
expect review bank_duplicate; expect session left paid within 15s
