/*
 * bank.h - what a provider, a list or a bank's file says, as bank_credits whatever the source.
 *
 * Called after the signature was verified and the raw words are stored; nothing
 * here decides what the money is for.  Providers' own finds (their "code") are
 * only hints.  Keys come in any order.  Times without a zone are Vietnam's.
 *
 *   sepay      balance webhook ("biến động số dư"): id, transactionDate, accountNumber, subAccount,
 *              code, content, transferType in|out, transferAmount, accumulated, referenceCode.
 *              A row of their list: v1 has texts with a fraction ("18067000.00") and transaction_…
 *              names, v2 whole numbers and a UUID for the id.
 *   payos      {code, desc, success, data, signature}: only data is signed, and only data.code "00"
 *              is money.  There is no id of a transfer: it is "<orderCode>:<reference>".
 *              A polled one is {"orderCode": N, "transaction": {…}}, one of a request's
 *              transactions.
 *   casso      V2: {"error": 0, "data": {…}}, one transfer; id 0 is their test.  V1: data is an
 *              array.  A row of their list has V1's names.  A negative amount is money out.
 *   statement  a row of an imported file, as statement.h wrote it down.
 *
 * Sources: payOS API reference; developer.sepay.vn (webhooks; sepay-api v1 and v2);
 * developer.casso.vn (webhook V2, "lấy giao dịch").
 *
 * Not here: signatures (proto/io/webhook_verify.h), pages of a list (page.h), matching
 * (server/core/payment.h).
 */
#ifndef DOXE_SERVER_BANK_H
#define DOXE_SERVER_BANK_H

#include "server/core/payment.h"

enum { BANK_CREDITS_MAX = 200 /* of one notice */ };

/* What a notice turns out to hold; each call gets `context`. */
struct bank_visitor {
    void *context;
    /* A transfer.  An error ends the reading and is returned. */
    int (*credit)(void *context, const struct bank_credit *credit);
    /* One element of several that is none: its place from 1, and why.  May end the reading, too. */
    int (*refused)(void *context, int place, const char *why);
};

/*
 * Reads all of it.  DX_E_NOT_FOUND: no such provider.  DX_E_FORMAT: no notice, or a member
 * is missing or of the wrong kind (an amount with a fraction is none).  DX_E_RANGE: an amount
 * of 0 or beyond MONEY_MAX_VND, or a text too long.  *ret_why is then a constant sentence
 * without anything of the notice in it; it also is when all is well and there was no transfer in
 * it (a provider's test of our address), else NULL.
 */
DX_MUST_USE int bank_read_all(const char *provider, enum credit_source source, struct str body,
                              const struct bank_visitor *visitor, const char **ret_why);
/* The first transfer of a webhook; DX_E_FORMAT when there is none in it. */
DX_MUST_USE int bank_read(const char *provider, struct str body, struct bank_credit *ret_credit,
                          const char **ret_why);

/* ---- one provider's reader, from parsed JSON; for bank.c ---- */
struct jdoc;
int sepay_read(const struct jdoc *notice, struct bank_credit *credit, const char **ret_why);
int sepay_read_row(const struct jdoc *row, struct bank_credit *credit, const char **ret_why);
/* DX_E_STATE: signed and no money in it; *ret_why says which. */
int payos_read(const struct jdoc *notice, struct bank_credit *credit, const char **ret_why);
int payos_read_row(const struct jdoc *row, struct bank_credit *credit, const char **ret_why);
int casso_read_v2(const struct jdoc *data, struct bank_credit *credit, const char **ret_why);
int casso_read_row(const struct jdoc *row, struct bank_credit *credit, const char **ret_why);
int statement_read_row(const struct jdoc *row, struct bank_credit *credit, const char **ret_why);

#endif
