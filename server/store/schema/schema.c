#include "server/store/schema/schema.h"

struct migration {
    int version;
    const char *name;
    const unsigned char *up, *down;
};

#include "server/store/migrations_text.h"

enum { MIGRATIONS = (int)(sizeof migrations / sizeof migrations[0]) };

struct finisher {
    int (*finish)(void *context, const char *name);
    void *context;
};

int schema_latest(void)
{
    return migrations[MIGRATIONS - 1].version;
}

int schema_version(struct db *db, int *ret_version)
{
    int64_t there = 0;
    int64_t version = 0;
    int error = db_query_i64(db, 0, &there,
                             "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND"
                             " name = 'schema_version'",
                             "");
    if (!error && there) {
        error = db_query_i64(db, 0, &version, "SELECT max(version) FROM schema_version", "");
    }
    if (!error) {
        *ret_version = (int)version;
    }
    return error;
}

/* One step and its mark in one transaction: a crash leaves both or none. */
static int step(struct db *db, const struct migration *m, bool up, wall_t now,
                const struct finisher *finisher)
{
    int error = db_begin(db);
    if (error) {
        return error;
    }
    error = db_script(db, (const char *)(up ? m->up : m->down));
    if (!error && up) {
        error = finisher->finish(finisher->context, m->name);
    }
    if (!error && up) {
        error =
            db_exec(db, "INSERT INTO schema_version(version, name, applied_ms) VALUES (?1, ?2, ?3)",
                    "iti", (int64_t)m->version, m->name, now.ms);
    } else if (!error) {
        error =
            db_exec(db, "DELETE FROM schema_version WHERE version = ?1", "i", (int64_t)m->version);
    }
    if (error) {
        db_rollback(db);
        return error;
    }
    return db_commit(db);
}

int schema_migrate(struct db *db, int version, wall_t now,
                   int (*finish)(void *context, const char *name), void *context, int *ret_version)
{
    const struct finisher finisher = {finish, context};
    int at = 0;
    int error = db_script(db, "CREATE TABLE IF NOT EXISTS schema_version ("
                              "version INTEGER PRIMARY KEY, name TEXT NOT NULL,"
                              " applied_ms INTEGER NOT NULL) STRICT");
    if (!error) {
        error = schema_version(db, &at);
    }
    if (error) {
        return error;
    }
    if (at > schema_latest()) {
        return DX_E_VERSION;
    }
    for (int i = 0; i < MIGRATIONS && !error; i++) {
        if (migrations[i].version > at && migrations[i].version <= version) {
            error = step(db, &migrations[i], true, now, &finisher);
        }
    }
    for (int i = MIGRATIONS - 1; i >= 0 && !error; i--) {
        if (migrations[i].version <= at && migrations[i].version > version) {
            error = step(db, &migrations[i], false, now, &finisher);
        }
    }
    return error ? error : schema_version(db, ret_version);
}
