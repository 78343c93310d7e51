# At the exit somebody lifts the arm and drives out without paying.
# from: docs/LANE.md V9 W3 L48

lane 2 has siren
at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2 and waits; expect shown 25000
the arm of lane 2 rises; expect alarm barrier.forced within 3s; expect output siren on lane 2
after 3s drive on lane 2; expect journal arrived entered exit_asked backed_off unlogged within 10s
expect 1 inside; expect all told within 10s
