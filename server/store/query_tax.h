/*
 * query_tax.h - what was sold: the ledger as the tax authority's form 01/TTGD wants it.
 *
 * A sale is money that pays for parking.  It is read out of the ledger alone: what a
 * transaction takes from or adds to the accounts of service (prepaid, receivable, revenue,
 * passes, write-offs and fees given back), with the sign turned.  So a payment is a sale of
 * what it paid and not of what was too much; the end of a stay is none; a fee that fell and a
 * refunded stay are negative sales.  The sum of all sales plus what waits in refund_due and
 * suspense is the money received: `query_tax_check` compares it.
 *
 * Months and days are Hanoi's, by the transaction's own time (booking time of a transfer).
 * Source: decree 254/2026/NĐ-CP article 16(3)(a.2), circular 91/2026/TT-BTC form 01/TTGD.
 */
#ifndef DOXE_SERVER_QUERY_TAX_H
#define DOXE_SERVER_QUERY_TAX_H

#include "proto/io/db.h"
#include "proto/vehicle.h"
#include "server/core/ledger.h"
#include "server/core/vat.h"

enum { TAX_MONTH_CAP = 8 }; /* "2026-11" */

struct tax_sale {
    const char *tx, *kind, *session, *lot, *code; /* valid during the call; "" none */
    wall_t at;
    enum vehicle vehicle; /* UNKNOWN without a stay */
    bool pass;            /* a pass was sold */
    int64_t gross_vnd;    /* negative: less than was reported before */
    /* as handed in, when `handed_in`; else to be computed */
    struct vat_split split;
    char vat[VAT_WORD_CAP];
};

enum tax_which {
    TAX_NEW,   /* of the month, in no table yet */
    TAX_TABLE, /* those of table `nth`, with the figures handed in */
};

/* "2026-11" into its half-open time.  DX_E_FORMAT. */
DX_MUST_USE int tax_month_parse(struct str text, wall_t *ret_from, wall_t *ret_until);

/* Calls `take` for each sale, by time; it may stop the walk with an error. */
DX_MUST_USE int query_tax_sales(struct db *db, const char *operator_id, const char *month,
                                enum tax_which which, int64_t nth,
                                int (*take)(void *context, const struct tax_sale *sale),
                                void *context);
/* Tables handed in for this month; 0: none. */
DX_MUST_USE int query_tax_tables(struct db *db, const char *operator_id, const char *month,
                                 int64_t *ret_count);

#endif
