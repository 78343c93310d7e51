/*
 * when.h - do restrictions hold at an instant, and until when does the answer stay the same?
 * For the engine only; times are wall milliseconds in plain int64_t here.
 */
#ifndef DOXE_TARIFF_WHEN_H
#define DOXE_TARIFF_WHEN_H

#include "proto/tariff/tariff.h"

#define WHEN_NEVER INT64_MAX

/* One civil day in Vietnam. */
struct when_day {
    int64_t number;   /* since 1970-01-01 */
    int64_t start_ms; /* its 00:00 */
    uint32_t weekday; /* one bit, Monday is bit 0 */
};

struct when_day when_day_of(int64_t at_ms);
/* Are hours given that are not the whole day? */
bool when_hours_limit(struct tariff_hours hours);
/* `of_day_ms` is the time since 00:00. */
bool when_hours_hold(struct tariff_hours hours, int64_t of_day_ms);
/* The next instant after `at_ms` at which when_hours_hold may change, or WHEN_NEVER. */
int64_t when_hours_change(struct tariff_hours hours, const struct when_day *day, int64_t at_ms);
/* Bits of the calendars that contain the day. */
uint32_t when_calendars(const struct tariff *tariff, int64_t day_number);

#endif
