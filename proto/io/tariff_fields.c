#include "proto/io/tariff_fields.h"

#include "proto/tariff/tariff.h"

#define WEEKDAY_WORDS "mon|tue|wed|thu|fri|sat|sun"
#define ALL_VEHICLES  "[car, motorbike, bicycle]"
#define ALL_WEEKDAYS  "[mon, tue, wed, thu, fri, sat, sun]"
#define HOURS_HINT    "hours such as 06:00-18:00 or 22:00-06:00; start in, end out"

/* ---- values that the table does not know ---- */

static int parse_minute(struct str text, int32_t *ret_minute)
{
    int64_t hour = 0;
    int64_t minute = 0;
    if (text.n != 5 || text.p[2] != ':' || str_parse_i64(str_slice(text, 0, 2), 0, 24, &hour) ||
        str_parse_i64(str_slice(text, 3, 5), 0, 59, &minute) || hour * 60 + minute > 24 * 60) {
        return DX_E_FORMAT;
    }
    *ret_minute = (int32_t)(hour * 60 + minute);
    return 0;
}

static int parse_hours(struct str text, void *ret_member)
{
    struct tariff_hours hours;
    if (text.n != 11 || text.p[5] != '-' || parse_minute(str_slice(text, 0, 5), &hours.from_min) ||
        parse_minute(str_slice(text, 6, 11), &hours.until_min) ||
        hours.from_min == hours.until_min || hours.from_min == 24 * 60 || hours.until_min == 0) {
        return DX_E_FORMAT; /* midnight as an end is written 24:00 */
    }
    memcpy(ret_member, &hours, sizeof hours);
    return 0;
}

static int parse_day(struct str text, int64_t *ret_day)
{
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-' ||
        str_parse_i64(str_slice(text, 0, 4), 1970, 9998, &year) ||
        str_parse_i64(str_slice(text, 5, 7), 1, 12, &month) ||
        str_parse_i64(str_slice(text, 8, 10), 1, 31, &day) ||
        !time_is_date((int)year, (int)month, (int)day)) {
        return DX_E_FORMAT;
    }
    *ret_day = time_days_from_date((int)year, (int)month, (int)day);
    return 0;
}

/* A date is its 00:00 in Vietnam. */
static int parse_date(struct str text, void *ret_member)
{
    int64_t day = 0;
    int error = parse_day(text, &day);
    if (!error) {
        wall_t at = {day * TIME_DAY_MS - TIME_VIETNAM_OFFSET_MS};
        memcpy(ret_member, &at, sizeof at);
    }
    return error;
}

static int parse_date_or_open(struct str text, void *ret_member)
{
    if (str_eq_c(text, "open")) {
        wall_t never = {INT64_MAX};
        memcpy(ret_member, &never, sizeof never);
        return 0;
    }
    return parse_date(text, ret_member);
}

/* "2026-02-14" or "2026-02-14..2026-02-22", both days included, as people announce them. */
static int parse_dates(struct str text, void *ret_member)
{
    int64_t from = 0;
    int64_t last = 0;
    struct str until = text.n == 22 ? str_slice(text, 12, 22) : text;
    bool range = text.n == 22 && text.p[10] == '.' && text.p[11] == '.';
    if ((text.n != 10 && !range) || parse_day(str_slice(text, 0, 10), &from) ||
        parse_day(until, &last) || last < from) {
        return DX_E_FORMAT;
    }
    struct tariff_dates dates = {(int32_t)from, (int32_t)last + 1};
    memcpy(ret_member, &dates, sizeof dates);
    return 0;
}

/* "10%", "8.5%", "33.33%" in hundredths of a per cent. */
int tariff_parse_percent(struct str text, void *ret_member)
{
    int64_t whole = 0;
    int64_t part = 0;
    if (text.n < 2 || text.p[text.n - 1] != '%') {
        return DX_E_FORMAT;
    }
    text = str_slice(text, 0, text.n - 1);
    size_t dot = str_index(text, '.');
    struct str digits = str_slice(text, dot + 1, text.n);
    if (str_parse_i64(str_slice(text, 0, dot), 0, 100, &whole) ||
        (dot < text.n && (digits.n > 2 || str_parse_i64(digits, 0, 99, &part)))) {
        return DX_E_FORMAT;
    }
    int64_t bp = whole * 100 + (digits.n == 1 ? part * 10 : part);
    if (bp > 10000) {
        return DX_E_RANGE;
    }
    memcpy(ret_member, &bp, sizeof bp);
    return 0;
}

