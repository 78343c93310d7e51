# A reversible lane is turned in the evening, and vehicles leave through it.
# from: docs/LANE.md D1 D2 D3

lane 3 is reversible
at 0 arrive 30F-123.45 car lane 3; expect session inside within 10s; expect session inside
at 1h attendant turns lane 3 to exit; expect direction exit lane 3
leave 30F-123.45 lane 3; expect shown 25000 lane 3; pay; expect session left paid within 15s
