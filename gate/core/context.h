/*
 * context.h - what a lane must still know after the program was killed.
 *
 * Stored with every record of the lane, in the record's own transaction, so that
 * journal and context never disagree; given back by gate_restore_lane before
 * START.  All zero is a lane on which nothing is going on.  docs/LANE.md,
 * clauses R1 to R9, say what is made of it.
 *
 * The stored form is text: lane_context_write and lane_context_parse.  It holds
 * the vehicle's plate, as the journal does, and is protected like it.
 */
#ifndef DOXE_GATE_CONTEXT_H
#define DOXE_GATE_CONTEXT_H

#include "proto/msg.h"

enum { CONTEXT_COMMANDS = 8, CONTEXT_TEXT_CAP = 2048, LANE_TAKEN_VND_MAX = 2000000000 };

/* name, word, sentence */
#define VISIT_KINDS(X)                                                 \
    X(NONE, "none", "no vehicle was identified")                       \
    X(ENTRY, "entry", "arrived is recorded")                           \
    X(EXIT, "exit", "exit_asked is recorded")                          \
    X(HAND, "hand", "opened by hand for a vehicle that nothing names") \
    X(SECOND, "second", "on the way from the first arm of a group to this one")

enum visit_kind {
#define X(name, word, sentence) VISIT_##name,
    VISIT_KINDS(X)
#undef X
        VISIT_KIND_COUNT
};

/* name, code in ALARM events, sentence */
#define LANE_ALARMS(X)                                                                           \
    X(IO_UNREACHABLE, "io.unreachable", "the lane's module or line is silent")                   \
    X(BARRIER_STUCK, "barrier.stuck", "ordered twice, and the arm did not get there")            \
    X(BARRIER_FORCED, "barrier.forced", "the arm left its closed position without our order")    \
    X(BARRIER_BLOCKED, "barrier.blocked", "closing was reversed: something came under the arm")  \
    X(JOURNAL_FAILED, "journal.failed", "records cannot be stored; of the gate itself (lane 0)") \
    X(BARRIER_BUTTON, "barrier.button", "the arm was raised by its own button or key")           \
    X(BARRIER_SLOW, "barrier.slow", "the arm took longer than it should")                        \
    X(BARRIER_FAULT, "barrier.fault", "the barrier itself says that it is out of order")         \
    X(LANE_BLOCKED, "lane.blocked", "something stands under the arm")                            \
    X(LANE_TAILGATING, "lane.tailgating", "a second vehicle passed on one permit")               \
    X(LANE_WRONG_WAY, "lane.wrong_way", "a vehicle came through against the lane's direction")   \
    X(LANE_PASSBACK, "lane.passback", "a vehicle came in that the books believe inside")         \
    X(LANE_INTERLOCK, "lane.interlock", "waits for the other arm of its group")                  \
    X(LANE_FIRE, "lane.fire", "the fire input is on, or the emergency has not been ended")       \
    X(CABINET_OPEN, "cabinet.open", "somebody is at the lane's cabinet")                         \
    X(POWER_FAILED, "power.failed", "the lane runs on its battery")                              \
    X(LIST_BLACK, "list.black", "a vehicle of the lot's black list stands at the entry")

enum lane_alarm {
#define X(name, code, sentence) ALARM_##name,
    LANE_ALARMS(X)
#undef X
        ALARM_COUNT
};

/* name, word in LANE_MODE events and in status, sentence */
#define LANE_MODES(X)                                                  \
    X(AUTOMATIC, "automatic", "as the visit and the loops want it")    \
    X(HELD_OPEN, "held_open", "the arm stays up until told otherwise") \
    X(HELD_CLOSED, "held_closed", "the arm stays down; permitted vehicles wait")

enum lane_mode {
#define X(name, word, sentence) MODE_##name,
    LANE_MODES(X)
#undef X
        LANE_MODE_COUNT
};

struct lane_context {
    bool out_of_service; /* by a close_lane command */
    enum lane_mode mode;
    bool mode_switch; /* held open by the switch in the lane */
    bool emergency;   /* the fire input was on, and nobody has ended it */
    int direction;    /* 1 + enum lane_direction of a reversible lane; 0: as configured */
    int scheduled;    /* 1 + the direction that its schedule said last; 0: never */
    unsigned alarms;  /* bits 1 << enum lane_alarm that the journal holds as raised */
    enum visit_kind kind;
    bool permitted;     /* ARRIVED, EXIT_PERMITTED or HAND_OPENED is recorded: may open */
    enum permit permit; /* when permitted at an exit */
    bool held;          /* HELD is recorded, RELEASED is not */
    enum hold hold;
    int taken_vnd; /* EXIT: paid so far, after cash in part */
    struct subject subject;
    char session[ULID_CAP];
    char ask[ULID_CAP];       /* EXIT: id of the exit_asked event */
    char permit_id[ULID_CAP]; /* id of the record that permits */
    char held_id[ULID_CAP];
    char command[ULID_CAP]; /* OPEN command under way, "" none; its result is owed */
    wall_t command_deadline;
    char commands[CONTEXT_COMMANDS][ULID_CAP]; /* taken lately, newest first: each is done once */
    /*
     * Lanes of a group (I3).  The first arm: ENTERED or LEFT of who passed it last, and its
     * session. The second: the one that it has taken on last, with the first one's record as its
     * permit.
     */
    char group_id[ULID_CAP], group_session[ULID_CAP];
};

const char *visit_kind_text(enum visit_kind kind);
const char *lane_mode_text(enum lane_mode mode);
const char *lane_alarm_code(enum lane_alarm alarm);

void lane_context_write(struct out *out, const struct lane_context *context);
/* DX_E_VERSION, DX_E_FORMAT; unknown keys are ignored. */
DX_MUST_USE int lane_context_parse(struct str text, struct lane_context *ret_context);

#endif