/*
 * ---- the table; docs/TARIFF.md section 6 says it for people ----
 *
 * One row per key.  S is the struct that the rows of a table fill.
 */

#define TEXT(m, k, sample_, h)                                                        \
    {                                                                                 \
        .key = k, .type = CONFIG_STRING, CONFIG_AT(S, m), .min = 1, .required = true, \
        .sample = sample_, .help = h                                                  \
    }
#define VND(m, k, h)                                                                             \
    {                                                                                            \
        .key = k, .type = CONFIG_INT, CONFIG_AT(S, m), .max = TARIFF_PRICE_MAX_VND, .unit = "đ", \
        .default_text = "0", .help = h                                                           \
    }
#define PRICE(m, k, h)                                                                           \
    {                                                                                            \
        .key = k, .type = CONFIG_INT, CONFIG_AT(S, m), .max = TARIFF_PRICE_MAX_VND, .unit = "đ", \
        .required = true, .sample = "5000", .help = h                                            \
    }
#define SPAN(m, k, max_, d, h)                                                              \
    {                                                                                       \
        .key = k, .type = CONFIG_DURATION, CONFIG_AT(S, m), .max = max_, .default_text = d, \
        .help = h                                                                           \
    }
#define HOURS(m, k, d, h)                                                       \
    {                                                                           \
        .key = k, .type = CONFIG_CUSTOM, CONFIG_AT(S, m), .parse = parse_hours, \
        .allowed = HOURS_HINT, .default_text = d, .help = h                     \
    }
#define WORD(m, k, words, d, h)                                                              \
    {                                                                                        \
        .key = k, .type = CONFIG_ENUM, CONFIG_AT(S, m), .allowed = words, .default_text = d, \
        .help = h                                                                            \
    }
#define CHOICE(m, k, words, sample_, h)                                                     \
    {                                                                                       \
        .key = k, .type = CONFIG_ENUM, CONFIG_AT(S, m), .allowed = words, .required = true, \
        .sample = sample_, .help = h                                                        \
    }
#define BITS(m, k, words, d, h)                                                               \
    {                                                                                         \
        .key = k, .type = CONFIG_FLAGS, CONFIG_AT(S, m), .allowed = words, .default_text = d, \
        .help = h                                                                             \
    }
#define LATER(k, words, h)                                         \
    {                                                              \
        .key = k, .type = CONFIG_SKIP, .allowed = words, .help = h \
    }
/* A mapping whose keys fill this same struct, and one that fills a member of it. */
#define GROUP(k, rows, h)                                         \
    {                                                             \
        .key = k, .type = CONFIG_MAP, .children = rows, .help = h \
    }
#define PART(m, k, rows, need, h)                                                          \
    {                                                                                      \
        .key = k, .type = CONFIG_MAP, CONFIG_AT(S, m), .children = rows, .required = need, \
        .help = h                                                                          \
    }
#define LIST(m, n, k, rows, need, h)                                                      \
    {                                                                                     \
        .key = k, .type = CONFIG_LIST, CONFIG_AT(S, m), .children = rows,                 \
        .child_size = sizeof(((S *)0)->m[0]), .required = need,                           \
        .children_max = sizeof(((S *)0)->m) / sizeof(((S *)0)->m[0]), CONFIG_COUNT(S, n), \
        .help = h                                                                         \
    }
#define VEHICLES_ROW \
    BITS(vehicles, "vehicles", TARIFF_VEHICLE_WORDS, ALL_VEHICLES, "for these vehicles")
#define WEEKDAYS_ROW \
    BITS(weekdays, "weekdays", WEEKDAY_WORDS, ALL_WEEKDAYS, "on these days of the week")
#define NAME_ROW TEXT(name, "name", "a-name", "small letters, digits and '-'")

/* clang-format off */
#define S struct tariff_label
static const struct config_field label_rows[] = {
    TEXT(vi, "vi", "Ban ngày", "in Vietnamese"),
    TEXT(en, "en", "By day", "in English"),
    {0}};
#undef S

#define S struct tariff_when
static const struct config_field when_rows[] = {
    VEHICLES_ROW,
    WEEKDAYS_ROW,
    HOURS(hours, "hours", "00:00-24:00", "in this part of the day"),
    HOURS(entered, "entered", "00:00-24:00", "for those who came in then"),
    LATER("on", "a list of names of calendars", "on days of one of these calendars"),
    LATER("not_on", "a list of names of calendars", "on days of none of these calendars"),
    SPAN(stayed_from_ms, "stayed_from", TARIFF_STAY_MAX_MS, "0", "from this time after the entry"),
    SPAN(stayed_until_ms, "stayed_until", TARIFF_STAY_MAX_MS, "0",
         "until this time after the entry; 0: no end"),
    {0}};
