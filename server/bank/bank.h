/*
 * bank.h - what a provider's notice says, as one bank_credit whatever the provider.
 *
 * Called after the signature was verified and the raw words are stored; nothing
 * here decides what the money is for.  Providers' own finds (their "code") are
 * only hints.
 *
 *   sepay   balance webhook ("biến động số dư"): id, gateway, transactionDate in
 *           Vietnam time, accountNumber, subAccount, code, content, transferType
 *           in|out, transferAmount, accumulated, referenceCode, description.
 *           Keys come in any order.  id is a number here, a UUID in their API v2.
 *
 * Not here: signatures (proto/io/webhook_verify.h), matching (server/core/payment.h).
 */
#ifndef DOXE_SERVER_BANK_H
#define DOXE_SERVER_BANK_H

#include "server/core/payment.h"

/*
 * DX_E_NOT_FOUND: no such provider.  DX_E_FORMAT: no notice, or a member is missing or of the
 * wrong kind (an amount with a fraction is none).  DX_E_RANGE: an amount of 0 or beyond
 * MONEY_MAX_VND, or a text too long.  *ret_why is then a constant sentence without
 * anything of the notice in it.  A negative amount is money that went out.
 */
DX_MUST_USE int bank_read(const char *provider, struct str body, struct bank_credit *ret_credit,
                          const char **ret_why);

/* One provider's reader, from parsed JSON; for bank.c. */
struct jdoc;
int sepay_read(const struct jdoc *notice, struct bank_credit *credit, const char **ret_why);

#endif
