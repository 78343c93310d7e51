/* store_pass.c - passes, their plates, suspensions and periods. */
#include "server/store/store_pass.h"

#include "proto/base/check.h"
#include "server/store/store_sqlite.h"

static const char *const vehicle_words[] = {
#define X(name, word, ...) word,
    VEHICLES(X)
#undef X
};

/* ---- passes ---- */

int store_add_pass(struct store *store, const struct store_pass *pass)
{
    return db_exec(store->db,
                   "INSERT INTO pass(id, lot, name, vehicle, quota, holder, made_ms, made_by)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                   "ttttitit", pass->id, pass->lot, pass->name, vehicle_text(pass->vehicle),
                   (int64_t)pass->quota, pass->holder, pass->made.ms, pass->by);
}

#define PASS_COLUMNS "p.id, p.lot, p.name, p.vehicle, p.quota, p.holder, p.made_ms, p.made_by"

static void take_pass(struct db_row *row, struct store_pass *pass, int *error)
{
    memset(pass, 0, sizeof *pass);
    store_take(row, 0, pass->id, sizeof pass->id, error);
    store_take(row, 1, pass->lot, sizeof pass->lot, error);
    store_take(row, 2, pass->name, sizeof pass->name, error);
    pass->vehicle = (enum vehicle)store_take_word(row, 3, vehicle_words, VEHICLE_COUNT, error);
    pass->quota = (int)db_i64(row, 4);
    store_take(row, 5, pass->holder, sizeof pass->holder, error);
    pass->made.ms = db_i64(row, 6);
    store_take(row, 7, pass->by, sizeof pass->by, error);
}

int store_get_pass(struct store *store, const char *id, struct store_pass *ret_pass)
{
    struct db_row row;
    struct store_pass pass = {0};
    int error =
        db_query(store->db, &row, "SELECT " PASS_COLUMNS " FROM pass p WHERE p.id = ?1", "t", id);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            error = 0;
            take_pass(&row, &pass, &error);
        }
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_pass = pass;
    }
    return error;
}

int store_add_pass_lot(struct store *store, const char *pass, const char *lot)
{
    return db_exec(store->db, "INSERT INTO pass_lot(pass, lot) VALUES (?1, ?2)", "tt", pass, lot);
}

int store_add_pass_plate(struct store *store, const char *pass, const char *plate, wall_t from,
                         const char *by)
{
    int error = db_exec(store->db,
                        "INSERT INTO pass_plate(pass, plate, from_ms, by) SELECT ?1, ?2, ?3, ?4"
                        " WHERE NOT EXISTS (SELECT 1 FROM pass_plate WHERE pass = ?1"
                        " AND plate = ?2 AND until_ms IS NULL)",
                        "ttit", pass, plate, from.ms, by);
    return error ? error : db_changes(store->db) ? 0 : DX_E_EXISTS;
}

int store_end_pass_plate(struct store *store, const char *pass, const char *plate, wall_t until)
{
    int error = db_exec(store->db,
                        "UPDATE pass_plate SET until_ms = ?3 WHERE pass = ?1 AND plate = ?2"
                        " AND until_ms IS NULL",
                        "tti", pass, plate, until.ms);
    return error ? error : db_changes(store->db) ? 0 : DX_E_NOT_FOUND;
}

int store_add_pass_hold(struct store *store, const char *pass, wall_t from, const char *reason,
                        const char *by)
{
    int error = db_exec(store->db,
                        "INSERT INTO pass_hold(pass, from_ms, reason, by) SELECT ?1, ?2, ?3, ?4"
                        " WHERE NOT EXISTS (SELECT 1 FROM pass_hold WHERE pass = ?1"
                        " AND until_ms IS NULL)",
                        "titt", pass, from.ms, reason, by);
    return error ? error : db_changes(store->db) ? 0 : DX_E_EXISTS;
}

int store_end_pass_hold(struct store *store, const char *pass, wall_t until)
{
    int error = db_exec(store->db,
                        "UPDATE pass_hold SET until_ms = ?2 WHERE pass = ?1 AND until_ms IS NULL",
                        "ti", pass, until.ms);
    return error ? error : db_changes(store->db) ? 0 : DX_E_NOT_FOUND;
}

