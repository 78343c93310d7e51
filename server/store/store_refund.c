/* store_refund.c - refund cases, and the accounts that drivers gave, apart from them. */
#include "proto/base/check.h"
#include "server/store/store_cases.h"
#include "server/store/store_sqlite.h"

#define COLUMNS                                                                  \
    "id, lot, session, credit, cause, amount_vnd, code, granted, state, reason," \
    " requested_by, linked_by, approved_by, sent_by, link, bank_ref,"            \
    " EXISTS (SELECT 1 FROM refund_account WHERE refund = refund.id)"

static int take_refund(struct db_row *row, struct refund *r)
{
    int error = 0;
    memset(r, 0, sizeof *r);
    store_take(row, 0, r->id, sizeof r->id, &error);
    store_take(row, 1, r->lot, sizeof r->lot, &error);
    store_take(row, 2, r->session, sizeof r->session, &error);
    store_take(row, 3, r->credit, sizeof r->credit, &error);
    store_take(row, 4, r->cause, sizeof r->cause, &error);
    r->amount_vnd = db_i64(row, 5);
    store_take(row, 6, r->code, sizeof r->code, &error);
    r->granted = db_i64(row, 7) != 0;
    if (refund_state_parse(db_text(row, 8), &r->state) != 0) {
        return DX_E_CORRUPT;
    }
    store_take(row, 9, r->reason, sizeof r->reason, &error);
    store_take(row, 10, r->requested_by, sizeof r->requested_by, &error);
    store_take(row, 11, r->linked_by, sizeof r->linked_by, &error);
    store_take(row, 12, r->approved_by, sizeof r->approved_by, &error);
    store_take(row, 13, r->sent_by, sizeof r->sent_by, &error);
    r->link = db_i64(row, 14);
    store_take(row, 15, r->bank_ref, sizeof r->bank_ref, &error);
    r->has_account = db_i64(row, 16) != 0;
    return error;
}

int store_add_refund(struct store *store, const struct refund *r, wall_t now)
{
    must(r->state == REFUND_REQUESTED && r->amount_vnd > 0);
    return db_exec(store->db,
                   "INSERT INTO refund(id, lot, session, credit, cause, amount_vnd, code, granted,"
                   " reason, requested_by, requested_ms)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                   "tttttititti", r->id, r->lot, r->session, r->credit, r->cause, r->amount_vnd,
                   r->code, (int64_t)r->granted, r->reason, r->requested_by, now.ms);
}

int store_get_refund(struct store *store, const char *id, struct refund *ret_refund)
{
    struct db_row row;
    struct refund refund = {0};
    int error = db_query(store->db, &row, "SELECT " COLUMNS " FROM refund WHERE id = ?1", "t", id);
    if (!error) {
        error = db_next(&row) ? take_refund(&row, &refund) : DX_E_NOT_FOUND;
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_refund = refund;
    }
    return error;
}

int store_put_refund(struct store *store, const struct refund *r, const char *credit,
                     const char *by, const char *reason, wall_t now)
{
    int error = db_exec(store->db,
                        "UPDATE refund SET state = ?2, linked_by = ?3, link = ?4,"
                        " approved_by = ?5, sent_by = ?6, bank_ref = ?7 WHERE id = ?1",
                        "tttittt", r->id, refund_state_text(r->state), r->linked_by, r->link,
                        r->approved_by, r->sent_by, r->bank_ref);
    switch (r->state) {
    case REFUND_REQUESTED:
        return error;
    case REFUND_APPROVED:
        return error ? error
                     : db_exec(store->db, "UPDATE refund SET approved_ms = ?2 WHERE id = ?1", "ti",
                               r->id, now.ms);
    case REFUND_SENT:
        return error ? error
                     : db_exec(store->db, "UPDATE refund SET sent_ms = ?2 WHERE id = ?1", "ti",
                               r->id, now.ms);
    case REFUND_CONFIRMED:
        return error ? error
                     : db_exec(store->db,
                               "UPDATE refund SET confirmed_ms = ?2, confirmed_by = ?3"
                               " WHERE id = ?1",
                               "tit", r->id, now.ms, credit);
    case REFUND_CANCELLED:
        return error ? error
                     : db_exec(store->db,
                               "UPDATE refund SET cancelled_ms = ?2, cancelled_by = ?3,"
                               " cancel_reason = ?4 WHERE id = ?1",
                               "titt", r->id, now.ms, by, reason);
    case REFUND_STATE_COUNT:
        break;
    }
    must(!"a state of the table");
    return DX_E_STATE;
}

static int take_all(struct store *store, struct db_row *row, int error, struct refund *ret_refunds,
                    int *ret_count)
{
    int count = 0;
    (void)store;
    while (!error && db_next(row)) {
        error = take_refund(row, &ret_refunds[count++]);
    }
    error = store_end(row, error);
    if (!error) {
        *ret_count = count;
    }
    return error;
}

int store_find_refunds_out(struct store *store, const char *account, int64_t amount_vnd,
                           struct refund *ret_refunds, int max, int *ret_count)
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         "SELECT " COLUMNS " FROM refund WHERE state IN ('approved', 'sent')"
                         " AND amount_vnd = ?1 AND lot IN (SELECT id FROM lot WHERE account = ?2)"
                         " ORDER BY requested_ms, id LIMIT ?3",
                         "iti", amount_vnd, account, (int64_t)max);
    return take_all(store, &row, error, ret_refunds, ret_count);
}

int store_find_refunds_of(struct store *store, const char *credit, const char *session,
                          struct refund *ret_refunds, int max, int *ret_count)
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         "SELECT " COLUMNS " FROM refund WHERE state IN ('requested', 'approved')"
                         " AND granted = 0 AND ((credit = ?1 AND credit <> '')"
                         " OR (session = ?2 AND session <> '' AND credit = ''))"
                         " ORDER BY requested_ms, id LIMIT ?3",
                         "tti", credit, session, (int64_t)max);
    return take_all(store, &row, error, ret_refunds, ret_count);
}

int store_sum_granted(struct store *store, const char *session, int64_t *ret_vnd)
{
    return db_query_i64(store->db, 0, ret_vnd,
                        "SELECT coalesce(sum(amount_vnd), 0) FROM refund WHERE session = ?1"
                        " AND granted = 1 AND state <> 'cancelled'",
                        "t", session);
}

int store_put_refund_account(struct store *store, const char *refund, const char *bin,
                             struct str sealed, wall_t now)
{
    must(sealed.n <= REFUND_SEALED_MAX);
    return db_exec(store->db,
                   "INSERT INTO refund_account(refund, bin, sealed, given_ms)"
                   " VALUES (?1, ?2, ?3, ?4) ON CONFLICT(refund) DO UPDATE SET"
                   " bin = excluded.bin, sealed = excluded.sealed, given_ms = excluded.given_ms",
                   "ttbi", refund, bin, sealed, now.ms);
}

int store_end_refund_account(struct store *store, const char *refund, wall_t erase)
{
    return db_exec(store->db, "UPDATE refund_account SET erase_ms = ?2 WHERE refund = ?1", "ti",
                   refund, erase.ms);
}

int store_erase_refund_accounts(struct store *store, wall_t now, int64_t *ret_erased)
{
    int error = db_exec(store->db, "DELETE FROM refund_account WHERE erase_ms <= ?1", "i", now.ms);
    if (!error) {
        *ret_erased = db_changes(store->db);
    }
    return error;
}
