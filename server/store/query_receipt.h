/*
 * query_receipt.h - what a receipt shows: the stay, each payment of it, and its invoices.
 */
#ifndef DOXE_SERVER_QUERY_RECEIPT_H
#define DOXE_SERVER_QUERY_RECEIPT_H

#include "server/core/invoice.h"
#include "server/store/query_session.h"

enum { RECEIPT_PAYMENTS_MAX = 12, RECEIPT_INVOICES_MAX = 6 };

struct receipt_payment {
    wall_t at;
    int64_t amount_vnd; /* negative: given back, or found not to be due */
    bool cash;
    bool later; /* paid together with a later stay, whose payment the transfer is */
    char number[MSG_RECEIPT_CAP]; /* of the cash receipt; "" none */
};

struct receipt_invoice {
    char state[QUERY_WORD_CAP];
    char series[INVOICE_SERIES_CAP];
    int64_t template_, number;
    char code[INVOICE_CODE_CAP], lookup[INVOICE_LOOKUP_CAP];
};

/* What was paid for the stay by the ledger; rows beyond the limits are summed in the last. */
struct receipt {
    int payment_count, invoice_count;
    struct receipt_payment payment[RECEIPT_PAYMENTS_MAX];
    struct receipt_invoice invoice[RECEIPT_INVOICES_MAX];
    int64_t total_vnd;
    int64_t own_vnd; /* of it by payments of this stay: invoices are asked for those */
    char operator_id[MSG_NAME_CAP];
};

DX_MUST_USE int query_receipt(struct db *db, const struct session_row *session,
                              struct receipt *ret_receipt);
/* By the payment code.  DX_E_NOT_FOUND. */
DX_MUST_USE int query_session_token_by_code(struct db *db, const char *code,
                                            char ret_token[QUERY_TOKEN_CAP]);

#endif
