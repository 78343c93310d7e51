/*
 * invoices.h - asking for electronic invoices, and what the provider answered: from any thread.
 *
 * The writer does it (ask.h); what is written is server/core/invoice.h.
 */
#ifndef DOXE_SERVER_INVOICES_H
#define DOXE_SERVER_INVOICES_H

#include "server/app/app.h"
#include "server/core/invoice.h"

/* Does this lot's operator have a series, so that invoices can be asked for? */
bool app_invoice_possible(struct app *app, const char *lot);
/*
 * One request for each payment of the stay that has none yet; *ret_count of them.
 * DX_E_NOT_FOUND: no such stay, or nothing was paid; DX_E_EXISTS: all have one;
 * DX_E_STATE: this operator issues none; DX_E_INVAL: the buyer cannot stand on an
 * invoice (invoice_find_bad_member); DX_E_FULL, DX_E_TIMEOUT: ask again.
 */
DX_MUST_USE int app_invoice_request(struct app *app, struct str token,
                                    const struct invoice_buyer *buyer, int *ret_count);
/*
 * An issued invoice that was wrong (a POS invoice is replaced, not adjusted): a new
 * request for the same payment, with this buyer.  DX_E_NOT_FOUND; DX_E_STATE: not issued.
 */
DX_MUST_USE int app_invoice_replace(struct app *app, const char *id,
                                    const struct invoice_buyer *buyer, char ret_id[ULID_CAP]);
/* The provider's word, or its silence.  DX_E_STATE: it was answered before; nothing changes. */
DX_MUST_USE int app_invoice_answer(struct app *app, const char *id,
                                   const struct invoice_answer *answer);

#endif
