/* The lane as a whole: what an event means for it, its clocks, and what can be asked about it. */
#include "gate/core/lane_turn.h"

#include "proto/base/check.h"

#include <string.h>

#define X(name, word, sentence) word,
static const char *const state_words[] = {LANE_STATES(X)};
#undef X

/* docs/LANE.md, "States of the lane".  What is not in here cannot happen; lane_goto sees to it. */
static const char *const legal[LANE_STATE_COUNT][LANE_STATE_COUNT] = {
    [LANE_LEARNING] = {[LANE_IDLE] = "L1",
                       [LANE_ARMED] = "L2",
                       [LANE_HELD] = "L3",
                       [LANE_ASKING] = "L4",
                       [LANE_QUOTED] = "L5",
                       [LANE_RECORDING] = "L6",
                       [LANE_OPENING] = "L7",
                       [LANE_CLOSING] = "L9",
                       [LANE_CLOSED] = "L10",
                       [LANE_FAULT] = "L11",
                       [LANE_RAISED] = "L41",
                       [LANE_BARRED] = "L43"},
    [LANE_IDLE] = {[LANE_FAULT] = "L11",
                   [LANE_ARMED] = "L12",
                   [LANE_RECORDING] = "L13",
                   [LANE_CLOSED] = "L14",
                   [LANE_RAISED] = "L41"},
    [LANE_ARMED] = {[LANE_FAULT] = "L11",
                    [LANE_CLOSED] = "L14",
                    [LANE_IDLE] = "L15",
                    [LANE_RECORDING] = "L13 L16",
                    [LANE_ASKING] = "L17",
                    [LANE_HELD] = "L18",
                    [LANE_RAISED] = "L41",
                    [LANE_BARRED] = "L43",
                    [LANE_OPENING] = "L44"},
    [LANE_HELD] = {[LANE_FAULT] = "L11",
                   [LANE_RECORDING] = "L13 L19",
                   [LANE_ASKING] = "L20",
                   [LANE_QUOTED] = "L21",
                   [LANE_IDLE] = "L22",
                   [LANE_RAISED] = "L41",
                   [LANE_ARMED] = "L48"},
    [LANE_ASKING] = {[LANE_FAULT] = "L11",
                     [LANE_QUOTED] = "L23",
                     [LANE_RECORDING] = "L13 L24",
                     [LANE_HELD] = "L25",
                     [LANE_IDLE] = "L26",
                     [LANE_RAISED] = "L41",
                     [LANE_ARMED] = "L48"},
    [LANE_QUOTED] = {[LANE_FAULT] = "L11",
                     [LANE_RECORDING] = "L13 L24",
                     [LANE_HELD] = "L25",
                     [LANE_IDLE] = "L26",
                     [LANE_ASKING] = "L27",
                     [LANE_RAISED] = "L41",
                     [LANE_ARMED] = "L48"},
    [LANE_RECORDING] = {[LANE_FAULT] = "L11",
                        [LANE_OPENING] = "L28",
                        [LANE_IDLE] = "L29 L30",
                        [LANE_ARMED] = "L30 L48",
                        [LANE_ASKING] = "L30",
                        [LANE_QUOTED] = "L30",
                        [LANE_CLOSING] = "L29 L30",
                        [LANE_CLOSED] = "L30",
                        [LANE_RAISED] = "L41",
                        [LANE_BARRED] = "L43"},
    [LANE_OPENING] = {[LANE_FAULT] = "L11",
                      [LANE_OPEN] = "L31",
                      [LANE_PASSING] = "L32",
                      [LANE_CLOSING] = "L33",
                      [LANE_RAISED] = "L41"},
    [LANE_OPEN] = {[LANE_FAULT] = "L11",
                   [LANE_PASSING] = "L32",
                   [LANE_CLOSING] = "L33",
                   [LANE_OPENING] = "L34",
                   [LANE_RAISED] = "L41"},
    [LANE_PASSING] = {[LANE_FAULT] = "L11",
                      [LANE_OPEN] = "L35",
                      [LANE_OPENING] = "L35",
                      [LANE_CLOSING] = "L36",
                      [LANE_RAISED] = "L41"},
    [LANE_CLOSING] = {[LANE_FAULT] = "L11",
                      [LANE_RECORDING] = "L13",
                      [LANE_IDLE] = "L37",
                      [LANE_ARMED] = "L37",
                      [LANE_CLOSED] = "L37",
                      [LANE_RAISED] = "L41"},
    [LANE_FAULT] = {[LANE_RECORDING] = "L13",
                    [LANE_CLOSED] = "L14",
                    [LANE_LEARNING] = "L38",
                    [LANE_PASSING] = "L39",
                    [LANE_RAISED] = "L41"},
    [LANE_CLOSED] = {[LANE_FAULT] = "L11",
                     [LANE_RECORDING] = "L13",
                     [LANE_LEARNING] = "L40",
                     [LANE_RAISED] = "L41"},
    [LANE_BARRED] = {[LANE_FAULT] = "L11",
                     [LANE_RAISED] = "L41",
                     [LANE_OPENING] = "L45",
                     [LANE_LEARNING] = "L46",
                     [LANE_IDLE] = "L47",
                     [LANE_ARMED] = "L47 L48",
                     [LANE_CLOSING] = "L47",
                     [LANE_CLOSED] = "L47"},
    [LANE_RAISED] = {[LANE_FAULT] = "L11", [LANE_LEARNING] = "L42"},
};

