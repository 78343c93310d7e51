/* What a person wants of a lane, through the server or the gate's own console.  docs/LANE.md, C. */
#include "gate/core/lane_turn.h"

#include <string.h>

bool lane_command_is_late(const struct lane_turn *t)
{
    return t->event->wall.ms > t->lane->visit.command_deadline.ms;
}

/* C1: the newest first; what falls off the end is older than any repeat. */
static bool remember(struct lane *lane, const char *id)
{
    for (int i = 0; i < CONTEXT_COMMANDS; i++) {
        if (lane_is_text(id, lane->commands[i])) {
            return false;
        }
    }
    memmove(lane->commands[1], lane->commands[0],
            (CONTEXT_COMMANDS - 1) * sizeof lane->commands[0]);
    memcpy(lane->commands[0], id, sizeof lane->commands[0]);
    return true;
}

void lane_answer(struct lane_turn *t, const struct down *down, enum command_outcome outcome,
                 const char *text)
{
#define X(name, word, sentence) word,
    static const char *const actions[] = {COMMAND_ACTIONS(X)};
#undef X
    static const char *const outcomes[] = {"done", "late", "impossible"};
    struct event event = lane_event(t, EVENT_COMMAND_DONE, down->id);
    event.outcome = outcome;
    str_copy_cut(event.text, sizeof event.text, str_c(text));
    lane_log(t, GATE_LOG_COMMAND, actions[down->action], outcomes[outcome], 0);
    lane_record(t, &event, INSIDE_NONE);
}

/* C4: somebody answers for it; the record first. */
static void open_by_hand(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    struct lane_visit *visit = &lane->visit;
    struct event event = lane_event(t, EVENT_HAND_OPENED, down->id);
    memcpy(event.text, down->text, sizeof event.text);
    memcpy(event.by, down->by, sizeof event.by);
    memcpy(visit->command, down->id, sizeof visit->command);
    visit->command_deadline = down->deadline;
    bool asks = visit->kind == VISIT_EXIT && !lane_is_decided(visit);
    if (!asks) {
        memcpy(visit->awaited, event.id, sizeof visit->awaited);
    }
    if (visit->kind == VISIT_NONE) {
        visit->kind = VISIT_HAND;
        visit->permit = PERMIT_MANUAL;
    }
    lane_record(t, &event, INSIDE_NONE);
    if (visit->held) {
        lane_release(t, "opened by hand");
    }
    pairing_clear(&lane->pairing);
    if (asks) {
        lane_permit(t, PERMIT_MANUAL, visit->ask);
    }
    if (lane->state != LANE_RECORDING) {
        lane_goto(t, LANE_RECORDING); /* L13 */
    }
}

static void do_open(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    if (lane->mode == MODE_HELD_CLOSED && !lane->emergency) {
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, "the lane is held closed"); /* M2 */
        return;
    }
    switch (lane->state) {
    case LANE_OPENING:
    case LANE_OPEN:
    case LANE_PASSING:
    case LANE_RAISED:
        lane_answer(t, down, OUTCOME_DONE, "open already");
        return;
    case LANE_BARRED:
    case LANE_RECORDING:
    case LANE_LEARNING:
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, lane_state_text(lane->state));
        return;
    case LANE_FAULT:
        if (!lane_loops_known(lane) || lane->visit.awaited[0]) {
            lane_answer(t, down, OUTCOME_IMPOSSIBLE, "the lane's devices do not answer");
            return;
        }
        open_by_hand(t, down);
        return;
    case LANE_IDLE:
    case LANE_ARMED:
    case LANE_HELD:
    case LANE_ASKING:
    case LANE_QUOTED:
    case LANE_CLOSING:
    case LANE_CLOSED:
        open_by_hand(t, down);
        return;
    case LANE_STATE_COUNT:
        return;
    }
}

/* C5: a canonical key is taken as it is, a text is read like a camera's. */
bool lane_read_subject(const struct lane_turn *t, const struct down *down,
                       struct subject *ret_subject)
{
    struct subject subject = down->subject;
    enum vehicle lane_vehicle = t->lane->config.pairing.vehicle;
    subject.source = SOURCE_ATTENDANT;
    subject.confidence = 1000;
    if (subject.vehicle == VEHICLE_UNKNOWN) {
        subject.vehicle = lane_vehicle;
    }
    if (subject.kind == SUBJECT_PLATE && !subject.key[0]) {
        struct plate plate;
        struct plate_hint hint = {.vehicle = subject.vehicle};
        if (plate_parse(str_c(subject.raw), &hint, &plate, NULL) || plate.kind == PLATE_AMBIGUOUS) {
            return false;
        }
        memcpy(subject.key, plate.canonical, sizeof plate.canonical);
        if (plate.vehicle != VEHICLE_UNKNOWN) {
            subject.vehicle = plate.vehicle;
        }
    }
    *ret_subject = subject;
    return subject.kind != SUBJECT_NONE && subject.key[0];
}

