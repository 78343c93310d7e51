#include "server/store/query_bank.h"

#include "server/store/query.h"

static const char credits_sql[] =
    "SELECT c.id, c.provider, c.provider_tx, c.account, c.bank_ref, c.direction, c.date_only,"
    " c.amount_vnd, c.booked_ms, c.received_ms, c.code, c.session, c.verdict,"
    " (SELECT group_concat(name, ',') FROM (SELECT CASE provider WHEN 'statement' THEN source"
    "   ELSE source || ':' || provider END AS name FROM bank_source WHERE credit = c.id"
    "   ORDER BY first_ms, name)),"
    " (SELECT group_concat(text, ', ') FROM (SELECT e.account || ' ' || -e.amount_vnd AS text"
    "   FROM ledger_entry e WHERE e.tx = 'credit:' || c.provider || ':' || c.provider_tx"
    "   AND e.account NOT LIKE 'bank:%' ORDER BY e.line)),"
    " (SELECT count(*) FROM review r WHERE r.credit = c.id AND r.closed_ms IS NULL)"
    " FROM bank_credit c WHERE c.booked_ms >= ?1 AND (?2 = 0 OR c.booked_ms < ?2)"
    " AND (?3 IS NULL OR c.account = ?3) AND (?4 IS NULL OR c.verdict = ?4)"
    " ORDER BY c.booked_ms, c.id";

int query_bank_credits(struct db *db, const struct bank_filter *filter,
                       void (*each)(void *context, const struct bank_row *row), void *context)
{
    struct db_row row;
    struct bank_row out;
    int error = db_query(db, &row, credits_sql, "iitt", filter->from.ms, filter->to.ms,
                         filter->account, filter->verdict);
    while (!error && db_next(&row)) {
        memset(&out, 0, sizeof out);
        query_text(&row, 0, out.id, sizeof out.id);
        query_text(&row, 1, out.provider, sizeof out.provider);
        query_text(&row, 2, out.provider_tx, sizeof out.provider_tx);
        query_text(&row, 3, out.account, sizeof out.account);
        query_text(&row, 4, out.bank_ref, sizeof out.bank_ref);
        out.out = str_eq_c(db_text(&row, 5), "out");
        out.date_only = query_number(&row, 6) != 0;
        out.amount_vnd = query_number(&row, 7);
        out.booked.ms = query_number(&row, 8);
        out.received.ms = query_number(&row, 9);
        query_text(&row, 10, out.code, sizeof out.code);
        query_text(&row, 11, out.session, sizeof out.session);
        query_text(&row, 12, out.verdict, sizeof out.verdict);
        query_text(&row, 13, out.sources, sizeof out.sources);
        query_text(&row, 14, out.where, sizeof out.where);
        out.reviews = query_number(&row, 15);
        each(context, &out);
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

int query_bank_outcomes(struct db *db, int64_t statement,
                        void (*each)(void *context, const struct bank_outcome *row), void *context)
{
    struct db_row row;
    struct bank_outcome out;
    int error = db_query(db, &row,
                         "SELECT state, reason, count(*) FROM bank_inbox WHERE statement = ?1"
                         " GROUP BY state, reason ORDER BY state, reason",
                         "i", statement);
    while (!error && db_next(&row)) {
        query_text(&row, 0, out.state, sizeof out.state);
        query_text(&row, 1, out.reason, sizeof out.reason);
        out.rows = query_number(&row, 2);
        each(context, &out);
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

int query_bank_waiting(struct db *db, int64_t statement, int64_t *ret_rows)
{
    return db_query_i64(db, 0, ret_rows,
                        "SELECT count(*) FROM bank_inbox WHERE statement = ?1 AND state = 'new'",
                        "i", statement);
}
