# The server dies right after the bank told it of a transfer.
# from: the survey of peers 3.7, rule 11

at 0 arrive 30F-123.45 car lane 1; expect 1 inside at the gate within 10s
at 30m leave lane 2; expect shown 25000
pay; server dies
after 20s server starts
expect open within 2m; expect 1 credits; expect session left paid within 15s
