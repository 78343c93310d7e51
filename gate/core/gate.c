/* The gate: which lane an event belongs to, the order of records, and what is sent. */
#include "gate/core/gate.h"

#include "gate/core/gate_check.h"
#include "gate/core/gate_turn.h"
#include "proto/base/check.h"

#include <string.h>

/*
 * What one step can want at most: all that a lane wants (its records become RECORD
 * through the journal, a batch at most), a display, the status, a SEND, and the
 * logs of journal and inside table; or, at the start, the displays of all lanes.
 */
_Static_assert(LANE_EFFECTS_MAX + JOURNAL_BATCH + 8 <= GATE_EFFECTS_MAX, "one lane");
_Static_assert(MSG_LANES_MAX + JOURNAL_BATCH + 8 <= GATE_EFFECTS_MAX, "the start");

/* ---- lanes ---- */

/* A change of heart of the journal concerns all lanes; each is told in a step of its own. */
static void poke_lanes(struct gate *gate)
{
    gate->poke = (1u << gate->config.lane_count) - 1;
}

/* M8: on if it burns at another lane, off if nowhere, else not known. */
static enum level fire_elsewhere(const struct gate *gate, const struct lane *lane)
{
    enum level fire = LEVEL_OFF;
    for (int i = 0; i < gate->config.lane_count; i++) {
        const struct lane *other = &gate->lane[i];
        enum level level = other->input[INPUT_FIRE];
        if (other == lane || (other->config.inputs & 1u << INPUT_FIRE) == 0) {
            continue;
        }
        if (level == LEVEL_ON) {
            return LEVEL_ON;
        }
        fire = level == LEVEL_UNKNOWN ? LEVEL_UNKNOWN : fire;
    }
    return fire;
}

/* The other lane of its group, or NULL. */
static struct lane *find_partner(struct gate *gate, const struct lane *lane)
{
    for (int i = 0; i < gate->config.lane_count && lane->config.group != 0; i++) {
        if (&gate->lane[i] != lane && gate->lane[i].config.group == lane->config.group) {
            return &gate->lane[i];
        }
    }
    return NULL;
}

/* The question of this lane goes ahead of what waits in the journal before it. */
static void send_ahead(struct gate_turn *t, const struct lane *lane)
{
    const struct gate *gate = t->gate;
    int64_t seq = gate->ask_seq[lane - gate->lane];
    bool waits = lane->visit.kind == VISIT_EXIT && lane->visit.ask[0] && !lane->visit.permitted;
    if (waits && gate->connected && seq > gate->delivery.sent + gate->delivery.window) {
        struct gate_effect *effect = gate_add_effect(t, GATE_EFF_SEND, 0);
        effect->send.from = effect->send.to = seq;
    }
}

/* A6: what the server has told of the lot is not older than what this gate has seen. */
static bool lot_is_current(const struct gate *gate)
{
    enum { ON_THE_WAY = 20 }; /* records of the moment */
    return gate->connected && gate->delivery.last - gate->delivery.acked <= ON_THE_WAY;
}

/*
 * I3: the second arm makes no record, so whom it has taken on is kept without one; behind its
 * records that are not durable yet, for each of them brings the context of its own moment.
 */
static void keep_second(struct gate_turn *t, struct lane *lane)
{
    struct lane_kept now;
    memset(&now, 0, sizeof now);
    memcpy(now.second_of, lane->second_of, sizeof now.second_of);
    now.under_way = lane->visit.kind == VISIT_SECOND;
    if (lane->config.second && lane->unstored == 0 &&
        (strcmp(now.second_of, lane->kept.second_of) != 0 ||
         now.under_way != lane->kept.under_way)) {
        lane->kept = now;
        lane_get_context(lane, &gate_add_effect(t, GATE_EFF_KEEP, lane->config.lane)->keep);
    }
}

