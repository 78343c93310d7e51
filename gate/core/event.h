/*
 * event.h - what a gate's core is told, and what it wants done.
 *
 * Both are plain values without pointers: they can be copied, queued, printed
 * and compared.  One `now` per event, read by the shell when the event reaches
 * the loop.  `random` is fresh for each event (ids are made of it); a step takes
 * at most GATE_IDS_MAX ids.
 */
#ifndef DOXE_GATE_EVENT_H
#define DOXE_GATE_EVENT_H

#include "gate/core/context.h"
#include "gate/core/display.h"
#include "gate/core/health.h"
#include "gate/core/inside.h"
#include "gate/core/role.h"

enum {
    GATE_IDS_MAX = 16,
    GATE_RANDOM_SIZE = GATE_IDS_MAX * ULID_RANDOM_SIZE,
    GATE_EFFECTS_MAX = 64,
    LANE_RECORDS_MAX = 32, /* of one lane, not yet durable: docs/LANE.md, J3 */
    CAMERA_EVENT_CAP = 65,
    GATE_LOG_TEXT_CAP = 65
};

/* name, word in traces, sentence; the members used are named like the type */
#define GATE_EVENTS(X)                                                                      \
    X(START, "start", "after gate_init and gate_restore_…, once, before anything else")     \
    X(INPUT, "input", "an input of a lane has this level now")                              \
    X(BUS, "bus", "the lane's devices answer, or do not; INPUTs follow when they do again") \
    X(PLATE, "plate", "a camera read a plate, or says that it could not")                   \
    X(CARD, "card", "a citizen card, or a card of the lot, was held to the lane's scanner") \
    X(SCAN_OTHER, "scan_other", "something was scanned that is no identity code")           \
    X(STORED, "stored", "the record with this seq is durable; one event per record")        \
    X(STORE_FAILED, "store_failed", "it is not, nor is any record with a higher seq")       \
    X(COIL, "coil", "an OUTPUT was written, or could not be")                               \
    X(LINK, "link", "the line to the broker is up or down")                                 \
    X(DOWN, "down", "a message of the server")                                              \
    X(DESK, "desk", "an attendant's record, half filled: completed and stored")             \
    X(DEVICE, "device", "something is wrong with a device, or not any more")                \
    X(TIMEOUT, "timeout", "gate_deadline has come")

enum gate_event_type {
#define X(name, word, sentence) GATE_EV_##name,
    GATE_EVENTS(X)
#undef X
        GATE_EV_COUNT
};

/* One reading of a plate.  The text is judged by proto/plate.h in the core. */
struct gate_plate {
    char raw[PLATE_RAW_CAP];             /* "", "unknown": a vehicle without a readable plate */
    struct plate_hint hint;              /* zero: the camera does not say */
    int confidence;                      /* 0..1000; 0 also when it was not told */
    char camera_event[CAMERA_EVENT_CAP]; /* the camera's name of the event; "" none */
};

/* What was wrong with the journal when it was opened. */
enum gate_trouble {
    GATE_TROUBLE_NONE,
    GATE_TROUBLE_DAMAGED, /* the file was damaged: put aside, and what could be read kept */
    GATE_TROUBLE_BEHIND   /* an old copy: the server had more of it */
};

struct gate_event {
    enum gate_event_type type;
    int lane; /* 1..MSG_LANES_MAX for INPUT BUS PLATE CARD SCAN_OTHER COIL; else not looked at */
    mono_t now;
    wall_t wall;
    enum clock_quality clock;
    uint8_t random[GATE_RANDOM_SIZE];
    union {
        struct {
            int64_t generation, last_seq, acked_seq,
                boot; /* of the journal; boot counts this start */
            enum gate_trouble trouble;
            int kept;
        } start;
        struct {
            enum input_role role;
            enum level level;
        } input;
        struct {
            bool reachable;
        } bus;
        struct gate_plate plate;
        struct {
            enum subject_kind kind; /* CARD, TICKET; NONE counts as CARD */
            char key[41];           /* keyed pseudonym, 32 hex digits; TICKET: the code on it */
            char last4[5];          /* "" for a TICKET */
        } card;
        struct {
            int64_t seq;
        } stored; /* STORED, STORE_FAILED */
        struct {
            enum output_role role;
            bool ok;
        } coil;
        struct {
            bool connected;
        } link;
        struct down down;
        /*
         * DESK: type, lane (0: the gate itself) and what the type adds; `by` is needed.  The core
         * gives id, gate, numbers and times.  SHIFT_OPENED SHIFT_CLOSED OCCUPANCY_CORRECTED
         * ALARM_ACKED DESK_ACTION ENTRY_DECLARED AMENDED; others are out of range.
         */
        struct event desk;
        struct health_word device;
    };
};

