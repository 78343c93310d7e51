# A trailer follows its vehicle: one passage, and no tailgater.
# from: docs/LANE.md V6

at 0 arrive 30F-123.45 car lane 1; expect lane 1 closing within 8s
a trailer follows lane 1; expect down within 15s
expect journal arrived entered; expect 1 inside
