/*
 * invoice_sender.h - takes requests for invoices to a licensed provider (asker.h).
 *
 * The provider's side is one POST, JSON in and out (docs/INVOICES.md): an adapter of a provider's
 * own API stands behind the same address.  The request's id is its idempotency key, so that a
 * repeat after silence makes no second invoice.
 *
 *     200 {"number": 12, "code": "M1-26-…", "lookup": "https://…", "id": "…"}   issued
 *     400 … 499 {"message": "…"}, but 408, 409, 425 and 429                     refused
 *     anything else, and no answer                                              unknown: asked
 * again
 */
#ifndef DOXE_SERVER_INVOICE_SENDER_H
#define DOXE_SERVER_INVOICE_SENDER_H

#include "server/app/invoices.h"
#include "server/io/asker.h"

/* NULL in *ret_asker when no provider is configured.  It ends with asker_stop. */
DX_MUST_USE int invoice_sender_start(const struct server_config *config, struct app *app,
                                     struct asker **ret_asker);

/* What an answer means; pure.  `status` 0: none came. */
void invoice_read_answer(int status, struct str body, struct invoice_answer *ret_answer);

#endif
