#include "server/store/query_day.h"

#include <string.h>

/* ?1 operator, ?2 from, ?3 until, ?4 as of, ?5 number: the same in every query below. */
#define MINE                                                                                     \
    "WITH mine AS (SELECT id, account, bin || '-' || account AS bank FROM lot WHERE operator = " \
    "?1)"                                                                                        \
    " "
#define BINDS "tiiii"
#define SCOPE scope->operator_id, scope->from.ms, scope->until.ms, scope->as_of.ms, scope->number

static void copy(struct db_row *row, int column, char *out, size_t cap)
{
    str_copy_cut(out, cap, db_text(row, column));
}

static int end_rows(struct db_row *row, int error)
{
    int end = db_done(row);
    return error ? error : end;
}

/* ---- accounts ---- */

int query_day_accounts(struct db *db, const struct day_scope *scope,
                       int (*take)(void *context, const struct day_account *row), void *context)
{
    struct db_row row;
    int error = db_query(
        db, &row,
        MINE ", owner(name) AS (SELECT ?1 UNION SELECT id FROM mine UNION SELECT account FROM mine"
             " UNION SELECT bank FROM mine)"
             " SELECT e.account,"
             " sum(CASE WHEN t.at_ms < ?2 THEN e.amount_vnd ELSE 0 END),"
             " sum(CASE WHEN t.at_ms >= ?2 AND e.amount_vnd > 0 THEN e.amount_vnd ELSE 0 END),"
             " -sum(CASE WHEN t.at_ms >= ?2 AND e.amount_vnd < 0 THEN e.amount_vnd ELSE 0 END)"
             " FROM ledger_tx t JOIN ledger_entry e ON e.tx = t.id"
             " WHERE t.number <= ?5 AND t.at_ms < ?3 AND ?4 IS NOT NULL"
             " AND (substr(e.account, instr(e.account, ':') + 1) IN (SELECT name FROM owner)"
             "  OR (e.account GLOB 'cash:*' AND substr(e.account, 6, length(e.account) - 32)"
             "   IN (SELECT name FROM owner)))"
             " GROUP BY e.account ORDER BY e.account",
        BINDS, SCOPE);
    while (!error && db_next(&row)) {
        struct day_account a = {.opening_vnd = db_i64(&row, 1),
                                .debit_vnd = db_i64(&row, 2),
                                .credit_vnd = db_i64(&row, 3)};
        copy(&row, 0, a.account, sizeof a.account);
        a.closing_vnd = a.opening_vnd + a.debit_vnd - a.credit_vnd;
        error = take(context, &a);
    }
    return end_rows(&row, error);
}

/* ---- transfers ---- */

#define TOLD(word)                                                                        \
    "EXISTS (SELECT 1 FROM bank_source s WHERE s.credit = c.id AND s.source = '" word "'" \
    " AND s.first_ms <= ?4)"

static const char credits_sql[] =
    MINE "SELECT c.id, c.account, c.bank_ref, c.booked_ms, c.amount_vnd, c.direction, "
         "c.verdict, " TOLD("webhook") ", " TOLD("poll") ", " TOLD(
             "statement") ","
                          " EXISTS (SELECT 1 FROM bank_statement b WHERE b.account = c.account AND "
                          "b.imported_ms <= ?4"
                          "  AND b.first_ms <= c.booked_ms AND b.last_ms >= c.booked_ms),"
                          " EXISTS (SELECT 1 FROM review r WHERE r.credit = c.id AND r.kind = "
                          "'bank_different'"
                          "  AND r.opened_ms <= ?4 AND (r.closed_ms IS NULL OR r.closed_ms > ?4)),"
                          " EXISTS (SELECT 1 FROM proposal p JOIN proposal_part q ON q.proposal = "
                          "p.id"
                          "  WHERE p.credit = c.id AND p.state = 'approved' AND p.decided_ms <= ?4"
                          "  AND q.action <> 'keep'),"
                          " EXISTS (SELECT 1 FROM credit_back k JOIN bank_credit o ON o.id = "
                          "k.out_credit"
                          "  WHERE k.credit = c.id AND o.received_ms <= ?4),"
                          " EXISTS (SELECT 1 FROM refund f WHERE f.confirmed_by = c.id AND "
                          "f.confirmed_ms <= ?4),"
                          " EXISTS (SELECT 1 FROM credit_back k WHERE k.out_credit = c.id)"
                          " FROM bank_credit c WHERE c.account IN (SELECT account FROM mine)"
                          " AND c.booked_ms >= ?2 AND c.booked_ms < ?3 AND c.received_ms <= ?4 AND "
                          "?5 IS NOT NULL"
                          " ORDER BY c.account, c.booked_ms, c.bank_ref, c.id";

