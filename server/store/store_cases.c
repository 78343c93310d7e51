/* store_cases.c - payment requests, what transfers paid, proposals, debts, answers asked for again.
 */
#include "server/store/store_cases.h"

#include "proto/base/check.h"
#include "server/store/store_sqlite.h"

#define X(name, word, sentence) word,
static const char *const request_words[] = {REQUEST_STATES(X)};
#undef X

/* ---- payment requests ---- */

int store_add_request(struct store *store, const struct store_request *r, enum request_state state,
                      const char *credit)
{
    char space[MSG_LINES_MAX * 512];
    struct out lines;
    must(state < REQUEST_STATE_COUNT);
    out_init(&lines, space, sizeof space);
    store_write_lines(&lines, r->line, r->line_count);
    if (out_failed(&lines)) {
        return DX_E_FORMAT;
    }
    return db_exec(store->db,
                   "INSERT INTO stay_request(id, session, kind, amount_vnd, debt_vnd, fee_vnd,"
                   " lines, code, bin, account, payload, made_ms, promise_ms, state, credit,"
                   " closed_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
                   " ?14, ?15, CASE ?14 WHEN 'open' THEN NULL ELSE ?12 END)",
                   "tttiiisttttiitt", r->id, r->session, r->kind, r->amount_vnd, r->debt_vnd,
                   r->fee_vnd, out_str(&lines), r->code, r->bin, r->account, r->payload, r->made.ms,
                   r->promise.ms, request_words[state], credit);
}

int store_get_open_request(struct store *store, const char *session,
                           struct store_open_request *ret_request)
{
    struct db_row row;
    struct store_open_request r = {0};
    int error = db_query(store->db, &row,
                         "SELECT id, amount_vnd, debt_vnd, made_ms, promise_ms FROM stay_request"
                         " WHERE session = ?1 AND state = 'open'",
                         "t", session);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            error = 0;
            store_take(&row, 0, r.id, sizeof r.id, &error);
            r.amount_vnd = db_i64(&row, 1);
            r.debt_vnd = db_i64(&row, 2);
            r.made.ms = db_i64(&row, 3);
            r.promise.ms = db_i64(&row, 4);
        }
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_request = r;
    }
    return error;
}

int store_close_request(struct store *store, const char *id, enum request_state state,
                        const char *credit, wall_t now)
{
    must(state != REQUEST_OPEN && state < REQUEST_STATE_COUNT);
    return db_exec(store->db,
                   "UPDATE stay_request SET state = ?2, credit = ?3, closed_ms = ?4 WHERE id = ?1",
                   "ttti", id, request_words[state], credit, now.ms);
}

int store_expire_requests(struct store *store, wall_t now, int64_t max)
{
    return db_exec(store->db,
                   "UPDATE stay_request SET state = 'expired', closed_ms = ?1 WHERE id IN"
                   " (SELECT id FROM stay_request WHERE state = 'open' AND promise_ms > 0"
                   " AND promise_ms < ?1 ORDER BY promise_ms LIMIT ?2)",
                   "ii", now.ms, max);
}

/* ---- transfers that were booked ---- */

int store_get_credit(struct store *store, const char *id, struct store_booked *ret_booked)
{
    struct db_row row;
    struct store_booked b = {0};
    struct bank_credit *c = &b.credit;
    int error = db_query(store->db, &row,
                         "SELECT id, provider, provider_tx, account, bank_ref, direction,"
                         " amount_vnd, booked_ms, content, code, coalesce(session, ''), verdict"
                         " FROM bank_credit WHERE id = ?1",
                         "t", id);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            error = 0;
            store_take(&row, 0, b.id, sizeof b.id, &error);
            store_take(&row, 1, c->provider, sizeof c->provider, &error);
            store_take(&row, 2, c->provider_tx, sizeof c->provider_tx, &error);
            store_take(&row, 3, c->account, sizeof c->account, &error);
            store_take(&row, 4, c->bank_ref, sizeof c->bank_ref, &error);
            c->out = str_eq_c(db_text(&row, 5), "out");
            c->amount_vnd = db_i64(&row, 6);
            c->booked.ms = db_i64(&row, 7);
            store_take(&row, 8, c->content, sizeof c->content, &error);
            store_take(&row, 9, b.code, sizeof b.code, &error);
            store_take(&row, 10, b.session, sizeof b.session, &error);
            store_take(&row, 11, b.verdict, sizeof b.verdict, &error);
        }
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_booked = b;
    }
    return error;
}

