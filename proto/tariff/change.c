/*
 * When does the price change next?  Go on from the exit, from one instant to
 * the next at which a charge may begin, until the total is another.
 *
 * Two sorts of instants.  At an *open* one the old price still holds and the
 * new one holds from the moment after (a started hour: 10:00 sharp is still
 * one hour).  At a *reached* one the new price holds already (a turn of twelve
 * hours is no longer "under twelve hours").  The answer is the instant itself.
 */
#include "proto/tariff/bill.h"

struct instants {
    int64_t open_ms, reached_ms; /* the nearest of each sort, or WHEN_NEVER */
};

static void add_open(struct instants *next, int64_t at_ms)
{
    if (at_ms < next->open_ms) {
        next->open_ms = at_ms;
    }
}

static void add_reached(struct instants *next, int64_t now_ms, int64_t at_ms)
{
    if (at_ms > now_ms && at_ms < next->reached_ms) {
        next->reached_ms = at_ms;
    }
}

static void add_time(const struct sweep *sweep, struct instants *next)
{
    const struct tariff_element *element = sweep->winner[SWEEP_TIME];
    int64_t now = sweep->at_ms;
    int i = 0;
    while (element->tiers[i].until_ms && sweep->clock_ms >= element->tiers[i].until_ms) {
        i++;
    }
    const struct tariff_tier *tier = &element->tiers[i];
    int row = (int)(element - sweep->part->tariff->elements);
    bool touched = sweep->part->touched & UINT32_C(1) << row;
    int64_t ms = touched ? sweep->part->time[row][i].ms : 0;
    if (tier->until_ms) {
        add_open(next, now + tier->until_ms - sweep->clock_ms);
    }
    if (tier->block_ms == 0) {
        if (ms == 0) {
            add_open(next, now);
        }
        return;
    }
    int64_t into = ms % tier->block_ms;
    if (tier->count == TARIFF_COUNT_COMPLETED) {
        add_reached(next, now, now + tier->block_ms - into);
    } else {
        add_open(next, into ? now + tier->block_ms - into : now);
    }
}

static void add_turn(const struct sweep *sweep, struct instants *next)
{
    const struct sweep_turn *turn = &sweep->turn;
    int64_t now = sweep->at_ms;
    if (sweep->terms->mixed != TARIFF_MIXED_MAJORITY) {
        return; /* the other policies change only where a span begins */
    }
    int64_t lead_ms = turn->day_ms - turn->dark_ms;
    int64_t held_ms = turn->day_ms + turn->dark_ms;
    if (sweep->dark && lead_ms >= 0) {
        add_open(next, now + lead_ms);
    } else if (!sweep->dark && lead_ms < 0) {
        add_reached(next, now, now - lead_ms);
    }
    add_reached(next, now, now + sweep->terms->majority_below_ms - held_ms);
}

static struct instants next_instants(const struct sweep *sweep)
{
    struct instants next = {WHEN_NEVER, WHEN_NEVER};
    const struct tariff_terms *terms = sweep->terms;
    add_open(&next, sweep->end_ms);
    if (terms->free_as == TARIFF_FREE_CLIFF && sweep->at_ms <= sweep->entry_ms + terms->free_ms) {
        add_open(&next, sweep->entry_ms + terms->free_ms);
    }
    if (sweep->at_ms >= sweep->end_ms) {
        return next; /* what comes after a boundary is known when it is crossed */
    }
    if (sweep->winner[SWEEP_TIME]) {
        add_time(sweep, &next);
    }
    if (sweep->winner[SWEEP_NIGHT] && sweep->dark && !sweep->night_done) {
        add_reached(&next, sweep->at_ms, sweep->at_ms + terms->night_at_least_ms - sweep->night_ms);
    }
    if (sweep->winner[SWEEP_TURN] && sweep->turn.element) {
        add_turn(sweep, &next);
    }
    return next;
}

bool bill_next_change(struct sweep *sweep, const struct bill_gifts *gifts, int64_t total_vnd,
                      int64_t *ret_at_ms)
{
    int64_t last = sweep->entry_ms + TARIFF_STAY_MAX_MS;
    for (;;) {
        struct instants next = next_instants(sweep);
        bool open = next.open_ms < next.reached_ms;
        int64_t look_at = open ? next.open_ms + 1 : next.reached_ms;
        if (look_at > last) {
            return false;
        }
        bool gap = sweep_to(sweep, look_at) != 0; /* beyond it there is no price at all */
        if (gap || bill_now(sweep, gifts).total_vnd != total_vnd) {
            *ret_at_ms = open ? next.open_ms : next.reached_ms;
            return true;
        }
    }
}
