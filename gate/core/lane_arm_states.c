/*
 * What the states in which the arm moves, or should not, make of each signal: opening
 * to closing, fault and closed.  One switch without default each; the clauses are those
 * of docs/LANE.md.
 */
#include "gate/core/lane_turn.h"

/* L33 */
static void give_up_opening(struct lane_turn *t)
{
    lane_end_backed(t, false);
    lane_begin_closing(t);
}

/* Opened by hand, and nobody came; somebody on a loop may take his time. */
static void wait_for_nobody(struct lane_turn *t)
{
    if (lane_is_there(t->lane)) {
        t->lane->timer = mono_add(t->now, t->lane->config.open_ms);
    } else {
        give_up_opening(t);
    }
}

void lane_in_opening(struct lane_turn *t, enum lane_signal signal)
{
    switch (signal) {
    case SIGNAL_ARM:
        if (t->lane->barrier.state == BARRIER_OPEN) {
            lane_arm_is_up(t);
        } else {
            lane_look_at_arm(t);
        }
        return;
    case SIGNAL_UNDER:
        lane_begin_passing(t);
        return;
    case SIGNAL_GONE:
        give_up_opening(t);
        return;
    case SIGNAL_TIMER:
        wait_for_nobody(t);
        return;
    case SIGNAL_LOST:
        lane_lose_line(t);
        return;
    case SIGNAL_TAKEN:
    case SIGNAL_FREE:
    case SIGNAL_CLEAR:
    case SIGNAL_READING:
    case SIGNAL_DURABLE:
    case SIGNAL_PASSED:
    case SIGNAL_KNOWN:
    case SIGNAL_JOURNAL:
    case SIGNAL_COUNT:
        return;
    }
}

void lane_in_open(struct lane_turn *t, enum lane_signal signal)
{
    switch (signal) {
    case SIGNAL_ARM:
        if (t->lane->barrier.state == BARRIER_CLOSED || t->lane->barrier.state == BARRIER_UNKNOWN) {
            lane_goto(t, LANE_OPENING); /* L34 */
            lane_barrier(t, BARRIER_EV_ORDER_OPEN);
        } else {
            lane_look_at_arm(t);
        }
        return;
    case SIGNAL_UNDER:
        lane_begin_passing(t);
        return;
    case SIGNAL_GONE:
        give_up_opening(t);
        return;
    case SIGNAL_TIMER:
        wait_for_nobody(t);
        return;
    case SIGNAL_LOST:
        lane_lose_line(t);
        return;
    case SIGNAL_TAKEN:
    case SIGNAL_FREE:
    case SIGNAL_CLEAR:
    case SIGNAL_READING:
    case SIGNAL_DURABLE:
    case SIGNAL_PASSED:
    case SIGNAL_KNOWN:
    case SIGNAL_JOURNAL:
    case SIGNAL_COUNT:
        return;
    }
}

/* V2, V3: nothing was under the arm for clear_ms. */
static void end_passing(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    if (lane->visit.off_arming) {
        bool passes = lane->visit.follower == FOLLOWER_PASSES;
        bool maybe = lane->visit.follower == FOLLOWER_MAYBE;
        lane_command_result(t, OUTCOME_DONE, "");
        lane_end_passed(t, false);
        lane_end_follower(t, passes, maybe);
        lane_begin_closing(t);
        return;
    }
    if (lane->barrier.state == BARRIER_OPEN) {
        lane_goto(t, LANE_OPEN); /* L35 */
    } else {
        lane_goto(t, LANE_OPENING);
        lane_barrier(t, BARRIER_EV_ORDER_OPEN);
    }
}

void lane_in_passing(struct lane_turn *t, enum lane_signal signal)
{
    switch (signal) {
    case SIGNAL_FREE:
        lane_see_follower(t, signal);
        t->lane->visit.off_arming = true;
        return;
    case SIGNAL_TAKEN:
    case SIGNAL_UNDER:
        lane_see_follower(t, signal);
        return;
    case SIGNAL_PASSED:
        end_passing(t);
        return;
    case SIGNAL_ARM:
        if (t->lane->barrier.state == BARRIER_OPEN) {
            lane_command_result(t, OUTCOME_DONE, "");
        }
        return;
    case SIGNAL_LOST:
        lane_lose_line(t);
        return;
    case SIGNAL_CLEAR:
    case SIGNAL_READING:
    case SIGNAL_DURABLE:
    case SIGNAL_GONE:
    case SIGNAL_TIMER:
    case SIGNAL_KNOWN:
    case SIGNAL_JOURNAL:
    case SIGNAL_COUNT:
        return;
    }
}

void lane_in_closing(struct lane_turn *t, enum lane_signal signal)
{
    switch (signal) {
    case SIGNAL_ARM:
        if (t->lane->barrier.state == BARRIER_CLOSED) {
            lane_rest(t); /* L37 */
        } else {
            lane_look_at_arm(t);
        }
        return;
    case SIGNAL_PASSED:
        lane_barrier(t, BARRIER_EV_ORDER_CLOSE); /* it had to go up again, and now it is clear */
        return;
    case SIGNAL_LOST:
        lane_lose_line(t);
        return;
    case SIGNAL_TAKEN:
    case SIGNAL_FREE:
    case SIGNAL_UNDER:
    case SIGNAL_CLEAR:
    case SIGNAL_READING:
    case SIGNAL_DURABLE:
    case SIGNAL_GONE:
    case SIGNAL_TIMER:
    case SIGNAL_KNOWN:
    case SIGNAL_JOURNAL:
    case SIGNAL_COUNT:
        return;
    }
}

void lane_in_fault(struct lane_turn *t, enum lane_signal signal)
{
    struct lane *lane = t->lane;
    bool stuck = lane->barrier.state == BARRIER_STUCK;
    switch (signal) {
    case SIGNAL_KNOWN:
    case SIGNAL_ARM:
        if (lane->bus_ok && !stuck) {
            lane_learn(t);
        }
        return;
    case SIGNAL_DURABLE: /* X10: a permit, fresh and durable, deserves a fresh attempt */
        lane_take_permit(t);
        if (stuck && lane_loops_known(lane)) {
            lane_learn(t);
        }
        return;
    case SIGNAL_UNDER:
        if (lane->visit.permitted) {
            lane_begin_passing(t);
        }
        return;
    case SIGNAL_GONE:
        lane_end_backed(t, false);
        return;
    case SIGNAL_TAKEN:
    case SIGNAL_FREE:
    case SIGNAL_CLEAR:
    case SIGNAL_READING:
    case SIGNAL_PASSED:
    case SIGNAL_TIMER:
    case SIGNAL_LOST:
    case SIGNAL_JOURNAL:
    case SIGNAL_COUNT:
        return;
    }
}

void lane_in_closed(struct lane_turn *t, enum lane_signal signal)
{
    switch (signal) {
    case SIGNAL_ARM:
        lane_look_at_arm(t);
        return;
    case SIGNAL_LOST:
        lane_lose_line(t);
        return;
    case SIGNAL_TAKEN:
    case SIGNAL_FREE:
    case SIGNAL_UNDER:
    case SIGNAL_CLEAR:
    case SIGNAL_READING:
    case SIGNAL_DURABLE:
    case SIGNAL_GONE:
    case SIGNAL_PASSED:
    case SIGNAL_TIMER:
    case SIGNAL_KNOWN:
    case SIGNAL_JOURNAL:
    case SIGNAL_COUNT:
        return;
    }
}