static void step_lane(struct gate_turn *t, struct lane *lane, const char *stored)
{
    struct gate *gate = t->gate;
    struct lane_partner partner;
    unsigned bit = 1u << (lane - gate->lane);
    struct lane_view view = {!gate->journal.failed,      stored,    &gate->inside,       NULL,
                             fire_elsewhere(gate, lane), gate->lot, lot_is_current(gate)};
    if ((gate->fire_due & bit) != 0 && t->event->type != GATE_EV_START) {
        view.fire = LEVEL_ON; /* also when it was on for a moment only */
        gate->fire_due &= ~bit;
    }
    enum level fire = lane->input[INPUT_FIRE];
    struct lane *other = find_partner(gate, lane);
    if (other) {
        lane_get_partner(other, &partner);
        view.partner = &partner;
    }
    struct lane_partner before;
    lane_get_partner(lane, &before);
    char last[ULID_CAP];
    memcpy(last, before.last->id, sizeof last);
    struct lane_effects wanted;
    lane_step(lane, t->event, &view, &wanted);
    if (fire != lane->input[INPUT_FIRE]) {
        poke_lanes(gate); /* it concerns them all, each in a step of its own */
        gate->fire_due |= lane->input[INPUT_FIRE] == LEVEL_ON ? gate->poke & ~bit : 0;
    }
    struct lane_partner after;
    lane_get_partner(lane, &after);
    if (other && (before.is_down != after.is_down || before.is_clear != after.is_clear ||
                  strcmp(last, after.last->id) != 0)) {
        gate->poke |= 1u << (other - gate->lane); /* this may be what it waits for */
    }
    keep_second(t, lane);
    for (int i = 0; i < wanted.count; i++) {
        struct lane_effect *from = &wanted.effect[i];
        if (from->type == GATE_EFF_RECORD) {
            gate_change_inside(t, &from->record);
            gate_append(t, &from->record);
            continue;
        }
        struct gate_effect *effect = gate_add_effect(t, from->type, lane->config.lane);
        if (from->type == GATE_EFF_OUTPUT) {
            effect->output.role = from->output.role;
            effect->output.act = from->output.act;
        } else if (from->type == GATE_EFF_QUERY) {
            effect->query = from->query;
            memcpy(effect->query.gate, gate->config.gate, sizeof effect->query.gate);
            send_ahead(t, lane); /* the server may have forgotten it, or never heard it */
        } else {
            effect->log = from->log;
        }
    }
}

/* U2: the gate's own answer, when its record is durable; as if the server had said it. */
static bool give_local(struct gate_turn *t)
{
    struct gate *gate = t->gate;
    for (int i = 0; i < gate->config.lane_count; i++) {
        struct gate_local *local = &gate->local[i];
        if (!local->durable || local->given) {
            continue;
        }
        struct gate_event said = *t->event;
        const struct gate_event *event = t->event;
        local->given = true;
        said.type = GATE_EV_DOWN;
        said.lane = gate->lane[i].config.lane;
        said.down = local->down;
        said.down.lane = said.lane;
        t->event = &said;
        step_lane(t, &gate->lane[i], "");
        t->event = event;
        return true;
    }
    return false;
}

static void take_timeout(struct gate_turn *t)
{
    struct gate *gate = t->gate;
    int due = -1;
    if (give_local(t)) {
        return;
    }
    for (int i = 0; i < gate->config.lane_count; i++) {
        if ((gate->poke & 1u << i) != 0) {
            due = i;
            break;
        }
        if (mono_reached(t->event->now, lane_deadline(&gate->lane[i])) &&
            (due < 0 ||
             mono_diff(lane_deadline(&gate->lane[i]), lane_deadline(&gate->lane[due])) < 0)) {
            due = i;
        }
    }
    if (due >= 0) {
        gate->poke &= ~(1u << due);
        step_lane(t, &gate->lane[due], "");
    }
}

/* Rule 7; a person ends it, J5. */
static void record_trouble(struct gate_turn *t)
{
    struct event event;
    struct out text;
    if (t->event->start.trouble == GATE_TROUBLE_NONE) {
        return;
    }
    memset(&event, 0, sizeof event);
    event.type = EVENT_ALARM;
    event.raised = true;
    bool damaged = t->event->start.trouble == GATE_TROUBLE_DAMAGED;
    str_copy_cut(event.code, sizeof event.code,
                 str_c(damaged ? "journal.damaged" : "journal.behind"));
    out_init(&text, event.text, sizeof event.text);
    out_fmt(&text, "a new generation begins; %d events were taken along", t->event->start.kept);
    gate_record_own(t, &event);
}

