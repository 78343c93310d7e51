#include "proto/tariff/sweep.h"

#include "proto/base/check.h"

#include <string.h>

/* What holds when a tariff says nothing for a vehicle. */
static const struct tariff_terms no_terms = {
    .night = {18 * 60, 6 * 60}, .mixed = TARIFF_MIXED_BOTH, .turn_window_ms = TIME_DAY_MS};

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static uint32_t vehicle_bit(const struct sweep *sweep)
{
    return UINT32_C(1) << sweep->stay->vehicle;
}

/* ---- conditions of a span ---- */

/* Elements that can hold at all for this vehicle and entry, in the version that now begins. */
static void enter_version(struct sweep *sweep, const struct tariff *tariff)
{
    struct when_day day = sweep->part_count ? when_day_of(sweep->entry_ms) : sweep->day;
    int64_t of_day = sweep->entry_ms - day.start_ms;
    must(sweep->part_count < TARIFF_VERSIONS_MAX);
    struct sweep_part *part = &sweep->parts[sweep->part_count++];
    part->tariff = tariff;
    part->touched = 0;
    part->entry.count = 0;
    sweep->part = part;
    sweep->fit = 0;
    sweep->any_dated = false; /* any_turn and any_night stay: what was begun must also end */
    for (int i = 0; i < tariff->element_count; i++) {
        const struct tariff_element *e = &tariff->elements[i];
        if (!(e->when.vehicles & vehicle_bit(sweep)) || !when_hours_hold(e->when.entered, of_day)) {
            continue;
        }
        sweep->fit |= UINT32_C(1) << i;
        sweep->any_turn = sweep->any_turn || e->has_turn;
        sweep->any_night = sweep->any_night || e->has_night;
        sweep->any_dated =
            sweep->any_dated || e->when.weekdays != 0x7F || e->when.on || e->when.not_on;
    }
    for (int i = 0; i < tariff->calendar_count; i++) {
        sweep->any_dated = sweep->any_dated || tariff->calendars[i].kind == TARIFF_FREE_DAY;
    }
    sweep->calendars = sweep->any_dated ? when_calendars(tariff, sweep->day.number) : 0;
}

static bool element_holds(const struct sweep *sweep, const struct tariff_when *when)
{
    int64_t stayed = sweep->at_ms - sweep->entry_ms;
    return when->weekdays & sweep->day.weekday && (!when->on || when->on & sweep->calendars) &&
           !(when->not_on & sweep->calendars) && stayed >= when->stayed_from_ms &&
           (!when->stayed_until_ms || stayed < when->stayed_until_ms) &&
           when_hours_hold(when->hours, sweep->at_ms - sweep->day.start_ms);
}

/* Is this instant free whatever the elements say? */
static bool is_covered(const struct sweep *sweep)
{
    const struct tariff_stay *stay = sweep->stay;
    int64_t of_day = sweep->at_ms - sweep->day.start_ms;
    if (sweep->at_ms < sweep->front_ms) {
        return true;
    }
    for (int i = 0; i < stay->free_count; i++) {
        if (sweep->at_ms >= stay->free[i].from.ms && sweep->at_ms < stay->free[i].until.ms) {
            return true;
        }
    }
    for (int i = 0; i < stay->pass_count; i++) {
        const struct tariff_span *valid = &stay->passes[i].valid;
        if (sweep->at_ms >= valid->from.ms && sweep->at_ms < valid->until.ms &&
            sweep->passes[i]->weekdays & sweep->day.weekday &&
            when_hours_hold(sweep->passes[i]->hours, of_day)) {
            return true;
        }
    }
    const struct tariff *tariff = sweep->part->tariff;
    for (int i = 0; sweep->calendars && i < tariff->calendar_count; i++) {
        if (tariff->calendars[i].kind == TARIFF_FREE_DAY && sweep->calendars & UINT32_C(1) << i) {
            return true;
        }
    }
    return false;
}

static void find_winners(struct sweep *sweep)
{
    unsigned missing = (1u << SWEEP_DIMENSIONS) - 1;
    memset(sweep->winner, 0, sizeof sweep->winner);
    if (is_covered(sweep)) {
        return;
    }
    for (int i = 0; i < sweep->part->tariff->element_count && missing; i++) {
        const struct tariff_element *e = &sweep->part->tariff->elements[i];
        if (!(sweep->fit & UINT32_C(1) << i) || !element_holds(sweep, &e->when)) {
            continue;
        }
        if (e->free) {
            return; /* every dimension that has no winner yet is free from here on */
        }
        const bool has[SWEEP_DIMENSIONS] = {e->has_turn, e->tier_count > 0, e->has_entry,
                                            e->has_night};
        for (int d = 0; d < SWEEP_DIMENSIONS; d++) {
            if (has[d] && missing & 1u << d) {
                sweep->winner[d] = e;
                missing &= ~(1u << d);
            }
        }
    }
}

