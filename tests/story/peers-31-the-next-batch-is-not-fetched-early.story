# Ten vehicles wait in the journal while the line is cut: each is one stay.
# from: https://github.com/thingsboard/thingsboard-gateway/issues/2098

lane 3 is entry
at 0 line cut
arrive 30A-000.01 car lane 1; arrive 30A-000.02 car lane 3; after 20s arrive 30A-000.03 car lane 1
arrive 30A-000.04 car lane 3; after 20s arrive 30A-000.05 car lane 1; arrive 30A-000.06 car lane 3
after 20s arrive 30A-000.07 car lane 1; arrive 30A-000.08 car lane 3
after 20s arrive 30A-000.09 car lane 1; arrive 30A-000.10 car lane 3
after 20s messages twice; line restored
expect 10 inside within 1m; expect 10 sessions; expect all told within 1m
