/*
 * The rules a tariff must keep beyond the range of each single value.
 *
 * Written so that a struct from anywhere may be checked, not only one that the
 * file reader made: the engine relies on what is checked here and nothing else.
 */
#include "proto/tariff/tariff.h"

#include "proto/base/out.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { ALL_VEHICLES = ((1 << VEHICLE_COUNT) - 1) & ~1, ALL_WEEKDAYS = 0x7F };

/* Collects the first problem; `path` is where we are. */
struct check {
    struct tariff_problem *problem;
    bool failed;
    char path[64];
};

__attribute__((format(printf, 3, 4))) static void wrong(struct check *check, const char *key,
                                                        const char *format, ...)
{
    if (check->failed) {
        return;
    }
    check->failed = true;
    bool joined = check->path[0] && key[0] && key[0] != '[';
    snprintf(check->problem->path, sizeof check->problem->path, "%s%s%s", check->path,
             joined ? "." : "", key);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(check->problem->sentence, sizeof check->problem->sentence, format, arguments);
    va_end(arguments);
}

__attribute__((format(printf, 2, 3))) static void go_to(struct check *check, const char *format,
                                                        ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(check->path, sizeof check->path, format, arguments);
    va_end(arguments);
}

/* ---- single values, for structs that no file reader made ---- */

static void text_ok(struct check *check, const char *key, const char *text, size_t cap,
                    bool required)
{
    const char *end = memchr(text, '\0', cap);
    if (!end) {
        wrong(check, key, "does not end; text of at most %zu bytes", cap - 1);
    } else if (!str_is_utf8(str_c(text))) {
        wrong(check, key, "is not UTF-8");
    } else if (required && end == text) {
        wrong(check, key, "is empty; text of 1 to %zu bytes", cap - 1);
    }
}

static void label_ok(struct check *check, const char *key, const struct tariff_label *label,
                     bool required)
{
    text_ok(check, key, label->vi, sizeof label->vi, required);
    text_ok(check, key, label->en, sizeof label->en, required);
}

static void name_ok(struct check *check, const char *key, const char *name)
{
    text_ok(check, key, name, TARIFF_NAME_CAP, true);
    for (const char *p = name; !check->failed && *p; p++) {
        if (!(*p >= 'a' && *p <= 'z') && !ascii_is_digit(*p) && *p != '-') {
            wrong(check, key, "'%s' is not allowed; small letters, digits and '-'", name);
        }
    }
}

static void range_ok(struct check *check, const char *key, int64_t value, int64_t min, int64_t max)
{
    if (value < min || value > max) {
        wrong(check, key, "%lld is not allowed; from %lld to %lld", (long long)value,
              (long long)min, (long long)max);
    }
}

static void price_ok(struct check *check, const char *key, int64_t vnd)
{
    range_ok(check, key, vnd, 0, TARIFF_PRICE_MAX_VND);
}

static void bits_ok(struct check *check, const char *key, uint32_t bits, uint32_t allowed)
{
    if (bits == 0 || bits & ~allowed) {
        wrong(check, key, "at least one of those allowed");
    }
}

static void hours_ok(struct check *check, const char *key, struct tariff_hours h)
{
    if (h.from_min < 0 || h.from_min >= 24 * 60 || h.until_min < 1 || h.until_min > 24 * 60 ||
        h.from_min == h.until_min) {
        wrong(check, key,
              "hours must begin at 00:00 to 23:59, end at 00:01 to 24:00 and have a length");
    }
}

/* ---- parts ---- */

static void calendars_ok(struct check *check, const struct tariff *t)
{
    range_ok(check, "calendars", t->calendar_count, 0, TARIFF_CALENDARS_MAX);
    for (int i = 0; !check->failed && i < t->calendar_count; i++) {
        const struct tariff_calendar *c = &t->calendars[i];
        go_to(check, "calendars[%d]", i);
        name_ok(check, "name", c->name);
        range_ok(check, "kind", c->kind, 0, TARIFF_FREE_DAY);
        range_ok(check, "days", c->date_count, 1, TARIFF_DATES_MAX);
        for (int j = 0; !check->failed && j < c->date_count; j++) {
            if (c->dates[j].from_day >= c->dates[j].until_day) {
                go_to(check, "calendars[%d].days[%d]", i, j);
                wrong(check, "", "ends before it begins");
            }
        }
        for (int j = 0; !check->failed && j < i; j++) {
            if (str_eq(str_c(c->name), str_c(t->calendars[j].name))) {
                wrong(check, "name", "'%s' is there already", c->name);
            }
        }
    }
}

