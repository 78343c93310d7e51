#include "server/store/query_tax.h"

#include <stdio.h>
#include <string.h>

/* The accounts of service; docs/LEDGER.md names them all. */
#define SERVICE                                                                                  \
    "(e.account GLOB 'prepaid:*' OR e.account GLOB 'receivable:*' OR e.account GLOB 'revenue:*'" \
    " OR e.account GLOB 'pass_deferred:*' OR e.account GLOB 'pass_revenue:*'"                    \
    " OR e.account GLOB 'written_off:*' OR e.account GLOB 'refunded:*')"

int tax_month_parse(struct str text, wall_t *ret_from, wall_t *ret_until)
{
    int64_t year = 0;
    int64_t month = 0;
    if (text.n != 7 || text.p[4] != '-' ||
        str_parse_i64(str_slice(text, 0, 4), 2000, 9998, &year) != 0 ||
        str_parse_i64(str_slice(text, 5, 7), 1, 12, &month) != 0) {
        return DX_E_FORMAT;
    }
    struct civil from = {.year = (int)year, .month = (int)month, .day = 1};
    struct civil until = {.year = (int)(month == 12 ? year + 1 : year),
                          .month = (int)(month == 12 ? 1 : month + 1),
                          .day = 1};
    int error = time_from_civil(&from, ret_from);
    return error ? error : time_from_civil(&until, ret_until);
}

static void copy(struct db_row *row, int column, char *out, size_t cap)
{
    str_copy_cut(out, cap, db_text(row, column));
}

static int give(struct db_row *row, bool handed_in,
                int (*take)(void *context, const struct tax_sale *sale), void *context)
{
    char tx[LEDGER_ID_CAP], kind[LEDGER_KIND_CAP], session[ULID_CAP], lot[MSG_NAME_CAP];
    char code[PAYCODE_CAP];
    struct tax_sale sale = {.tx = tx,
                            .kind = kind,
                            .session = session,
                            .lot = lot,
                            .code = code,
                            .at = {db_i64(row, 2)},
                            .gross_vnd = db_i64(row, 7)};
    copy(row, 0, tx, sizeof tx);
    copy(row, 1, kind, sizeof kind);
    copy(row, 3, session, sizeof session);
    copy(row, 4, lot, sizeof lot);
    copy(row, 5, code, sizeof code);
    if (vehicle_parse(db_text(row, 6), &sale.vehicle) != 0) {
        sale.vehicle = VEHICLE_UNKNOWN;
    }
    sale.pass = db_i64(row, 8) != 0;
    if (handed_in) {
        sale.split = (struct vat_split){db_i64(row, 9), db_i64(row, 10)};
        copy(row, 11, sale.vat, sizeof sale.vat);
    }
    return take(context, &sale);
}

static int walk(struct db_row *row, int error, bool handed_in,
                int (*take)(void *context, const struct tax_sale *sale), void *context)
{
    while (!error && db_next(row)) {
        error = give(row, handed_in, take, context);
    }
    int end = db_done(row);
    return error ? error : end;
}

int query_tax_sales(struct db *db, const char *operator_id, const char *month, enum tax_which which,
                    int64_t nth, int (*take)(void *context, const struct tax_sale *sale),
                    void *context)
{
    struct db_row row;
    wall_t from;
    wall_t until;
    int error = tax_month_parse(str_c(month), &from, &until);
    if (error) {
        return error;
    }
    if (which == TAX_TABLE) {
        error = db_query(db, &row,
                         "SELECT t.id, t.kind, t.at_ms, t.session, t.lot, coalesce(s.code, ''),"
                         " coalesce(s.vehicle, ''), r.gross_vnd,"
                         " EXISTS (SELECT 1 FROM ledger_entry e WHERE e.tx = t.id"
                         "  AND e.account GLOB 'pass_*'), r.net_vnd, r.vat_vnd, r.vat"
                         " FROM tax_row r JOIN ledger_tx t ON t.id = r.tx"
                         " LEFT JOIN session s ON s.id = t.session"
                         " WHERE r.operator = ?1 AND r.month = ?2 AND r.nth = ?3"
                         " ORDER BY t.at_ms, t.id",
                         "tti", operator_id, month, nth);
        return walk(&row, error, true, take, context);
    }
    error = db_query(db, &row,
                     "SELECT t.id, t.kind, t.at_ms, t.session, t.lot, coalesce(s.code, ''),"
                     " coalesce(s.vehicle, ''), -sum(e.amount_vnd) AS gross,"
                     " max(e.account GLOB 'pass_*')"
                     " FROM lot JOIN ledger_tx t ON t.lot = lot.id"
                     " AND t.at_ms >= ?2 AND t.at_ms < ?3"
                     " JOIN ledger_entry e ON e.tx = t.id AND " SERVICE
                     " LEFT JOIN session s ON s.id = t.session"
                     " WHERE lot.operator = ?1"
                     " AND NOT EXISTS (SELECT 1 FROM tax_row r WHERE r.tx = t.id)"
                     " GROUP BY t.id HAVING gross <> 0 ORDER BY t.at_ms, t.id",
                     "tii", operator_id, from.ms, until.ms);
    return walk(&row, error, false, take, context);
}

int query_tax_tables(struct db *db, const char *operator_id, const char *month, int64_t *ret_count)
{
    return db_query_i64(db, 0, ret_count,
                        "SELECT count(*) FROM tax_table WHERE operator = ?1 AND month = ?2", "tt",
                        operator_id, month);
}
