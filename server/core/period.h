/*
 * period.h - days, months and periods as reports have them, in Hanoi's calendar.
 *
 * A day is a number: days since 1970-01-01 in Hanoi.  A month is year * 12 + month - 1.  A period
 * is a half-open span of days.  A long period is asked of the rollups as its whole months and the
 * days before and after them (period_split), so that a year costs as much as two months.
 */
#ifndef DOXE_SERVER_PERIOD_H
#define DOXE_SERVER_PERIOD_H

#include "proto/base/time.h"

enum { PERIOD_TEXT_CAP = 11, PERIOD_DAYS_MAX = 3660 };

struct period {
    int64_t from, until; /* days, half-open */
};

/* Whole months [month_from, month_until), and days [from, head_until) and [tail_from, until). */
struct period_parts {
    int64_t month_from, month_until;
    int64_t from, head_until, tail_from, until;
};

int64_t period_day_of(wall_t t);
wall_t period_day_start(int64_t day);
int64_t period_month_of(int64_t day);
int64_t period_month_start(int64_t month); /* its first day */
/* "2026-11-23" and "2026-11". */
void period_day_text(int64_t day, char out[PERIOD_TEXT_CAP]);
void period_month_text(int64_t month, char out[PERIOD_TEXT_CAP]);
/* DX_E_FORMAT, DX_E_RANGE (no such date, or before 2000). */
DX_MUST_USE int period_day_parse(struct str text, int64_t *ret_day);
DX_MUST_USE int period_month_parse(struct str text, int64_t *ret_month);

/* The period before it: whole months before whole months, else as many days. */
struct period period_before(struct period period);
struct period_parts period_split(struct period period);

#endif
