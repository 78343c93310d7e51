/*
 * What is wrong, and what shows it: alarms, the lights and the siren.  docs/LANE.md, W.
 * An alarm is a level: it is recorded when it differs from what the journal says.
 */
#include "gate/core/lane_turn.h"

enum {
    BUTTON_MS = 2 * TIME_SECOND_MS, /* own button so shortly before the arm left its place … */
    BUTTON_LATE_MS = 1 * TIME_SECOND_MS /* … or after */
};

static void set_alarm(struct lane *lane, enum lane_alarm alarm, bool raised)
{
    lane->alarms_now &= ~(1u << alarm);
    lane->alarms_now |= raised ? 1u << alarm : 0;
}

/* ---- the barrier's own button (W3) ---- */

static bool is_pushed(const struct lane *lane)
{
    return lane->input[INPUT_BUTTON] == LEVEL_ON || lane->input[INPUT_KEY_SWITCH] == LEVEL_ON;
}

static void judge_force(struct lane_turn *t, bool pushed)
{
    struct lane *lane = t->lane;
    int64_t push_ms = lane->config.push_ms;
    bool soon = lane->settled.ms != 0 && mono_diff(t->now, lane->settled) <= push_ms;
    lane->force = !pushed ? FORCE_FORCED : soon ? FORCE_ALLOWED : FORCE_BUTTON;
}

/* The arm has left its place without an order. */
void lane_see_force(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    bool before = lane->pushed.ms != 0 && mono_diff(t->now, lane->pushed) <= BUTTON_MS;
    lane->forced = t->now;
    judge_force(t, is_pushed(lane) || before);
}

void lane_see_button(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (!is_pushed(lane)) {
        return;
    }
    lane->pushed = t->now;
    if (lane->barrier.state == BARRIER_FORCED && lane->force == FORCE_FORCED &&
        mono_diff(t->now, lane->forced) <= BUTTON_LATE_MS) {
        judge_force(t, true);
    }
}

/* ---- alarms ---- */

static void follow_blocked(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    enum level under = lane_under(lane);
    if (under == LEVEL_OFF) {
        lane->blocked = mono_never();
        set_alarm(lane, ALARM_LANE_BLOCKED, false);
    } else if (under == LEVEL_ON && lane->blocked.ms == mono_never().ms &&
               (lane->alarms_now & 1u << ALARM_LANE_BLOCKED) == 0) {
        lane->blocked = mono_add(t->now, lane->config.blocked_ms);
    }
}

