/* What an event means for the lane: signals for its state, and the clocks that follow the inputs.
 */
#include "gate/core/lane_turn.h"

#include "proto/base/check.h"

#include <string.h>

enum {
    QUERY_SOON_MS = 2 * TIME_SECOND_MS,
    QUERY_LATER_MS = 30 * TIME_SECOND_MS,
    QUERY_OFTEN_MS = 2 * TIME_MINUTE_MS
};

static void take_input(struct lane_turn *t, enum input_role role, enum level level)
{
    struct lane *lane = t->lane;
    enum level arming = lane_arming(lane);
    enum level under = lane_under(lane);
    bool known = lane_loops_known(lane);
    if ((lane->config.inputs & 1u << role) == 0 || lane->input[role] == level) {
        return;
    }
    lane->input[role] = level;
    if (role == INPUT_FIRE) {
        lane_take_fire(t); /* before anything else is looked at */
    } else if (role == INPUT_BUTTON || role == INPUT_KEY_SWITCH) {
        lane_see_button(t);
    }
    if (known && !lane_loops_known(lane)) {
        lane_barrier(t, BARRIER_EV_LOST);
        lane_signal(t, SIGNAL_LOST);
        return;
    }
    bool arming_changed = arming != lane_arming(lane);
    if (arming_changed) {
        lane->armed = level == LEVEL_ON ? t->now : lane->armed;
        lane_stray_arming(t, level);
    } else {
        lane_barrier(t, BARRIER_EV_INPUTS);
    }
    if (lane->state == LANE_LEARNING || lane->state == LANE_FAULT || lane->state == LANE_RAISED) {
        if (lane_loops_known(lane)) {
            lane_signal(t, SIGNAL_KNOWN);
        }
    }
    if (arming_changed) {
        lane_signal(t, level == LEVEL_ON ? SIGNAL_TAKEN : SIGNAL_FREE);
    }
    if (under != lane_under(lane) && lane_under(lane) == LEVEL_ON) {
        lane_stray_under(t);
        lane_signal(t, SIGNAL_UNDER);
    } else if (under != lane_under(lane)) {
        lane_signal(t, SIGNAL_CLEAR);
    }
}

static void take_bus(struct lane_turn *t, bool reachable)
{
    struct lane *lane = t->lane;
    bool known = lane_loops_known(lane);
    if (reachable && lane->bus_ok) {
        return;
    }
    lane->bus_ok = reachable;
    if (reachable) {
        lane_signal(t, SIGNAL_KNOWN);
        return;
    }
    for (int i = 0; i < INPUT_ROLE_COUNT; i++) {
        lane->input[i] = LEVEL_UNKNOWN;
    }
    lane->lit_known = 0;
    lane_take_fire(t);
    lane_barrier(t, BARRIER_EV_LOST);
    if (known || lane->state != LANE_FAULT) {
        lane_signal(t, SIGNAL_LOST);
    }
}

/* P9: the vehicle of the visit stands where the camera still sees it. */
static bool is_before_camera(const struct lane *lane)
{
    switch (lane->state) {
    case LANE_RECORDING:
    case LANE_ASKING:
    case LANE_QUOTED:
    case LANE_OPENING:
    case LANE_OPEN:
    case LANE_BARRED:
        return true;
    case LANE_RAISED:
        return lane->visit.kind != VISIT_NONE && !lane->visit.off_arming;
    case LANE_PASSING:
        return !lane->visit.off_arming;
    case LANE_HELD:
        return lane->visit.hold == HOLD_NO_ANSWER || lane->visit.hold == HOLD_CONFIRM;
    case LANE_LEARNING:
    case LANE_IDLE:
    case LANE_ARMED:
    case LANE_CLOSING:
    case LANE_FAULT:
    case LANE_CLOSED:
    case LANE_STATE_COUNT:
        break;
    }
    return false;
}

static void take_plate(struct lane_turn *t, const struct gate_plate *plate)
{
    struct lane *lane = t->lane;
    bool stands = is_before_camera(lane);
    if (lane->config.second) {
        return; /* I3: it has no readers of its own to believe */
    }
    if (stands && lane->visit.subject.kind != SUBJECT_PLATE) {
        /* By card, or by hand: this may well be its plate, and must not become the next one's. */
        lane_log(t, GATE_LOG_READ_IGNORED, "stands", "", 0);
        return;
    }
    pairing_set_named(&lane->pairing, stands ? &lane->visit.subject : NULL);
    enum pairing_verdict verdict = pairing_add(&lane->pairing, plate, t->now);
    if (verdict == PAIRING_KEPT) {
        lane_signal(t, SIGNAL_READING);
    } else if (verdict == PAIRING_AMENDS) {
        lane_amend(t);
    } else {
        lane_log(t, GATE_LOG_READ_IGNORED, pairing_verdict_text(verdict), "", 0);
    }
}