int store_add_pass_change(struct store *store, const char *pass, const char *what, wall_t at,
                          const char *by)
{
    return db_exec(store->db,
                   "INSERT INTO pass_change(pass, what, at_ms, by) VALUES (?1, ?2, ?3, ?4)", "ttit",
                   pass, what, at.ms, by);
}

int store_get_pass_version(struct store *store, int64_t *ret_version)
{
    return db_query_i64(store->db, 0, ret_version,
                        "SELECT coalesce(max(version), 0) FROM pass_change", "");
}

/* ---- periods ---- */

int store_add_period(struct store *store, const struct store_period *row)
{
    const struct pass_period *p = &row->period;
    return db_exec(
        store->db,
        "INSERT INTO pass_period(id, pass, from_ms, until_ms, months, price_vnd, made_ms,"
        " made_by, code, token) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        "ttiiiiittt", p->id, p->pass, p->from.ms, p->until.ms, (int64_t)p->months, p->price_vnd,
        row->made.ms, row->by, row->code, row->token);
}

int store_put_period(struct store *store, const struct pass_period *p)
{
    if (p->covers.ms == 0) {
        return db_exec(store->db, "UPDATE pass_period SET paid_vnd = ?2, earned = ?3 WHERE id = ?1",
                       "tii", p->id, p->paid_vnd, (int64_t)p->earned);
    }
    return db_exec(store->db,
                   "UPDATE pass_period SET paid_vnd = ?2, earned = ?3, covers_ms = ?4,"
                   " from_ms = ?5, until_ms = ?6 WHERE id = ?1",
                   "tiiiii", p->id, p->paid_vnd, (int64_t)p->earned, p->covers.ms, p->from.ms,
                   p->until.ms);
}

#define PERIOD_FROM                                                                       \
    "SELECT r.id, r.pass, p.lot, r.from_ms, r.until_ms, r.months, r.earned, r.price_vnd," \
    " r.paid_vnd, r.covers_ms, r.made_ms, r.made_by, r.code, r.token FROM pass_period r"  \
    " JOIN pass p ON p.id = r.pass WHERE "

static void take_period(struct db_row *row, struct store_period *r, int *error)
{
    struct pass_period *p = &r->period;
    memset(r, 0, sizeof *r);
    store_take(row, 0, p->id, sizeof p->id, error);
    store_take(row, 1, p->pass, sizeof p->pass, error);
    store_take(row, 2, p->lot, sizeof p->lot, error);
    p->from.ms = db_i64(row, 3);
    p->until.ms = db_i64(row, 4);
    p->months = (int)db_i64(row, 5);
    p->earned = (int)db_i64(row, 6);
    p->price_vnd = db_i64(row, 7);
    p->paid_vnd = db_i64(row, 8);
    p->covers.ms = db_is_null(row, 9) ? 0 : db_i64(row, 9);
    r->made.ms = db_i64(row, 10);
    store_take(row, 11, r->by, sizeof r->by, error);
    store_take(row, 12, r->code, sizeof r->code, error);
    store_take(row, 13, r->token, sizeof r->token, error);
}

static int end_period(struct db_row *row, int error, struct store_period *ret_row)
{
    struct store_period period;
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(row)) {
            error = 0;
            take_period(row, &period, &error);
        }
    }
    error = store_end(row, error);
    if (!error) {
        *ret_row = period;
    }
    return error;
}

int store_get_period_by_code(struct store *store, const char *code, struct store_period *ret_row)
{
    struct db_row row;
    int error = db_query(store->db, &row, PERIOD_FROM "r.code = ?1", "t", code);
    return end_period(&row, error, ret_row);
}

int store_get_period_by_token(struct store *store, struct str token, struct store_period *ret_row)
{
    struct db_row row;
    int error = db_query(store->db, &row, PERIOD_FROM "r.token = ?1", "s", token);
    return end_period(&row, error, ret_row);
}

int store_find_unpaid_period(struct store *store, const char *pass, wall_t now,
                             struct store_period *ret_row)
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         PERIOD_FROM "r.pass = ?1 AND r.covers_ms IS NULL AND r.until_ms > ?2"
                                     " ORDER BY r.from_ms LIMIT 1",
                         "ti", pass, now.ms);
    return end_period(&row, error, ret_row);
}

