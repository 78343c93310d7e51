#include "gate/io/journal_mend.h"

#include "proto/io/msg_json.h"

static const char set_meta[] = "INSERT INTO meta (key, value) VALUES (?1, ?2)"
                               " ON CONFLICT (key) DO UPDATE SET value = excluded.value";
static const char get_meta[] = "SELECT value FROM meta WHERE key = ?1";
static const char add_row[] = "INSERT OR IGNORE INTO journal (generation, seq, id, wall_ms, body)"
                              " VALUES (?1, ?2, ?3, ?4, ?5)";

/* The event under its new number; what cannot be read is left where it is. */
static int add_event(struct db *db, struct str body, int64_t generation, int64_t *seq)
{
    static char space[MSG_SIZE_MAX]; /* the loop's thread alone */
    struct event event;
    const char *why = "";
    struct out out;
    if (event_read(body, &event, &why) != 0) {
        return 0;
    }
    event.generation = generation;
    event.seq = *seq + 1;
    out_init(&out, space, sizeof space);
    event_write(&out, &event);
    if (out_failed(&out)) {
        return DX_E_SPACE;
    }
    int error = db_exec(db, add_row, "iitis", generation, event.seq, event.id, event.wall.ms,
                        out_str(&out));
    if (!error && db_changes(db) == 1) {
        ++*seq;
    }
    return error;
}

/* One old row into `space`; DX_E_NOT_FOUND: no more. */
static int first_old(struct db *db, int64_t generation, int64_t after, int64_t *ret_seq,
                     char *space, struct str *ret_body)
{
    struct db_row row;
    int error = db_query(db, &row,
                         "SELECT seq, body FROM journal WHERE generation = ?1 AND seq > ?2"
                         " ORDER BY seq LIMIT 1",
                         "ii", generation, after);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            struct str body = db_text(&row, 1);
            error = body.n <= MSG_SIZE_MAX ? 0 : DX_E_CORRUPT;
            *ret_seq = db_i64(&row, 0);
            if (!error) {
                memcpy(space, body.p, body.n);
                *ret_body = (struct str){space, body.n};
            }
        }
    }
    int ended = db_done(&row);
    return ended ? ended : error;
}

int journal_mend_renew(struct db *db, wall_t now, int64_t server, int *ret_kept)
{
    static char space[MSG_SIZE_MAX];
    int64_t old = 0;
    int64_t acked = 0;
    int64_t seq = 0;
    struct str body = STR("");
    int error = db_query_i64(db, 0, &old, get_meta, "t", "generation");
    error = error ? error : db_query_i64(db, 0, &acked, get_meta, "t", "acked");
    int64_t floor = old > server ? old : server;
    int64_t generation = now.ms / 1000 > floor ? now.ms / 1000 : floor + 1;
    error = error ? error : db_exec(db, set_meta, "ti", "generation", generation);
    error = error ? error : db_exec(db, set_meta, "ti", "acked", (int64_t)0);
    while (!error) {
        int64_t at = 0;
        error = first_old(db, old, acked, &at, space, &body);
        if (error) {
            break;
        }
        acked = at;
        error =
            db_exec(db, "DELETE FROM journal WHERE generation = ?1 AND seq = ?2", "ii", old, at);
        error = error ? error : add_event(db, body, generation, &seq);
    }
    *ret_kept = (int)seq;
    return error == DX_E_NOT_FOUND ? 0 : error;
}

int journal_mend_put_aside(const char *path, wall_t now, char *aside, size_t cap)
{
    static const char *const endings[] = {"-wal", "-shm", ""};
    struct out name;
    out_init(&name, aside, cap);
    out_fmt(&name, "%s.damaged-%lld", path, (long long)now.ms);
    if (out_failed(&name)) {
        return DX_E_SPACE;
    }
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char from[1024];
        char to[1024];
        snprintf(from, sizeof from, "%s%s", path, endings[i]);
        snprintf(to, sizeof to, "%s%s", aside, endings[i]);
        if (rename(from, to) != 0 && endings[i][0] == '\0') {
            return DX_E_IO;
        }
    }
    return 0;
}

static int copy_events(struct db *db, struct db *from, int *ret_kept)
{
    int64_t generation = 0;
    int64_t acked = 0;
    int64_t old = 0;
    int64_t seq = 0;
    struct db_row row;
    int error = db_query_i64(db, 0, &generation, get_meta, "t", "generation");
    /* Without the cursor everything is sent again: the server knows what it has. */
    if (db_query_i64(from, 0, &acked, get_meta, "t", "acked") ||
        db_query_i64(from, 0, &old, get_meta, "t", "generation")) {
        acked = 0;
    }
    if (old >= generation) {
        generation = old + 1;
        error = error ? error : db_exec(db, set_meta, "ti", "generation", generation);
    }
    if (error || db_query(from, &row,
                          "SELECT body FROM journal WHERE generation = ?1 AND seq > ?2"
                          " ORDER BY seq",
                          "ii", old, acked)) {
        return error;
    }
    while (!error && db_next(&row)) {
        error = add_event(db, db_text(&row, 0), generation, &seq);
    }
    (void)!db_done(&row); /* here the damage begins */
    *ret_kept = (int)seq;
    return error;
}

static int copy_lanes(struct db *db, struct db *from)
{
    struct db_row row;
    int error = 0;
    if (db_query(from, &row, "SELECT lane, body FROM lane_context", "")) {
        return 0;
    }
    while (!error && db_next(&row)) {
        error = db_exec(db, "INSERT OR REPLACE INTO lane_context (lane, body) VALUES (?1, ?2)",
                        "is", db_i64(&row, 0), db_text(&row, 1));
    }
    (void)!db_done(&row);
    return error;
}

static int copy_inside(struct db *db, struct db *from)
{
    struct db_row row;
    int error = 0;
    if (db_query(from, &row,
                 "SELECT session, kind, vehicle, key, entered_ms FROM open_session ORDER BY place",
                 "")) {
        return 0;
    }
    while (!error && db_next(&row)) {
        error = db_exec(db,
                        "INSERT OR REPLACE INTO open_session (session, kind, vehicle, key,"
                        " entered_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
                        "siisi", db_text(&row, 0), db_i64(&row, 1), db_i64(&row, 2),
                        db_text(&row, 3), db_i64(&row, 4));
    }
    (void)!db_done(&row);
    return error;
}

static int copy_kept(struct db *db, struct db *from)
{
    struct db_row row;
    int error = 0;
    if (db_query(from, &row, "SELECT name, body FROM kept", "")) {
        return 0;
    }
    while (!error && db_next(&row)) {
        error = db_exec(db, "INSERT OR REPLACE INTO kept (name, body) VALUES (?1, ?2)", "sb",
                        db_text(&row, 0), db_text(&row, 1));
    }
    (void)!db_done(&row);
    return error;
}

int journal_mend_copy(struct db *db, const char *aside, int *ret_kept)
{
    struct db *from = NULL;
    *ret_kept = 0;
    if (db_open_reader(aside, &from) != 0) {
        return 0; /* nothing of it can be read */
    }
    int error = copy_events(db, from, ret_kept);
    error = error ? error : copy_lanes(db, from);
    error = error ? error : copy_inside(db, from);
    error = error ? error : copy_kept(db, from);
    db_close(from);
    return error;
}
