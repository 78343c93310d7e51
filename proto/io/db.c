#include "proto/io/db.h"

#include "proto/base/check.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <unistd.h>

/* Statements kept by their text: constants of the callers, so the pointer is compared first. */
enum { STATEMENTS_MAX = 512 };

struct statement {
    const char *sql;
    sqlite3_stmt *handle;
    bool in_use;
};

/* Which statement a text was found as last, by the text's address. */
enum { RECENT_MAX = 1024 };

struct db {
    sqlite3 *handle;
    int count;
    struct statement statement[STATEMENTS_MAX];
    struct statement *recent[RECENT_MAX];
};

static int error_of(int code)
{
    switch (code & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return 0;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return DX_E_BUSY;
    case SQLITE_FULL:
        return DX_E_FULL;
    case SQLITE_NOMEM:
        return DX_E_MEMORY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return DX_E_CORRUPT;
    case SQLITE_TOOBIG:
        return DX_E_SPACE;
    case SQLITE_CONSTRAINT:
        if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
            code == SQLITE_CONSTRAINT_ROWID) {
            return DX_E_EXISTS;
        }
        return code == SQLITE_CONSTRAINT_TRIGGER ? DX_E_STATE : DX_E_INVAL;
    default:
        return DX_E_IO;
    }
}

static int run_plain(struct db *db, const char *sql)
{
    return error_of(sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

static int quick_check(struct db *db)
{
    struct db_row row;
    int error = db_query(db, &row, "PRAGMA quick_check(1)", "");
    if (!error && db_next(&row) && !str_eq_c(db_text(&row, 0), "ok")) {
        error = DX_E_CORRUPT;
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

static int open_handle(const char *path, int flags, struct db **ret_db)
{
    struct db *db = calloc(1, sizeof *db);
    if (!db) {
        return DX_E_MEMORY;
    }
    int error = error_of(sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOMUTEX, NULL));
    if (error) {
        db_close(db);
        return error;
    }
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, 5000);
    *ret_db = db;
    return 0;
}

/*
 * Made here, so that it is its owner's alone; SQLite gives -wal and -shm the same mode.  Only a
 * file that is not there yet is opened: closing another handle of it would drop SQLite's locks.
 */
static void make_private(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) {
        close(file);
    }
}

/* FULL: a commit that returned is on the disk even if the power fails a moment later. */
static int prepare_writer(struct db *db)
{
    return run_plain(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                         "PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY;"
                         "PRAGMA cache_size=-32768; PRAGMA journal_size_limit=67108864;");
}

int db_open_another(const char *path, int busy_ms, struct db **ret_db)
{
    struct db *db;
    int error = open_handle(path, SQLITE_OPEN_READWRITE, &db);
    if (error) {
        return error;
    }
    error = prepare_writer(db);
    if (error) {
        db_close(db);
        return error;
    }
    sqlite3_busy_timeout(db->handle, busy_ms);
    *ret_db = db;
    return 0;
}

int db_open(const char *path, struct db **ret_db)
{
    struct db *db;
    make_private(path);
    int error = open_handle(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &db);
    if (error) {
        return error;
    }
    error = prepare_writer(db);
    if (!error) {
        error = quick_check(db);
    }
    if (error) {
        db_close(db);
        return error;
    }
    *ret_db = db;
    return 0;
}

int db_open_reader(const char *path, struct db **ret_db)
{
    struct db *db;
    int error = open_handle(path, SQLITE_OPEN_READONLY, &db);
    if (!error) {
        error = run_plain(db, "PRAGMA query_only=ON; PRAGMA trusted_schema=OFF;");
        if (error) {
            db_close(db);
        }
    }
    if (!error) {
        *ret_db = db;
    }
    return error;
}

void db_close(struct db *db)
{
    if (!db) {
        return;
    }
    for (int i = 0; i < db->count; i++) {
        sqlite3_finalize(db->statement[i].handle);
    }
    sqlite3_close(db->handle);
    free(db);
}

const char *db_message(struct db *db)
{
    return sqlite3_errmsg(db->handle);
}

static struct statement **recent_of(struct db *db, const char *sql)
{
    uintptr_t at = (uintptr_t)sql;
    return &db->recent[(at ^ at >> 10) % RECENT_MAX];
}

static struct statement *find_statement(struct db *db, const char *sql)
{
    struct statement *recent = *recent_of(db, sql);
    if (recent && recent->sql == sql && !recent->in_use) {
        return recent;
    }
    for (int i = 0; i < db->count; i++) {
        struct statement *s = &db->statement[i];
        if (s->sql == sql && !s->in_use) {
            return s;
        }
    }
    for (int i = 0; i < db->count; i++) {
        struct statement *s = &db->statement[i];
        if (!s->in_use && strcmp(sqlite3_sql(s->handle), sql) == 0) {
            return s;
        }
    }
    return NULL;
}

static int take_statement(struct db *db, const char *sql, struct statement **ret_statement)
{
    struct statement *s = find_statement(db, sql);
    if (!s) {
        must(db->count <
             STATEMENTS_MAX); /* SQL is constant text: a program has so many, not more */
        sqlite3_stmt *handle;
        int error = error_of(
            sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL));
        if (error) {
            return error;
        }
        s = &db->statement[db->count++];
        s->handle = handle;
    }
    s->sql = sql;
    s->in_use = true;
    *recent_of(db, sql) = s;
    *ret_statement = s;
    return 0;
}