static void do_set_subject(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    struct subject subject;
    if (lane->state != LANE_ARMED && lane->state != LANE_HELD && lane->state != LANE_ASKING &&
        lane->state != LANE_QUOTED) {
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, lane_state_text(lane->state));
    } else if (!lane_read_subject(t, down, &subject)) {
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, "this names no vehicle");
    } else {
        lane_name(t, &subject, down->id, "typed");
        lane_answer(t, down, OUTCOME_DONE, "");
    }
}

/* M1: out of service, or back; `out_of_service` is set. */
static void record_service(struct lane_turn *t, const struct down *down)
{
    struct event event = lane_event(t, EVENT_LANE_MODE, down->id);
    event.session[0] = '\0';
    str_copy_cut(event.code, sizeof event.code, str_c(lane_mode_word(t->lane)));
    memcpy(event.by, down->by, sizeof event.by);
    memcpy(event.text, down->text, sizeof event.text);
    lane_record(t, &event, INSIDE_NONE);
}

static void do_close_lane(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    bool empty = lane->visit.kind == VISIT_NONE && !lane->visit.held;
    bool idle = lane->state == LANE_IDLE || lane->state == LANE_ARMED ||
                (lane->state == LANE_FAULT && lane->barrier.state == BARRIER_STUCK);
    if (lane->state == LANE_CLOSED) {
        lane_answer(t, down, OUTCOME_DONE, "closed already");
    } else if (idle && empty) {
        lane->out_of_service = true;
        record_service(t, down);
        lane_answer(t, down, OUTCOME_DONE, "");
        lane_goto(t, LANE_CLOSED); /* L14 */
    } else {
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, lane_state_text(lane->state));
    }
}

static void do_open_lane(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    if (lane->out_of_service) {
        lane->out_of_service = false;
        record_service(t, down);
    }
    lane_answer(t, down, OUTCOME_DONE, "");
    if (lane->state == LANE_CLOSED ||
        (lane->state == LANE_FAULT && lane->barrier.state == BARRIER_STUCK)) {
        lane_learn(t); /* L38 L40 */
    }
}

void lane_take_command(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    if (lane->unstored > LANE_RECORDS_EASY) {
        lane_ignore(t, down, "records are waiting"); /* C7 */
        return;
    }
    if (!remember(lane, down->id)) {
        lane_ignore(t, down, "repeat");
        return;
    }
    if (t->event->clock == CLOCK_UNKNOWN) { /* C2 */
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, "the gate's clock is not set");
        return;
    }
    if (t->event->wall.ms > down->deadline.ms) {
        lane_answer(t, down, OUTCOME_LATE, "");
        return;
    }
    switch (down->action) {
    case COMMAND_OPEN:
        do_open(t, down);
        return;
    case COMMAND_SET_SUBJECT:
        do_set_subject(t, down);
        return;
    case COMMAND_CLOSE_LANE:
        do_close_lane(t, down);
        return;
    case COMMAND_OPEN_LANE:
        do_open_lane(t, down);
        return;
    case COMMAND_TAKE_CASH:
        lane_take_cash(t, down);
        return;
    case COMMAND_ALLOW_DEBT:
        lane_allow_debt(t, down);
        return;
    case COMMAND_HOLD_OPEN:
        lane_order_mode(t, MODE_HELD_OPEN, down);
        return;
    case COMMAND_HOLD_CLOSED:
        lane_order_mode(t, MODE_HELD_CLOSED, down);
        return;
    case COMMAND_AUTOMATIC:
        lane_order_mode(t, MODE_AUTOMATIC, down);
        return;
    case COMMAND_DIRECTION_ENTRY:
        lane_order_direction(t, LANE_ENTRY, down);
        return;
    case COMMAND_DIRECTION_EXIT:
        lane_order_direction(t, LANE_EXIT, down);
        return;
    case COMMAND_FORGIVE_PASSBACK:
        lane_forgive(t, down);
        return;
    case COMMAND_ACTION_COUNT:
        return;
    }
}
