/*
 * lane_turn.h - inside the lane: one step's working set, and what its files share.
 *
 * lane_step.c takes a gate_event apart into signals; lane_states.c and
 * lane_arm_states.c have one function per state that answers signals, lane_mode.c
 * those of raised and barred; lane_moves.c what they share.  lane_visit.c makes the
 * records of a visit, lane_amend.c, lane_passback.c and lane_stray.c what else may
 * happen to a vehicle.  lane_orders.c takes quotes and payments, lane_commands.c and
 * lane_desk.c what persons want; lane_alarms.c says what is wrong.  lane.c has the
 * table and the tools.  Included by these and nobody else.
 */
#ifndef DOXE_GATE_LANE_TURN_H
#define DOXE_GATE_LANE_TURN_H

#include "gate/core/lane.h"

/* name, sentence */
#define LANE_SIGNALS(X)                                                   \
    X(TAKEN, "the arming loop is taken")                                  \
    X(FREE, "the arming loop is free")                                    \
    X(UNDER, "something is under the arm")                                \
    X(CLEAR, "nothing is under the arm any more")                         \
    X(ARM, "the arm has another position")                                \
    X(READING, "a reading or a card was kept, or a fair one has settled") \
    X(DURABLE, "the record that the visit waits for is durable")          \
    X(GONE, "the vehicle was not there for gone_ms")                      \
    X(PASSED, "nothing was under the arm for clear_ms")                   \
    X(TIMER, "the state's own time is over")                              \
    X(KNOWN, "the line answers and the inputs are known")                 \
    X(LOST, "the line is silent, or a loop is not known any more")        \
    X(JOURNAL, "storing works again, or does not any more")

enum lane_signal {
#define X(name, sentence) SIGNAL_##name,
    LANE_SIGNALS(X)
#undef X
        SIGNAL_COUNT
};

enum {
    LANE_RECORDS_EASY = 4, /* above so many that are not durable it takes nothing new on (C7, J3) */
    LANE_IDS_EASY = GATE_IDS_MAX - 4 /* above so many ids of one step alarms wait for the next */
};

struct lane_turn {
    struct lane *lane;
    const struct gate_event *event;
    const struct lane_view *view;
    struct lane_effects *effects;
    mono_t now;
    int ids;          /* taken from event->random */
    bool arm_changed; /* ARM is due */
};

/* ---- lane.c ---- */
/* Every change of state; the pair must be in the table. */
void lane_goto(struct lane_turn *t, enum lane_state to);
bool lane_is_there(const struct lane *lane);
bool lane_loops_known(const struct lane *lane);
bool lane_inputs_known(const struct lane *lane);
enum level lane_under(const struct lane *lane);  /* safety loop and photocell together */
enum level lane_arming(const struct lane *lane); /* the loop of the present direction (D2) */
void lane_barrier(struct lane_turn *t, enum barrier_event event);
struct lane_effect *lane_add_effect(struct lane_turn *t, enum gate_effect_type type);
void lane_log(struct lane_turn *t, enum gate_log_name name, const char *a, const char *b,
              int64_t n);
void lane_new_id(struct lane_turn *t, char out[ULID_CAP]);
/* The effect RECORD with the lane's context as it is now; the event has its id already. */
void lane_record(struct lane_turn *t, const struct event *event, enum inside_change change);
/* An event with a new id, the lane and the visit's session. */
struct event lane_event(struct lane_turn *t, enum event_type type, const char *cause);

/* ---- lane_states.c ---- */
void lane_signal(struct lane_turn *t, enum lane_signal signal);
/* What the visit waited for is durable: it is the permit now. */
void lane_take_permit(struct lane_turn *t);

/* ---- lane_arm_states.c ---- */
void lane_in_opening(struct lane_turn *t, enum lane_signal signal);
void lane_in_open(struct lane_turn *t, enum lane_signal signal);
void lane_in_passing(struct lane_turn *t, enum lane_signal signal);
void lane_in_closing(struct lane_turn *t, enum lane_signal signal);
void lane_in_fault(struct lane_turn *t, enum lane_signal signal);
void lane_in_closed(struct lane_turn *t, enum lane_signal signal);

/* ---- lane_moves.c ---- */
/* The permit is durable: now the arm may move (O1). */
void lane_begin_opening(struct lane_turn *t);
void lane_arm_is_up(struct lane_turn *t);
void lane_begin_passing(struct lane_turn *t);
void lane_begin_closing(struct lane_turn *t);
/* Where nothing is going on: idle, armed or closed, by the loops; or closing first. */
void lane_rest(struct lane_turn *t);
/* Go where visit and inputs say (R1 to R8); through learning when inputs are still unknown. */
void lane_resume(struct lane_turn *t);
void lane_learn(struct lane_turn *t);
void lane_fault(struct lane_turn *t, const char *why);
void lane_lose_line(struct lane_turn *t);
void lane_look_at_arm(struct lane_turn *t);