/* A new window for each cap whose last one is over. */
static void roll_caps(struct sweep *sweep)
{
    for (int i = 0; i < sweep->terms->cap_count; i++) {
        const struct tariff_cap *rule = &sweep->terms->caps[i];
        struct sweep_cap *cap = &sweep->caps[i];
        if (sweep->at_ms < cap->window_end_ms) {
            continue;
        }
        cap->room_vnd = rule->limit_vnd;
        cap->active = true;
        switch (rule->per) {
        case TARIFF_CAP_ROLLING:
            cap->window_end_ms += rule->window_ms;
            break;
        case TARIFF_CAP_CALENDAR_DAY:
            cap->window_end_ms = sweep->day.start_ms + TIME_DAY_MS;
            break;
        case TARIFF_CAP_HOURS:
            cap->active = when_hours_hold(rule->hours, sweep->at_ms - sweep->day.start_ms);
            cap->window_end_ms = when_hours_change(rule->hours, &sweep->day, sweep->at_ms);
            if (!when_hours_limit(rule->hours)) {
                cap->window_end_ms = sweep->day.start_ms + TIME_DAY_MS;
            }
            break;
        }
    }
}

/* Where a turn's window ends that contains this instant. */
static int64_t turn_window_end(const struct sweep *sweep)
{
    if (sweep->terms->mixed == TARIFF_MIXED_EACH_PERIOD) {
        return when_hours_change(sweep->terms->night, &sweep->day, sweep->at_ms);
    }
    int64_t window = sweep->terms->turn_window_ms;
    return sweep->entry_ms + ((sweep->at_ms - sweep->entry_ms) / window + 1) * window;
}

static int64_t after(int64_t at_ms, int64_t candidate_ms)
{
    return candidate_ms > at_ms ? candidate_ms : WHEN_NEVER;
}

/* The next instant at which find_winners may give another answer. */
static int64_t conditions_end(const struct sweep *sweep)
{
    const struct tariff *tariff = sweep->part->tariff;
    const struct tariff_stay *stay = sweep->stay;
    int64_t at = sweep->at_ms;
    int64_t midnight = sweep->day.start_ms + TIME_DAY_MS;
    int64_t end = after(at, sweep->front_ms);
    for (uint32_t rest = sweep->fit; rest; rest &= rest - 1) {
        const struct tariff_when *when = &tariff->elements[__builtin_ctz(rest)].when;
        end = earlier(end, when_hours_change(when->hours, &sweep->day, at));
        end = earlier(end, after(at, sweep->entry_ms + when->stayed_from_ms));
        end = earlier(end, after(at, sweep->entry_ms + when->stayed_until_ms));
    }
    if (sweep->any_dated) {
        end = earlier(end, midnight);
    }
    if (sweep->first->on_change == TARIFF_CHANGE_SPLIT) {
        end = earlier(end, tariff->valid_until.ms);
    }
    for (int i = 0; i < stay->free_count; i++) {
        end = earlier(end, after(at, stay->free[i].from.ms));
        end = earlier(end, after(at, stay->free[i].until.ms));
    }
    for (int i = 0; i < stay->pass_count; i++) {
        end = earlier(end, after(at, stay->passes[i].valid.from.ms));
        end = earlier(end, after(at, stay->passes[i].valid.until.ms));
        end = earlier(end, when_hours_change(sweep->passes[i]->hours, &sweep->day, at));
        end = earlier(end, midnight);
    }
    return end;
}

