/* store_money.c - what banks said, and what became of it. */
#include "proto/base/check.h"
#include "server/store/store_sqlite.h"

/* ---- the raw word ---- */

int store_add_inbox(struct store *store, const char *provider, wall_t received, struct str body,
                    int64_t *ret_id)
{
    int error = db_exec(store->db,
                        "INSERT INTO bank_inbox(provider, received_ms, body) VALUES (?1, ?2, ?3)",
                        "tib", provider, received.ms, body);
    if (!error) {
        *ret_id = db_last_id(store->db);
    }
    return error;
}

int store_next_notice(struct store *store, int64_t after, char *space,
                      struct store_notice *ret_notice)
{
    struct db_row row;
    struct store_notice notice = {0};
    int error = db_query(store->db, &row,
                         "SELECT id, provider, received_ms, body FROM bank_inbox"
                         " WHERE state = 'new' AND id > ?1 ORDER BY id LIMIT 1",
                         "i", after);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            struct str body = db_text(&row, 3);
            error = body.n <= STORE_NOTICE_MAX ? 0 : DX_E_CORRUPT;
            notice.id = db_i64(&row, 0);
            notice.received.ms = db_i64(&row, 2);
            store_take(&row, 1, notice.provider, sizeof notice.provider, &error);
            if (!error) {
                memcpy(space, body.p, body.n);
                notice.body = (struct str){space, body.n};
            }
        }
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_notice = notice;
    }
    return error;
}

int store_close_notice(struct store *store, int64_t id, const char *state, const char *reason)
{
    return db_exec(store->db, "UPDATE bank_inbox SET state = ?2, reason = ?3 WHERE id = ?1", "itt",
                   id, state, reason);
}

/* ---- credits ---- */

static const char *direction(const struct bank_credit *credit)
{
    return credit->out ? "out" : "in";
}

int store_find_credit(struct store *store, const struct bank_credit *credit,
                      enum payment_seen *ret_seen)
{
    struct db_row row;
    enum payment_seen seen = PAYMENT_NEW;
    int error = db_query(store->db, &row,
                         "SELECT amount_vnd, direction, account, bank_ref FROM bank_credit"
                         " WHERE provider = ?1 AND provider_tx = ?2",
                         "tt", credit->provider, credit->provider_tx);
    if (!error && db_next(&row)) {
        bool same = db_i64(&row, 0) == credit->amount_vnd &&
                    str_eq_c(db_text(&row, 1), direction(credit)) &&
                    str_eq_c(db_text(&row, 2), credit->account) &&
                    str_eq_c(db_text(&row, 3), credit->bank_ref);
        seen = same ? PAYMENT_KNOWN_TX : PAYMENT_CHANGED;
    }
    error = store_end(&row, error);
    if (!error && seen == PAYMENT_NEW && credit->bank_ref[0]) {
        int64_t has = 0;
        error = db_query_i64(store->db, 0, &has,
                             "SELECT 1 FROM bank_credit WHERE account = ?1 AND bank_ref = ?2"
                             " AND amount_vnd = ?3 AND direction = ?4 LIMIT 1",
                             "ttit", credit->account, credit->bank_ref, credit->amount_vnd,
                             direction(credit));
        if (has) {
            seen = PAYMENT_KNOWN_REF;
        }
    }
    if (!error) {
        *ret_seen = seen;
    }
    return error;
}

int store_add_credit(struct store *store, const struct bank_credit *credit,
                     const struct store_credit *row)
{
    return db_exec(store->db,
                   "INSERT INTO bank_credit(id, provider, provider_tx, account, bank_ref,"
                   " direction, amount_vnd, booked_ms, received_ms, content, code, session,"
                   " verdict, inbox)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
                   "ttttttiiitttti", row->id, credit->provider, credit->provider_tx,
                   credit->account, credit->bank_ref, direction(credit), credit->amount_vnd,
                   credit->booked.ms, row->received.ms, credit->content, row->code,
                   store_or_null(row->session), payment_verdict_text(row->verdict), row->inbox);
}