static void give_back(struct statement *s)
{
    sqlite3_reset(s->handle);
    sqlite3_clear_bindings(s->handle);
    s->in_use = false;
}

static int bind_text(sqlite3_stmt *handle, int at, struct str text)
{
    return sqlite3_bind_text64(handle, at, text.n ? text.p : "", text.n, SQLITE_TRANSIENT,
                               SQLITE_UTF8);
}

static int bind_all(struct statement *s, const char *binds, va_list arguments)
{
    must((int)strlen(binds) == sqlite3_bind_parameter_count(s->handle));
    for (int at = 1; binds[at - 1]; at++) {
        int code = SQLITE_MISUSE;
        switch (binds[at - 1]) {
        case 't': {
            const char *text = va_arg(arguments, const char *);
            code = text ? bind_text(s->handle, at, str_c(text)) : sqlite3_bind_null(s->handle, at);
            break;
        }
        case 's':
            code = bind_text(s->handle, at, va_arg(arguments, struct str));
            break;
        case 'b': {
            struct str bytes = va_arg(arguments, struct str);
            code = sqlite3_bind_blob64(s->handle, at, bytes.n ? bytes.p : "", bytes.n,
                                       SQLITE_TRANSIENT);
            break;
        }
        case 'i':
            code = sqlite3_bind_int64(s->handle, at, va_arg(arguments, int64_t));
            break;
        default:
            must(binds[at - 1] == 'n'); /* a letter is one of t s b i n */
            code = sqlite3_bind_null(s->handle, at);
            break;
        }
        if (code != SQLITE_OK) {
            return error_of(code);
        }
    }
    return 0;
}

static int run(struct statement *s)
{
    int code;
    do {
        code = sqlite3_step(s->handle);
    } while (code == SQLITE_ROW);
    return error_of(code);
}

static int exec_list(struct db *db, const char *sql, const char *binds, va_list arguments)
{
    struct statement *s;
    int error = take_statement(db, sql, &s);
    if (error) {
        return error;
    }
    error = bind_all(s, binds, arguments);
    if (!error) {
        error = run(s);
    }
    give_back(s);
    return error;
}

int db_exec_values(struct db *db, const char *sql, const struct db_value *values, int count)
{
    struct statement *s = NULL;
    int error = take_statement(db, sql, &s);
    for (int i = 0; i < count && !error; i++) {
        const struct db_value *v = &values[i];
        const char *p = v->text.n ? v->text.p : "";
        int code = SQLITE_OK;
        if (v->bind == 'i') {
            code = sqlite3_bind_int64(s->handle, i + 1, v->number);
        } else if (v->bind == 'b') {
            code = sqlite3_bind_blob64(s->handle, i + 1, p, v->text.n, SQLITE_STATIC);
        } else if (v->bind == 't' || v->bind == 's') {
            code = sqlite3_bind_text64(s->handle, i + 1, p, v->text.n, SQLITE_STATIC, SQLITE_UTF8);
        } /* what is not bound is NULL */
        error = error_of(code);
    }
    if (!error) {
        error = run(s);
    }
    if (s) {
        give_back(s);
    }
    return error;
}

