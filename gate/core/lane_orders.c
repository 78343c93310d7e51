/* What the server says to a lane: quotes, payments, commands.  docs/LANE.md, X and C. */
#include "gate/core/lane_turn.h"

#include <string.h>

enum { QUOTE_MS_MIN = 10 * TIME_SECOND_MS, QUOTE_MS_MAX = TIME_HOUR_MS };

static bool is_text_equal(const char *a, const char *b)
{
    return a[0] && strcmp(a, b) == 0;
}

static void ignore(struct lane_turn *t, const struct down *down, const char *why)
{
    lane_log(t, GATE_LOG_DOWN_IGNORED, down_type_text(down->type), why, 0);
}

/* X2: is this for the vehicle that stands here? */
static bool fits(const struct lane_visit *visit, const struct down *down)
{
    return visit->kind == VISIT_EXIT &&
           (is_text_equal(down->ask, visit->ask) || is_text_equal(down->session, visit->session));
}

/* X8: permitted, or about to be. */
static bool is_decided(const struct lane_visit *visit)
{
    return visit->permitted || visit->awaited[0];
}

/* X1: the server's word about the session wins. */
static void adopt_session(struct lane_visit *visit, const struct down *down)
{
    if (down->session[0]) {
        memcpy(visit->session, down->session, sizeof visit->session);
    }
}

/* X7 */
static mono_t quote_end(const struct lane_turn *t, const struct down *down)
{
    int64_t ms = t->lane->config.quote_ms;
    if (down->valid_until.ms > 0 && t->event->clock != CLOCK_UNKNOWN && t->event->wall.ms > 0) {
        ms = wall_diff(down->valid_until, t->event->wall);
        ms = ms < QUOTE_MS_MIN ? QUOTE_MS_MIN : ms > QUOTE_MS_MAX ? QUOTE_MS_MAX : ms;
    }
    return mono_add(t->now, ms);
}

static void take_amount(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    struct lane_visit *visit = &lane->visit;
    struct lane_quote *quote = &visit->quote;
    memset(quote, 0, sizeof *quote);
    quote->amount_vnd = down->amount_vnd;
    quote->fee_vnd = down->fee_vnd;
    quote->entered = down->entered;
    quote->valid_until = down->valid_until;
    memcpy(quote->paycode, down->paycode, sizeof quote->paycode);
    memcpy(quote->payload, down->payload, sizeof quote->payload);
    memcpy(quote->url, down->url, sizeof quote->url);
    visit->has_quote = true;
    visit->quote_until = quote_end(t, down);
    if (visit->held) {
        lane_release(t, "answered");
    }
    if (lane->state == LANE_QUOTED) {
        lane->timer = visit->quote_until;
        lane->display_changed = true;
    } else if (lane->state == LANE_ASKING || lane->state == LANE_HELD) {
        lane_goto(t, LANE_QUOTED); /* L21 L23 */
    }
}

static void take_refusal(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    if (lane->state == LANE_ASKING || lane->state == LANE_QUOTED || lane->state == LANE_HELD) {
        lane->visit.has_quote = false;
        lane_hold(t, HOLD_NO_ENTRY, &lane->visit.subject, down->id, down->text); /* L25 */
    } else {
        memset(lane->visit.quote_id, 0, sizeof lane->visit.quote_id); /* not now; it comes again */
        ignore(t, down, lane_state_text(lane->state));
    }
}

static void take_quote(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    struct lane_visit *visit = &lane->visit;
    if (!fits(visit, down)) {
        ignore(t, down, "another visit");
        return;
    }
    if (is_decided(visit) || is_text_equal(down->id, visit->quote_id)) {
        ignore(t, down, "repeat");
        return;
    }
    bool opens =
        down->state == QUOTE_PAID || down->state == QUOTE_FREE || down->state == QUOTE_EXEMPT;
    if (!opens && lane->unstored > LANE_RECORDS_EASY) {
        ignore(t, down, "records are waiting");
        return;
    }
    adopt_session(visit, down);
    memcpy(visit->quote_id, down->id, sizeof visit->quote_id);
    switch (down->state) {
    case QUOTE_DUE:
        take_amount(t, down);
        return;
    case QUOTE_PAID:
        visit->quote.fee_vnd = down->fee_vnd;
        visit->paid_vnd = down->fee_vnd;
        lane_permit(t, PERMIT_PAID, down->id);
        return;
    case QUOTE_FREE:
        lane_permit(t, PERMIT_FREE, down->id);
        return;
    case QUOTE_EXEMPT:
        lane_permit(t, PERMIT_EXEMPT, down->id);
        return;
    case QUOTE_UNKNOWN:
    case QUOTE_REVIEW:
        take_refusal(t, down);
        return;
    case QUOTE_STATE_COUNT:
        return;
    }
}

