/* store_sqlite.c - opening, versions of the schema, transactions. */
#include "server/store/store_sqlite.h"

#include "proto/base/check.h"

struct migration {
    int version;
    const char *name;
    const unsigned char *up, *down;
};

#include "server/store/migrations_text.h"

enum { MIGRATIONS = (int)(sizeof migrations / sizeof migrations[0]) };

static int open_store(const char *path, int (*open)(const char *, struct db **),
                      struct store **ret_store)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store) {
        return DX_E_MEMORY;
    }
    int error = open(path, &store->db);
    if (error) {
        free(store);
        return error;
    }
    *ret_store = store;
    return 0;
}

int store_open(const char *path, struct store **ret_store)
{
    return open_store(path, db_open, ret_store);
}

int store_open_reader(const char *path, struct store **ret_store)
{
    return open_store(path, db_open_reader, ret_store);
}

void store_close(struct store *store)
{
    if (store) {
        db_close(store->db);
        free(store);
    }
}

const char *store_message(struct store *store)
{
    return db_message(store->db);
}

int store_latest_version(void)
{
    return migrations[MIGRATIONS - 1].version;
}

int store_version(struct store *store, int *ret_version)
{
    int64_t there = 0;
    int64_t version = 0;
    int error = db_query_i64(store->db, 0, &there,
                             "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND"
                             " name = 'schema_version'",
                             "");
    if (!error && there) {
        error = db_query_i64(store->db, 0, &version, "SELECT max(version) FROM schema_version", "");
    }
    if (!error) {
        *ret_version = (int)version;
    }
    return error;
}

/* What SQL alone cannot do of a migration, by its name. */
static int finish_step(struct store *store, const struct migration *m)
{
    return strcmp(m->name, "0002_ledger_chain") == 0 ? store_chain_ledger(store) : 0;
}

/* One step and its mark in one transaction: a crash leaves both or none. */
static int step(struct store *store, const struct migration *m, bool up, wall_t now)
{
    int error = db_begin(store->db);
    if (error) {
        return error;
    }
    error = db_script(store->db, (const char *)(up ? m->up : m->down));
    if (!error && up) {
        error = finish_step(store, m);
    }
    if (!error && up) {
        error = db_exec(store->db,
                        "INSERT INTO schema_version(version, name, applied_ms) VALUES (?1, ?2, ?3)",
                        "iti", (int64_t)m->version, m->name, now.ms);
    } else if (!error) {
        error = db_exec(store->db, "DELETE FROM schema_version WHERE version = ?1", "i",
                        (int64_t)m->version);
    }
    if (error) {
        db_rollback(store->db);
        return error;
    }
    return db_commit(store->db);
}

int store_migrate(struct store *store, int version, wall_t now, int *ret_version)
{
    int at = 0;
    int error = db_script(store->db, "CREATE TABLE IF NOT EXISTS schema_version ("
                                     "version INTEGER PRIMARY KEY, name TEXT NOT NULL,"
                                     " applied_ms INTEGER NOT NULL) STRICT");
    if (!error) {
        error = store_version(store, &at);
    }
    if (error) {
        return error;
    }
    if (at > store_latest_version()) {
        return DX_E_VERSION;
    }
    if (version == STORE_LATEST) {
        version = store_latest_version();
    }
    for (int i = 0; i < MIGRATIONS && !error; i++) {
        if (migrations[i].version > at && migrations[i].version <= version) {
            error = step(store, &migrations[i], true, now);
        }
    }
    for (int i = MIGRATIONS - 1; i >= 0 && !error; i--) {
        if (migrations[i].version <= at && migrations[i].version > version) {
            error = step(store, &migrations[i], false, now);
        }
    }
    return error ? error : store_version(store, ret_version);
}

int store_begin(struct store *store)
{
    return db_begin(store->db);
}

int store_commit(struct store *store)
{
    return db_commit(store->db);
}

void store_rollback(struct store *store)
{
    db_rollback(store->db);
}

int store_savepoint(struct store *store)
{
    return db_savepoint(store->db);
}

int store_release(struct store *store)
{
    return db_release(store->db);
}

void store_rollback_savepoint(struct store *store)
{
    db_rollback_savepoint(store->db);
}

void store_take(struct db_row *row, int column, char *out, size_t cap, int *error)
{
    if (str_copy(out, cap, db_text(row, column)) != 0) {
        out[0] = '\0';
        *error = DX_E_CORRUPT;
    }
}

int store_take_word(struct db_row *row, int column, const char *const *words, int count, int *error)
{
    struct str text = db_text(row, column);
    for (int i = 0; i < count; i++) {
        if (str_eq_c(text, words[i])) {
            return i;
        }
    }
    *error = DX_E_CORRUPT;
    return 0;
}

int store_end(struct db_row *row, int error)
{
    int ended = db_done(row);
    return ended ? ended : error;
}

const char *store_or_null(const char *text)
{
    return text[0] ? text : NULL;
}
