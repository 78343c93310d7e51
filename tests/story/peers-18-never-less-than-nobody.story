# One more vehicle leaves than ever came in: the count stays what it is.
# from: https://github.com/Solvro/mobile-topwr/pull/231
# from: https://github.com/stadtnavi/digitransit-ui/issues/668

at 0 leave 30F-123.45 lane 2; expect held no_entry within 5s
attendant opens lane 2 because "came in before the opening"; expect up within 5s
expect lane 2 idle within 10s; expect 0 inside; expect 0 inside at the gate
arrive 30G-111.11 car lane 1; expect 1 inside within 10s