static void show_notice(struct lane_turn *t, enum display_kind kind)
{
    t->lane->notice_kind = kind;
    t->lane->notice = mono_add(t->now, t->lane->config.notice_ms);
    t->lane->display_changed = true;
}

static void take_card(struct lane_turn *t)
{
    if (is_before_camera(t->lane)) {
        lane_log(t, GATE_LOG_READ_IGNORED, "stands", "", 0);
        return;
    }
    if (t->lane->state == LANE_IDLE) {
        show_notice(t, DISPLAY_NO_VEHICLE);
    }
    enum subject_kind kind = t->event->card.kind == SUBJECT_TICKET ? SUBJECT_TICKET : SUBJECT_CARD;
    enum pairing_verdict verdict =
        pairing_add_card(&t->lane->pairing, kind, t->event->card.key, t->event->card.last4, t->now);
    if (verdict == PAIRING_KEPT) {
        lane_signal(t, SIGNAL_READING);
    } else {
        lane_log(t, GATE_LOG_READ_IGNORED, pairing_verdict_text(verdict), "", 0);
    }
}

static void take_stored(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    must(lane->unstored > 0);
    lane->unstored--;
    if (lane->visit.awaited[0] && strcmp(lane->visit.awaited, t->view->stored) == 0) {
        lane_signal(t, SIGNAL_DURABLE);
    } else if (lane->order.id[0] && strcmp(lane->order.id, t->view->stored) == 0) {
        lane_order_is_durable(t);
    }
}

static void take_coil(struct lane_turn *t, enum output_role role, bool good)
{
    if (good) {
        return;
    }
    lane_log(t, GATE_LOG_COIL_FAILED, output_role_text(role), "", 0);
    if (role == OUTPUT_OPEN || role == OUTPUT_CLOSE) {
        lane_barrier(t, BARRIER_EV_COIL_FAILED);
    }
}

static bool is_due(struct lane_turn *t, mono_t *timer)
{
    if (!mono_reached(t->now, *timer)) {
        return false;
    }
    *timer = mono_never();
    return true;
}

/* X11: 10 s after the amount is shown, then every 2 s for 2 min, then every 30 s. */
static void ask_again(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (lane->state != LANE_QUOTED) {
        return;
    }
    struct query *query = &lane_add_effect(t, GATE_EFF_QUERY)->query;
    query->lane = lane->config.lane;
    memcpy(query->session, lane->visit.session, sizeof query->session);
    memcpy(query->ask, lane->visit.ask, sizeof query->ask);
    bool soon = mono_diff(t->now, lane->quoted) < QUERY_OFTEN_MS;
    lane->query = mono_add(t->now, soon ? QUERY_SOON_MS : QUERY_LATER_MS);
}

/* Times that no state waits for. */
static void take_quiet_timeout(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (is_due(t, &lane->blocked)) {
        lane_block_is_due(t);
    }
    if (is_due(t, &lane->hush)) {
        lane_hush(t);
    }
    if (is_due(t, &lane->calm)) {
        lane_end_emergency(t);
    }
    (void)is_due(t, &lane->poke); /* what there is to be seen is looked at after every event */
}

static void take_timeout(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (mono_reached(t->now, barrier_deadline(&lane->barrier))) {
        lane_barrier(t, BARRIER_EV_TIMEOUT);
    }
    if (is_due(t, &lane->stray.clear)) {
        lane_stray_clear(t);
    }
    if (is_due(t, &lane->clear)) {
        lane_signal(t, SIGNAL_PASSED);
    }
    if (is_due(t, &lane->gone)) {
        lane_signal(t, SIGNAL_GONE);
    }
    if (is_due(t, &lane->look)) {
        lane_signal(t, SIGNAL_READING);
    }
    if (is_due(t, &lane->timer)) {
        lane_signal(t, SIGNAL_TIMER);
    }
    if (is_due(t, &lane->notice)) {
        lane->display_changed = true;
    }
    if (is_due(t, &lane->query)) {
        ask_again(t);
    }
    take_quiet_timeout(t);
}

