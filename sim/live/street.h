/*
 * street.h - the world behind real sockets: what `doxe-sim live` runs.
 *
 * One loop thread owns the world and the bank; the Modbus module, the HTTP pool
 * and standard input have threads of their own and only put mail into the
 * loop's box.  The loop turns mail into events of the world and the world's
 * effects into acts: an input, a picture, a code on a scanner, a request.
 *
 * It is a device and a crowd, so it survives everything that it talks to: gate,
 * server and broker may be killed at any moment.  Arms and loops keep their
 * state, a camera sends again while its vehicle stands there, drivers wait, the
 * bank's notices are repeated until they are taken.
 */
#ifndef DOXE_SIM_STREET_H
#define DOXE_SIM_STREET_H

#include "sim/live/options.h"

/* Runs until the end of --for, or a signal.  The exit status of the program. */
int street_run(const struct street_options *options);

#endif