static void take_start(struct gate_turn *t)
{
    struct gate *gate = t->gate;
    int64_t last = t->event->start.last_seq;
    int64_t acked = t->event->start.acked_seq;
    gate->started = true;
    gate->generation = t->event->start.generation;
    gate->boot = t->event->start.boot;
    gate->status_changed = true;
    journal_init(&gate->journal, last);
    health_start(&gate->health, t->event->now);
    delivery_out_init(&gate->delivery, acked < last ? acked : last, last, DELIVERY_WINDOW);
    gate->delivery.pace = gate->config.pace;
    struct event event;
    memset(&event, 0, sizeof event);
    event.type = EVENT_BOOT;
    memcpy(event.code, gate->config.version, sizeof event.code);
    struct out text;
    out_init(&text, event.text, sizeof event.text);
    out_add_c(&text, "journal up to ");
    out_i64(&text, last);
    out_add_c(&text, ", acknowledged up to ");
    out_i64(&text, acked);
    gate_record_own(t, &event);
    record_trouble(t);
    for (int i = 0; i < gate->config.lane_count; i++) {
        gate->lane[i].display_changed = true;
        step_lane(t, &gate->lane[i], "");
    }
}

static void note_stored(struct gate_turn *t, const struct event *event)
{
    struct gate *gate = t->gate;
    const struct delivery_out *d = &gate->delivery;
    const struct lane *lane = gate_find_lane(gate, event->lane);
    if (event->type == EVENT_EXIT_ASKED && lane) {
        gate->ask_seq[lane - gate->lane] = event->seq;
    }
    for (int i = 0; i < gate->config.lane_count && event->type == EVENT_QUOTED; i++) {
        if (strcmp(gate->local[i].down.id, event->id) == 0) {
            gate->local[i].durable = true;
        }
    }
    /* Today's car does not wait behind yesterday's backlog: its question goes ahead. */
    if (event->type == EVENT_EXIT_ASKED && d->connected && d->sent + 1 < event->seq) {
        struct gate_effect *effect = gate_add_effect(t, GATE_EFF_SEND, 0);
        effect->send.from = effect->send.to = event->seq;
    }
}

static void take_stored(struct gate_turn *t)
{
    struct gate *gate = t->gate;
    struct gate_record record;
    int64_t seq = t->event->stored.seq;
    bool failed = gate->journal.failed;
    if (journal_stored(&gate->journal, seq, &record)) {
        gate_add_log(t, GATE_LOG_EVENT_IGNORED, gate_event_text(t->event->type), "", seq);
        return;
    }
    delivery_out_appended(&gate->delivery, seq, t->event->now);
    if (failed) {
        gate_add_log(t, GATE_LOG_STORE_WORKS, "", "", seq);
        poke_lanes(gate);
    }
    struct lane *lane = gate_find_lane(gate, record.event.lane);
    note_stored(t, &record.event);
    if (lane) {
        step_lane(t, lane, record.event.id);
    } else {
        gate->own_unstored--;
    }
}

static void take_store_failed(struct gate_turn *t)
{
    struct gate *gate = t->gate;
    int64_t seq = t->event->stored.seq;
    bool failed = gate->journal.failed;
    if (journal_store_failed(&gate->journal, seq, t->event->now)) {
        gate_add_log(t, GATE_LOG_EVENT_IGNORED, gate_event_text(t->event->type), "", seq);
        return;
    }
    gate_add_log(t, GATE_LOG_STORE_FAILED, "", "", seq);
    if (!failed) {
        poke_lanes(gate);
    }
}

/* ---- what the server says ---- */

/* C1 for a lane that is not here. */
static void refuse_command(struct gate_turn *t, const struct down *down)
{
    struct gate *gate = t->gate;
    for (int i = 0; i < CONTEXT_COMMANDS; i++) {
        if (strcmp(gate->own.commands[i], down->id) == 0) {
            gate_add_log(t, GATE_LOG_DOWN_IGNORED, down_type_text(down->type), "repeat", 0);
            return;
        }
    }
    if (gate->own_unstored > LANE_RECORDS_MAX / 2) {
        gate_add_log(t, GATE_LOG_DOWN_IGNORED, down_type_text(down->type), "records are waiting",
                     0);
        return;
    }
    memmove(gate->own.commands[1], gate->own.commands[0],
            (CONTEXT_COMMANDS - 1) * sizeof gate->own.commands[0]);
    memcpy(gate->own.commands[0], down->id, sizeof gate->own.commands[0]);
    struct event event;
    memset(&event, 0, sizeof event);
    event.type = EVENT_COMMAND_DONE;
    event.outcome = OUTCOME_IMPOSSIBLE;
    memcpy(event.cause, down->id, sizeof event.cause);
    str_copy_cut(event.text, sizeof event.text, STR("no such lane"));
    gate_record_own(t, &event);
}

