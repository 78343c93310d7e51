# The line is cut, and the lot lets small amounts go.
# from: docs/LANE.md U4

offline open up to 30k
at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s; expect all told within 10s
at 30m line cut
leave lane 2; expect open within 15s; expect lane 2 idle within 10s
after 1m line restored; expect session left_unpaid permit debt within 30s; expect fee 25000
