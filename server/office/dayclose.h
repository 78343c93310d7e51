/*
 * dayclose.h - the close of an operator's day (đối soát): ledger, provider, statement and gates
 * side by side, as a table for accountants.
 *
 * A signed close keeps what was known (time and number of the ledger) and the digest of
 * its CSV.  Asked for again it is made anew from the books of that moment: the same bytes,
 * or a loud line that the books have been changed since.
 *
 * Takes as long as the day has transfers, some seconds for a large operator: for a terminal or a
 * job (jobs.h), not for the thread that answers pages.
 *
 * Not here: what the classes of transfers are (server/core/day.h), the rows (query_day.h).
 */
#ifndef DOXE_SERVER_OFFICE_DAYCLOSE_H
#define DOXE_SERVER_OFFICE_DAYCLOSE_H

#include "proto/io/sheet.h"
#include "server/app/app.h"

struct dayclose_ask {
    const char *database;
    const struct app_operator *operator_;
    const char *day; /* "2026-11-23" */
    enum sheet_format format;
    int64_t table;  /* a signed close again: 0 the first, 1, 2, …; -1: not one of those */
    const char *by; /* signs; NULL: a draft of now */
    /*
     * When signing: takes the report before the close is kept, so that a report that cannot be
     * written signs nothing.  NULL: not needed.
     */
    int (*deliver)(void *context, struct str bytes);
    void *context;
};

struct dayclose_result {
    char *bytes; /* of the report; dayclose_free */
    size_t n;
    int64_t nth;         /* of this close, or of the one that a draft would become */
    int64_t open_items;  /* transfers that a person must look at */
    int64_t differences; /* totals that do not agree; the report says which */
    char by[MSG_NAME_CAP];
    char why[160]; /* of a refusal */
};

/*
 * DX_E_FORMAT: no day; DX_E_STATE: it has not ended and cannot be signed; DX_E_NOT_FOUND: there
 * is no such close; DX_E_CORRUPT: the books of a signed close are not what they were.  *result is
 * filled in any case, and dayclose_free frees it.
 */
DX_MUST_USE int dayclose_make(const struct dayclose_ask *ask, struct dayclose_result *result);
void dayclose_free(struct dayclose_result *result);

#endif
