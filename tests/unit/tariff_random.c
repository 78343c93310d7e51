#include "tests/unit/tariff_random.h"

#include "proto/base/prng.h"

enum { MINUTE = TIME_MINUTE_MS, HOUR = TIME_HOUR_MS };

struct draw {
    struct prng prng;
    int64_t entry_day; /* civil day around which dates are drawn */
    enum vehicle vehicle;
    bool even; /* a stay with as much day as night, which chance alone hardly makes */
};

static int64_t in(struct draw *d, int64_t low, int64_t high)
{
    return prng_range(&d->prng, low, high);
}

static bool chance(struct draw *d, int per_hundred)
{
    return prng_chance(&d->prng, per_hundred * 10);
}

static int64_t one_of(struct draw *d, const int64_t *values, int count)
{
    return values[in(d, 0, count - 1)];
}
#define ONE_OF(d, ...)                          \
    one_of((d), (const int64_t[]){__VA_ARGS__}, \
           (int)(sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t)))

static int64_t price(struct draw *d)
{
    if (chance(d, 5)) {
        return 0;
    }
    return chance(d, 80) ? in(d, 1, 60) * 1000 : in(d, 1, 99999);
}

static uint32_t vehicles(struct draw *d)
{
    uint32_t mine = UINT32_C(1) << d->vehicle;
    return chance(d, 92) ? mine | (uint32_t)in(d, 1, 7) << 1 : (uint32_t)in(d, 1, 7) << 1;
}

static struct tariff_hours hours(struct draw *d)
{
    static const struct tariff_hours usual[] = {{6 * 60, 18 * 60}, {18 * 60, 6 * 60},
                                                {6 * 60, 24 * 60}, {22 * 60, 6 * 60},
                                                {0, 6 * 60},       {7 * 60 + 30, 9 * 60 + 15}};
    if (chance(d, 70)) {
        return usual[in(d, 0, 5)];
    }
    struct tariff_hours h = {(int32_t)in(d, 0, 1439), (int32_t)in(d, 1, 1440)};
    if (h.from_min == h.until_min) {
        h.until_min = h.from_min + 1;
    }
    return h;
}

static const struct tariff_hours all_day = {0, 24 * 60};

static void draw_label(struct tariff_label *label)
{
    strncpy(label->vi, "Nhãn", sizeof label->vi - 1);
    strncpy(label->en, "Label", sizeof label->en - 1);
}

static void draw_calendars(struct draw *d, struct tariff *t)
{
    t->calendar_count = (int)in(d, 0, 3);
    for (int i = 0; i < t->calendar_count; i++) {
        struct tariff_calendar *c = &t->calendars[i];
        c->name[0] = (char)('a' + i);
        c->kind = chance(d, 25) ? TARIFF_FREE_DAY : chance(d, 50) ? TARIFF_HOLIDAY : TARIFF_EVENT;
        c->date_count = (int)in(d, 1, 4);
        for (int j = 0; j < c->date_count; j++) {
            int64_t from = d->entry_day + in(d, -3, 6);
            c->dates[j] = (struct tariff_dates){(int32_t)from, (int32_t)(from + in(d, 1, 2))};
        }
    }
}

static void draw_when(struct draw *d, const struct tariff *t, struct tariff_when *when)
{
    uint32_t calendars = (UINT32_C(1) << t->calendar_count) - 1;
    when->vehicles = vehicles(d);
    when->weekdays = chance(d, 25) ? (uint32_t)in(d, 1, 127) : 127;
    when->hours = chance(d, 35) ? hours(d) : all_day;
    when->entered = chance(d, 10) ? hours(d) : all_day;
    if (calendars && chance(d, 25)) {
        when->on = (uint32_t)in(d, 1, (int64_t)calendars);
    }
    if (calendars && chance(d, 15)) {
        when->not_on = (uint32_t)in(d, 1, (int64_t)calendars);
    }
    if (chance(d, 15)) {
        when->stayed_from_ms = in(d, 0, 8) * 30 * MINUTE;
    }
    if (chance(d, 15)) {
        when->stayed_until_ms = when->stayed_from_ms + in(d, 1, 20) * 30 * MINUTE;
    }
}

