# Inside already: held, until a person forgives it.
# from: docs/LANE.md A2 A4

lane 1 passback hard
at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 1m arrive 30F-123.45 car lane 1; expect held duplicate within 3s; expect not open for 10s
attendant forgives lane 1; expect open within 1s
