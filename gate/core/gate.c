/* The gate: which lane an event belongs to, the order of records, and what is sent. */
#include "gate/core/gate.h"

#include "gate/core/gate_check.h"
#include "proto/base/check.h"

#include <string.h>

/*
 * What one step can want at most: all that a lane wants (its records become RECORD
 * through the journal, a batch at most), a display, the status, a SEND, and the
 * logs of journal and inside table; or, at the start, the displays of all lanes.
 */
_Static_assert(LANE_EFFECTS_MAX + JOURNAL_BATCH + 8 <= GATE_EFFECTS_MAX, "one lane");
_Static_assert(MSG_LANES_MAX + JOURNAL_BATCH + 8 <= GATE_EFFECTS_MAX, "the start");

/* One step's working set. */
struct turn {
    struct gate *gate;
    const struct gate_event *event;
    struct gate_effects *effects;
    int given; /* records handed out in this step */
    int ids;
};

static struct gate_effect *add_effect(struct turn *t, enum gate_effect_type type, int lane)
{
    must(t->effects->count < GATE_EFFECTS_MAX);
    struct gate_effect *effect = &t->effects->effect[t->effects->count++];
    memset(effect, 0, sizeof *effect);
    effect->type = type;
    effect->lane = lane;
    return effect;
}

static void add_log(struct turn *t, enum gate_log_name name, const char *a, const char *b,
                    int64_t n)
{
    struct gate_log *log = &add_effect(t, GATE_EFF_LOG, 0)->log;
    log->name = name;
    log->n = n;
    str_copy_cut(log->a, sizeof log->a, str_c(a));
    str_copy_cut(log->b, sizeof log->b, str_c(b));
}

/* ---- records ---- */

static void hand_out(struct turn *t)
{
    while (t->given < JOURNAL_BATCH) {
        const struct gate_record *record = journal_take(&t->gate->journal, t->event->now);
        if (!record) {
            return;
        }
        add_effect(t, GATE_EFF_RECORD, record->event.lane)->record = *record;
        t->given++;
    }
}

/* What only the gate knows of an event; then it has its place in the journal. */
static void append(struct turn *t, const struct gate_record *record)
{
    struct gate *gate = t->gate;
    struct gate_record complete = *record;
    struct event *event = &complete.event;
    memcpy(event->gate, gate->config.gate, sizeof event->gate);
    event->generation = gate->generation;
    event->boot = gate->boot;
    event->mono = t->event->now;
    event->wall = t->event->wall;
    event->clock = t->event->clock;
    event->offline = !gate->connected;
    gate->clock_unknown = gate->clock_unknown || t->event->clock == CLOCK_UNKNOWN;
    journal_append(&gate->journal, &complete);
    hand_out(t);
}

/* Since when it is inside, as far as this gate can say: an offline exit is priced by it. */
static void date_inside(const struct turn *t, struct gate_record *record)
{
    const struct inside *inside = &t->gate->inside;
    const struct event *event = &record->event;
    if (record->change != INSIDE_ADD || record->inside.entered.ms != 0) {
        return;
    }
    record->inside.entered = event->entered;
    for (int i = 0; i < inside->count && record->inside.entered.ms == 0; i++) {
        if (strcmp(inside->entry[i].session, record->inside.session) == 0) {
            record->inside.entered = inside->entry[i].entered;
        }
    }
    if (record->inside.entered.ms == 0 && event->type == EVENT_ENTERED &&
        t->event->clock != CLOCK_UNKNOWN) {
        record->inside.entered = t->event->wall;
    }
}

