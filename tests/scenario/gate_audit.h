/*
 * gate_audit.h - what must hold of a gate whatever happens, checked from outside.
 *
 * Shares no code with the gate: it looks at the events that went in and the
 * effects that came out.  Used by the scenario runner and by the fuzz target.
 */
#ifndef DOXE_TESTS_GATE_AUDIT_H
#define DOXE_TESTS_GATE_AUDIT_H

#include "gate/core/gate.h"

enum { AUDIT_RECORDS = 1 << 14 };

struct audit_lane {
    bool reversed; /* it was closing, and something came under it: up without a permit */
    enum level input[INPUT_ROLE_COUNT];
    bool may_open; /* a permit is durable and its visit has not ended */
    bool by_hand;  /* … for nobody: ends when the arm is ordered down */
    bool closing;  /* the last order of the arm was to close */
    bool on[OUTPUT_ROLE_COUNT];
    char ask[ULID_CAP];     /* last exit_asked */
    char session[ULID_CAP]; /* … and its session */
    bool told;              /* the server said that this ask may go */
    bool cash;              /* cash was recorded for it */
    bool emergency;         /* the fire input was on, or so the journal says; nobody has ended it */
    int64_t burnt;          /* last record when the fire input was on: older ones end nothing */
    bool held_open;         /* so the journal says */
    bool rising;            /* the last order of the arm was to open */
    bool fire_now;          /* this very event switched the fire input on */
    bool must_rise;         /* it burns somewhere: up before time goes on */
};

struct audit_record {
    struct event event;
    bool durable;
};

struct audit {
    struct audit_lane lane[MSG_LANES_MAX + 1];
    int64_t last; /* highest seq seen */
    int64_t durable;
    struct audit_record *record; /* [seq] */
    unsigned lanes_photocell;    /* bits: lanes with a photocell */
    unsigned lanes_fire;         /* … with a fire input */
    unsigned lanes_alone;        /* … that only their own fire input concerns */
    unsigned lanes_all;          /* … that there are */
    int64_t fire_at;             /* mono of the last fire; its lanes must be up when time goes on */
    bool late;                   /* … and one was not */
    int second_of[MSG_LANES_MAX + 1];   /* the lane that is the first arm of its group; 0 none */
    int64_t let_on[MSG_LANES_MAX + 1];  /* of a second arm: record of who passed the first one */
    int64_t went_on[MSG_LANES_MAX + 1]; /* … and of the one for whom it rose and came down again */
};

void audit_init(struct audit *audit);
void audit_fini(struct audit *audit);
/* Before a step. */
void audit_event(struct audit *audit, const struct gate_event *event);
/* After it: NULL, or the sentence that was broken. */
const char *audit_effects(struct audit *audit, const struct gate_effects *effects);
/* Killed: what was not durable never was.  Permits that were are still good. */
void audit_restart(struct audit *audit);

#endif
