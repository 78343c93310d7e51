/*
 * Modes and directions: held open, held closed, the fire alarm, a reversible lane's way.
 * docs/LANE.md, M.  What a person or a switch orders is in force when its record is
 * durable; fire raises first and is recorded next.
 */
#include "gate/core/lane_turn.h"

#include "proto/base/check.h"

#include <string.h>

enum {
    RETRY_MS = 5 * TIME_SECOND_MS, /* an arm that must be up and is not is ordered again */
    SCHEDULE_MS = TIME_MINUTE_MS
};

const char *lane_mode_word(const struct lane *lane)
{
    if (lane->emergency) {
        return "emergency";
    }
    return lane->out_of_service ? "closed" : lane_mode_text(lane->mode);
}

bool lane_must_be_up(const struct lane *lane)
{
    return lane->emergency || lane->mode == MODE_HELD_OPEN;
}

/* I1: the other arm of the group is not known to be down, or something stands between. */
bool lane_is_interlocked(const struct lane_turn *t)
{
    const struct lane_partner *partner = t->view->partner;
    bool own = (t->lane->config.inputs & 1u << INPUT_PRESENCE) != 0;
    if (!partner || t->lane->emergency) {
        return false;
    }
    if (!partner->is_down) {
        return true;
    }
    /* What stands between is this arm's own vehicle when this arm is the second one. */
    bool clear = partner->is_clear && (!own || t->lane->input[INPUT_PRESENCE] == LEVEL_OFF);
    return !t->lane->config.second && !clear;
}

bool lane_is_barred(const struct lane_turn *t)
{
    return t->lane->mode == MODE_HELD_CLOSED || lane_is_interlocked(t);
}

/* ---- up ---- */

void lane_raise(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    struct lane_visit *visit = &lane->visit;
    bool passing = lane->state == LANE_PASSING;
    lane_goto(t, LANE_RAISED); /* L41 */
    visit->under = passing;
    if (lane->barrier.state != BARRIER_OPEN && lane->barrier.state != BARRIER_OPENING) {
        lane_barrier(t, BARRIER_EV_ORDER_OPEN);
    } else if (lane->barrier.state == BARRIER_OPEN) {
        lane_command_result(t, OUTCOME_DONE, "");
    }
    if (visit->held) {
        lane_release(t, "the arm stays up");
    }
    lane_identify(t);
}

/* M6: nobody is in the middle of it. */
static bool is_settled(const struct lane *lane)
{
    const struct lane_visit *visit = &lane->visit;
    bool known = visit->kind != VISIT_NONE && visit->kind != VISIT_HAND;
    return !visit->under && !lane->stray.under && (!known || lane_is_there(lane));
}

static void keep_up(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (lane->state == LANE_RAISED) {
        return;
    }
    bool ready = lane->state != LANE_LEARNING && lane->state != LANE_FAULT;
    if (lane->emergency || (ready && !lane_is_interlocked(t))) {
        lane_raise(t);
    }
}

void lane_follow_mode(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (t->event->type == GATE_EV_START) {
        return; /* all lanes share its random bytes; poke brings us back at once */
    }
    if (lane_must_be_up(lane)) {
        keep_up(t);
    } else if (lane->state == LANE_RAISED && !lane_loops_known(lane)) {
        lane_lose_line(t); /* L11: the emergency is over, and nobody knows who is there */
    } else if (lane->state == LANE_RAISED && is_settled(lane)) {
        lane_learn(t); /* L42 */
    }
    if (lane->state == LANE_ARMED && lane->config.second) {
        lane_identify(t); /* the first arm may have counted its passage only now (I3) */
    }
    if (lane->state == LANE_BARRED && !lane_is_barred(t) &&
        (lane->visit.kind == VISIT_HAND || lane_is_there(lane))) {
        lane_begin_opening(t); /* L45 */
    }
}

/* ---- what each signal means while the arm stays up ---- */

static void end_passing(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    struct lane_visit *visit = &lane->visit;
    visit->under = false;
    if (!visit->off_arming) {
        return; /* it went back, and may try again */
    }
    if (visit->kind == VISIT_EXIT && !lane_is_decided(visit)) { /* M5 */
        struct event event = lane_event(t, EVENT_EXIT_PERMITTED, visit->ask);
        event.permit = lane->emergency ? PERMIT_EMERGENCY : PERMIT_MANUAL;
        str_copy_cut(event.text, sizeof event.text,
                     str_c(lane->emergency ? "emergency" : "held open"));
        visit->permit = event.permit;
        memcpy(visit->permit_id, event.id, sizeof visit->permit_id);
        lane_record(t, &event, INSIDE_NONE);
    }
    lane_end_passed(t, false);
    lane_identify(t);
}

