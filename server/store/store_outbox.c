/* store_outbox.c - messages to gates until they are answered, commands, alarms. */
#include "proto/base/check.h"
#include "server/store/store_cases.h"
#include "server/store/store_sqlite.h"

int store_add_message(struct store *store, const struct store_message *m, struct str body,
                      wall_t now)
{
    return db_exec(store->db,
                   "INSERT INTO outbox(id, gate, lane, type, session, ask, body, made_ms, next_ms,"
                   " expires_ms, attempts)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, nullif(?10, 0), 1)",
                   "ttitttsiii", m->id, m->gate, (int64_t)m->lane, m->type, m->session, m->ask,
                   body, now.ms, m->next.ms, m->expires.ms);
}

static int take_message(struct db_row *row, int error, struct store_message *ret_message)
{
    struct store_message m = {.type = "quote"};
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(row)) {
            error = 0;
            store_take(row, 0, m.id, sizeof m.id, &error);
            store_take(row, 1, m.gate, sizeof m.gate, &error);
            m.lane = (int)db_i64(row, 2);
            store_take(row, 3, m.session, sizeof m.session, &error);
            store_take(row, 4, m.ask, sizeof m.ask, &error);
        }
    }
    error = store_end(row, error);
    if (!error) {
        *ret_message = m;
    }
    return error;
}

int store_find_waiting(struct store *store, const char *session, struct store_message *ret_message)
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         "SELECT id, gate, lane, session, ask FROM outbox"
                         " WHERE done_ms IS NULL AND session = ?1 AND type = 'quote'"
                         " ORDER BY made_ms DESC, id DESC LIMIT 1",
                         "t", session);
    return take_message(&row, error, ret_message);
}

int store_find_paid(struct store *store, const char *session, struct store_message *ret_message)
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         "SELECT id, gate, lane, session, ask FROM outbox"
                         " WHERE done_ms IS NULL AND session = ?1 AND type = 'paid'"
                         " ORDER BY made_ms DESC, id DESC LIMIT 1",
                         "t", session);
    return take_message(&row, error, ret_message);
}

int store_find_lane_waiting(struct store *store, const char *gate, int lane,
                            struct store_message *ret_message)
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         "SELECT id, gate, lane, session, ask FROM outbox"
                         " WHERE done_ms IS NULL AND gate = ?1 AND lane = ?2 AND type = 'quote'"
                         " ORDER BY made_ms DESC, id DESC LIMIT 1",
                         "ti", gate, (int64_t)lane);
    return take_message(&row, error, ret_message);
}

int store_settle_lane(struct store *store, const char *gate, int lane, const char *session,
                      wall_t now)
{
    int error = db_exec(store->db,
                        "UPDATE outbox SET done_ms = ?3 WHERE done_ms IS NULL AND gate = ?1"
                        " AND lane = ?2 AND type <> 'command'",
                        "tii", gate, (int64_t)lane, now.ms);
    if (!error && session[0]) {
        error = db_exec(store->db,
                        "UPDATE outbox SET done_ms = ?2 WHERE done_ms IS NULL AND session = ?1"
                        " AND type <> 'command'",
                        "ti", session, now.ms);
    }
    return error;
}

int store_settle_message(struct store *store, const char *id, wall_t now)
{
    return db_exec(store->db, "UPDATE outbox SET done_ms = ?2 WHERE id = ?1 AND done_ms IS NULL",
                   "ti", id, now.ms);
}

int store_hurry(struct store *store, const char *gate, wall_t now)
{
    if (!gate) {
        return db_exec(store->db,
                       "UPDATE outbox SET next_ms = ?1 WHERE done_ms IS NULL AND next_ms > ?1", "i",
                       now.ms);
    }
    return db_exec(store->db,
                   "UPDATE outbox SET next_ms = ?2 WHERE done_ms IS NULL AND gate = ?1"
                   " AND next_ms > ?2",
                   "ti", gate, now.ms);
}

int store_next_due(struct store *store, wall_t now, char *space, size_t cap,
                   struct store_due *ret_due)
{
    struct db_row row;
    struct store_due due = {0};
    int error = db_query(store->db, &row,
                         "SELECT id, gate, attempts, expires_ms, body FROM outbox"
                         " WHERE done_ms IS NULL AND next_ms <= ?1 ORDER BY next_ms, id LIMIT 1",
                         "i", now.ms);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            struct str body = db_text(&row, 4);
            error = body.n <= cap ? 0 : DX_E_CORRUPT;
            store_take(&row, 0, due.id, sizeof due.id, &error);
            store_take(&row, 1, due.gate, sizeof due.gate, &error);
            due.attempts = db_i64(&row, 2);
            due.expired = !db_is_null(&row, 3) && db_i64(&row, 3) <= now.ms;
            if (!error) {
                memcpy(space, body.p, body.n);
                due.body = (struct str){space, body.n};
            }
        }
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_due = due;
    }
    return error;
}

int store_said_again(struct store *store, const char *id, wall_t next)
{
    return db_exec(store->db,
                   "UPDATE outbox SET attempts = attempts + 1, next_ms = ?2 WHERE id = ?1", "ti",
                   id, next.ms);
}

int store_next_time(struct store *store, wall_t *ret_next)
{
    int64_t ms = 0;
    int error = db_query_i64(store->db, 0, &ms,
                             "SELECT next_ms FROM outbox WHERE done_ms IS NULL"
                             " ORDER BY next_ms LIMIT 1",
                             "");
    if (!error) {
        ret_next->ms = ms;
    }
    return error;
}

/* ---- commands ---- */

int store_add_command(struct store *store, const struct store_command *c)
{
    return db_exec(store->db,
                   "INSERT INTO command(id, gate, lane, action, reason, by, made_ms, deadline_ms)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                   "ttitttii", c->id, c->gate, (int64_t)c->lane, c->action, c->reason, c->by,
                   c->made.ms, c->deadline.ms);
}

int store_answer_command(struct store *store, const char *id, const char *gate, const char *outcome,
                         const char *text, wall_t now)
{
    int error = db_exec(store->db,
                        "UPDATE command SET outcome = ?3, text = ?4, done_ms = ?5"
                        " WHERE id = ?1 AND gate = ?2 AND outcome = ''",
                        "tttti", id, gate, outcome, text, now.ms);
    if (!error && db_changes(store->db) == 0) {
        error = DX_E_NOT_FOUND;
    }
    return error;
}

/* ---- alarms ---- */

int store_raise_alarm(struct store *store, const char *lot, const char *gate, int lane,
                      const char *code, const char *detail, wall_t now, bool *ret_changed)
{
    int error = db_exec(store->db,
                        "INSERT INTO alarm(lot, gate, lane, code, detail, raised_ms)"
                        " SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM alarm"
                        " WHERE gate = ?2 AND lane = ?3 AND code = ?4 AND cleared_ms IS NULL)",
                        "ttitti", lot, gate, (int64_t)lane, code, detail, now.ms);
    if (!error) {
        *ret_changed = db_changes(store->db) != 0;
    }
    return error;
}

int store_clear_alarm(struct store *store, const char *gate, int lane, const char *code, wall_t now,
                      bool *ret_changed)
{
    int error = db_exec(store->db,
                        "UPDATE alarm SET cleared_ms = ?4"
                        " WHERE gate = ?1 AND lane = ?2 AND code = ?3 AND cleared_ms IS NULL",
                        "titi", gate, (int64_t)lane, code, now.ms);
    if (!error) {
        *ret_changed = db_changes(store->db) != 0;
    }
    return error;
}