int query_day_credits(struct db *db, const struct day_scope *scope,
                      int (*take)(void *context, const struct day_credit *row), void *context)
{
    struct db_row row;
    int error = db_query(db, &row, credits_sql, BINDS, SCOPE);
    while (!error && db_next(&row)) {
        struct day_credit c = {.booked = {db_i64(&row, 3)}, .amount_vnd = db_i64(&row, 4)};
        copy(&row, 0, c.id, sizeof c.id);
        copy(&row, 1, c.account, sizeof c.account);
        copy(&row, 2, c.reference, sizeof c.reference);
        copy(&row, 6, c.verdict, sizeof c.verdict);
        c.transfer = (struct day_transfer){.out = str_eq_c(db_text(&row, 5), "out"),
                                           .verdict = c.verdict,
                                           .by_webhook = db_i64(&row, 7) != 0,
                                           .by_poll = db_i64(&row, 8) != 0,
                                           .by_statement = db_i64(&row, 9) != 0,
                                           .statement_covers = db_i64(&row, 10) != 0,
                                           .differs = db_i64(&row, 11) != 0,
                                           .resolved = db_i64(&row, 12) != 0,
                                           .taken_back = db_i64(&row, 13) != 0,
                                           .pays_refund = db_i64(&row, 14) != 0,
                                           .reverses = db_i64(&row, 15) != 0};
        c.class_ = day_classify(&c.transfer);
        error = take(context, &c);
    }
    return end_rows(&row, error);
}

int query_day_banks(struct db *db, const struct day_scope *scope,
                    int (*take)(void *context, const struct day_bank *row), void *context)
{
    struct db_row row;
    int error =
        db_query(db, &row,
                 MINE "SELECT m.account,"
                      " (SELECT coalesce(sum(e.amount_vnd), 0) FROM ledger_tx t JOIN ledger_entry e"
                      "  ON e.tx = t.id AND e.account = 'bank:' || m.bank WHERE t.number <= ?5"
                      "  AND t.at_ms >= ?2 AND t.at_ms < ?3),"
                      " (SELECT coalesce(sum(CASE c.direction WHEN 'in' THEN c.amount_vnd"
                      "  ELSE -c.amount_vnd END), 0) FROM bank_credit c WHERE c.account = m.account"
                      "  AND c.booked_ms >= ?2 AND c.booked_ms < ?3 AND c.received_ms <= ?4)"
                      " FROM (SELECT DISTINCT account, bank FROM mine) m ORDER BY m.bank",
                 BINDS, SCOPE);
    while (!error && db_next(&row)) {
        struct day_bank b = {.ledger_vnd = db_i64(&row, 1), .transfers_vnd = db_i64(&row, 2)};
        copy(&row, 0, b.account, sizeof b.account);
        error = take(context, &b);
    }
    return end_rows(&row, error);
}

/* ---- statements ---- */

