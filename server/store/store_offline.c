#include "server/store/store_offline.h"

#include "server/store/store_sqlite.h"

/* ---- lists ---- */

static int new_version(struct store *store, wall_t now)
{
    return db_exec(store->db, "INSERT INTO lot_list_version(at_ms) VALUES (?1)", "i", now.ms);
}

int store_list_add(struct store *store, const struct store_listed *row, wall_t now)
{
    const struct lot_entry *e = &row->entry;
    int error =
        db_exec(store->db,
                "INSERT INTO lot_list(lot, list, kind, vehicle, key, until_ms, reason,"
                " added_ms, added_by)"
                " VALUES (?1, ?2, ?3, ?4, ?5, nullif(?6, 0), ?7, ?8, ?9)",
                "tttttitit", row->lot, lot_list_text(e->list), subject_kind_text(e->kind),
                vehicle_text(e->vehicle), e->key, e->until.ms, row->reason, now.ms, row->by);
    return error ? error : new_version(store, now);
}

int store_list_remove(struct store *store, const struct store_listed *row, wall_t now)
{
    const struct lot_entry *e = &row->entry;
    int error = db_exec(store->db,
                        "UPDATE lot_list SET removed_ms = ?6, removed_by = ?7 WHERE lot = ?1"
                        " AND list = ?2 AND kind = ?3 AND vehicle = ?4 AND key = ?5"
                        " AND removed_ms IS NULL",
                        "tttttit", row->lot, lot_list_text(e->list), subject_kind_text(e->kind),
                        vehicle_text(e->vehicle), e->key, now.ms, row->by);
    if (!error && db_changes(store->db) == 0) {
        error = DX_E_NOT_FOUND;
    }
    return error ? error : new_version(store, now);
}

static int take_kind(struct db_row *row, int column, enum subject_kind *ret_kind)
{
    for (int i = 0; i < SUBJECT_KIND_COUNT; i++) {
        if (str_eq_c(db_text(row, column), subject_kind_text((enum subject_kind)i))) {
            *ret_kind = (enum subject_kind)i;
            return 0;
        }
    }
    return DX_E_CORRUPT;
}

int store_list_each(struct store *store, const char *lot, void *context,
                    void (*take)(void *context, const struct lot_entry *entry))
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         "SELECT list, kind, vehicle, key, until_ms FROM lot_list WHERE lot = ?1"
                         " AND removed_ms IS NULL ORDER BY id",
                         "t", lot);
    while (!error && db_next(&row)) {
        struct lot_entry entry = {0};
        error = take_kind(&row, 1, &entry.kind);
        if (!error && (lot_list_parse(db_text(&row, 0), &entry.list) != 0 ||
                       vehicle_parse(db_text(&row, 2), &entry.vehicle) != 0)) {
            error = DX_E_CORRUPT;
        }
        store_take(&row, 3, entry.key, sizeof entry.key, &error);
        entry.until.ms = db_i64(&row, 4);
        if (!error) {
            take(context, &entry);
        }
    }
    return store_end(&row, error);
}

int store_list_version(struct store *store, int64_t *ret_version)
{
    return db_query_i64(store->db, 0, ret_version,
                        "SELECT coalesce(max(version), 0) FROM lot_list_version", "");
}

int store_is_exempt(struct store *store, const char *lot, const struct subject *subject, wall_t at,
                    bool *ret_exempt)
{
    int64_t found = 0;
    int error = db_query_i64(
        store->db, 0, &found,
        "SELECT EXISTS (SELECT 1 FROM lot_list WHERE lot = ?1 AND list = 'exempt' AND kind = ?2"
        " AND key = ?3 AND (vehicle = 'unknown' OR vehicle = ?4 OR kind <> 'plate')"
        " AND added_ms <= ?5 AND (until_ms IS NULL OR until_ms > ?5)"
        " AND (removed_ms IS NULL OR removed_ms > ?5))",
        "tttti", lot, subject_kind_text(subject->kind), subject->key,
        vehicle_text(subject->vehicle), at.ms);
    if (!error) {
        *ret_exempt = found != 0;
    }
    return error;
}

/* ---- what gates are told ---- */

int store_config_version(struct store *store, const char *lot, const char *content,
                         int64_t *ret_version)
{
    int error = db_exec(store->db,
                        "INSERT INTO lot_config(lot, version, content) VALUES (?1, 1, ?2)"
                        " ON CONFLICT(lot) DO UPDATE SET version = version + 1,"
                        " content = excluded.content WHERE content <> excluded.content",
                        "tt", lot, content);
    return error ? error
                 : db_query_i64(store->db, 0, ret_version,
                                "SELECT version FROM lot_config WHERE lot = ?1", "t", lot);
}

