#include "server/store/query_session.h"

#include "proto/io/json.h"
#include "server/store/query.h"

#include <string.h>

#define SESSION_COLUMNS                                                                      \
    "s.id, s.lot, l.name, s.state, s.vehicle, s.subject, s.key, s.raw, s.last4, s.gate_in, " \
    "s.lane_in, s.gate_out, s.lane_out, s.arrived_ms, s.entered_ms, s.asked_ms, s.left_ms, " \
    "s.paid_ms, s.updated_ms, s.permit, s.fee_vnd, s.paid_vnd, s.code, s.token, s.inferred"
enum { SESSION_COLUMN_COUNT = 25 };

static void read_session(struct db_row *row, struct session_row *s)
{
    memset(s, 0, sizeof *s);
    query_text(row, 0, s->id, sizeof s->id);
    query_text(row, 1, s->lot, sizeof s->lot);
    query_text(row, 2, s->lot_name, sizeof s->lot_name);
    query_text(row, 3, s->state, sizeof s->state);
    query_text(row, 4, s->vehicle, sizeof s->vehicle);
    query_text(row, 5, s->subject, sizeof s->subject);
    query_text(row, 6, s->key, sizeof s->key);
    query_text(row, 7, s->raw, sizeof s->raw);
    query_text(row, 8, s->last4, sizeof s->last4);
    query_text(row, 9, s->gate_in, sizeof s->gate_in);
    s->lane_in = query_number(row, 10);
    query_text(row, 11, s->gate_out, sizeof s->gate_out);
    s->lane_out = query_number(row, 12);
    s->arrived_ms = query_number(row, 13);
    s->entered_ms = query_number(row, 14);
    s->asked_ms = query_number(row, 15);
    s->left_ms = query_number(row, 16);
    s->paid_ms = query_number(row, 17);
    s->updated_ms = query_number(row, 18);
    query_text(row, 19, s->permit, sizeof s->permit);
    s->fee_vnd = query_number(row, 20);
    s->paid_vnd = query_number(row, 21);
    query_text(row, 22, s->code, sizeof s->code);
    query_text(row, 23, s->token, sizeof s->token);
    s->inferred = query_number(row, 24) != 0;
}

static void read_lot(struct db_row *row, struct session_lot *lot)
{
    int column = SESSION_COLUMN_COUNT;
    memset(lot, 0, sizeof *lot);
    query_text(row, 2, lot->name, sizeof lot->name);
    query_text(row, column++, lot->address, sizeof lot->address);
    query_text(row, column++, lot->ward, sizeof lot->ward);
    query_text(row, column++, lot->operator_name, sizeof lot->operator_name);
    query_text(row, column++, lot->bin, sizeof lot->bin);
    query_text(row, column++, lot->account, sizeof lot->account);
    query_text(row, column++, lot->account_name, sizeof lot->account_name);
}

int query_session_by_token(struct db *db, struct str token, struct session_row *ret_session,
                           struct session_lot *ret_lot)
{
    struct db_row row;
    int error = db_query(db, &row,
                         "SELECT " SESSION_COLUMNS
                         ", l.address, l.ward, o.name, l.bin, l.account, l.account_name"
                         " FROM session s JOIN lot l ON l.id = s.lot"
                         " JOIN operator o ON o.id = l.operator WHERE s.token = ?1",
                         "s", token);
    bool found = !error && db_next(&row);
    if (found) {
        read_session(&row, ret_session);
        read_lot(&row, ret_lot);
    }
    int end = db_done(&row);
    error = error ? error : end;
    return error || found ? error : DX_E_NOT_FOUND;
}

int query_session_by_id(struct db *db, struct str id, struct session_row *ret_session)
{
    struct db_row row;
    int error = db_query(db, &row,
                         "SELECT " SESSION_COLUMNS
                         " FROM session s JOIN lot l ON l.id = s.lot WHERE s.id = ?1",
                         "s", id);
    bool found = !error && db_next(&row);
    if (found) {
        read_session(&row, ret_session);
    }
    int end = db_done(&row);
    error = error ? error : end;
    return error || found ? error : DX_E_NOT_FOUND;
}

int query_sessions(struct db *db, const char *after, int64_t since_ms, int64_t limit,
                   void (*each)(void *context, const struct session_row *session), void *context)
{
    struct db_row row;
    struct session_row session;
    int error = db_query(db, &row,
                         "SELECT " SESSION_COLUMNS " FROM session s JOIN lot l ON l.id = s.lot"
                         " WHERE s.id > ?1 AND s.arrived_ms >= ?2 ORDER BY s.id LIMIT ?3",
                         "tii", after, since_ms, limit);
    while (!error && db_next(&row)) {
        read_session(&row, &session);
        each(context, &session);
    }
    int end = db_done(&row);
    return error ? error : end;
}

/* The lines of one quote; returns how many, and their sum without what was paid before. */
static int read_lines(struct str text, struct quote_line lines[MSG_LINES_MAX], int64_t *ret_sum)
{
    struct jdoc *root = NULL;
    int count = 0;
    int64_t sum = 0;
    if (jdoc_read(text, &root, NULL)) {
        return 0;
    }
    for (size_t i = 0; i < jdoc_count(root) && count < MSG_LINES_MAX; i++) {
        const struct jdoc *line = jdoc_at(root, i);
        struct str vi = {0};
        struct str en = {0};
        int64_t amount = 0;
        if (jdoc_get_str(line, "vi", &vi) || jdoc_get_str(line, "en", &en) ||
            jdoc_get_i64(line, "amount_vnd", &amount) || amount < 0) {
            continue;
        }
        str_copy_cut(lines[count].vi, sizeof lines[count].vi, vi);
        str_copy_cut(lines[count].en, sizeof lines[count].en, en);
        lines[count++].amount_vnd = amount;
        sum += amount;
    }
    jdoc_release(root);
    *ret_sum = sum;
    return count;
}

int query_fee_lines(struct db *db, const char *session, int64_t fee_vnd,
                    struct quote_line ret_lines[MSG_LINES_MAX], int *ret_count)
{
    struct db_row row;
    int count = 0;
    int error = db_query(db, &row,
                         "SELECT lines FROM quote WHERE session = ?1 ORDER BY made_ms DESC LIMIT 1",
                         "t", session);
    if (!error && db_next(&row)) {
        int64_t sum = 0;
        count = read_lines(db_text(&row, 0), ret_lines, &sum);
        count = sum == fee_vnd ? count : 0;
    }
    int end = db_done(&row);
    error = error ? error : end;
    if (!error) {
        *ret_count = count;
    }
    return error;
}

void session_row_name(const struct session_row *session, char out[PLATE_RAW_CAP])
{
    if (strcmp(session->subject, "card") == 0) {
        snprintf(out, PLATE_RAW_CAP, "••%s", session->last4);
        return;
    }
    str_copy_cut(out, PLATE_RAW_CAP, str_c(session->raw[0] ? session->raw : session->key));
    /* A motorbike's plate comes on two lines. */
    for (char *p = out; *p; p++) {
        *p = *p == '\n' || *p == '\r' ? ' ' : *p;
    }
}