int store_add_applied(struct store *store, const char *credit, const char *session,
                      int64_t amount_vnd)
{
    return db_exec(store->db,
                   "INSERT INTO credit_applied(credit, session, amount_vnd) VALUES (?1, ?2, ?3)"
                   " ON CONFLICT(credit, session) DO UPDATE SET"
                   " amount_vnd = amount_vnd + excluded.amount_vnd",
                   "tti", credit, session, amount_vnd);
}

int store_is_suspended(struct store *store, const char *credit, bool *ret_suspended)
{
    int64_t is = 0;
    int error = db_query_i64(store->db, 0, &is,
                             "SELECT count(*) FROM bank_credit WHERE id = ?1 AND verdict IN"
                             " ('unmatched', 'wrong_account', 'two_codes', 'reversal')"
                             " AND NOT EXISTS (SELECT 1 FROM proposal JOIN proposal_part"
                             "  ON proposal = proposal.id WHERE credit = ?1"
                             "  AND state = 'approved' AND action <> 'keep')",
                             "t", credit);
    if (!error) {
        *ret_suspended = is != 0;
    }
    return error;
}

int store_get_applied(struct store *store, const char *credit, struct store_applied *ret_applied,
                      int max, int *ret_count)
{
    struct db_row row;
    int count = 0;
    int error = db_query(store->db, &row,
                         "SELECT session, amount_vnd - back_vnd FROM credit_applied"
                         " WHERE credit = ?1 AND amount_vnd > back_vnd ORDER BY session LIMIT ?2",
                         "ti", credit, (int64_t)max);
    while (!error && db_next(&row)) {
        struct store_applied *a = &ret_applied[count++];
        store_take(&row, 0, a->session, sizeof a->session, &error);
        a->amount_vnd = db_i64(&row, 1);
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_count = count;
    }
    return error;
}

int store_take_applied(struct store *store, const char *credit, const char *session,
                       int64_t amount_vnd)
{
    return db_exec(store->db,
                   "UPDATE credit_applied SET back_vnd = back_vnd + ?3"
                   " WHERE credit = ?1 AND session = ?2",
                   "tti", credit, session, amount_vnd);
}

int store_find_back(struct store *store, const char *account, int64_t amount_vnd, wall_t until,
                    struct store_back *ret_back, int max, int *ret_count)
{
    struct db_row row;
    int count = 0;
    int error = db_query(store->db, &row,
                         "SELECT id, bank_ref, code FROM bank_credit WHERE account = ?1"
                         " AND amount_vnd = ?2 AND direction = 'in' AND booked_ms <= ?3"
                         " AND NOT EXISTS (SELECT 1 FROM credit_back WHERE credit = bank_credit.id)"
                         " ORDER BY booked_ms DESC, id DESC LIMIT ?4",
                         "tiii", account, amount_vnd, until.ms, (int64_t)max);
    while (!error && db_next(&row)) {
        struct store_back *b = &ret_back[count++];
        store_take(&row, 0, b->id, sizeof b->id, &error);
        store_take(&row, 1, b->bank_ref, sizeof b->bank_ref, &error);
        store_take(&row, 2, b->code, sizeof b->code, &error);
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_count = count;
    }
    return error;
}

int store_add_back(struct store *store, const char *credit, const char *out_credit)
{
    return db_exec(store->db, "INSERT INTO credit_back(credit, out_credit) VALUES (?1, ?2)", "tt",
                   credit, out_credit);
}

/* ---- reviews and proposals ---- */

