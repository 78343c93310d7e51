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
    enum level arming = lane->input[INPUT_ARMING_LOOP];
    enum level under = lane_under(lane);
    bool known = lane_loops_known(lane);
    if ((lane->config.inputs & 1u << role) == 0 || lane->input[role] == level) {
        return;
    }
    lane->input[role] = level;
    if (known && !lane_loops_known(lane)) {
        lane_barrier(t, BARRIER_EV_LOST);
        lane_signal(t, SIGNAL_LOST);
        return;
    }
    if (role == INPUT_ARMING_LOOP && level == LEVEL_ON) {
        lane->armed = t->now;
    }
    if (role != INPUT_ARMING_LOOP) {
        lane_barrier(t, BARRIER_EV_INPUTS);
    }
    if (lane->state == LANE_LEARNING || lane->state == LANE_FAULT) {
        if (lane_loops_known(lane)) {
            lane_signal(t, SIGNAL_KNOWN);
        }
    }
    if (arming != lane->input[INPUT_ARMING_LOOP]) {
        lane_signal(t, level == LEVEL_ON ? SIGNAL_TAKEN : SIGNAL_FREE);
    }
    if (under != lane_under(lane)) {
        lane_signal(t, lane_under(lane) == LEVEL_ON ? SIGNAL_UNDER : SIGNAL_CLEAR);
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
        return true;
    case LANE_PASSING:
        return !lane->visit.off_arming;
    case LANE_HELD:
        return lane->visit.hold == HOLD_NO_ANSWER;
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
    if (stands && lane->visit.subject.kind != SUBJECT_PLATE) {
        /* By card, or by hand: this may well be its plate, and must not become the next one's. */
        lane_log(t, GATE_LOG_READ_IGNORED, "stands", "", 0);
        return;
    }
    pairing_set_named(&lane->pairing, stands ? &lane->visit.subject : NULL);
    enum pairing_verdict verdict = pairing_add(&lane->pairing, plate, t->now);
    if (verdict == PAIRING_KEPT) {
        lane_signal(t, SIGNAL_READING);
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
    pairing_add_card(&t->lane->pairing, t->event->card.key, t->event->card.last4, t->now);
    lane_signal(t, SIGNAL_READING);
}

static void take_stored(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    must(lane->unstored > 0);
    lane->unstored--;
    if (lane->visit.awaited[0] && strcmp(lane->visit.awaited, t->view->stored) == 0) {
        lane_signal(t, SIGNAL_DURABLE);
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

static void take_timeout(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (mono_reached(t->now, barrier_deadline(&lane->barrier))) {
        lane_barrier(t, BARRIER_EV_TIMEOUT);
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
}

static void take_event(struct lane_turn *t)
{
    const struct gate_event *event = t->event;
    switch (event->type) {
    case GATE_EV_START:
        t->lane->since = t->now;
        t->lane->timer = mono_add(t->now, t->lane->config.learn_ms);
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
    case GATE_EV_COUNT:
        return;
    }
}

/* ---- after the event: clocks that follow the inputs, alarms, the light ---- */

/* V4: is there a vehicle whose going away must be noticed? */
static bool is_watched(const struct lane *lane)
{
    bool visit =
        lane->visit.held || lane->visit.kind == VISIT_ENTRY || lane->visit.kind == VISIT_EXIT;
    switch (lane->state) {
    case LANE_HELD:
    case LANE_ASKING:
    case LANE_QUOTED:
    case LANE_RECORDING:
    case LANE_OPENING:
    case LANE_OPEN:
    case LANE_FAULT:
        return visit && lane_loops_known(lane);
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
    return (lane->state == LANE_PASSING || (lane->state == LANE_CLOSING && up)) &&
           lane_under(lane) == LEVEL_OFF;
}

static void follow(mono_t *timer, bool runs, mono_t end)
{
    if (!runs) {
        *timer = mono_never();
    } else if (timer->ms == mono_never().ms) {
        *timer = end;
    }
}

static void set_light(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    bool light =
        lane->state == LANE_OPENING || lane->state == LANE_OPEN || lane->state == LANE_PASSING;
    if ((lane->config.outputs & 1u << OUTPUT_LIGHT) == 0 || light == lane->light || !lane->bus_ok) {
        return;
    }
    lane->light = light;
    struct lane_effect *effect = lane_add_effect(t, GATE_EFF_OUTPUT);
    effect->output.role = OUTPUT_LIGHT;
    effect->output.act = light ? ACT_ON : ACT_OFF;
}

static void set_alarm(struct lane *lane, enum lane_alarm alarm, bool raised)
{
    lane->alarms_now &= ~(1u << alarm);
    lane->alarms_now |= raised ? 1u << alarm : 0;
}

/* An alarm is recorded when it differs from what the journal says; not while storing fails. */
static void record_alarms(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (lane->state == LANE_LEARNING) {
        return; /* nothing can be said yet; and START steps all lanes with the same random bytes */
    }
    if (lane_loops_known(lane) || lane->state == LANE_FAULT) {
        set_alarm(lane, ALARM_IO_UNREACHABLE, !lane_loops_known(lane));
    }
    set_alarm(lane, ALARM_BARRIER_STUCK, lane->barrier.state == BARRIER_STUCK);
    set_alarm(lane, ALARM_BARRIER_FORCED, lane->barrier.state == BARRIER_FORCED);
    for (int i = 0; i < ALARM_COUNT; i++) {
        unsigned bit = 1u << i;
        if (((lane->alarms_now ^ lane->alarms_recorded) & bit) == 0 || !t->view->journal_ok ||
            lane->unstored > LANE_RECORDS_EASY) {
            continue;
        }
        struct event event = lane_event(t, EVENT_ALARM, "");
        event.session[0] = '\0';
        event.raised = (lane->alarms_now & bit) != 0;
        str_copy_cut(event.code, sizeof event.code, str_c(lane_alarm_code((enum lane_alarm)i)));
        lane->alarms_recorded ^= bit;
        lane_record(t, &event, INSIDE_NONE);
    }
}

void lane_step(struct lane *lane, const struct gate_event *event, const struct lane_view *view,
               struct lane_effects *effects)
{
    struct lane_turn t = {lane, event, view, effects, event->now, 0, false};
    bool journal_changed = lane->journal_ok != view->journal_ok;
    effects->count = 0;
    lane->journal_ok = view->journal_ok;
    take_event(&t);
    if (journal_changed) {
        lane->display_changed = true;
        lane_signal(&t, SIGNAL_JOURNAL);
    }
    for (int i = 0; t.arm_changed; i++) {
        must(i < 4); /* each change follows from an order, and there is one order for each */
        t.arm_changed = false;
        lane_signal(&t, SIGNAL_ARM);
    }
    follow(&lane->gone, is_watched(lane) && !lane_is_there(lane),
           mono_add(t.now, lane->config.gone_ms));
    follow(&lane->clear, waits_for_clear(lane), mono_add(t.now, lane->config.clear_ms));
    set_light(&t);
    record_alarms(&t);
}

mono_t lane_deadline(const struct lane *lane)
{
    mono_t first = mono_min(barrier_deadline(&lane->barrier), lane->timer);
    first = mono_min(first, mono_min(lane->look, lane->notice));
    first = mono_min(first, lane->query);
    return mono_min(first, mono_min(lane->gone, lane->clear));
}
