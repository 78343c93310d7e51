/*
 * Changes that several states share: opening, closing, coming to rest, and going
 * where visit and inputs say after a restart or a cut line.
 */
#include "gate/core/lane_turn.h"

#include "proto/base/check.h"

#include <string.h>

void lane_begin_passing(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    lane_goto(t, LANE_PASSING); /* L32 L39 */
    lane->visit.off_arming = lane_arming(lane) != LEVEL_ON;
    lane->visit.follower = FOLLOWER_NONE;
    lane_stray_forget(lane);
    lane->fresh = false;
    pairing_passed(&lane->pairing, &lane->visit.subject, t->now);
}

void lane_arm_is_up(struct lane_turn *t)
{
    lane_goto(t, LANE_OPEN); /* L31 */
    if (t->lane->visit.permitted) {
        t->lane->visit.seen_open = true;
    }
    lane_command_result(t, OUTCOME_DONE, "");
}

/* The permit is durable: now the arm may move (O1). */
void lane_begin_opening(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    must(lane->visit.permitted && !lane->visit.awaited[0]);
    if (lane_is_barred(t) && lane_under(lane) != LEVEL_ON) {
        lane_goto(t, LANE_BARRED); /* L43 */
        lane_barrier(t, BARRIER_EV_ORDER_CLOSE);
        return;
    }
    lane_goto(t, LANE_OPENING); /* L7 L28 L44 L45 */
    lane_stray_forget(lane);
    lane_barrier(t, BARRIER_EV_ORDER_OPEN);
    if (lane->barrier.state == BARRIER_OPEN) {
        t->arm_changed = false;
        lane_arm_is_up(t);
    }
    if (lane_under(lane) == LEVEL_ON) {
        lane_begin_passing(t);
    }
}

void lane_begin_closing(struct lane_turn *t)
{
    lane_goto(t, LANE_CLOSING); /* L9 L29 L30 L33 L36 */
    lane_barrier(t, BARRIER_EV_ORDER_CLOSE);
    t->arm_changed = true; /* it may be down already: its own logic, or a hand */
}

void lane_rest(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (lane->barrier.state != BARRIER_CLOSED &&
        (lane->state == LANE_LEARNING || lane->state == LANE_RECORDING ||
         lane->state == LANE_BARRED)) {
        lane_begin_closing(t); /* R8 */
    } else if (lane->out_of_service && lane->state != LANE_HELD) {
        lane_goto(t, LANE_CLOSED);
    } else if (lane_arming(lane) == LEVEL_ON && !lane->away) {
        lane_goto(t, LANE_ARMED);
        lane_identify(t);
    } else {
        lane_goto(t, LANE_IDLE);
        lane->timer = lane->away ? mono_add(t->now, lane->config.read_ms) : mono_never();
    }
}

void lane_fault(struct lane_turn *t, const char *why)
{
    lane_goto(t, LANE_FAULT); /* L11 */
    lane_command_result(t, OUTCOME_IMPOSSIBLE, why);
    if (t->lane->visit.kind == VISIT_HAND) {
        memset(&t->lane->visit, 0, sizeof t->lane->visit);
    }
}

/* R6: an order to open was under way when the program was killed. */
static void resume_command(struct lane_turn *t)
{
    struct lane_visit *visit = &t->lane->visit;
    if (!visit->command[0]) {
        return;
    }
    if (visit->kind == VISIT_HAND || visit->kind == VISIT_NONE) {
        lane_command_result(t, OUTCOME_IMPOSSIBLE, "interrupted by a restart");
    } else if (lane_command_is_late(t)) {
        if (visit->permit == PERMIT_MANUAL) {
            visit->permitted = false;
        }
        lane_command_result(t, OUTCOME_LATE, "interrupted by a restart");
    }
}

/* R2, R4: nobody saw what became of the permit. */
static void conclude(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    bool never_rose = lane->barrier.state == BARRIER_CLOSED && !lane->barrier.inferred &&
                      !lane->visit.seen_open && !lane->config.auto_close;
    lane_command_result(t, OUTCOME_IMPOSSIBLE, "interrupted by a restart");
    if (never_rose) {
        lane_end_backed(t, true);
    } else {
        lane_end_passed(t, true);
    }
}

/* A visit that waits behind a closed arm goes on waiting; an arm that is up comes down. */
static void resume_waiting(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (lane->visit.awaited[0]) {
        lane_goto(t, LANE_RECORDING); /* L6 */
    } else if (lane->visit.held) {
        lane_goto(t, LANE_HELD); /* L3 */
    } else {
        lane_goto(t, lane->visit.has_quote ? LANE_QUOTED : LANE_ASKING); /* L4 L5 */
    }
    lane_barrier(t, BARRIER_EV_ORDER_CLOSE);
}

void lane_resume(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    struct lane_visit *visit = &lane->visit;
    lane_barrier(t, BARRIER_EV_INPUTS);
    resume_command(t);
    if (visit->kind == VISIT_HAND) {
        memset(visit, 0, sizeof *visit);
    }
    bool waits = visit->awaited[0] || visit->held || visit->kind == VISIT_EXIT;
    if (visit->permitted && !lane_is_there(lane)) {
        conclude(t); /* R2 R4 */
        waits = false;
    }
    if (lane_must_be_up(lane) && !lane_is_interlocked(t)) {
        if (waits && !lane_is_there(lane)) {
            lane_end_backed(t, true);
        }
        lane_raise(t); /* R10 */
    } else if (visit->permitted && !visit->awaited[0]) {
        lane_begin_opening(t); /* R1 */
    } else if (waits && lane_is_there(lane)) {
        resume_waiting(t); /* R3 R5 R7 */
    } else {
        if (waits) {
            lane_end_backed(t, true);
        }
        lane_rest(t); /* R8 */
    }
}

void lane_learn(struct lane_turn *t)
{
    lane_goto(t, LANE_LEARNING); /* L38 L40 */
    if (lane_inputs_known(t->lane)) {
        lane_resume(t);
    }
}

/* An arm that stands still in the wrong place is everybody's fault. */
void lane_look_at_arm(struct lane_turn *t)
{
    if (t->lane->barrier.state == BARRIER_STUCK) {
        lane_fault(t, "the barrier is stuck");
    }
}

void lane_lose_line(struct lane_turn *t)
{
    lane_fault(t, "the lane's devices do not answer");
}
