/* gate_turn.h - one step of the gate, shared by gate.c, gate_records.c, gate_desk.c and
 * gate_offline.c only. */
#ifndef DOXE_GATE_GATE_TURN_H
#define DOXE_GATE_GATE_TURN_H

#include "gate/core/gate.h"

/* One step's working set. */
struct gate_turn {
    struct gate *gate;
    const struct gate_event *event;
    struct gate_effects *effects;
    int given; /* records handed out in this step */
    int ids;
};

/* ---- gate_records.c ---- */
struct gate_effect *gate_add_effect(struct gate_turn *t, enum gate_effect_type type, int lane);
void gate_add_log(struct gate_turn *t, enum gate_log_name name, const char *a, const char *b,
                  int64_t n);
/* Its ids come from the end of the random bytes; a lane takes its own from the beginning. */
void gate_new_id(struct gate_turn *t, char out[ULID_CAP]);
/* What may be handed out now, a batch at most. */
void gate_hand_out(struct gate_turn *t);
/* What only the gate knows of an event; then it has its place in the journal. */
void gate_append(struct gate_turn *t, const struct gate_record *record);
void gate_change_inside(struct gate_turn *t, struct gate_record *record);
/* A record of the gate itself: lane 0. */
void gate_record_own(struct gate_turn *t, const struct event *event);
/* One that comes from outside the lane's own logic, with its context; lane NULL: the gate's. */
void gate_begin_record(struct gate_turn *t, struct lane *lane, const struct event *event,
                       struct gate_record *ret_record);
/* Records of this lane, or of the gate itself, that are not durable yet. */
int gate_unstored(const struct gate *gate, const struct lane *lane);
void gate_record_journal_alarm(struct gate_turn *t);
struct lane *gate_find_lane(struct gate *gate, int number);

/* ---- gate_desk.c ---- */
void gate_take_desk(struct gate_turn *t);
void gate_record_device_alarm(struct gate_turn *t);

/* ---- gate_offline.c ---- */
void gate_look_offline(struct gate_turn *t);
/* When the gate answers itself; never: the lane does not wait for an answer. */
mono_t gate_local_due(const struct gate *gate, int i);

#endif
