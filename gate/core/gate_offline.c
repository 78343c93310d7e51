/* An exit that the server does not answer: when the gate prices it itself.  docs/LANE.md, U. */
#include "gate/core/gate_turn.h"
#include "proto/base/check.h"

#include <string.h>

/* Many records wait to be sent: what the server knows is old. */
static bool is_backlogged(const struct gate *gate)
{
    return gate->delivery.last - gate->delivery.acked > gate->delivery.window;
}

/* When the gate answers itself; never: the lane does not wait for an answer. */
mono_t gate_local_due(const struct gate *gate, int i)
{
    const struct lane *lane = &gate->lane[i];
    const struct lane_visit *visit = &lane->visit;
    bool held = lane->state == LANE_HELD && (visit->hold == HOLD_NO_ANSWER ||
                                             (visit->hold == HOLD_CONFIRM && !visit->has_quote));
    if (!gate->lot || gate->lot->version == 0 || visit->kind != VISIT_EXIT || !visit->ask[0] ||
        visit->permitted || visit->awaited[0] || (lane->state != LANE_ASKING && !held) ||
        lane->unstored > 0 || gate->journal.failed || strcmp(gate->local[i].ask, visit->ask) == 0) {
        return mono_never();
    }
    int64_t wait = held || !gate->connected ? 0 : is_backlogged(gate) ? GATE_BACKLOG_WAIT_MS : -1;
    return wait < 0 ? mono_never() : mono_add(lane->since, wait);
}

static void quote_here(struct gate_turn *t, int i)
{
    struct gate *gate = t->gate;
    struct lane *lane = &gate->lane[i];
    struct gate_local *local = &gate->local[i];
    struct gate_record record;
    memset(local, 0, sizeof *local);
    memset(&record, 0, sizeof record);
    memcpy(local->ask, lane->visit.ask, sizeof local->ask);
    if (t->event->clock == CLOCK_UNKNOWN) {
        gate_add_log(t, GATE_LOG_NOT_PRICED, "clock", "", lane->config.lane);
        return; /* what time it is nobody knows: a person */
    }
    struct offline_ask ask = {.lot = gate->lot,
                              .inside = &gate->inside,
                              .subject = &lane->visit.subject,
                              .session = lane->visit.session,
                              .ask = lane->visit.ask,
                              .at = t->event->wall,
                              .taken_vnd = lane->visit.taken_vnd};
    must(t->ids + 1 < GATE_IDS_MAX);
    t->ids++;
    memcpy(ask.random, t->event->random + (GATE_IDS_MAX - t->ids) * ULID_RANDOM_SIZE,
           sizeof ask.random);
    int error = offline_price(&ask, &record.event, &local->down);
    if (error) {
        memset(&local->down, 0, sizeof local->down);
        gate_add_log(t, GATE_LOG_NOT_PRICED, dx_error_name(error), "", lane->config.lane);
        return;
    }
    gate_new_id(t, record.event.id);
    memcpy(local->down.id, record.event.id, sizeof local->down.id);
    record.event.lane = lane->config.lane;
    lane->unstored++;
    lane_get_context(lane, &record.context);
    gate_append(t, &record);
}

void gate_look_offline(struct gate_turn *t)
{
    for (int i = 0; i < t->gate->config.lane_count; i++) {
        if (mono_reached(t->event->now, gate_local_due(t->gate, i)) && t->gate->started) {
            quote_here(t, i);
            return; /* one a step; the next one is due at once */
        }
    }
}