int query_day_statements(struct db *db, const struct day_scope *scope,
                         int (*take)(void *context, const struct day_statement *row), void *context)
{
    struct db_row row;
    int error = db_query(
        db, &row,
        MINE "SELECT b.account, b.file, b.rows, b.in_vnd, b.out_vnd, b.gaps, b.opening_vnd,"
             " b.closing_vnd, (SELECT count(*) FROM bank_inbox i WHERE i.statement = b.id"
             "  AND i.state IN ('rejected', 'candidate'))"
             " FROM bank_statement b WHERE b.account IN (SELECT account FROM mine)"
             " AND b.imported_ms <= ?4 AND b.first_ms < ?3 AND b.last_ms >= ?2"
             " AND ?5 IS NOT NULL ORDER BY b.account, b.first_ms, b.id",
        BINDS, SCOPE);
    while (!error && db_next(&row)) {
        struct day_statement s = {.rows = db_i64(&row, 2),
                                  .in_vnd = db_i64(&row, 3),
                                  .out_vnd = db_i64(&row, 4),
                                  .gaps = db_i64(&row, 5),
                                  .has_balances = !db_is_null(&row, 6) && !db_is_null(&row, 7),
                                  .opening_vnd = db_i64(&row, 6),
                                  .closing_vnd = db_i64(&row, 7),
                                  .waiting = db_i64(&row, 8)};
        copy(&row, 0, s.account, sizeof s.account);
        copy(&row, 1, s.file, sizeof s.file);
        error = take(context, &s);
    }
    return end_rows(&row, error);
}

/* ---- lots ---- */

#define COUNT_EVENTS(type)                                                            \
    "(SELECT count(*) FROM event v JOIN gate g ON g.id = v.gate WHERE g.lot = lot.id" \
    " AND v.type = '" type "' AND v.outcome = 'applied' AND v.session <> ''"          \
    " AND v.received_ms <= ?4 AND v.wall_ms >= ?2 AND v.wall_ms < ?3)"

static const char lots_sql[] =
    "SELECT lot.id, lot.name, " COUNT_EVENTS("entered") ", " COUNT_EVENTS(
        "left") ","
                " (SELECT count(*) FROM session s WHERE s.lot = lot.id AND s.left_ms >= ?2 AND "
                "s.left_ms < ?3"
                "  AND s.state IN ('left', 'left_unpaid', 'written_off') AND EXISTS (SELECT 1 FROM "
                "event v"
                "   WHERE v.session = s.id AND v.type = 'left' AND v.received_ms <= ?4)),"
                " (SELECT coalesce(-sum(e.amount_vnd), 0) FROM ledger_tx t JOIN ledger_entry e ON "
                "e.tx = t.id"
                "  AND e.account = 'revenue:' || lot.id WHERE t.lot = lot.id AND t.kind = 'fee'"
                "  AND t.number <= ?5 AND t.at_ms >= ?2 AND t.at_ms < ?3),"
                " (SELECT coalesce(sum(e.amount_vnd), 0) FROM ledger_tx t JOIN ledger_entry e ON "
                "e.tx = t.id"
                "  AND e.account = 'receivable:' || lot.id WHERE t.lot = lot.id AND t.kind = 'fee'"
                "  AND t.number <= ?5 AND t.at_ms >= ?2 AND t.at_ms < ?3),"
                " (SELECT coalesce(-sum(e.amount_vnd), 0) FROM ledger_tx t JOIN ledger_entry e ON "
                "e.tx = t.id"
                "  AND e.account = 'receivable:' || lot.id WHERE t.lot = lot.id AND e.amount_vnd < "
                "0"
                "  AND t.kind <> 'writeoff' AND t.number <= ?5 AND t.at_ms >= ?2 AND t.at_ms < ?3),"
                " (SELECT count(*) FROM event v JOIN gate g ON g.id = v.gate WHERE g.lot = lot.id"
                "  AND v.type = 'hand_opened' AND v.received_ms <= ?4 AND v.wall_ms >= ?2 AND "
                "v.wall_ms < ?3),"
                " (SELECT count(*) FROM unlogged u WHERE u.lot = lot.id AND u.at_ms >= ?2 AND "
                "u.at_ms < ?3)"
                " FROM lot WHERE lot.operator = ?1 ORDER BY lot.id";

int query_day_lots(struct db *db, const struct day_scope *scope,
                   int (*take)(void *context, const struct day_lot *row), void *context)
{
    struct db_row row;
    int error = db_query(db, &row, lots_sql, BINDS, SCOPE);
    while (!error && db_next(&row)) {
        struct day_lot l = {.entered = db_i64(&row, 2),
                            .left = db_i64(&row, 3),
                            .left_sessions = db_i64(&row, 4),
                            .fee_vnd = db_i64(&row, 5),
                            .debt_vnd = db_i64(&row, 6),
                            .late_vnd = db_i64(&row, 7),
                            .by_hand = db_i64(&row, 8),
                            .unlogged = db_i64(&row, 9)};
        copy(&row, 0, l.lot, sizeof l.lot);
        copy(&row, 1, l.name, sizeof l.name);
        error = take(context, &l);
    }
    return end_rows(&row, error);
}

