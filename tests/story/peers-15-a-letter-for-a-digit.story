# The plate is read with a letter for a digit at the exit; a person sees it and types it.
# from: https://www-cdn.pistonheads.com/gassing/topic.asp?f=10&h=0&t=2088473
# from: https://github.com/cityofaustin/atd-data-tech/issues/4131

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2 reads 30F-128.45
expect held no_entry within 5s; expect review no_entry
attendant types 30f12345 car lane 2; expect shown 25000 within 3s
pay; expect session 30F-123.45 left paid within 15s; expect 0 inside