/* Everything that is constant until end_ms. */
static int begin_span(struct sweep *sweep)
{
    int64_t at = sweep->at_ms;
    if (sweep->turn.window_end_ms <= at) {
        sweep_close_turn(sweep); /* dated before `at`, so before the caps' windows move on */
    }
    if (at >= sweep->day.start_ms + TIME_DAY_MS) {
        sweep->day = when_day_of(at);
        sweep->calendars =
            sweep->any_dated ? when_calendars(sweep->part->tariff, sweep->day.number) : 0;
    }
    if (sweep->first->on_change == TARIFF_CHANGE_SPLIT &&
        at >= sweep->part->tariff->valid_until.ms) {
        const struct tariff *next = tariff_set_at(sweep->set, (wall_t){at});
        if (!next) {
            return DX_E_VERSION;
        }
        enter_version(sweep, next);
    }
    roll_caps(sweep);
    find_winners(sweep);
    int64_t end = conditions_end(sweep);
    for (int i = 0; i < sweep->terms->cap_count; i++) {
        end = earlier(end, sweep->caps[i].window_end_ms);
    }
    if (sweep->any_turn) {
        sweep->turn.window_end_ms = turn_window_end(sweep);
        end = earlier(end, sweep->turn.window_end_ms);
    }
    if (sweep->any_turn || sweep->any_night) {
        bool dark = when_hours_hold(sweep->terms->night, at - sweep->day.start_ms);
        if (!dark) {
            sweep->night_element = NULL;
            sweep->night_done = false;
        }
        sweep->dark = dark;
        end = earlier(end, when_hours_change(sweep->terms->night, &sweep->day, at));
    }
    sweep->end_ms = end;
    return 0;
}

int sweep_to(struct sweep *sweep, int64_t until_ms)
{
    while (sweep->at_ms < until_ms) {
        if (sweep->at_ms >= sweep->end_ms) {
            int error = begin_span(sweep);
            if (error) {
                return error;
            }
        }
        int64_t stop = earlier(until_ms, sweep->end_ms);
        sweep_charge_span(sweep, stop - sweep->at_ms);
        sweep->at_ms = stop;
    }
    return 0;
}

/* ---- the start ---- */

static const struct tariff_terms *terms_of(const struct tariff *tariff, uint32_t vehicle)
{
    for (int i = 0; i < tariff->terms_count; i++) {
        if (tariff->terms[i].vehicles & vehicle) {
            return &tariff->terms[i];
        }
    }
    return &no_terms;
}

static bool has_price(const struct tariff *tariff, uint32_t vehicle)
{
    for (int i = 0; i < tariff->element_count; i++) {
        if (tariff->elements[i].when.vehicles & vehicle) {
            return true;
        }
    }
    return false;
}

static int find_passes(struct sweep *sweep)
{
    for (int i = 0; i < sweep->stay->pass_count; i++) {
        const struct tariff *tariff = sweep->first;
        int at = 0;
        while (at < tariff->pass_count &&
               !(str_eq(str_c(tariff->passes[at].name), str_c(sweep->stay->passes[i].name)) &&
                 tariff->passes[at].vehicles & vehicle_bit(sweep))) {
            at++;
        }
        if (at == tariff->pass_count) {
            return DX_E_NOT_FOUND;
        }
        sweep->passes[i] = &tariff->passes[at];
    }
    return 0;
}

int sweep_start(struct sweep *sweep, const struct tariff_set *set, const struct tariff_stay *stay,
                int64_t given_ms)
{
    sweep->set = set;
    sweep->stay = stay;
    sweep->first = tariff_set_at(set, stay->entry);
    if (!sweep->first) {
        return DX_E_VERSION;
    }
    if (!has_price(sweep->first, vehicle_bit(sweep)) || find_passes(sweep)) {
        return DX_E_NOT_FOUND;
    }
    sweep->terms = terms_of(sweep->first, vehicle_bit(sweep));
    sweep->entry_ms = sweep->at_ms = sweep->end_ms = stay->entry.ms;
    sweep->front_ms = stay->entry.ms + given_ms;
    if (sweep->terms->free_as == TARIFF_FREE_DEDUCTION) {
        sweep->front_ms += sweep->terms->free_ms;
    }
    sweep->day = when_day_of(sweep->at_ms);
    sweep->any_turn = sweep->any_night = false;
    sweep->dark = sweep->entry_done = sweep->night_done = false;
    sweep->clock_ms = sweep->night_ms = sweep->sum_vnd = sweep->cut_vnd = 0;
    sweep->night_element = NULL;
    sweep->turn = (struct sweep_turn){.window_end_ms = WHEN_NEVER};
    for (int i = 0; i < sweep->terms->cap_count; i++) {
        sweep->caps[i] = (struct sweep_cap){.window_end_ms = stay->entry.ms};
    }
    sweep->part_count = 0;
    enter_version(sweep, sweep->first);
    return 0;
}
