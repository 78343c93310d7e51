# Words of his own instead of the code: the money waits for a person.
# from: docs/LEDGER.md, the table of verdicts: unmatched

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000; pay 25000 without the code
expect review bank_unmatched; expect not open for 5s; expect paid 0; expect 1 credits unmatched
pay 25000; expect session left paid within 15s
