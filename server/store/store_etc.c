#include "server/store/store_etc.h"

#include "server/store/store_sqlite.h"

#include <string.h>

static const char *const states[] = {
#define X(name, word, op, sentence) word,
    ETC_STATES(X)
#undef X
};

static enum vehicle vehicle_at(struct db_row *row, int column)
{
    enum vehicle vehicle = VEHICLE_UNKNOWN;
    if (vehicle_parse(db_text(row, column), &vehicle) != 0) {
        vehicle = VEHICLE_UNKNOWN;
    }
    return vehicle;
}

/* ---- links ---- */

int store_add_etc_link(struct store *store, const struct etc_link *l)
{
    return db_exec(store->db,
                   "INSERT INTO etc_link(id, plate, vehicle, provider, tag, opened_ms, opened_by)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                   "tttttit", l->id, l->plate, vehicle_text(l->vehicle), l->provider, l->tag,
                   l->opened.ms, l->opened_by);
}

int store_close_etc_link(struct store *store, const char *plate, enum vehicle vehicle,
                         const char *by, wall_t now)
{
    int error = db_exec(store->db,
                        "UPDATE etc_link SET closed_ms = ?3, closed_by = ?4 WHERE plate = ?1"
                        " AND vehicle = ?2 AND closed_ms IS NULL",
                        "ttit", plate, vehicle_text(vehicle), now.ms, by);
    return error ? error : db_changes(store->db) == 0 ? DX_E_NOT_FOUND : 0;
}

#define LINKS                                                                                \
    "SELECT id, plate, vehicle, provider, tag, opened_ms, coalesce(closed_ms, 0), opened_by" \
    " FROM etc_link "

static int take_link(struct db_row *row, struct etc_link *l)
{
    int error = 0;
    memset(l, 0, sizeof *l);
    store_take(row, 0, l->id, sizeof l->id, &error);
    store_take(row, 1, l->plate, sizeof l->plate, &error);
    l->vehicle = vehicle_at(row, 2);
    store_take(row, 3, l->provider, sizeof l->provider, &error);
    store_take(row, 4, l->tag, sizeof l->tag, &error);
    l->opened.ms = db_i64(row, 5);
    l->closed.ms = db_i64(row, 6);
    store_take(row, 7, l->opened_by, sizeof l->opened_by, &error);
    return error;
}

int store_find_etc_link(struct store *store, const char *plate, enum vehicle vehicle,
                        struct etc_link *ret_link)
{
    struct db_row row;
    struct etc_link link;
    bool found = false;
    int error =
        db_query(store->db, &row, LINKS "WHERE plate = ?1 AND vehicle = ?2 AND closed_ms IS NULL",
                 "tt", plate, vehicle_text(vehicle));
    if (!error && db_next(&row)) {
        error = take_link(&row, &link);
        found = true;
    }
    error = store_end(&row, error);
    if (!error && found) {
        *ret_link = link;
    }
    return error ? error : found ? 0 : DX_E_NOT_FOUND;
}

int store_list_etc_links(struct store *store,
                         int (*take)(void *context, const struct etc_link *link), void *context)
{
    struct db_row row;
    struct etc_link link;
    int error = db_query(store->db, &row, LINKS "ORDER BY opened_ms, id", "");
    while (!error && db_next(&row)) {
        error = take_link(&row, &link);
        error = error ? error : take(context, &link);
    }
    return store_end(&row, error);
}

/* ---- charges ---- */

int store_add_etc_charge(struct store *store, const struct etc_charge *c)
{
    return db_exec(store->db,
                   "INSERT INTO etc_charge(id, session, lot, operator, lane, ask, provider, plate,"
                   " tag, amount_vnd, state, made_ms, next_ms, answer) VALUES (?1, ?2, ?3, ?4, ?5,"
                   " ?6, ?7, ?8, ?9, ?10, ?11, ?12, nullif(?13, 0), ?14)",
                   "ttttittttitiit", c->id, c->session, c->lot, c->operator_id, (int64_t)c->lane,
                   c->ask, c->provider, c->plate, c->tag, c->amount_vnd, etc_state_text(c->state),
                   c->made.ms, c->next.ms, c->answer);
}

#define CHARGES                                                                              \
    "SELECT id, session, lot, operator, lane, ask, provider, plate, tag, amount_vnd, state," \
    " reference, made_ms, attempts, coalesce(next_ms, 0), answer, applied_vnd FROM etc_charge "

