/*
 * run.h - a city in virtual time: the real gate core, the real server application, and a street,
 * a broker, banks and clocks that obey one seed.
 *
 * What is real: gate_step and all under it, app_start, app_turn and all under them (messages
 * are JSON between them, notices of banks are signed and verified).  What is simulated: the shells,
 * the gate's disk (image.h), Modbus, scanners' lines, cameras, the broker (net.h), clocks
 * (clock.h), people and banks (sim/world.h, sim/bank.h).
 *
 * A run goes through two phases.  Safety: vehicles come, faults of the plan strike, and the
 * auditor looks after each step.  Calm: nobody comes any more, faults are off; within
 * `calm_ms` everybody must have left and every message must have arrived, and the
 * auditor compares the books.
 *
 * One struct run is one thread's.  Nothing in here reads a clock, a file or a random number:
 * the same configuration gives the same trace hash.
 *
 * Not here: who the people are (sim/people.h), what must hold (sim/audit.h), the command
 * line (run_cli.h), the plan of faults (plan.h).
 */
#ifndef DOXE_SIM_RUN_RUN_H
#define DOXE_SIM_RUN_RUN_H

#include "gate/core/gate.h"
#include "server/app/app.h"
#include "sim/bank.h"
#include "sim/run/plan.h"
#include "sim/run/trace.h"
#include "sim/world.h"

struct run;
struct site;

/* The street of a site.  NULL functions: struct world with the settings below. */
struct run_street {
    void *self;
    void (*step)(void *self, const struct world_event *event, struct world_effects *effects);
    mono_t (*deadline)(void *self);
};

/* One lot with one gate. */
struct run_site {
    struct world_config world; /* speed, rate, … */
    int cars_percent, misbehave, wild;
    int visits;    /* places in the book of visits, at least 64 */
    int transfers; /* the most that its banks carry out */
    bool arrivals; /* people come by themselves */
    /* NULL: people_init with the numbers above and the site's own stream */
    void (*people)(void *context, int site, const struct prng *root, struct people *ret_people,
                   struct prng *ret_stream);
    struct run_street street;
    /* NULL, or changes what the gate is told about itself before it starts */
    void (*configure)(void *context, int site, struct gate_config *config);
    void *context;
};

/*
 * Who looks on.  Any member may be NULL.  What returns a sentence stops the run: it has failed.
 * The sentence lives until the run is freed.
 */
struct run_watch {
    void *context;
    /* After each step of a gate's core. */
    const char *(*gate)(void *context, const struct run *run, int site,
                        const struct gate_event *event, const struct gate_effects *effects);
    /* After each step of a street. */
    const char *(*street)(void *context, const struct run *run, int site,
                          const struct world_event *event, const struct world_effects *effects);
    /* After each turn of the server that committed. */
    const char *(*server)(void *context, const struct run *run);
    /* A gate or the server (site below 0) is dead; after it is up again with `up`. */
    const char *(*life)(void *context, const struct run *run, int site, bool up);
    /* Each message between them when it arrives, as bytes; each notice of a bank ("webhook"). */
    const char *(*message)(void *context, const struct run *run, int site, struct str topic,
                           struct str bytes);
    /* What the server tells its pages, after a commit. */
    const char *(*change)(void *context, const struct run *run, const struct change *change);
    /* A record of a gate is on its disk, and nobody knows it yet. */
    const char *(*stored)(void *context, const struct run *run, int site,
                          const struct event *event);
    /* A bank has carried a transfer out. */
    const char *(*transfer)(void *context, const struct run *run, int site,
                            const struct transfer *transfer);
    /* All is settled: the last word. */
    const char *(*settled)(void *context, const struct run *run);
};

/* Seams whose operations a sweep counts, and what it does to the i-th (STYLE.md 4). */
enum sweep_seam {
    SWEEP_STORE,   /* the server's store */
    SWEEP_JOURNAL, /* the gates' journals */
    SWEEP_MESSAGE, /* messages, both ways */
    SWEEP_MODBUS,  /* writes to a module */
    SWEEP_SEAM_COUNT
};
enum sweep_act {
    SWEEP_NOTHING,
    SWEEP_FAIL,       /* it fails; a message is lost */
    SWEEP_CRASH,      /* whoever did it dies before it is done */
    SWEEP_CRASH_AFTER /* … after it is done, before anybody is told */
};
struct run_sweep {
    enum sweep_seam seam;
    enum sweep_act act; /* NOTHING: only counted */
    int64_t at;         /* 1… */
};

/* The store that the server works over, as far as it can fail; sim/store/memory.h can. */
enum run_store_fault {
    RUN_STORE_BUSY,
    RUN_STORE_FULL,
    RUN_STORE_IO,
    RUN_STORE_CRASH,      /* down: from this operation on all fail */
    RUN_STORE_CRASH_AFTER /* down after the next commit, which is durable */
};
struct run_store {
    void *context;
    int64_t (*operations)(void *context);
    /* At the `ahead`-th operation from now, 1 is the next; replaces what was planned. */
    void (*plan)(void *context, enum run_store_fault fault, int64_t ahead);
    bool (*is_down)(void *context);
    void (*revive)(void *context);
    /* NULL, or forgets what was over before then: a city's days must fit into memory. */
    int (*retire)(void *context, wall_t before);
};

