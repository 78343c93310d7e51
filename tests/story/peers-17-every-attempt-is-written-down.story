# The first attempt to leave fails, the second works: both can be read afterwards.
# from: https://github.com/hermanvm/test_codacy/issues/39 (an exit error that left no trace)

at 0 arrive 30F-123.45 car lane 1; expect session inside within 10s
at 30m leave lane 2 unreadable; expect held unreadable within 8s
back out lane 2; expect lane 2 idle within 8s
after 10s leave lane 2; expect shown 25000; pay; expect session left paid within 15s
expect journal arrived entered held released exit_asked exit_permitted left
