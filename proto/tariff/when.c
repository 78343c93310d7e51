#include "proto/tariff/when.h"

struct when_day when_day_of(int64_t at_ms)
{
    int64_t local = at_ms + TIME_VIETNAM_OFFSET_MS;
    int64_t number = local / TIME_DAY_MS;
    if (local % TIME_DAY_MS < 0) {
        number--;
    }
    int64_t weekday = (number + 3) % 7; /* 1970-01-01 was a Thursday */
    return (struct when_day){.number = number,
                             .start_ms = number * TIME_DAY_MS - TIME_VIETNAM_OFFSET_MS,
                             .weekday = UINT32_C(1) << (weekday < 0 ? weekday + 7 : weekday)};
}

bool when_hours_limit(struct tariff_hours hours)
{
    return hours.from_min != 0 || hours.until_min != 24 * 60;
}

bool when_hours_hold(struct tariff_hours hours, int64_t of_day_ms)
{
    int64_t from = (int64_t)hours.from_min * TIME_MINUTE_MS;
    int64_t until = (int64_t)hours.until_min * TIME_MINUTE_MS;
    if (from < until) {
        return of_day_ms >= from && of_day_ms < until;
    }
    return of_day_ms >= from || of_day_ms < until;
}

int64_t when_hours_change(struct tariff_hours hours, const struct when_day *day, int64_t at_ms)
{
    if (!when_hours_limit(hours)) {
        return WHEN_NEVER;
    }
    int64_t from = day->start_ms + (int64_t)hours.from_min * TIME_MINUTE_MS;
    int64_t until = day->start_ms + (int64_t)hours.until_min * TIME_MINUTE_MS;
    if (from <= at_ms) {
        from += TIME_DAY_MS;
    }
    if (until <= at_ms) {
        until += TIME_DAY_MS;
    }
    return from < until ? from : until;
}

uint32_t when_calendars(const struct tariff *tariff, int64_t day_number)
{
    uint32_t bits = 0;
    for (int i = 0; i < tariff->calendar_count; i++) {
        const struct tariff_calendar *calendar = &tariff->calendars[i];
        for (int j = 0; j < calendar->date_count; j++) {
            const struct tariff_dates *dates = &calendar->dates[j];
            if (day_number >= dates->from_day && day_number < dates->until_day) {
                bits |= UINT32_C(1) << i;
                break;
            }
        }
    }
    return bits;
}