int store_get_review(struct store *store, int64_t id, struct store_review_row *ret_review)
{
    struct db_row row;
    struct store_review_row r = {0};
    int error =
        db_query(store->db, &row,
                 "SELECT kind, lot, session, credit, closed_ms FROM review WHERE id = ?1", "i", id);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            error = 0;
            store_take(&row, 0, r.kind, sizeof r.kind, &error);
            store_take(&row, 1, r.lot, sizeof r.lot, &error);
            store_take(&row, 2, r.session, sizeof r.session, &error);
            store_take(&row, 3, r.credit, sizeof r.credit, &error);
            r.open = db_is_null(&row, 4);
        }
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_review = r;
    }
    return error;
}

int store_close_credit_reviews(struct store *store, const char *credit, const char *by, wall_t now)
{
    must(credit[0]);
    return db_exec(store->db,
                   "UPDATE review SET closed_ms = ?2, closed_by = ?3"
                   " WHERE credit = ?1 AND closed_ms IS NULL AND credit <> ''",
                   "tit", credit, now.ms, by);
}

int store_add_proposal(struct store *store, const struct store_proposal *p, wall_t now)
{
    int error = db_exec(store->db,
                        "INSERT INTO proposal(id, kind, review, credit, note, made_by, made_ms)"
                        " VALUES (?1, ?2, nullif(?3, 0), ?4, ?5, ?6, ?7)",
                        "ttittti", p->id, p->write_off ? "write_off" : "transfer", p->review,
                        p->credit, p->note, p->made_by, now.ms);
    for (int i = 0; i < p->part_count && !error; i++) {
        const char *action = p->write_off ? "write_off" : proposal_action_text(p->part[i].action);
        error = db_exec(store->db,
                        "INSERT INTO proposal_part(proposal, line, action, target, amount_vnd)"
                        " VALUES (?1, ?2, ?3, ?4, ?5)",
                        "titti", p->id, (int64_t)i + 1, action, p->part[i].target,
                        p->part[i].amount_vnd);
    }
    return error;
}

static int take_parts(struct store *store, struct store_proposal *p)
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         "SELECT action, target, amount_vnd FROM proposal_part WHERE proposal = ?1"
                         " ORDER BY line",
                         "t", p->id);
    while (!error && db_next(&row)) {
        struct proposal_part *part = &p->part[p->part_count];
        bool known = p->write_off || proposal_action_parse(db_text(&row, 0), &part->action) == 0;
        if (++p->part_count > PROPOSAL_PARTS_MAX || !known) {
            error = DX_E_CORRUPT;
            break;
        }
        store_take(&row, 1, part->target, sizeof part->target, &error);
        part->amount_vnd = db_i64(&row, 2);
    }
    return store_end(&row, error);
}

int store_get_proposal(struct store *store, const char *id, struct store_proposal *ret_proposal)
{
    struct db_row row;
    struct store_proposal p = {0};
    int error = db_query(store->db, &row,
                         "SELECT id, kind, coalesce(review, 0), credit, note, made_by, state"
                         " FROM proposal WHERE id = ?1",
                         "t", id);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            error = 0;
            store_take(&row, 0, p.id, sizeof p.id, &error);
            p.write_off = str_eq_c(db_text(&row, 1), "write_off");
            p.review = db_i64(&row, 2);
            store_take(&row, 3, p.credit, sizeof p.credit, &error);
            store_take(&row, 4, p.note, sizeof p.note, &error);
            store_take(&row, 5, p.made_by, sizeof p.made_by, &error);
            p.open = str_eq_c(db_text(&row, 6), "open");
        }
    }
    error = store_end(&row, error);
    error = error ? error : take_parts(store, &p);
    if (!error) {
        *ret_proposal = p;
    }
    return error;
}

int store_decide_proposal(struct store *store, const char *id, bool approved, const char *by,
                          const char *reason, wall_t now)
{
    int error = db_exec(store->db,
                        "UPDATE proposal SET state = ?2, decided_by = ?3, decided_ms = ?4,"
                        " reason = ?5 WHERE id = ?1 AND state = 'open'",
                        "tttit", id, approved ? "approved" : "refused", by, now.ms, reason);
    return error ? error : db_changes(store->db) == 1 ? 0 : DX_E_NOT_FOUND;
}

