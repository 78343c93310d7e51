#include "proto/tariff/sweep.h"

#include <string.h>

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t sweep_room(const struct sweep *sweep)
{
    int64_t room = INT64_MAX;
    for (int i = 0; i < sweep->terms->cap_count; i++) {
        if (sweep->caps[i].active) {
            room = earlier(room, sweep->caps[i].room_vnd);
        }
    }
    return room;
}

/* A charge dated now: no more than the smallest room that is left in any cap. */
static void charge(struct sweep *sweep, int64_t amount_vnd)
{
    int64_t taken = earlier(amount_vnd, sweep_room(sweep));
    for (int i = 0; i < sweep->terms->cap_count; i++) {
        if (sweep->caps[i].active) {
            sweep->caps[i].room_vnd -= taken;
        }
    }
    sweep->sum_vnd += taken;
    sweep->cut_vnd += amount_vnd - taken;
}

/* The index of an element of the present version, its rows made ready. */
static int touch(struct sweep *sweep, const struct tariff_element *element)
{
    struct sweep_part *part = sweep->part;
    int i = (int)(element - part->tariff->elements);
    if (!(part->touched & UINT32_C(1) << i)) {
        part->touched |= UINT32_C(1) << i;
        memset(part->time[i], 0, sizeof part->time[i]);
        memset(part->turn[i], 0, sizeof part->turn[i]);
        memset(&part->night[i], 0, sizeof part->night[i]);
    }
    return i;
}

static int64_t blocks_in(const struct tariff_tier *tier, int64_t ms)
{
    if (tier->block_ms == 0) {
        return ms > 0 ? 1 : 0;
    }
    int64_t whole = ms / tier->block_ms;
    return tier->count == TARIFF_COUNT_STARTED && ms % tier->block_ms ? whole + 1 : whole;
}

/* `span_ms` of charged time: into the tiers that the clock passes through. */
static void charge_time(struct sweep *sweep, int64_t span_ms)
{
    const struct tariff_element *element = sweep->winner[SWEEP_TIME];
    int row = touch(sweep, element);
    for (int i = 0; span_ms > 0; i++) {
        const struct tariff_tier *tier = &element->tiers[i];
        int64_t here = span_ms;
        if (tier->until_ms) {
            if (sweep->clock_ms >= tier->until_ms) {
                continue;
            }
            here = earlier(here, tier->until_ms - sweep->clock_ms);
        }
        struct sweep_meter *meter = &sweep->part->time[row][i];
        meter->ms += here;
        int64_t blocks = blocks_in(tier, meter->ms);
        if (blocks != meter->blocks) {
            charge(sweep, (blocks - meter->blocks) * tier->price_vnd);
            meter->blocks = blocks;
        }
        sweep->clock_ms += here;
        span_ms -= here;
    }
}

static void charge_entry(struct sweep *sweep)
{
    const struct tariff_element *element = sweep->winner[SWEEP_ENTRY];
    sweep->entry_done = true;
    sweep->part->entry = (struct sweep_tally){1, element->entry_vnd};
    sweep->part->entry_element = touch(sweep, element);
    charge(sweep, element->entry_vnd);
}

/* The element is that of the night's first charged instant, also when another holds later. */
static void charge_night(struct sweep *sweep, int64_t span_ms)
{
    if (!sweep->night_element) {
        sweep->night_element = sweep->winner[SWEEP_NIGHT];
        sweep->night_tally = &sweep->part->night[touch(sweep, sweep->night_element)];
        sweep->night_ms = 0;
    }
    sweep->night_ms += span_ms;
    if (sweep->night_done || sweep->night_ms < sweep->terms->night_at_least_ms) {
        return;
    }
    const struct tariff_element *element = sweep->night_element;
    sweep->night_done = true;
    sweep->night_tally->count++;
    sweep->night_tally->amount_vnd += element->night_vnd;
    charge(sweep, element->night_vnd);
}

