/*
 * cash.h - cash that an attendant took, and the drawer it lies in.
 *
 * Cash is a method of payment like a transfer: cash_decide() asks payment_decide()
 * what the money pays, so the same rows hold (exact, under, over, paid already, left
 * unpaid), and books it into the drawer of the shift instead of a bank account.
 *
 * A shift is one attendant at one drawer.  Its account is cash:<lot>:<shift>.  The
 * close compares what was counted with the ledger; the difference is a transaction
 * and a row of its own.  Cash that is told after the close is booked all the same,
 * and makes another difference: the drawer had been counted with it inside.
 *
 * docs/LEDGER.md has the transactions.  Pure.  Not here: what stays owe (payment.h).
 */
#ifndef DOXE_SERVER_CASH_H
#define DOXE_SERVER_CASH_H

#include "server/core/payment.h"

/* Whose money it is. */
struct cash_place {
    const char *lot, *operator_id;
};

/* ---- cash for a stay ---- */

struct cash_view {
    struct cash_place place;
    struct payment_view stay; /* found, session, terms; the rest is filled by cash_decide */
    bool shift_known, shift_closed;
    bool receipt_used;                  /* this gate gave it before */
    char last_receipt[MSG_RECEIPT_CAP]; /* this gate's last one; "" none */
};

enum { CASH_REVIEWS_MAX = PAYMENT_REVIEWS_MAX + 2 };

struct cash_decision {
    struct payment_decision pay; /* its tx and reviews are replaced by those below */
    struct ledger_tx tx;
    struct ledger_tx late; /* told after the close; empty else */
    int64_t late_vnd;      /* the difference that goes with it */
    int review_count;
    struct review review[CASH_REVIEWS_MAX];
};

/* `event` is CASH_TAKEN with an amount above 0, taken at `at`. */
void cash_decide(const struct cash_view *view, const struct event *event, wall_t at,
                 struct cash_decision *decision);

/*
 * Receipts of a gate are numbered: letters, then digits that go up by one.  NULL when
 * `receipt` follows `last`; else a sentence in `space`.  Another book of receipts
 * (other letters) begins anew.
 */
const char *cash_receipt_gap(const char *last, const char *receipt, char *space, size_t cap);

/* ---- shifts ---- */

struct shift_opening {
    int64_t taken_over_vnd; /* of the float, out of the previous drawer */
    int64_t difference_vnd; /* more in the drawer than the previous shift left there */
    struct ledger_tx tx;    /* empty when the drawer is */
};
/*
 * SHIFT_OPENED at `at`.  `previous_vnd` is what the ledger has in the drawer of the shift
 * that event->cause names; below 0: there is no such shift, and the float is from the safe.
 */
void shift_open(const struct cash_place *place, const struct event *event, int64_t previous_vnd,
                wall_t at, struct shift_opening *ret_opening);

struct shift_closing {
    int64_t difference_vnd; /* counted less expected */
    struct ledger_tx tx;    /* empty when there is none */
};
/* SHIFT_CLOSED; `expected_vnd` is what the ledger has in its drawer. */
void shift_close(const struct cash_place *place, const struct event *event, int64_t expected_vnd,
                 wall_t at, struct shift_closing *ret_closing);

/* ---- out of the drawer ---- */

#define CASH_MOVES(X)                                                      \
    X(HANDED_IN, "handed_in", "out of a drawer, into the operator's safe") \
    X(BANKED, "banked", "out of the safe, on its way to the operator's bank")

enum cash_move {
#define X(name, word, sentence) CASH_##name,
    CASH_MOVES(X)
#undef X
        CASH_MOVE_COUNT
};
const char *cash_move_text(enum cash_move move);

/* `id` names it; `shift` is "" for BANKED. */
void cash_move(const struct cash_place *place, enum cash_move move, const char *id,
               const char *shift, int64_t amount_vnd, wall_t at, struct ledger_tx *ret_tx);

/* The bank says that cash on its way has come: `move` is the deposit's id. */
void cash_banked(const struct cash_place *place, const char *bin, const struct bank_credit *credit,
                 const char *move, struct ledger_tx *ret_tx);

#endif
