# A restart with unsent records: each arrives, and none counts twice.
# from: https://github.com/EVerest/libocpp/pull/906 (the stop was sent by two stores)

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 20m leave lane 2 and waits; expect shown 25000; pay; expect up within 5s
line cut
drive on lane 2; expect lane 2 idle within 8s
gate restarts
messages twice
after 5s line restored
expect session left paid within 30s
expect 1 sessions; expect 1 sessions left; expect 1 credits; expect all told within 30s