static int64_t hours_length_ms(struct tariff_hours h)
{
    int32_t minutes = h.until_min - h.from_min;
    return (int64_t)(minutes > 0 ? minutes : minutes + 24 * 60) * TIME_MINUTE_MS;
}

static void caps_ok(struct check *check, const struct tariff_terms *terms, int at)
{
    range_ok(check, "caps", terms->cap_count, 0, TARIFF_CAPS_MAX);
    for (int i = 0; !check->failed && i < terms->cap_count; i++) {
        const struct tariff_cap *cap = &terms->caps[i];
        go_to(check, "terms[%d].caps[%d]", at, i);
        range_ok(check, "per", cap->per, 0, TARIFF_CAP_HOURS);
        range_ok(check, "limit_vnd", cap->limit_vnd, 1, TARIFF_PRICE_MAX_VND);
        if (cap->per == TARIFF_CAP_ROLLING) {
            range_ok(check, "window", cap->window_ms, TIME_HOUR_MS, TARIFF_STAY_MAX_MS);
        } else if (cap->window_ms) {
            wrong(check, "window", "only with per: rolling");
        }
        if (cap->per == TARIFF_CAP_HOURS) {
            hours_ok(check, "hours", cap->hours);
        } else if (cap->hours.from_min || cap->hours.until_min) {
            wrong(check, "hours", "only with per: hours");
        }
    }
    go_to(check, "terms[%d]", at);
}

static void free_and_lost_ok(struct check *check, const struct tariff_terms *terms)
{
    range_ok(check, "free.as", terms->free_as, 0, TARIFF_FREE_DEDUCTION);
    range_ok(check, "free.time", terms->free_ms, 0, TIME_DAY_MS);
    if ((terms->free_as == TARIFF_FREE_NONE) != (terms->free_ms == 0)) {
        wrong(check, "free", "a time above 0 and how it counts (cliff or deduction) go together");
    }
    range_ok(check, "lost_ticket.rule", terms->lost, 0, TARIFF_LOST_INSTEAD);
    price_ok(check, "lost_ticket.amount_vnd", terms->lost_vnd);
    bool legal = terms->lost_legal[0] != '\0';
    text_ok(check, "lost_ticket.legal", terms->lost_legal, sizeof terms->lost_legal, false);
    if (terms->lost == TARIFF_LOST_NONE && (terms->lost_vnd || legal)) {
        wrong(check, "lost_ticket", "rule none takes no amount and no legal reference");
    } else if (terms->lost != TARIFF_LOST_NONE && !legal) {
        wrong(check, "lost_ticket", "a rule other than none needs its legal reference");
    }
}

static void terms_ok(struct check *check, const struct tariff *t)
{
    uint32_t seen = 0;
    range_ok(check, "terms", t->terms_count, 0, TARIFF_TERMS_MAX);
    for (int i = 0; !check->failed && i < t->terms_count; i++) {
        const struct tariff_terms *terms = &t->terms[i];
        go_to(check, "terms[%d]", i);
        bits_ok(check, "vehicles", terms->vehicles, ALL_VEHICLES);
        if (terms->vehicles & seen) {
            wrong(check, "vehicles", "a vehicle has terms already; each may be named once");
        }
        seen |= terms->vehicles;
        hours_ok(check, "night", terms->night);
        if (!check->failed && hours_length_ms(terms->night) == TIME_DAY_MS) {
            wrong(check, "night", "the whole day is not allowed; some of it must be day");
        }
        range_ok(check, "turn.mixed", terms->mixed, 0, TARIFF_MIXED_EACH_PERIOD);
        range_ok(check, "turn.window", terms->turn_window_ms, TIME_HOUR_MS, TARIFF_STAY_MAX_MS);
        range_ok(check, "turn.majority_below", terms->majority_below_ms, 0, TARIFF_STAY_MAX_MS);
        if ((terms->mixed == TARIFF_MIXED_MAJORITY) != (terms->majority_below_ms > 0)) {
            wrong(check, "turn", "majority_below and mixed: majority go together");
        }
        if (!check->failed && (terms->night_at_least_ms < 0 ||
                               terms->night_at_least_ms > hours_length_ms(terms->night))) {
            wrong(check, "night_at_least", "from 0 to the length of the night");
        }
        price_ok(check, "minimum_vnd", terms->minimum_vnd);
        price_ok(check, "maximum_vnd", terms->maximum_vnd);
        if (terms->maximum_vnd && terms->minimum_vnd > terms->maximum_vnd) {
            wrong(check, "minimum_vnd", "above the maximum");
        }
        free_and_lost_ok(check, terms);
        caps_ok(check, terms, i);
    }
}

