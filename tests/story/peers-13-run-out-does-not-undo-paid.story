# An amount runs out while its payment is under way: paid stays paid.
# from: https://github.com/mollie/OpenCart/issues/320 (a late "expired" overwrote "paid")

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 20m leave lane 2; expect shown 25000
pay 25000 told after 12m
after 11m expect lane 2 quoted
expect open within 2m; expect session left paid within 15s; expect refund due 0
