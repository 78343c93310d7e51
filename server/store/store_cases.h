/*
 * store_cases.h - the part of the store that is about money and people: payment requests, what
 * a transfer has paid, proposals of two persons, refunds, debts.
 *
 * Errors and rules as in store.h; store_cases.c, store_refund.c.
 */
#ifndef DOXE_SERVER_STORE_CASES_H
#define DOXE_SERVER_STORE_CASES_H

#include "server/core/proposal.h"
#include "server/core/refund.h"
#include "server/store/store.h"

/* ---- payment requests ---- */

#define REQUEST_STATES(X)                                                          \
    X(OPEN, "open", "what the driver sees")                                        \
    X(PAID, "paid", "a transfer paid it all; never changes again")                 \
    X(TOPPED_UP, "topped_up", "a transfer paid a part; another asks for the rest") \
    X(REPLACED, "replaced", "another took its place, or nothing is due any more")  \
    X(EXPIRED, "expired", "our promise ended; its QR can still be paid")

enum request_state {
#define X(name, word, sentence) REQUEST_##name,
    REQUEST_STATES(X)
#undef X
        REQUEST_STATE_COUNT
};

struct store_request {
    char id[ULID_CAP];
    char session[ULID_CAP];
    const char *kind; /* "exit", "page", "topup", "debt" */
    int64_t amount_vnd, debt_vnd, fee_vnd;
    int line_count;
    const struct quote_line *line;
    char code[PAYCODE_CAP];
    const char *bin, *account, *payload;
    wall_t made, promise; /* 0 ms: no promise */
};
/* DX_E_EXISTS: an open one is there. */
DX_MUST_USE int store_add_request(struct store *store, const struct store_request *request,
                                  enum request_state state, const char *credit);
/* What is known of the open one; line and texts are not read back. */
struct store_open_request {
    char id[ULID_CAP];
    int64_t amount_vnd, debt_vnd;
    wall_t made, promise;
};
/* DX_E_NOT_FOUND. */
DX_MUST_USE int store_get_open_request(struct store *store, const char *session,
                                       struct store_open_request *ret_request);
DX_MUST_USE int store_close_request(struct store *store, const char *id, enum request_state state,
                                    const char *credit, wall_t now);
/* Open ones whose promise ended become EXPIRED, at most `max`. */
DX_MUST_USE int store_expire_requests(struct store *store, wall_t now, int64_t max);

/* ---- transfers that were booked ---- */

struct store_booked {
    struct bank_credit credit;
    char id[ULID_CAP], code[PAYCODE_CAP], session[ULID_CAP];
    char verdict[24];
};
/* DX_E_NOT_FOUND. */
DX_MUST_USE int store_get_credit(struct store *store, const char *id,
                                 struct store_booked *ret_booked);
/* Adds to what this credit paid of this session. */
DX_MUST_USE int store_add_applied(struct store *store, const char *credit, const char *session,
                                  int64_t amount_vnd);
struct store_applied {
    char session[ULID_CAP];
    int64_t amount_vnd; /* less what was taken back */
};
/* It lies in suspense: no code of ours or the wrong account, and no two persons have moved it. */
DX_MUST_USE int store_is_suspended(struct store *store, const char *credit, bool *ret_suspended);
DX_MUST_USE int store_get_applied(struct store *store, const char *credit,
                                  struct store_applied *ret_applied, int max, int *ret_count);
DX_MUST_USE int store_take_applied(struct store *store, const char *credit, const char *session,
                                   int64_t amount_vnd);
struct store_back {
    char id[ULID_CAP], bank_ref[CREDIT_REF_CAP], code[PAYCODE_CAP];
};
/* Transfers in of this account and amount that were not taken back, the latest first. */
DX_MUST_USE int store_find_back(struct store *store, const char *account, int64_t amount_vnd,
                                wall_t until, struct store_back *ret_back, int max, int *ret_count);
/* DX_E_EXISTS: it was taken back before. */
DX_MUST_USE int store_add_back(struct store *store, const char *credit, const char *out_credit);

/* ---- reviews and proposals ---- */

struct store_review_row {
    char kind[24], lot[MSG_NAME_CAP], session[ULID_CAP], credit[ULID_CAP];
    bool open;
};
DX_MUST_USE int store_get_review(struct store *store, int64_t id,
                                 struct store_review_row *ret_review);
/* The open ones of this credit ("" : of this kind and session). */
DX_MUST_USE int store_close_credit_reviews(struct store *store, const char *credit, const char *by,
                                           wall_t now);

