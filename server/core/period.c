#include "server/core/period.h"

#include "proto/base/check.h"

#include <stdio.h>

int64_t period_day_of(wall_t t)
{
    return (t.ms + TIME_VIETNAM_OFFSET_MS) / TIME_DAY_MS;
}

wall_t period_day_start(int64_t day)
{
    return (wall_t){day * TIME_DAY_MS - TIME_VIETNAM_OFFSET_MS};
}

int64_t period_month_of(int64_t day)
{
    struct civil civil = time_civil(period_day_start(day));
    return (int64_t)civil.year * 12 + civil.month - 1;
}

int64_t period_month_start(int64_t month)
{
    return time_days_from_date((int)(month / 12), (int)(month % 12) + 1, 1);
}

void period_day_text(int64_t day, char out[PERIOD_TEXT_CAP])
{
    struct civil civil = time_civil(period_day_start(day));
    snprintf(out, PERIOD_TEXT_CAP, "%04u-%02u-%02u", (unsigned)civil.year % 10000,
             (unsigned)civil.month % 100, (unsigned)civil.day % 100);
}

void period_month_text(int64_t month, char out[PERIOD_TEXT_CAP])
{
    snprintf(out, PERIOD_TEXT_CAP, "%04u-%02u", (unsigned)(month / 12) % 10000,
             (unsigned)(month % 12 + 1) % 100);
}

static bool number_at(struct str text, size_t from, size_t until, int64_t *ret_number)
{
    return str_parse_i64(str_slice(text, from, until), 0, 9999, ret_number) == 0;
}

int period_day_parse(struct str text, int64_t *ret_day)
{
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-' || !number_at(text, 0, 4, &year) ||
        !number_at(text, 5, 7, &month) || !number_at(text, 8, 10, &day)) {
        return DX_E_FORMAT;
    }
    if (year < 2000 || !time_is_date((int)year, (int)month, (int)day)) {
        return DX_E_RANGE;
    }
    *ret_day = time_days_from_date((int)year, (int)month, (int)day);
    return 0;
}

int period_month_parse(struct str text, int64_t *ret_month)
{
    int64_t year = 0;
    int64_t month = 0;
    if (text.n != 7 || text.p[4] != '-' || !number_at(text, 0, 4, &year) ||
        !number_at(text, 5, 7, &month)) {
        return DX_E_FORMAT;
    }
    if (year < 2000 || month < 1 || month > 12) {
        return DX_E_RANGE;
    }
    *ret_month = year * 12 + month - 1;
    return 0;
}

struct period period_before(struct period period)
{
    int64_t first = period_month_of(period.from);
    int64_t end = period_month_of(period.until);
    if (period_month_start(first) == period.from && period_month_start(end) == period.until &&
        end > first) {
        return (struct period){period_month_start(first - (end - first)), period.from};
    }
    return (struct period){period.from - (period.until - period.from), period.from};
}

struct period_parts period_split(struct period period)
{
    must(period.from <= period.until);
    int64_t first = period_month_of(period.from);
    int64_t end = period_month_of(period.until);
    if (period_month_start(first) < period.from) {
        first++;
    }
    if (first >= end) { /* no whole month: days only */
        return (struct period_parts){first,        first,        period.from,
                                     period.until, period.until, period.until};
    }
    return (struct period_parts){
        first, end, period.from, period_month_start(first), period_month_start(end), period.until};
}