static void look_at_raised_arm(struct lane_turn *t)
{
    enum barrier_state arm = t->lane->barrier.state;
    if (arm == BARRIER_OPEN) {
        lane_command_result(t, OUTCOME_DONE, "");
        t->lane->timer = mono_never();
    } else if (!t->lane->bus_ok || !lane_must_be_up(t->lane)) {
        t->lane->timer = mono_never(); /* nobody hears it; KNOWN comes (R9) */
    } else if (arm == BARRIER_CLOSED || arm == BARRIER_UNKNOWN || arm == BARRIER_FORCED) {
        lane_barrier(t, BARRIER_EV_ORDER_OPEN);
        t->lane->timer = mono_add(t->now, RETRY_MS);
    } else {
        t->lane->timer = mono_add(t->now, RETRY_MS);
    }
}

void lane_in_raised(struct lane_turn *t, enum lane_signal signal)
{
    struct lane *lane = t->lane;
    struct lane_visit *visit = &lane->visit;
    switch (signal) {
    case SIGNAL_TAKEN:
    case SIGNAL_READING:
    case SIGNAL_JOURNAL:
        lane_identify(t);
        return;
    case SIGNAL_FREE:
        visit->off_arming = visit->off_arming || visit->under;
        return;
    case SIGNAL_UNDER:
        if (visit->kind != VISIT_NONE && !lane->stray.under) {
            visit->under = true;
            visit->off_arming = lane_arming(lane) != LEVEL_ON;
        }
        return;
    case SIGNAL_PASSED:
        end_passing(t);
        return;
    case SIGNAL_GONE:
        lane_end_backed(t, false);
        return;
    case SIGNAL_DURABLE:
        lane_take_permit(t);
        return;
    case SIGNAL_ARM:
        look_at_raised_arm(t);
        return;
    case SIGNAL_KNOWN:
    case SIGNAL_TIMER:
        if (lane_must_be_up(lane) && lane->barrier.state != BARRIER_OPEN &&
            lane->barrier.state != BARRIER_OPENING) {
            lane_barrier(t, BARRIER_EV_ORDER_OPEN);
            lane->timer = mono_add(t->now, RETRY_MS);
        }
        return;
    case SIGNAL_LOST:
        if (!lane->emergency) {
            lane_lose_line(t);
        }
        return;
    case SIGNAL_CLEAR:
    case SIGNAL_COUNT:
        return;
    }
}

void lane_in_barred(struct lane_turn *t, enum lane_signal signal)
{
    struct lane *lane = t->lane;
    switch (signal) {
    case SIGNAL_GONE:
        lane_end_backed(t, false);
        lane_rest(t); /* L47 */
        return;
    case SIGNAL_TIMER: /* I2 */
        if (lane_is_interlocked(t)) {
            lane->alarms_now |= 1u << ALARM_LANE_INTERLOCK;
        }
        if (lane->visit.kind == VISIT_HAND) {
            lane_command_result(t, OUTCOME_IMPOSSIBLE, "the other arm of the group is not down");
            memset(&lane->visit, 0, sizeof lane->visit);
            lane_learn(t); /* L46 */
        }
        return;
    case SIGNAL_PASSED: /* it had to come down first */
        lane_barrier(t, BARRIER_EV_ORDER_CLOSE);
        return;
    case SIGNAL_ARM:
        lane_look_at_arm(t);
        return;
    case SIGNAL_LOST:
        lane_lose_line(t);
        return;
    case SIGNAL_TAKEN:
    case SIGNAL_FREE:
    case SIGNAL_UNDER:
    case SIGNAL_CLEAR:
    case SIGNAL_READING:
    case SIGNAL_DURABLE:
    case SIGNAL_KNOWN:
    case SIGNAL_JOURNAL:
    case SIGNAL_COUNT:
        return;
    }
}

/* ---- orders ---- */

static struct event mode_event(struct lane_turn *t, const char *word, const char *cause,
                               const char *text)
{
    struct event event = lane_event(t, EVENT_LANE_MODE, cause);
    event.session[0] = '\0';
    str_copy_cut(event.code, sizeof event.code, str_c(word));
    str_copy_cut(event.text, sizeof event.text, str_c(text));
    return event;
}

