#include "server/store/query_lane.h"

#include "proto/io/msg_json.h"
#include "server/store/query.h"

#include <string.h>

/* So far back in a gate's journal a lane's last word is looked for. */
enum { LOOK_BACK = 300 };

/* ---- what the journal last said about each lane ---- */

/* Types that change who stands at a lane. */
static bool tells_who(enum event_type type)
{
    return type == EVENT_ARRIVED || type == EVENT_ENTERED || type == EVENT_BACKED_OUT ||
           type == EVENT_EXIT_ASKED || type == EVENT_EXIT_PERMITTED || type == EVENT_LEFT ||
           type == EVENT_BACKED_OFF || type == EVENT_HELD || type == EVENT_RELEASED ||
           type == EVENT_HAND_OPENED;
}

static struct lane_row *find_lane(struct gate_row *gate, int lane)
{
    for (int i = 0; i < gate->lane_count; i++) {
        if (gate->lane[i].lane == lane) {
            return &gate->lane[i];
        }
    }
    return NULL;
}

static int read_last_quote(struct db *db, struct lane_row *lane)
{
    return db_query_i64(db, 0, &lane->due_vnd,
                        "SELECT due_vnd FROM quote WHERE session = ?1"
                        " ORDER BY made_ms DESC LIMIT 1",
                        "t", lane->session.id);
}

static int fill_lane(struct db *db, struct lane_row *lane, const struct event *event)
{
    str_copy_cut(lane->last, sizeof lane->last, str_c(event_type_text(event->type)));
    lane->last_ms = event->wall.ms;
    if (event->type == EVENT_HELD) {
        struct session_row seen = {0};
        str_copy_cut(lane->hold, sizeof lane->hold, str_c(hold_text(event->hold)));
        str_copy_cut(lane->held_vehicle, sizeof lane->held_vehicle,
                     str_c(vehicle_text(event->subject.vehicle)));
        str_copy_cut(seen.subject, sizeof seen.subject,
                     str_c(subject_kind_text(event->subject.kind)));
        str_copy_cut(seen.raw, sizeof seen.raw, str_c(event->subject.raw));
        str_copy_cut(seen.key, sizeof seen.key, str_c(event->subject.key));
        str_copy_cut(seen.last4, sizeof seen.last4, str_c(event->subject.last4));
        session_row_name(&seen, lane->held_name);
    }
    if (!event->session[0]) {
        return 0;
    }
    int error = query_session_by_id(db, str_c(event->session), &lane->session);
    if (error) {
        return error == DX_E_NOT_FOUND ? 0 : error; /* its arrival may be parked or lost */
    }
    lane->has_session = true;
    return read_last_quote(db, lane);
}

static int read_journal(struct db *db, struct gate_row *gate)
{
    struct db_row row;
    int open = gate->lane_count;
    if (open == 0) {
        return 0;
    }
    int error = db_query(db, &row,
                         "SELECT lane, body FROM event WHERE gate = ?1"
                         " ORDER BY generation DESC, seq DESC LIMIT ?2",
                         "ti", gate->id, (int64_t)LOOK_BACK);
    while (!error && open > 0 && db_next(&row)) {
        struct lane_row *lane = find_lane(gate, (int)db_i64(&row, 0));
        struct event event;
        const char *why = NULL;
        if (!lane || lane->last[0] || event_read(db_text(&row, 1), &event, &why) ||
            !tells_who(event.type)) {
            continue;
        }
        error = fill_lane(db, lane, &event);
        open--;
    }
    int end = db_done(&row);
    return error ? error : end;
}

static int read_alarms(struct db *db, struct gate_row *gate)
{
    struct db_row row;
    int error = db_query(db, &row,
                         "SELECT lane, code, detail, raised_ms FROM alarm"
                         " WHERE gate = ?1 AND cleared_ms IS NULL ORDER BY raised_ms, id",
                         "t", gate->id);
    while (!error && db_next(&row)) {
        if (gate->alarm_count < LANE_ALARMS_MAX) {
            struct alarm_row *alarm = &gate->alarm[gate->alarm_count];
            alarm->lane = db_i64(&row, 0);
            query_text(&row, 1, alarm->code, sizeof alarm->code);
            query_text(&row, 2, alarm->detail, sizeof alarm->detail);
            alarm->raised_ms = db_i64(&row, 3);
        }
        gate->alarm_count++;
    }
    int end = db_done(&row);
    return error ? error : end;
}

/* ---- gates ---- */

static void read_status(struct gate_row *gate, struct str text)
{
    struct status status;
    const char *why = NULL;
    if (text.n == 0 || status_read(text, &status, &why)) {
        return;
    }
    gate->heard = true;
    for (int i = 0; i < status.lane_count; i++) {
        struct lane_row *lane = &gate->lane[gate->lane_count++];
        lane->lane = status.lane[i].lane;
        str_copy_cut(lane->direction, sizeof lane->direction, str_c(status.lane[i].direction));
        str_copy_cut(lane->state, sizeof lane->state, str_c(status.lane[i].state));
        str_copy_cut(lane->barrier, sizeof lane->barrier, str_c(status.lane[i].barrier));
    }
}

