# Three vehicles while the line comes and goes: nothing is wiped, nothing sent twice counts.
# from: https://github.com/thingsboard/thingsboard-gateway/issues/2124
# from: https://github.com/thingsboard/thingsboard-gateway/issues/2098

at 0 line cut
arrive 30F-123.45 car lane 1; expect 1 inside at the gate within 10s
line restored
after 1s line cut
after 5s arrive 30G-111.11 car lane 1; expect 2 inside at the gate within 10s
line restored
after 2s line cut
after 5s arrive 30H-222.22 car lane 1; expect 3 inside at the gate within 10s
line restored
expect 3 inside within 30s; expect 3 sessions; expect all told within 30s; expect 0 set aside