/* What is in the lane's `…_next` members already is being written. */
static void write_order(struct lane_turn *t, const char *word, const struct down *down,
                        const char *text)
{
    struct lane *lane = t->lane;
    struct event event = mode_event(t, word, down ? down->id : "", text);
    memcpy(lane->order.id, event.id, sizeof lane->order.id);
    if (down) {
        memcpy(lane->order.command, down->id, sizeof lane->order.command);
        lane->order.deadline = down->deadline;
        memcpy(event.by, down->by, sizeof event.by);
    }
    lane_record(t, &event, INSIDE_NONE);
}

void lane_order_mode(struct lane_turn *t, enum lane_mode mode, const struct down *down)
{
    struct lane *lane = t->lane;
    if (lane->order.id[0]) {
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, "another change is being written");
    } else if (lane->emergency && mode != MODE_AUTOMATIC) {
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, "emergency"); /* M4 */
    } else if (lane->emergency && lane->fire == LEVEL_ON) {
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, "the fire input is on");
    } else {
        memset(&lane->order, 0, sizeof lane->order);
        lane->mode_next = mode;
        lane->mode_switch = false;
        if (mode == MODE_AUTOMATIC) {
            lane->emergency_next = false;
        }
        write_order(t, lane_mode_text(mode), down, down->text);
    }
}

/* D3: only when nobody is there and the arm is down. */
static bool may_turn(const struct lane *lane)
{
    bool back = (lane->config.inputs & 1u << INPUT_ARMING_BACK) != 0;
    return (lane->state == LANE_IDLE || lane->state == LANE_CLOSED) &&
           lane->visit.kind == VISIT_NONE && lane->barrier.state == BARRIER_CLOSED &&
           !lane->stray.under && !lane_is_there(lane) &&
           lane->input[INPUT_ARMING_LOOP] == LEVEL_OFF &&
           (!back || lane->input[INPUT_ARMING_BACK] == LEVEL_OFF);
}

static void order_direction(struct lane_turn *t, enum lane_direction direction,
                            const struct down *down, const char *text)
{
    struct lane *lane = t->lane;
    memset(&lane->order, 0, sizeof lane->order);
    lane->order.is_direction = true;
    lane->direction_next = direction;
    write_order(t, lane_direction_text(direction), down, text);
}

void lane_order_direction(struct lane_turn *t, enum lane_direction direction,
                          const struct down *down)
{
    struct lane *lane = t->lane;
    if (!lane->config.reversible) {
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, "this lane leads one way only");
    } else if (lane->order.id[0]) {
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, "another change is being written");
    } else if (lane->direction == direction) {
        lane_answer(t, down, OUTCOME_DONE, "leads there already");
    } else if (!may_turn(lane)) {
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, lane_state_text(lane->state));
    } else {
        order_direction(t, direction, down, down->text);
    }
}

static void answer_order(struct lane_turn *t, enum command_outcome outcome, const char *text)
{
    struct lane_order *order = &t->lane->order;
    if (order->command[0]) {
        struct event event = lane_event(t, EVENT_COMMAND_DONE, order->command);
        event.session[0] = '\0';
        event.outcome = outcome;
        str_copy_cut(event.text, sizeof event.text, str_c(text));
        lane_record(t, &event, INSIDE_NONE);
    }
    memset(order, 0, sizeof *order);
}

/* C3: too late, or somebody came in between: what the journal says last must be what is. */
static void take_back(struct lane_turn *t, enum command_outcome outcome, const char *text)
{
    struct lane *lane = t->lane;
    const char *word = lane->order.is_direction ? lane_direction_text(lane->direction)
                       : lane->emergency        ? "emergency"
                                                : lane_mode_text(lane->mode);
    struct event event = mode_event(t, word, lane->order.command, text);
    lane->direction_next = lane->direction;
    lane->mode_next = lane->mode;
    lane->emergency_next = lane->emergency;
    lane_record(t, &event, INSIDE_NONE);
    answer_order(t, outcome, text);
}

void lane_order_is_durable(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    bool late = lane->order.command[0] && t->event->wall.ms > lane->order.deadline.ms;
    if (late) {
        take_back(t, OUTCOME_LATE, "too late");
        return;
    }
    if (lane->order.is_direction && !may_turn(lane)) {
        take_back(t, OUTCOME_IMPOSSIBLE, "a vehicle came");
        return;
    }
    if (lane->fire == LEVEL_ON) {
        lane->emergency_next = lane->emergency; /* it burns again, or still */
    }
    lane->mode = lane->mode_next;
    lane->direction = lane->direction_next;
    if (lane->emergency && !lane->emergency_next) {
        lane->emergency = false;
        lane->emergency_recorded = false;
        lane->calm = mono_never();
    }
    lane->status_changed = true;
    lane->display_changed = true;
    answer_order(t, OUTCOME_DONE, "");
}

