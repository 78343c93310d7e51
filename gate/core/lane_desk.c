/*
 * What an attendant does for the vehicle at an exit: cash in hand, or out owing.
 * docs/LANE.md, C8 and C9.  The record of the money comes first and stands whatever
 * the lane does then: what was taken is never undone.
 */
#include "gate/core/lane_turn.h"

#include <string.h>

static bool is_waiting(const struct lane *lane)
{
    const struct lane_visit *visit = &lane->visit;
    return visit->kind == VISIT_EXIT && !lane_is_decided(visit) &&
           (lane->state == LANE_ASKING || lane->state == LANE_QUOTED || lane->state == LANE_HELD);
}

/* Who answers for it; of the record that lane_permit has just given. */
static void sign(struct lane_turn *t, const struct down *down)
{
    for (int i = t->effects->count - 1; i >= 0; i--) {
        struct event *event = &t->effects->effect[i].record.event;
        if (t->effects->effect[i].type == GATE_EFF_RECORD && event->type == EVENT_EXIT_PERMITTED) {
            memcpy(event->by, down->by, sizeof event->by);
            memcpy(event->text, down->text, sizeof event->text);
            return;
        }
    }
}

static void record_cash(struct lane_turn *t, const struct down *down)
{
    struct event event = lane_event(t, EVENT_CASH_TAKEN, t->lane->visit.ask);
    event.amount_vnd = down->amount_vnd;
    memcpy(event.receipt, down->receipt, sizeof event.receipt);
    memcpy(event.shift, down->shift, sizeof event.shift);
    memcpy(event.by, down->by, sizeof event.by);
    memcpy(event.text, down->text, sizeof event.text);
    lane_record(t, &event, INSIDE_NONE);
}

/* U7: what was paid before, as the amount on the display says, and this.  Kept with the record. */
static void count_part(struct lane_visit *visit, int64_t amount_vnd)
{
    int64_t before = visit->quote.fee_vnd - visit->quote.amount_vnd;
    before = before > visit->taken_vnd ? before : visit->taken_vnd;
    int64_t sum = before + amount_vnd;
    visit->taken_vnd = sum < LANE_TAKEN_VND_MAX ? (int)sum : LANE_TAKEN_VND_MAX;
}

void lane_take_cash(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    struct lane_visit *visit = &lane->visit;
    if (!is_waiting(lane)) {
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, lane_state_text(lane->state));
        return;
    }
    if (down->amount_vnd <= 0) {
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, "no amount");
        return;
    }
    bool part = visit->has_quote && down->amount_vnd < visit->quote.amount_vnd;
    if (part) {
        count_part(visit, down->amount_vnd);
    }
    record_cash(t, down);
    if (part) {
        lane_answer(t, down, OUTCOME_DONE, "taken; the rest is still due");
        lane_ask(t, visit->ask); /* the server says what is left; without it the gate (U7) */
        return;
    }
    visit->paid_vnd = down->amount_vnd;
    lane_permit(t, PERMIT_CASH, visit->ask);
    sign(t, down);
    lane_answer(t, down, OUTCOME_DONE, "");
}

void lane_allow_debt(struct lane_turn *t, const struct down *down)
{
    if (!is_waiting(t->lane)) {
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, lane_state_text(t->lane->state));
        return;
    }
    lane_permit(t, PERMIT_DEBT, t->lane->visit.ask);
    sign(t, down);
    lane_answer(t, down, OUTCOME_DONE, "");
}