/* name, word in traces, sentence */
#define GATE_EFFECTS(X)                                                                        \
    X(RECORD, "record", "store in one transaction: event, lane's context, change of `inside`") \
    X(KEEP, "keep", "store the lane's context by itself, before the outputs of this step")     \
    X(OUTPUT, "output", "write an output; answered by COIL")                                   \
    X(DISPLAY, "display", "the lane shows this from now on")                                   \
    X(SEND, "send", "publish the journal's rows with these numbers, in order")                 \
    X(STATUS, "status", "publish gate_status() as the retained status")                        \
    X(QUERY, "query", "ask the server whether this was paid; not kept, and lost is no harm")   \
    X(LOG, "log", "a fact for the log")

enum gate_effect_type {
#define X(name, word, sentence) GATE_EFF_##name,
    GATE_EFFECTS(X)
#undef X
        GATE_EFF_COUNT
};

/*
 * What must become durable together.  A record that failed comes again, the
 * same in every byte; storing a seq that is there already is success.
 */
struct gate_record {
    struct event event;          /* complete; event.lane names the context's lane, 0 the gate */
    struct lane_context context; /* of that lane, as of this record */
    enum inside_change change;
    struct inside_entry inside; /* when change is not NONE */
};

/* name, event name in the log, sentence */
#define GATE_LOGS(X)                                                                         \
    X(LANE_STATE, "lane.state", "a: from, b: to")                                            \
    X(BARRIER_STATE, "barrier.state", "a: from, b: to; n: 1 when inferred without a switch") \
    X(READ_IGNORED, "read.ignored", "a: why")                                                \
    X(DOWN_IGNORED, "down.ignored", "a: type, b: why")                                       \
    X(COMMAND, "command", "a: action, b: outcome")                                           \
    X(EVENT_IGNORED, "event.ignored", "a: type; it means nothing now")                       \
    X(STORE_FAILED, "store.failed", "n: seq; comes again by itself")                         \
    X(STORE_WORKS, "store.works", "n: seq")                                                  \
    X(COIL_FAILED, "coil.failed", "a: role")                                                 \
    X(UNEXPECTED_PASSAGE, "passage.unexpected", "a: state; a vehicle is under the arm")      \
    X(NOT_PRICED, "exit.not_priced", "n: lane; a: why the gate could not price it itself")   \
    X(JOURNAL_BEHIND, "journal.behind", "n: the server has this journal up to there")        \
    X(INSIDE_REPLACED, "inside.replaced", "a: session that gave way, b: the new one")

enum gate_log_name {
#define X(name, word, sentence) GATE_LOG_##name,
    GATE_LOGS(X)
#undef X
        GATE_LOG_COUNT
};

/* No plate and nothing of a card is ever in here. */
struct gate_log {
    enum gate_log_name name;
    char a[GATE_LOG_TEXT_CAP];
    char b[GATE_LOG_TEXT_CAP];
    int64_t n;
};

struct gate_effect {
    enum gate_effect_type type;
    int lane; /* RECORD KEEP OUTPUT DISPLAY QUERY LOG; 0: the gate itself */
    union {
        struct gate_record record;
        struct lane_context keep; /* not answered; what is not kept is known until a restart only */
        struct {
            enum output_role role;
            enum output_act act;
        } output;
        struct lane_display display;
        struct {
            int64_t from, to;
        } send;
        struct query query; /* complete */
        struct gate_log log;
    };
};

struct gate_effects {
    int count;
    struct gate_effect effect[GATE_EFFECTS_MAX];
};

const char *gate_event_text(enum gate_event_type type);
const char *gate_effect_text(enum gate_effect_type type);
const char *gate_log_text(enum gate_log_name name);

#endif