static void change_inside(struct turn *t, struct gate_record *record)
{
    date_inside(t, record);
    struct inside *inside = &t->gate->inside;
    if (record->change == INSIDE_REMOVE) {
        inside_remove(inside, record->inside.session);
    } else if (record->change == INSIDE_ADD) {
        struct subject subject;
        memset(&subject, 0, sizeof subject);
        subject.kind = record->inside.kind;
        subject.vehicle = record->inside.vehicle;
        memcpy(subject.key, record->inside.key, sizeof subject.key);
        const char *before = inside_find(inside, &subject);
        if (before[0]) {
            add_log(t, GATE_LOG_INSIDE_REPLACED, before, record->inside.session, 0);
        }
        inside_add(inside, &record->inside);
    }
}

/* A record of the gate itself: lane 0. */
static void record_own(struct turn *t, struct event *event)
{
    struct gate_record record;
    memset(&record, 0, sizeof record);
    must(t->gate->own_unstored < LANE_RECORDS_MAX);
    must(t->ids < GATE_IDS_MAX);
    /* Its ids come from the end of the random bytes; a lane takes its own from the beginning. */
    t->ids++;
    ulid_make(event->id, t->event->wall,
              t->event->random + (GATE_IDS_MAX - t->ids) * ULID_RANDOM_SIZE);
    t->gate->own_unstored++;
    record.event = *event;
    record.context = t->gate->own;
    append(t, &record);
}

/* J1: raised while it cannot be stored, so it is the last of the queue; cleared when all are. */
static void record_journal_alarm(struct turn *t)
{
    struct gate *gate = t->gate;
    unsigned bit = 1u << ALARM_JOURNAL_FAILED;
    bool recorded = (gate->own.alarms & bit) != 0;
    bool raise = gate->journal.failed && !recorded;
    bool clear = !gate->journal.failed && gate->journal.count == 0 && recorded;
    if (!raise && !clear) {
        return;
    }
    struct event event;
    memset(&event, 0, sizeof event);
    event.type = EVENT_ALARM;
    event.raised = raise;
    str_copy_cut(event.code, sizeof event.code, str_c(lane_alarm_code(ALARM_JOURNAL_FAILED)));
    gate->own.alarms ^= bit;
    record_own(t, &event);
}

/* ---- lanes ---- */

static struct lane *find_lane(struct gate *gate, int number)
{
    for (int i = 0; i < gate->config.lane_count; i++) {
        if (gate->lane[i].config.lane == number) {
            return &gate->lane[i];
        }
    }
    return NULL;
}

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
static void send_ahead(struct turn *t, const struct lane *lane)
{
    const struct gate *gate = t->gate;
    int64_t seq = gate->ask_seq[lane - gate->lane];
    bool waits = lane->visit.kind == VISIT_EXIT && lane->visit.ask[0] && !lane->visit.permitted;
    if (waits && gate->connected && seq > gate->delivery.sent + gate->delivery.window) {
        struct gate_effect *effect = add_effect(t, GATE_EFF_SEND, 0);
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
static void keep_second(struct turn *t, struct lane *lane)
{
    struct lane_kept now;
    memset(&now, 0, sizeof now);
    memcpy(now.second_of, lane->second_of, sizeof now.second_of);
    now.under_way = lane->visit.kind == VISIT_SECOND;
    if (lane->config.second && lane->unstored == 0 &&
        (strcmp(now.second_of, lane->kept.second_of) != 0 ||
         now.under_way != lane->kept.under_way)) {
        lane->kept = now;
        lane_get_context(lane, &add_effect(t, GATE_EFF_KEEP, lane->config.lane)->keep);
    }
}

static void step_lane(struct turn *t, struct lane *lane, const char *stored)
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
            change_inside(t, &from->record);
            append(t, &from->record);
            continue;
        }
        struct gate_effect *effect = add_effect(t, from->type, lane->config.lane);
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
static bool give_local(struct turn *t)
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

static void take_timeout(struct turn *t)
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
static void record_trouble(struct turn *t)
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
    record_own(t, &event);
}

static void take_start(struct turn *t)
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
    record_own(t, &event);
    record_trouble(t);
    for (int i = 0; i < gate->config.lane_count; i++) {
        gate->lane[i].display_changed = true;
        step_lane(t, &gate->lane[i], "");
    }
}

