# Inside already, and comes in once more: let in, with an alarm.
# from: docs/LANE.md A1

lane 1 passback soft
at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 1m arrive 30F-123.45 car lane 1; expect open within 1s; expect alarm lane.passback within 5s
expect review already_inside within 10s
