# In and out without the line: one stay, with one name.
# from: https://github.com/EVerest/libocpp/issues/495 (offline transactions had id -1)
# from: https://github.com/c-jimenez/open-ocpp/issues/24

offline open up to 100k
at 0 line cut
arrive 30F-123.45 car lane 1; expect 1 inside at the gate within 10s
at 20m leave lane 2; expect open within 15s; expect lane 2 idle within 10s
after 1m line restored
expect session left_unpaid within 30s; expect 1 sessions; expect all told within 30s
