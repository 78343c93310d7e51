#include "server/store/query_audit.h"

#include <string.h>

/* Rows of (word, count, amount, second amount). */
static int read_list(struct db *db, struct audit_list *list, const char *sql)
{
    struct db_row row;
    int error = db_query(db, &row, sql, "");
    while (!error && db_next(&row)) {
        bool fits = list->count < AUDIT_ROWS_MAX;
        struct audit_row *to = fits ? &list->row[list->count++] : &list->rest;
        str_copy_cut(to->word, sizeof to->word, fits ? db_text(&row, 0) : STR("rest"));
        to->count += db_i64(&row, 1);
        to->amount_vnd += db_i64(&row, 2);
        to->second_vnd += db_i64(&row, 3);
    }
    int end = db_done(&row);
    return error ? error : end;
}

static int read_lists(struct db *db, struct audit *audit)
{
    int error = read_list(db, &audit->sessions,
                          "SELECT state, count(*), sum(fee_vnd), sum(paid_vnd) FROM session"
                          " GROUP BY state ORDER BY state");
    error = error ? error
                  : read_list(db, &audit->credits,
                              "SELECT verdict, count(*), sum(amount_vnd), 0 FROM bank_credit"
                              " GROUP BY verdict ORDER BY verdict");
    error = error ? error
                  : read_list(db, &audit->accounts,
                              "SELECT account, count(*), sum(amount_vnd), 0 FROM ledger_entry"
                              " GROUP BY account ORDER BY account");
    return error ? error
                 : read_list(db, &audit->reviews,
                             "SELECT kind, count(*), 0, 0 FROM review WHERE closed_ms IS NULL"
                             " GROUP BY kind ORDER BY kind");
}

int query_audit(struct db *db, struct audit *audit)
{
    memset(audit, 0, sizeof *audit);
    const struct {
        int64_t *to;
        const char *sql;
    } numbers[] = {
        {&audit->fee_vnd, "SELECT coalesce(sum(fee_vnd), 0) FROM session"},
        {&audit->paid_vnd, "SELECT coalesce(sum(paid_vnd), 0) FROM session"},
        {&audit->credit_in_vnd,
         "SELECT coalesce(sum(amount_vnd), 0) FROM bank_credit WHERE direction = 'in'"},
        {&audit->credit_out_vnd,
         "SELECT coalesce(sum(amount_vnd), 0) FROM bank_credit WHERE direction = 'out'"},
        {&audit->trial_balance_vnd, "SELECT coalesce(sum(amount_vnd), 0) FROM ledger_entry"},
        {&audit->ledger_transactions, "SELECT count(*) FROM ledger_tx"},
        {&audit->uneven_transactions,
         "SELECT count(*) FROM (SELECT tx FROM ledger_entry GROUP BY tx HAVING sum(amount_vnd) "
         "<> 0)"},
        {&audit->quarantine, "SELECT count(*) FROM quarantine"},
        {&audit->parked, "SELECT count(*) FROM parked"},
        {&audit->outbox_waiting, "SELECT count(*) FROM outbox WHERE done_ms IS NULL"},
        {&audit->inbox_waiting, "SELECT count(*) FROM bank_inbox WHERE state = 'new'"},
        {&audit->alarms_open, "SELECT count(*) FROM alarm WHERE cleared_ms IS NULL"},
        {&audit->events, "SELECT count(*) FROM event"},
    };
    int error = read_lists(db, audit);
    for (size_t i = 0; !error && i < sizeof numbers / sizeof numbers[0]; i++) {
        error = db_query_i64(db, 0, numbers[i].to, numbers[i].sql, "");
    }
    return error;
}
