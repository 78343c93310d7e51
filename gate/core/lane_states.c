/*
 * What each state makes of each signal: one function per state, one switch without
 * default.  The clauses are those of docs/LANE.md; a signal that a state does not
 * name means nothing there.
 */
#include "gate/core/lane_turn.h"

#include "proto/base/check.h"

#include <string.h>

/* ---- one function per state ---- */

static void in_learning(struct lane_turn *t, enum lane_signal signal)
{
    switch (signal) {
    case SIGNAL_KNOWN:
        if (lane_inputs_known(t->lane)) {
            lane_resume(t);
        }
        return;
    case SIGNAL_TIMER:
        if (lane_loops_known(t->lane)) {
            lane_resume(t);
        } else {
            lane_lose_line(t);
        }
        return;
    case SIGNAL_LOST:
        lane_lose_line(t);
        return;
    case SIGNAL_DURABLE:
        lane_take_permit(t);
        return;
    case SIGNAL_TAKEN:
    case SIGNAL_FREE:
    case SIGNAL_UNDER:
    case SIGNAL_CLEAR:
    case SIGNAL_ARM:
    case SIGNAL_READING:
    case SIGNAL_GONE:
    case SIGNAL_PASSED:
    case SIGNAL_JOURNAL:
    case SIGNAL_COUNT:
        return;
    }
}

static void in_idle(struct lane_turn *t, enum lane_signal signal)
{
    switch (signal) {
    case SIGNAL_TAKEN:
    case SIGNAL_TIMER:
        if (lane_arming(t->lane) == LEVEL_ON && (!t->lane->away || signal == SIGNAL_TIMER)) {
            t->lane->away = false;
            lane_goto(t, LANE_ARMED); /* L12 */
            lane_identify(t);
        } else if (t->lane->away) {
            t->lane->timer = mono_add(t->now, t->lane->config.read_ms); /* V8 */
        }
        return;
    case SIGNAL_ARM:
        lane_look_at_arm(t);
        return;
    case SIGNAL_LOST:
        lane_lose_line(t);
        return;
    case SIGNAL_FREE:
    case SIGNAL_UNDER:
    case SIGNAL_CLEAR:
    case SIGNAL_READING:
    case SIGNAL_DURABLE:
    case SIGNAL_GONE:
    case SIGNAL_PASSED:
    case SIGNAL_KNOWN:
    case SIGNAL_JOURNAL:
    case SIGNAL_COUNT:
        return;
    }
}

/* P11, L18: long enough without a reading.  While storing fails nobody is held (J2). */
static void give_up_reading(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    struct subject attempt;
    if (lane->state != LANE_ARMED || !t->view->journal_ok || lane->unstored > LANE_RECORDS_EASY ||
        !mono_reached(t->now, mono_add(lane->since, lane->config.read_ms))) {
        return;
    }
    pairing_attempt(&lane->pairing, lane->armed, &attempt);
    lane_hold(t, HOLD_UNREADABLE, &attempt, "", "");
}

static void in_armed(struct lane_turn *t, enum lane_signal signal)
{
    switch (signal) {
    case SIGNAL_READING:
        lane_identify(t);
        return;
    case SIGNAL_TIMER:
    case SIGNAL_JOURNAL:
        lane_identify(t);
        give_up_reading(t);
        if (t->lane->state == LANE_ARMED && signal == SIGNAL_TIMER) {
            t->lane->timer = mono_add(t->now, TIME_SECOND_MS); /* storing is slow: again soon */
        }
        return;
    case SIGNAL_FREE:
        lane_goto(t, LANE_IDLE); /* L15 */
        return;
    case SIGNAL_ARM:
        lane_look_at_arm(t);
        return;
    case SIGNAL_LOST:
        lane_lose_line(t);
        return;
    case SIGNAL_TAKEN:
    case SIGNAL_UNDER:
    case SIGNAL_CLEAR:
    case SIGNAL_DURABLE:
    case SIGNAL_GONE:
    case SIGNAL_PASSED:
    case SIGNAL_KNOWN:
    case SIGNAL_COUNT:
        return;
    }
}

/* L22 L26 L29: it drove away, and the arm never moved. */
static void leave(struct lane_turn *t)
{
    lane_end_backed(t, false);
    lane_rest(t);
}

static void in_held(struct lane_turn *t, enum lane_signal signal)
{
    switch (signal) {
    case SIGNAL_READING:
    case SIGNAL_JOURNAL:
        lane_identify(t);
        return;
    case SIGNAL_GONE:
        leave(t);
        return;
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
    case SIGNAL_DURABLE:
    case SIGNAL_PASSED:
    case SIGNAL_TIMER:
    case SIGNAL_KNOWN:
    case SIGNAL_COUNT:
        return;
    }
}

