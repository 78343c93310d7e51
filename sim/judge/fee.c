#include "sim/judge/fee.h"

#include <string.h>

enum {
    HOUR = 3600 * 1000,
    DAY = 24 * HOUR,
    UTC_PLUS_7 = 7 * HOUR,
    MORNING = 6 * HOUR,
    EVENING = 18 * HOUR
};

enum fee fee_of_tariff(const char *name)
{
    static const char *const names[FEE_COUNT] = {"",
#define X(id, tariff, sentence) tariff,
                                                 FEES(X)
#undef X
    };
    for (int i = 1; i < FEE_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            return (enum fee)i;
        }
    }
    return FEE_NOT_KNOWN;
}

/* Milliseconds between 06:00 and 18:00 from the beginning of time until t (local time). */
static int64_t daylight_until(int64_t t)
{
    int64_t in_day = t % DAY;
    int64_t today = in_day < MORNING ? 0 : in_day > EVENING ? EVENING - MORNING : in_day - MORNING;
    return t / DAY * (EVENING - MORNING) + today;
}

static int64_t turn(int64_t from, int64_t until, const int64_t price[3])
{
    int64_t day = daylight_until(until) - daylight_until(from);
    int64_t night = until - from - day;
    if (night == 0 || day == 0) {
        return night == 0 ? price[0] : price[1];
    }
    if (until - from >= 12 * HOUR) {
        return price[2];
    }
    return night > day ? price[1] : price[0];
}

static int64_t turns(int64_t from, int64_t until, const int64_t price[3])
{
    int64_t sum = 0;
    do {
        int64_t end = until - from > DAY ? from + DAY : until;
        sum += turn(from, end, price);
        from = end;
    } while (from < until);
    return sum;
}

static int64_t hours(int64_t stay_ms, const int64_t price[3])
{
    int64_t started = (stay_ms + HOUR - 1) / HOUR;
    int64_t first = started < 2 ? started : 2;
    int64_t second = started < 4 ? started - first : 2;
    return first * price[0] + second * price[1] + (started - first - second) * price[2];
}

int64_t fee_of_stay(enum fee fee, int64_t entered_ms, int64_t left_ms)
{
    static const int64_t price[FEE_COUNT][3] = {[FEE_TURN_Z1] = {5000, 8000, 12000},
                                                [FEE_TURN_Z2] = {3000, 5000, 7000},
                                                [FEE_HOURS_C1] = {30000, 30000, 30000},
                                                [FEE_HOURS_C2] = {25000, 35000, 45000}};
    int64_t until = left_ms > entered_ms ? left_ms : entered_ms + 1;
    switch (fee) {
    case FEE_TURN_Z1:
    case FEE_TURN_Z2:
        return turns(entered_ms + UTC_PLUS_7, until + UTC_PLUS_7, price[fee]);
    case FEE_HOURS_C1:
    case FEE_HOURS_C2:
        return hours(until - entered_ms, price[fee]);
    case FEE_NOT_KNOWN:
    case FEE_COUNT:
        break;
    }
    return -1;
}

void fee_range(enum fee fee, int64_t entered_ms, int64_t slack_ms, int64_t first_ms,
               int64_t last_ms, int64_t *ret_least, int64_t *ret_most)
{
    enum { STEPS = 4 };
    *ret_least = *ret_most = -1;
    if (last_ms < first_ms) {
        last_ms = first_ms;
    }
    for (int i = 0; i < 2; i++) {
        int64_t from = i ? entered_ms + slack_ms : entered_ms - slack_ms;
        for (int k = 0; k <= STEPS; k++) {
            int64_t fee_vnd = fee_of_stay(fee, from, first_ms + (last_ms - first_ms) * k / STEPS);
            *ret_least = *ret_least < 0 || fee_vnd < *ret_least ? fee_vnd : *ret_least;
            *ret_most = fee_vnd > *ret_most ? fee_vnd : *ret_most;
        }
    }
}