int store_inside_each(struct store *store, const char *lot, int bucket, void *context,
                      void (*take)(void *context, const struct lot_stay *stay))
{
    const char letter[2] = {lot_bucket_char(bucket), '\0'};
    struct db_row row;
    int error = db_query(store->db, &row,
                         "SELECT id, subject, vehicle, key, coalesce(entered_ms, arrived_ms),"
                         " paid_vnd, paid_ms, code FROM session"
                         " WHERE lot = ?1 AND substr(id, 26, 1) = ?2"
                         " AND state IN ('inside', 'quoted', 'paid', 'exempt', 'leaving')"
                         " ORDER BY id",
                         "tt", lot, letter);
    while (!error && db_next(&row)) {
        struct lot_stay stay = {0};
        error = take_kind(&row, 1, &stay.kind);
        if (!error && vehicle_parse(db_text(&row, 2), &stay.vehicle) != 0) {
            error = DX_E_CORRUPT;
        }
        store_take(&row, 0, stay.session, sizeof stay.session, &error);
        store_take(&row, 3, stay.key, sizeof stay.key, &error);
        stay.entered.ms = db_i64(&row, 4);
        stay.paid_vnd = db_i64(&row, 5);
        stay.paid_at.ms = db_i64(&row, 6);
        store_take(&row, 7, stay.paycode, sizeof stay.paycode, &error);
        if (!error) {
            take(context, &stay);
        }
    }
    return store_end(&row, error);
}

/* ---- what gates decided ---- */

int store_add_offline_quote(struct store *store, const struct store_offline_quote *q)
{
    const struct event *e = q->event;
    int error =
        db_exec(store->db,
                "INSERT INTO offline_quote(event, lot, gate, lane, session, at_ms, received_ms,"
                " gate_fee_vnd, server_fee_vnd, gate_due_vnd, gate_entered_ms, server_entered_ms,"
                " gate_tariff, server_tariff, paycode, difference)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
                "tttitiiiiiiitttt", e->id, q->lot, e->gate, (int64_t)e->lane, q->session, q->at.ms,
                q->received.ms, e->fee_vnd, q->server_fee_vnd, e->amount_vnd, e->entered.ms,
                q->server_entered.ms, e->tariff, q->server_tariff, e->paycode, q->difference);
    return error == DX_E_EXISTS ? 0 : error;
}

int store_add_session_code(struct store *store, const char *code, const char *session,
                           const char *event)
{
    int64_t taken = 0;
    int error = db_query_i64(store->db, 0, &taken,
                             "SELECT EXISTS (SELECT 1 FROM session WHERE code = ?1 AND id <> ?2)"
                             " + EXISTS (SELECT 1 FROM session_code WHERE code = ?1 AND"
                             " session <> ?2) + EXISTS (SELECT 1 FROM pass_period WHERE code = ?1)",
                             "tt", code, session);
    if (error || taken) {
        return error ? error : DX_E_EXISTS;
    }
    return db_exec(store->db,
                   "INSERT OR IGNORE INTO session_code(code, session, event) VALUES (?1, ?2, ?3)",
                   "ttt", code, session, event);
}

int store_find_code_credit(struct store *store, const char *code, char ret_id[ULID_CAP],
                           int64_t *ret_amount_vnd)
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         "SELECT id, amount_vnd FROM bank_credit WHERE code = ?1 AND session IS"
                         " NULL AND direction = 'in' AND verdict = 'unmatched'"
                         " AND NOT EXISTS (SELECT 1 FROM credit_applied WHERE credit = id)"
                         " ORDER BY booked_ms, id LIMIT 1",
                         "t", code);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            error = 0;
            store_take(&row, 0, ret_id, ULID_CAP, &error);
            *ret_amount_vnd = db_i64(&row, 1);
        }
    }
    return store_end(&row, error);
}

int store_event_generation(struct store *store, const char *id, int64_t *ret_generation)
{
    return db_query_i64(store->db, 0, ret_generation, "SELECT generation FROM event WHERE id = ?1",
                        "t", id);
}

/* ---- clocks ---- */

int store_put_session_times(struct store *store, const struct session *s, wall_t now)
{
    return db_exec(store->db,
                   "UPDATE session SET arrived_ms = ?2, entered_ms = nullif(?3, 0),"
                   " asked_ms = nullif(?4, 0), updated_ms = ?5 WHERE id = ?1",
                   "tiiii", s->id, s->arrived.ms, s->entered.ms, s->asked.ms, now.ms);
}

int store_next_undated(struct store *store, const char *gate, int64_t generation, int64_t boot,
                       int64_t before_seq, struct store_undated *ret_event)
{
    struct db_row row;
    struct store_undated event = {.id = ""};
    int error = db_query(store->db, &row,
                         "SELECT id, type, session, wall_ms, received_ms,"
                         " body ->> '$.mono_ms' FROM event"
                         " WHERE gate = ?1 AND generation = ?2 AND seq < ?4"
                         " AND nullif(body, '') ->> '$.boot' = ?3"
                         " AND nullif(body, '') ->> '$.clock' = 'unknown'"
                         " AND NOT EXISTS (SELECT 1 FROM event_time WHERE event = event.id)"
                         " ORDER BY seq LIMIT 1",
                         "tiii", gate, generation, boot, before_seq);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            error = 0;
            store_take(&row, 0, event.id, sizeof event.id, &error);
            store_take(&row, 1, event.type, sizeof event.type, &error);
            store_take(&row, 2, event.session, sizeof event.session, &error);
            event.said.ms = db_i64(&row, 3);
            event.received.ms = db_i64(&row, 4);
            event.mono.ms = db_i64(&row, 5);
        }
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_event = event;
    }
    return error;
}

int store_add_event_time(struct store *store, const struct store_undated *event, wall_t corrected,
                         const char *cause)
{
    return db_exec(store->db,
                   "INSERT INTO event_time(event, session, said_ms, taken_ms, corrected_ms, cause)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                   "ttiiit", event->id, event->session, event->said.ms, event->received.ms,
                   corrected.ms, cause);
}
