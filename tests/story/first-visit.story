# A whole visit: in, an hour, pay by bank transfer, out.
# from: docs/LANE.md L12 L16 L28 L31 L36 L17 L23 L24

at 0 arrive 30F-123.45 car lane 1; expect open within 1s; expect lane 1 idle within 8s
expect session inside; expect 1 inside; expect 1 inside at the gate
at 30m leave lane 2; expect shown 25000 within 2s; expect not open for 5s
pay 25000; expect open within 3s; expect ledger balanced; expect session left paid within 10s
expect journal arrived entered exit_asked exit_permitted left
expect 0 inside; expect all told