static void note_stored(struct turn *t, const struct event *event)
{
    struct gate *gate = t->gate;
    const struct delivery_out *d = &gate->delivery;
    const struct lane *lane = find_lane(gate, event->lane);
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
        struct gate_effect *effect = add_effect(t, GATE_EFF_SEND, 0);
        effect->send.from = effect->send.to = event->seq;
    }
}

static void take_stored(struct turn *t)
{
    struct gate *gate = t->gate;
    struct gate_record record;
    int64_t seq = t->event->stored.seq;
    bool failed = gate->journal.failed;
    if (journal_stored(&gate->journal, seq, &record)) {
        add_log(t, GATE_LOG_EVENT_IGNORED, gate_event_text(t->event->type), "", seq);
        return;
    }
    delivery_out_appended(&gate->delivery, seq, t->event->now);
    if (failed) {
        add_log(t, GATE_LOG_STORE_WORKS, "", "", seq);
        poke_lanes(gate);
    }
    struct lane *lane = find_lane(gate, record.event.lane);
    note_stored(t, &record.event);
    if (lane) {
        step_lane(t, lane, record.event.id);
    } else {
        gate->own_unstored--;
    }
}

static void take_store_failed(struct turn *t)
{
    struct gate *gate = t->gate;
    int64_t seq = t->event->stored.seq;
    bool failed = gate->journal.failed;
    if (journal_store_failed(&gate->journal, seq, t->event->now)) {
        add_log(t, GATE_LOG_EVENT_IGNORED, gate_event_text(t->event->type), "", seq);
        return;
    }
    add_log(t, GATE_LOG_STORE_FAILED, "", "", seq);
    if (!failed) {
        poke_lanes(gate);
    }
}

/* ---- what the server says ---- */

/* C1 for a lane that is not here. */
static void refuse_command(struct turn *t, const struct down *down)
{
    struct gate *gate = t->gate;
    for (int i = 0; i < CONTEXT_COMMANDS; i++) {
        if (strcmp(gate->own.commands[i], down->id) == 0) {
            add_log(t, GATE_LOG_DOWN_IGNORED, down_type_text(down->type), "repeat", 0);
            return;
        }
    }
    if (gate->own_unstored > LANE_RECORDS_MAX / 2) {
        add_log(t, GATE_LOG_DOWN_IGNORED, down_type_text(down->type), "records are waiting", 0);
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
    record_own(t, &event);
}

/* This journal is an old copy: rule 7.  The shell begins a new generation. */
static void note_behind(struct turn *t, const struct down *down)
{
    struct gate *gate = t->gate;
    if (!gate->behind) {
        gate->behind = true;
        gate->behind_generation = down->generation;
        add_log(t, GATE_LOG_JOURNAL_BEHIND, "", "", down->seq);
    }
}

static void take_down(struct turn *t)
{
    struct gate *gate = t->gate;
    const struct down *down = &t->event->down;
    bool ours = down->generation == gate->generation;
    struct lane *lane = find_lane(gate, down->lane);
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
            add_log(t, GATE_LOG_DOWN_IGNORED, down_type_text(down->type), "no such lane", 0);
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
        add_log(t, GATE_LOG_DOWN_IGNORED, down_type_text(down->type), "another generation",
                down->generation);
    }
}

/* ---- what an attendant says at the gate's own console ---- */

static bool is_inside(const struct inside *inside, const char *session)
{
    for (int i = 0; i < inside->count; i++) {
        if (strcmp(inside->entry[i].session, session) == 0) {
            return true;
        }
    }
    return false;
}

