/* query_balance.c - where the ledger ends, what accounts hold, and what was posted. */
#include "server/store/query.h"
#include "server/store/query_ledger.h"

/* An operator's accounts are those of its lots, and those named by the operator itself. */
#define LOT_OF                                                                                   \
    "CASE WHEN t.lot <> '' THEN t.lot ELSE coalesce((SELECT id FROM lot WHERE account IN"        \
    " (substr(e.account, instr(e.account, '-') + 1), substr(e.account, instr(e.account, ':') + " \
    "1))"                                                                                        \
    " ORDER BY id LIMIT 1), '') END"
#define OPERATOR_OF "coalesce((SELECT operator FROM lot WHERE id = " LOT_OF "), '')"
#define WHERE                                                                                   \
    " FROM ledger_entry e JOIN ledger_tx t ON t.id = e.tx WHERE (?1 = '' OR e.account GLOB ?1)" \
    " AND (?2 = '' OR t.lot = ?2) AND (?3 = '' OR " OPERATOR_OF " = ?3)"                        \
    " AND (?4 = '' OR t.kind = ?4) AND t.at_ms >= ?5 AND (?6 = 0 OR t.at_ms < ?6)"
#define SUMS                                                                                     \
    ", count(*), sum(max(e.amount_vnd, 0)), -sum(min(e.amount_vnd, 0)), sum(e.amount_vnd)" WHERE \
    " GROUP BY 1 ORDER BY 1"

int query_ledger_head(struct db *db, struct ledger_head *ret_head)
{
    struct db_row row;
    struct ledger_head head = {0};
    int error =
        db_query(db, &row, "SELECT number, hash FROM ledger_tx ORDER BY number DESC LIMIT 1", "");
    if (!error && db_next(&row)) {
        struct str hash = db_text(&row, 1);
        head.number = db_i64(&row, 0);
        memcpy(head.hash, hash.p, hash.n < sizeof head.hash ? hash.n : sizeof head.hash);
    }
    int ended = db_done(&row);
    error = error ? error : ended;
    if (!error) {
        *ret_head = head;
    }
    return error;
}

static const char *const grouped[] = {
    [LEDGER_BY_ACCOUNT] = "SELECT e.account" SUMS,
    [LEDGER_BY_KIND] = "SELECT substr(e.account, 1, instr(e.account, ':') - 1)" SUMS,
    [LEDGER_BY_LOT] = "SELECT " LOT_OF SUMS,
    [LEDGER_BY_OPERATOR] = "SELECT " OPERATOR_OF SUMS,
};

static int run(struct db *db, const struct ledger_filter *f, const char *sql, int64_t limit,
               struct db_row *row)
{
    const char *account = f->account ? f->account : "";
    const char *lot = f->lot ? f->lot : "";
    const char *owner = f->operator_id ? f->operator_id : "";
    const char *kind = f->kind ? f->kind : "";
    if (limit >= 0) {
        return db_query(db, row, sql, "ttttiii", account, lot, owner, kind, f->from.ms, f->until.ms,
                        limit);
    }
    return db_query(db, row, sql, "ttttii", account, lot, owner, kind, f->from.ms, f->until.ms);
}

int query_ledger_balance(struct db *db, const struct ledger_filter *filter, enum ledger_group group,
                         void (*take)(void *context, const struct ledger_balance *row),
                         void *context)
{
    struct db_row row;
    int error = run(db, filter, grouped[group], -1, &row);
    while (!error && db_next(&row)) {
        struct ledger_balance balance = {.entries = db_i64(&row, 1),
                                         .debit_vnd = db_i64(&row, 2),
                                         .credit_vnd = db_i64(&row, 3),
                                         .balance_vnd = db_i64(&row, 4)};
        query_text(&row, 0, balance.account, sizeof balance.account);
        take(context, &balance);
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

int query_ledger_list(struct db *db, const struct ledger_filter *filter,
                      void (*take)(void *context, const struct ledger_line *row), void *context)
{
    struct db_row row;
    int64_t last = 0;
    int64_t limit = filter->limit ? filter->limit : INT64_MAX;
    /* Whole transactions: those that have a line which fits. */
    int error = run(db, filter,
                    "SELECT t.number, t.id, t.at_ms, t.kind, e.account, e.amount_vnd"
                    " FROM ledger_tx t JOIN ledger_entry e ON e.tx = t.id WHERE t.number IN"
                    " (SELECT DISTINCT t.number" WHERE " ORDER BY t.number DESC LIMIT ?7)"
                    " ORDER BY t.number, e.line",
                    limit, &row);
    while (!error && db_next(&row)) {
        struct ledger_line line = {
            .number = db_i64(&row, 0), .at_ms = db_i64(&row, 2), .amount_vnd = db_i64(&row, 5)};
        query_text(&row, 1, line.id, sizeof line.id);
        query_text(&row, 3, line.kind, sizeof line.kind);
        query_text(&row, 4, line.account, sizeof line.account);
        line.first = line.number != last;
        last = line.number;
        take(context, &line);
    }
    int ended = db_done(&row);
    return error ? error : ended;
}