/* ---- cash ---- */

static const char shifts_sql[] =
    MINE "SELECT s.id, s.lot, s.by, s.opened_ms, coalesce(c.closed_ms, 0),"
         " coalesce(sum(k.amount_vnd), 0), count(k.event),"
         " (SELECT coalesce(sum(e.amount_vnd), 0) FROM cash_taken q JOIN ledger_entry e"
         "  ON e.tx = 'cash:' || q.event AND e.account = 'cash:' || s.lot || ':' || s.id"
         "  JOIN ledger_tx t ON t.id = e.tx AND t.number <= ?5"
         "  WHERE q.shift = s.id AND q.taken_ms >= ?2 AND q.taken_ms < ?3),"
         /* Cash that was told after the close is a difference as well. */
         " coalesce(c.counted_vnd, 0) - (SELECT coalesce(sum(f.amount_vnd), 0)"
         "  FROM shift_difference f JOIN ledger_tx t ON t.number <= ?5"
         "  AND t.id = CASE f.reason WHEN 'close' THEN 'shift_close:' || f.shift"
         "  ELSE f.reason || ':' || f.event END"
         "  WHERE f.shift = c.shift AND f.reason IN ('close', 'late_cash') AND f.at_ms < ?3),"
         " coalesce(c.counted_vnd, 0)"
         " FROM shift s LEFT JOIN shift_close c ON c.shift = s.id AND c.closed_ms < ?3"
         "  AND c.closed_ms <= ?4"
         " LEFT JOIN cash_taken k ON k.shift = s.id AND k.taken_ms >= ?2 AND k.taken_ms < ?3"
         " WHERE s.lot IN (SELECT id FROM mine) AND s.opened_ms < ?3 AND s.opened_ms <= ?4"
         " GROUP BY s.id HAVING count(k.event) > 0 OR coalesce(c.closed_ms, 0) >= ?2"
         " ORDER BY s.lot, s.opened_ms, s.id";

int query_day_shifts(struct db *db, const struct day_scope *scope,
                     int (*take)(void *context, const struct day_shift *row), void *context)
{
    struct db_row row;
    int error = db_query(db, &row, shifts_sql, BINDS, SCOPE);
    while (!error && db_next(&row)) {
        struct day_shift s = {.opened = {db_i64(&row, 3)},
                              .closed = {db_i64(&row, 4)},
                              .taken_vnd = db_i64(&row, 5),
                              .receipts = db_i64(&row, 6),
                              .ledger_vnd = db_i64(&row, 7),
                              .expected_vnd = db_i64(&row, 8),
                              .counted_vnd = db_i64(&row, 9)};
        copy(&row, 0, s.shift, sizeof s.shift);
        copy(&row, 1, s.lot, sizeof s.lot);
        copy(&row, 2, s.by, sizeof s.by);
        error = take(context, &s);
    }
    return end_rows(&row, error);
}

int query_day_refunds(struct db *db, const struct day_scope *scope, int64_t *ret_count,
                      int64_t *ret_vnd)
{
    struct db_row row;
    int64_t count = 0;
    int64_t sum = 0;
    int error = db_query(db, &row,
                         MINE "SELECT count(*), coalesce(sum(amount_vnd), 0) FROM refund"
                              " WHERE lot IN (SELECT id FROM mine) AND requested_ms <= ?4"
                              " AND (confirmed_ms IS NULL OR confirmed_ms > ?4)"
                              " AND (cancelled_ms IS NULL OR cancelled_ms > ?4)"
                              " AND ?2 < ?3 AND ?5 IS NOT NULL",
                         BINDS, SCOPE);
    if (!error && db_next(&row)) {
        count = db_i64(&row, 0);
        sum = db_i64(&row, 1);
    }
    error = end_rows(&row, error);
    if (!error) {
        *ret_count = count;
        *ret_vnd = sum;
    }
    return error;
}