static void draw_tiers(struct draw *d, struct tariff_element *e)
{
    int64_t from = 0;
    e->tier_count = (int)in(d, 1, chance(d, 5) ? TARIFF_TIERS_MAX : 4);
    for (int i = 0; i < e->tier_count; i++) {
        struct tariff_tier *tier = &e->tiers[i];
        tier->block_ms = ONE_OF(d, 60, 60, 60, 30, 15, 120, 240, 7, 0, 1) * MINUTE;
        if (tier->block_ms == MINUTE && !chance(d, 10)) {
            tier->block_ms = HOUR;
        }
        tier->price_vnd = price(d);
        tier->count =
            tier->block_ms && chance(d, 15) ? TARIFF_COUNT_COMPLETED : TARIFF_COUNT_STARTED;
        if (i < e->tier_count - 1) {
            from += chance(d, 60) ? in(d, 1, 4) * HOUR : in(d, 1, 300) * MINUTE;
            tier->until_ms = from;
        }
    }
}

static void draw_element(struct draw *d, const struct tariff *t, struct tariff_element *e)
{
    draw_label(&e->label);
    draw_when(d, t, &e->when);
    if (chance(d, 6)) {
        e->free = true;
        return;
    }
    e->has_turn = chance(d, 45);
    e->has_entry = chance(d, 12);
    e->has_night = chance(d, 25);
    if (e->has_turn) {
        e->day_vnd = price(d);
        e->night_turn_vnd = price(d);
        e->both_vnd = price(d);
    }
    e->entry_vnd = e->has_entry ? price(d) : 0;
    e->night_vnd = e->has_night ? price(d) : 0;
    if (chance(d, 50) || !(e->has_turn || e->has_entry || e->has_night)) {
        draw_tiers(d, e);
    }
}

static void draw_caps(struct draw *d, struct tariff_terms *terms)
{
    terms->cap_count = chance(d, 45) ? (int)in(d, 1, 3) : 0;
    for (int i = 0; i < terms->cap_count; i++) {
        struct tariff_cap *cap = &terms->caps[i];
        cap->per = (enum tariff_cap_per)in(d, 0, 2);
        cap->limit_vnd = chance(d, 90) ? in(d, 1, 120) * 1000 : in(d, 1, 9);
        cap->window_ms = cap->per == TARIFF_CAP_ROLLING ? ONE_OF(d, 24, 24, 12, 5, 48) * HOUR : 0;
        if (cap->per == TARIFF_CAP_HOURS) {
            cap->hours = chance(d, 5) ? all_day : hours(d);
        }
    }
}

static void draw_terms(struct draw *d, struct tariff_terms *terms)
{
    static const struct tariff_hours nights[] = {
        {18 * 60, 6 * 60}, {22 * 60, 6 * 60}, {0, 6 * 60}, {21 * 60 + 30, 5 * 60 + 15}};
    terms->vehicles = 14;
    terms->night = nights[in(d, 0, 3)];
    terms->mixed = (enum tariff_mixed)in(d, 0, TARIFF_MIXED_EACH_PERIOD);
    terms->turn_window_ms = chance(d, 70) ? 24 * HOUR : in(d, 60, 3000) * MINUTE;
    if (terms->mixed == TARIFF_MIXED_MAJORITY) {
        terms->majority_below_ms = chance(d, 60) ? 12 * HOUR : in(d, 1, 1500) * MINUTE;
    }
    if (d->even) {
        terms->night = nights[0];
        terms->mixed = TARIFF_MIXED_MAJORITY;
        terms->turn_window_ms = 24 * HOUR;
        terms->majority_below_ms = 12 * HOUR;
    }
    terms->night_at_least_ms = ONE_OF(d, 0, 0, 1, 60, 240, 300) * MINUTE;
    if (chance(d, 35)) {
        terms->free_as = chance(d, 50) ? TARIFF_FREE_CLIFF : TARIFF_FREE_DEDUCTION;
        terms->free_ms = ONE_OF(d, 5, 10, 15, 30, 90, 1440) * MINUTE;
    }
    terms->minimum_vnd = chance(d, 15) ? in(d, 1, 50) * 1000 : 0;
    terms->maximum_vnd = chance(d, 15) ? terms->minimum_vnd + in(d, 1, 200) * 1000 : 0;
    terms->lost = (enum tariff_lost)in(d, 0, TARIFF_LOST_INSTEAD);
    if (terms->lost) {
        terms->lost_vnd = price(d);
        terms->lost_legal[0] = 'x';
    }
    draw_caps(d, terms);
}

