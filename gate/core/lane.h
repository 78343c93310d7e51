/*
 * lane.h - what one lane of a gate does next.
 *
 * A lane is a barrier, two loops and the readers on one strip of road.  This
 * module holds its state and decides; it performs nothing.  There is no clock,
 * socket, file, thread or heap in here: what it knows arrives in gate_event,
 * what it wants leaves in lane_effects.
 *
 * A visit is what one vehicle does in the lane, from the first record to the
 * passage or the retreat; the lane's state says where it is in it.  State chart
 * and the clause each transition comes from: docs/LANE.md.
 *
 * Not here: seq and storing (journal.h), sending (proto/delivery.h), prices.
 */
#ifndef DOXE_GATE_LANE_H
#define DOXE_GATE_LANE_H

#include "gate/core/barrier.h"
#include "gate/core/context.h"
#include "gate/core/event.h"
#include "gate/core/pairing.h"

/* name, word in status (at most 15 characters), sentence */
#define LANE_STATES(X)                                                                        \
    X(LEARNING, "learning", "inputs are not known yet: after a start, or the line came back") \
    X(IDLE, "idle", "no vehicle on the arming loop")                                          \
    X(ARMED, "armed", "a vehicle stands there and nothing names it yet")                      \
    X(HELD, "held", "a person is needed; the hold says why")                                  \
    X(ASKING, "asking", "exit: exit_asked is on its way, the server has not answered")        \
    X(QUOTED, "quoted", "exit: the amount is shown, waiting for the bank's word")             \
    X(RECORDING, "recording", "the record that permits is being written; nothing moves yet")  \
    X(OPENING, "opening", "permitted and durable; the arm is ordered up")                     \
    X(OPEN, "open", "the arm is up, waiting for the vehicle")                                 \
    X(PASSING, "passing", "the vehicle is under the arm")                                     \
    X(CLOSING, "closing", "the visit is over; down as soon as nothing is under the arm")      \
    X(FAULT, "fault", "the arm is stuck or the module silent; a person is called")            \
    X(CLOSED, "closed", "out of service by order")

enum lane_state {
#define X(name, word, sentence) LANE_##name,
    LANE_STATES(X)
#undef X
        LANE_STATE_COUNT
};

enum lane_direction { LANE_ENTRY, LANE_EXIT };

/* Times are milliseconds of virtual time; defaults in lane_config_defaults and docs/LANE.md. */
struct lane_config {
    int lane; /* 1..MSG_LANES_MAX */
    enum lane_direction direction;
    unsigned inputs;  /* bits 1 << enum input_role; both loops are needed */
    unsigned outputs; /* bits 1 << enum output_role; open and close are needed */
    bool auto_close;  /* the barrier may come down by its own logic: "down" proves nothing (R4) */
    struct barrier_config barrier;
    struct pairing_config pairing;
    int64_t read_ms;   /* on the loop without a good reading: held */
    int64_t gone_ms;   /* off the arming loop so long, and not under the arm: it went away */
    int64_t clear_ms;  /* the safety loop must be clear so long to count as passed */
    int64_t answer_ms; /* exit_asked without an answer: say so, held */
    int64_t quote_ms;  /* how long an amount holds when the message does not say */
    int64_t open_ms;   /* opened by hand and nobody comes: close */
    int64_t notice_ms; /* how long a moment's notice is shown */
    int64_t learn_ms;  /* inputs unknown so long: the loops alone, or fault */
};

struct lane_quote {
    int64_t amount_vnd, fee_vnd;
    wall_t entered, valid_until;
    char paycode[PAYCODE_CAP];
    char payload[VIETQR_PAYLOAD_CAP];
    char url[MSG_URL_CAP];
};

struct lane_visit {
    enum visit_kind kind;
    struct subject subject;
    char session[ULID_CAP];
    char ask[ULID_CAP];
    char awaited[ULID_CAP];   /* the record that must become durable before the arm moves */
    char permit_id[ULID_CAP]; /* … once it is */
    bool permitted;
    enum permit permit;
    bool held;
    enum hold hold;
    char held_id[ULID_CAP];
    bool has_quote;
    struct lane_quote quote;
    char quote_id[ULID_CAP]; /* the last one, so that a repeat is known */
    mono_t quote_until;
    int64_t paid_vnd;
    bool restarted;  /* came out of a context: asked again once when nobody answers (X6) */
    bool seen_open;  /* the arm was up for this visit */
    bool off_arming; /* it has left the arming loop forwards */
    char command[ULID_CAP];
    wall_t command_deadline;
};

struct lane {
    struct lane_config config;
    enum lane_state state;
    enum level input[INPUT_ROLE_COUNT];
    bool bus_ok;
    bool out_of_service;
    bool journal_ok;
    int unstored;                         /* records of this lane that are not durable yet */
    unsigned alarms_now, alarms_recorded; /* bits of enum lane_alarm; as the journal has them */
    struct barrier barrier;
    struct pairing pairing;
    struct lane_visit visit;
    char commands[CONTEXT_COMMANDS][ULID_CAP];
    mono_t armed;  /* when the arming loop was last taken */
    mono_t since;  /* when the state was entered */
    mono_t look;   /* look at the readings again then */
    mono_t timer;  /* of the state */
    mono_t gone;   /* the vehicle counts as gone then */
    mono_t clear;  /* the passage counts then */
    mono_t notice; /* the moment's notice ends then */
    mono_t query;  /* ask then whether it was paid (X11) */
    mono_t quoted; /* since when the amount is shown */
    enum display_kind notice_kind;
    bool display_changed, status_changed, light;
};

enum { LANE_EFFECTS_MAX = 24 };

/* RECORD: the event lacks only what the gate adds (gate, numbers, times). */
struct lane_effect {
    enum gate_effect_type type; /* RECORD, OUTPUT, QUERY or LOG */
    union {
        struct gate_record record;
        struct query query; /* without the gate's name */
        struct {
            enum output_role role;
            enum output_act act;
        } output;
        struct gate_log log;
    };
};
struct lane_effects {
    int count;
    struct lane_effect effect[LANE_EFFECTS_MAX];
};

/* What the gate knows and a lane may look at. */
struct lane_view {
    bool journal_ok;    /* storing works */
    const char *stored; /* STORED: id of the lane's record that became durable */
    const struct inside *inside;
};

void lane_config_defaults(struct lane_config *config);
/* 0, or DX_E_CONFIG and a static sentence. */
DX_MUST_USE int lane_config_check(const struct lane_config *config, const char **ret_why);

void lane_init(struct lane *lane, const struct lane_config *config);
void lane_restore(struct lane *lane, const struct lane_context *context);
/*
 * Feed one event; `effects` is overwritten, in the order in which things must
 * happen.  Total: an event that means nothing now leaves the state alone.  At
 * most LANE_EFFECTS_MAX effects and GATE_IDS_MAX ids.
 */
void lane_step(struct lane *lane, const struct gate_event *event, const struct lane_view *view,
               struct lane_effects *effects);
mono_t lane_deadline(const struct lane *lane);
void lane_get_context(const struct lane *lane, struct lane_context *ret_context);
void lane_get_display(const struct lane *lane, struct lane_display *ret_display);
const char *lane_state_text(enum lane_state state);
const char *lane_direction_text(enum lane_direction direction); /* "entry" "exit" */

/* For tests and documents: NULL, or the clause of docs/LANE.md that allows the change. */
const char *lane_transition_clause(enum lane_state from, enum lane_state to);

#endif