/* A declared entry is inside from now on; an amended one is found by its better name. */
static void name_inside(const struct gate *gate, struct gate_record *record)
{
    const struct event *event = &record->event;
    bool declared = event->type == EVENT_ENTRY_DECLARED;
    if (!declared && (event->type != EVENT_AMENDED || !is_inside(&gate->inside, event->session))) {
        return;
    }
    record->change = INSIDE_ADD;
    record->inside.kind = event->subject.kind;
    record->inside.vehicle = event->subject.vehicle;
    memcpy(record->inside.key, event->subject.key, sizeof record->inside.key);
    memcpy(record->inside.session, event->session, sizeof record->inside.session);
}

/* J5: what happened to the journal is over; the alarm stands until a person has seen it. */
static void end_trouble(struct turn *t, const struct event *acked)
{
    struct event event;
    if (acked->type != EVENT_ALARM_ACKED || acked->lane != 0 ||
        (strcmp(acked->code, "journal.damaged") != 0 &&
         strcmp(acked->code, "journal.behind") != 0)) {
        return;
    }
    memset(&event, 0, sizeof event);
    event.type = EVENT_ALARM;
    memcpy(event.code, acked->code, sizeof event.code);
    memcpy(event.text, acked->text, sizeof event.text);
    record_own(t, &event);
}

/* Recorded with the context of its lane, or with the gate's own; it moves nothing. */
static void take_desk(struct turn *t)
{
    enum { RECORDS_EASY = 4 }; /* room for what a lane must record */
    struct gate *gate = t->gate;
    struct gate_record record;
    int number = t->event->desk.lane;
    struct lane *lane = find_lane(gate, number);
    int *unstored = lane ? &lane->unstored : &gate->own_unstored;
    if ((number != 0 && !lane) || gate->journal.failed || *unstored > RECORDS_EASY) {
        add_log(t, GATE_LOG_EVENT_IGNORED, gate_event_text(t->event->type),
                number != 0 && !lane ? "no such lane" : "records are waiting", 0);
        return;
    }
    memset(&record, 0, sizeof record);
    record.event = t->event->desk;
    must(t->ids < GATE_IDS_MAX);
    t->ids++;
    ulid_make(record.event.id, t->event->wall,
              t->event->random + (GATE_IDS_MAX - t->ids) * ULID_RANDOM_SIZE);
    (*unstored)++;
    if (lane) {
        lane_get_context(lane, &record.context);
    } else {
        record.context = gate->own;
    }
    name_inside(gate, &record);
    change_inside(t, &record);
    append(t, &record);
    end_trouble(t, &record.event);
}

/* ---- devices ---- */

/* One change of a device's alarm a step; what cannot be kept now is looked at in a second. */
static void record_device_alarm(struct turn *t)
{
    enum { RECORDS_EASY = 4, AGAIN_MS = 1000 };
    struct gate *gate = t->gate;
    struct health_alarm *alarm = health_take(&gate->health, t->event->now);
    struct gate_record record;
    if (!alarm || !gate->started) {
        return;
    }
    struct lane *lane = find_lane(gate, alarm->lane);
    int *unstored = lane ? &lane->unstored : &gate->own_unstored;
    if (gate->journal.failed || *unstored > RECORDS_EASY || t->ids >= GATE_IDS_MAX / 2) {
        alarm->due = mono_add(t->event->now, AGAIN_MS);
        return;
    }
    memset(&record, 0, sizeof record);
    record.event.type = EVENT_ALARM;
    record.event.lane = lane ? alarm->lane : 0;
    record.event.raised = alarm->there;
    memcpy(record.event.code, alarm->code, sizeof record.event.code);
    str_copy_cut(record.event.text, sizeof record.event.text, str_c(alarm->device));
    t->ids++;
    ulid_make(record.event.id, t->event->wall,
              t->event->random + (GATE_IDS_MAX - t->ids) * ULID_RANDOM_SIZE);
    (*unstored)++;
    if (lane) {
        lane_get_context(lane, &record.context);
    } else {
        record.context = gate->own;
    }
    health_recorded(&gate->health, alarm, t->event->now);
    append(t, &record);
}