int store_count_write_offs(struct store *store, const char *session, int64_t *ret_open)
{
    return db_query_i64(store->db, 0, ret_open,
                        "SELECT count(*) FROM proposal JOIN proposal_part ON proposal = id"
                        " WHERE state = 'open' AND action = 'write_off' AND target = ?1",
                        "t", session);
}

/* ---- debts ---- */

int store_find_debts(struct store *store, const char *operator_id, const char *lot,
                     const struct subject *subject, struct session *ret_debts, int max,
                     int *ret_count)
{
    struct db_row row;
    int count = 0;
    if (subject->kind == SUBJECT_NONE || subject->key[0] == '\0') {
        *ret_count = 0;
        return 0;
    }
    int error = db_query(
        store->db, &row,
        "SELECT " STORE_SESSION_COLUMNS " FROM session WHERE state = 'left_unpaid'"
        " AND key = ?1 AND vehicle = ?2 AND subject = ?3"
        " AND lot IN (SELECT id FROM lot WHERE operator = ?4)"
        " AND lot = coalesce(?5, lot) AND fee_vnd > paid_vnd ORDER BY left_ms, id LIMIT ?6",
        "ttttti", subject->key, vehicle_text(subject->vehicle), subject_kind_text(subject->kind),
        operator_id, lot, (int64_t)max);
    while (!error && db_next(&row)) {
        error = store_take_session(&row, &ret_debts[count++]);
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_count = count;
    }
    return error;
}

int store_add_debt_offer(struct store *store, const char *session, const char *debt,
                         int64_t due_vnd, wall_t now)
{
    return db_exec(store->db,
                   "INSERT INTO debt_offer(session, debt, due_vnd, made_ms) VALUES (?1, ?2, ?3, ?4)"
                   " ON CONFLICT DO NOTHING",
                   "ttii", session, debt, due_vnd, now.ms);
}

/* ---- what a lane asks for again; passages without a session ---- */

int store_find_answer(struct store *store, const char *gate, int lane, const char *ask, char *space,
                      size_t cap, struct store_answer *ret_answer)
{
    struct db_row row;
    struct store_answer a = {0};
    int error = db_query(store->db, &row,
                         "SELECT id, type, done_ms, body FROM outbox WHERE ask = ?1 AND ask <> ''"
                         " AND gate = ?2 AND lane = ?3 AND type IN ('paid', 'quote')"
                         " ORDER BY type = 'paid' DESC, made_ms DESC, id DESC LIMIT 1",
                         "tti", ask, gate, (int64_t)lane);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            struct str body = db_text(&row, 3);
            error = body.n <= cap ? 0 : DX_E_CORRUPT;
            store_take(&row, 0, a.id, sizeof a.id, &error);
            a.paid = str_eq_c(db_text(&row, 1), "paid");
            a.done = !db_is_null(&row, 2);
            if (!error) {
                memcpy(space, body.p, body.n);
                a.body = (struct str){space, body.n};
            }
        }
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_answer = a;
    }
    return error;
}

int store_get_last_ask(struct store *store, const char *session, char ret_ask[ULID_CAP])
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         "SELECT ask FROM quote WHERE session = ?1"
                         " ORDER BY made_ms DESC, rowid DESC LIMIT 1",
                         "t", session);
    ret_ask[0] = '\0';
    if (!error && db_next(&row)) {
        store_take(&row, 0, ret_ask, ULID_CAP, &error);
    }
    return store_end(&row, error);
}

int store_reopen_message(struct store *store, const char *id, wall_t next)
{
    return db_exec(store->db, "UPDATE outbox SET done_ms = NULL, next_ms = ?2 WHERE id = ?1", "ti",
                   id, next.ms);
}

int store_add_unlogged(struct store *store, const char *event, const char *lot, const char *gate,
                       int lane, const char *code, const char *session, wall_t at)
{
    return db_exec(store->db,
                   "INSERT INTO unlogged(event, lot, gate, lane, code, session, at_ms)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
                   "tttitti", event, lot, gate, (int64_t)lane, code, session, at.ms);
}
