/* store_bank.c - raw rows of banks, their sources, imported files, cursors. */
#include "server/store/store_bank.h"

#include "server/store/store_sqlite.h"

int store_open_another(const char *path, int busy_ms, struct store **ret_store)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store) {
        return DX_E_MEMORY;
    }
    int error = db_open_another(path, busy_ms, &store->db);
    if (error) {
        free(store);
        return error;
    }
    *ret_store = store;
    return 0;
}

/* ---- raw rows ---- */

int store_add_inbox_row(struct store *store, const struct store_inbox_row *row, int64_t *ret_id)
{
    int64_t has = 0;
    int error = 0;
    if (row->digest[0]) { /* looked up first: a failed insert would end the transaction's savepoint
                           */
        error = db_query_i64(store->db, 0, &has,
                             "SELECT 1 FROM bank_inbox WHERE provider = ?1 AND digest = ?2", "tt",
                             row->provider, row->digest);
    }
    if (error || has) {
        return error ? error : DX_E_EXISTS;
    }
    error =
        db_exec(store->db,
                "INSERT INTO bank_inbox(provider, received_ms, body, source, digest, line,"
                " statement) VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, 0))",
                "tibttii", row->provider, row->received.ms, row->body,
                credit_source_text(row->source), row->digest, (int64_t)row->line, row->statement);
    if (!error) {
        *ret_id = db_last_id(store->db);
    }
    return error;
}

int store_has_notice(struct store *store, bool *ret_has)
{
    int64_t has = 0;
    int error = db_query_i64(store->db, 0, &has,
                             "SELECT 1 FROM bank_inbox WHERE state = 'new' LIMIT 1", "");
    if (!error) {
        *ret_has = has != 0;
    }
    return error;
}

/* ---- who told of a credit ---- */

int store_add_source(struct store *store, const char *credit_id, const struct bank_credit *told,
                     int64_t inbox, wall_t now)
{
    int error = db_exec(store->db,
                        "INSERT INTO bank_source(credit, source, provider, provider_tx, inbox,"
                        " first_ms, last_ms, bank_ref) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)"
                        " ON CONFLICT DO UPDATE SET times = times + 1, last_ms = ?6",
                        "ttttiit", credit_id, credit_source_text(told->source), told->provider,
                        told->provider_tx, inbox, now.ms, told->bank_ref);
    if (!error && told->has_balance) {
        error = db_exec(store->db,
                        "UPDATE bank_source SET balance_vnd = ?5 WHERE credit = ?1 AND source = ?2"
                        " AND provider = ?3 AND provider_tx = ?4",
                        "tttti", credit_id, credit_source_text(told->source), told->provider,
                        told->provider_tx, told->balance_vnd);
    }
    return error;
}

int store_find_twin(struct store *store, const struct bank_credit *credit, const char *code,
                    const struct store_window *window,
                    bool (*is_it)(void *context, const struct store_twin *twin), void *context,
                    char ret_id[ULID_CAP])
{
    struct db_row row;
    struct store_twin twin;
    bool found = false;
    int error =
        db_query(store->db, &row,
                 "SELECT id, provider, provider_tx, content FROM bank_credit c"
                 " WHERE account = ?1 AND amount_vnd = ?2 AND direction = ?3 AND code = ?4"
                 " AND booked_ms >= ?9 AND booked_ms < ?10"
                 " AND ((?11 = 0 AND date_only = 0 AND booked_ms >= ?7 AND booked_ms < ?8)"
                 "  OR ?11 = 1 OR date_only = 1)"
                 " AND NOT EXISTS (SELECT 1 FROM bank_source s WHERE s.credit = c.id"
                 "  AND s.source = ?5 AND s.provider = ?6) ORDER BY booked_ms, id",
                 "tittttiiiii", credit->account, credit->amount_vnd, credit->out ? "out" : "in",
                 code, credit_source_text(credit->source), credit->provider, window->from.ms,
                 window->to.ms, window->day_from.ms, window->day_to.ms, (int64_t)credit->date_only);
    while (!error && !found && db_next(&row)) {
        store_take(&row, 0, twin.id, sizeof twin.id, &error);
        store_take(&row, 1, twin.provider, sizeof twin.provider, &error);
        store_take(&row, 2, twin.provider_tx, sizeof twin.provider_tx, &error);
        store_take(&row, 3, twin.content, sizeof twin.content, &error);
        found = !error && is_it(context, &twin);
    }
    error = store_end(&row, error);
    if (!error && found) {
        memcpy(ret_id, twin.id, ULID_CAP);
    }
    return error ? error : found ? 0 : DX_E_NOT_FOUND;
}

