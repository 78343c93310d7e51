/*
 * time.h - two clocks that cannot be mixed, and civil time in Vietnam.
 *
 * mono_t  milliseconds of a clock that only runs forward (boot time, so suspend
 *         counts).  For timeouts and deadlines.  Means nothing on another machine.
 * wall_t  milliseconds since 1970-01-01T00:00:00Z.  For fees, records and people.
 * A duration is a plain int64_t of milliseconds, named …_ms.
 *
 * They are different structs, so that adding one to the other does not compile.
 * Nothing here reads a clock: proto/io/clock_os.c does, once per event.
 *
 * Civil time is Asia/Ho_Chi_Minh: UTC+7 all year, no daylight saving (Decision
 * 121/CP of 1967, confirmed for the whole country in 1975), so that an offset is
 * enough and no time-zone data base can differ between gate and server.
 */
#ifndef DOXE_BASE_TIME_H
#define DOXE_BASE_TIME_H

#include "proto/base/str.h"

typedef struct {
    int64_t ms;
} mono_t;

typedef struct {
    int64_t ms;
} wall_t;

enum {
    TIME_SECOND_MS = 1000,
    TIME_MINUTE_MS = 60 * 1000,
    TIME_HOUR_MS = 60 * 60 * 1000,
    TIME_DAY_MS = 24 * 60 * 60 * 1000,
    TIME_VIETNAM_OFFSET_MS = 7 * 60 * 60 * 1000,
    TIME_ISO_CAP = 32 /* bytes for time_format_iso */
};

/* 0001-01-01 to 9999-12-31, proleptic Gregorian. */
struct civil {
    int year, month, day;     /* month 1..12, day 1..31 */
    int hour, minute, second; /* 0..23, 0..59, 0..59 */
    int ms;                   /* 0..999 */
    int weekday;              /* 1 Monday … 7 Sunday (ISO 8601); output only */
};

/* Later by so many milliseconds.  A wrap-around is impossible in 290 million years. */
mono_t mono_add(mono_t t, int64_t ms);
wall_t wall_add(wall_t t, int64_t ms);
/* a - b in milliseconds. */
int64_t mono_diff(mono_t a, mono_t b);
int64_t wall_diff(wall_t a, wall_t b);
/* A time that never comes; the answer of a deadline function with nothing to wait for. */
mono_t mono_never(void);
mono_t mono_min(mono_t a, mono_t b);
bool mono_reached(mono_t now, mono_t deadline);

/* What the clock on a wall in Hanoi shows. */
struct civil time_civil(wall_t t);
/* The reverse; DX_E_RANGE when it is no date or time (29 February 2025, 24:00). */
DX_MUST_USE int time_from_civil(const struct civil *civil, wall_t *ret_time);
/* 00:00 of the same day in Hanoi. */
wall_t time_day_start(wall_t t);
/* Days since 1970-01-01 of a calendar date, and the reverse. */
int64_t time_days_from_date(int year, int month, int day);
bool time_is_date(int year, int month, int day);

/* "2026-03-02T08:10:00.000+07:00"; `out` has TIME_ISO_CAP bytes. */
void time_format_iso(wall_t t, char *out);
/*
 * RFC 3339: date, 'T' or blank, time, optional fraction, and 'Z', '+07:00' or '+0700'.
 * Without a zone the text is taken as time in Hanoi (banks write it so).
 * DX_E_FORMAT or DX_E_RANGE.
 */
DX_MUST_USE int time_parse_iso(struct str text, wall_t *ret_time);
/* "08:10 02/03/2026", the order people in Vietnam write; `out` has TIME_ISO_CAP bytes. */
void time_format_short(wall_t t, char *out);

#endif
