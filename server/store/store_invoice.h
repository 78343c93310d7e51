/*
 * store_invoice.h - requests for invoices: what was paid and has none yet, what waits, what was
 * answered.
 *
 * Writing is inside store_begin … store_commit.  Errors as store.h.
 */
#ifndef DOXE_SERVER_STORE_INVOICE_H
#define DOXE_SERVER_STORE_INVOICE_H

#include "server/core/invoice.h"
#include "server/store/store.h"

/* Payments of a stay that have no invoice yet, oldest first; at most `max`. */
DX_MUST_USE int store_uninvoiced(struct store *store, const char *session,
                                 struct invoice_payment *ret_payments, int max, int *ret_count);
/* DX_E_EXISTS: the payment has one. */
DX_MUST_USE int store_add_invoice(struct store *store, const struct invoice *invoice);
/* DX_E_NOT_FOUND. */
DX_MUST_USE int store_get_invoice(struct store *store, const char *id, struct invoice *ret_invoice);
/* The one that is due first.  DX_E_NOT_FOUND: nothing is due. */
DX_MUST_USE int store_due_invoice(struct store *store, wall_t now, struct invoice *ret_invoice);
/* State, number and what else the provider's answer brings. */
DX_MUST_USE int store_answer_invoice(struct store *store, const struct invoice *invoice);
/* The newest first, of a session or (NULL) of all; stops when `take` returns an error. */
DX_MUST_USE int store_list_invoices(struct store *store, const char *session, int64_t limit,
                                    int (*take)(void *context, const struct invoice *invoice),
                                    void *context);

#endif