static void pass_turn(struct sweep *sweep, int64_t span_ms)
{
    struct sweep_turn *turn = &sweep->turn;
    if (!turn->element) {
        turn->element = sweep->winner[SWEEP_TURN];
        turn->part = sweep->part;
        turn->began_dark = sweep->dark;
        turn->day_ms = 0;
        turn->dark_ms = 0;
        (void)touch(sweep, turn->element);
    }
    if (sweep->dark) {
        turn->dark_ms += span_ms;
    } else {
        turn->day_ms += span_ms;
    }
}

/* Decision 44/2017 gives three prices and not the rule between them: the tariff names one. */
static enum sweep_period period_of(const struct tariff_terms *terms, const struct sweep_turn *turn)
{
    if (turn->dark_ms == 0) {
        return SWEEP_DAY;
    }
    if (turn->day_ms == 0) {
        return SWEEP_DARK;
    }
    const struct tariff_element *e = turn->element;
    switch (terms->mixed) {
    case TARIFF_MIXED_MAJORITY:
        if (turn->day_ms + turn->dark_ms >= terms->majority_below_ms) {
            return SWEEP_MIXED;
        }
        return turn->day_ms >= turn->dark_ms ? SWEEP_DAY : SWEEP_DARK;
    case TARIFF_MIXED_DEARER:
        return e->day_vnd >= e->night_turn_vnd ? SWEEP_DAY : SWEEP_DARK;
    case TARIFF_MIXED_ENTRY:
        return turn->began_dark ? SWEEP_DARK : SWEEP_DAY;
    case TARIFF_MIXED_BOTH:
    case TARIFF_MIXED_SUM:
    case TARIFF_MIXED_EACH_PERIOD:
        return SWEEP_MIXED;
    }
    return SWEEP_MIXED;
}

bool sweep_open_turn(const struct sweep *sweep, enum sweep_period *ret_period,
                     int64_t *ret_amount_vnd)
{
    const struct tariff_element *element = sweep->turn.element;
    if (!element) {
        return false;
    }
    enum sweep_period period = period_of(sweep->terms, &sweep->turn);
    bool summed = sweep->terms->mixed == TARIFF_MIXED_SUM;
    int64_t mixed = summed ? element->day_vnd + element->night_turn_vnd : element->both_vnd;
    *ret_period = period;
    *ret_amount_vnd = period == SWEEP_DAY    ? element->day_vnd
                      : period == SWEEP_DARK ? element->night_turn_vnd
                                             : mixed;
    return true;
}

void sweep_close_turn(struct sweep *sweep)
{
    enum sweep_period period;
    int64_t amount_vnd;
    if (sweep_open_turn(sweep, &period, &amount_vnd)) {
        struct sweep_part *part = sweep->turn.part;
        struct sweep_tally *tally =
            &part->turn[sweep->turn.element - part->tariff->elements][period];
        tally->count++;
        tally->amount_vnd += amount_vnd;
        charge(sweep, amount_vnd);
    }
    sweep->turn.element = NULL;
}

int64_t sweep_sum(const struct sweep *sweep)
{
    enum sweep_period period;
    int64_t amount_vnd;
    if (!sweep_open_turn(sweep, &period, &amount_vnd)) {
        return sweep->sum_vnd;
    }
    return sweep->sum_vnd + earlier(amount_vnd, sweep_room(sweep));
}

void sweep_charge_span(struct sweep *sweep, int64_t span_ms)
{
    if (sweep->winner[SWEEP_ENTRY] && !sweep->entry_done) {
        charge_entry(sweep);
    }
    if (sweep->winner[SWEEP_NIGHT] && sweep->dark) {
        charge_night(sweep, span_ms);
    }
    if (sweep->winner[SWEEP_TURN]) {
        pass_turn(sweep, span_ms);
    }
    if (sweep->winner[SWEEP_TIME]) {
        charge_time(sweep, span_ms);
    }
}
