/*
 * gates.h - `doxe-sim live --gates N`: N gates towards a real server, over the real broker.
 *
 * Each is a client of its own with its own certificate, as it was enrolled, and keeps the rules of
 * docs/PROTOCOL.md: one number after the other, everything again after a reconnect or when the
 * server asks for a gap, nothing forgotten before the application's own acknowledgement.  There is
 * no journal on a disk and no lane: what is measured is the server and the line to it.
 *
 * A visit: arrived, entered (an hour and a half ago, so that there is a fee), exit asked; and when
 * the server's quote has come: cash taken in the gate's shift, exit permitted, left.  Six
 * events, one quote.  Measured: from the publishing of an event to the acknowledgement that names
 * it (the server has it durably); from exit asked to its quote.
 */
#ifndef DOXE_SIM_GATES_H
#define DOXE_SIM_GATES_H

#include "proto/msg.h"
#include "sim/live/latency.h"

enum { GATES_MAX = 1000, GATES_URL_CAP = 200, GATES_PATH_CAP = 400 };

struct gates_options {
    int count;
    int rate;  /* visits in a second, of all gates together */
    int for_s; /* so long; then the last acknowledgements are waited for */
    bool json, verbose;
    char broker[GATES_URL_CAP], ca[GATES_PATH_CAP],
        keys[GATES_PATH_CAP];                         /* keys: GATE.crt, GATE.key */
    char (*lot)[MSG_NAME_CAP], (*gate)[MSG_NAME_CAP]; /* `count` of each */
};

struct gates_report {
    int64_t visits, events, acknowledged, unacknowledged;
    int64_t quotes, repeated; /* events sent again */
    int64_t held_back;        /* visits not begun: all lanes stood full */
    int64_t reconnects, spent_ms;
    struct latency acknowledgement, quote;
};

/* DX_E_CONFIG, DX_E_LINK: not all gates were connected within 20 s; a sentence was printed. */
DX_MUST_USE int gates_play(const struct gates_options *options, struct gates_report *ret_report);

/* The command line behind `live`, when it names --gates; the exit status. */
bool gates_are_meant(int argc, char **argv);
int gates_cli(int argc, char **argv);

#endif
