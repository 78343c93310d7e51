/*
 * arrivals.h - when vehicles come: by hour of the day, day of the week, and days that are special.
 *
 * A day of a site has so many visits; its hours have shares of them, weekdays and special days
 * (the weeks before Tet, a fair) raise or lower the whole day.  Between two arrivals lies a time
 * that is drawn so that they come independently of each other.
 *
 * Pure, integers only.  Hours and days are those of Asia/Ho_Chi_Minh (UTC+7, no summer time).
 * Not here: who comes (people.h), which site has which profile (city.h).
 */
#ifndef DOXE_SIM_ARRIVALS_H
#define DOXE_SIM_ARRIVALS_H

#include "proto/base/prng.h"
#include "proto/base/time.h"

enum { ARRIVALS_HOURS = 24, ARRIVALS_WEEKDAYS = 7, ARRIVALS_SPECIAL_MAX = 8 };

struct arrivals {
    int hour[ARRIVALS_HOURS];       /* shares of a day, per mille: they sum to 1000 */
    int weekday[ARRIVALS_WEEKDAYS]; /* per cent of an ordinary day; Monday first */
    int special_count;
    struct {
        int64_t from_day, until_day; /* days since 1970-01-01, local; both included */
        int percent;                 /* of what the weekday has; 0: nobody comes */
    } special[ARRIVALS_SPECIAL_MAX];
};

/* Shares in order, per cents 0..1000? */
bool arrivals_are_right(const struct arrivals *arrivals);
/* Visits of the day that `at` is in, of a site with so many on an ordinary day. */
int64_t arrivals_of_day(const struct arrivals *arrivals, int64_t visits_a_day, wall_t at);
/*
 * How long after `now` the next one comes, in ms from 1 on; INT64_MAX / 4 when nobody comes for a
 * month.
 */
int64_t arrivals_next_ms(const struct arrivals *arrivals, int64_t visits_a_day, struct prng *prng,
                         wall_t now);

#endif
