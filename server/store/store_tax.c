#include "server/store/store_tax.h"

#include "server/store/store_sqlite.h"

int store_add_tax_table(struct store *store, const struct store_tax_table *table, wall_t now)
{
    return db_exec(store->db,
                   "INSERT INTO tax_table(operator, month, nth, made_ms, by, rows, net_vnd,"
                   " vat_vnd, gross_vnd) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                   "ttiitiiii", table->operator_id, table->month, table->nth, now.ms, table->by,
                   table->rows, table->net_vnd, table->vat_vnd, table->gross_vnd);
}

int store_add_tax_row(struct store *store, const struct store_tax_table *table, const char *tx,
                      const struct vat_split *split, const char *vat, int64_t gross_vnd)
{
    return db_exec(store->db,
                   "INSERT INTO tax_row(tx, operator, month, nth, net_vnd, vat, vat_vnd,"
                   " gross_vnd) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                   "tttiitii", tx, table->operator_id, table->month, table->nth, split->net_vnd,
                   vat, split->vat_vnd, gross_vnd);
}

int store_tax_sales(struct store *store, const char *operator_id, const char *month,
                    int (*take)(void *context, const struct tax_sale *sale), void *context)
{
    return query_tax_sales(store->db, operator_id, month, TAX_NEW, 0, take, context);
}

int store_tax_tables(struct store *store, const char *operator_id, const char *month,
                     int64_t *ret_count)
{
    return query_tax_tables(store->db, operator_id, month, ret_count);
}
