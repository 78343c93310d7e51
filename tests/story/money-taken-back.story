# The bank takes the transfer back after the vehicle has left: a debt again.
# from: docs/LEDGER.md, the table of verdicts: taken_back

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000; pay; expect session left paid within 15s
at 5h the bank takes back 25000
expect review bank_taken_back; expect session left_unpaid unpaid