static void draw_extras(struct draw *d, struct tariff *t)
{
    t->pass_count = (int)in(d, 0, 2);
    for (int i = 0; i < t->pass_count; i++) {
        struct tariff_pass *p = &t->passes[i];
        p->name[0] = (char)('p' + i);
        draw_label(&p->label);
        p->vehicles = 14;
        p->month_vnd = price(d);
        p->hours = chance(d, 60) ? hours(d) : all_day;
        p->weekdays = chance(d, 30) ? (uint32_t)in(d, 1, 127) : 127;
    }
    t->discount_count = (int)in(d, 0, 2);
    for (int i = 0; i < t->discount_count; i++) {
        struct tariff_discount *discount = &t->discounts[i];
        discount->name[0] = (char)('d' + i);
        draw_label(&discount->label);
        discount->vehicles = 14;
        discount->kind = (enum tariff_discount_kind)in(d, 1, 3);
        discount->value = discount->kind == TARIFF_DISCOUNT_PERCENT  ? in(d, 1, 10000)
                          : discount->kind == TARIFF_DISCOUNT_AMOUNT ? in(d, 1, 30000)
                                                                     : in(d, 1, 120) * MINUTE;
    }
}

static wall_t day_start(int64_t day)
{
    return (wall_t){day * TIME_DAY_MS - TIME_VIETNAM_OFFSET_MS};
}

static void draw_version(struct draw *d, struct tariff *t, int index)
{
    t->name[0] = 't';
    t->version[0] = (char)('1' + index);
    draw_label(&t->title);
    t->legal_count = 1;
    t->legal[0][0] = 'x';
    t->on_change = chance(d, 60) ? TARIFF_CHANGE_SPLIT : TARIFF_CHANGE_ENTRY;
    t->round_unit_vnd = ONE_OF(d, 1, 1, 500, 1000, 1000, 7);
    t->round = (enum tariff_round)in(d, 0, TARIFF_HALF_EVEN);
    t->vat_bp = ONE_OF(d, 0, 1000, 800, 850, 333);
    t->vat_round = (enum tariff_round)in(d, 0, TARIFF_HALF_EVEN);
    draw_calendars(d, t);
    t->terms_count = chance(d, 90) ? 1 : 0;
    for (int i = 0; i < t->terms_count; i++) {
        draw_terms(d, &t->terms[i]);
    }
    t->element_count = (int)in(d, 1, chance(d, 3) ? TARIFF_ELEMENTS_MAX : 4);
    for (int i = 0; i < t->element_count; i++) {
        draw_element(d, t, &t->elements[i]);
    }
    draw_extras(d, t);
}

static int64_t draw_length(struct draw *d)
{
    int64_t kind = in(d, 0, 999);
    if (kind < 10) {
        return 0;
    }
    int64_t minutes = kind < 450   ? in(d, 0, 180)
                      : kind < 750 ? in(d, 0, 720)
                      : kind < 940 ? in(d, 0, 2160)
                      : kind < 990 ? in(d, 0, 5760)
                      : kind < 997 ? in(d, 0, 30 * 1440)
                                   : in(d, 29 * 1440 + 1, 30 * 1440);
    return minutes * MINUTE;
}

