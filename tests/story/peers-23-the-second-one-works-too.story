# The same vehicle twice a day, one after the other.
# from: https://github.com/citrineos/citrineos/issues/172 (only the first transaction worked)

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2; expect shown 25000; pay; expect session left paid within 15s
at 5h arrive 30F-123.45 car lane 1; expect open within 1s; expect 1 inside within 10s
at 6h30m leave lane 2; expect shown 50000; pay; expect session left paid within 15s
expect 2 sessions left; expect 2 credits
