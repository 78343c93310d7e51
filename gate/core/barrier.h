/*
 * barrier.h - one arm: its motor's orders and its limit switches.
 *
 * A nested machine of the lane.  It is told to open or close and what the
 * switches and the safety loop say; it answers with outputs and a position that
 * it can vouch for.  A position without a switch that confirms it is concluded
 * after the travel time and marked as inferred.
 *
 * The rules it keeps by itself, whatever the lane orders (docs/LANE.md, B1 to B12):
 *     it closes only while the safety loop is clear, and known to be;
 *     open and close are never on together: the other is switched off first;
 *     something under the arm while it closes: open at once;
 *     an order that is not confirmed in time is given once more, then it is STUCK.
 */
#ifndef DOXE_GATE_BARRIER_H
#define DOXE_GATE_BARRIER_H

#include "gate/core/role.h"
#include "proto/base/time.h"

/* name, word in status, sentence */
#define BARRIER_STATES(X)                                                            \
    X(UNKNOWN, "unknown", "no switch says where the arm is, and nothing is ordered") \
    X(CLOSED, "closed", "down")                                                      \
    X(OPENING, "opening", "ordered up, not confirmed yet")                           \
    X(OPEN, "open", "up")                                                            \
    X(CLOSING, "closing", "ordered down, not confirmed yet")                         \
    X(STUCK, "stuck", "ordered twice and did not get there, or switches disagree")   \
    X(FORCED, "forced", "left the closed position without our order")

enum barrier_state {
#define X(name, word, sentence) BARRIER_##name,
    BARRIER_STATES(X)
#undef X
        BARRIER_STATE_COUNT
};

/* name, word, sentence */
#define BARRIER_EVENTS(X)                                                    \
    X(ORDER_OPEN, "order_open", "the lane wants it up")                      \
    X(ORDER_CLOSE, "order_close", "the lane wants it down")                  \
    X(INPUTS, "inputs", "a switch or the safety loop changed")               \
    X(COIL_FAILED, "coil_failed", "an order could not be written")           \
    X(LOST, "lost", "the module does not answer: nothing is known any more") \
    X(TIMEOUT, "timeout", "barrier_deadline has come")

enum barrier_event {
#define X(name, word, sentence) BARRIER_EV_##name,
    BARRIER_EVENTS(X)
#undef X
        BARRIER_EV_COUNT
};

struct barrier_config {
    bool has_opened, has_closed; /* limit switches */
    bool has_stop;               /* a stop output */
    bool hold;                   /* outputs stay on until the arm is there; else they are pulses */
    int64_t travel_ms;           /* longest time from one end to the other */
    int64_t coil_retry_ms;       /* an order that could not be written is given again after this */
    int64_t slow_ms;             /* confirmed later than this: slow; 0: never */
};

/* What the lane knows, levels as they are now. */
struct barrier_inputs {
    enum level opened, closed; /* not looked at when there is no such switch */
    enum level safety;         /* ON: something is under the arm */
};

struct barrier {
    struct barrier_config config;
    enum barrier_state state;
    bool inferred;     /* the position was concluded, no switch said it */
    bool wants_open;   /* the last order */
    int attempts;      /* of the present order */
    bool write_failed; /* the last one was not written */
    bool slow;         /* the last move that was confirmed took longer than slow_ms */
    mono_t ordered;    /* when the present order was given first */
    mono_t timer;
};

enum { BARRIER_OUTPUTS_MAX = 4 };
struct barrier_output {
    enum output_role role;
    enum output_act act;
};
struct barrier_effects {
    int count;
    struct barrier_output output[BARRIER_OUTPUTS_MAX];
    bool reversed; /* it was closing and had to open again */
};

void barrier_init(struct barrier *barrier, const struct barrier_config *config);
/* Total; `effects` is overwritten. */
void barrier_step(struct barrier *barrier, enum barrier_event event,
                  const struct barrier_inputs *inputs, mono_t now, struct barrier_effects *effects);
mono_t barrier_deadline(const struct barrier *barrier);
const char *barrier_state_text(enum barrier_state state);

/* For tests and documents: is the pair in the table of legal transitions?  NULL, or its clause. */
const char *barrier_transition_clause(enum barrier_state from, enum barrier_state to);

#endif
