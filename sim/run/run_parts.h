/*
 * run_parts.h - what the files of the engine share; nobody outside sim/run includes it.
 *
 *   run.c           the loop, the phases, the end
 *   run_look.c      what others may see and do by hand
 *   gate_site.c     a gate's life; gate_shell.c its loop; gate_devices.c Modbus, scanner, camera
 *   street_site.c   the world's effects carried out
 *   bank_site.c     transfers and the word of them
 *   net.c           the broker
 *   server_site.c   the server's life and its turns
 *   faults.c        faults begin, strike and end
 */
#ifndef DOXE_SIM_RUN_RUN_PARTS_H
#define DOXE_SIM_RUN_RUN_PARTS_H

#include "proto/base/check.h"
#include "sim/run/site_parts.h"

#include <stdlib.h>

enum { RUN_SERVER = -1, RUN_CITY = -2 };

struct run {
    struct run_config config;
    struct sim_heap heap;
    struct trace trace;
    int64_t now_ms, standing; /* events since it moved */
    struct prng root;
    struct site *site;
    /* the server */
    struct app *app;
    struct sim_clock server_clock;
    struct prng server_dice;
    uint32_t server_life;
    bool server_mute; /* what it says is lost */
    bool server_turn; /* a turn is under way in the heap */
    int64_t turn_ms, server_heard_ms, retire_ms;
    int store_error;
    int64_t store_first; /* operations before the run */
    int message_times;
    bool broker_down;
    int64_t swept[SWEEP_SEAM_COUNT];
    /* the plan */
    int fault_count;
    struct plan_fault *fault; /* the run's own copy: their streams move */
    bool *is_active;          /* by index: its time runs, or it waits to strike once */
    int64_t active;
    int active_of[PLAN_CLASS_COUNT];
    /* the end */
    bool calm;
    int64_t calm_since_ms;
    int64_t look_ms;
    enum run_end end;
    const char *why;
    char detail[240];
    struct run_report count;
    /* one at a time */
    struct gate_event event;
    struct gate_effects effects;
    struct site_outcome outcome[SITE_OUTCOMES_MAX];
    int outcome_first, outcome_count;
    struct world_effects world_effects;
    char text[MSG_SIZE_MAX];
    struct gate *blank; /* of gate_init, before it is copied */
};

/* ---- run.c ---- */
void run_push(struct run *run, int64_t in_ms, int site, enum run_happening kind,
              struct sim_event more);
void run_fail(struct run *run, const char *why, const char *detail);
void run_note(struct run *run, int site, int lane, const char *who, const char *what, int64_t a,
              int64_t b, const char *text);

/* ---- server_site.c ---- */
DX_MUST_USE int server_start(struct run *run, char *why, size_t cap);
void server_kill(struct run *run);
/* The same, and its supervisor starts it again. */
void server_dies(struct run *run);
/* Something is there for it: a turn comes soon. */
void server_wake(struct run *run);
void server_hear(struct run *run, const char *topic, struct str bytes);
void server_hear_event(struct run *run, const struct event *event);
void server_turn(struct run *run);
void server_beat(struct run *run);
/* The HTTP status. */
int server_webhook(struct run *run, const char *provider, const char *const *headers, int count,
                   struct str body);
wall_t server_wall(const struct run *run);
bool server_is_idle(const struct run *run, const char **ret_why);

/* ---- server_store.c: the seam of the server's store ---- */
void server_store_init(struct run *run);
/* Before a turn: what the plan does to it.  Not 0: it refuses this turn at its beginning. */
DX_MUST_USE int server_store_prepare(struct run *run);
bool server_store_is_down(const struct run *run);
void server_store_revive(struct run *run);
int64_t server_store_operations(const struct run *run);

/* ---- sweep.c ---- */
/* Counts one operation of that seam; what becomes of it. */
enum sweep_act sweep_strikes(struct run *run, enum sweep_seam seam);

/* ---- faults.c ---- */
void fault_begin(struct run *run, int index);
void fault_end(struct run *run, int index);
void fault_end_all(struct run *run);
/*
 * Does an active fault of this class strike now, at this site and lane?  Draws from the
 * fault's own stream; the fault, or NULL.
 */
struct plan_fault *fault_strikes(struct run *run, enum plan_class class_, int site, int lane);
bool fault_is_on(const struct run *run, enum plan_class class_, int site, int lane);

#endif