const char *lane_state_text(enum lane_state state)
{
    return (unsigned)state < LANE_STATE_COUNT ? state_words[state] : "?";
}

const char *lane_direction_text(enum lane_direction direction)
{
    return direction == LANE_EXIT ? "exit" : "entry";
}

const char *lane_transition_clause(enum lane_state from, enum lane_state to)
{
    must((unsigned)from < LANE_STATE_COUNT && (unsigned)to < LANE_STATE_COUNT);
    return legal[from][to];
}

/* ---- one step's tools ---- */

enum { QUERY_FIRST_MS = 10 * TIME_SECOND_MS }; /* X11 */

struct lane_effect *lane_add_effect(struct lane_turn *t, enum gate_effect_type type)
{
    must(t->effects->count < LANE_EFFECTS_MAX);
    struct lane_effect *effect = &t->effects->effect[t->effects->count++];
    memset(effect, 0, sizeof *effect);
    effect->type = type;
    return effect;
}

void lane_log(struct lane_turn *t, enum gate_log_name name, const char *a, const char *b, int64_t n)
{
    struct gate_log *log = &lane_add_effect(t, GATE_EFF_LOG)->log;
    log->name = name;
    log->n = n;
    str_copy_cut(log->a, sizeof log->a, str_c(a));
    str_copy_cut(log->b, sizeof log->b, str_c(b));
}

/* The state's own time, from the moment it is entered. */
static mono_t state_timer(const struct lane_turn *t)
{
    const struct lane_config *config = &t->lane->config;
    switch (t->lane->state) {
    case LANE_LEARNING:
        return mono_add(t->now, config->learn_ms);
    case LANE_ARMED:
        return mono_add(t->now, config->read_ms);
    case LANE_ASKING:
        return mono_add(t->now, config->answer_ms);
    case LANE_QUOTED:
        return t->lane->visit.quote_until;
    case LANE_OPENING:
    case LANE_OPEN:
        return t->lane->visit.kind == VISIT_HAND ? mono_add(t->now, config->open_ms) : mono_never();
    case LANE_BARRED:
        return config->group ? mono_add(t->now, config->interlock_ms) : mono_never();
    case LANE_IDLE:
    case LANE_HELD:
    case LANE_RECORDING:
    case LANE_PASSING:
    case LANE_CLOSING:
    case LANE_FAULT:
    case LANE_CLOSED:
    case LANE_RAISED:
    case LANE_STATE_COUNT:
        break;
    }
    return mono_never();
}

/* The display says the same all the way from the order to the passage. */
static bool is_go(enum lane_state state)
{
    return state == LANE_OPENING || state == LANE_OPEN || state == LANE_PASSING;
}

void lane_goto(struct lane_turn *t, enum lane_state to)
{
    struct lane *lane = t->lane;
    must(lane_transition_clause(lane->state, to));
    lane_log(t, GATE_LOG_LANE_STATE, lane_state_text(lane->state), lane_state_text(to), 0);
    lane->display_changed = lane->display_changed || !is_go(lane->state) || !is_go(to) ||
                            lane->notice.ms != mono_never().ms;
    lane->state = to;
    lane->since = t->now;
    lane->timer = state_timer(t);
    lane->look = mono_never();
    lane->clear = mono_never();
    lane->gone = mono_never();
    lane->notice = mono_never(); /* what comes now is more important (S2) */
    lane->query = to == LANE_QUOTED ? mono_add(t->now, QUERY_FIRST_MS) : mono_never();
    lane->quoted = t->now;
    lane->status_changed = true;
}

