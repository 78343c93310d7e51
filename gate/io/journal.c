#include "gate/io/journal.h"

#include "gate/io/health_db.h"
#include "gate/io/journal_mend.h"
#include "proto/io/db.h"

enum { SCHEMA_VERSION = 3 };

struct journal_db {
    struct db *db;
    int64_t generation;
    int64_t acked, acked_stored;
    int64_t taken, taken_stored; /* place of the last reading that the core got */
    struct journal_note note;
    char body[MSG_SIZE_MAX]; /* one message or context at a time */
};

static const char schema[] =
    "CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT;"
    "CREATE TABLE journal ("
    "  generation INTEGER NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL UNIQUE,"
    "  wall_ms INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL DEFAULT 0,"
    "  PRIMARY KEY (generation, seq)) STRICT, WITHOUT ROWID;"
    "CREATE TRIGGER journal_is_not_changed BEFORE UPDATE ON journal BEGIN"
    "  SELECT RAISE(ABORT, 'an event is never changed'); END;"
    "CREATE TRIGGER journal_is_kept_until_acknowledged BEFORE DELETE ON journal"
    "  WHEN OLD.seq > (SELECT value FROM meta WHERE key = 'acked')"
    "    AND OLD.generation = (SELECT value FROM meta WHERE key = 'generation') BEGIN"
    "  SELECT RAISE(ABORT, 'the server does not have this event yet'); END;"
    "CREATE TABLE lane_context (lane INTEGER NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;"
    "CREATE TABLE open_session ("
    "  place INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL UNIQUE,"
    "  kind INTEGER NOT NULL, vehicle INTEGER NOT NULL, key TEXT NOT NULL,"
    "  entered_ms INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE TABLE kept (name TEXT NOT NULL PRIMARY KEY, body BLOB NOT NULL) STRICT;"
    "CREATE TABLE read ("
    "  place INTEGER PRIMARY KEY AUTOINCREMENT, camera TEXT NOT NULL, vendor_id TEXT NOT NULL,"
    "  received_ms INTEGER NOT NULL, taken_ms INTEGER, raw TEXT NOT NULL,"
    "  vehicle TEXT NOT NULL, colour TEXT NOT NULL, confidence INTEGER NOT NULL,"
    "  UNIQUE (camera, vendor_id)) STRICT;";

/* What a journal of version 1 lacks. */
static const char from_1[] =
    "ALTER TABLE open_session ADD COLUMN entered_ms INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE kept (name TEXT NOT NULL PRIMARY KEY, body BLOB NOT NULL) STRICT;"
    "UPDATE meta SET value = 2 WHERE key = 'schema';";

/* And one of version 2. */
static const char from_2[] = "ALTER TABLE journal ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;"
                             "UPDATE meta SET value = 3 WHERE key = 'schema';";

static const char set_meta[] = "INSERT INTO meta (key, value) VALUES (?1, ?2)"
                               " ON CONFLICT (key) DO UPDATE SET value = excluded.value";
static const char get_meta[] = "SELECT value FROM meta WHERE key = ?1";

static int create(struct db *db, wall_t now)
{
    int64_t generation = now.ms / 1000 > 1 ? now.ms / 1000 : 1;
    int error = db_script(db, schema);
    error = error ? error : db_exec(db, set_meta, "ti", "schema", (int64_t)SCHEMA_VERSION);
    error = error ? error : db_exec(db, set_meta, "ti", "generation", generation);
    error = error ? error : db_exec(db, set_meta, "ti", "boot", (int64_t)0);
    error = error ? error : db_exec(db, set_meta, "ti", "read_taken", (int64_t)0);
    return error ? error : db_exec(db, set_meta, "ti", "acked", (int64_t)0);
}

/* The server knew more of it than the file: it is an old copy, and begins anew. */
static int renew_if_asked(struct journal_db *j, wall_t now, struct journal_state *state)
{
    int64_t asked = 0;
    int error = db_query_i64(j->db, 0, &asked, get_meta, "t", "renew");
    if (error || !asked) {
        return error;
    }
    state->trouble = GATE_TROUBLE_BEHIND;
    error = journal_mend_renew(j->db, now, asked, &state->kept);
    return error ? error : db_exec(j->db, set_meta, "ti", "renew", (int64_t)0);
}

