/*
 * gate.h - the core of doxe-gate: lanes, the order of the journal, the line to the server.
 *
 * This is the object that the shell steps.  It decides and performs nothing: no
 * clock, file, socket, thread or heap.  What it knows arrives in gate_event,
 * what it wants leaves in gate_effects (event.h).  The same object code runs in
 * the daemon, in the tests and in the simulator.
 *
 * What the shell does:
 *
 *     gate_init, gate_restore_lane (0 and each lane stored), gate_restore_inside
 *     (oldest first), then the event START; then INPUT for every input as the
 *     buses report it, BUS false for a lane whose bus does not answer.
 *     Loop: wait until gate_deadline() or something happens, make one event,
 *     gate_step, perform the effects in order, post each outcome as an event.
 *
 * The order rule.  A RECORD becomes STORED before anything that it justifies is
 * wanted: the core waits in a state of its own.  So the shell may perform the
 * effects of one step one after another, or hand records to a writer thread; it
 * must only keep their order, and after a failure fail all that follow (or not
 * try them): the core gives them again, first to last, on a timetable.  Records
 * have seq without gaps.
 *
 * Not here: prices (proto/tariff, the server), JSON, how a coil is written, who
 * may see a plate.  Which state does what, with clause numbers: docs/LANE.md.
 */
#ifndef DOXE_GATE_GATE_H
#define DOXE_GATE_GATE_H

#include "gate/core/event.h"
#include "gate/core/journal.h"
#include "gate/core/lane.h"
#include "gate/core/offline.h"
#include "proto/delivery.h"

/* With a backlog on its way the gate answers an exit itself after so long. */
enum { GATE_BACKLOG_WAIT_MS = 1500 };

struct gate_config {
    char gate[MSG_NAME_CAP];
    char version[33];
    int pace;                               /* events a second while catching up; 0: no limit */
    int lane_count;                         /* 1..MSG_LANES_MAX */
    struct lane_config lane[MSG_LANES_MAX]; /* lane[i].lane is 1..MSG_LANES_MAX, each once */
};

/* A lane's exit as the gate has priced it itself. */
struct gate_local {
    char ask[ULID_CAP]; /* the exit_asked record it is for */
    bool durable, given;
    struct down down; /* its id is that of the QUOTED record; "" it could not be priced */
};

/* About 700 KB: static or from the heap, not on a thread's stack. */
struct gate {
    struct gate_config config;
    bool started;
    bool connected;
    int64_t generation, boot;
    struct journal journal;
    struct delivery_out delivery;
    struct lane_context own; /* lane 0: alarms and commands of the gate itself */
    int own_unstored;
    unsigned poke;     /* bits by index: lanes to be told that storing works, or not */
    unsigned fire_due; /* … that it burns at another one (M8) */
    mono_t now;        /* of the last event */
    bool status_changed;
    const struct lot *lot; /* borrowed; NULL: nothing came from the server yet */
    struct gate_local local[MSG_LANES_MAX];
    int64_t ask_seq[MSG_LANES_MAX]; /* number of the last exit_asked of this run; 0: none */
    bool clock_unknown;             /* something of this boot was recorded with an unset clock */
    bool behind;               /* the server has more of this journal than we: it is an old copy */
    int64_t behind_generation; /* the server's; the new one must be higher */
    struct lane lane[MSG_LANES_MAX]; /* in the order of the configuration */
    struct inside inside;
    struct health health;
};

/* 0, or DX_E_CONFIG and a static sentence; *ret_lane is the lane it is about (0: the gate). */
DX_MUST_USE int gate_config_check(const struct gate_config *config, const char **ret_why,
                                  int *ret_lane);

/* `config` must have passed gate_config_check. */
void gate_init(struct gate *gate, const struct gate_config *config);
/* A lane that is not configured any more is ignored. */
void gate_restore_lane(struct gate *gate, int lane, const struct lane_context *context);
void gate_restore_inside(struct gate *gate, const struct inside_entry *entry);
/* A device's alarm that the journal holds as raised (health.h). */
void gate_restore_alarm(struct gate *gate, int lane, const char *code);

/*
 * What the server last told about the lot (NULL: nothing); borrowed until the next call.
 * Between two steps, at any time.
 */
void gate_use_lot(struct gate *gate, const struct lot *lot);

/*
 * Feed one event and collect what must be done about it.
 *
 * event->now never runs backwards (an equal time is fine).  Total: every event
 * is legal at every time; one that means nothing now, or has members outside
 * their range, changes nothing and leaves a LOG.  `effects` is overwritten; its
 * order is part of the result.  At most GATE_EFFECTS_MAX are written: an event
 * steps one lane (TIMEOUT the one that is due first), and START all of them.
 */
void gate_step(struct gate *gate, const struct gate_event *event, struct gate_effects *effects);

/* When to come with TIMEOUT if nothing else happens first; may be now or earlier. */
mono_t gate_deadline(const struct gate *gate);

/* For the STATUS effect. */
void gate_status(const struct gate *gate, wall_t now, struct status *ret_status);
/* What the lane shows now (a page that was opened in between); DX_E_NOT_FOUND: no such lane. */
DX_MUST_USE int gate_display(const struct gate *gate, int lane, struct lane_display *ret_display);

#endif
