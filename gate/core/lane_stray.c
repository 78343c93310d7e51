/*
 * What passes without a permit: who follows another, who comes the wrong way, who drives
 * through a forced arm, and everybody while the arm stays up.  docs/LANE.md, V6 to V9.
 *
 * Nothing here moves the arm or lets anybody pass: it counts what has happened anyway.
 */
#include "gate/core/lane_turn.h"

#include "proto/base/check.h"

#include <string.h>

/* The arming loop was taken by somebody who has not gone under the arm, and he cannot be far. */
static bool comes_from_loop(const struct lane_turn *t)
{
    const struct lane *lane = t->lane;
    return lane_arming(lane) == LEVEL_ON ||
           (lane->fresh && mono_diff(t->now, lane->freed) <= lane->config.gone_ms);
}

/* Does a visit account for what comes under the arm now? */
static bool is_accounted_for(const struct lane *lane)
{
    switch (lane->state) {
    case LANE_OPENING:
    case LANE_OPEN:
    case LANE_PASSING:
        return true;
    case LANE_RAISED:
        return lane->visit.kind != VISIT_NONE;
    case LANE_FAULT:
        return lane->visit.permitted;
    case LANE_LEARNING:
    case LANE_IDLE:
    case LANE_ARMED:
    case LANE_HELD:
    case LANE_ASKING:
    case LANE_QUOTED:
    case LANE_RECORDING:
    case LANE_CLOSING:
    case LANE_CLOSED:
    case LANE_BARRED:
    case LANE_STATE_COUNT:
        break;
    }
    return false;
}

void lane_stray_under(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    struct lane_stray *stray = &lane->stray;
    if (stray->under || is_accounted_for(lane)) {
        return;
    }
    memset(stray, 0, sizeof *stray);
    stray->clear = mono_never();
    stray->under = true;
    stray->closing = lane->state == LANE_CLOSING;
    stray->backwards = !comes_from_loop(t);
    stray->off = !stray->backwards && lane_arming(lane) != LEVEL_ON;
    stray->same = stray->backwards && lane->last.id[0] &&
                  mono_diff(t->now, lane->last.at) <= lane->config.gone_ms;
    if (!stray->closing && lane->state != LANE_RAISED) {
        lane_log(t, GATE_LOG_UNEXPECTED_PASSAGE, lane_state_text(lane->state), "", 0);
    }
}

/* The arming loop changed; before the state is told. */
void lane_stray_arming(struct lane_turn *t, enum level level)
{
    struct lane *lane = t->lane;
    struct lane_stray *stray = &lane->stray;
    if (level == LEVEL_ON) {
        stray->reached = stray->reached || (stray->under && stray->backwards && !stray->same);
        lane->away = lane->away || stray->reached;
        lane->fresh = !lane->away;
    } else {
        stray->off = stray->off || (stray->under && !stray->backwards);
        lane->freed = t->now;
        lane->away = false;
    }
}

/* A visit accounts for it from now on: it stood under the arm when its permit came. */
void lane_stray_forget(struct lane *lane)
{
    memset(&lane->stray, 0, sizeof lane->stray);
    lane->stray.clear = mono_never();
}

/* What a visit that begins takes over of it: it was under the arm before it had a name. */
void lane_stray_becomes_visit(struct lane *lane)
{
    struct lane_stray *stray = &lane->stray;
    if (lane->state != LANE_RAISED || !stray->under || stray->backwards) {
        return;
    }
    lane->visit.under = true;
    lane->visit.off_arming = stray->off;
    lane_stray_forget(lane);
}

static void raise_alarm(struct lane_turn *t, enum lane_alarm alarm)
{
    t->lane->alarms_now |= 1u << alarm;
    t->lane->hush = mono_add(t->now, t->lane->config.alarm_ms);
}

/* V9; J4: without room it is counted, and told later. */
void lane_unlogged(struct lane_turn *t, const char *code, const char *session, const char *text)
{
    struct lane *lane = t->lane;
    if (lane->unstored > LANE_RECORDS_EASY) {
        lane->missed += lane->missed < MSG_COUNT_MAX;
        return;
    }
    struct event event = lane_event(t, EVENT_UNLOGGED, "");
    str_copy_cut(event.session, sizeof event.session, str_c(session));
    str_copy_cut(event.code, sizeof event.code, str_c(code));
    str_copy_cut(event.text, sizeof event.text, str_c(text));
    lane_record(t, &event, INSIDE_NONE);
}