/* This journal is an old copy: rule 7.  The shell begins a new generation. */
static void note_behind(struct gate_turn *t, const struct down *down)
{
    struct gate *gate = t->gate;
    if (!gate->behind) {
        gate->behind = true;
        gate->behind_generation = down->generation;
        gate_add_log(t, GATE_LOG_JOURNAL_BEHIND, "", "", down->seq);
    }
}

static void take_down(struct gate_turn *t)
{
    struct gate *gate = t->gate;
    const struct down *down = &t->event->down;
    bool ours = down->generation == gate->generation;
    struct lane *lane = gate_find_lane(gate, down->lane);
    switch (down->type) {
    case DOWN_ACK:
        if (ours && down->seq > gate->delivery.last) {
            note_behind(t, down);
        }
        if (ours) {
            delivery_out_acked(&gate->delivery, down->seq, t->event->now);
        }
        break;
    case DOWN_GAP:
        if (ours) {
            delivery_out_gap(&gate->delivery, down->seq);
        } else if (down->generation > gate->generation) {
            note_behind(t, down); /* what it has of ours is not what we have */
            return;
        }
        break;
    case DOWN_QUOTE:
    case DOWN_PAID:
        if (lane) {
            step_lane(t, lane, "");
        } else {
            gate_add_log(t, GATE_LOG_DOWN_IGNORED, down_type_text(down->type), "no such lane", 0);
        }
        return;
    case DOWN_COMMAND:
        if (lane) {
            step_lane(t, lane, "");
        } else {
            refuse_command(t, down);
        }
        return;
    case DOWN_TYPE_COUNT:
        return;
    }
    if (!ours) {
        gate_add_log(t, GATE_LOG_DOWN_IGNORED, down_type_text(down->type), "another generation",
                     down->generation);
    }
}

static void take_event(struct gate_turn *t)
{
    struct gate *gate = t->gate;
    struct lane *lane = gate_find_lane(gate, t->event->lane);
    switch (t->event->type) {
    case GATE_EV_START:
        take_start(t);
        return;
    case GATE_EV_INPUT:
    case GATE_EV_BUS:
    case GATE_EV_PLATE:
    case GATE_EV_CARD:
    case GATE_EV_SCAN_OTHER:
    case GATE_EV_COIL:
        if (lane) {
            step_lane(t, lane, "");
        } else {
            gate_add_log(t, GATE_LOG_EVENT_IGNORED, gate_event_text(t->event->type), "no such lane",
                         0);
        }
        return;
    case GATE_EV_STORED:
        take_stored(t);
        return;
    case GATE_EV_STORE_FAILED:
        take_store_failed(t);
        return;
    case GATE_EV_LINK:
        gate->connected = t->event->link.connected;
        gate->status_changed = true;
        delivery_out_connected(&gate->delivery, gate->connected, t->event->now);
        for (int i = 0; i < gate->config.lane_count; i++) {
            send_ahead(t, &gate->lane[i]); /* who has waited for the line comes first */
        }
        return;
    case GATE_EV_DOWN:
        take_down(t);
        return;
    case GATE_EV_DESK:
        gate_take_desk(t);
        return;
    case GATE_EV_DEVICE:
        (void)health_note(&gate->health, &t->event->device, t->event->now);
        return;
    case GATE_EV_TIMEOUT:
        take_timeout(t);
        return;
    case GATE_EV_COUNT:
        return;
    }
}

/* Rule 9: the clock has become known; what was recorded before can be dated now. */
static void note_clock(struct gate_turn *t)
{
    struct gate *gate = t->gate;
    struct event event;
    if (!gate->clock_unknown || t->event->clock == CLOCK_UNKNOWN || gate->journal.failed ||
        gate->own_unstored > 4 || t->event->type == GATE_EV_START) {
        return;
    }
    gate->clock_unknown = false;
    memset(&event, 0, sizeof event);
    event.type = EVENT_CLOCK_SET;
    gate_record_own(t, &event);
}

/* What follows from the new state, after everything that the event itself wants. */
static void finish(struct gate_turn *t)
{
    struct gate *gate = t->gate;
    int64_t from = 0;
    int64_t to = 0;
    gate_record_journal_alarm(t);
    gate_record_device_alarm(t);
    note_clock(t);
    gate_look_offline(t);
    gate_hand_out(t);
    for (int i = 0; i < gate->config.lane_count; i++) {
        struct lane *lane = &gate->lane[i];
        if (lane->display_changed) {
            lane_get_display(lane,
                             &gate_add_effect(t, GATE_EFF_DISPLAY, lane->config.lane)->display);
        }
        gate->status_changed = gate->status_changed || lane->status_changed;
        lane->display_changed = false;
        lane->status_changed = false;
    }
    if (gate->status_changed) {
        gate_add_effect(t, GATE_EFF_STATUS, 0);
        gate->status_changed = false;
    }
    if (delivery_out_take(&gate->delivery, t->event->now, &from, &to)) {
        struct gate_effect *effect = gate_add_effect(t, GATE_EFF_SEND, 0);
        effect->send.from = from;
        effect->send.to = to;
    }
}

