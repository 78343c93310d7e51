# A notice comes twice, and once more with another amount.
# from: https://github.com/VivaPayments/API/issues/2553
# from: https://github.com/casdoor/casdoor/issues/4934

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000; pay 25000 told twice; expect open within 3s
expect 1 credits; expect paid 25000; expect session left paid within 10s
after 1h the bank tells it again; expect 1 credits
the bank tells it again as 26000
expect review bank_different; expect 1 credits; expect paid 25000; expect refund due 0
