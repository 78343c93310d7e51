# A finished stay that could not be sent yet, a restart, and the next vehicle comes.
# from: https://github.com/matth-x/MicroOcpp/issues/298 (the next session was refused)

at 0 line cut
arrive 30F-123.45 car lane 1; expect open within 1s; expect lane 1 idle within 8s
after 10s gate restarts
after 10s arrive "29-B1 234.56" motorbike lane 1
expect open within 1s; expect lane 1 idle within 8s
after 10s line restored
expect 2 inside within 30s; expect all told within 30s
