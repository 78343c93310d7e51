# Nobody pays for an hour: it is asked again, and costs more.
# from: docs/LANE.md X7 L27

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 55m leave lane 2; expect shown 25000
at 1h22m expect shown 50000; expect fee 50000; pay; expect session left paid within 15s
