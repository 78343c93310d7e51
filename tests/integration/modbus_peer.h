/*
 * modbus_peer.h - a Modbus device for tests: libmodbus as a server in a thread of its own.
 *
 * Discrete inputs, coils and holding registers of one map whatever the unit.
 * Writes come out of a mailbox, so that a test waits for them without sleeping.
 * It can be told to be silent, to answer late, to refuse, or to cut the line.
 */
#ifndef DOXE_TESTS_MODBUS_PEER_H
#define DOXE_TESTS_MODBUS_PEER_H

#include "proto/base/time.h"

enum peer_line { PEER_TCP, PEER_RTU, PEER_RTU_OVER_TCP };

struct peer_write {
    int unit, function, address, value;
};

struct modbus_peer;

/* `device` for PEER_RTU only.  Fails the test when it cannot start. */
struct modbus_peer *modbus_peer_start(enum peer_line line, const char *device);
/* Again on the same port after modbus_peer_pause, with everything off. */
void modbus_peer_resume(struct modbus_peer *peer);
/* Listens no more and cuts the connection: the module has no power. */
void modbus_peer_pause(struct modbus_peer *peer);
void modbus_peer_stop(struct modbus_peer *peer);
int modbus_peer_port(const struct modbus_peer *peer);

void modbus_peer_input(struct modbus_peer *peer, int address, bool on);
bool modbus_peer_coil(struct modbus_peer *peer, int address);
int modbus_peer_register(struct modbus_peer *peer, int address);
void modbus_peer_silent(struct modbus_peer *peer, bool silent);
/* The next answer comes so much later. */
void modbus_peer_late(struct modbus_peer *peer, int ms);
int modbus_peer_requests(struct modbus_peer *peer);
/* The next write of a coil or register that was carried out; false when there is none in time. */
bool modbus_peer_wait_write(struct modbus_peer *peer, int ms, struct peer_write *ret_write);

/* "A pty pair": two devices that are one line; socat is stopped by pty_pair_stop. */
struct pty_pair {
    int pid;
    char a[128], b[128];
};
/* False, with a line printed, when socat is not installed. */
bool pty_pair_start(struct pty_pair *pair, const char *folder);
void pty_pair_stop(struct pty_pair *pair);

#endif
