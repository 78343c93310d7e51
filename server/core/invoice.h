/*
 * invoice.h - a request for an electronic invoice of one payment, and what a provider makes of it.
 *
 * doxe issues no invoices: a licensed provider does, and sends them to the tax authority
 * (decree 254/2026/NĐ-CP, circular 91/2026/TT-BTC).  What stands here is the request, one
 * a payment, with the fields of Decision 1450/QĐ-TCT that a parking fee needs, and its states:
 *
 *     requested -> issued | refused | unknown      unknown -> issued | refused | unknown
 *     issued -> replaced                           (a wrong POS invoice is replaced, not adjusted:
 *                                                   circular 91/2026 article 10(1)(c))
 *
 * A time-out is `unknown`: the provider may have issued it.  It is asked again under the
 * same id, for ever, on a timetable: the id is the provider's idempotency key, so that
 * asking twice makes one invoice.  Nothing is dropped after n attempts.
 *
 * Net + tax = what was paid, for every amount (vat.h).  The unit is a turn: quantity 1 at the
 * net amount, so that quantity times price is exact.
 *
 * Not here: HTTP (server/io), the buyer's page (server/web).
 */
#ifndef DOXE_SERVER_INVOICE_H
#define DOXE_SERVER_INVOICE_H

#include "proto/msg.h"
#include "server/core/ledger.h"
#include "server/core/vat.h"

#define INVOICE_STATES(X)                                                         \
    X(REQUESTED, "requested", "not yet told to the provider")                     \
    X(UNKNOWN, "unknown", "told, and no answer came: it is asked again, same id") \
    X(ISSUED, "issued", "the provider gave it a number")                          \
    X(REFUSED, "refused", "the provider says no; a person must look")             \
    X(REPLACED, "replaced", "another invoice stands for it now")

enum invoice_state {
#define X(name, word, sentence) INVOICE_##name,
    INVOICE_STATES(X)
#undef X
        INVOICE_STATE_COUNT
};
const char *invoice_state_text(enum invoice_state state);

enum {
    INVOICE_NAME_CAP = 201,
    INVOICE_TAX_CAP = 15,
    INVOICE_EMAIL_CAP = 101,
    INVOICE_CODE_CAP = 35, /* MCCQT: 34 characters */
    INVOICE_SERIES_CAP = 7,
    INVOICE_TEXT_CAP = 161,
    INVOICE_LOOKUP_CAP = 201
};

/* All empty: a consumer who gave no name. */
struct invoice_buyer {
    char name[INVOICE_NAME_CAP];
    char tax_code[INVOICE_TAX_CAP];
    char address[INVOICE_NAME_CAP];
    char email[INVOICE_EMAIL_CAP];
};

/* The payment that it is about, as the ledger has it. */
struct invoice_payment {
    char tx[LEDGER_ID_CAP];
    char session[ULID_CAP];
    char lot[MSG_NAME_CAP], operator_id[MSG_NAME_CAP];
    char plate[PLATE_RAW_CAP]; /* "" when a card or a slip named the vehicle */
    enum vehicle vehicle;
    bool pass, cash;
    int64_t gross_vnd; /* > 0 */
    wall_t paid;
};

struct invoice_seller {
    const char *tax_code, *name, *address;
    const char *series; /* "C26MAA"; its two digits become the year of making */
    int template_;      /* 1 VAT, 2 sales, 5 ticket */
};

struct invoice {
    char id[ULID_CAP];
    struct invoice_payment payment;
    char replaces[ULID_CAP]; /* "" none */
    wall_t made;
    int template_;
    char series[INVOICE_SERIES_CAP];
    char service[INVOICE_TEXT_CAP]; /* "Dịch vụ trông giữ xe ô tô, BKS 30F-123.45" */
    char unit[16];
    int64_t quantity, price_vnd;
    struct vat_split split;
    char vat[VAT_WORD_CAP];
    struct invoice_buyer buyer;
    enum invoice_state state;
    int64_t number; /* 0 none */
    char code[INVOICE_CODE_CAP], lookup[INVOICE_LOOKUP_CAP], provider_id[65];
    int64_t attempts;
    wall_t next;
    char answer[INVOICE_TEXT_CAP];
};

/* NULL, or the member that cannot stand on an invoice: "tax_code", "email", "name", "address". */
const char *invoice_find_bad_member(const struct invoice_buyer *buyer);

/* A request, due at once.  DX_E_RANGE: nothing was paid; DX_E_NOT_FOUND: no rate for that day. */
DX_MUST_USE int invoice_make(const char *id, const struct invoice_payment *payment,
                             const struct invoice_seller *seller, const struct vat_rates *rates,
                             const struct invoice_buyer *buyer, wall_t now,
                             struct invoice *ret_invoice);

enum invoice_reply { INVOICE_REPLY_ISSUED, INVOICE_REPLY_REFUSED, INVOICE_REPLY_NONE };

/* What the provider said, or did not. */
struct invoice_answer {
    enum invoice_reply reply;
    int64_t number;
    char code[INVOICE_CODE_CAP], lookup[INVOICE_LOOKUP_CAP], provider_id[65];
    char text[INVOICE_TEXT_CAP];
};
/* DX_E_STATE: it has been answered; nothing changes. */
DX_MUST_USE int invoice_take_answer(struct invoice *invoice, const struct invoice_answer *answer,
                                    wall_t now);
/* Waiting time after so many attempts: 1, 2, 5, 10, 30 minutes, then every hour. */
int64_t invoice_wait_ms(int64_t attempts);

/* The request as JSON for the provider: docs/schema/invoice-request.json. */
void invoice_write(struct out *out, const struct invoice *invoice,
                   const struct invoice_seller *seller, const char *lot_name,
                   const char *lot_address);

#endif