static void take_payment(struct lane_turn *t, const struct down *down)
{
    struct lane_visit *visit = &t->lane->visit;
    if (!fits(visit, down)) {
        ignore(t, down, "another visit");
        return;
    }
    if (is_decided(visit)) {
        ignore(t, down, "repeat");
        return;
    }
    adopt_session(visit, down);
    visit->paid_vnd = down->amount_vnd;
    visit->quote.fee_vnd = down->fee_vnd;
    lane_permit(t, PERMIT_PAID, down->id);
}

/* ---- commands ---- */

bool lane_command_is_late(const struct lane_turn *t)
{
    return t->event->wall.ms > t->lane->visit.command_deadline.ms;
}

/* C1: the newest first; what falls off the end is older than any repeat. */
static bool remember(struct lane *lane, const char *id)
{
    for (int i = 0; i < CONTEXT_COMMANDS; i++) {
        if (is_text_equal(id, lane->commands[i])) {
            return false;
        }
    }
    memmove(lane->commands[1], lane->commands[0],
            (CONTEXT_COMMANDS - 1) * sizeof lane->commands[0]);
    memcpy(lane->commands[0], id, sizeof lane->commands[0]);
    return true;
}

static void answer(struct lane_turn *t, const struct down *down, enum command_outcome outcome,
                   const char *text)
{
    static const char *const actions[] = {"open", "set_subject", "close_lane", "open_lane"};
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
    bool asks = visit->kind == VISIT_EXIT && !is_decided(visit);
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
    switch (lane->state) {
    case LANE_OPENING:
    case LANE_OPEN:
    case LANE_PASSING:
        answer(t, down, OUTCOME_DONE, "open already");
        return;
    case LANE_RECORDING:
    case LANE_LEARNING:
        answer(t, down, OUTCOME_IMPOSSIBLE, lane_state_text(lane->state));
        return;
    case LANE_FAULT:
        if (!lane_loops_known(lane) || lane->visit.awaited[0]) {
            answer(t, down, OUTCOME_IMPOSSIBLE, "the lane's devices do not answer");
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
static bool read_subject(const struct lane_turn *t, const struct down *down,
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
        answer(t, down, OUTCOME_IMPOSSIBLE, lane_state_text(lane->state));
    } else if (!read_subject(t, down, &subject)) {
        answer(t, down, OUTCOME_IMPOSSIBLE, "this names no vehicle");
    } else {
        lane_name(t, &subject, down->id, "typed");
        answer(t, down, OUTCOME_DONE, "");
    }
}

static void do_close_lane(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    bool empty = lane->visit.kind == VISIT_NONE && !lane->visit.held;
    bool idle = lane->state == LANE_IDLE || lane->state == LANE_ARMED ||
                (lane->state == LANE_FAULT && lane->barrier.state == BARRIER_STUCK);
    if (lane->state == LANE_CLOSED) {
        answer(t, down, OUTCOME_DONE, "closed already");
    } else if (idle && empty) {
        lane->out_of_service = true;
        answer(t, down, OUTCOME_DONE, "");
        lane_goto(t, LANE_CLOSED); /* L14 */
    } else {
        answer(t, down, OUTCOME_IMPOSSIBLE, lane_state_text(lane->state));
    }
}

static void do_open_lane(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    lane->out_of_service = false;
    answer(t, down, OUTCOME_DONE, "");
    if (lane->state == LANE_CLOSED ||
        (lane->state == LANE_FAULT && lane->barrier.state == BARRIER_STUCK)) {
        lane_learn(t); /* L38 L40 */
    }
}

static void take_command(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    if (lane->unstored > LANE_RECORDS_EASY) {
        ignore(t, down, "records are waiting"); /* C7 */
        return;
    }
    if (!remember(lane, down->id)) {
        ignore(t, down, "repeat");
        return;
    }
    if (t->event->clock == CLOCK_UNKNOWN) { /* C2 */
        answer(t, down, OUTCOME_IMPOSSIBLE, "the gate's clock is not set");
        return;
    }
    if (t->event->wall.ms > down->deadline.ms) {
        answer(t, down, OUTCOME_LATE, "");
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
    case COMMAND_HOLD_OPEN:
    case COMMAND_HOLD_CLOSED:
    case COMMAND_AUTOMATIC:
    case COMMAND_DIRECTION_ENTRY:
    case COMMAND_DIRECTION_EXIT:
    case COMMAND_TAKE_CASH:
    case COMMAND_ALLOW_DEBT:
    case COMMAND_FORGIVE_PASSBACK:
        answer(t, down, OUTCOME_IMPOSSIBLE, "this lane does not know the order");
        return;
    case COMMAND_ACTION_COUNT:
        return;
    }
}

void lane_down(struct lane_turn *t, const struct down *down)
{
    switch (down->type) {
    case DOWN_QUOTE:
        take_quote(t, down);
        return;
    case DOWN_PAID:
        take_payment(t, down);
        return;
    case DOWN_COMMAND:
        take_command(t, down);
        return;
    case DOWN_ACK:
    case DOWN_GAP:
    case DOWN_TYPE_COUNT:
        return;
    }
}