struct run_config {
    uint64_t seed;
    const struct run_store *store; /* borrowed; NULL: it does not fail */
    struct run_sweep sweep;
    wall_t start;    /* the true time when it begins */
    int64_t play_ms; /* vehicles come so long */
    int64_t calm_ms; /* then all must settle within so long */
    int site_count;
    /*
     * Events and answers pass as values, and every 64th as text; nothing is retained.  For speed:
     * not with a plan, for then a gate must know its lot when the server is silent.
     */
    bool values;
    const struct run_site *sites; /* borrowed until run_free */
    const struct app_config *app; /* borrowed; lots[i] belongs to sites[i], its first gate is it */
    const struct plan *plan;      /* borrowed; NULL: no faults */
    struct run_watch watch;
};

enum run_end { RUN_GOES_ON, RUN_SETTLED, RUN_FAILED };

struct run_report {
    enum run_end end;
    const char *why;  /* RUN_FAILED: a sentence */
    char detail[240]; /* … and what it is about */
    uint64_t hash;
    int64_t steps, gate_steps, street_steps, server_turns, messages, now_ms;
    int64_t arrived, left, gone, turned_away, transfers, transferred_vnd;
    int64_t faults, crashes;         /* that struck */
    int64_t swept[SWEEP_SEAM_COUNT]; /* operations of each seam */
};

/* DX_E_CONFIG and a sentence in `why`; DX_E_MEMORY. */
DX_MUST_USE int run_new(const struct run_config *config, char *why, size_t cap,
                        struct run **ret_run);
void run_free(struct run *run);
/* Plays until it has settled or failed. */
enum run_end run_play(struct run *run);
/* One event that is due until then; false: there is none, and the time is `until_ms` now. */
bool run_next(struct run *run, int64_t until_ms);
bool run_is_over(const struct run *run);
void run_get_report(const struct run *run, struct run_report *ret_report);

/* ---- looking ---- */

int64_t run_now_ms(const struct run *run);
wall_t run_wall(const struct run *run); /* the true one */
const struct run_config *run_configuration(const struct run *run);
struct trace *run_trace(struct run *run);
/* Nobody present, no message under way, nothing unacknowledged, no word of a bank to come. */
bool run_is_idle(const struct run *run, const char **ret_why);
/* Faults that are active for this site (below 0: for the server). */
bool run_is_disturbed(const struct run *run, int site);
const struct gate *run_gate(const struct run *run, int site); /* NULL while it is dead */
const struct image *run_image(const struct run *run, int site);
const struct world *run_world(const struct run *run, int site);
const struct bank *run_bank(const struct run *run, int site);
struct app *run_app(const struct run *run); /* NULL while it is dead */
/* What lane `lane` shows. */
const struct lane_display *run_display(const struct run *run, int site, int lane);

/* ---- doing by hand, between two events ---- */

void run_input(struct run *run, int site, int lane, enum input_role role, bool on);
void run_reading(struct run *run, int site, int lane, const struct gate_plate *plate);
void run_card(struct run *run, int site, int lane, enum subject_kind kind, const char *key,
              const char *last4);
void run_scan(struct run *run, int site, int lane, struct str bytes);
void run_bus(struct run *run, int site, int lane, bool answers);
/* What the console at the gate orders: a COMMAND, stepped at once, also with the line cut. */
void run_order(struct run *run, int site, const struct down *command);
/* `event->desk` filled as GATE_EV_DESK wants it. */
void run_desk(struct run *run, int site, const struct event *desk);
DX_MUST_USE int run_command(struct run *run, const struct app_command *command);
void run_gate_kill(struct run *run, int site);
void run_gate_start(struct run *run, int site);
void run_server_kill(struct run *run);
void run_server_start(struct run *run);
void run_line(struct run *run, int site, bool up);
/* 0 works; else what every write to the gate's journal answers. */
void run_journal(struct run *run, int site, int error);
void run_gate_clock(struct run *run, int site, int64_t offset_ms, bool unknown);
/*
 * A transfer, and its notice told `times` times, the first after `tell_after_ms`; 0 times: never.
 * DX_E_FULL.
 */
DX_MUST_USE int run_pay(struct run *run, int site, const struct bank_order *order,
                        int64_t tell_after_ms, int times, int *ret_transfer);
/* Tells it once more, now; with another amount when it is 0 or more. */
void run_pay_again(struct run *run, int site, int transfer, int64_t amount_vnd);
/* The bank takes it back, and its notice says so, now. */
void run_pay_back(struct run *run, int site, int transfer);
/* Each message is delivered so often, both ways; 1 is usual. */
void run_messages(struct run *run, int times);
/* 0 works; else what each transaction of the server's store answers. */
void run_server_store(struct run *run, int error);
/* Nobody comes any more; the calm begins. */
void run_calm(struct run *run);

#endif
