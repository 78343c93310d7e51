/* store_session.c - sessions, quotes, reviews, counts of the day. */
#include "server/store/store_sqlite.h"

#include "proto/base/check.h"

#define X(name, word, sentence) word,
static const char *const subject_words[] = {SUBJECT_KINDS(X)};
static const char *const permit_words[] = {PERMITS(X)};
#undef X

#define COLUMNS STORE_SESSION_COLUMNS

int store_take_session(struct db_row *row, struct session *s)
{
    int error = 0;
    memset(s, 0, sizeof *s);
    store_take(row, 0, s->id, sizeof s->id, &error);
    store_take(row, 1, s->lot, sizeof s->lot, &error);
    if (session_state_parse(db_text(row, 2), &s->state) != 0 ||
        vehicle_parse(db_text(row, 3), &s->subject.vehicle) != 0) {
        return DX_E_CORRUPT;
    }
    s->subject.kind =
        (enum subject_kind)store_take_word(row, 4, subject_words, SUBJECT_KIND_COUNT, &error);
    store_take(row, 5, s->subject.key, sizeof s->subject.key, &error);
    store_take(row, 6, s->subject.raw, sizeof s->subject.raw, &error);
    store_take(row, 7, s->subject.last4, sizeof s->subject.last4, &error);
    store_take(row, 8, s->gate_in, sizeof s->gate_in, &error);
    s->lane_in = (int)db_i64(row, 9);
    s->arrived.ms = db_i64(row, 10);
    s->entered.ms = db_i64(row, 11);
    s->asked.ms = db_i64(row, 12);
    store_take(row, 13, s->gate_out, sizeof s->gate_out, &error);
    s->lane_out = (int)db_i64(row, 14);
    s->left.ms = db_i64(row, 15);
    s->permitted = !db_is_null(row, 16);
    if (s->permitted) {
        s->permit = (enum permit)store_take_word(row, 16, permit_words, PERMIT_COUNT, &error);
    }
    s->fee_vnd = db_i64(row, 17);
    s->paid_vnd = db_i64(row, 18);
    s->paid_at.ms = db_i64(row, 19);
    store_take(row, 20, s->code, sizeof s->code, &error);
    store_take(row, 21, s->token, sizeof s->token, &error);
    s->inferred = db_i64(row, 22) != 0;
    return error;
}

static int take_one(struct db_row *row, int error, struct session *ret_session)
{
    struct session session = {0};
    if (!error) {
        error = db_next(row) ? store_take_session(row, &session) : DX_E_NOT_FOUND;
    }
    error = store_end(row, error);
    if (!error) {
        *ret_session = session;
    }
    return error;
}

int store_get_session(struct store *store, const char *id, struct session *ret_session)
{
    struct db_row row;
    int error = db_query(store->db, &row, "SELECT " COLUMNS " FROM session WHERE id = ?1", "t", id);
    return take_one(&row, error, ret_session);
}

int store_get_session_by_code(struct store *store, const char *code, struct session *ret_session)
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         "SELECT " COLUMNS " FROM session WHERE code = ?1"
                         " OR id = (SELECT session FROM session_code WHERE code = ?1)",
                         "t", code);
    return take_one(&row, error, ret_session);
}

int store_get_session_by_token(struct store *store, struct str token, struct session *ret_session)
{
    struct db_row row;
    int error =
        db_query(store->db, &row, "SELECT " COLUMNS " FROM session WHERE token = ?1", "s", token);
    return take_one(&row, error, ret_session);
}

int store_find_open(struct store *store, const char *lot, const struct subject *subject,
                    struct session *ret_sessions, int max, int *ret_count)
{
    struct db_row row;
    int count = 0;
    int error =
        db_query(store->db, &row,
                 "SELECT " COLUMNS " FROM session WHERE left_ms IS NULL AND lot = ?1 AND key = ?2"
                 " AND subject = ?3"
                 " AND state IN ('arriving', 'inside', 'quoted', 'paid', 'exempt', 'leaving')"
                 " ORDER BY coalesce(entered_ms, arrived_ms) DESC, id DESC LIMIT ?4",
                 "ttti", lot, subject->key, subject_kind_text(subject->kind), (int64_t)max);
    while (!error && db_next(&row)) {
        error = store_take_session(&row, &ret_sessions[count++]);
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_count = count;
    }
    return error;
}

/* A time of 0 is no time. */
#define TIME_OR_NULL(n) "nullif(?" #n ", 0)"

int store_add_session(struct store *store, const struct session *s, wall_t now)
{
    return db_exec(
        store->db,
        "INSERT INTO session(id, lot, state, vehicle, subject, key, raw, last4, gate_in, lane_in,"
        " arrived_ms, code, token, inferred, updated_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        "tttttttttiittii", s->id, s->lot, session_state_text(s->state),
        vehicle_text(s->subject.vehicle), subject_kind_text(s->subject.kind), s->subject.key,
        s->subject.raw, s->subject.last4, s->gate_in, (int64_t)s->lane_in, s->arrived.ms, s->code,
        s->token, (int64_t)s->inferred, now.ms);
}

