#include "server/store/query_event.h"

#include "proto/io/msg_json.h"
#include "server/store/query.h"
#include "server/store/query_session.h"

#include <string.h>

static void name_vehicle(struct event_row *to, struct db_row *row)
{
    const struct subject *subject = &to->event.subject;
    struct session_row session = {0};
    if (!db_is_null(row, 5)) {
        query_text(row, 5, session.subject, sizeof session.subject);
        query_text(row, 6, session.raw, sizeof session.raw);
        query_text(row, 7, session.key, sizeof session.key);
        query_text(row, 8, session.last4, sizeof session.last4);
    } else if (subject->kind != SUBJECT_NONE) {
        str_copy_cut(session.subject, sizeof session.subject,
                     str_c(subject_kind_text(subject->kind)));
        str_copy_cut(session.raw, sizeof session.raw, str_c(subject->raw));
        str_copy_cut(session.key, sizeof session.key, str_c(subject->key));
        str_copy_cut(session.last4, sizeof session.last4, str_c(subject->last4));
    } else {
        return;
    }
    session_row_name(&session, to->vehicle_name);
}

int query_events(struct db *db, const char *lot, int64_t limit,
                 void (*each)(void *context, const struct event_row *row), void *context)
{
    struct db_row row;
    struct event_row event;
    int error =
        db_query(db, &row,
                 "SELECT e.body, e.outcome, e.received_ms, g.lot, l.name,"
                 " s.subject, s.raw, s.key, s.last4"
                 " FROM event e JOIN gate g ON g.id = e.gate JOIN lot l ON l.id = g.lot"
                 " LEFT JOIN session s ON s.id = e.session AND e.session <> ''"
                 " WHERE ?1 = '' OR g.lot = ?1"
                 " ORDER BY e.received_ms DESC, e.gate, e.generation DESC, e.seq DESC LIMIT ?2",
                 "ti", lot, limit);
    while (!error && db_next(&row)) {
        const char *why = NULL;
        memset(&event, 0, sizeof event);
        if (event_read(db_text(&row, 0), &event.event, &why)) {
            continue;
        }
        query_text(&row, 1, event.outcome, sizeof event.outcome);
        event.received_ms = db_i64(&row, 2);
        query_text(&row, 3, event.lot, sizeof event.lot);
        query_text(&row, 4, event.lot_name, sizeof event.lot_name);
        name_vehicle(&event, &row);
        each(context, &event);
    }
    int end = db_done(&row);
    return error ? error : end;
}