/* ---- fire, switch, schedule: what is ordered without a person at a screen ---- */

/* M3, M8: up first.  The record follows in lane_settle_modes, in the same step. */
void lane_take_fire(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    bool own = (lane->config.inputs & 1u << INPUT_FIRE) != 0;
    enum level fire = own ? lane->input[INPUT_FIRE] : LEVEL_OFF;
    if (!lane->config.fire_own && fire != LEVEL_ON && t->view->fire != LEVEL_OFF) {
        fire = t->view->fire; /* of another lane: on, or not known */
    }
    if (fire == lane->fire) {
        return;
    }
    lane->fire = fire;
    if (fire == LEVEL_ON) {
        /* An end that is being written is written already as far as the journal goes. */
        lane->emergency_recorded = lane->emergency_recorded && lane->emergency_next;
        lane->emergency = true;
        lane->emergency_next = true;
        lane->calm = mono_never();
        lane->status_changed = true;
        keep_up(t);
    } else if (fire == LEVEL_OFF && lane->emergency && lane->config.emergency_return_ms > 0) {
        lane->calm = mono_add(t->now, lane->config.emergency_return_ms);
    }
}

static bool has_room(const struct lane_turn *t)
{
    return t->lane->unstored <= LANE_RECORDS_EASY && t->event->type != GATE_EV_START;
}

static void follow_switch(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    enum level level = lane->input[INPUT_HOLD_SWITCH];
    bool opens = level == LEVEL_ON && lane->mode_next != MODE_HELD_OPEN;
    bool ends = level == LEVEL_OFF && lane->mode_next == MODE_HELD_OPEN && lane->mode_switch;
    if (lane->order.id[0] || lane->emergency || (!opens && !ends)) {
        return;
    }
    memset(&lane->order, 0, sizeof lane->order);
    lane->mode_next = opens ? MODE_HELD_OPEN : MODE_AUTOMATIC;
    lane->mode_switch = opens;
    write_order(t, lane_mode_text(lane->mode_next), NULL, "by the switch in the lane");
}

/* 1 + the direction that the schedule has now; 0: none, or the hour is not known. */
static int scheduled(const struct lane_turn *t)
{
    const struct lane_config *config = &t->lane->config;
    if (config->schedule_count == 0 || t->event->clock == CLOCK_UNKNOWN || t->event->wall.ms <= 0) {
        return 0;
    }
    int64_t day_ms = (t->event->wall.ms + TIME_VIETNAM_OFFSET_MS) % TIME_DAY_MS;
    int found = config->schedule_count - 1; /* before the first change of the day: the last one */
    for (int i = 0; i < config->schedule_count; i++) {
        if ((int64_t)config->schedule[i].minute * TIME_MINUTE_MS <= day_ms) {
            found = i;
        }
    }
    return 1 + (int)config->schedule[found].direction;
}

/* D4: a person's order stands until the schedule says something new. */
static void follow_schedule(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    int now = scheduled(t);
    if (lane->config.schedule_count > 0 && lane->poke.ms == mono_never().ms) {
        lane->poke = mono_add(t->now, SCHEDULE_MS);
    }
    if (now == 0 || now == lane->scheduled || lane->order.id[0]) {
        return;
    }
    enum lane_direction direction = now == 1 ? LANE_ENTRY : LANE_EXIT;
    if (direction == lane->direction) {
        lane->scheduled = now;
    } else if (may_turn(lane)) {
        lane->scheduled = now;
        order_direction(t, direction, NULL, "by the schedule");
    }
}

void lane_settle_modes(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (!has_room(t)) {
        return;
    }
    if (lane->emergency && lane->emergency_next && !lane->emergency_recorded) {
        struct event event = mode_event(t, "emergency", "", "fire input");
        lane->emergency_recorded = true;
        lane_record(t, &event, INSIDE_NONE);
    }
    follow_switch(t);
    follow_schedule(t);
}

/* M4: the input has been clear for emergency_return_ms. */
void lane_end_emergency(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (!lane->emergency || lane->fire == LEVEL_ON) {
        return;
    }
    if (lane->order.id[0] || !has_room(t)) {
        lane->calm = mono_add(t->now, TIME_SECOND_MS);
        return;
    }
    memset(&lane->order, 0, sizeof lane->order);
    lane->emergency_next = false;
    write_order(t, lane_mode_text(lane->mode_next), NULL, "the fire input is clear");
}
