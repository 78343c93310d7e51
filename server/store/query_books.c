#include "server/store/query_books.h"

#include "server/store/query.h"

/* Each query gives rows (rule, what, is, should) that differ. */
static const char rules_sql[] =
    "WITH balance(account, amount) AS ("
    " SELECT account, sum(amount_vnd) FROM ledger_entry GROUP BY account),"
    " owed(account, amount) AS ("
    " SELECT 'prepaid:' || id, -(SELECT coalesce(sum(paid_vnd), 0) FROM session"
    "  WHERE lot = lot.id AND state IN"
    "  ('arriving', 'inside', 'quoted', 'paid', 'exempt', 'leaving')) FROM lot"
    " UNION ALL SELECT 'receivable:' || id, (SELECT coalesce(sum(fee_vnd - paid_vnd), 0)"
    "  FROM session WHERE lot = lot.id AND state = 'left_unpaid') FROM lot"
    " UNION ALL SELECT 'revenue:' || id, -(SELECT coalesce(sum(fee_vnd), 0) FROM session"
    "  WHERE lot = lot.id AND state IN ('left', 'left_unpaid', 'written_off')) FROM lot)"
    " SELECT 'transaction', tx, sum(amount_vnd), 0 FROM ledger_entry GROUP BY tx"
    "  HAVING sum(amount_vnd) <> 0"
    " UNION ALL SELECT 'transaction without entries', id, 0, 0 FROM ledger_tx"
    "  WHERE NOT EXISTS (SELECT 1 FROM ledger_entry WHERE tx = ledger_tx.id)"
    " UNION ALL SELECT 'trial balance', 'all entries', coalesce(sum(amount_vnd), 0), 0"
    "  FROM ledger_entry HAVING coalesce(sum(amount_vnd), 0) <> 0"
    " UNION ALL SELECT 'sessions', owed.account, coalesce(balance.amount, 0), owed.amount"
    "  FROM owed LEFT JOIN balance USING (account)"
    "  WHERE coalesce(balance.amount, 0) <> owed.amount"
    " UNION ALL SELECT 'transfers', 'all banks',"
    "  (SELECT coalesce(sum(amount), 0) FROM balance WHERE account LIKE 'bank:%'),"
    "  (SELECT coalesce(sum(CASE direction WHEN 'in' THEN amount_vnd ELSE -amount_vnd END), 0)"
    "   FROM bank_credit)"
    "  WHERE (SELECT coalesce(sum(amount), 0) FROM balance WHERE account LIKE 'bank:%') <>"
    "  (SELECT coalesce(sum(CASE direction WHEN 'in' THEN amount_vnd ELSE -amount_vnd END), 0)"
    "   FROM bank_credit)"
    " UNION ALL SELECT 'transfer without transaction', provider || ':' || provider_tx,"
    "  0, amount_vnd FROM bank_credit WHERE NOT EXISTS (SELECT 1 FROM ledger_tx"
    "  WHERE id = 'credit:' || provider || ':' || provider_tx)";

/*
 * Cash: what each drawer should hold by its rows, and what the operators' over-and-short accounts
 * should.  Both sides in one list; rows (account, is, should).
 */
static const char cash_sql[] =
    "WITH side(account, is_vnd, should_vnd) AS ("
    " SELECT account, amount_vnd, 0 FROM ledger_entry WHERE account LIKE 'cash:%'"
    " UNION ALL SELECT 'cash:' || lot || ':' || id, 0, float_vnd FROM shift"
    " UNION ALL SELECT 'cash:' || lot || ':' || previous, 0, -taken_over_vnd FROM shift"
    "  WHERE taken_over_vnd <> 0"
    " UNION ALL SELECT 'cash:' || lot || ':' || shift, 0, amount_vnd FROM cash_taken"
    " UNION ALL SELECT 'cash:' || lot || ':' || shift, 0, -amount_vnd FROM cash_moved"
    "  WHERE kind = 'handed_in'"
    " UNION ALL SELECT 'cash:' || s.lot || ':' || s.id, 0, d.amount_vnd"
    "  FROM shift_difference d JOIN shift s ON s.id = d.shift WHERE d.reason <> 'hand_over'"
    " UNION ALL SELECT account, amount_vnd, 0 FROM ledger_entry"
    "  WHERE account LIKE 'cash_over_short:%'"
    " UNION ALL SELECT 'cash_over_short:' || l.operator, 0, -d.amount_vnd"
    "  FROM shift_difference d JOIN shift s ON s.id = d.shift JOIN lot l ON l.id = s.lot)"
    " SELECT 'cash', account, sum(is_vnd), sum(should_vnd) FROM side GROUP BY account"
    " HAVING sum(is_vnd) <> sum(should_vnd)";

