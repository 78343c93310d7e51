# A vehicle that nobody knows asks to leave: it is written down, and a person decides.
# from: https://github.com/steve-community/steve (unknown tags are stored "to prevent information loss")

at 0 leave 51K-888.88 lane 2; expect held no_entry within 5s; expect review no_entry
expect journal exit_asked held
attendant says lane 2 came in 90m ago
expect shown 50000 within 5s; pay; expect open within 3s
