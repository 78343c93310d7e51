#include "sim/arrivals.h"

enum {
    LOCAL_MS = 7 * 60 * 60 * 1000,
    HOUR_MS = 60 * 60 * 1000,
    DAY_MS = 24 * HOUR_MS,
    MONTH_H = 744
};

/* Sixty-four quantiles of the waiting time of independent arrivals, thousandths of its mean. */
static const int waiting[64] = {
    8,    24,   40,   57,   73,   90,   108,  125,  143,  162,  180,  199,  218,  238,  258,  279,
    300,  321,  343,  365,  388,  412,  436,  460,  485,  511,  537,  565,  593,  621,  651,  681,
    713,  745,  779,  813,  849,  887,  925,  965,  1007, 1051, 1097, 1145, 1195, 1248, 1304, 1363,
    1426, 1493, 1565, 1642, 1726, 1817, 1918, 2030, 2156, 2300, 2467, 2669, 2922, 3260, 3774, 4878};

bool arrivals_are_right(const struct arrivals *arrivals)
{
    int sum = 0;
    for (int i = 0; i < ARRIVALS_HOURS; i++) {
        sum += arrivals->hour[i];
        if (arrivals->hour[i] < 0) {
            return false;
        }
    }
    for (int i = 0; i < ARRIVALS_WEEKDAYS; i++) {
        if (arrivals->weekday[i] < 0 || arrivals->weekday[i] > 1000) {
            return false;
        }
    }
    for (int i = 0; i < arrivals->special_count; i++) {
        if (arrivals->special[i].percent < 0 || arrivals->special[i].percent > 1000 ||
            arrivals->special[i].from_day > arrivals->special[i].until_day) {
            return false;
        }
    }
    return sum == 1000 && arrivals->special_count >= 0 &&
           arrivals->special_count <= ARRIVALS_SPECIAL_MAX;
}

static int64_t of_day(const struct arrivals *arrivals, int64_t visits_a_day, int64_t day)
{
    int64_t visits = visits_a_day * arrivals->weekday[(day + 3) % ARRIVALS_WEEKDAYS] / 100;
    for (int i = 0; i < arrivals->special_count; i++) {
        if (day >= arrivals->special[i].from_day && day <= arrivals->special[i].until_day) {
            visits = visits * arrivals->special[i].percent / 100;
        }
    }
    return visits;
}

int64_t arrivals_of_day(const struct arrivals *arrivals, int64_t visits_a_day, wall_t at)
{
    return of_day(arrivals, visits_a_day, (at.ms + LOCAL_MS) / DAY_MS);
}

int64_t arrivals_next_ms(const struct arrivals *arrivals, int64_t visits_a_day, struct prng *prng,
                         wall_t now)
{
    /* What must go by: millionths of a visit (a share of an hour is per mille, so is `waiting`). */
    int64_t left = (int64_t)waiting[prng_u64(prng) >> 58] * 1000;
    int64_t at = now.ms + LOCAL_MS;
    for (int i = 0; i < MONTH_H; i++) {
        int64_t hour_end = (at / HOUR_MS + 1) * HOUR_MS;
        int64_t an_hour = of_day(arrivals, visits_a_day, at / DAY_MS) *
                          arrivals->hour[at / HOUR_MS % ARRIVALS_HOURS] * 1000;
        int64_t until_end = an_hour * (hour_end - at) / HOUR_MS;
        if (until_end >= left && an_hour > 0) {
            int64_t ms = at + left * HOUR_MS / an_hour - (now.ms + LOCAL_MS);
            return ms > 0 ? ms : 1;
        }
        left -= until_end;
        at = hour_end;
    }
    return INT64_MAX / 4;
}
