/*
 * msg.h - every message between a gate and the server.
 *
 * A message is a plain value: no pointers, fixed capacities, so it can be
 * copied, queued, hashed and compared.  Its JSON form is described once, in
 * the field tables of msg_fields.c; writer, reader, JSON Schema and AsyncAPI
 * are all made from those tables, so that they cannot drift apart.
 *
 *   up      gate -> server   events of the gate's journal, in order, each with
 *                            a sequence number; kept until the server's own ack
 *   down    server -> gate   ack, gap, quote, paid, command
 *   status  gate -> all      retained, with last will: is the gate alive
 *
 * Not here: topics (topic.h), what to resend and when (delivery.h), JSON
 * (io/msg_json.h reads; msg_write below writes).  docs/PROTOCOL.md tells the
 * whole conversation.
 *
 * Rules of reading: an unknown field is ignored; an unknown "v" or "type" is
 * DX_E_VERSION and the message goes to quarantine; anything longer than
 * MSG_SIZE_MAX is refused before it is parsed.
 */
#ifndef DOXE_MSG_H
#define DOXE_MSG_H

#include "proto/base/out.h"
#include "proto/base/time.h"
#include "proto/money.h"
#include "proto/paycode.h"
#include "proto/plate.h"
#include "proto/ulid.h"
#include "proto/vehicle.h"
#include "proto/vietqr.h"

enum {
    MSG_VERSION = 1,
    MSG_SIZE_MAX = 16 * 1024, /* bytes of one message's JSON */
    MSG_NAME_CAP = 33,        /* lot, gate: [a-z0-9-]{1,32} and NUL; a certificate's common name */
    MSG_TEXT_CAP = 121,       /* free text in UTF-8: reasons, details */
    MSG_URL_CAP = 201,
    MSG_LINES_MAX = 12, /* receipt lines in a quote */
    MSG_LANES_MAX = 16
};

/* ---- words, each list in one table: enum member, word on the wire, sentence ---- */

#define CLOCK_QUALITIES(X)                                                                         \
    X(UNKNOWN, "unknown", "never set since power-on; wall_ms may be decades off")                  \
    X(DRIFTING, "drifting", "was set, but the time service is not answering now")                  \
    X(SYNCED, "synced", "follows a time service")

#define SUBJECT_KINDS(X)                                                                           \
    X(NONE, "none", "nothing that names the vehicle yet")                                          \
    X(PLATE, "plate", "key is the canonical plate; matched together with the vehicle class")       \
    X(CARD, "card", "key is the keyed pseudonym of a citizen card: no plate, or an unreadable one")

#define SUBJECT_SOURCES(X)                                                                         \
    X(CAMERA, "camera", "a camera or recognition engine")                                          \
    X(SCANNER, "scanner", "a code held to the lane's scanner")                                     \
    X(ATTENDANT, "attendant", "typed by a person")

#define HOLDS(X)                                                                                   \
    X(UNREADABLE, "unreadable", "a vehicle stands on the loop and no plate could be read")         \
    X(AMBIGUOUS, "ambiguous", "the text fits more than one class of plate and nothing decides")    \
    X(NO_ENTRY, "no_entry", "at the exit, and no open session matches")                            \
    X(DUPLICATE, "duplicate", "at the entry, and the same vehicle is inside already")              \
    X(REFUSED, "refused", "the server or a list says no")                                          \
    X(NO_ANSWER, "no_answer", "at the exit, and the server does not answer")

#define PERMITS(X)                                                                                 \
    X(ENTRY, "entry", "a recorded arrival at an entry lane")                                       \
    X(PAID, "paid", "the bank has confirmed what was due")                                         \
    X(FREE, "free", "nothing is due: free minutes, a free day")                                    \
    X(EXEMPT, "exempt", "a pass or an exemption covers the stay")                                  \
    X(MANUAL, "manual", "a person opened, with a reason")                                          \
    X(EMERGENCY, "emergency", "fire input or an order to clear the lot")

#define QUOTE_STATES(X)                                                                            \
    X(DUE, "due", "amount_vnd is to be paid; payload is the VietQR")                               \
    X(PAID, "paid", "paid before; the barrier may open")                                           \
    X(FREE, "free", "nothing is due")                                                              \
    X(EXEMPT, "exempt", "a pass or an exemption covers the stay")                                  \
    X(UNKNOWN, "unknown", "no open session fits this vehicle in this lot")                         \
    X(REVIEW, "review", "a person must decide; the detail says why")

