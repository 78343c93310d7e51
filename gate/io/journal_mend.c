#include "gate/io/journal_mend.h"

#include "proto/crypto/crypto.h"
#include "proto/io/msg_json.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char set_meta[] = "INSERT INTO meta (key, value) VALUES (?1, ?2)"
                               " ON CONFLICT (key) DO UPDATE SET value = excluded.value";
static const char get_meta[] = "SELECT value FROM meta WHERE key = ?1";
static const char add_row[] = "INSERT OR IGNORE INTO journal (generation, seq, id, wall_ms, body,"
                              " sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

/* ---- the note ---- */

enum { NOTE_SIZE = 48 };

void journal_note_open(struct journal_note *note, const char *path)
{
    char name[1024];
    char text[NOTE_SIZE + 1] = "";
    long long generation = 0;
    long long seq = 0;
    int sum = 0;
    *note = (struct journal_note){.file = -1};
    snprintf(name, sizeof name, "%s.last", path);
    note->file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (note->file >= 0 && pread(note->file, text, NOTE_SIZE, 0) == NOTE_SIZE &&
        sscanf(text, "%lld %lld %d", &generation, &seq, &sum) == 3 && generation > 0 && seq > 0 &&
        sum == (int)((generation + seq) % 9973)) {
        note->generation = generation;
        note->seq = seq;
    }
}

void journal_note_put(struct journal_note *note, int64_t generation, int64_t seq)
{
    char text[NOTE_SIZE + 1];
    snprintf(text, sizeof text, "%-*s", NOTE_SIZE, "");
    int n = snprintf(text, sizeof text, "%lld %lld %d", (long long)generation, (long long)seq,
                     (int)((generation + seq) % 9973));
    text[n] = ' ';
    text[NOTE_SIZE - 1] = '\n';
    note->generation = generation;
    note->seq = seq;
    if (note->file >= 0) {
        (void)!pwrite(note->file, text, NOTE_SIZE, 0); /* behind is fine, and said above */
    }
}

void journal_note_close(struct journal_note *note)
{
    if (note->file >= 0) {
        close(note->file);
    }
    note->file = -1;
}

bool journal_mend_is_short(const char *path, const struct journal_note *note)
{
    struct db *db = NULL;
    int64_t generation = 0;
    int64_t last = 0;
    int64_t acked = 0;
    if (note->seq == 0) {
        return false;
    }
    struct stat there;
    if (stat(path, &there) != 0 || there.st_size == 0) {
        return true;
    }
    if (db_open_reader(path, &db) != 0) {
        return false;
    }
    int error = db_query_i64(db, 0, &generation, get_meta, "t", "generation");
    error = error ? error : db_query_i64(db, 0, &acked, get_meta, "t", "acked");
    error = error ? error
                  : db_query_i64(db, 0, &last, "SELECT max(seq) FROM journal WHERE generation = ?1",
                                 "i", generation);
    db_close(db);
    last = last > acked ? last : acked;
    return error || generation < note->generation ||
           (generation == note->generation && last < note->seq);
}

/* ---- sums ---- */

int64_t journal_sum(struct str body)
{
    uint8_t digest[SHA256_SIZE];
    int64_t sum = 0;
    dx_sha256(digest, body);
    for (int i = 0; i < 7; i++) {
        sum = sum << 8 | digest[i];
    }
    return sum + 1; /* 0: of a program that kept none */
}

static bool is_whole(struct str body, int64_t sum)
{
    return sum == 0 || sum == journal_sum(body);
}

int journal_mend_check(struct db *db, int64_t generation, int64_t acked)
{
    struct db_row row;
    int error = db_query(db, &row,
                         "SELECT body, sum, seq FROM journal WHERE generation = ?1 AND seq > ?2"
                         " ORDER BY seq",
                         "ii", generation, acked);
    int64_t expected = acked;
    while (!error && db_next(&row)) {
        bool whole = is_whole(db_text(&row, 0), db_i64(&row, 1)) && db_i64(&row, 2) == ++expected;
        error = whole ? 0 : DX_E_CORRUPT;
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

/* ---- a new generation ---- */

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
    int error = db_exec(db, add_row, "iitisi", generation, event.seq, event.id, event.wall.ms,
                        out_str(&out), journal_sum(out_str(&out)));
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
    if (access(path, F_OK) != 0) {
        aside[0] = '\0';
        return 0;
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

static const char all_rows[] = "SELECT body, sum, seq FROM journal WHERE generation = ?1"
                               " AND seq BETWEEN ?2 AND ?3 ORDER BY seq";

/* From `first` on, until the damage; *ret_last is the last row that could be read. */
static int copy_rows(struct db *db, struct db *from, int64_t generation, int64_t old, int64_t first,
                     int64_t *seq, int64_t *ret_last)
{
    struct db_row row;
    int error = 0;
    if (db_query(from, &row, all_rows, "iii", old, first, INT64_MAX)) {
        return 0;
    }
    while (!error && db_next(&row)) {
        struct str body = db_text(&row, 0);
        *ret_last = db_i64(&row, 2);
        error = is_whole(body, db_i64(&row, 1)) ? add_event(db, body, generation, seq) : 0;
    }
    (void)!db_done(&row);
    return error;
}

/* The lowest row that can be read from the end backwards, above `last`; 0: none. */
static int64_t find_behind(struct db *from, int64_t old, int64_t last)
{
    struct db_row row;
    int64_t lowest = 0;
    if (db_query(from, &row,
                 "SELECT body, seq FROM journal WHERE generation = ?1 AND seq > ?2"
                 " ORDER BY seq DESC",
                 "ii", old, last)) {
        return 0;
    }
    while (db_next(&row)) {
        lowest = db_i64(&row, 1);
    }
    (void)!db_done(&row);
    return lowest;
}

/* Without the cursor everything is sent again: the server knows what it has. */
static int copy_events(struct db *db, struct db *from, int64_t generation, int *ret_kept)
{
    int64_t acked = 0;
    int64_t old = 0;
    int64_t seq = 0;
    if (db_query_i64(from, 0, &old, get_meta, "t", "generation") || old == 0) {
        old = 0;
        (void)!db_query_i64(from, 0, &old, "SELECT max(generation) FROM journal", "");
    }
    if (db_query_i64(from, 0, &acked, get_meta, "t", "acked")) {
        acked = 0;
    }
    int64_t last = acked;
    int error = copy_rows(db, from, generation, old, acked + 1, &seq, &last);
    int64_t behind = error ? 0 : find_behind(from, old, last);
    if (behind > last) {
        error = copy_rows(db, from, generation, old, behind, &seq, &last);
    }
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
    int64_t generation = 0;
    int64_t old = 0;
    int error = db_query_i64(db, 0, &generation, get_meta, "t", "generation");
    if (!error && db_query_i64(from, 0, &old, get_meta, "t", "generation") == 0 &&
        old >= generation && old < INT64_MAX / 2) {
        generation = old + 1;
        error = db_exec(db, set_meta, "ti", "generation", generation);
    }
    error = error ? error : copy_events(db, from, generation, ret_kept);
    error = error ? error : copy_lanes(db, from);
    error = error ? error : copy_inside(db, from);
    error = error ? error : copy_kept(db, from);
    db_close(from);
    return error;
}
