/*
 * query_pass.h - passes and shifts for people: the operator's pages, the API, the command line.
 */
#ifndef DOXE_SERVER_QUERY_PASS_H
#define DOXE_SERVER_QUERY_PASS_H

#include "proto/io/db.h"
#include "server/core/pass.h"

/* What one pass is at `now`. */
#define PASS_STATES(X)                                     \
    X(VALID, "valid", "covers now")                        \
    X(COMING, "coming", "paid, and begins later")          \
    X(UNPAID, "unpaid", "asked for, not paid yet")         \
    X(SUSPENDED, "suspended", "a person has suspended it") \
    X(EXPIRED, "expired", "its last month has ended")

enum pass_state {
#define X(name, word, sentence) PASS_##name,
    PASS_STATES(X)
#undef X
        PASS_STATE_COUNT
};
const char *pass_state_text(enum pass_state state);

struct pass_row {
    char id[ULID_CAP], lot[MSG_NAME_CAP], name[TARIFF_NAME_CAP], vehicle[16];
    char holder[PASS_HOLDER_CAP];
    char plates[PASS_PLATES_MAX * PLATE_CANONICAL_CAP]; /* "30F12345 30F99999" */
    int64_t quota, inside;                              /* places, and how many are taken now */
    int64_t from_ms, until_ms;                /* of what is paid: first day, end; 0 none */
    int64_t due_vnd;                          /* of the request that waits; 0 none */
    char code[PAYCODE_CAP], token[TOKEN_CAP]; /* of that request; "" none */
    enum pass_state state;
};
struct pass_filter {
    const char *id, *lot;       /* NULL all */
    int64_t expiring_before_ms; /* only those that end between now and then; 0 all */
};
/* Newest last. */
DX_MUST_USE int query_passes(struct db *db, const struct pass_filter *filter, wall_t now,
                             void (*take)(void *context, const struct pass_row *row),
                             void *context);

/* What happened to one pass, in order: periods, plates, suspensions. */
struct pass_note {
    int64_t at_ms, until_ms; /* until 0: open */
    const char *what;        /* "period", "plate", "suspended", "changed" */
    char text[160];
    char by[MSG_NAME_CAP];
};
DX_MUST_USE int query_pass_notes(struct db *db, const char *pass,
                                 void (*take)(void *context, const struct pass_note *note),
                                 void *context);

struct shift_row {
    char id[ULID_CAP], lot[MSG_NAME_CAP], gate[MSG_NAME_CAP], by[MSG_NAME_CAP];
    char previous[ULID_CAP];
    int64_t opened_ms, closed_ms; /* closed 0: open */
    int64_t float_vnd, receipts, taken_vnd, refund_vnd;
    int64_t counted_vnd, expected_vnd, told_vnd; /* of the close */
    int64_t difference_vnd;                      /* of all its findings */
    int64_t handed_in_vnd, drawer_vnd;           /* by the ledger: what is in it now */
    bool inferred;
};
/* The last `limit`, newest first; `id` or `lot` NULL: all. */
DX_MUST_USE int query_shifts(struct db *db, const char *id, const char *lot, int64_t limit,
                             void (*take)(void *context, const struct shift_row *row),
                             void *context);

/* The receipts and findings of one shift, in order. */
struct shift_note {
    int64_t at_ms, amount_vnd;
    char what[24]; /* verdict of cash, reason of a difference, or kind of a move */
    char receipt[MSG_RECEIPT_CAP];
    char session[ULID_CAP];
};
DX_MUST_USE int query_shift_notes(struct db *db, const char *shift,
                                  void (*take)(void *context, const struct shift_note *note),
                                  void *context);

#endif
