/* store_sqlite.c - opening, versions of the schema, transactions. */
#include "server/store/store_sqlite.h"

#include "proto/base/check.h"
#include "server/store/schema/rollup.h"
#include "server/store/schema/schema.h"

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
    return schema_latest();
}

int store_version(struct store *store, int *ret_version)
{
    return schema_version(store->db, ret_version);
}

/* What SQL alone cannot do of a migration, by its name. */
static int finish_step(void *context, const char *name)
{
    struct store *store = context;
    if (strcmp(name, "0002_ledger_chain") == 0) {
        return store_chain_ledger(store);
    }
    return strstr(name, "_rollups") ? rollup_fill(store->db) : 0;
}

int store_migrate(struct store *store, int version, wall_t now, int *ret_version)
{
    if (version == STORE_LATEST) {
        version = schema_latest();
    }
    return schema_migrate(store->db, version, now, finish_step, store, ret_version);
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