int store_put_session(struct store *store, const struct session *s, wall_t now)
{
    int error = db_exec(
        store->db,
        "UPDATE session SET state = ?2, entered_ms = " TIME_OR_NULL(
            3) ","
               " asked_ms = " TIME_OR_NULL(4) ", gate_out = ?5, lane_out = " TIME_OR_NULL(
                   6) ","
                      " left_ms = " TIME_OR_NULL(
                          7) ", permit = ?8, fee_vnd = ?9, paid_vnd = ?10,"
                             " paid_ms = " TIME_OR_NULL(
                                 11) ", inferred = ?12, updated_ms = ?13, vehicle = ?14,"
                                     " subject = ?15, key = ?16, raw = ?17, last4 = ?18"
                                     " WHERE id = ?1",
        "ttiitiitiiiiittttt", s->id, session_state_text(s->state), s->entered.ms, s->asked.ms,
        store_or_null(s->gate_out), (int64_t)s->lane_out, s->left.ms,
        s->permitted ? permit_text(s->permit) : NULL, s->fee_vnd, s->paid_vnd, s->paid_at.ms,
        (int64_t)s->inferred, now.ms, vehicle_text(s->subject.vehicle),
        subject_kind_text(s->subject.kind), s->subject.key, s->subject.raw, s->subject.last4);
    if (!error && db_changes(store->db) != 1) {
        error = DX_E_NOT_FOUND;
    }
    return error;
}

/* ---- quotes ---- */

void store_write_lines(struct out *out, const struct quote_line *line, int count)
{
    json_array(out, NULL);
    for (int i = 0; i < count; i++) {
        json_object(out, NULL);
        json_c(out, "vi", line[i].vi);
        json_c(out, "en", line[i].en);
        json_i64(out, "amount_vnd", line[i].amount_vnd);
        json_object_end(out);
    }
    json_array_end(out);
}

int store_add_quote(struct store *store, const struct store_quote *quote,
                    const struct payment_quote *priced)
{
    char space[MSG_LINES_MAX * 512];
    struct out lines;
    out_init(&lines, space, sizeof space);
    store_write_lines(&lines, priced->line, priced->line_count);
    if (out_failed(&lines)) {
        return DX_E_FORMAT; /* a tariff's label that is no UTF-8 */
    }
    return db_exec(store->db,
                   "INSERT INTO quote(id, session, ask, lane, made_ms, priced_to_ms, fee_vnd,"
                   " due_vnd, valid_until_ms, tariff, digest, lines)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                   "tttiiiiiitts", quote->id, quote->session, quote->ask, (int64_t)quote->lane,
                   quote->made.ms, priced->priced_to.ms, priced->fee_vnd, priced->due_vnd,
                   priced->valid_until.ms, priced->tariff, priced->digest, out_str(&lines));
}

int store_get_promise(struct store *store, const char *session, struct payment_promise *ret_promise)
{
    struct db_row row;
    struct payment_promise promise = {0};
    int error = db_query(store->db, &row,
                         "SELECT fee_vnd, made_ms, valid_until_ms FROM quote WHERE session = ?1"
                         " ORDER BY made_ms DESC, id DESC LIMIT 1",
                         "t", session);
    if (!error && db_next(&row)) {
        promise.given = true;
        promise.fee_vnd = db_i64(&row, 0);
        promise.made.ms = db_i64(&row, 1);
        promise.valid_until.ms = db_i64(&row, 2);
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_promise = promise;
    }
    return error;
}

/* ---- reviews ---- */

int store_add_review(struct store *store, const struct store_review *where,
                     const struct review *review, wall_t now)
{
    return db_exec(store->db,
                   "INSERT INTO review(kind, lot, gate, lane, session, credit, cause, detail,"
                   " opened_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                   "tttitttti", review_text(review->kind), where->lot, where->gate,
                   (int64_t)where->lane, where->session, where->credit, where->cause,
                   review->detail, now.ms);
}

int store_close_review(struct store *store, int64_t id, const char *by, wall_t now)
{
    int error = db_exec(store->db,
                        "UPDATE review SET closed_ms = ?2, closed_by = ?3"
                        " WHERE id = ?1 AND closed_ms IS NULL",
                        "iit", id, now.ms, by);
    if (!error && db_changes(store->db) == 0) {
        error = DX_E_NOT_FOUND;
    }
    return error;
}

int store_close_lane_reviews(struct store *store, const char *gate, int lane, enum review_kind kind,
                             const char *by, wall_t now)
{
    return db_exec(store->db,
                   "UPDATE review SET closed_ms = ?4, closed_by = ?5"
                   " WHERE closed_ms IS NULL AND gate = ?1 AND lane = ?2 AND kind = ?3",
                   "titit", gate, (int64_t)lane, review_text(kind), now.ms, by);
}
