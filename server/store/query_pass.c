#include "server/store/query_pass.h"

#include "proto/base/check.h"
#include "server/store/query.h"

#define X(name, word, sentence) word,
static const char *const state_words[] = {PASS_STATES(X)};
#undef X

const char *pass_state_text(enum pass_state state)
{
    must(state < PASS_STATE_COUNT);
    return state_words[state];
}

/* ---- passes ---- */

static const char passes_sql[] =
    "SELECT p.id, p.lot, p.name, p.vehicle, p.holder, p.quota,"
    " coalesce((SELECT group_concat(plate, ' ') FROM (SELECT plate FROM pass_plate"
    "  WHERE pass = p.id AND until_ms IS NULL ORDER BY id)), ''),"
    " (SELECT count(*) FROM pass_use u JOIN session s ON s.id = u.session WHERE u.pass = p.id"
    "  AND s.left_ms IS NULL AND s.state NOT IN ('backed_out', 'closed_by_review')),"
    " (SELECT min(covers_ms) FROM pass_period WHERE pass = p.id AND until_ms > ?3),"
    " (SELECT max(until_ms) FROM pass_period WHERE pass = p.id AND covers_ms IS NOT NULL) e,"
    " r.price_vnd - r.paid_vnd, r.code, r.token,"
    " EXISTS (SELECT 1 FROM pass_hold WHERE pass = p.id AND until_ms IS NULL)"
    " FROM pass p LEFT JOIN pass_period r ON r.id = (SELECT id FROM pass_period WHERE pass = p.id"
    "  AND covers_ms IS NULL AND until_ms > ?3 ORDER BY from_ms LIMIT 1)"
    " WHERE (?1 = '' OR p.id = ?1) AND (?2 = '' OR EXISTS (SELECT 1 FROM pass_lot"
    "  WHERE pass = p.id AND lot = ?2)) AND (?4 = 0 OR (e > ?3 AND e <= ?4)) ORDER BY p.id";

static enum pass_state state_of(const struct pass_row *row, bool held, wall_t now)
{
    if (row->until_ms <= now.ms) {
        return row->code[0] ? PASS_UNPAID : PASS_EXPIRED;
    }
    return held ? PASS_SUSPENDED : row->from_ms > now.ms ? PASS_COMING : PASS_VALID;
}

