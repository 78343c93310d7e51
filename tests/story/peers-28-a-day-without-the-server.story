# The server is away for a day: nothing is given up after so many attempts.
# from: https://github.com/EVerest/libocpp (message_queue.hpp drops a message after three attempts)

at 0 server dies
arrive 30F-123.45 car lane 1; expect 1 inside at the gate within 10s
at 12h arrive 30G-111.11 car lane 1; expect 1 inside at the gate within 10s
at 1d server starts
expect 2 inside within 3m; expect all told within 3m
