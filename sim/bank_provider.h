/*
 * bank_provider.h - what SePay, payOS and Casso say of a transfer: notices and pages of lists.
 *
 * The simulated providers' own hand: strings to sign are put together here in the order they
 * have, not by sorting a tree as the product does, so that the two can disagree.  Pure.
 *
 * Sources: SePay's webhook and API v1, v2 pages; payOS API reference; Casso webhook V2 and
 * "lấy giao dịch".  Not here: when word is sent, and what is lost (bank.h, bank_loss_…).
 */
#ifndef DOXE_SIM_BANK_PROVIDER_H
#define DOXE_SIM_BANK_PROVIDER_H

#include "sim/bank.h"

#define BANK_PROVIDERS(X) \
    X(SEPAY, "sepay")     \
    X(PAYOS, "payos")     \
    X(CASSO, "casso")

enum bank_provider {
#define X(name, word) BANK_##name,
    BANK_PROVIDERS(X)
#undef X
        BANK_PROVIDER_COUNT
};
const char *bank_provider_text(enum bank_provider provider);
/* DX_E_NOT_FOUND. */
DX_MUST_USE int bank_provider_from_text(struct str text, enum bank_provider *ret_provider);

enum { BANK_NOTICE_CAP = 2048, BANK_HEADER_CAP = 200, BANK_NOTICE_HEADERS = 2 };

struct bank_notice {
    char body[BANK_NOTICE_CAP];
    char header[BANK_NOTICE_HEADERS][BANK_HEADER_CAP]; /* "Name: value"; "" none */
};
/* With `secret` empty it is not signed. */
void bank_write_notice(enum bank_provider provider, const struct transfer *transfer,
                       struct str secret, wall_t now, struct bank_notice *notice);

enum bank_list { BANK_LIST_SEPAY_V1, BANK_LIST_SEPAY_V2, BANK_LIST_CASSO };
/* What is asked of a list; 0 where it is not said. */
struct bank_list_ask {
    int64_t since_id;
    wall_t from, to; /* [from, to) */
    int page, limit; /* page from 1 */
};
/*
 * A page of the bank's transfers, oldest first (Casso) or newest first (SePay).  payOS has no
 * list.  DX_E_SPACE when `out` is too small.
 */
DX_MUST_USE int bank_write_page(enum bank_list list, const struct bank *bank,
                                const struct bank_list_ask *ask, struct out *out);

/*
 * Is the notice of this transfer lost for ever, `per_mille` of a thousand?  The same answer each
 * time: drawn from the transfer's number, so that it moves no other draw.
 */
bool bank_loses_notice(const struct transfer *transfer, int per_mille);

#endif