static void take_event(struct lane_turn *t)
{
    const struct gate_event *event = t->event;
    switch (event->type) {
    case GATE_EV_START:
        t->lane->since = t->now;
        t->lane->timer = mono_add(t->now, t->lane->config.learn_ms);
        if (t->lane->emergency || t->lane->config.schedule_count > 0) {
            t->lane->poke = t->now;
        }
        return;
    case GATE_EV_INPUT:
        take_input(t, event->input.role, event->input.level);
        return;
    case GATE_EV_BUS:
        take_bus(t, event->bus.reachable);
        return;
    case GATE_EV_PLATE:
        take_plate(t, &event->plate);
        return;
    case GATE_EV_CARD:
        take_card(t);
        return;
    case GATE_EV_SCAN_OTHER:
        show_notice(t, DISPLAY_NOT_A_CODE);
        return;
    case GATE_EV_STORED:
        take_stored(t);
        return;
    case GATE_EV_COIL:
        take_coil(t, event->coil.role, event->coil.ok);
        return;
    case GATE_EV_DOWN:
        lane_down(t, &event->down);
        return;
    case GATE_EV_TIMEOUT:
        take_timeout(t);
        return;
    case GATE_EV_STORE_FAILED:
    case GATE_EV_LINK:
    case GATE_EV_DESK:
    case GATE_EV_DEVICE:
    case GATE_EV_COUNT:
        return;
    }
}

/* ---- after the event: clocks that follow the inputs, alarms, the light ---- */

/* V4: is there a vehicle whose going away must be noticed? */
static bool is_watched(const struct lane *lane)
{
    bool visit = lane->visit.held || lane->visit.kind == VISIT_ENTRY ||
                 lane->visit.kind == VISIT_EXIT || lane->visit.kind == VISIT_SECOND;
    switch (lane->state) {
    case LANE_HELD:
    case LANE_ASKING:
    case LANE_QUOTED:
    case LANE_RECORDING:
    case LANE_OPENING:
    case LANE_OPEN:
    case LANE_FAULT:
    case LANE_BARRED:
        return visit && lane_loops_known(lane);
    case LANE_RAISED:
        return visit && !lane->visit.under && lane_loops_known(lane);
    case LANE_LEARNING:
    case LANE_IDLE:
    case LANE_ARMED:
    case LANE_PASSING:
    case LANE_CLOSING:
    case LANE_CLOSED:
    case LANE_STATE_COUNT:
        break;
    }
    return false;
}

/* Is an arm up, or a passage open, that only waits for nothing to be under the arm? */
static bool waits_for_clear(const struct lane *lane)
{
    bool up = lane->barrier.state == BARRIER_OPEN || lane->barrier.state == BARRIER_UNKNOWN ||
              lane->barrier.state == BARRIER_FORCED;
    bool waits = lane->state == LANE_PASSING || (lane->state == LANE_CLOSING && up) ||
                 (lane->state == LANE_RAISED && lane->visit.under) ||
                 (lane->state == LANE_BARRED && up);
    return waits && lane_under(lane) == LEVEL_OFF;
}

static void follow(mono_t *timer, bool runs, mono_t end)
{
    if (!runs) {
        *timer = mono_never();
    } else if (timer->ms == mono_never().ms) {
        *timer = end;
    }
}

void lane_step(struct lane *lane, const struct gate_event *event, const struct lane_view *view,
               struct lane_effects *effects)
{
    struct lane_turn t = {lane, event, view, effects, event->now, 0, false};
    bool journal_changed = lane->journal_ok != view->journal_ok;
    effects->count = 0;
    lane->journal_ok = view->journal_ok;
    if (event->type != GATE_EV_START) {
        lane_take_fire(&t);
    }
    take_event(&t);
    if (journal_changed) {
        lane->display_changed = true;
        lane_signal(&t, SIGNAL_JOURNAL);
    }
    lane_follow_mode(&t);
    for (int i = 0; t.arm_changed; i++) {
        must(i < 8); /* each change follows from an order, and there are few orders in a step */
        t.arm_changed = false;
        lane_signal(&t, SIGNAL_ARM);
        lane_follow_mode(&t);
    }
    follow(&lane->gone, is_watched(lane) && !lane_is_there(lane),
           mono_add(t.now, lane->config.gone_ms));
    follow(&lane->clear, waits_for_clear(lane), mono_add(t.now, lane->config.clear_ms));
    follow(&lane->stray.clear, lane->stray.under && lane_under(lane) == LEVEL_OFF,
           mono_add(t.now, lane->config.clear_ms));
    lane_settle_modes(&t);
    lane_tell_missed(&t);
    lane_record_alarms(&t);
    lane_set_lights(&t);
}

mono_t lane_deadline(const struct lane *lane)
{
    mono_t first = mono_min(barrier_deadline(&lane->barrier), lane->timer);
    first = mono_min(first, mono_min(lane->look, lane->notice));
    first = mono_min(first, mono_min(lane->query, lane->stray.clear));
    first = mono_min(first, mono_min(lane->blocked, lane->hush));
    first = mono_min(first, mono_min(lane->calm, lane->poke));
    return mono_min(first, mono_min(lane->gone, lane->clear));
}