enum level lane_under(const struct lane *lane)
{
    bool photocell = (lane->config.inputs & 1u << INPUT_PHOTOCELL) != 0;
    enum level loop = lane->input[INPUT_SAFETY_LOOP];
    enum level cell = photocell ? lane->input[INPUT_PHOTOCELL] : LEVEL_OFF;
    if (loop == LEVEL_ON || cell == LEVEL_ON) {
        return LEVEL_ON;
    }
    return loop == LEVEL_OFF && cell == LEVEL_OFF ? LEVEL_OFF : LEVEL_UNKNOWN;
}

enum level lane_arming(const struct lane *lane)
{
    bool back = lane->config.reversible && lane->direction != lane->config.direction;
    return lane->input[back ? INPUT_ARMING_BACK : INPUT_ARMING_LOOP];
}

bool lane_is_there(const struct lane *lane)
{
    return lane_arming(lane) == LEVEL_ON || lane_under(lane) == LEVEL_ON;
}

bool lane_loops_known(const struct lane *lane)
{
    return lane->bus_ok && lane_arming(lane) != LEVEL_UNKNOWN && lane_under(lane) != LEVEL_UNKNOWN;
}

bool lane_inputs_known(const struct lane *lane)
{
    for (int i = 0; i < INPUT_ROLE_COUNT; i++) {
        if ((lane->config.inputs & 1u << i) != 0 && lane->input[i] == LEVEL_UNKNOWN) {
            return false;
        }
    }
    return lane->bus_ok;
}

void lane_barrier(struct lane_turn *t, enum barrier_event event)
{
    struct lane *lane = t->lane;
    enum barrier_state before = lane->barrier.state;
    struct barrier_inputs inputs = {lane->input[INPUT_OPENED], lane->input[INPUT_CLOSED],
                                    lane_under(lane)};
    struct barrier_effects wanted;
    barrier_step(&lane->barrier, event, &inputs, t->now, &wanted);
    for (int i = 0; i < wanted.count; i++) {
        struct lane_effect *effect = lane_add_effect(t, GATE_EFF_OUTPUT);
        effect->output.role = wanted.output[i].role;
        effect->output.act = wanted.output[i].act;
    }
    if (wanted.reversed) {
        lane->alarms_now |= 1u << ALARM_BARRIER_BLOCKED;
    }
    if (lane->barrier.state == before) {
        return;
    }
    lane_log(t, GATE_LOG_BARRIER_STATE, barrier_state_text(before),
             barrier_state_text(lane->barrier.state), lane->barrier.inferred);
    if (lane->barrier.state == BARRIER_CLOSED) {
        lane->alarms_now &= ~(1u << ALARM_BARRIER_BLOCKED);
    } else if (lane->barrier.state == BARRIER_FORCED) {
        lane_see_force(t);
    }
    if (lane->barrier.state == BARRIER_OPEN && lane->visit.permitted) {
        lane->visit.seen_open = true;
    }
    lane->status_changed = true;
    t->arm_changed = true;
}

void lane_new_id(struct lane_turn *t, char out[ULID_CAP])
{
    must(t->ids < GATE_IDS_MAX);
    ulid_make(out, t->event->wall, t->event->random + t->ids * ULID_RANDOM_SIZE);
    t->ids++;
}

struct event lane_event(struct lane_turn *t, enum event_type type, const char *cause)
{
    struct event event;
    memset(&event, 0, sizeof event);
    event.type = type;
    event.lane = t->lane->config.lane;
    lane_new_id(t, event.id);
    str_copy_cut(event.session, sizeof event.session, str_c(t->lane->visit.session));
    str_copy_cut(event.cause, sizeof event.cause, str_c(cause));
    return event;
}

void lane_record(struct lane_turn *t, const struct event *event, enum inside_change change)
{
    struct lane *lane = t->lane;
    struct gate_record *record = &lane_add_effect(t, GATE_EFF_RECORD)->record;
    must(lane->unstored < LANE_RECORDS_MAX);
    lane->unstored++;
    record->event = *event;
    record->change = change;
    lane_get_context(lane, &record->context);
}

/* ---- life, and what can be asked ---- */

