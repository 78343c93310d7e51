# Two at two exits: each payment opens its own arm.
# from: docs/LANE.md X2

lane 3 is exit
at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 1m arrive 30G-111.11 car lane 1; expect session inside within 10s
at 30m leave 30F-123.45 lane 2; leave 30G-111.11 lane 3; expect shown 25000 lane 3; expect shown 25000 lane 2
pay for 30G-111.11; expect open lane 3 within 3s; expect not open lane 2 for 5s
pay for 30F-123.45; expect open lane 2 within 3s; expect 2 sessions left within 15s
