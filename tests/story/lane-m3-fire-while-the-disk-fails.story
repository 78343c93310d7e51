# It burns, and the journal cannot be written: the arms go up all the same.
# from: docs/LANE.md M3 O2

lane 1 has fire
at 0 gate disk fails; fire starts; expect open lane 1 within 200ms; expect open lane 2 within 200ms
after 1m gate disk works; expect alarm lane.fire within 1m