/* ---- files of banks ---- */

int store_add_statement(struct store *store, const struct store_statement *s, int64_t *ret_id)
{
    int error =
        db_exec(store->db,
                "INSERT INTO bank_statement(digest, bin, account, file, mapping,"
                " imported_ms, rows, in_vnd, out_vnd, first_ms, last_ms, gaps)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                "tttttiiiiiii", s->digest, s->bin, s->account, s->file, s->mapping, s->imported.ms,
                s->rows, s->in_vnd, s->out_vnd, s->first.ms, s->last.ms, s->gaps);
    int64_t id = error ? 0 : db_last_id(store->db);
    if (!error && s->has_opening) {
        error = db_exec(store->db, "UPDATE bank_statement SET opening_vnd = ?2 WHERE id = ?1", "ii",
                        id, s->opening_vnd);
    }
    if (!error && s->has_closing) {
        error = db_exec(store->db, "UPDATE bank_statement SET closing_vnd = ?2 WHERE id = ?1", "ii",
                        id, s->closing_vnd);
    }
    if (!error) {
        *ret_id = id;
    }
    return error;
}

int store_find_statement(struct store *store, const char *digest,
                         struct store_known_statement *ret_known)
{
    struct db_row row;
    struct store_known_statement known = {0};
    int error = db_query(store->db, &row,
                         "SELECT id, bin, account, imported_ms FROM bank_statement"
                         " WHERE digest = ?1",
                         "t", digest);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            error = 0;
            known.id = db_i64(&row, 0);
            store_take(&row, 1, known.bin, sizeof known.bin, &error);
            store_take(&row, 2, known.account, sizeof known.account, &error);
            known.imported.ms = db_i64(&row, 3);
        }
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_known = known;
    }
    return error;
}

int store_statement_progress(struct store *store, int64_t statement, int64_t *ret_waiting,
                             int64_t *ret_all)
{
    int64_t waiting = 0;
    int64_t all = 0;
    int error = db_query_i64(store->db, 0, &waiting,
                             "SELECT count(*) FROM bank_inbox WHERE statement = ?1"
                             " AND state = 'new'",
                             "i", statement);
    error = error ? error
                  : db_query_i64(store->db, 0, &all,
                                 "SELECT rows FROM bank_statement WHERE id = ?1", "i", statement);
    if (!error) {
        *ret_waiting = waiting;
        *ret_all = all;
    }
    return error;
}

/* ---- cursors of the pollers ---- */

int store_get_cursor(struct store *store, const char *provider, const char *name,
                     int64_t *ret_value)
{
    return db_query_i64(store->db, 0, ret_value,
                        "SELECT value FROM bank_cursor WHERE provider = ?1 AND name = ?2", "tt",
                        provider, name);
}

int store_put_cursor(struct store *store, const char *provider, const char *name, int64_t value,
                     wall_t now)
{
    return db_exec(store->db,
                   "INSERT INTO bank_cursor(provider, name, value, at_ms) VALUES (?1, ?2, ?3, ?4)"
                   " ON CONFLICT DO UPDATE SET value = ?3, at_ms = ?4",
                   "ttii", provider, name, value, now.ms);
}