static int take_charge(struct db_row *row, struct etc_charge *c)
{
    int error = 0;
    memset(c, 0, sizeof *c);
    store_take(row, 0, c->id, sizeof c->id, &error);
    store_take(row, 1, c->session, sizeof c->session, &error);
    store_take(row, 2, c->lot, sizeof c->lot, &error);
    store_take(row, 3, c->operator_id, sizeof c->operator_id, &error);
    c->lane = (int)db_i64(row, 4);
    store_take(row, 5, c->ask, sizeof c->ask, &error);
    store_take(row, 6, c->provider, sizeof c->provider, &error);
    store_take(row, 7, c->plate, sizeof c->plate, &error);
    store_take(row, 8, c->tag, sizeof c->tag, &error);
    c->amount_vnd = db_i64(row, 9);
    c->state = (enum etc_state)store_take_word(row, 10, states, ETC_STATE_COUNT, &error);
    store_take(row, 11, c->reference, sizeof c->reference, &error);
    c->made.ms = db_i64(row, 12);
    c->attempts = db_i64(row, 13);
    c->next.ms = db_i64(row, 14);
    store_take(row, 15, c->answer, sizeof c->answer, &error);
    c->applied_vnd = db_i64(row, 16);
    return error;
}

static int one_charge(struct db_row *row, int error, struct etc_charge *ret_charge)
{
    struct etc_charge charge;
    bool found = false;
    if (!error && db_next(row)) {
        error = take_charge(row, &charge);
        found = true;
    }
    error = store_end(row, error);
    if (!error && found) {
        *ret_charge = charge;
    }
    return error ? error : found ? 0 : DX_E_NOT_FOUND;
}

int store_get_etc_charge(struct store *store, const char *id, struct etc_charge *ret_charge)
{
    struct db_row row;
    int error = db_query(store->db, &row, CHARGES "WHERE id = ?1", "t", id);
    return one_charge(&row, error, ret_charge);
}

int store_due_etc_charge(struct store *store, wall_t now, struct etc_charge *ret_charge)
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         CHARGES "WHERE next_ms IS NOT NULL AND next_ms <= ?1"
                                 " ORDER BY next_ms, id LIMIT 1",
                         "i", now.ms);
    return one_charge(&row, error, ret_charge);
}

int store_put_etc_charge(struct store *store, const struct etc_charge *c, wall_t captured)
{
    return db_exec(store->db,
                   "UPDATE etc_charge SET state = ?2, reference = ?3, attempts = ?4,"
                   " next_ms = nullif(?5, 0), answer = ?6, applied_vnd = ?7,"
                   " captured_ms = nullif(?8, 0) WHERE id = ?1",
                   "ttsiitii", c->id, etc_state_text(c->state), str_c(c->reference), c->attempts,
                   c->next.ms, c->answer, c->applied_vnd, captured.ms);
}

/* ---- refunds ---- */

int store_add_etc_refund(struct store *store, const struct etc_refund *r)
{
    return db_exec(store->db,
                   "INSERT INTO etc_refund(id, charge, amount_vnd, state, made_ms, next_ms)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                   "ttitii", r->id, r->charge, r->amount_vnd, r->state, r->made.ms, r->next.ms);
}

#define REFUNDS                                                                                 \
    "SELECT id, charge, amount_vnd, state, reference, made_ms, attempts, coalesce(next_ms, 0)," \
    " answer FROM etc_refund "

static int one_refund(struct db_row *row, int error, struct etc_refund *ret_refund)
{
    struct etc_refund r;
    bool found = false;
    memset(&r, 0, sizeof r);
    if (!error && db_next(row)) {
        found = true;
        store_take(row, 0, r.id, sizeof r.id, &error);
        store_take(row, 1, r.charge, sizeof r.charge, &error);
        r.amount_vnd = db_i64(row, 2);
        store_take(row, 3, r.state, sizeof r.state, &error);
        store_take(row, 4, r.reference, sizeof r.reference, &error);
        r.made.ms = db_i64(row, 5);
        r.attempts = db_i64(row, 6);
        r.next.ms = db_i64(row, 7);
        store_take(row, 8, r.answer, sizeof r.answer, &error);
    }
    error = store_end(row, error);
    if (!error && found) {
        *ret_refund = r;
    }
    return error ? error : found ? 0 : DX_E_NOT_FOUND;
}

int store_get_etc_refund(struct store *store, const char *id, struct etc_refund *ret_refund)
{
    struct db_row row;
    int error = db_query(store->db, &row, REFUNDS "WHERE id = ?1", "t", id);
    return one_refund(&row, error, ret_refund);
}

int store_due_etc_refund(struct store *store, wall_t now, struct etc_refund *ret_refund)
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         REFUNDS "WHERE next_ms IS NOT NULL AND next_ms <= ?1"
                                 " ORDER BY next_ms, id LIMIT 1",
                         "i", now.ms);
    return one_refund(&row, error, ret_refund);
}

