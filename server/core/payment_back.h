/*
 * payment_back.h - the bank takes an earlier transfer back, and the stay owes again.
 *
 * A transfer out that names an earlier transfer in: same account and amount, and its
 * bank reference, or its payment code in the content.  (emfcamp/Website#395: a
 * matched transfer was reversed and nobody noticed.)  What it had paid is taken from
 * the stay; an open stay owes again, one that has left becomes a debt.  What the
 * transfer had been too much is taken from the refund case, which is cancelled; and
 * what was refunded already stays in suspense for a person.
 *
 * Pure.  Which transfer it was, and what it had paid, is the store's to find.
 */
#ifndef DOXE_SERVER_PAYMENT_BACK_H
#define DOXE_SERVER_PAYMENT_BACK_H

#include "server/core/payment.h"

/* Is `out` the reverse of an earlier transfer in, whose facts these are? */
bool payment_is_back_of(const struct bank_credit *out, const char *bank_ref, const char *code,
                        const char *prefix);

struct payment_back {
    struct session session; /* as it is now */
    int64_t taken_vnd;      /* from it; 0: nothing was left of it there */
    bool reopens_stay;      /* it is open, and owes again */
    struct ledger_tx tx;    /* empty when nothing was taken */
};

/*
 * `paid_vnd` is what the earlier transfer paid of this session.  `tx_id` and `cause`: of
 * the transaction; `account` where suspense holds the money out; `at` its booking.
 */
void payment_take_back(const struct session *session, int64_t paid_vnd, const char *tx_id,
                       const char *cause, const char *account, wall_t at,
                       struct payment_back *ret_back);

#endif
