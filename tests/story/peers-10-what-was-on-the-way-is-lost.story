# The line breaks with messages on the way, and the server is started anew.
# from: https://github.com/eclipse-mosquitto/mosquitto/issues/2349
# from: https://github.com/eclipse-mosquitto/mosquitto/issues/1081

at 0 arrive 30F-123.45 car lane 1; expect open within 1s
line cut
server restarts
expect lane 1 idle within 8s
after 5s line restored
expect session inside within 30s; expect 1 sessions; expect all told within 30s
