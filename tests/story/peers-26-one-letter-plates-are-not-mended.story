# A car of Hanoi with one letter keeps its digits as they are.
# from: the survey of peers 2.2: a peer turns 30A12345 into 30AI2345

at 0 arrive 30A-123.45 car lane 1; expect session 30A-123.45 inside within 10s; expect down within 10s
arrive "29-X1 123.45" motorbike lane 1; expect session "29-X1 123.45" inside within 10s
expect 2 inside
