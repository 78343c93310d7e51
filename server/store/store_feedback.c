#include "server/store/store_feedback.h"

#include "server/store/store_sqlite.h"

int store_add_complaint(struct store *store, const struct store_complaint *c, wall_t now)
{
    return db_exec(store->db,
                   "INSERT INTO complaint(id, session, lot, kind, asked_vnd, fee_vnd, text, at_ms)"
                   " VALUES (?1, ?2, ?3, 'off_tariff', ?4, ?5, ?6, ?7)",
                   "tttiiti", c->id, c->session, c->lot, c->asked_vnd, c->fee_vnd, c->text, now.ms);
}

int store_has_open_complaint(struct store *store, const char *session, bool *ret_has)
{
    int64_t count = 0;
    int error = db_query_i64(store->db, 0, &count,
                             "SELECT count(*) FROM complaint c JOIN review r ON r.cause = c.id"
                             " WHERE c.session = ?1 AND r.kind = 'complaint'"
                             " AND r.closed_ms IS NULL",
                             "t", session);
    if (!error) {
        *ret_has = count > 0;
    }
    return error;
}

int store_put_rating(struct store *store, const char *session, const char *lot, int score,
                     wall_t now)
{
    return db_exec(store->db,
                   "INSERT INTO rating(session, lot, score, at_ms) VALUES (?1, ?2, ?3, ?4)"
                   " ON CONFLICT(session) DO UPDATE SET score = ?3, at_ms = ?4",
                   "ttii", session, lot, (int64_t)score, now.ms);
}