/* In a transaction of the caller. */
static int prepare(struct journal_db *j, wall_t now, struct journal_state *state)
{
    int64_t tables = 0;
    int64_t version = SCHEMA_VERSION;
    int error = db_query_i64(j->db, 0, &tables,
                             "SELECT count(*) FROM sqlite_schema WHERE name = 'meta'", "");
    if (!error && tables == 0) {
        error = create(j->db, now);
    }
    error = error ? error : health_db_prepare(j->db);
    error = error ? error : db_query_i64(j->db, 0, &version, get_meta, "t", "schema");
    if (!error && version == 1) {
        error = db_script(j->db, from_1);
        version = 2;
    }
    if (!error && version == 2) {
        error = db_script(j->db, from_2);
        version = SCHEMA_VERSION;
    }
    if (!error && version != SCHEMA_VERSION) {
        error = DX_E_VERSION;
    }
    error = error ? error : renew_if_asked(j, now, state);
    error = error ? error : db_query_i64(j->db, 0, &state->generation, get_meta, "t", "generation");
    error = error ? error : db_query_i64(j->db, 0, &state->boot, get_meta, "t", "boot");
    error = error ? error : db_query_i64(j->db, 0, &state->acked, get_meta, "t", "acked");
    error = error ? error : db_query_i64(j->db, 0, &j->taken, get_meta, "t", "read_taken");
    j->taken_stored = j->taken;
    error = error ? error
                  : db_query_i64(j->db, 0, &state->last,
                                 "SELECT max(seq) FROM journal WHERE generation = ?1", "i",
                                 state->generation);
    state->boot++;
    error = error ? error : db_exec(j->db, set_meta, "ti", "boot", state->boot);
    error = error ? error : journal_mend_check(j->db, state->generation, state->acked);
    if (state->last < state->acked) {
        state->last = state->acked; /* everything was acknowledged and pruned */
    }
    return error ? error : state->generation < 1 || state->acked < 0 ? DX_E_CORRUPT : 0;
}

/* In a transaction: tables, and what could be read of the file that was put aside. */
static int prepare_all(struct journal_db *j, wall_t now, bool damaged, const char *aside,
                       struct journal_state *state)
{
    int error = db_begin(j->db);
    if (error) {
        return error;
    }
    if (damaged) {
        wall_t above = {(j->note.generation + 1) * 1000};
        state->trouble = GATE_TROUBLE_DAMAGED;
        error = create(j->db, now.ms > above.ms ? now : above);
        if (!error && aside[0]) {
            error = journal_mend_copy(j->db, aside, &state->kept);
        }
    }
    error = error ? error : prepare(j, now, state);
    if (error) {
        db_rollback(j->db);
        return error;
    }
    return db_commit(j->db);
}

static int open_db(struct journal_db *j, const char *path)
{
    int error = db_open(path, &j->db);
    /* Rows are small.  journal_tidy.h empties the log; this is for when it does not. */
    return error ? error
                 : db_script(j->db, "PRAGMA cache_size = -256; PRAGMA wal_autocheckpoint = 4000");
}

int journal_db_open(const char *path, wall_t now, struct journal_db **ret_journal,
                    struct journal_state *ret_state)
{
    char aside[1024] = "";
    struct journal_db *j = calloc(1, sizeof *j);
    struct journal_state state = {0};
    if (!j) {
        return DX_E_MEMORY;
    }
    journal_note_open(&j->note, path);
    int error = journal_mend_is_short(path, &j->note) ? DX_E_CORRUPT : open_db(j, path);
    error = error ? error : prepare_all(j, now, false, aside, &state);
    if (error == DX_E_CORRUPT) {
        db_close(j->db);
        j->db = NULL;
        memset(&state, 0, sizeof state);
        error = journal_mend_put_aside(path, now, aside, sizeof aside);
        error = error ? error : open_db(j, path);
        error = error ? error : prepare_all(j, now, true, aside, &state);
    }
    if (error) {
        journal_note_close(&j->note);
        db_close(j->db);
        free(j);
        return error;
    }
    j->generation = state.generation;
    j->acked = j->acked_stored = state.acked;
    *ret_journal = j;
    *ret_state = state;
    return 0;
}

void journal_db_close(struct journal_db *j)
{
    if (j) {
        (void)!journal_db_flush(j);
        journal_note_close(&j->note);
        db_close(j->db);
        free(j);
    }
}

/* ---- restoring ---- */

