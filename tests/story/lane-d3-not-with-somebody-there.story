# Not while somebody stands in it.
# from: docs/LANE.md D3

lane 3 is reversible
at 0 arrive 30F-123.45 car lane 3 unreadable; after 500ms attendant turns lane 3 to exit
after 2s expect direction entry lane 3
