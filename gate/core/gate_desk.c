/* What an attendant says at the gate's own console, and what is wrong with its devices. */
#include "gate/core/gate_turn.h"

#include <string.h>

enum { RECORDS_EASY = 4 }; /* not durable yet; the rest is room for what a lane must record */

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
static void end_trouble(struct gate_turn *t, const struct event *acked)
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
    gate_record_own(t, &event);
}

/* Recorded with the context of its lane, or with the gate's own; it moves nothing. */
void gate_take_desk(struct gate_turn *t)
{
    struct gate *gate = t->gate;
    struct gate_record record;
    int number = t->event->desk.lane;
    struct lane *lane = gate_find_lane(gate, number);
    if ((number != 0 && !lane) || gate->journal.failed ||
        gate_unstored(gate, lane) > RECORDS_EASY) {
        gate_add_log(t, GATE_LOG_EVENT_IGNORED, gate_event_text(t->event->type),
                     number != 0 && !lane ? "no such lane" : "records are waiting", 0);
        return;
    }
    gate_begin_record(t, lane, &t->event->desk, &record);
    name_inside(gate, &record);
    gate_change_inside(t, &record);
    gate_append(t, &record);
    end_trouble(t, &record.event);
}

/* One change of a device's alarm a step; what cannot be kept now is looked at in a second. */
void gate_record_device_alarm(struct gate_turn *t)
{
    enum { AGAIN_MS = 1000 };
    struct gate *gate = t->gate;
    struct health_alarm *alarm = health_take(&gate->health, t->event->now);
    struct gate_record record;
    struct event event;
    if (!alarm || !gate->started) {
        return;
    }
    struct lane *lane = gate_find_lane(gate, alarm->lane);
    if (gate->journal.failed || gate_unstored(gate, lane) > RECORDS_EASY ||
        t->ids >= GATE_IDS_MAX / 2) {
        alarm->due = mono_add(t->event->now, AGAIN_MS);
        return;
    }
    memset(&event, 0, sizeof event);
    event.type = EVENT_ALARM;
    event.lane = lane ? alarm->lane : 0;
    event.raised = alarm->there;
    memcpy(event.code, alarm->code, sizeof event.code);
    str_copy_cut(event.text, sizeof event.text, str_c(alarm->device));
    gate_begin_record(t, lane, &event, &record);
    health_recorded(&gate->health, alarm, t->event->now);
    gate_append(t, &record);
}
