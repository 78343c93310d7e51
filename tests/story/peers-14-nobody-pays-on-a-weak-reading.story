# The exit camera believes, weakly, that it sees another vehicle.
# from: https://www.newschannel5.com/news/she-was-charged-a-parking-fee-at-a-lot-she-says-shes-never-been-to
# from: docs/LANE.md P5

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 5m arrive 30F-123.48 car lane 1; expect session inside within 10s
at 30m leave 30F-123.45 lane 2 reads 30F-123.48 sure 40%
expect held unreadable within 8s; expect session 30F-123.48 inside
attendant types 30F-123.45 car lane 2; expect shown 25000 within 3s
pay; expect session 30F-123.45 left paid within 15s; expect session 30F-123.48 inside
