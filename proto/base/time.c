#include "proto/base/time.h"

#include <stdio.h>

mono_t mono_add(mono_t t, int64_t ms)
{
    return (mono_t){t.ms + ms};
}

wall_t wall_add(wall_t t, int64_t ms)
{
    return (wall_t){t.ms + ms};
}

int64_t mono_diff(mono_t a, mono_t b)
{
    return a.ms - b.ms;
}

int64_t wall_diff(wall_t a, wall_t b)
{
    return a.ms - b.ms;
}

mono_t mono_never(void)
{
    return (mono_t){INT64_MAX};
}

mono_t mono_min(mono_t a, mono_t b)
{
    return a.ms < b.ms ? a : b;
}

bool mono_reached(mono_t now, mono_t deadline)
{
    return now.ms >= deadline.ms;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool time_is_date(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) {
        return false;
    }
    return day <= days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

/* Years are counted from March, so that the leap day is the last of its year. */
int64_t time_days_from_date(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = floor_div(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void date_from_days(int64_t days, struct civil *civil)
{
    days += 719468;
    int64_t era = floor_div(days, 146097);
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    civil->day = (int)(doy - (153 * mp + 2) / 5 + 1);
    civil->month = (int)(mp < 10 ? mp + 3 : mp - 9);
    civil->year = (int)(yoe + era * 400 + (civil->month <= 2 ? 1 : 0));
}

struct civil time_civil(wall_t t)
{
    int64_t local = t.ms + TIME_VIETNAM_OFFSET_MS;
    int64_t days = floor_div(local, TIME_DAY_MS);
    int64_t rest = local - days * TIME_DAY_MS;
    struct civil civil = {0};
    date_from_days(days, &civil);
    civil.hour = (int)(rest / TIME_HOUR_MS);
    civil.minute = (int)(rest / TIME_MINUTE_MS % 60);
    civil.second = (int)(rest / TIME_SECOND_MS % 60);
    civil.ms = (int)(rest % 1000);
    civil.weekday = (int)((days % 7 + 7 + 3) % 7) + 1; /* 1970-01-01 was a Thursday */
    return civil;
}

int time_from_civil(const struct civil *c, wall_t *ret_time)
{
    if (!time_is_date(c->year, c->month, c->day) || c->hour < 0 || c->hour > 23 || c->minute < 0 ||
        c->minute > 59 || c->second < 0 || c->second > 59 || c->ms < 0 || c->ms > 999) {
        return DX_E_RANGE;
    }
    int64_t seconds = time_days_from_date(c->year, c->month, c->day) * 86400 +
                      (int64_t)c->hour * 3600 + c->minute * 60 + c->second;
    ret_time->ms = seconds * 1000 + c->ms - TIME_VIETNAM_OFFSET_MS;
    return 0;
}

wall_t time_day_start(wall_t t)
{
    int64_t local = t.ms + TIME_VIETNAM_OFFSET_MS;
    return (wall_t){floor_div(local, TIME_DAY_MS) * TIME_DAY_MS - TIME_VIETNAM_OFFSET_MS};
}

void time_format_iso(wall_t t, char *out)
{
    struct civil c = time_civil(t);
    snprintf(out, TIME_ISO_CAP, "%04d-%02d-%02dT%02d:%02d:%02d.%03d+07:00", c.year % 10000, c.month,
             c.day, c.hour, c.minute, c.second, c.ms);
}

void time_format_short(wall_t t, char *out)
{
    struct civil c = time_civil(t);
    snprintf(out, TIME_ISO_CAP, "%02d:%02d %02d/%02d/%04d", c.hour, c.minute, c.day, c.month,
             c.year % 10000);
}

/* `width` digits at *at; moves *at past them. */
static int take_number(struct str text, size_t *at, size_t width, int *ret_value)
{
    int value = 0;
    if (text.n - *at < width) {
        return DX_E_FORMAT;
    }
    for (size_t i = 0; i < width; i++) {
        char c = text.p[*at + i];
        if (!ascii_is_digit(c)) {
            return DX_E_FORMAT;
        }
        value = value * 10 + (c - '0');
    }
    *at += width;
    *ret_value = value;
    return 0;
}

static bool take_char(struct str text, size_t *at, char c)
{
    if (*at < text.n && text.p[*at] == c) {
        (*at)++;
        return true;
    }
    return false;
}

static int take_fraction(struct str text, size_t *at, int *ret_ms)
{
    int ms = 0;
    int scale = 100;
    size_t start = *at;
    while (*at < text.n && ascii_is_digit(text.p[*at])) {
        ms += (text.p[*at] - '0') * scale;
        scale /= 10;
        (*at)++;
    }
    if (*at == start || *at - start > 9) {
        return DX_E_FORMAT;
    }
    *ret_ms = ms;
    return 0;
}

static int take_zone(struct str text, size_t *at, int64_t *ret_offset_ms)
{
    int hours = 0;
    int minutes = 0;
    if (*at == text.n) {
        *ret_offset_ms = TIME_VIETNAM_OFFSET_MS;
        return 0;
    }
    if (take_char(text, at, 'Z') || take_char(text, at, 'z')) {
        *ret_offset_ms = 0;
        return 0;
    }
    bool west = *at < text.n && text.p[*at] == '-';
    if (!take_char(text, at, '+') && !take_char(text, at, '-')) {
        return DX_E_FORMAT;
    }
    if (take_number(text, at, 2, &hours) != 0) {
        return DX_E_FORMAT;
    }
    (void)take_char(text, at, ':');
    if (take_number(text, at, 2, &minutes) != 0) {
        return DX_E_FORMAT;
    }
    if (hours > 14 || minutes > 59) {
        return DX_E_RANGE;
    }
    int64_t offset = ((int64_t)hours * 60 + minutes) * TIME_MINUTE_MS;
    *ret_offset_ms = west ? -offset : offset;
    return 0;
}

int time_parse_iso(struct str text, wall_t *ret_time)
{
    struct civil c = {0};
    size_t at = 0;
    int64_t offset_ms = 0;
    if (take_number(text, &at, 4, &c.year) || !take_char(text, &at, '-') ||
        take_number(text, &at, 2, &c.month) || !take_char(text, &at, '-') ||
        take_number(text, &at, 2, &c.day) ||
        !(take_char(text, &at, 'T') || take_char(text, &at, 't') || take_char(text, &at, ' ')) ||
        take_number(text, &at, 2, &c.hour) || !take_char(text, &at, ':') ||
        take_number(text, &at, 2, &c.minute)) {
        return DX_E_FORMAT;
    }
    if (take_char(text, &at, ':')) {
        if (take_number(text, &at, 2, &c.second)) {
            return DX_E_FORMAT;
        }
        if (take_char(text, &at, '.') && take_fraction(text, &at, &c.ms)) {
            return DX_E_FORMAT;
        }
    }
    int error = take_zone(text, &at, &offset_ms);
    if (error) {
        return error;
    }
    if (at != text.n) {
        return DX_E_FORMAT;
    }
    wall_t local;
    error = time_from_civil(&c, &local);
    if (error) {
        return error;
    }
    ret_time->ms = local.ms + TIME_VIETNAM_OFFSET_MS - offset_ms;
    return 0;
}
