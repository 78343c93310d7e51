# A motorbike without a plate comes and goes with a citizen card.
# from: https://github.com/panmingzhi815/dongluCarpark/issues/4 (allow entry without a plate)

at 0 arrive "no plate 00" motorbike lane 1 unreadable; expect held unreadable within 8s
show card 4321 lane 1; expect open within 1s; expect 1 inside within 10s
at 3h leave "no plate 00" lane 2 unreadable; after 1s show card 4321 lane 2
expect shown 5000 within 10s; pay; expect open within 3s
expect 1 sessions left within 10s