int store_get_pass_end(struct store *store, const char *pass, wall_t *ret_until)
{
    /* What was asked for and never paid does not hold its place. */
    return db_query_i64(store->db, 0, &ret_until->ms,
                        "SELECT coalesce(max(until_ms), 0) FROM pass_period"
                        " WHERE pass = ?1 AND covers_ms IS NOT NULL",
                        "t", pass);
}

int store_find_earning(struct store *store, wall_t now, struct pass_period *ret_period)
{
    struct db_row row;
    struct store_period period = {0};
    bool found = false;
    int error = db_query(store->db, &row,
                         PERIOD_FROM "r.covers_ms IS NOT NULL AND r.earned < r.months"
                                     " AND r.from_ms <= ?1 ORDER BY r.from_ms",
                         "i", now.ms);
    while (!error && !found && db_next(&row)) {
        take_period(&row, &period, &error);
        found = !error && pass_is_earning(&period.period, now);
    }
    error = store_end(&row, error);
    if (!error && !found) {
        error = DX_E_NOT_FOUND;
    }
    if (!error) {
        *ret_period = period.period;
    }
    return error;
}

/* ---- use ---- */

int store_find_passes(struct store *store, const char *lot, const char *plate, enum vehicle vehicle,
                      struct store_pass *ret_passes, int max, int *ret_count)
{
    struct db_row row;
    int count = 0;
    int error = db_query(store->db, &row,
                         "SELECT DISTINCT " PASS_COLUMNS " FROM pass_plate l JOIN pass p"
                         " ON p.id = l.pass WHERE l.plate = ?1 AND p.vehicle = ?2"
                         " AND EXISTS (SELECT 1 FROM pass_lot WHERE pass = p.id AND lot = ?3)"
                         " ORDER BY p.id",
                         "ttt", plate, vehicle_text(vehicle), lot);
    while (!error && count < max && db_next(&row)) {
        take_pass(&row, &ret_passes[count++], &error);
    }
    error = store_end(&row, error);
    *ret_count = error ? 0 : count;
    return error;
}

static int take_spans(struct store *store, const char *sql, const char *pass, const char *plate,
                      struct tariff_span *spans, int max, int *ret_count)
{
    struct db_row row;
    int count = 0;
    int error = plate ? db_query(store->db, &row, sql, "tt", pass, plate)
                      : db_query(store->db, &row, sql, "t", pass);
    while (!error && count < max && db_next(&row)) {
        spans[count].from.ms = db_i64(&row, 0);
        spans[count++].until.ms = db_is_null(&row, 1) ? INT64_MAX : db_i64(&row, 1);
    }
    error = store_end(&row, error);
    *ret_count = error ? 0 : count;
    return error;
}

int store_get_pass_facts(struct store *store, const char *pass, const char *plate,
                         struct pass_facts *ret_facts)
{
    struct pass_facts f = {0};
    int error = take_spans(store,
                           "SELECT covers_ms, until_ms FROM pass_period WHERE pass = ?1"
                           " AND covers_ms < until_ms ORDER BY from_ms DESC",
                           pass, NULL, f.period, PASS_PERIODS_MAX, &f.period_count);
    error = error ? error
                  : take_spans(store,
                               "SELECT from_ms, until_ms FROM pass_hold WHERE pass = ?1"
                               " ORDER BY from_ms DESC",
                               pass, NULL, f.hold, PASS_HOLDS_MAX, &f.hold_count);
    if (!error && plate) {
        error = take_spans(store,
                           "SELECT from_ms, until_ms FROM pass_plate WHERE pass = ?1"
                           " AND plate = ?2 ORDER BY from_ms DESC",
                           pass, plate, f.plate, PASS_HOLDS_MAX, &f.plate_count);
    } else {
        f.plate[f.plate_count++] = (struct tariff_span){{INT64_MIN}, {INT64_MAX}};
    }
    if (!error) {
        *ret_facts = f;
    }
    return error;
}