/* ---- lane_mode.c ---- */
void lane_in_raised(struct lane_turn *t, enum lane_signal signal);
void lane_in_barred(struct lane_turn *t, enum lane_signal signal);
bool lane_must_be_up(const struct lane *lane);
bool lane_is_interlocked(const struct lane_turn *t);
bool lane_is_barred(const struct lane_turn *t);
/* From every state: the arm goes up and stays there (L41). */
void lane_raise(struct lane_turn *t);
/* Into `raised` and out of it, out of `barred`: as modes and the other arm allow. */
void lane_follow_mode(struct lane_turn *t);
/* A person's order. */
void lane_order_mode(struct lane_turn *t, enum lane_mode mode, const struct down *down);
void lane_order_direction(struct lane_turn *t, enum lane_direction direction,
                          const struct down *down);
void lane_order_is_durable(struct lane_turn *t);
void lane_take_fire(struct lane_turn *t);
void lane_end_emergency(struct lane_turn *t);
/* Records what fire, switch and schedule have changed. */
void lane_settle_modes(struct lane_turn *t);

/* ---- lane_stray.c ---- */
void lane_stray_under(struct lane_turn *t);
void lane_stray_arming(struct lane_turn *t, enum level level);
void lane_stray_clear(struct lane_turn *t);
void lane_stray_becomes_visit(struct lane *lane);
void lane_stray_forget(struct lane *lane);
void lane_see_follower(struct lane_turn *t, enum lane_signal signal);
void lane_end_follower(struct lane_turn *t, bool passes, bool maybe);
void lane_unlogged(struct lane_turn *t, const char *code, const char *session, const char *text);
void lane_tailgated(struct lane_turn *t, const char *text);
void lane_tell_missed(struct lane_turn *t);

/* ---- lane_alarms.c ---- */
void lane_see_force(struct lane_turn *t);
void lane_see_button(struct lane_turn *t);
void lane_block_is_due(struct lane_turn *t);
void lane_hush(struct lane_turn *t);
void lane_record_alarms(struct lane_turn *t);
void lane_set_lights(struct lane_turn *t);

/* ---- lane_passback.c ---- */
bool lane_passback_holds(struct lane_turn *t, const struct subject *subject);
void lane_forgive(struct lane_turn *t, const struct down *down);

/* ---- lane_amend.c ---- */
void lane_amend(struct lane_turn *t);

/* ---- lane_visit.c ---- */
void lane_identify(struct lane_turn *t);
/* The vehicle has a name: arrived at an entry, exit_asked at an exit. */
void lane_name(struct lane_turn *t, const struct subject *subject, const char *cause,
               const char *why);
void lane_ask(struct lane_turn *t, const char *cause);
void lane_hold(struct lane_turn *t, enum hold hold, const struct subject *subject,
               const char *cause, const char *text);
void lane_release(struct lane_turn *t, const char *why);
void lane_permit(struct lane_turn *t, enum permit permit, const char *cause);
/* The visit is over: passed, or not. */
void lane_end_passed(struct lane_turn *t, bool inferred);
void lane_end_backed(struct lane_turn *t, bool inferred);
void lane_command_result(struct lane_turn *t, enum command_outcome outcome, const char *text);

/* ---- lane_orders.c ---- */
void lane_down(struct lane_turn *t, const struct down *down);
void lane_ignore(struct lane_turn *t, const struct down *down, const char *why);
bool lane_is_decided(const struct lane_visit *visit); /* permitted, or about to be (X8) */
bool lane_is_text(const char *a, const char *b);      /* the same, and not "" */

/* ---- lane_commands.c ---- */
void lane_take_command(struct lane_turn *t, const struct down *down);
bool lane_command_is_late(const struct lane_turn *t);
/* Whom a command names: a canonical key as it is, a text read like a camera's. */
bool lane_read_subject(const struct lane_turn *t, const struct down *down,
                       struct subject *ret_subject);
/* COMMAND_DONE for it. */
void lane_answer(struct lane_turn *t, const struct down *down, enum command_outcome outcome,
                 const char *text);

/* ---- lane_desk.c ---- */
void lane_take_cash(struct lane_turn *t, const struct down *down);
void lane_allow_debt(struct lane_turn *t, const struct down *down);

#endif
