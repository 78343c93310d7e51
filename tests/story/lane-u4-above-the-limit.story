# … but not large ones: a person confirms.
# from: docs/LANE.md U3 U4

offline open up to 30k
at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s; expect all told within 10s
at 1h30m line cut
leave lane 2; expect held confirm within 15s; expect not open for 10s
attendant takes 50000 lane 2; expect open within 2s
after 1m line restored; expect session left paid within 30s; expect paid 50000
