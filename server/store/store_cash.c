#include "server/store/store_cash.h"

#include "proto/base/check.h"
#include "server/store/store_sqlite.h"

/* ---- shifts ---- */

int store_get_shift(struct store *store, const char *id, struct store_shift *ret_shift)
{
    struct db_row row;
    struct store_shift shift = {0};
    int error = db_query(store->db, &row,
                         "SELECT lot, gate, by, opened_ms, float_vnd, taken_over_vnd, previous,"
                         " inferred, event, EXISTS (SELECT 1 FROM shift_close WHERE shift = id)"
                         " FROM shift WHERE id = ?1",
                         "t", id);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            error = str_copy(shift.id, sizeof shift.id, str_c(id));
            store_take(&row, 0, shift.lot, sizeof shift.lot, &error);
            store_take(&row, 1, shift.gate, sizeof shift.gate, &error);
            store_take(&row, 2, shift.by, sizeof shift.by, &error);
            shift.opened.ms = db_i64(&row, 3);
            shift.float_vnd = db_i64(&row, 4);
            shift.taken_over_vnd = db_i64(&row, 5);
            store_take(&row, 6, shift.previous, sizeof shift.previous, &error);
            shift.inferred = db_i64(&row, 7) != 0;
            store_take(&row, 8, shift.event, sizeof shift.event, &error);
            shift.closed = db_i64(&row, 9) != 0;
        }
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_shift = shift;
    }
    return error;
}

int store_add_shift(struct store *store, const struct store_shift *shift)
{
    return db_exec(store->db,
                   "INSERT INTO shift(id, lot, gate, by, opened_ms, float_vnd, previous,"
                   " taken_over_vnd, inferred, event)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                   "ttttiitiit", shift->id, shift->lot, shift->gate, shift->by, shift->opened.ms,
                   shift->float_vnd, shift->previous, shift->taken_over_vnd,
                   (int64_t)shift->inferred, shift->event);
}

int store_add_shift_close(struct store *store, const struct store_shift_close *close)
{
    return db_exec(store->db,
                   "INSERT INTO shift_close(shift, by, closed_ms, counted_vnd, expected_vnd,"
                   " told_vnd, text, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                   "ttiiiitt", close->shift, close->by, close->closed.ms, close->counted_vnd,
                   close->expected_vnd, close->told_vnd, close->text, close->event);
}

int store_add_shift_difference(struct store *store, const char *shift, wall_t at,
                               int64_t amount_vnd, const char *reason, const char *event)
{
    return db_exec(store->db,
                   "INSERT INTO shift_difference(shift, at_ms, amount_vnd, reason, event)"
                   " VALUES (?1, ?2, ?3, ?4, ?5)",
                   "tiitt", shift, at.ms, amount_vnd, reason, event);
}

int store_get_drawer(struct store *store, const char *lot, const char *shift, int64_t *ret_vnd)
{
    char account[LEDGER_ACCOUNT_CAP];
    ledger_cash(account, lot, shift);
    return db_query_i64(store->db, 0, ret_vnd,
                        "SELECT coalesce(sum(amount_vnd), 0) FROM ledger_entry WHERE account = ?1"
                        " AND account >= 'cash:' AND account < 'cash;'",
                        "t", account);
}

/* ---- cash ---- */

int store_add_cash(struct store *store, const struct store_cash *cash)
{
    const struct event *e = cash->event;
    return db_exec(store->db,
                   "INSERT INTO cash_taken(event, lot, gate, shift, receipt, session, by,"
                   " taken_ms, amount_vnd, applied_vnd, refund_vnd, verdict)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                   "tttttttiiiit", e->id, cash->lot, e->gate, e->shift, e->receipt, cash->session,
                   e->by, cash->taken.ms, e->amount_vnd, cash->applied_vnd, cash->refund_vnd,
                   payment_verdict_text(cash->verdict));
}

int store_find_receipt(struct store *store, const char *gate, const char *receipt,
                       char ret_last[MSG_RECEIPT_CAP], bool *ret_used)
{
    struct db_row row;
    int64_t used = 0;
    char last[MSG_RECEIPT_CAP] = "";
    int error = db_query(store->db, &row,
                         "SELECT receipt FROM cash_taken WHERE gate = ?1"
                         " ORDER BY rowid DESC LIMIT 1",
                         "t", gate);
    if (!error && db_next(&row)) {
        store_take(&row, 0, last, sizeof last, &error);
    }
    error = store_end(&row, error);
    error = error ? error
                  : db_query_i64(store->db, 0, &used,
                                 "SELECT EXISTS (SELECT 1 FROM cash_taken WHERE gate = ?1"
                                 " AND receipt = ?2)",
                                 "tt", gate, receipt);
    if (!error) {
        memcpy(ret_last, last, sizeof last);
        *ret_used = used != 0;
    }
    return error;
}

int store_add_cash_move(struct store *store, const struct store_cash_move *move)
{
    return db_exec(store->db,
                   "INSERT INTO cash_moved(id, kind, lot, operator, shift, amount_vnd, by, at_ms,"
                   " code) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                   "tttttitit", move->id, cash_move_text(move->move), move->lot, move->operator_id,
                   move->shift, move->amount_vnd, move->by, move->at.ms, store_or_null(move->code));
}

int store_get_cash_move_by_code(struct store *store, const char *code,
                                struct store_cash_move *ret_move)
{
    static const char *const words[] = {"handed_in", "banked"};
    struct db_row row;
    struct store_cash_move move = {0};
    int error = db_query(store->db, &row,
                         "SELECT id, kind, lot, operator, shift, amount_vnd, by, at_ms"
                         " FROM cash_moved WHERE code = ?1",
                         "t", code);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            error = str_copy(move.code, sizeof move.code, str_c(code));
            store_take(&row, 0, move.id, sizeof move.id, &error);
            move.move = (enum cash_move)store_take_word(&row, 1, words, CASH_MOVE_COUNT, &error);
            store_take(&row, 2, move.lot, sizeof move.lot, &error);
            store_take(&row, 3, move.operator_id, sizeof move.operator_id, &error);
            store_take(&row, 4, move.shift, sizeof move.shift, &error);
            move.amount_vnd = db_i64(&row, 5);
            store_take(&row, 6, move.by, sizeof move.by, &error);
            move.at.ms = db_i64(&row, 7);
        }
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_move = move;
    }
    return error;
}

/* ---- the count ---- */

int store_add_correction(struct store *store, const struct event *event, const char *lot, wall_t at)
{
    return db_exec(store->db,
                   "INSERT INTO occupancy_correction(event, lot, gate, vehicle, count_from,"
                   " count_to, by, text, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                   "ttttiitti", event->id, lot, event->gate, vehicle_text(event->vehicle),
                   (int64_t)event->count_from, (int64_t)event->count_to, event->by, event->text,
                   at.ms);
}

int store_code_is_free(struct store *store, const char *code, bool *ret_free)
{
    int64_t taken = 0;
    int error = db_query_i64(store->db, 0, &taken,
                             "SELECT EXISTS (SELECT 1 FROM session WHERE code = ?1)"
                             " + EXISTS (SELECT 1 FROM pass_period WHERE code = ?1)"
                             " + EXISTS (SELECT 1 FROM cash_moved WHERE code = ?1)"
                             " + EXISTS (SELECT 1 FROM session_code WHERE code = ?1)",
                             "t", code);
    if (!error) {
        *ret_free = taken == 0;
    }
    return error;
}