void lane_tell_missed(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (lane->missed == 0 || lane->unstored > 0 || t->event->type == GATE_EV_START) {
        return;
    }
    char text[MSG_TEXT_CAP];
    struct out out;
    out_init(&out, text, sizeof text);
    out_fmt(&out, "%d more while nothing could be recorded", lane->missed);
    lane->missed = 0;
    lane_unlogged(t, "unknown", "", text);
}

/* V7: a second one on the permit of the first. */
void lane_tailgated(struct lane_turn *t, const char *text)
{
    lane_unlogged(t, "tailgating", t->lane->last.session, text);
    raise_alarm(t, ALARM_LANE_TAILGATING);
}

/* It stood before the arm with a name, and drove through: its visit is over, and not a passage. */
static void end_visit(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    bool fault = lane->state == LANE_FAULT;
    if (lane->visit.kind != VISIT_NONE || lane->visit.held) {
        lane_end_backed(t, true);
    }
    if (lane->state == LANE_ARMED) {
        pairing_clear(&lane->pairing);
    } else if (!fault && (lane->state == LANE_HELD || lane->state == LANE_ASKING ||
                          lane->state == LANE_QUOTED || lane->state == LANE_RECORDING ||
                          lane->state == LANE_BARRED)) {
        lane_rest(t); /* L29 L47 L48 */
    }
}

static void passed_forwards(struct lane_turn *t, const struct lane_stray *stray)
{
    struct lane *lane = t->lane;
    char session[ULID_CAP];
    memcpy(session, lane->visit.session, sizeof session);
    bool arm_moved = lane->barrier.state == BARRIER_FORCED || lane->force != FORCE_NONE;
    lane->fresh = lane_arming(lane) == LEVEL_ON;
    if (lane->state == LANE_RAISED) {
        lane_unlogged(t, lane->emergency ? "emergency" : "held_open", session, "");
        lane_identify(t);
        return;
    }
    if (stray->closing && lane->last.id[0]) {
        lane_tailgated(t, "");
        return;
    }
    end_visit(t);
    lane_unlogged(t, arm_moved ? "forced" : "unknown", session,
                  lane->force == FORCE_BUTTON || lane->force == FORCE_ALLOWED
                      ? "the barrier's own button"
                      : "");
}

static void passed_backwards(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (lane->emergency) {
        lane_unlogged(t, "emergency", "", "against the lane's direction");
        return;
    }
    lane_unlogged(t, "wrong_way", "", "");
    raise_alarm(t, ALARM_LANE_WRONG_WAY);
}

/* V6: nothing was under the arm for clear_ms: it is through, or it went back. */
void lane_stray_clear(struct lane_turn *t)
{
    struct lane_stray stray = t->lane->stray;
    lane_stray_forget(t->lane);
    if (stray.off) {
        passed_forwards(t, &stray);
    } else if (stray.reached) {
        passed_backwards(t);
    }
}

/* V7: while one passes, the next is close behind. */
void lane_see_follower(struct lane_turn *t, enum lane_signal signal)
{
    struct lane *lane = t->lane;
    struct lane_visit *visit = &lane->visit;
    bool near = lane->fresh && mono_diff(t->now, lane->freed) <= lane->config.gone_ms;
    bool under = lane_under(lane) == LEVEL_ON;
    if (!visit->off_arming) {
        return;
    }
    if (signal == SIGNAL_TAKEN && visit->follower == FOLLOWER_NONE) {
        visit->follower = FOLLOWER_WAITS;
    } else if (signal == SIGNAL_UNDER && visit->follower == FOLLOWER_WAITS) {
        visit->follower = FOLLOWER_UNDER; /* the next, or the trailer of the first */
    } else if (signal == SIGNAL_UNDER && visit->follower == FOLLOWER_NONE && near) {
        visit->follower = FOLLOWER_PASSES;
    } else if (signal == SIGNAL_FREE && visit->follower == FOLLOWER_UNDER && under) {
        visit->follower = FOLLOWER_PASSES;
    } else if (signal == SIGNAL_FREE && visit->follower == FOLLOWER_WAITS) {
        visit->follower = under ? FOLLOWER_MAYBE : FOLLOWER_NONE;
    }
}

/* After the first one's edge. */
void lane_end_follower(struct lane_turn *t, bool passes, bool maybe)
{
    if (passes || maybe) {
        lane_tailgated(t, maybe ? "inferred: the loop under the arm was never free between" : "");
        t->lane->fresh = lane_arming(t->lane) == LEVEL_ON;
    }
}