void lane_init(struct lane *lane, const struct lane_config *config)
{
    memset(lane, 0, sizeof *lane);
    lane->config = *config;
    lane->state = LANE_LEARNING;
    lane->bus_ok = true;
    lane->journal_ok = true;
    lane->timer = mono_never();
    lane->look = mono_never();
    lane->gone = mono_never();
    lane->clear = mono_never();
    lane->notice = mono_never();
    lane->query = mono_never();
    lane->stray.clear = mono_never();
    lane->blocked = mono_never();
    lane->hush = mono_never();
    lane->calm = mono_never();
    lane->poke = mono_never();
    lane->direction = config->direction;
    lane->direction_next = config->direction;
    barrier_init(&lane->barrier, &config->barrier);
    pairing_init(&lane->pairing, &config->pairing);
}

/* I3: the vehicle between the two arms; what it was called is in its session. */
static void restore_group(struct lane *lane, const struct lane_context *context)
{
    enum { LONG_AGO_MS = 24 * 3600 * 1000 }; /* no trailer, no echo of it any more */
    if (lane->config.second) {
        memcpy(lane->second_of, context->group_id, sizeof lane->second_of);
        memcpy(lane->kept.second_of, context->group_id, sizeof lane->kept.second_of);
        lane->kept.under_way = context->kind == VISIT_SECOND;
    } else if (lane->config.group != 0) {
        memcpy(lane->last.id, context->group_id, sizeof lane->last.id);
        memcpy(lane->last.session, context->group_session, sizeof lane->last.session);
        lane->last.at.ms = -LONG_AGO_MS;
    }
}

void lane_restore(struct lane *lane, const struct lane_context *context)
{
    struct lane_visit *visit = &lane->visit;
    lane->out_of_service = context->out_of_service;
    lane->alarms_recorded = context->alarms & ((1u << ALARM_COUNT) - 1);
    lane->alarms_now = lane->alarms_recorded;
    lane->mode = context->mode;
    lane->mode_next = context->mode;
    lane->mode_switch = context->mode_switch;
    lane->emergency = context->emergency;
    lane->emergency_next = context->emergency;
    lane->emergency_recorded = context->emergency;
    if (lane->config.reversible && context->direction != 0) {
        lane->direction = context->direction == 1 ? LANE_ENTRY : LANE_EXIT;
        lane->direction_next = lane->direction;
        lane->scheduled = context->scheduled;
    }
    memcpy(lane->commands, context->commands, sizeof lane->commands);
    memset(visit, 0, sizeof *visit);
    visit->kind = context->kind;
    visit->permitted = context->permitted && context->kind != VISIT_NONE;
    visit->permit = context->permit;
    visit->held = context->held;
    visit->hold = context->hold;
    visit->taken_vnd = context->taken_vnd;
    visit->subject = context->subject;
    memcpy(visit->session, context->session, sizeof visit->session);
    memcpy(visit->ask, context->ask, sizeof visit->ask);
    memcpy(visit->permit_id, context->permit_id, sizeof visit->permit_id);
    memcpy(visit->held_id, context->held_id, sizeof visit->held_id);
    memcpy(visit->command, context->command, sizeof visit->command);
    visit->command_deadline = context->command_deadline;
    visit->restarted = true;
    restore_group(lane, context);
}

void lane_get_partner(const struct lane *lane, struct lane_partner *ret_partner)
{
    bool presence = (lane->config.inputs & 1u << INPUT_PRESENCE) != 0;
    ret_partner->is_down = lane->barrier.state == BARRIER_CLOSED && !lane->barrier.inferred &&
                           lane->state != LANE_OPENING;
    ret_partner->is_clear = !presence || lane->input[INPUT_PRESENCE] == LEVEL_OFF;
    ret_partner->last = &lane->last;
}

