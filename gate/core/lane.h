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

#include "gate/core/context.h"
#include "gate/core/event.h"
#include "gate/core/lane_config.h"
#include "proto/lot.h"

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
    X(CLOSED, "closed", "out of service by order")                                            \
    X(BARRED, "barred", "permitted, but held closed or the other arm of the group is up")     \
    X(RAISED, "raised", "the arm stays up: emergency, or held open; passages are counted")

enum lane_state {
#define X(name, word, sentence) LANE_##name,
    LANE_STATES(X)
#undef X
        LANE_STATE_COUNT
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
    int taken_vnd;   /* paid for the stay as known here after cash in part, U7; at most 2e9 */
    bool restarted;  /* came out of a context: asked again once when nobody answers (X6) */
    bool seen_open;  /* the arm was up for this visit */
    bool under;      /* RAISED: it is under the arm, or was */
    bool off_arming; /* it has left the arming loop forwards */
    enum {
        FOLLOWER_NONE,
        FOLLOWER_WAITS,
        FOLLOWER_UNDER,
        FOLLOWER_MAYBE,
        FOLLOWER_PASSES
    } follower;
    char command[ULID_CAP];
    wall_t command_deadline;
};

/* V6 to V9: something under the arm that no visit accounts for. */
struct lane_stray {
    bool under;
    bool backwards; /* it did not come from the arming loop */
    bool off;       /* it has left the arming loop forwards */
    bool reached;   /* … or reached it from the other side */
    bool same;      /* still the vehicle that has just passed: a trailer */
    bool closing;   /* it came while the arm should come down behind another */
    mono_t clear;   /* counts as through then */
};

/* A change of mode or direction that is being written. */
struct lane_order {
    char id[ULID_CAP]; /* of the LANE_MODE record, "" none */
    char command[ULID_CAP];
    wall_t deadline;
    bool is_direction;
};

/* V10: what the arm's leaving its place was. */
enum lane_force { FORCE_NONE, FORCE_FORCED, FORCE_BUTTON, FORCE_ALLOWED };

/* The vehicle that passed last: for late readings of it, for who follows, and for the second arm.
 */
struct lane_last {
    char id[ULID_CAP]; /* of its ENTERED or LEFT */
    char session[ULID_CAP];
    bool entry;
    struct subject subject;
    mono_t at;
};

/* Of a second arm: what the store was told last of the vehicle that it has taken on. */
struct lane_kept {
    char second_of[ULID_CAP];
    bool under_way;
};

struct lane {
    struct lane_config config;
    enum lane_state state;
    enum level input[INPUT_ROLE_COUNT];
    bool bus_ok;
    bool out_of_service;
    enum lane_mode mode, mode_next; /* in force; as last recorded */
    bool mode_switch;               /* … by the hold switch */
    enum level fire;                /* of its own input and the gate's other lanes together */
    bool emergency, emergency_next;
    bool emergency_recorded;
    enum lane_direction direction, direction_next;
    int scheduled; /* 1 + direction that the schedule said last; 0: never */
    struct lane_order order;
    bool journal_ok;
    int unstored;                         /* records of this lane that are not durable yet */
    unsigned alarms_now, alarms_recorded; /* bits of enum lane_alarm; as the journal has them */
    struct barrier barrier;
    struct pairing pairing;
    struct lane_visit visit;
    char commands[CONTEXT_COMMANDS][ULID_CAP];
    struct lane_stray stray;
    struct lane_last last;
    char second_of[ULID_CAP]; /* `last.id` of the other arm's vehicle that this arm has taken on */
    struct lane_kept kept;
    bool fresh; /* a vehicle took the arming loop and has not gone under the arm yet */
    bool away;  /* the one on the arming loop came from the other side (V8) */
    int missed; /* passages that could not be recorded, for want of room (J4) */
    enum lane_force force;
    mono_t forced, pushed, settled; /* arm left its place; own button seen; last transaction */
    struct subject forgiven;        /* may come in once although it is inside (A4) */
    unsigned lit, lit_known;        /* bits of enum output_role, as ordered last */
    mono_t freed;                   /* the arming loop was left then */
    mono_t blocked;                 /* something is under the arm too long then */
    mono_t calm;                    /* the emergency ends by itself then */
    mono_t hush;                    /* alarms about single passages end then */
    mono_t poke;                    /* look again then: modes, schedule */
    mono_t armed;                   /* when the arming loop was last taken */
    mono_t since;                   /* when the state was entered */
    mono_t look;                    /* look at the readings again then */
    mono_t timer;                   /* of the state */
    mono_t gone;                    /* the vehicle counts as gone then */
    mono_t clear;                   /* the passage counts then */
    mono_t notice;                  /* the moment's notice ends then */
    mono_t query;                   /* ask then whether it was paid (X11) */
    mono_t quoted;                  /* since when the amount is shown */
    enum display_kind notice_kind;
    bool display_changed, status_changed;
};

enum { LANE_EFFECTS_MAX = 40 };

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

/* The other lane of the group, as this one may know it. */
struct lane_partner {
    bool is_down;  /* a switch says so */
    bool is_clear; /* nothing on its presence input, and that is known */
    const struct lane_last *last;
};

/* What the gate knows and a lane may look at. */
struct lane_view {
    bool journal_ok;    /* storing works */
    const char *stored; /* STORED: id of the lane's record that became durable */
    const struct inside *inside;
    const struct lane_partner *partner; /* NULL: no group */
    enum level fire; /* of the gate's other lanes: on if one is, off if all that have one are off */
    const struct lot *lot; /* lists; NULL: none came yet */
    bool lot_is_current;   /* the line is there, and nothing waits to be told: A6 */
};

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
void lane_get_partner(const struct lane *lane, struct lane_partner *ret_partner);
/* "automatic" "held_open" "held_closed" "closed" "emergency": what status says. */
const char *lane_mode_word(const struct lane *lane);
const char *lane_state_text(enum lane_state state);
const char *lane_direction_text(enum lane_direction direction); /* "entry" "exit" */

/* For tests and documents: NULL, or the clause of docs/LANE.md that allows the change. */
const char *lane_transition_clause(enum lane_state from, enum lane_state to);

#endif
