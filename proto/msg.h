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
 *   query   gate -> server   on the topic of `up`, but no event: not kept, without a
 *                            number; the lane asks again whether it was paid
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
#include "proto/msg_words.h"
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
    MSG_LANES_MAX = 16,
    MSG_RECEIPT_CAP = 25, /* number of a cash receipt: [A-Z0-9-] */
    MSG_TAG_CAP = 25,     /* 96 bits of EPC as hex digits */
    MSG_DIGEST_CAP = 65,  /* SHA-256 in hex */
    MSG_COUNT_MAX = 100000
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
    char id[ULID_CAP]; /* made once, never changed */
    char gate[MSG_NAME_CAP];
    int64_t generation; /* 1…; grows when a journal starts anew or goes back */
    int64_t seq;        /* 1…, per gate and generation, without gaps */
    int64_t boot;       /* 1…, counts starts of the program */
    mono_t mono;
    wall_t wall; /* when it happened; fees use this */
    enum clock_quality clock;
    bool offline;           /* happened while the line to the server was down */
    int lane;               /* 1..MSG_LANES_MAX; 0: the gate itself */
    char session[ULID_CAP]; /* "" when none is known */
    char cause[ULID_CAP];   /* event, quote or command that led to this one; "" none */
    /* what the types add; unused members are zero */
    struct subject subject;       /* ARRIVED, EXIT_ASKED, HELD, RELEASED */
    enum permit permit;           /* EXIT_PERMITTED */
    enum hold hold;               /* HELD */
    bool inferred;                /* ENTERED, LEFT, BACKED_OUT, BACKED_OFF: not seen, concluded */
    bool raised;                  /* ALARM: true raised, false cleared */
    char code[33];                /* ALARM: "barrier.stuck"; BOOT: program version */
    enum command_outcome outcome; /* COMMAND_DONE; cause is the command's id */
    char text[MSG_TEXT_CAP];      /* reason or detail, for people */
    char by[MSG_NAME_CAP];        /* who, where a person is behind it */
    /* Money.  QUOTED: still due; CASH_TAKEN: taken; SHIFT_CLOSED: what the drawer should hold. */
    int64_t amount_vnd;
    int64_t fee_vnd;               /* QUOTED: fee of [entered, wall) */
    int64_t counted_vnd;           /* SHIFT_OPENED, SHIFT_CLOSED: what is in the drawer */
    char paycode[PAYCODE_CAP];     /* QUOTED */
    char tariff[MSG_DIGEST_CAP];   /* QUOTED: digest of the version it was priced by */
    wall_t entered;                /* QUOTED, ENTRY_DECLARED */
    char receipt[MSG_RECEIPT_CAP]; /* CASH_TAKEN */
    char shift[ULID_CAP];          /* CASH_TAKEN, SHIFT_OPENED, SHIFT_CLOSED */
    enum vehicle vehicle;          /* OCCUPANCY_CORRECTED */
    char tag[MSG_TAG_CAP];    /* ARRIVED, EXIT_ASKED: EPC of an ETC tag seen in the lane; "" none */
    int count_from, count_to; /* OCCUPANCY_CORRECTED: vehicles inside, before and after */
};

/*
 * The lane waits for money and asks whether it has come: beside the server's own
 * repeating, for the case that the server believes it has been heard.  Repeated by a
 * timetable (docs/LANE.md); answered by the quote or the payment of `ask`, said again.
 */
struct query {
    char gate[MSG_NAME_CAP];
    int lane;
    char session[ULID_CAP]; /* "" when the gate does not know it */
    char ask[ULID_CAP];     /* the exit_asked event */
};

/* A quote of the gate itself, and what the lot allows while it is DUE. */
enum quote_local {
    QUOTE_LOCAL_NOT, /* of the server */
    QUOTE_LOCAL_WAIT,
    QUOTE_LOCAL_CONFIRM,
    QUOTE_LOCAL_OPEN
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
    char ask[ULID_CAP]; /* QUOTE, PAID: id of the exit_asked event it answers */
    enum quote_state state;
    enum quote_local local; /* not sent: a quote that the gate made itself */
    int64_t amount_vnd; /* QUOTE DUE: still to pay; PAID: paid in all */
    int64_t fee_vnd;    /* QUOTE: fee of the stay */
    wall_t entered, valid_until;
    char paycode[PAYCODE_CAP];
    char payload[VIETQR_PAYLOAD_CAP];
    char url[MSG_URL_CAP]; /* the driver's page; holds no personal data */
    int line_count;
    struct quote_line line[MSG_LINES_MAX];
    enum command_action action;
    wall_t deadline;               /* COMMAND: not carried out after this */
    char receipt[MSG_RECEIPT_CAP]; /* COMMAND TAKE_CASH, with amount_vnd */
    char shift[ULID_CAP];          /* COMMAND TAKE_CASH */
    struct subject subject;        /* COMMAND SET_SUBJECT; QUOTE: who it is for */
    char text[MSG_TEXT_CAP];
    char by[MSG_NAME_CAP];
};

struct status_lane {
    int lane;
    char direction[8]; /* "entry" | "exit" */
    char state[16];    /* words of gate/core/lane.h */
    char barrier[16];  /* words of gate/core/barrier.h */
    char mode[16];     /* "automatic" "held_open" "held_closed" "closed" "emergency"; "" not told */
};

/* Retained; the last will is the same with online false and no lanes.  No personal data. */
struct status {
    bool online;
    char gate[MSG_NAME_CAP];
    char version[33];
    int64_t generation, seq, boot;
    int64_t config; /* version of the lot's configuration that it goes by; 0: none yet */
    wall_t wall;
    int lane_count;
    struct status_lane lane[MSG_LANES_MAX];
};

/* ---- JSON out (pure); out_failed() tells when it did not fit ---- */
void event_write(struct out *out, const struct event *event);
void down_write(struct out *out, const struct down *down);
void status_write(struct out *out, const struct status *status);
void query_write(struct out *out, const struct query *query);

/* Words of the tables above, for pages and logs. */
const char *event_type_text(enum event_type type);
const char *down_type_text(enum down_type type);
const char *hold_text(enum hold hold);
const char *permit_text(enum permit permit);
const char *quote_state_text(enum quote_state state);
const char *subject_kind_text(enum subject_kind kind);

#endif
