/*
 * table.h - rows of one kind in memory, found by hashes, with an undo log: what the stores of
 * sim/store are made of.
 *
 * A row is a plain value of a fixed size, numbered from 1 in the order it was added; numbers are
 * never used twice.  An index says for each row a hash of its key, or 0: the row is not in it.
 * Rows with the same hash are walked with table_first and table_next; who walks compares the key
 * itself, and what needs an order sorts: the order of a walk is the same in every run, but means
 * nothing.
 *
 * Changes go through an undo log, so that a transaction or a savepoint can be taken back:
 * undo_to() walks it backwards.  A long text of a row lives apart (struct text); it is freed
 * when no undo can bring it back any more.
 *
 * One thread.  Nothing here is looked up by a pointer's value.
 */
#ifndef DOXE_SIM_STORE_TABLE_H
#define DOXE_SIM_STORE_TABLE_H

#include "proto/base/str.h"

#include <string.h>

/* ---- hashes of keys: start with HASH_SEED, never 0 ---- */

#define HASH_SEED UINT64_C(0x9e3779b97f4a7c15)
uint64_t hash_number(uint64_t hash, int64_t number);
uint64_t hash_text(uint64_t hash, const char *text);

/* ---- long texts ---- */

struct text {
    char *p; /* NULL: empty; owned by the row */
    uint32_t n;
};
struct str text_str(struct text text);

/* ---- the undo log ---- */

struct undo {
    unsigned char *bytes;
    size_t n, cap;
    bool on; /* inside a transaction; else changes are for ever */
};

/* Takes back what was done since the log had this length. */
void undo_to(struct undo *undo, size_t n);
/* All of it stays. */
void undo_keep(struct undo *undo);
/* A copy of `text`, freed when it is taken back.  DX_E_MEMORY. */
DX_MUST_USE int text_make(struct undo *undo, struct str text, struct text *ret_text);
/* No row has it any more: freed when that is certain. */
DX_MUST_USE int text_drop(struct undo *undo, struct text text);

/* ---- tables ---- */

enum { TABLE_INDICES_MAX = 6, TABLE_CHUNK = 256 };

typedef uint64_t (*table_key)(const void *row);

struct table_kind {
    const char *name;
    size_t size;
    int index_count;
    table_key key[TABLE_INDICES_MAX];
    /* Row `n` was added, changed, or brought back: by undo too.  May be NULL. */
    void (*touched)(void *owner, uint32_t n);
    /* Frees the row's texts, when the table ends or forgets it.  May be NULL. */
    void (*release)(void *row);
};

struct table_index {
    uint32_t *bucket; /* first row of each; 0 none */
    uint32_t bucket_count, count;
};

struct table {
    const struct table_kind *kind;
    void *owner;
    size_t stride;
    uint32_t last, alive; /* the highest number; rows that are there */
    uint32_t low;         /* no row is below it */
    uint32_t chunk_count, chunk_cap;
    unsigned char **chunk; /* NULL: all its rows are gone */
    uint16_t *chunk_alive;
    struct table_index index[TABLE_INDICES_MAX];
};

void table_init(struct table *table, const struct table_kind *kind, void *owner);
void table_fini(struct table *table);

/* DX_E_MEMORY.  `ret_n` may be NULL. */
DX_MUST_USE int table_add(struct undo *undo, struct table *table, const void *row, uint32_t *ret_n);
DX_MUST_USE int table_put(struct undo *undo, struct table *table, uint32_t n, const void *row);
DX_MUST_USE int table_remove(struct undo *undo, struct table *table, uint32_t n);
/* Outside of a transaction, for ever: its texts are freed. */
void table_forget(struct table *table, uint32_t n);
/* NULL when it is not there.  Valid until the next change of this table. */
const void *table_at(const struct table *table, uint32_t n);
/* Rows of this hash, one after the other; 0: no more. */
uint32_t table_first(const struct table *table, int index, uint64_t hash);
uint32_t table_next(const struct table *table, int index, uint32_t n);
/* Bytes it takes, without the texts of its rows. */
size_t table_bytes(const struct table *table);

/* `for (TABLE_EACH(table, n, row, struct row))`: all rows, in the order they were added. */
uint32_t table_after(const struct table *table, uint32_t n);

#endif
