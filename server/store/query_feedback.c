#include "server/store/query_feedback.h"

#include "server/store/query.h"

static int read_complaint(struct db *db, const char *session, struct feedback *f)
{
    struct db_row row;
    int error = db_query(db, &row,
                         "SELECT c.asked_vnd, c.at_ms, r.id IS NOT NULL FROM complaint c"
                         " LEFT JOIN review r ON r.cause = c.id AND r.kind = 'complaint'"
                         " AND r.closed_ms IS NULL"
                         " WHERE c.session = ?1 ORDER BY c.at_ms DESC, c.id DESC LIMIT 1",
                         "t", session);
    if (!error && db_next(&row)) {
        f->complained = true;
        f->asked_vnd = query_number(&row, 0);
        f->complained_ms = query_number(&row, 1);
        f->complaint_open = query_number(&row, 2) != 0;
    }
    int end = db_done(&row);
    return error ? error : end;
}

int query_feedback(struct db *db, const char *session, struct feedback *ret_feedback)
{
    struct feedback f = {0};
    int error =
        db_query_i64(db, 0, &f.score, "SELECT score FROM rating WHERE session = ?1", "t", session);
    error = error ? error : read_complaint(db, session, &f);
    if (!error) {
        *ret_feedback = f;
    }
    return error;
}

int query_complaints(struct db *db, const char *lot, bool open_only, int64_t limit,
                     void (*each)(void *context, const struct complaint_row *row), void *context)
{
    struct db_row row;
    int error = db_query(db, &row,
                         "SELECT c.id, c.lot, coalesce(c.session, ''), coalesce(r.id, 0),"
                         " r.id IS NOT NULL AND r.closed_ms IS NULL AS waits, c.asked_vnd,"
                         " c.fee_vnd, c.at_ms, c.text FROM complaint c"
                         " LEFT JOIN review r ON r.cause = c.id AND r.kind = 'complaint'"
                         " WHERE (?1 = '' OR c.lot = ?1) AND (?2 = 0 OR waits)"
                         " ORDER BY c.at_ms DESC, c.id DESC LIMIT ?3",
                         "tii", lot, (int64_t)open_only, limit);
    while (!error && db_next(&row)) {
        struct complaint_row c = {0};
        query_text(&row, 0, c.id, sizeof c.id);
        query_text(&row, 1, c.lot, sizeof c.lot);
        query_text(&row, 2, c.session, sizeof c.session);
        c.review = query_number(&row, 3);
        c.open = query_number(&row, 4) != 0;
        c.asked_vnd = query_number(&row, 5);
        c.fee_vnd = query_number(&row, 6);
        c.at_ms = query_number(&row, 7);
        query_text(&row, 8, c.text, sizeof c.text);
        each(context, &c);
    }
    int end = db_done(&row);
    return error ? error : end;
}