static int restore_lanes(struct journal_db *j, struct gate *gate)
{
    struct db_row row;
    int error = db_query(j->db, &row, "SELECT lane, body FROM lane_context ORDER BY lane", "");
    while (!error && db_next(&row)) {
        struct lane_context context;
        error = lane_context_parse(db_text(&row, 1), &context);
        if (!error) {
            gate_restore_lane(gate, (int)db_i64(&row, 0), &context);
        }
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

static int restore_inside(struct journal_db *j, struct gate *gate)
{
    struct db_row row;
    int error = db_query(j->db, &row,
                         "SELECT session, kind, vehicle, key, entered_ms FROM open_session"
                         " ORDER BY place",
                         "");
    while (!error && db_next(&row)) {
        struct inside_entry entry = {0};
        int64_t kind = db_i64(&row, 1);
        int64_t vehicle = db_i64(&row, 2);
        if (kind < 0 || kind >= SUBJECT_KIND_COUNT || vehicle < 0 || vehicle >= VEHICLE_COUNT ||
            str_copy(entry.session, sizeof entry.session, db_text(&row, 0)) ||
            str_copy(entry.key, sizeof entry.key, db_text(&row, 3))) {
            error = DX_E_CORRUPT;
            break;
        }
        entry.kind = (enum subject_kind)kind;
        entry.vehicle = (enum vehicle)vehicle;
        entry.entered.ms = db_i64(&row, 4);
        gate_restore_inside(gate, &entry);
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

static void restore_alarm(void *context, int lane, const char *code)
{
    gate_restore_alarm(context, lane, code);
}

int journal_db_restore(struct journal_db *j, struct gate *gate)
{
    int error = restore_lanes(j, gate);
    error = error ? error : restore_inside(j, gate);
    return error ? error : health_db_alarms(j->db, gate, restore_alarm);
}

/* ---- storing ---- */

static int insert_event(struct journal_db *j, const struct event *event)
{
    struct out out;
    out_init(&out, j->body, sizeof j->body);
    event_write(&out, event);
    if (out_failed(&out)) {
        return DX_E_SPACE;
    }
    int error = db_exec(j->db,
                        "INSERT INTO journal (generation, seq, id, wall_ms, body, sum)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                        "iitisi", event->generation, event->seq, event->id, event->wall.ms,
                        out_str(&out), journal_sum(out_str(&out)));
    if (error != DX_E_EXISTS) {
        return error;
    }
    int64_t same = 0;
    error =
        db_query_i64(j->db, 0, &same,
                     "SELECT count(*) FROM journal WHERE generation = ?1 AND seq = ?2 AND id = ?3",
                     "iit", event->generation, event->seq, event->id);
    return error ? error : same ? 0 : DX_E_DIFFERENT;
}

static int put_context(struct journal_db *j, int lane, const struct lane_context *context)
{
    struct out out;
    out_init(&out, j->body, sizeof j->body);
    lane_context_write(&out, context);
    if (out_failed(&out)) {
        return DX_E_SPACE;
    }
    return db_exec(j->db,
                   "INSERT INTO lane_context (lane, body) VALUES (?1, ?2)"
                   " ON CONFLICT (lane) DO UPDATE SET body = excluded.body",
                   "is", (int64_t)lane, out_str(&out));
}

static int change_inside(struct journal_db *j, const struct gate_record *record)
{
    const struct inside_entry *entry = &record->inside;
    switch (record->change) {
    case INSIDE_NONE:
        return 0;
    case INSIDE_REMOVE:
        return db_exec(j->db, "DELETE FROM open_session WHERE session = ?1", "t", entry->session);
    case INSIDE_ADD:
        break;
    }
    /* As in the core: one session a vehicle, the newer one counts; the oldest gives way. */
    int error =
        db_exec(j->db,
                "DELETE FROM open_session WHERE kind = ?1 AND vehicle = ?2 AND key = ?3"
                " OR session = ?4",
                "iitt", (int64_t)entry->kind, (int64_t)entry->vehicle, entry->key, entry->session);
    error = error ? error
                  : db_exec(j->db,
                            "INSERT INTO open_session (session, kind, vehicle, key, entered_ms)"
                            " VALUES (?1, ?2, ?3, ?4, ?5)",
                            "tiiti", entry->session, (int64_t)entry->kind, (int64_t)entry->vehicle,
                            entry->key, entry->entered.ms);
    return error ? error
                 : db_exec(j->db,
                           "DELETE FROM open_session WHERE place <= (SELECT place FROM"
                           " open_session ORDER BY place DESC LIMIT 1 OFFSET ?1)",
                           "i", (int64_t)INSIDE_MAX);
}

/* In a transaction of the caller. */
static int put_cursors(struct journal_db *j)
{
    int error = j->acked == j->acked_stored ? 0 : db_exec(j->db, set_meta, "ti", "acked", j->acked);
    return error || j->taken == j->taken_stored
               ? error
               : db_exec(j->db, set_meta, "ti", "read_taken", j->taken);
}

static void cursors_are_stored(struct journal_db *j)
{
    j->acked_stored = j->acked;
    j->taken_stored = j->taken;
}

int journal_db_append(struct journal_db *j, const struct gate_record *const *records, int count)
{
    int error = db_begin(j->db);
    if (error) {
        return error;
    }
    for (int i = 0; i < count && !error; i++) {
        error = insert_event(j, &records[i]->event);
        error = error ? error : put_context(j, records[i]->event.lane, &records[i]->context);
        error = error ? error : change_inside(j, records[i]);
        error = error ? error : health_db_record(j->db, &records[i]->event);
    }
    error = error ? error : put_cursors(j);
    if (error) {
        db_rollback(j->db);
        return error;
    }
    error = db_commit(j->db);
    if (!error) {
        cursors_are_stored(j);
        journal_note_put(&j->note, j->generation, records[count - 1]->event.seq);
    }
    return error;
}

int journal_db_put_context(struct journal_db *j, int lane, const struct lane_context *context)
{
    return put_context(j, lane, context);
}

void journal_db_acked(struct journal_db *j, int64_t seq)
{
    if (seq > j->acked) {
        j->acked = seq;
    }
}

int journal_db_flush(struct journal_db *j)
{
    if (j->acked == j->acked_stored && j->taken == j->taken_stored) {
        return 0;
    }
    int error = db_begin(j->db);
    if (error) {
        return error;
    }
    error = put_cursors(j);
    if (error) {
        db_rollback(j->db);
        return error;
    }
    error = db_commit(j->db);
    if (!error) {
        cursors_are_stored(j);
    }
    return error;
}

int journal_db_rows(struct journal_db *j, int64_t from, int64_t to, void *context,
                    int (*take)(void *context, int64_t seq, struct str body))
{
    struct db_row row;
    int error = db_query(j->db, &row,
                         "SELECT seq, body FROM journal"
                         " WHERE generation = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq",
                         "iii", j->generation, from, to);
    int64_t expected = from;
    while (!error && db_next(&row)) {
        int64_t seq = db_i64(&row, 0);
        error = seq == expected++ ? take(context, seq, db_text(&row, 1)) : DX_E_CORRUPT;
    }
    int ended = db_done(&row);
    if (!error && !ended && expected != to + 1) {
        error = DX_E_CORRUPT; /* a sequence has no gaps */
    }
    return error ? error : ended;
}

int journal_db_prune(struct journal_db *j, wall_t before, int max, int *ret_count)
{
    int error = db_exec(j->db,
                        "DELETE FROM journal WHERE (generation, seq) IN (SELECT generation, seq"
                        " FROM journal WHERE wall_ms < ?1 AND (generation < ?2 OR seq <= ?3)"
                        " ORDER BY generation, seq LIMIT ?4)",
                        "iiii", before.ms, j->generation, j->acked_stored, (int64_t)max);
    if (!error) {
        *ret_count = (int)db_changes(j->db);
    }
    return error;
}

/* ---- what the server told ---- */

int journal_db_keep(struct journal_db *j, const char *name, struct str body)
{
    return db_exec(j->db,
                   "INSERT INTO kept (name, body) VALUES (?1, ?2)"
                   " ON CONFLICT (name) DO UPDATE SET body = excluded.body",
                   "tb", name, body);
}

int journal_db_kept(struct journal_db *j, void *context,
                    void (*take)(void *context, struct str name, struct str body))
{
    struct db_row row;
    int error = db_query(j->db, &row, "SELECT name, body FROM kept ORDER BY name", "");
    while (!error && db_next(&row)) {
        take(context, db_text(&row, 0), db_text(&row, 1));
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

int journal_db_mark_behind(struct journal_db *j, int64_t server_generation)
{
    return db_exec(j->db, set_meta, "ti", "renew", server_generation);
}

/* ---- readings ---- */

/* In a transaction of the caller: makes room for a better reading of the same event. */
static int remove_worse(struct journal_db *j, const struct plate_read *read)
{
    if (read->raw[0] == '\0') {
        return 0;
    }
    return db_exec(j->db,
                   "DELETE FROM read WHERE camera = ?1 AND vendor_id = ?2"
                   " AND (raw = '' OR confidence < ?3)",
                   "tti", read->camera, read->vendor_id, (int64_t)read->confidence);
}

static int insert_read(struct journal_db *j, const struct plate_read *read, wall_t received,
                       int64_t *ret_place)
{
    int error = db_begin(j->db);
    if (error) {
        return error;
    }
    static const char sql[] = "INSERT INTO read (camera, vendor_id, received_ms, taken_ms, raw,"
                              " vehicle, colour, confidence)"
                              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    static const char sql_untimed[] =
        "INSERT INTO read (camera, vendor_id, received_ms, raw, vehicle, colour, confidence)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    const char *vehicle = vehicle_text(read->vehicle);
    const char *colour = plate_colour_text(read->colour);
    int64_t confidence = read->confidence;
    error = remove_worse(j, read);
    error = error ? error
            : read->has_taken
                ? db_exec(j->db, sql, "ttiittti", read->camera, read->vendor_id, received.ms,
                          read->taken.ms, read->raw, vehicle, colour, confidence)
                : db_exec(j->db, sql_untimed, "ttittti", read->camera, read->vendor_id, received.ms,
                          read->raw, vehicle, colour, confidence);
    int64_t place = db_last_id(j->db);
    error = error ? error
                  : db_exec(j->db, "DELETE FROM read WHERE place <= ?1", "i",
                            place - JOURNAL_READS_KEPT);
    if (error) {
        db_rollback(j->db);
        return error;
    }
    error = db_commit(j->db);
    if (!error) {
        *ret_place = place;
    }
    return error;
}

/* NORMAL: the commit goes to the log and does not wait for the disk; the caller's thread does. */
int journal_db_add_read(struct journal_db *j, const struct plate_read *read, wall_t received,
                        int64_t *ret_place)
{
    int error = db_script(j->db, "PRAGMA synchronous=NORMAL");
    error = error ? error : insert_read(j, read, received, ret_place);
    int full = db_script(j->db, "PRAGMA synchronous=FULL");
    return error ? error : full;
}

void journal_db_read_taken(struct journal_db *j, int64_t place)
{
    if (place > j->taken) {
        j->taken = place;
    }
}

static int row_to_read(struct db_row *row, struct plate_read *read)
{
    int64_t confidence = db_i64(row, 6);
    memset(read, 0, sizeof *read);
    if (str_copy(read->camera, sizeof read->camera, db_text(row, 0)) ||
        str_copy(read->vendor_id, sizeof read->vendor_id, db_text(row, 1)) ||
        str_copy(read->raw, sizeof read->raw, db_text(row, 3)) ||
        vehicle_parse(db_text(row, 4), &read->vehicle) ||
        plate_colour_parse(db_text(row, 5), &read->colour) || confidence < 0 || confidence > 1000) {
        return DX_E_CORRUPT;
    }
    read->confidence = (int)confidence;
    read->has_taken = !db_is_null(row, 2);
    read->taken.ms = read->has_taken ? db_i64(row, 2) : 0;
    return 0;
}

int journal_db_camera_delay(struct journal_db *j, const char *camera, int64_t *ret_ms)
{
    enum { LAST = 20 };
    struct db_row row;
    bool found = false;
    int error = db_query(j->db, &row,
                         "SELECT min(received_ms - taken_ms) FROM (SELECT received_ms, taken_ms"
                         " FROM read WHERE camera = ?1 AND taken_ms IS NOT NULL"
                         " ORDER BY place DESC LIMIT ?2)",
                         "ti", camera, (int64_t)LAST);
    if (!error && db_next(&row) && !db_is_null(&row, 0)) {
        found = true;
        *ret_ms = db_i64(&row, 0);
    }
    int end = db_done(&row);
    return error ? error : end ? end : found ? 0 : DX_E_NOT_FOUND;
}

int journal_db_left_reads(struct journal_db *j, wall_t since, void *context,
                          void (*take)(void *context, const struct plate_read *read, int64_t place))
{
    enum { LEFT_MAX = 64 }; /* a few seconds of cameras; more would be an old file */
    struct plate_read read[LEFT_MAX];
    int64_t place[LEFT_MAX];
    int count = 0;
    struct db_row row;
    int error = db_query(j->db, &row,
                         "SELECT camera, vendor_id, taken_ms, raw, vehicle, colour, confidence,"
                         " place FROM read WHERE place > ?1 AND received_ms > ?2 ORDER BY place",
                         "ii", j->taken, since.ms);
    while (!error && count < LEFT_MAX && db_next(&row)) {
        error = row_to_read(&row, &read[count]);
        place[count++] = db_i64(&row, 7);
    }
    int ended = db_done(&row);
    error = error ? error : ended;
    for (int i = 0; i < count && !error; i++) {
        take(context, &read[i], place[i]); /* may write to the journal: the rows are closed */
    }
    return error;
}

struct db *journal_db_handle(struct journal_db *j)
{
    return j->db;
}

const char *journal_db_message(struct journal_db *j)
{
    return db_message(j->db);
}
