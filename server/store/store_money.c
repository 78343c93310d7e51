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

#define X(name, word, sentence) word,
static const char *const source_words[] = {CREDIT_SOURCES(X)};
#undef X

int store_next_notice(struct store *store, int64_t after, char *space,
                      struct store_notice *ret_notice)
{
    struct db_row row;
    struct store_notice notice = {0};
    int error = db_query(store->db, &row,
                         "SELECT id, provider, received_ms, body, source, statement, line"
                         " FROM bank_inbox WHERE state = 'new' AND id > ?1 ORDER BY id LIMIT 1",
                         "i", after);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            struct str body = db_text(&row, 3);
            error = body.n <= STORE_NOTICE_MAX ? 0 : DX_E_CORRUPT;
            notice.id = db_i64(&row, 0);
            notice.received.ms = db_i64(&row, 2);
            store_take(&row, 1, notice.provider, sizeof notice.provider, &error);
            notice.source = (enum credit_source)store_take_word(&row, 4, source_words,
                                                                CREDIT_SOURCE_COUNT, &error);
            notice.statement = db_i64(&row, 5);
            notice.line = (int)db_i64(&row, 6);
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

/* By the id that this provider gave it, told as the first or as a later source. */
static int find_by_tx(struct store *store, const struct bank_credit *credit,
                      enum payment_seen *seen, char id[ULID_CAP])
{
    struct db_row row;
    int error =
        db_query(store->db, &row,
                 "SELECT amount_vnd, direction, account, bank_ref, id, provider_tx"
                 " FROM bank_credit WHERE (provider = ?1 AND provider_tx = ?2) OR id IN"
                 " (SELECT credit FROM bank_source WHERE provider = ?1 AND provider_tx = ?2)",
                 "tt", credit->provider, credit->provider_tx);
    if (!error && db_next(&row)) {
        /* Another source may have spelled the reference another way, or had none. */
        bool own = str_eq_c(db_text(&row, 5), credit->provider_tx);
        struct str ref = db_text(&row, 3);
        bool same = db_i64(&row, 0) == credit->amount_vnd &&
                    str_eq_c(db_text(&row, 1), direction(credit)) &&
                    str_eq_c(db_text(&row, 2), credit->account) &&
                    (!own || ref.n == 0 || !credit->bank_ref[0] || str_eq_c(ref, credit->bank_ref));
        *seen = same ? PAYMENT_KNOWN_TX : PAYMENT_CHANGED;
        store_take(&row, 4, id, ULID_CAP, &error);
    }
    return store_end(&row, error);
}

/*
 * No source has two transfers in one credit.  A credit that this source has told of under another
 * reference (a twin took it before its own row came) is taken, so that this row finds another or
 * is a new one.  Of a statement's identical rows each has a credit of its own; a provider that
 * sends one transfer under two numbers has not.
 */
static int find_by_ref(struct store *store, const struct bank_credit *credit,
                       enum payment_seen *seen, char id[ULID_CAP])
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         "SELECT id FROM bank_credit WHERE account = ?1 AND bank_ref = ?2"
                         " AND amount_vnd = ?3 AND direction = ?4 AND NOT EXISTS"
                         " (SELECT 1 FROM bank_source s WHERE s.credit = bank_credit.id"
                         "  AND s.source = ?5 AND s.provider = ?6 AND s.provider_tx <> ?7"
                         "  AND (s.bank_ref <> ?2 OR s.source = 'statement')) ORDER BY id LIMIT 1",
                         "ttitttt", credit->account, credit->bank_ref, credit->amount_vnd,
                         direction(credit), credit_source_text(credit->source), credit->provider,
                         credit->provider_tx);
    if (!error && db_next(&row)) {
        *seen = PAYMENT_KNOWN_REF;
        store_take(&row, 0, id, ULID_CAP, &error);
    }
    return store_end(&row, error);
}

int store_find_credit(struct store *store, const struct bank_credit *credit,
                      enum payment_seen *ret_seen, char ret_id[ULID_CAP])
{
    enum payment_seen seen = PAYMENT_NEW;
    char id[ULID_CAP] = "";
    int error = find_by_tx(store, credit, &seen, id);
    if (!error && seen == PAYMENT_NEW && credit->bank_ref[0]) {
        error = find_by_ref(store, credit, &seen, id);
    }
    if (!error) {
        *ret_seen = seen;
        memcpy(ret_id, id, ULID_CAP);
    }
    return error;
}

int store_add_credit(struct store *store, const struct bank_credit *credit,
                     const struct store_credit *row)
{
    return db_exec(store->db,
                   "INSERT INTO bank_credit(id, provider, provider_tx, account, bank_ref,"
                   " direction, amount_vnd, booked_ms, received_ms, content, code, session,"
                   " verdict, inbox, date_only)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
                   "ttttttiiittttii", row->id, credit->provider, credit->provider_tx,
                   credit->account, credit->bank_ref, direction(credit), credit->amount_vnd,
                   credit->booked.ms, row->received.ms, credit->content, row->code,
                   store_or_null(row->session), payment_verdict_text(row->verdict), row->inbox,
                   (int64_t)credit->date_only);
}
