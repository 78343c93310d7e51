/* What the gate records: every record its place, its context, and what it does to who is inside. */
#include "gate/core/gate_turn.h"
#include "proto/base/check.h"

#include <string.h>

struct gate_effect *gate_add_effect(struct gate_turn *t, enum gate_effect_type type, int lane)
{
    must(t->effects->count < GATE_EFFECTS_MAX);
    struct gate_effect *effect = &t->effects->effect[t->effects->count++];
    memset(effect, 0, sizeof *effect);
    effect->type = type;
    effect->lane = lane;
    return effect;
}

void gate_add_log(struct gate_turn *t, enum gate_log_name name, const char *a, const char *b,
                  int64_t n)
{
    struct gate_log *log = &gate_add_effect(t, GATE_EFF_LOG, 0)->log;
    log->name = name;
    log->n = n;
    str_copy_cut(log->a, sizeof log->a, str_c(a));
    str_copy_cut(log->b, sizeof log->b, str_c(b));
}

void gate_hand_out(struct gate_turn *t)
{
    while (t->given < JOURNAL_BATCH) {
        const struct gate_record *record = journal_take(&t->gate->journal, t->event->now);
        if (!record) {
            return;
        }
        gate_add_effect(t, GATE_EFF_RECORD, record->event.lane)->record = *record;
        t->given++;
    }
}

/* What only the gate knows of an event; then it has its place in the journal. */
void gate_append(struct gate_turn *t, const struct gate_record *record)
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
    gate_hand_out(t);
}

/* Since when it is inside, as far as this gate can say: an offline exit is priced by it. */
static void date_inside(const struct gate_turn *t, struct gate_record *record)
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

void gate_change_inside(struct gate_turn *t, struct gate_record *record)
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
            gate_add_log(t, GATE_LOG_INSIDE_REPLACED, before, record->inside.session, 0);
        }
        inside_add(inside, &record->inside);
    }
}

void gate_new_id(struct gate_turn *t, char out[ULID_CAP])
{
    must(t->ids < GATE_IDS_MAX);
    t->ids++;
    ulid_make(out, t->event->wall, t->event->random + (GATE_IDS_MAX - t->ids) * ULID_RANDOM_SIZE);
}

int gate_unstored(const struct gate *gate, const struct lane *lane)
{
    return lane ? lane->unstored : gate->own_unstored;
}

void gate_begin_record(struct gate_turn *t, struct lane *lane, const struct event *event,
                       struct gate_record *ret_record)
{
    must(gate_unstored(t->gate, lane) < LANE_RECORDS_MAX);
    memset(ret_record, 0, sizeof *ret_record);
    ret_record->event = *event;
    gate_new_id(t, ret_record->event.id);
    if (lane) {
        lane->unstored++;
        lane_get_context(lane, &ret_record->context);
    } else {
        t->gate->own_unstored++;
        ret_record->context = t->gate->own;
    }
}

void gate_record_own(struct gate_turn *t, const struct event *event)
{
    struct gate_record record;
    gate_begin_record(t, NULL, event, &record);
    gate_append(t, &record);
}

/* J1: raised while it cannot be stored, so it is the last of the queue; cleared when all are. */
void gate_record_journal_alarm(struct gate_turn *t)
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
    gate_record_own(t, &event);
}

struct lane *gate_find_lane(struct gate *gate, int number)
{
    for (int i = 0; i < gate->config.lane_count; i++) {
        if (gate->lane[i].config.lane == number) {
            return &gate->lane[i];
        }
    }
    return NULL;
}
