/*
 * rig.h - a gate on a bench: virtual time, a store, arms, a server's voice, and a trace.
 *
 * The gate's core runs as in the daemon; around it stand the simplest things that
 * answer: a store that takes store_ms (or fails), arms that take arm_ms from end
 * to end (or jam), a line that acknowledges.  Nothing here decides about parking.
 * Every step is audited (gate_audit.h) and leaves one line of trace.
 */
#ifndef DOXE_TESTS_RIG_H
#define DOXE_TESTS_RIG_H

#include "gate/core/gate.h"
#include "proto/base/check.h"
#include "tests/scenario/gate_audit.h"

enum { RIG_QUEUE = 512, RIG_IDS = 128, RIG_TEXT = 1 << 18 };

enum rig_kind {
    RIG_EVENT,      /* `event` for the gate */
    RIG_ARM_LEAVES, /* lane's arm leaves the end where it was */
    RIG_ARM_THERE,  /* it is where it was going */
    RIG_STORE,      /* the store answers for seq */
    RIG_ACK         /* the server acknowledges up to seq */
};

struct rig_item {
    int64_t at;
    int64_t tie;
    enum rig_kind kind;
    int lane;
    int life; /* of the program; what a killed one waited for is dropped */
    int move; /* of the arm; a newer order makes it void */
    int64_t seq;
    struct gate_event event;
};

struct rig_lane {
    enum level input[INPUT_ROLE_COUNT];
    bool bus_ok, jammed;
    int move;
    bool going_up;
    char ask[ULID_CAP], session[ULID_CAP]; /* as the server has them */
};

struct rig {
    struct gate gate;
    struct gate_config config;
    struct gate_effects effects;
    struct audit audit;
    bool running, store_works, link_up;
    int64_t now, tie, store_ms, arm_ms;
    int life;
    enum clock_quality clock;
    uint64_t random;
    int queue_count;
    struct rig_item queue[RIG_QUEUE];
    struct rig_lane lane[MSG_LANES_MAX + 1];
    /* the disk */
    int64_t stored, acked, boot;
    struct lane_context context[MSG_LANES_MAX + 1];
    bool has_context[MSG_LANES_MAX + 1];
    struct inside inside;
    struct gate_record written[JOURNAL_MAX]; /* handed out, not answered; by seq modulo */
    /* the trace */
    char ids[RIG_IDS][ULID_CAP];
    int id_count;
    struct out trace;
    char text[RIG_TEXT];
    char failure[256];
};

void rig_init(struct rig *rig);
void rig_fini(struct rig *rig);
/* Run until nothing is left before `until`, which then is now.  False: the audit failed. */
bool rig_run(struct rig *rig, int64_t until);
/* An event of a type for a lane, stamped when it is posted. */
struct gate_event rig_event(enum gate_event_type type, int lane);
void rig_post(struct rig *rig, const struct gate_event *event);
void rig_start(struct rig *rig);
void rig_kill(struct rig *rig);
void rig_set_input(struct rig *rig, int lane, enum input_role role, enum level level);
void rig_set_bus(struct rig *rig, int lane, bool reachable);
void rig_fail(struct rig *rig, const char *format, const char *a, const char *b);
void rig_note(struct rig *rig, const char *what, const char *more);
const struct lane *rig_lane(const struct rig *rig, int lane);

#endif