static void tiers_ok(struct check *check, const struct tariff_element *e, int at)
{
    range_ok(check, "time", e->tier_count, 0, TARIFF_TIERS_MAX);
    for (int i = 0; !check->failed && i < e->tier_count; i++) {
        const struct tariff_tier *tier = &e->tiers[i];
        bool last = i == e->tier_count - 1;
        go_to(check, "elements[%d].time[%d]", at, i);
        price_ok(check, "price_vnd", tier->price_vnd);
        range_ok(check, "count", tier->count, 0, TARIFF_COUNT_COMPLETED);
        if (tier->block_ms) {
            range_ok(check, "block", tier->block_ms, TIME_MINUTE_MS, TARIFF_STAY_MAX_MS);
        } else if (tier->count == TARIFF_COUNT_COMPLETED) {
            wrong(check, "count",
                  "completed needs a block; a price without one counts when started");
        }
        if (last != (tier->until_ms == 0)) {
            wrong(check, "until",
                  last ? "the last tier has no end; leave it out"
                       : "is missing; only the last tier has no end");
        } else if (!last) {
            int64_t from = i ? e->tiers[i - 1].until_ms : 0;
            if (tier->until_ms <= from || tier->until_ms > TARIFF_STAY_MAX_MS) {
                wrong(check, "until", "tiers must rise, up to 30 days");
            }
        }
    }
    go_to(check, "elements[%d]", at);
}

static void when_ok(struct check *check, const struct tariff *t, const struct tariff_when *when)
{
    uint32_t calendars = (UINT32_C(1) << t->calendar_count) - 1;
    bits_ok(check, "when.vehicles", when->vehicles, ALL_VEHICLES);
    bits_ok(check, "when.weekdays", when->weekdays, ALL_WEEKDAYS);
    hours_ok(check, "when.hours", when->hours);
    hours_ok(check, "when.entered", when->entered);
    if (when->on & ~calendars) {
        wrong(check, "when.on", "no such calendar");
    }
    if (when->not_on & ~calendars) {
        wrong(check, "when.not_on", "no such calendar");
    }
    range_ok(check, "when.stayed_from", when->stayed_from_ms, 0, TARIFF_STAY_MAX_MS);
    range_ok(check, "when.stayed_until", when->stayed_until_ms, 0, TARIFF_STAY_MAX_MS);
    if (when->stayed_until_ms && when->stayed_until_ms <= when->stayed_from_ms) {
        wrong(check, "when.stayed_until", "must be after stayed_from");
    }
}

static void elements_ok(struct check *check, const struct tariff *t)
{
    range_ok(check, "elements", t->element_count, 1, TARIFF_ELEMENTS_MAX);
    for (int i = 0; !check->failed && i < t->element_count; i++) {
        const struct tariff_element *e = &t->elements[i];
        bool priced = e->has_turn || e->has_entry || e->has_night || e->tier_count;
        go_to(check, "elements[%d]", i);
        label_ok(check, "label", &e->label, false);
        when_ok(check, t, &e->when);
        if (e->free && priced) {
            wrong(check, "free", "an element that is free has no price");
        } else if (!e->free && !priced) {
            wrong(check, "", "has no price; give turn, time, entry_vnd, night_vnd or free: true");
        }
        price_ok(check, "turn.day_vnd", e->day_vnd);
        price_ok(check, "turn.night_vnd", e->night_turn_vnd);
        price_ok(check, "turn.both_vnd", e->both_vnd);
        price_ok(check, "entry_vnd", e->entry_vnd);
        price_ok(check, "night_vnd", e->night_vnd);
        tiers_ok(check, e, i);
    }
}

static void passes_ok(struct check *check, const struct tariff *t)
{
    range_ok(check, "passes", t->pass_count, 0, TARIFF_PASSES_MAX);
    for (int i = 0; !check->failed && i < t->pass_count; i++) {
        const struct tariff_pass *p = &t->passes[i];
        go_to(check, "passes[%d]", i);
        name_ok(check, "name", p->name);
        label_ok(check, "label", &p->label, true);
        bits_ok(check, "vehicles", p->vehicles, ALL_VEHICLES);
        bits_ok(check, "weekdays", p->weekdays, ALL_WEEKDAYS);
        hours_ok(check, "hours", p->hours);
        price_ok(check, "month_vnd", p->month_vnd);
        for (int j = 0; !check->failed && j < i; j++) {
            if (str_eq(str_c(p->name), str_c(t->passes[j].name)) &&
                p->vehicles & t->passes[j].vehicles) {
                wrong(check, "name", "'%s' is there already for this vehicle", p->name);
            }
        }
    }
}

