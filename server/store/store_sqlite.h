/* store_sqlite.h - what the files of the SQLite store share.  Nobody else includes it. */
#ifndef DOXE_SERVER_STORE_SQLITE_H
#define DOXE_SERVER_STORE_SQLITE_H

#include "proto/io/db.h"
#include "server/store/store.h"

struct store {
    struct db *db;
};

/* A text of a row into a member; remembers in *error when it does not fit. */
void store_take(struct db_row *row, int column, char *out, size_t cap, int *error);
/* The index of a word in a table; DX_E_CORRUPT in *error when there is none. */
int store_take_word(struct db_row *row, int column, const char *const *words, int count,
                    int *error);
/* Ends the rows; the first of the two errors. */
int store_end(struct db_row *row, int error);
/* The end of migration 0002: numbers and hashes for what is there, then the triggers. */
int store_chain_ledger(struct store *store);
/* A session's columns, and a row of them read. */
#define STORE_SESSION_COLUMNS                                                                      \
    "id, lot, state, vehicle, subject, key, raw, last4, gate_in, lane_in, arrived_ms, entered_ms," \
    " asked_ms, gate_out, lane_out, left_ms, permit, fee_vnd, paid_vnd, paid_ms, code, token,"     \
    " inferred"
int store_take_session(struct db_row *row, struct session *session);
/* Lines as a JSON array; fails when a label is no UTF-8. */
void store_write_lines(struct out *out, const struct quote_line *line, int count);
/* 0 as NULL. */
const char *store_or_null(const char *text);

#endif
