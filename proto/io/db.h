/*
 * db.h - SQLite as doxe uses it: WAL, synchronous FULL, STRICT tables, one writer.
 *
 * The only file of doxe that sees sqlite3.h is db.c.  A commit that returned 0
 * is on the disk.  Statements are prepared once and kept by their text, so the
 * SQL is a constant in the caller:
 *
 *     struct db_row row;
 *     int error = db_query(db, &row, "SELECT name FROM lot WHERE id = ?1", "t", lot);
 *     while (!error && db_next(&row)) { struct str name = db_text(&row, 0); … }
 *     db_done(&row);
 *
 * Bind letters, one per parameter:  t  const char * (NULL binds NULL)
 *                                   s  struct str (text)      b  struct str (blob)
 *                                   i  int64_t                n  NULL, takes no argument
 * Pass int64_t for i: cast plain ints.  Texts are valid until db_next or db_done.
 * A handle belongs to one thread.
 */
#ifndef DOXE_IO_DB_H
#define DOXE_IO_DB_H

#include "proto/base/str.h"

struct db;
struct db_row {
    struct db *db;
    void *statement;
    int error; /* 0, or why db_next ended early */
};

/* Creates the file when missing, readable by its owner alone.  DX_E_IO, DX_E_CORRUPT (not a
 * database, or quick_check fails). */
DX_MUST_USE int db_open(const char *path, struct db **ret_db);
/*
 * Another writing handle of a database that db_open opened before: it is not checked again.
 * Its db_begin waits at most `busy_ms` for the other writer, then it is DX_E_BUSY.
 */
DX_MUST_USE int db_open_another(const char *path, int busy_ms, struct db **ret_db);
/* A second, read-only handle for another thread. */
DX_MUST_USE int db_open_reader(const char *path, struct db **ret_db);
void db_close(struct db *db);
/* The last SQLite message, for logs. */
const char *db_message(struct db *db);

/* BEGIN IMMEDIATE … COMMIT.  DX_E_BUSY, DX_E_FULL (disk), DX_E_IO.  After a failed commit: rolled
 * back. */
DX_MUST_USE int db_begin(struct db *db);
DX_MUST_USE int db_commit(struct db *db);
void db_rollback(struct db *db);
/* A savepoint inside a transaction, so that one message can fail and its group go on. */
DX_MUST_USE int db_savepoint(struct db *db);
DX_MUST_USE int db_release(struct db *db);
void db_rollback_savepoint(struct db *db);

/* One statement without rows.  DX_E_EXISTS on a broken UNIQUE or PRIMARY KEY, DX_E_STATE on a
 * trigger's ABORT. */
DX_MUST_USE int db_exec(struct db *db, const char *sql, const char *binds, ...);
/* The same with an array, for who writes tables he knows by a list of their columns. */
struct db_value {
    char bind; /* t s b i n: t and s both take `text` */
    int64_t number;
    struct str text;
};
DX_MUST_USE int db_exec_values(struct db *db, const char *sql, const struct db_value *values,
                               int count);
/* Rows changed by the last db_exec; rowid of the last insert. */
int64_t db_changes(struct db *db);
int64_t db_last_id(struct db *db);
DX_MUST_USE int db_query(struct db *db, struct db_row *ret_row, const char *sql, const char *binds,
                         ...);
bool db_next(struct db_row *row);
/* Always call it; 0 or the error that ended the rows. */
int db_done(struct db_row *row);
struct str db_text(struct db_row *row, int column);
int64_t db_i64(struct db_row *row, int column);
bool db_is_null(struct db_row *row, int column);
/* A query of one integer; `fallback` when there is no row. */
DX_MUST_USE int db_query_i64(struct db *db, int64_t fallback, int64_t *ret_value, const char *sql,
                             const char *binds, ...);
/* Several statements of a migration or schema, inside a transaction of the caller. */
DX_MUST_USE int db_script(struct db *db, const char *sql);

/* Bytes that all databases of the process hold at the moment; caches fill up to their cache_size.
 */
int64_t db_memory_used(void);

#endif