static void take_event(struct turn *t)
{
    struct gate *gate = t->gate;
    struct lane *lane = find_lane(gate, t->event->lane);
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
            add_log(t, GATE_LOG_EVENT_IGNORED, gate_event_text(t->event->type), "no such lane", 0);
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
        take_desk(t);
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

/* ---- without the server: docs/LANE.md, U ---- */

/* Many records wait to be sent: what the server knows is old. */
static bool is_backlogged(const struct gate *gate)
{
    return gate->delivery.last - gate->delivery.acked > gate->delivery.window;
}

/* When the gate answers itself; never: the lane does not wait for an answer. */
static mono_t local_due(const struct gate *gate, int i)
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

static void quote_here(struct turn *t, int i)
{
    struct gate *gate = t->gate;
    struct lane *lane = &gate->lane[i];
    struct gate_local *local = &gate->local[i];
    struct gate_record record;
    memset(local, 0, sizeof *local);
    memset(&record, 0, sizeof record);
    memcpy(local->ask, lane->visit.ask, sizeof local->ask);
    if (t->event->clock == CLOCK_UNKNOWN) {
        add_log(t, GATE_LOG_NOT_PRICED, "clock", "", lane->config.lane);
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
        add_log(t, GATE_LOG_NOT_PRICED, dx_error_name(error), "", lane->config.lane);
        return;
    }
    t->ids++;
    ulid_make(record.event.id, t->event->wall,
              t->event->random + (GATE_IDS_MAX - t->ids) * ULID_RANDOM_SIZE);
    memcpy(local->down.id, record.event.id, sizeof local->down.id);
    record.event.lane = lane->config.lane;
    lane->unstored++;
    lane_get_context(lane, &record.context);
    append(t, &record);
}

static void look_offline(struct turn *t)
{
    for (int i = 0; i < t->gate->config.lane_count; i++) {
        if (mono_reached(t->event->now, local_due(t->gate, i)) && t->gate->started) {
            quote_here(t, i);
            return; /* one a step; the next one is due at once */
        }
    }
}

/* Rule 9: the clock has become known; what was recorded before can be dated now. */
static void note_clock(struct turn *t)
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
    record_own(t, &event);
}

/* What follows from the new state, after everything that the event itself wants. */
static void finish(struct turn *t)
{
    struct gate *gate = t->gate;
    int64_t from = 0;
    int64_t to = 0;
    record_journal_alarm(t);
    record_device_alarm(t);
    note_clock(t);
    look_offline(t);
    hand_out(t);
    for (int i = 0; i < gate->config.lane_count; i++) {
        struct lane *lane = &gate->lane[i];
        if (lane->display_changed) {
            lane_get_display(lane, &add_effect(t, GATE_EFF_DISPLAY, lane->config.lane)->display);
        }
        gate->status_changed = gate->status_changed || lane->status_changed;
        lane->display_changed = false;
        lane->status_changed = false;
    }
    if (gate->status_changed) {
        add_effect(t, GATE_EFF_STATUS, 0);
        gate->status_changed = false;
    }
    if (delivery_out_take(&gate->delivery, t->event->now, &from, &to)) {
        struct gate_effect *effect = add_effect(t, GATE_EFF_SEND, 0);
        effect->send.from = from;
        effect->send.to = to;
    }
}

void gate_step(struct gate *gate, const struct gate_event *event, struct gate_effects *effects)
{
    struct turn t = {gate, event, effects, 0, 0};
    effects->count = 0;
    bool is_start = event->type == GATE_EV_START;
    if (!gate_event_is_valid(event) || is_start == gate->started) {
        const char *why = gate_event_is_valid(event) ? "out of place" : "out of range";
        add_log(&t, GATE_LOG_EVENT_IGNORED, gate_event_text(event->type), why, 0);
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
        first = mono_min(first, local_due(gate, i));
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
    struct lane *found = find_lane(gate, lane);
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