int store_count_pass_uses(struct store *store, const char *pass, const char *session,
                          struct tariff_span span, int *ret_count)
{
    int64_t count = 0;
    int error = db_query_i64(store->db, 0, &count,
                             "SELECT count(*) FROM pass_use u JOIN session s ON s.id = u.session"
                             " WHERE u.pass = ?1 AND u.session <> ?2 AND s.entered_ms < ?4"
                             " AND (s.left_ms IS NULL OR s.left_ms > ?3)"
                             " AND s.state NOT IN ('backed_out', 'closed_by_review')",
                             "ttii", pass, session, span.from.ms, span.until.ms);
    if (!error) {
        *ret_count = (int)count;
    }
    return error;
}

int store_get_pass_use(struct store *store, const char *session, char ret_pass[ULID_CAP])
{
    struct db_row row;
    char pass[ULID_CAP] = "";
    int error =
        db_query(store->db, &row, "SELECT pass FROM pass_use WHERE session = ?1", "t", session);
    if (!error && db_next(&row)) {
        store_take(&row, 0, pass, sizeof pass, &error);
    }
    error = store_end(&row, error);
    if (!error) {
        memcpy(ret_pass, pass, sizeof pass);
    }
    return error;
}

int store_add_pass_use(struct store *store, const char *session, const char *pass, wall_t now)
{
    return db_exec(store->db,
                   "INSERT INTO pass_use(session, pass, made_ms) VALUES (?1, ?2, ?3)"
                   " ON CONFLICT (session) DO NOTHING",
                   "tti", session, pass, now.ms);
}

/* ---- for gates ---- */

static int take_plates(struct store *store, struct store_pass_row *out)
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         "SELECT plate FROM pass_plate WHERE pass = ?1 AND until_ms IS NULL"
                         " ORDER BY plate",
                         "t", out->id);
    while (!error && out->plate_count < PASS_PLATES_MAX && db_next(&row)) {
        store_take(&row, 0, out->plate[out->plate_count++], sizeof out->plate[0], &error);
    }
    return store_end(&row, error);
}

static int fill_row(struct store *store, const struct store_pass *pass, wall_t now,
                    struct store_pass_row *out)
{
    struct pass_facts facts;
    const struct tariff_span window = {wall_add(now, -32 * (int64_t)TIME_DAY_MS),
                                       wall_add(now, 32 * (int64_t)TIME_DAY_MS)};
    memset(out, 0, sizeof *out);
    memcpy(out->id, pass->id, sizeof out->id);
    memcpy(out->name, pass->name, sizeof out->name);
    out->vehicle = pass->vehicle;
    out->quota = pass->quota;
    int error = store_get_pass_facts(store, pass->id, NULL, &facts);
    if (!error) {
        out->span_count = pass_spans(&facts, window, out->span, STORE_PASS_SPANS_MAX);
        error = take_plates(store, out);
    }
    return error;
}

int store_lot_passes(struct store *store, const char *lot, wall_t now,
                     void (*take)(void *context, const struct store_pass_row *row), void *context)
{
    static const char sql[] =
        "SELECT DISTINCT " PASS_COLUMNS " FROM pass_lot l JOIN pass p ON p.id = l.pass"
        " JOIN pass_period r ON r.pass = p.id WHERE l.lot = ?1 AND p.id > ?2"
        " AND r.covers_ms IS NOT NULL AND r.until_ms > ?3 AND r.covers_ms < ?4"
        " ORDER BY p.id LIMIT 1";
    char after[ULID_CAP] = "";
    for (;;) {
        struct db_row row;
        struct store_pass pass;
        struct store_pass_row out;
        bool more = false;
        int error = db_query(store->db, &row, sql, "ttii", lot, after, now.ms,
                             wall_add(now, 32 * (int64_t)TIME_DAY_MS).ms);
        if (!error && db_next(&row)) {
            more = true;
            take_pass(&row, &pass, &error);
        }
        error = store_end(&row, error);
        if (error || !more) {
            return error;
        }
        error = fill_row(store, &pass, now, &out);
        if (error) {
            return error;
        }
        take(context, &out);
        memcpy(after, pass.id, sizeof after);
    }
}