#undef S

#define S struct tariff_tier
static const struct config_field tier_rows[] = {
    PRICE(price_vnd, "price_vnd", "for each block, or for the whole tier"),
    SPAN(block_ms, "block", TARIFF_STAY_MAX_MS, "0",
         "what the price buys; 0: the price is for the whole tier, once"),
    SPAN(until_ms, "until", TARIFF_STAY_MAX_MS, "0", "of charged time; 0 in the last tier"),
    WORD(count, "count", TARIFF_COUNT_WORDS, "started", "which blocks count"),
    {0}};
#undef S

#define S struct tariff_element
static const struct config_field turn_price_rows[] = {
    PRICE(day_vnd, "day_vnd", "a turn by day"),
    PRICE(night_turn_vnd, "night_vnd", "a turn by night"),
    PRICE(both_vnd, "both_vnd", "a turn by day and night"),
    {0}};

static const struct config_field element_rows[] = {
    PART(label, "label", label_rows, false, "for the receipt"),
    PART(when, "when", when_rows, false, "all of it must hold"),
    {.key = "free", .type = CONFIG_BOOL, CONFIG_AT(S, free), .default_text = "false",
     .help = "nothing is charged"},
    GROUP("turn", turn_price_rows, "per turn"),
    VND(entry_vnd, "entry_vnd", "once per stay"),
    VND(night_vnd, "night_vnd", "per night"),
    LIST(tiers, tier_count, "time", tier_rows, false, "by charged time, in tiers"),
    {0}};
#undef S

#define S struct tariff_cap
static const struct config_field cap_rows[] = {
    PRICE(limit_vnd, "limit_vnd", "at most this"),
    CHOICE(per, "per", TARIFF_CAP_WORDS, "calendar_day", "in each window of this sort"),
    SPAN(window_ms, "window", TARIFF_STAY_MAX_MS, "0", "per rolling: how long, from the entry"),
    HOURS(hours, "hours", NULL, "per hours: which"),
    {0}};
#undef S

#define S struct tariff_terms
static const struct config_field turn_rule_rows[] = {
    SPAN(turn_window_ms, "window", TARIFF_STAY_MAX_MS, "24h", "a turn lasts at most this long"),
    WORD(mixed, "mixed", TARIFF_MIXED_WORDS, "both", "the price of a turn by day and night"),
    SPAN(majority_below_ms, "majority_below", TARIFF_STAY_MAX_MS, "0",
         "mixed majority: a shorter turn costs the period that holds more of it"),
    {0}};

static const struct config_field free_rows[] = {
    SPAN(free_ms, "time", TIME_DAY_MS, "0", "measured from the entry"),
    WORD(free_as, "as", TARIFF_FREE_WORDS, "none",
         "cliff: a longer stay pays for all of it; deduction: this time is never charged"),
    {0}};

static const struct config_field lost_rows[] = {
    WORD(lost, "rule", TARIFF_LOST_WORDS, "none", "what a lost ticket costs"),
    VND(lost_vnd, "amount_vnd", "of the rule"),
    {.key = "legal", .type = CONFIG_STRING, CONFIG_AT(S, lost_legal),
     .help = "the reference that allows it"},
    {0}};

static const struct config_field terms_rows[] = {
    VEHICLES_ROW,
    HOURS(night, "night", "18:00-06:00", "the rest is day"),
    SPAN(night_at_least_ms, "night_at_least", TIME_DAY_MS, "0", "a night counts from this on"),
    GROUP("turn", turn_rule_rows, "what a turn is"),
    GROUP("free", free_rows, "free minutes"),
    VND(minimum_vnd, "minimum_vnd", "of a stay that is charged; 0: none"),
    VND(maximum_vnd, "maximum_vnd", "of a stay; 0: none"),
    GROUP("lost_ticket", lost_rows, "lost ticket"),
    LIST(caps, cap_count, "caps", cap_rows, false, "limits per window of time"),
    {0}};
#undef S

static const struct config_field dates_row[] = {
    {.key = "", .type = CONFIG_CUSTOM, .size = sizeof(struct tariff_dates), .parse = parse_dates,
     .allowed = "a day such as 2026-04-30, or first and last: 2026-02-14..2026-02-22",
     .sample = "2026-04-30"},
    {0}};