/* A gate whose last will has come says no lanes: they are known from its journal. */
static int read_lanes_from_journal(struct db *db, struct gate_row *gate)
{
    struct db_row row;
    int error = db_query(db, &row,
                         "SELECT lane, min(type IN ('exit_asked','exit_permitted','left',"
                         "'backed_off')) FROM (SELECT lane, type FROM event WHERE gate = ?1"
                         " ORDER BY generation DESC, seq DESC LIMIT ?2)"
                         " WHERE lane > 0 AND type IN ('arrived','entered','backed_out',"
                         "'exit_asked','exit_permitted','left','backed_off')"
                         " GROUP BY lane ORDER BY lane LIMIT ?3",
                         "tii", gate->id, (int64_t)LOOK_BACK, (int64_t)MSG_LANES_MAX);
    while (!error && db_next(&row)) {
        struct lane_row *lane = &gate->lane[gate->lane_count++];
        lane->lane = (int)db_i64(&row, 0);
        str_copy_cut(lane->direction, sizeof lane->direction,
                     db_i64(&row, 1) ? STR("exit") : STR("entry"));
    }
    int end = db_done(&row);
    return error ? error : end;
}

int query_gates(struct db *db, const char *lot, int64_t limit,
                void (*each)(void *context, const struct gate_row *gate), void *context)
{
    struct db_row row;
    struct gate_row gate;
    int error = db_query(db, &row,
                         "SELECT g.id, g.lot, l.name, g.online, g.seen_ms, g.high, g.version,"
                         " g.status FROM gate g JOIN lot l ON l.id = g.lot"
                         " WHERE ?1 = '' OR g.lot = ?1 ORDER BY l.name, g.id LIMIT ?2",
                         "ti", lot, limit);
    while (!error && db_next(&row)) {
        memset(&gate, 0, sizeof gate);
        query_text(&row, 0, gate.id, sizeof gate.id);
        query_text(&row, 1, gate.lot, sizeof gate.lot);
        query_text(&row, 2, gate.lot_name, sizeof gate.lot_name);
        gate.online = db_i64(&row, 3) != 0;
        gate.seen_ms = db_i64(&row, 4);
        gate.high = db_i64(&row, 5);
        query_text(&row, 6, gate.version, sizeof gate.version);
        read_status(&gate, db_text(&row, 7));
        if (gate.lane_count == 0) {
            error = read_lanes_from_journal(db, &gate);
        }
        error = error ? error : read_journal(db, &gate);
        error = error ? error : read_alarms(db, &gate);
        if (!error) {
            each(context, &gate);
        }
    }
    int end = db_done(&row);
    return error ? error : end;
}

/* ---- what waits for a person ---- */

int query_reviews(struct db *db, int64_t limit,
                  void (*each)(void *context, const struct review_row *review), void *context,
                  int64_t *ret_count)
{
    struct db_row row;
    struct review_row review;
    int64_t count = 0;
    int error =
        db_query_i64(db, 0, &count, "SELECT count(*) FROM review WHERE closed_ms IS NULL", "");
    if (error) {
        return error;
    }
    error = db_query(db, &row,
                     "SELECT r.id, r.kind, r.lot, r.gate, r.lane, r.session, r.credit, r.detail,"
                     " r.opened_ms, s.subject, s.key, s.raw, s.last4,"
                     " coalesce(c.provider || ' ' || c.provider_tx, '')"
                     " FROM review r LEFT JOIN session s ON s.id = r.session"
                     " LEFT JOIN bank_credit c ON c.id = r.credit"
                     " WHERE r.closed_ms IS NULL ORDER BY r.opened_ms DESC, r.id DESC LIMIT ?1",
                     "i", limit);
    while (!error && db_next(&row)) {
        struct session_row session = {0};
        memset(&review, 0, sizeof review);
        review.id = db_i64(&row, 0);
        query_text(&row, 1, review.kind, sizeof review.kind);
        query_text(&row, 2, review.lot, sizeof review.lot);
        query_text(&row, 3, review.gate, sizeof review.gate);
        review.lane = db_i64(&row, 4);
        query_text(&row, 5, review.session, sizeof review.session);
        query_text(&row, 6, review.credit, sizeof review.credit);
        query_text(&row, 7, review.detail, sizeof review.detail);
        review.opened_ms = db_i64(&row, 8);
        query_text(&row, 9, session.subject, sizeof session.subject);
        query_text(&row, 10, session.key, sizeof session.key);
        query_text(&row, 11, session.raw, sizeof session.raw);
        query_text(&row, 12, session.last4, sizeof session.last4);
        session_row_name(&session, review.name);
        query_text(&row, 13, review.transfer, sizeof review.transfer);
        each(context, &review);
    }
    int end = db_done(&row);
    error = error ? error : end;
    if (!error) {
        *ret_count = count;
    }
    return error;
}

int query_quarantine(struct db *db, int64_t limit,
                     void (*each)(void *context, const struct quarantine_row *row), void *context,
                     int64_t *ret_count)
{
    struct db_row row;
    struct quarantine_row quarantine;
    int64_t count = 0;
    int error = db_query_i64(db, 0, &count, "SELECT count(*) FROM quarantine", "");
    if (error) {
        return error;
    }
    error = db_query(db, &row,
                     "SELECT id, received_ms, source, reason FROM quarantine"
                     " ORDER BY id DESC LIMIT ?1",
                     "i", limit);
    while (!error && db_next(&row)) {
        memset(&quarantine, 0, sizeof quarantine);
        quarantine.id = db_i64(&row, 0);
        quarantine.received_ms = db_i64(&row, 1);
        query_text(&row, 2, quarantine.source, sizeof quarantine.source);
        query_text(&row, 3, quarantine.reason, sizeof quarantine.reason);
        each(context, &quarantine);
    }
    int end = db_done(&row);
    error = error ? error : end;
    if (!error) {
        *ret_count = count;
    }
    return error;
}