int db_exec(struct db *db, const char *sql, const char *binds, ...)
{
    va_list arguments;
    va_start(arguments, binds);
    int error = exec_list(db, sql, binds, arguments);
    va_end(arguments);
    return error;
}

int db_begin(struct db *db)
{
    return db_exec(db, "BEGIN IMMEDIATE", "");
}

int db_commit(struct db *db)
{
    int error = db_exec(db, "COMMIT", "");
    if (error) {
        db_rollback(db);
    }
    return error;
}

void db_rollback(struct db *db)
{
    if (!sqlite3_get_autocommit(db->handle)) {
        (void)!db_exec(db, "ROLLBACK", "");
    }
}

int db_savepoint(struct db *db)
{
    return db_exec(db, "SAVEPOINT one", "");
}

int db_release(struct db *db)
{
    return db_exec(db, "RELEASE one", "");
}

void db_rollback_savepoint(struct db *db)
{
    (void)!db_exec(db, "ROLLBACK TO one", "");
    (void)!db_exec(db, "RELEASE one", "");
}

int64_t db_changes(struct db *db)
{
    return sqlite3_changes64(db->handle);
}

int64_t db_last_id(struct db *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

static int query_list(struct db *db, struct db_row *ret_row, const char *sql, const char *binds,
                      va_list arguments)
{
    struct statement *s = NULL;
    int error = take_statement(db, sql, &s);
    if (!error) {
        error = bind_all(s, binds, arguments);
    }
    if (error && s) {
        give_back(s);
        s = NULL;
    }
    *ret_row = (struct db_row){db, s, error};
    return error;
}

int db_query(struct db *db, struct db_row *ret_row, const char *sql, const char *binds, ...)
{
    va_list arguments;
    va_start(arguments, binds);
    int error = query_list(db, ret_row, sql, binds, arguments);
    va_end(arguments);
    return error;
}

static sqlite3_stmt *handle_of(struct db_row *row)
{
    return ((struct statement *)row->statement)->handle;
}

bool db_next(struct db_row *row)
{
    if (!row->statement || row->error) {
        return false;
    }
    int code = sqlite3_step(handle_of(row));
    row->error = error_of(code);
    return code == SQLITE_ROW;
}

int db_done(struct db_row *row)
{
    if (row->statement) {
        give_back(row->statement);
        row->statement = NULL;
    }
    return row->error;
}

struct str db_text(struct db_row *row, int column)
{
    sqlite3_stmt *handle = handle_of(row);
    const char *p = sqlite3_column_blob(handle, column);
    return (struct str){p ? p : "", p ? (size_t)sqlite3_column_bytes(handle, column) : 0};
}

int64_t db_i64(struct db_row *row, int column)
{
    return sqlite3_column_int64(handle_of(row), column);
}

bool db_is_null(struct db_row *row, int column)
{
    return sqlite3_column_type(handle_of(row), column) == SQLITE_NULL;
}

int db_query_i64(struct db *db, int64_t fallback, int64_t *ret_value, const char *sql,
                 const char *binds, ...)
{
    va_list arguments;
    struct db_row row;
    va_start(arguments, binds);
    int error = query_list(db, &row, sql, binds, arguments);
    va_end(arguments);
    if (error) {
        return error;
    }
    int64_t value = fallback;
    if (db_next(&row) && !db_is_null(&row, 0)) {
        value = db_i64(&row, 0);
    }
    error = db_done(&row);
    if (!error) {
        *ret_value = value;
    }
    return error;
}

int db_script(struct db *db, const char *sql)
{
    return run_plain(db, sql);
}

int64_t db_memory_used(void)
{
    return sqlite3_memory_used();
}