#define COMMAND_ACTIONS(X)                                                                         \
    X(OPEN, "open", "raise the barrier for the vehicle on the loop; reason and person recorded")   \
    X(SET_SUBJECT, "set_subject", "what a person read from the vehicle that the lane holds")       \
    X(CLOSE_LANE, "close_lane", "take the lane out of service, barrier down")                      \
    X(OPEN_LANE, "open_lane", "put the lane back into service")

#define COMMAND_OUTCOMES(X)                                                                        \
    X(DONE, "done", "carried out")                                                                 \
    X(LATE, "late", "past its deadline; not carried out")                                          \
    X(IMPOSSIBLE, "impossible", "the lane's state does not allow it; the detail says which")

/* name, wire word, has session, sentence */
#define EVENT_TYPES(X)                                                                             \
    X(BOOT, "boot", "the program has started; says what its journal holds")                        \
    X(ARRIVED, "arrived", "a vehicle was identified at an entry; recorded before the barrier")     \
    X(ENTERED, "entered", "the loops confirm that it came in: the stay begins")                    \
    X(BACKED_OUT, "backed_out", "it left the entry without passing: it never entered")             \
    X(EXIT_ASKED, "exit_asked", "a vehicle was identified at an exit; the server answers a quote") \
    X(EXIT_PERMITTED, "exit_permitted", "it may leave, and why; recorded before the barrier")      \
    X(LEFT, "left", "the loops confirm that it went out: the stay has ended")                      \
    X(BACKED_OFF, "backed_off", "it backed off the exit: it is still inside")                      \
    X(HELD, "held", "the lane waits for a person, and why")                                        \
    X(RELEASED, "released", "the lane waits no longer: solved, or the vehicle drove away")         \
    X(HAND_OPENED, "hand_opened", "a person opened the barrier, with a reason")                    \
    X(ALARM, "alarm", "something is wrong, or right again")                                        \
    X(COMMAND_DONE, "command_done", "what became of a command")

#define DOWN_TYPES(X)                                                                              \
    X(ACK, "ack", "all events up to seq are committed: the journal's cursor may move")             \
    X(GAP, "gap", "send again from `from`")                                                        \
    X(QUOTE, "quote", "the answer to exit_asked")                                                  \
    X(PAID, "paid", "the bank has confirmed what the lane's session owed")                         \
    X(COMMAND, "command", "do something before a deadline")

enum clock_quality {
#define X(name, word, sentence) CLOCK_##name,
    CLOCK_QUALITIES(X)
#undef X
        CLOCK_COUNT
};
enum subject_kind {
#define X(name, word, sentence) SUBJECT_##name,
    SUBJECT_KINDS(X)
#undef X
        SUBJECT_KIND_COUNT
};
enum subject_source {
#define X(name, word, sentence) SOURCE_##name,
    SUBJECT_SOURCES(X)
#undef X
        SOURCE_COUNT
};
enum hold {
#define X(name, word, sentence) HOLD_##name,
    HOLDS(X)
#undef X
        HOLD_COUNT
};
enum permit {
#define X(name, word, sentence) PERMIT_##name,
    PERMITS(X)
#undef X
        PERMIT_COUNT
};
enum quote_state {
#define X(name, word, sentence) QUOTE_##name,
    QUOTE_STATES(X)
#undef X
        QUOTE_STATE_COUNT
};
enum command_action {
#define X(name, word, sentence) COMMAND_##name,
    COMMAND_ACTIONS(X)
#undef X
        COMMAND_ACTION_COUNT
};
enum command_outcome {
#define X(name, word, sentence) OUTCOME_##name,
    COMMAND_OUTCOMES(X)
#undef X
        OUTCOME_COUNT
};
enum event_type {
#define X(name, word, sentence) EVENT_##name,
    EVENT_TYPES(X)
#undef X
        EVENT_TYPE_COUNT
};
enum down_type {
#define X(name, word, sentence) DOWN_##name,
    DOWN_TYPES(X)
#undef X
        DOWN_TYPE_COUNT
};

/* ---- values ---- */

/*
 * What names a vehicle.  A plate is a credential, not an identity: the key of
 * a session is (lot, kind, key, vehicle class), because car 30F-123.45 and
 * motorbike 30-F1 2345 are the same letters.  raw keeps what the camera or the
 * person really gave; for a card it is empty (nothing of a card is kept but the
 * keyed pseudonym and the last four digits).
 */