static void draw_stay(struct draw *d, const struct tariff_set *set, struct tariff_stay *stay)
{
    int64_t length = draw_length(d);
    int64_t of_day = in(d, 0, 1439) * MINUTE;
    if (chance(d, 10)) { /* at the very boundary */
        of_day = ONE_OF(d, 0, 6, 18, 22) * HOUR;
    }
    if (chance(d, 30)) {
        of_day += in(d, 0, 59999);
        length += in(d, 0, 59999);
    }
    if (length > TARIFF_STAY_MAX_MS) {
        length = TARIFF_STAY_MAX_MS;
    }
    if (chance(d, 1)) {
        length = chance(d, 50) ? -in(d, 1, 100000) : TARIFF_STAY_MAX_MS + in(d, 1, 100000);
    }
    if (d->even) {
        int64_t edge = ONE_OF(d, 6, 18) * HOUR;
        length = in(d, 1, 359) * MINUTE;
        of_day = edge - length;
        length *= 2;
    }
    stay->vehicle = d->vehicle;
    stay->entry.ms = day_start(d->entry_day).ms + of_day;
    stay->exit.ms = stay->entry.ms + length;
    stay->lost_ticket = chance(d, 12);
    const struct tariff *first = &set->versions[0];
    if (first->pass_count && chance(d, 35)) {
        stay->pass_count = (int)in(d, 1, 2);
        for (int i = 0; i < stay->pass_count; i++) {
            int64_t from = stay->entry.ms + in(d, -600, 300) * MINUTE;
            stay->passes[i].name[0] = first->passes[in(d, 0, first->pass_count - 1)].name[0];
            stay->passes[i].valid =
                (struct tariff_span){{from}, {from + in(d, -10, 1500) * MINUTE}};
        }
    }
    stay->free_count = chance(d, 8) ? (int)in(d, 1, 2) : 0;
    for (int i = 0; i < stay->free_count; i++) {
        int64_t from = stay->entry.ms + in(d, -100000, 20000000);
        stay->free[i] = (struct tariff_span){{from}, {from + in(d, 0, 20000000)}};
    }
    stay->given_count = chance(d, 30) ? (int)in(d, 1, 3) : 0;
    for (int i = 0; i < stay->given_count; i++) {
        struct tariff_given *given = &stay->given[i];
        given->kind = (enum tariff_discount_kind)in(d, first->discount_count ? 0 : 1, 3);
        if (given->kind == TARIFF_DISCOUNT_NAMED) {
            given->name[0] = first->discounts[in(d, 0, first->discount_count - 1)].name[0];
        }
        given->value = given->kind == TARIFF_DISCOUNT_PERCENT  ? in(d, 0, 10000)
                       : given->kind == TARIFF_DISCOUNT_AMOUNT ? in(d, 0, 30000)
                                                               : in(d, 0, 5000000);
    }
}

void tariff_random(uint64_t number, struct tariff_set *ret_set, struct tariff_stay *ret_stay)
{
    struct draw d;
    prng_init(&d.prng, number);
    memset(ret_set, 0, sizeof(int) + sizeof ret_set->name);
    memset(ret_stay, 0, sizeof *ret_stay);
    d.vehicle = (enum vehicle)in(&d, 1, 3);
    d.even = chance(&d, 4);
    d.entry_day = chance(&d, 70)   ? time_days_from_date(2026, 2, 9) + in(&d, 0, 40)
                  : chance(&d, 50) ? time_days_from_date(2028, 2, 27) + in(&d, 0, 2)
                                   : time_days_from_date(2025, 12, 30) + in(&d, 0, 2);
    ret_set->name[0] = 't';
    ret_set->count = chance(&d, 75) ? 1 : (int)in(&d, 2, 4);
    int64_t day = d.entry_day - in(&d, 0, 2);
    for (int i = 0; i < ret_set->count; i++) {
        struct tariff *t = &ret_set->versions[i];
        memset(t, 0, sizeof *t);
        draw_version(&d, t, i);
        t->valid_from = day_start(day);
        day += in(&d, 1, 3);
        t->valid_until =
            i == ret_set->count - 1 && chance(&d, 95) ? (wall_t){INT64_MAX} : day_start(day);
        day += chance(&d, 2) ? 1 : 0; /* a gap */
    }
    draw_stay(&d, ret_set, ret_stay);
}
