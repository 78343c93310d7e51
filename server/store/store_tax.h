/*
 * store_tax.h - handing in the form 01/TTGD: which transactions stand in which table.
 *
 * Append-only: a table that was handed in is never changed; what came later about its month
 * stands in the next one (its amendment).  Inside store_begin … store_commit.
 */
#ifndef DOXE_SERVER_STORE_TAX_H
#define DOXE_SERVER_STORE_TAX_H

#include "server/store/query_tax.h"
#include "server/store/store.h"

struct store_tax_table {
    const char *operator_id, *month, *by;
    int64_t nth; /* 0 the first, 1… amendments */
    int64_t rows, net_vnd, vat_vnd, gross_vnd;
};
/* DX_E_EXISTS: it was handed in before. */
DX_MUST_USE int store_add_tax_table(struct store *store, const struct store_tax_table *table,
                                    wall_t now);
/* DX_E_EXISTS: the transaction stands in a table already. */
DX_MUST_USE int store_add_tax_row(struct store *store, const struct store_tax_table *table,
                                  const char *tx, const struct vat_split *split, const char *vat,
                                  int64_t gross_vnd);
/* The same questions through the writer's handle, inside its transaction: query_tax.h. */
DX_MUST_USE int store_tax_sales(struct store *store, const char *operator_id, const char *month,
                                int (*take)(void *context, const struct tax_sale *sale),
                                void *context);
DX_MUST_USE int store_tax_tables(struct store *store, const char *operator_id, const char *month,
                                 int64_t *ret_count);

#endif