int store_put_etc_refund(struct store *store, const struct etc_refund *r)
{
    return db_exec(store->db,
                   "UPDATE etc_refund SET state = ?2, reference = ?3, attempts = ?4,"
                   " next_ms = nullif(?5, 0), answer = ?6 WHERE id = ?1",
                   "tttiit", r->id, r->state, r->reference, r->attempts, r->next.ms, r->answer);
}

/* ---- settlement files ---- */

int store_add_settlement(struct store *store, const struct etc_settlement *s, wall_t now)
{
    return db_exec(store->db,
                   "INSERT INTO etc_settlement(digest, provider, operator, file, imported_ms, by,"
                   " rows, open_rows) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                   "ttttitii", s->digest, s->provider, s->operator_id, s->file, now.ms, s->by,
                   s->rows, s->open_rows);
}

int store_add_settlement_row(struct store *store, const char *digest, const struct etc_row *row)
{
    return db_exec(store->db,
                   "INSERT INTO etc_settlement_row(settlement, line, kind, reference, amount_vnd,"
                   " at_ms, verdict) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                   "tittiit", digest, row->line, row->kind, row->reference, row->amount_vnd,
                   row->at.ms, row->verdict);
}

int store_find_settled(struct store *store, const char *provider, const char *kind,
                       const char *reference, int64_t *ret_vnd, bool *ret_settled)
{
    bool refund = strcmp(kind, "refund") == 0;
    struct db_row row;
    bool found = false;
    int error =
        db_query(store->db, &row,
                 refund ? "SELECT r.amount_vnd, r.settled FROM etc_refund r JOIN etc_charge c"
                          " ON c.id = r.charge WHERE c.provider = ?1 AND r.reference = ?2"
                          " AND r.state = 'done'"
                        : "SELECT amount_vnd, settled FROM etc_charge WHERE provider = ?1"
                          " AND reference = ?2 AND state = 'captured'",
                 "tt", provider, reference);
    if (!error && db_next(&row)) {
        found = true;
        *ret_vnd = db_i64(&row, 0);
        *ret_settled = db_text(&row, 1).n > 0;
    }
    error = store_end(&row, error);
    return error ? error : found ? 0 : DX_E_NOT_FOUND;
}

int store_mark_settled(struct store *store, const char *provider, const char *kind,
                       const char *reference, const char *digest)
{
    if (strcmp(kind, "refund") == 0) {
        return db_exec(store->db,
                       "UPDATE etc_refund SET settled = ?3 WHERE reference = ?2 AND charge IN"
                       " (SELECT id FROM etc_charge WHERE provider = ?1)",
                       "ttt", provider, reference, digest);
    }
    return db_exec(store->db,
                   "UPDATE etc_charge SET settled = ?3 WHERE provider = ?1 AND reference = ?2",
                   "ttt", provider, reference, digest);
}

/* Letters and digits alone, upper case: banks put blanks and dashes in and take them out. */
static void squeeze(struct str text, char *out, size_t cap)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n && n + 1 < cap; i++) {
        char c = text.p[i];
        c = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        if (ascii_is_digit(c) || (c >= 'A' && c <= 'Z')) {
            out[n++] = c;
        }
    }
    out[n] = '\0';
}

int store_find_payout(struct store *store, const char *operator_id, int64_t amount_vnd,
                      const char *content, char *ret_reference, size_t cap)
{
    enum { SHORTEST = 6 }; /* a shorter reference would be found by chance */
    char squeezed[CREDIT_CONTENT_CAP];
    char wanted[ETC_REFERENCE_CAP];
    struct db_row row;
    bool found = false;
    squeeze(str_c(content), squeezed, sizeof squeezed);
    int error = db_query(store->db, &row,
                         "SELECT r.reference FROM etc_settlement_row r JOIN etc_settlement s"
                         " ON s.digest = r.settlement WHERE s.operator = ?1 AND r.kind = 'payout'"
                         " AND r.verdict = 'waits' AND r.amount_vnd = ?2 ORDER BY r.at_ms, r.line",
                         "ti", operator_id, amount_vnd);
    while (!error && !found && db_next(&row)) {
        struct str reference = db_text(&row, 0);
        squeeze(reference, wanted, sizeof wanted);
        if (strlen(wanted) >= SHORTEST && strstr(squeezed, wanted)) {
            found = true;
            error = str_copy(ret_reference, cap, reference);
        }
    }
    error = store_end(&row, error);
    return error ? error : found ? 0 : DX_E_NOT_FOUND;
}

int store_pay_payout(struct store *store, const char *operator_id, const char *reference,
                     const char *credit)
{
    return db_exec(store->db,
                   "UPDATE etc_settlement_row SET verdict = 'paid', credit = ?3 WHERE kind ="
                   " 'payout' AND verdict = 'waits' AND reference = ?2 AND settlement IN"
                   " (SELECT digest FROM etc_settlement WHERE operator = ?1)",
                   "ttt", operator_id, reference, credit);
}
