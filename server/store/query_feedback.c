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