static void discounts_ok(struct check *check, const struct tariff *t)
{
    static const int64_t most[] = {0, 10000, TARIFF_PRICE_MAX_VND, TARIFF_STAY_MAX_MS};
    range_ok(check, "discounts", t->discount_count, 0, TARIFF_DISCOUNTS_MAX);
    for (int i = 0; !check->failed && i < t->discount_count; i++) {
        const struct tariff_discount *d = &t->discounts[i];
        go_to(check, "discounts[%d]", i);
        name_ok(check, "name", d->name);
        label_ok(check, "label", &d->label, true);
        bits_ok(check, "vehicles", d->vehicles, ALL_VEHICLES);
        range_ok(check, "kind", d->kind, TARIFF_DISCOUNT_PERCENT, TARIFF_DISCOUNT_TIME);
        if (!check->failed) {
            range_ok(check, "value", d->value, 1, most[d->kind]);
        }
        for (int j = 0; !check->failed && j < i; j++) {
            if (str_eq(str_c(d->name), str_c(t->discounts[j].name)) &&
                d->vehicles & t->discounts[j].vehicles) {
                wrong(check, "name", "'%s' is there already for this vehicle", d->name);
            }
        }
    }
}

static void head_ok(struct check *check, const struct tariff *t)
{
    name_ok(check, "name", t->name);
    text_ok(check, "version", t->version, sizeof t->version, true);
    label_ok(check, "title", &t->title, true);
    range_ok(check, "status", t->status, 0, TARIFF_UNVERIFIED);
    range_ok(check, "legal", t->legal_count, 1, TARIFF_LEGAL_MAX);
    range_ok(check, "notes", t->note_count, 0, TARIFF_NOTES_MAX);
    for (int i = 0; !check->failed && i < t->legal_count; i++) {
        text_ok(check, "legal", t->legal[i], sizeof t->legal[i], true);
    }
    for (int i = 0; !check->failed && i < t->note_count; i++) {
        text_ok(check, "notes", t->notes[i], sizeof t->notes[i], true);
    }
    if (t->status == TARIFF_UNVERIFIED && t->note_count == 0) {
        wrong(check, "notes", "a version that is unverified must say in its notes what is");
    }
    if (t->valid_from.ms >= t->valid_until.ms) {
        wrong(check, "valid_until", "must be after valid_from");
    }
    range_ok(check, "on_version_change", t->on_change, 0, TARIFF_CHANGE_SPLIT);
    range_ok(check, "rounding.unit_vnd", t->round_unit_vnd, 1, 100000);
    range_ok(check, "rounding.rule", t->round, 0, TARIFF_HALF_EVEN);
    range_ok(check, "vat.percent", t->vat_bp, 0, 10000);
    range_ok(check, "vat.rounding", t->vat_round, 0, TARIFF_HALF_EVEN);
    range_ok(check, "grace_after_payment", t->grace_after_payment_ms, 0, TIME_DAY_MS);
}

int tariff_check(const struct tariff *tariff, struct tariff_problem *ret_problem)
{
    struct check check = {.problem = ret_problem};
    head_ok(&check, tariff);
    calendars_ok(&check, tariff);
    go_to(&check, "%s", "");
    terms_ok(&check, tariff);
    go_to(&check, "%s", "");
    elements_ok(&check, tariff);
    go_to(&check, "%s", "");
    passes_ok(&check, tariff);
    go_to(&check, "%s", "");
    discounts_ok(&check, tariff);
    return check.failed ? DX_E_CONFIG : 0;
}

static void versions_ok(struct check *check, const struct tariff_set *set, int i)
{
    const struct tariff *t = &set->versions[i];
    go_to(check, "versions[%d]", i);
    if (!str_eq(str_c(t->name), str_c(set->name))) {
        wrong(check, "name", "is not the name of the set");
    }
    if (i == 0) {
        return;
    }
    if (set->versions[i - 1].valid_until.ms > t->valid_from.ms) {
        wrong(check, "valid_from", "overlaps the version before; versions are listed oldest first");
    }
    for (int j = 0; j < i; j++) {
        if (str_eq(str_c(t->version), str_c(set->versions[j].version))) {
            wrong(check, "version", "'%s' is there already", t->version);
        }
    }
}

int tariff_set_check(const struct tariff_set *set, struct tariff_problem *ret_problem)
{
    struct check check = {.problem = ret_problem};
    name_ok(&check, "tariff", set->name);
    range_ok(&check, "versions", set->count, 1, TARIFF_VERSIONS_MAX);
    for (int i = 0; !check.failed && i < set->count; i++) {
        struct tariff_problem inner;
        if (tariff_check(&set->versions[i], &inner)) {
            go_to(&check, "versions[%d]", i);
            wrong(&check, inner.path, "%s", inner.sentence);
            break;
        }
        versions_ok(&check, set, i);
    }
    return check.failed ? DX_E_CONFIG : 0;
}