struct subject {
    enum subject_kind kind;
    enum subject_source source;
    enum vehicle vehicle;
    char key[41];            /* canonical plate, or 32 hex digits; "" for NONE */
    char raw[PLATE_RAW_CAP]; /* as read, separators and line break kept */
    char last4[5];           /* of a card's number; "" otherwise */
    int confidence;          /* 0..1000; 1000 when a person typed it */
};

/* One event of a gate's journal. */
struct event {
    enum event_type type;
    char id[ULID_CAP];     /* made once, never changed */
    char gate[MSG_NAME_CAP];
    int64_t generation;    /* 1…; grows when a journal starts anew or goes back */
    int64_t seq;           /* 1…, per gate and generation, without gaps */
    int64_t boot;          /* 1…, counts starts of the program */
    mono_t mono;
    wall_t wall;           /* when it happened; fees use this */
    enum clock_quality clock;
    bool offline;          /* happened while the line to the server was down */
    int lane;              /* 1..MSG_LANES_MAX; 0: the gate itself */
    char session[ULID_CAP]; /* "" when none is known */
    char cause[ULID_CAP];   /* event, quote or command that led to this one; "" none */
    /* what the types add; unused members are zero */
    struct subject subject;     /* ARRIVED, EXIT_ASKED, HELD, RELEASED */
    enum permit permit;         /* EXIT_PERMITTED */
    enum hold hold;             /* HELD */
    bool inferred;              /* ENTERED, LEFT, BACKED_OUT, BACKED_OFF: not seen, concluded */
    bool raised;                /* ALARM: true raised, false cleared */
    char code[33];              /* ALARM: "barrier.stuck"; BOOT: program version */
    enum command_outcome outcome; /* COMMAND_DONE; cause is the command's id */
    char text[MSG_TEXT_CAP];    /* reason or detail, for people */
    char by[MSG_NAME_CAP];      /* HAND_OPENED: who */
};

struct quote_line {
    char vi[81], en[81];
    int64_t amount_vnd;
};

/* One message of the server to a gate. */
struct down {
    enum down_type type;
    char id[ULID_CAP];       /* QUOTE, PAID, COMMAND; the same when it is sent again */
    int64_t generation, seq; /* ACK: highest contiguous; GAP: first missing */
    int lane;
    char session[ULID_CAP];
    char ask[ULID_CAP];      /* QUOTE, PAID: id of the exit_asked event it answers */
    enum quote_state state;
    int64_t amount_vnd;      /* QUOTE DUE: still to pay; PAID: paid in all */
    int64_t fee_vnd;         /* QUOTE: fee of the stay */
    wall_t entered, valid_until;
    char paycode[PAYCODE_CAP];
    char payload[VIETQR_PAYLOAD_CAP];
    char url[MSG_URL_CAP];   /* the driver's page; holds no personal data */
    int line_count;
    struct quote_line line[MSG_LINES_MAX];
    enum command_action action;
    wall_t deadline;         /* COMMAND: not carried out after this */
    struct subject subject;  /* COMMAND SET_SUBJECT; QUOTE: who it is for */
    char text[MSG_TEXT_CAP];
    char by[MSG_NAME_CAP];
};

struct status_lane {
    int lane;
    char direction[8];  /* "entry" | "exit" */
    char state[16];     /* words of gate/core/lane.h */
    char barrier[16];   /* words of gate/core/barrier.h */
};

/* Retained; the last will is the same with online false and no lanes.  No personal data. */
struct status {
    bool online;
    char gate[MSG_NAME_CAP];
    char version[33];
    int64_t generation, seq, boot;
    wall_t wall;
    int lane_count;
    struct status_lane lane[MSG_LANES_MAX];
};

/* ---- JSON out (pure); out_failed() tells when it did not fit ---- */
void event_write(struct out *out, const struct event *event);
void down_write(struct out *out, const struct down *down);
void status_write(struct out *out, const struct status *status);

/* Words of the tables above, for pages and logs. */
const char *event_type_text(enum event_type type);
const char *down_type_text(enum down_type type);
const char *hold_text(enum hold hold);
const char *permit_text(enum permit permit);
const char *quote_state_text(enum quote_state state);
const char *subject_kind_text(enum subject_kind kind);

#endif