#define S struct tariff_calendar
static const struct config_field calendar_rows[] = {
    NAME_ROW,
    CHOICE(kind, "kind", TARIFF_CALENDAR_WORDS, "holiday", "free: nothing is charged then"),
    LIST(dates, date_count, "days", dates_row, true, "whole days"),
    {0}};
#undef S

#define S struct tariff_pass
static const struct config_field pass_rows[] = {
    NAME_ROW,
    PART(label, "label", label_rows, true, "for the receipt"),
    VEHICLES_ROW,
    PRICE(month_vnd, "month_vnd", "per month"),
    HOURS(hours, "hours", "00:00-24:00", "when it covers"),
    WEEKDAYS_ROW,
    {0}};
#undef S

#define S struct tariff_discount
static const struct config_field discount_rows[] = {
    NAME_ROW,
    PART(label, "label", label_rows, true, "for the receipt"),
    VEHICLES_ROW,
    LATER("percent", "a percentage such as 20%", "this, or amount_vnd, or time"),
    LATER("amount_vnd", "an amount in đ", "off the fee"),
    LATER("time", "a time such as 1h", "off the front of the stay"),
    {0}};
#undef S

static const struct config_field note_row[] = {
    {.key = "", .type = CONFIG_STRING, .size = TARIFF_NOTE_CAP, .min = 1, .sample = "Decision …"},
    {0}};

#define S struct tariff
static const struct config_field rounding_rows[] = {
    {.key = "unit_vnd", .type = CONFIG_INT, CONFIG_AT(S, round_unit_vnd), .min = 1, .max = 100000,
     .unit = "đ", .default_text = "1", .help = "to a multiple of this"},
    WORD(round, "rule", TARIFF_ROUND_WORDS, "half_up", "how"),
    {0}};

static const struct config_field vat_rows[] = {
    {.key = "percent", .type = CONFIG_CUSTOM, CONFIG_AT(S, vat_bp), .parse = tariff_parse_percent,
     .allowed = "a percentage such as 10% or 8.5%", .default_text = "0%",
     .help = "contained in the total"},
    WORD(vat_round, "rounding", TARIFF_ROUND_WORDS, "half_up", "to whole đồng"),
    {0}};

static const struct config_field version_rows[] = {
    TEXT(version, "version", "2026-01", "its name; never used twice"),
    LATER("digest", "64 hex digits", "of a published version; doxe tariff check prints it"),
    PART(title, "title", label_rows, true, "for people"),
    WORD(status, "status", TARIFF_STATUS_WORDS, "unverified", "is every number from the source?"),
    LIST(legal, legal_count, "legal", note_row, true, "decisions and articles"),
    LIST(notes, note_count, "notes", note_row, false, "what is assumed or not verified"),
    {.key = "valid_from", .type = CONFIG_CUSTOM, CONFIG_AT(S, valid_from), .parse = parse_date,
     .allowed = "a date such as 2026-01-01", .required = true, .sample = "2026-01-01",
     .help = "from 00:00 of this day"},
    {.key = "valid_until", .type = CONFIG_CUSTOM, CONFIG_AT(S, valid_until),
     .parse = parse_date_or_open, .allowed = "a date such as 2027-01-01, or open",
     .default_text = "open", .help = "until 00:00 of this day"},
    WORD(on_change, "on_version_change", TARIFF_CHANGE_WORDS, "entry",
         "when the version changes during a stay"),
    GROUP("rounding", rounding_rows, "of the total, once"),
    GROUP("vat", vat_rows, "value added tax"),
    SPAN(grace_after_payment_ms, "grace_after_payment", TIME_DAY_MS, "0",
         "time to leave after paying"),
    LIST(calendars, calendar_count, "calendars", calendar_rows, false, "named days"),
    LIST(terms, terms_count, "terms", terms_rows, false, "what holds for a stay as a whole"),
    LIST(elements, element_count, "elements", element_rows, true, "prices, the first that holds"),
    LIST(passes, pass_count, "passes", pass_rows, false, "monthly passes"),
    LIST(discounts, discount_count, "discounts", discount_rows, false, "discounts it grants"),
    {0}};
#undef S

#define S struct tariff_set
const struct config_field tariff_file_fields[] = {
    TEXT(name, "tariff", "my-lot", "its name; small letters, digits and '-'"),
    LIST(versions, count, "versions", version_rows, true, "oldest first"),
    {0}};
#undef S
/* clang-format on */
