/*
 * store_day.h - closed days: who signed what, and what was known then.  Append-only.
 */
#ifndef DOXE_SERVER_STORE_DAY_H
#define DOXE_SERVER_STORE_DAY_H

#include "server/store/query_day.h"
#include "server/store/store.h"

enum { DAY_TEXT_CAP = 11 }; /* "2026-11-23" */

struct day_close {
    const char *operator_id, *day, *by;
    int64_t nth;
    wall_t as_of;
    int64_t number;
    int64_t open_items, differences;
    char digest[65];
};

/* "2026-11-23" into its half-open time in Hanoi.  DX_E_FORMAT. */
DX_MUST_USE int day_parse(struct str text, wall_t *ret_from, wall_t *ret_until);
/* DX_E_EXISTS. */
DX_MUST_USE int store_add_day_close(struct store *store, const struct day_close *close);
/* How often the day was closed, through a reader's handle. */
DX_MUST_USE int query_day_closes(struct db *db, const char *operator_id, const char *day,
                                 int64_t *ret_count);
/* as_of, number, digest and by whom (33 bytes) of one close.  DX_E_NOT_FOUND. */
DX_MUST_USE int query_day_close(struct db *db, const char *operator_id, const char *day,
                                int64_t nth, struct day_close *ret_close, char *ret_by);

#endif
