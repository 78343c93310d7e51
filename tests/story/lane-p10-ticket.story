# A slip of the lot where there is no plate.
# from: docs/LANE.md P10 P12

at 0 arrive "no plate 00" motorbike lane 1 unreadable
after 1s show ticket A7-0042 lane 1; expect open within 8s; expect 1 inside within 10s
at 1h leave "no plate 00" lane 2 unreadable; after 1s show ticket A7-0042 lane 2
expect shown 5000 within 10s; pay; expect 1 sessions left within 15s
