#include "gate/io/health_db.h"

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS device_alarm ("
    "  lane INTEGER NOT NULL, code TEXT NOT NULL, PRIMARY KEY (lane, code)) STRICT;"
    "CREATE TABLE IF NOT EXISTS device_fault ("
    "  place INTEGER PRIMARY KEY AUTOINCREMENT, device TEXT NOT NULL, lane INTEGER NOT NULL,"
    "  code TEXT NOT NULL, value INTEGER NOT NULL, raised_ms INTEGER NOT NULL,"
    "  cleared_ms INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE UNIQUE INDEX IF NOT EXISTS device_fault_once ON device_fault (device, code)"
    "  WHERE cleared_ms = 0;"
    "CREATE TABLE IF NOT EXISTS device ("
    "  name TEXT NOT NULL PRIMARY KEY, timeouts INTEGER NOT NULL, checks INTEGER NOT NULL,"
    "  refusals INTEGER NOT NULL, last_good_ms INTEGER NOT NULL) STRICT;";

int health_db_prepare(struct db *db)
{
    return db_script(db, schema);
}

static bool is_device_code(const char *code)
{
    static const char *const codes[] = {
#define X(name, word, severity, sentence) word,
        HEALTH_CODES(X)
#undef X
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (strcmp(codes[i], code) == 0) {
            return true;
        }
    }
    return false;
}

int health_db_record(struct db *db, const struct event *event)
{
    if (event->type != EVENT_ALARM || !is_device_code(event->code)) {
        return 0;
    }
    return db_exec(db,
                   event->raised ? "INSERT INTO device_alarm (lane, code) VALUES (?1, ?2)"
                                   " ON CONFLICT DO NOTHING"
                                 : "DELETE FROM device_alarm WHERE lane = ?1 AND code = ?2",
                   "it", (int64_t)event->lane, event->code);
}

int health_db_alarms(struct db *db, void *context,
                     void (*take)(void *context, int lane, const char *code))
{
    struct db_row row;
    int error = db_query(db, &row, "SELECT lane, code FROM device_alarm", "");
    while (!error && db_next(&row)) {
        char code[HEALTH_CODE_CAP];
        str_copy_cut(code, sizeof code, db_text(&row, 1));
        take(context, (int)db_i64(&row, 0), code);
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

int health_db_fault(struct db *db, const struct health_word *word, int64_t value, wall_t now)
{
    if (!word->there) {
        int done = db_exec(db,
                           "UPDATE device_fault SET cleared_ms = ?3"
                           " WHERE device = ?1 AND code = ?2 AND cleared_ms = 0",
                           "tti", word->device, word->code, now.ms);
        struct health_counts none = {0};
        return done ? done : health_db_count(db, word->device, &none);
    }
    int error = db_exec(db,
                        "INSERT INTO device_fault (device, lane, code, value, raised_ms)"
                        " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
                        "titii", word->device, (int64_t)word->lane, word->code, value, now.ms);
    return error ? error
                 : db_exec(db,
                           "DELETE FROM device_fault WHERE cleared_ms > 0 AND place <="
                           " (SELECT max(place) FROM device_fault) - ?1",
                           "i", (int64_t)HEALTH_HISTORY_MAX);
}

int health_db_count(struct db *db, const char *device, const struct health_counts *more)
{
    return db_exec(db,
                   "INSERT INTO device (name, timeouts, checks, refusals, last_good_ms)"
                   " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (name) DO UPDATE SET"
                   " timeouts = timeouts + ?2, checks = checks + ?3, refusals = refusals + ?4,"
                   " last_good_ms = max(last_good_ms, ?5)",
                   "tiiii", device, more->timeouts, more->checks, more->refusals,
                   more->last_good.ms);
}

int health_db_history(struct db *db, int max, void *context,
                      void (*take)(void *context, const struct health_row *row))
{
    struct db_row row;
    int error = db_query(db, &row,
                         "SELECT device, lane, code, value, raised_ms, cleared_ms FROM"
                         " device_fault ORDER BY place DESC LIMIT ?1",
                         "i", (int64_t)max);
    while (!error && db_next(&row)) {
        struct health_row found = {.word = {.lane = (int)db_i64(&row, 1)},
                                   .value = db_i64(&row, 3),
                                   .raised = {db_i64(&row, 4)},
                                   .cleared = {db_i64(&row, 5)}};
        str_copy_cut(found.word.device, sizeof found.word.device, db_text(&row, 0));
        str_copy_cut(found.word.code, sizeof found.word.code, db_text(&row, 2));
        found.word.there = found.cleared.ms == 0;
        take(context, &found);
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

int health_db_counts(struct db *db, void *context,
                     void (*take)(void *context, const char *device,
                                  const struct health_counts *counts))
{
    struct db_row row;
    int error = db_query(
        db, &row, "SELECT name, timeouts, checks, refusals, last_good_ms FROM device ORDER BY name",
        "");
    while (!error && db_next(&row)) {
        char device[HEALTH_DEVICE_CAP];
        struct health_counts counts = {
            db_i64(&row, 1), db_i64(&row, 2), db_i64(&row, 3), {db_i64(&row, 4)}};
        str_copy_cut(device, sizeof device, db_text(&row, 0));
        take(context, device, &counts);
    }
    int ended = db_done(&row);
    return error ? error : ended;
}