/* X6 */
static void miss_answer(struct lane_turn *t)
{
    struct lane_visit *visit = &t->lane->visit;
    if (!t->view->journal_ok || t->lane->unstored > LANE_RECORDS_EASY) {
        t->lane->timer = mono_add(t->now, TIME_SECOND_MS);
    } else if (visit->restarted) {
        visit->restarted = false;
        lane_ask(t, visit->ask);
    } else {
        lane_hold(t, HOLD_NO_ANSWER, &visit->subject, visit->ask, "");
    }
}

static void in_asking(struct lane_turn *t, enum lane_signal signal)
{
    switch (signal) {
    case SIGNAL_TIMER:
        miss_answer(t);
        return;
    case SIGNAL_GONE:
        leave(t);
        return;
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
    case SIGNAL_PASSED:
    case SIGNAL_KNOWN:
    case SIGNAL_JOURNAL:
    case SIGNAL_COUNT:
        return;
    }
}

static void in_quoted(struct lane_turn *t, enum lane_signal signal)
{
    switch (signal) {
    case SIGNAL_TIMER: /* X7 */
        if (t->view->journal_ok && t->lane->unstored <= LANE_RECORDS_EASY) {
            lane_ask(t, t->lane->visit.ask);
        } else {
            t->lane->timer = mono_add(t->now, TIME_SECOND_MS);
        }
        return;
    case SIGNAL_GONE:
        leave(t);
        return;
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
    case SIGNAL_PASSED:
    case SIGNAL_KNOWN:
    case SIGNAL_JOURNAL:
    case SIGNAL_COUNT:
        return;
    }
}

void lane_take_permit(struct lane_turn *t)
{
    struct lane_visit *visit = &t->lane->visit;
    t->lane->settled = t->now;
    visit->permitted = true;
    memcpy(visit->permit_id, visit->awaited, sizeof visit->permit_id);
    memset(visit->awaited, 0, sizeof visit->awaited);
}

/* C3: the record took longer than the command may. */
static void withdraw(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    struct lane_visit *visit = &lane->visit;
    if (visit->kind == VISIT_EXIT && visit->permit == PERMIT_MANUAL) {
        visit->permitted = false;
        memset(visit->permit_id, 0, sizeof visit->permit_id);
    }
    if (visit->kind == VISIT_HAND) {
        visit->kind = VISIT_NONE;
        visit->permitted = false;
    }
    lane_command_result(t, OUTCOME_LATE, "");
    if (lane->barrier.state == BARRIER_STUCK) {
        lane_fault(t, "");
    } else {
        lane_resume(t); /* L30 */
    }
}

static void in_recording(struct lane_turn *t, enum lane_signal signal)
{
    struct lane_visit *visit = &t->lane->visit;
    switch (signal) {
    case SIGNAL_DURABLE:
        lane_take_permit(t);
        if (visit->command[0] && lane_command_is_late(t)) {
            withdraw(t);
        } else if (visit->kind == VISIT_HAND || lane_is_there(t->lane)) {
            lane_begin_opening(t);
        }
        return;
    case SIGNAL_TAKEN:
        if (visit->permitted && !visit->awaited[0]) {
            lane_begin_opening(t); /* it was between the loops when the record became durable */
        }
        return;
    case SIGNAL_GONE:
        leave(t);
        return;
    case SIGNAL_LOST:
        lane_lose_line(t);
        return;
    case SIGNAL_ARM: /* opened by hand out of a fault: the order comes */
    case SIGNAL_FREE:
    case SIGNAL_UNDER:
    case SIGNAL_CLEAR:
    case SIGNAL_READING:
    case SIGNAL_PASSED:
    case SIGNAL_TIMER:
    case SIGNAL_KNOWN:
    case SIGNAL_JOURNAL:
    case SIGNAL_COUNT:
        return;
    }
}

void lane_signal(struct lane_turn *t, enum lane_signal signal)
{
    switch (t->lane->state) {
    case LANE_LEARNING:
        in_learning(t, signal);
        return;
    case LANE_IDLE:
        in_idle(t, signal);
        return;
    case LANE_ARMED:
        in_armed(t, signal);
        return;
    case LANE_HELD:
        in_held(t, signal);
        return;
    case LANE_ASKING:
        in_asking(t, signal);
        return;
    case LANE_QUOTED:
        in_quoted(t, signal);
        return;
    case LANE_RECORDING:
        in_recording(t, signal);
        return;
    case LANE_OPENING:
        lane_in_opening(t, signal);
        return;
    case LANE_OPEN:
        lane_in_open(t, signal);
        return;
    case LANE_PASSING:
        lane_in_passing(t, signal);
        return;
    case LANE_CLOSING:
        lane_in_closing(t, signal);
        return;
    case LANE_FAULT:
        lane_in_fault(t, signal);
        return;
    case LANE_CLOSED:
        lane_in_closed(t, signal);
        return;
    case LANE_BARRED:
        lane_in_barred(t, signal);
        return;
    case LANE_RAISED:
        lane_in_raised(t, signal);
        return;
    case LANE_STATE_COUNT:
        break;
    }
    must(false);
}
