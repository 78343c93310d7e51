# Nobody can read it, and it drives away: nothing is left of it but the record.
# from: docs/LANE.md P11 L18 L22

at 0 arrive 30F-123.45 car lane 1 unreadable; expect held unreadable within 8s
back out lane 1; expect lane 1 idle within 6s; expect journal held released; expect 0 sessions