void gate_step(struct gate *gate, const struct gate_event *event, struct gate_effects *effects)
{
    struct gate_turn t = {gate, event, effects, 0, 0};
    effects->count = 0;
    bool is_start = event->type == GATE_EV_START;
    if (!gate_event_is_valid(event) || is_start == gate->started) {
        const char *why = gate_event_is_valid(event) ? "out of place" : "out of range";
        gate_add_log(&t, GATE_LOG_EVENT_IGNORED, gate_event_text(event->type), why, 0);
        return;
    }
    gate->now = event->now;
    take_event(&t);
    finish(&t);
}

mono_t gate_deadline(const struct gate *gate)
{
    if (!gate->started) {
        return mono_never();
    }
    if (gate->poke != 0) {
        return gate->now;
    }
    mono_t first =
        mono_min(journal_deadline(&gate->journal), delivery_out_deadline(&gate->delivery));
    for (int i = 0; i < gate->config.lane_count; i++) {
        if (gate->local[i].durable && !gate->local[i].given) {
            return gate->now;
        }
        first = mono_min(first, gate_local_due(gate, i));
        first = mono_min(first, lane_deadline(&gate->lane[i]));
    }
    return mono_min(first, health_deadline(&gate->health));
}

void gate_init(struct gate *gate, const struct gate_config *config)
{
    const char *why;
    int lane;
    must(gate_config_check(config, &why, &lane) == 0);
    memset(gate, 0, sizeof *gate);
    gate->config = *config;
    inside_init(&gate->inside);
    for (int i = 0; i < config->lane_count; i++) {
        lane_init(&gate->lane[i], &config->lane[i]);
    }
}

void gate_restore_lane(struct gate *gate, int lane, const struct lane_context *context)
{
    must(!gate->started);
    struct lane *found = gate_find_lane(gate, lane);
    if (lane == 0) {
        gate->own = *context;
    } else if (found) {
        lane_restore(found, context);
    }
}

void gate_restore_inside(struct gate *gate, const struct inside_entry *entry)
{
    must(!gate->started);
    inside_add(&gate->inside, entry);
}

void gate_restore_alarm(struct gate *gate, int lane, const char *code)
{
    must(!gate->started);
    health_restore(&gate->health, lane, code);
}

void gate_use_lot(struct gate *gate, const struct lot *lot)
{
    gate->status_changed = true;
    gate->lot = lot;
}

void gate_status(const struct gate *gate, wall_t now, struct status *ret_status)
{
    memset(ret_status, 0, sizeof *ret_status);
    ret_status->online = true;
    memcpy(ret_status->gate, gate->config.gate, sizeof ret_status->gate);
    memcpy(ret_status->version, gate->config.version, sizeof ret_status->version);
    ret_status->generation = gate->generation;
    ret_status->seq = gate->journal.last;
    ret_status->boot = gate->boot;
    ret_status->config = gate->lot ? gate->lot->version : 0;
    ret_status->wall = now;
    ret_status->lane_count = gate->config.lane_count;
    for (int i = 0; i < gate->config.lane_count; i++) {
        const struct lane *lane = &gate->lane[i];
        struct status_lane *to = &ret_status->lane[i];
        to->lane = lane->config.lane;
        str_copy_cut(to->direction, sizeof to->direction,
                     str_c(lane_direction_text(lane->direction)));
        str_copy_cut(to->state, sizeof to->state, str_c(lane_state_text(lane->state)));
        str_copy_cut(to->mode, sizeof to->mode, str_c(lane_mode_word(lane)));
        str_copy_cut(to->barrier, sizeof to->barrier,
                     str_c(barrier_state_text(lane->barrier.state)));
    }
}

int gate_display(const struct gate *gate, int lane, struct lane_display *ret_display)
{
    for (int i = 0; i < gate->config.lane_count; i++) {
        if (gate->lane[i].config.lane == lane) {
            lane_get_display(&gate->lane[i], ret_display);
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}
