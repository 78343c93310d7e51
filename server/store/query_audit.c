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

/* ---- as JSON ---- */

static void write_rows(struct out *out, const char *key, const struct audit_list *list,
                       const char *amount, const char *second)
{
    json_array(out, key);
    for (int i = 0; i <= list->count; i++) {
        const struct audit_row *row = i < list->count ? &list->row[i] : &list->rest;
        if (i == list->count && row->count == 0) {
            break;
        }
        json_object(out, NULL);
        json_c(out, "word", row->word);
        json_i64(out, "count", row->count);
        if (amount) {
            json_i64(out, amount, row->amount_vnd);
        }
        if (second) {
            json_i64(out, second, row->second_vnd);
        }
        json_object_end(out);
    }
    json_array_end(out);
}

void audit_write(struct out *out, const struct audit *audit)
{
    json_object(out, NULL);
    write_rows(out, "sessions", &audit->sessions, "fee_vnd", "paid_vnd");
    json_i64(out, "fee_vnd", audit->fee_vnd);
    json_i64(out, "paid_vnd", audit->paid_vnd);
    write_rows(out, "credits", &audit->credits, "amount_vnd", NULL);
    json_i64(out, "credit_in_vnd", audit->credit_in_vnd);
    json_i64(out, "credit_out_vnd", audit->credit_out_vnd);
    write_rows(out, "accounts", &audit->accounts, "balance_vnd", NULL);
    json_i64(out, "ledger_transactions", audit->ledger_transactions);
    json_i64(out, "uneven_transactions", audit->uneven_transactions);
    json_i64(out, "trial_balance_vnd", audit->trial_balance_vnd);
    write_rows(out, "reviews", &audit->reviews, NULL, NULL);
    json_i64(out, "quarantine", audit->quarantine);
    json_i64(out, "parked", audit->parked);
    json_i64(out, "outbox_waiting", audit->outbox_waiting);
    json_i64(out, "inbox_waiting", audit->inbox_waiting);
    json_i64(out, "alarms_open", audit->alarms_open);
    json_i64(out, "events", audit->events);
    json_object_end(out);
}
