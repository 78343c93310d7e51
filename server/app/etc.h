/*
 * etc.h (app) - traffic accounts: offered at an exit beside the VietQR, answered by the provider.
 *
 * Scripts of the writer, and what other threads may call.  Which answer means what:
 * server/core/etc.h.
 */
#ifndef DOXE_SERVER_APP_ETC_H
#define DOXE_SERVER_APP_ETC_H

#include "server/app/desk.h"
#include "server/store/store_etc.h"

/*
 * A vehicle stands at an exit and owes `due_vnd`: when its lot takes traffic accounts and the
 * vehicle has one, a charge is written down.  A tag that is not the account's is written
 * down as declined: the driver pays by the VietQR that is shown anyway.
 */
DX_MUST_USE int etc_offer(struct desk *desk, const struct app_lot *lot,
                          const struct session *session, const struct event *ask, int64_t due_vnd);

/* A transfer nobody's code explains: is it the payout of a settlement file?  Then `decision` says
 * so. */
DX_MUST_USE int etc_take_payout(struct desk *desk, const struct app_lot *account_lot,
                                const struct bank_credit *credit, const char *id,
                                struct payment_decision *decision);

/* ---- from any thread ---- */

/* The provider's answer to a charge, or its silence. */
DX_MUST_USE int app_etc_answer(struct app *app, const char *charge,
                               const struct etc_answer *answer);
/* The provider's answer to a refund: done, refused, or silence (done false, refused false). */
DX_MUST_USE int app_etc_refund_answer(struct app *app, const char *refund, bool done, bool refused,
                                      const char *reference, const char *text);

#endif