/* What is owed back, and what was given up, by its cases.  Rows (account, is, should). */
static const char cases_sql[] =
    "WITH side(account, is_vnd, should_vnd) AS ("
    " SELECT account, amount_vnd, 0 FROM ledger_entry WHERE account LIKE 'refund_due:%'"
    "  OR account LIKE 'written_off:%' OR account LIKE 'refunded:%'"
    "  OR account LIKE 'unclaimed:%'"
    " UNION ALL SELECT 'refund_due:' || lot, 0, -amount_vnd FROM refund"
    "  WHERE state IN ('approved', 'sent') OR (state = 'requested' AND granted = 0)"
    " UNION ALL SELECT 'refunded:' || lot, 0, amount_vnd FROM refund"
    "  WHERE granted = 1 AND state IN ('approved', 'sent', 'confirmed')"
    " UNION ALL SELECT 'unclaimed:' || lot, 0, -amount_vnd FROM refund"
    "  WHERE granted = 0 AND state = 'cancelled' AND cancelled_by <> 'system'"
    " UNION ALL SELECT 'written_off:' || lot, 0, fee_vnd - paid_vnd FROM session"
    "  WHERE state = 'written_off')"
    " SELECT 'cases', account, sum(is_vnd), sum(should_vnd) FROM side GROUP BY account"
    " HAVING sum(is_vnd) <> sum(should_vnd)";

/* Passes: what was paid and is not earned yet, and what is. */
static const char pass_sql[] =
    "WITH side(account, is_vnd, should_vnd) AS ("
    " SELECT account, amount_vnd, 0 FROM ledger_entry WHERE account LIKE 'pass_%'"
    " UNION ALL SELECT 'pass_deferred:' || p.lot, 0, CASE WHEN r.earned = r.months THEN 0"
    "  ELSE r.price_vnd / r.months * r.earned - r.paid_vnd END"
    "  FROM pass_period r JOIN pass p ON p.id = r.pass"
    " UNION ALL SELECT 'pass_revenue:' || p.lot, 0, CASE WHEN r.earned = r.months"
    "  THEN -r.price_vnd ELSE -(r.price_vnd / r.months * r.earned) END"
    "  FROM pass_period r JOIN pass p ON p.id = r.pass)"
    " SELECT 'passes', account, sum(is_vnd), sum(should_vnd) FROM side GROUP BY account"
    " HAVING sum(is_vnd) <> sum(should_vnd)";

static int run_rules(struct db *db, const char *sql,
                     void (*fault)(void *context, const struct books_fault *fault), void *context)
{
    struct db_row row;
    char rule[48];
    int error = db_query(db, &row, sql, "");
    while (!error && db_next(&row)) {
        struct books_fault found = {
            .rule = rule, .is_vnd = db_i64(&row, 2), .should_vnd = db_i64(&row, 3)};
        str_copy_cut(rule, sizeof rule, db_text(&row, 0));
        str_copy_cut(found.what, sizeof found.what, db_text(&row, 1));
        fault(context, &found);
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

int query_books(struct db *db, void (*fault)(void *context, const struct books_fault *fault),
                void *context)
{
    static const char *const rules[] = {rules_sql, cash_sql, cases_sql, pass_sql};
    int error = query_begin(db);
    if (error) {
        return error;
    }
    for (size_t i = 0; i < sizeof rules / sizeof rules[0] && !error; i++) {
        error = run_rules(db, rules[i], fault, context);
    }
    query_end(db);
    return error;
}