static void look_at_inputs(struct lane *lane)
{
    static const struct {
        enum input_role role;
        enum lane_alarm alarm;
    } rows[] = {
        {INPUT_FAULT, ALARM_BARRIER_FAULT},
        {INPUT_DOOR, ALARM_CABINET_OPEN},
        {INPUT_POWER_FAIL, ALARM_POWER_FAILED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (lane->input[rows[i].role] != LEVEL_UNKNOWN) {
            set_alarm(lane, rows[i].alarm, lane->input[rows[i].role] == LEVEL_ON);
        }
    }
}

static void look_at_lane(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    bool forced = lane->barrier.state == BARRIER_FORCED;
    if (lane_loops_known(lane) || lane->state == LANE_FAULT || !lane->bus_ok) {
        set_alarm(lane, ALARM_IO_UNREACHABLE, !lane_loops_known(lane));
    }
    if (!forced) {
        lane->force = FORCE_NONE;
    }
    set_alarm(lane, ALARM_LIST_BLACK, lane->visit.held && lane->visit.hold == HOLD_REFUSED);
    set_alarm(lane, ALARM_BARRIER_STUCK, lane->barrier.state == BARRIER_STUCK);
    set_alarm(lane, ALARM_BARRIER_FORCED, forced && lane->force == FORCE_FORCED);
    set_alarm(lane, ALARM_BARRIER_BUTTON, forced && lane->force == FORCE_BUTTON);
    set_alarm(lane, ALARM_BARRIER_SLOW, lane->barrier.slow);
    set_alarm(lane, ALARM_LANE_FIRE, lane->emergency);
    if (lane->state != LANE_BARRED) {
        set_alarm(lane, ALARM_LANE_INTERLOCK, false);
    }
    follow_blocked(t);
    look_at_inputs(lane);
}

void lane_block_is_due(struct lane_turn *t)
{
    if (lane_under(t->lane) == LEVEL_ON) {
        set_alarm(t->lane, ALARM_LANE_BLOCKED, true);
    }
}

void lane_hush(struct lane_turn *t)
{
    set_alarm(t->lane, ALARM_LANE_TAILGATING, false);
    set_alarm(t->lane, ALARM_LANE_WRONG_WAY, false);
    set_alarm(t->lane, ALARM_LANE_PASSBACK, false);
}

/* Not while storing fails; what finds no room now comes with the next event. */
void lane_record_alarms(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (lane->state == LANE_LEARNING || t->event->type == GATE_EV_START) {
        return; /* nothing can be said yet; and START steps all lanes with the same random bytes */
    }
    look_at_lane(t);
    for (int i = 0; i < ALARM_COUNT; i++) {
        unsigned bit = 1u << i;
        if (((lane->alarms_now ^ lane->alarms_recorded) & bit) == 0 || !t->view->journal_ok ||
            lane->unstored > LANE_RECORDS_EASY || t->ids >= LANE_IDS_EASY) {
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

/* ---- lights ---- */

static bool is_free(const struct lane *lane)
{
    return lane->state == LANE_OPENING || lane->state == LANE_OPEN || lane->state == LANE_PASSING ||
           lane->state == LANE_RAISED;
}

/* W6: does the lane take vehicles in this direction? */
static bool is_inviting(const struct lane *lane, enum lane_direction direction)
{
    if (lane->emergency) {
        return direction == LANE_EXIT && lane->direction == LANE_EXIT;
    }
    return lane->direction == direction && lane->state != LANE_CLOSED &&
           lane->state != LANE_FAULT && lane->state != LANE_LEARNING && !lane->out_of_service &&
           lane->mode != MODE_HELD_CLOSED;
}

static bool is_wanted(const struct lane *lane, enum output_role role)
{
    enum lane_direction forth = lane->config.direction;
    enum lane_direction back = forth == LANE_ENTRY ? LANE_EXIT : LANE_ENTRY;
    unsigned loud = 1u << ALARM_BARRIER_FORCED | 1u << ALARM_BARRIER_BUTTON |
                    1u << ALARM_LANE_TAILGATING | 1u << ALARM_LANE_WRONG_WAY;
    switch (role) {
    case OUTPUT_LIGHT:
    case OUTPUT_GREEN:
        return is_free(lane);
    case OUTPUT_RED:
        return !is_free(lane);
    case OUTPUT_HOLD:
        return lane->state == LANE_RAISED;
    case OUTPUT_SIGN:
        return is_inviting(lane, forth);
    case OUTPUT_SIGN_BACK:
        return is_inviting(lane, back);
    case OUTPUT_LAMP:
        return lane_is_there(lane);
    case OUTPUT_SIREN:
        return (lane->alarms_now & loud) != 0;
    case OUTPUT_OPEN:
    case OUTPUT_CLOSE:
    case OUTPUT_STOP:
    case OUTPUT_ROLE_COUNT:
        break;
    }
    return false;
}

/* What goes off before what goes on: green and red are never on together. */
void lane_set_lights(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (!lane->bus_ok || t->event->type == GATE_EV_START) {
        return;
    }
    for (int on = 0; on <= 1; on++) {
        for (int i = OUTPUT_LIGHT; i < OUTPUT_ROLE_COUNT; i++) {
            unsigned bit = 1u << i;
            bool wanted = is_wanted(lane, (enum output_role)i);
            bool told = (lane->lit_known & bit) != 0 && ((lane->lit & bit) != 0) == wanted;
            if ((lane->config.outputs & bit) == 0 || wanted != (on != 0) || told) {
                continue;
            }
            lane->lit = wanted ? lane->lit | bit : lane->lit & ~bit;
            lane->lit_known |= bit;
            struct lane_effect *effect = lane_add_effect(t, GATE_EFF_OUTPUT);
            effect->output.role = (enum output_role)i;
            effect->output.act = wanted ? ACT_ON : ACT_OFF;
        }
    }
}