struct store_proposal {
    char id[ULID_CAP];
    bool write_off;
    int64_t review; /* 0 none */
    char credit[ULID_CAP];
    char note[PROPOSAL_NOTE_CAP];
    char made_by[MSG_NAME_CAP];
    bool open;
    int part_count;
    struct proposal_part part[PROPOSAL_PARTS_MAX]; /* of a write-off: one, its target the session */
};
/* DX_E_EXISTS: an open one of this review is there. */
DX_MUST_USE int store_add_proposal(struct store *store, const struct store_proposal *proposal,
                                   wall_t now);
DX_MUST_USE int store_get_proposal(struct store *store, const char *id,
                                   struct store_proposal *ret_proposal);
/* DX_E_NOT_FOUND: no such proposal, or decided before. */
DX_MUST_USE int store_decide_proposal(struct store *store, const char *id, bool approved,
                                      const char *by, const char *reason, wall_t now);
DX_MUST_USE int store_count_write_offs(struct store *store, const char *session, int64_t *ret_open);

/* ---- debts ---- */

/* Debts of this vehicle in the operator's lots, or in `lot` alone when not NULL; oldest first. */
DX_MUST_USE int store_find_debts(struct store *store, const char *operator_id, const char *lot,
                                 const struct subject *subject, struct session *ret_debts, int max,
                                 int *ret_count);
DX_MUST_USE int store_add_debt_offer(struct store *store, const char *session, const char *debt,
                                     int64_t due_vnd, wall_t now);

/* ---- refunds: store_refund.c ---- */

/* DX_E_EXISTS: the code is taken. */
DX_MUST_USE int store_add_refund(struct store *store, const struct refund *refund, wall_t now);
DX_MUST_USE int store_get_refund(struct store *store, const char *id, struct refund *ret_refund);
/* State, persons, link and reference; `credit` the transfer out that confirms it, "" none;
 * `reason` why it is cancelled. */
DX_MUST_USE int store_put_refund(struct store *store, const struct refund *refund,
                                 const char *credit, const char *by, const char *reason,
                                 wall_t now);
/* Approved or sent cases of this amount, of the lots that collect into this account. */
DX_MUST_USE int store_find_refunds_out(struct store *store, const char *account, int64_t amount_vnd,
                                       struct refund *ret_refunds, int max, int *ret_count);
/* Cases that are not sent yet: of this credit, or made of the fee of this session. */
DX_MUST_USE int store_find_refunds_of(struct store *store, const char *credit, const char *session,
                                      struct refund *ret_refunds, int max, int *ret_count);
/* What granted cases of this session that were not cancelled add up to. */
DX_MUST_USE int store_sum_granted(struct store *store, const char *session, int64_t *ret_vnd);
enum { REFUND_SEALED_MAX = 256 };
DX_MUST_USE int store_put_refund_account(struct store *store, const char *refund, const char *bin,
                                         struct str sealed, wall_t now);
/* The account is no longer needed after `erase`. */
DX_MUST_USE int store_end_refund_account(struct store *store, const char *refund, wall_t erase);
DX_MUST_USE int store_erase_refund_accounts(struct store *store, wall_t now, int64_t *ret_erased);

/* ---- what a lane asks for again; passages without a session: store_cases.c ---- */

struct store_answer {
    char id[ULID_CAP];
    bool paid;       /* else a quote */
    bool done;       /* it was believed to be heard, or was replaced */
    struct str body; /* in the space given */
};
/* The payment told to this lane for this ask, else the last quote.  DX_E_NOT_FOUND. */
DX_MUST_USE int store_find_answer(struct store *store, const char *gate, int lane, const char *ask,
                                  char *space, size_t cap, struct store_answer *ret_answer);
/* The payment that this session's lane was told and has not answered.  DX_E_NOT_FOUND. */
DX_MUST_USE int store_find_paid(struct store *store, const char *session,
                                struct store_message *ret_message);
/* The exit_asked event that the session's last quote answered; "" none. */
DX_MUST_USE int store_get_last_ask(struct store *store, const char *session,
                                   char ret_ask[ULID_CAP]);
DX_MUST_USE int store_reopen_message(struct store *store, const char *id, wall_t next);
DX_MUST_USE int store_add_unlogged(struct store *store, const char *event, const char *lot,
                                   const char *gate, int lane, const char *code,
                                   const char *session, wall_t at);

#endif