void lane_get_context(const struct lane *lane, struct lane_context *ret_context)
{
    const struct lane_visit *visit = &lane->visit;
    const char *permit_id = visit->awaited[0] ? visit->awaited : visit->permit_id;
    memset(ret_context, 0, sizeof *ret_context);
    ret_context->out_of_service = lane->out_of_service;
    ret_context->alarms = lane->alarms_recorded;
    ret_context->mode = lane->mode_next;
    ret_context->mode_switch = lane->mode_switch;
    ret_context->emergency = lane->emergency_next && lane->emergency_recorded;
    if (lane->config.reversible) {
        ret_context->direction = lane->direction_next == LANE_ENTRY ? 1 : 2;
        ret_context->scheduled = lane->scheduled;
    }
    ret_context->kind = visit->kind;
    /* As of the record that this is stored with: what is awaited is durable then. */
    ret_context->permitted = visit->permitted || visit->awaited[0] != '\0';
    ret_context->permit = visit->permit;
    ret_context->held = visit->held;
    ret_context->hold = visit->hold;
    ret_context->taken_vnd = visit->taken_vnd;
    ret_context->subject = visit->subject;
    memcpy(ret_context->session, visit->session, sizeof ret_context->session);
    memcpy(ret_context->ask, visit->ask, sizeof ret_context->ask);
    memcpy(ret_context->permit_id, permit_id, sizeof ret_context->permit_id);
    memcpy(ret_context->held_id, visit->held_id, sizeof ret_context->held_id);
    memcpy(ret_context->command, visit->command, sizeof ret_context->command);
    ret_context->command_deadline = visit->command_deadline;
    memcpy(ret_context->commands, lane->commands, sizeof ret_context->commands);
    if (lane->config.second) {
        memcpy(ret_context->group_id, lane->second_of, sizeof ret_context->group_id);
    } else if (lane->config.group != 0) {
        memcpy(ret_context->group_id, lane->last.id, sizeof ret_context->group_id);
        memcpy(ret_context->group_session, lane->last.session, sizeof ret_context->group_session);
    }
}

static enum display_kind display_of_state(const struct lane *lane)
{
    bool held = lane->mode == MODE_HELD_CLOSED;
    switch (lane->state) {
    case LANE_IDLE:
        return !lane->journal_ok ? DISPLAY_STOPPED : held ? DISPLAY_BARRED : DISPLAY_READY;
    case LANE_ARMED:
        return lane->journal_ok ? DISPLAY_READING : DISPLAY_STOPPED;
    case LANE_BARRED:
        return DISPLAY_BARRED;
    case LANE_RAISED:
        return lane->emergency ? DISPLAY_EMERGENCY : DISPLAY_RAISED;
    case LANE_HELD: /* U3: a person confirms; the driver may pay all the same */
        return lane->visit.hold == HOLD_CONFIRM && lane->visit.has_quote ? DISPLAY_PAY
                                                                         : DISPLAY_HELP;
    case LANE_QUOTED:
        return DISPLAY_PAY;
    case LANE_OPENING:
    case LANE_OPEN:
    case LANE_PASSING:
        return DISPLAY_GO;
    case LANE_FAULT:
        return DISPLAY_STOPPED;
    case LANE_CLOSED:
        return DISPLAY_CLOSED;
    case LANE_LEARNING:
    case LANE_ASKING:
    case LANE_RECORDING:
    case LANE_CLOSING:
    case LANE_STATE_COUNT:
        break;
    }
    return DISPLAY_WAIT;
}

void lane_get_display(const struct lane *lane, struct lane_display *ret_display)
{
    const struct lane_visit *visit = &lane->visit;
    bool notice = lane->notice.ms != mono_never().ms;
    memset(ret_display, 0, sizeof *ret_display);
    ret_display->kind = notice ? lane->notice_kind : display_of_state(lane);
    ret_display->exit = lane->direction == LANE_EXIT;
    ret_display->subject = visit->subject;
    memcpy(ret_display->session, visit->session, sizeof ret_display->session);
    if (ret_display->kind == DISPLAY_HELP) {
        ret_display->hold = visit->hold;
    }
    if (ret_display->kind == DISPLAY_GO) {
        ret_display->permit = visit->permit;
        ret_display->amount_vnd = visit->paid_vnd;
        ret_display->fee_vnd = visit->quote.fee_vnd;
        memcpy(ret_display->url, visit->quote.url, sizeof ret_display->url);
    }
    if (ret_display->kind == DISPLAY_PAY) {
        ret_display->amount_vnd = visit->quote.amount_vnd;
        ret_display->fee_vnd = visit->quote.fee_vnd;
        ret_display->entered = visit->quote.entered;
        ret_display->valid_until = visit->quote.valid_until;
        memcpy(ret_display->paycode, visit->quote.paycode, sizeof ret_display->paycode);
        memcpy(ret_display->payload, visit->quote.payload, sizeof ret_display->payload);
        memcpy(ret_display->url, visit->quote.url, sizeof ret_display->url);
    }
}
