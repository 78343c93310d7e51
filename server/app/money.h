/*
 * money.h - what follows from a decided payment, whoever asked for it: a bank's notice, two
 * persons who agree, cash.
 *
 * All run inside a transaction of the desk; errors as scripts.h.
 */
#ifndef DOXE_SERVER_MONEY_H
#define DOXE_SERVER_MONEY_H

#include "server/app/desk.h"
#include "server/store/store_cases.h"

/* ---- payment requests: money_request.c ---- */

/*
 * A request takes the place of the open one of this session, if there is one.
 * `id` "" draws one.  `lines` add up to `amount_vnd`, which is more than 0.
 */
struct money_request {
    const char *id;
    const char *kind; /* "exit", "page", "topup", "debt" */
    int64_t amount_vnd, debt_vnd;
    int line_count;
    const struct quote_line *line;
    const char *payload;
    wall_t promise; /* 0 ms: none */
};
DX_MUST_USE int money_open_request(struct desk *desk, const struct app_lot *lot,
                                   const struct session *session,
                                   const struct money_request *request);
/* Nothing is due any more, or a person took the stay over: the open one, if any, is replaced. */
DX_MUST_USE int money_drop_request(struct desk *desk, const char *session);
/* What an ended stay owes is asked for, without a promise. */
DX_MUST_USE int money_request_debt(struct desk *desk, const struct app_lot *lot,
                                   const struct session *session);
/* What a person calls a stay: its id, or the payment code of its receipt.  DX_E_NOT_FOUND. */
DX_MUST_USE int money_find_stay(struct desk *desk, const char *named, struct session *ret_session);
/* A driver looks at the page: what is due now is asked for, unless it is already. */
DX_MUST_USE int money_request_page(struct desk *desk, struct str token);

/* Debts of earlier stays that this lot adds to its requests; none when it does not. */
DX_MUST_USE int money_debts(struct desk *desk, const struct app_lot *lot,
                            const struct session *session,
                            struct session ret_debts[PAYMENT_DEBTS_MAX], int *ret_count);
/* The same vehicle came again: its debts are noted on the new stay, and offered on its page. */
DX_MUST_USE int money_note_debts(struct desk *desk, const struct app_lot *lot,
                                 const struct session *session);

/* ---- a decided payment: money_pay.c ---- */

struct money_payment {
    const struct app_lot *lot; /* of the session */
    const struct payment_terms *terms;
    const char *credit; /* the credit's id */
    wall_t booked;
    struct payment_decision *decision;
};
/*
 * Writes session and debts, what the credit has paid, the request, the refund case, the counts, and
 * tells the lane that waits.  The decision's transaction is the caller's to post before.
 */
DX_MUST_USE int money_pay(struct desk *desk, const struct money_payment *payment);

/* Opens a refund case beside the refund_due entry; `cause` a word, `session`, `credit` "" none. */
DX_MUST_USE int money_owe_refund(struct desk *desk, const char *lot, const char *session,
                                 const char *credit, const char *cause, int64_t amount_vnd);

/* ---- money that went out: money_out.c ---- */

/* One transfer out whose `credit:` transaction has been posted: suspense against the bank. */
struct money_out {
    const struct bank_credit *credit;
    const char *id;
    const struct app_lot *account_lot; /* whose account it left; NULL: nobody's here */
};
/*
 * What is it, as far as it says itself: REFUND_PAID (*ret_refund), TAKEN_BACK (*ret_back), or
 * REVERSAL when nobody knows.
 */
DX_MUST_USE int money_judge_out(struct desk *desk, const struct money_out *out,
                                enum payment_verdict *ret_verdict, struct refund *ret_refund,
                                struct store_back *ret_back);
/* The bank has paid this case. */
DX_MUST_USE int money_confirm_refund(struct desk *desk, const struct money_out *out,
                                     struct refund *refund);
/* The bank has taken this transfer back: the stays it had paid owe again. */
DX_MUST_USE int money_take_back(struct desk *desk, const struct money_out *out, const char *credit);

#endif
