/*
 * rollup.h - the tables of the city's figures: their columns, made again, and checked.
 *
 * A rollup is a function of the rows: views of the migration "rollups" say what one row counts
 * for, and triggers keep the sums in the transaction that changes the row.  So no code of ours adds
 * to a rollup, and none can forget to.  This file counts the same views a second time: to fill the
 * tables from rows that were there before, and to compare.
 *
 * Grains: hour, day, month, and hour of the day over a month; days and hours are Hanoi's.
 * Rows that a retention job deletes stay counted: rebuild and check look at the time from the
 * oldest session on, and leave what is older alone.
 *
 * Not here: questions to the rollups (query_figures.h).
 */
#ifndef DOXE_SERVER_ROLLUP_H
#define DOXE_SERVER_ROLLUP_H

#include "proto/io/db.h"

/*
 * Each column of `rollup`, in the order of the table: what it counts stands in the migration.
 * turns = the seven kinds together; fee = settled + debt + given up + let off.
 */
#define ROLLUP_COLUMNS(X) \
    X(entered)            \
    X(left)               \
    X(transfer_turns)     \
    X(cash_turns)         \
    X(etc_turns)          \
    X(pass_turns)         \
    X(free_turns)         \
    X(debt_turns)         \
    X(given_up_turns)     \
    X(fee_vnd)            \
    X(settled_vnd)        \
    X(debt_vnd)           \
    X(given_up_vnd)       \
    X(transfer_vnd)       \
    X(cash_vnd)           \
    X(etc_vnd)            \
    X(pass_vnd)           \
    X(stay_s)             \
    X(inferred)

enum { ROLLUP_HOUR, ROLLUP_DAY, ROLLUP_MONTH, ROLLUP_PROFILE }; /* grains */

/* Days since 1970 in Hanoi, half-open. */
struct rollup_span {
    int64_t from, until;
};

/*
 * Takes the triggers away, so that many rows can be written quickly; rollup_rebuild puts them
 * back.  In between the rollups are wrong.  Inside a transaction of the caller, or none.
 */
DX_MUST_USE int rollup_suspend(struct db *db);

/*
 * Fills all rollups and what triggers keep in `session` from the rows, and makes the triggers
 * again when they were suspended.  The caller has begun no transaction: a day is one of its own,
 * or all is one when `whole`.  A year of 30 million stays takes minutes.
 */
DX_MUST_USE int rollup_rebuild(struct db *db, bool whole);
/* The end of the migration "rollups": the same inside its transaction. */
DX_MUST_USE int rollup_fill(struct db *db);

struct rollup_difference {
    const char *what;     /* "hour", "day", "month", "profile", "sign", "inside" */
    int64_t at;           /* of that grain */
    const char *lot, *of; /* vehicle or sign */
    const char *column;
    int64_t kept, counted; /* in the rollup; again from the rows */
};
/*
 * Compares all rollups with the rows of the span; from 0: from the oldest session on.
 * Sees one moment of the database and takes no lock from the writer; `db` is a writing handle
 * (its temporary tables are used).  Calls `take` for the first `max` differences.
 */
DX_MUST_USE int rollup_check(struct db *db, struct rollup_span span, int64_t max,
                             void (*take)(void *context, const struct rollup_difference *d),
                             void *context, int64_t *ret_rows, int64_t *ret_differences);

#endif