int query_passes(struct db *db, const struct pass_filter *filter, wall_t now,
                 void (*take)(void *context, const struct pass_row *row), void *context)
{
    struct db_row row;
    int error = db_query(db, &row, passes_sql, "ttii", filter->id ? filter->id : "",
                         filter->lot ? filter->lot : "", now.ms, filter->expiring_before_ms);
    while (!error && db_next(&row)) {
        struct pass_row pass = {0};
        query_text(&row, 0, pass.id, sizeof pass.id);
        query_text(&row, 1, pass.lot, sizeof pass.lot);
        query_text(&row, 2, pass.name, sizeof pass.name);
        query_text(&row, 3, pass.vehicle, sizeof pass.vehicle);
        query_text(&row, 4, pass.holder, sizeof pass.holder);
        pass.quota = db_i64(&row, 5);
        query_text(&row, 6, pass.plates, sizeof pass.plates);
        pass.inside = db_i64(&row, 7);
        pass.from_ms = query_number(&row, 8);
        pass.until_ms = query_number(&row, 9);
        pass.due_vnd = query_number(&row, 10);
        query_text(&row, 11, pass.code, sizeof pass.code);
        query_text(&row, 12, pass.token, sizeof pass.token);
        pass.state = state_of(&pass, db_i64(&row, 13) != 0, now);
        take(context, &pass);
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

int query_pass_notes(struct db *db, const char *pass,
                     void (*take)(void *context, const struct pass_note *note), void *context)
{
    static const char sql[] =
        "SELECT from_ms, until_ms, 0, months || ' months, ' || price_vnd || ' VND, code ' || code"
        " || CASE WHEN covers_ms IS NULL THEN ', paid ' || paid_vnd ELSE ', paid' END, made_by"
        " FROM pass_period WHERE pass = ?1"
        " UNION ALL SELECT from_ms, until_ms, 1, plate, by FROM pass_plate WHERE pass = ?1"
        " UNION ALL SELECT from_ms, until_ms, 2, reason, by FROM pass_hold WHERE pass = ?1"
        " UNION ALL SELECT at_ms, NULL, 3, what, by FROM pass_change WHERE pass = ?1"
        " ORDER BY 1, 3";
    static const char *const words[] = {"period", "plate", "suspended", "changed"};
    struct db_row row;
    int error = db_query(db, &row, sql, "t", pass);
    while (!error && db_next(&row)) {
        struct pass_note note = {.at_ms = db_i64(&row, 0), .until_ms = query_number(&row, 1)};
        note.what = words[db_i64(&row, 2) & 3];
        query_text(&row, 3, note.text, sizeof note.text);
        query_text(&row, 4, note.by, sizeof note.by);
        take(context, &note);
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

/* ---- shifts ---- */

static const char shifts_sql[] =
    "SELECT s.id, s.lot, s.gate, s.by, s.previous, s.opened_ms, c.closed_ms, s.float_vnd,"
    " (SELECT count(*) FROM cash_taken WHERE shift = s.id),"
    " (SELECT coalesce(sum(amount_vnd), 0) FROM cash_taken WHERE shift = s.id),"
    " (SELECT coalesce(sum(refund_vnd), 0) FROM cash_taken WHERE shift = s.id),"
    " c.counted_vnd, c.expected_vnd, c.told_vnd,"
    " (SELECT coalesce(sum(amount_vnd), 0) FROM shift_difference WHERE shift = s.id),"
    " (SELECT coalesce(sum(amount_vnd), 0) FROM cash_moved WHERE shift = s.id),"
    " (SELECT coalesce(sum(amount_vnd), 0) FROM ledger_entry WHERE"
    "  account = 'cash:' || s.lot || ':' || s.id AND account >= 'cash:' AND account < 'cash;'),"
    " s.inferred FROM shift s LEFT JOIN shift_close c ON c.shift = s.id"
    " WHERE (?1 = '' OR s.id = ?1) AND (?2 = '' OR s.lot = ?2)"
    " ORDER BY s.opened_ms DESC, s.id DESC LIMIT ?3";

int query_shifts(struct db *db, const char *id, const char *lot, int64_t limit,
                 void (*take)(void *context, const struct shift_row *row), void *context)
{
    struct db_row row;
    int error = db_query(db, &row, shifts_sql, "tti", id ? id : "", lot ? lot : "", limit);
    while (!error && db_next(&row)) {
        struct shift_row s = {0};
        query_text(&row, 0, s.id, sizeof s.id);
        query_text(&row, 1, s.lot, sizeof s.lot);
        query_text(&row, 2, s.gate, sizeof s.gate);
        query_text(&row, 3, s.by, sizeof s.by);
        query_text(&row, 4, s.previous, sizeof s.previous);
        s.opened_ms = db_i64(&row, 5);
        s.closed_ms = query_number(&row, 6);
        s.float_vnd = db_i64(&row, 7);
        s.receipts = db_i64(&row, 8);
        s.taken_vnd = db_i64(&row, 9);
        s.refund_vnd = db_i64(&row, 10);
        s.counted_vnd = query_number(&row, 11);
        s.expected_vnd = query_number(&row, 12);
        s.told_vnd = query_number(&row, 13);
        s.difference_vnd = db_i64(&row, 14);
        s.handed_in_vnd = db_i64(&row, 15);
        s.drawer_vnd = db_i64(&row, 16);
        s.inferred = db_i64(&row, 17) != 0;
        take(context, &s);
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

int query_shift_notes(struct db *db, const char *shift,
                      void (*take)(void *context, const struct shift_note *note), void *context)
{
    struct db_row row;
    int error = db_query(db, &row,
                         "SELECT taken_ms, amount_vnd, verdict, receipt, session FROM cash_taken"
                         " WHERE shift = ?1 UNION ALL SELECT at_ms, amount_vnd, reason, '', ''"
                         " FROM shift_difference WHERE shift = ?1 UNION ALL"
                         " SELECT at_ms, -amount_vnd, kind, '', '' FROM cash_moved"
                         " WHERE shift = ?1 ORDER BY 1",
                         "t", shift);
    while (!error && db_next(&row)) {
        struct shift_note note = {.at_ms = db_i64(&row, 0), .amount_vnd = db_i64(&row, 1)};
        query_text(&row, 2, note.what, sizeof note.what);
        query_text(&row, 3, note.receipt, sizeof note.receipt);
        query_text(&row, 4, note.session, sizeof note.session);
        take(context, &note);
    }
    int ended = db_done(&row);
    return error ? error : ended;
}
