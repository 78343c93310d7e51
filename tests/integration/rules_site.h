/*
 * rules_site.h - one gate and the server with a bad line between them, in virtual time.
 *
 * The gate is the real core over the real journal (SQLite on the disk), the server the real
 * application over its real database (server_world.h).  Only the shell, the broker and the street
 * are the test's: the line can be cut, swallow what is sent on either side, or stall and say
 * everything later; the gate can die at any effect as by kill -9 (what the disk holds is all that
 * is left); the journal's file can be copied, put back, or be without room.
 *
 * Lanes 1 and 3 are entries, 2 and 4 exits.  The gate is GATE_A.
 */
#ifndef DOXE_TESTS_RULES_SITE_H
#define DOXE_TESTS_RULES_SITE_H

#include "gate/io/journal.h"
#include "tests/integration/server_world.h"

enum { SITE_LANES = 4, SITE_QUEUE_MAX = 4096, SITE_LOG_MAX = 64 };

struct site_lane {
    bool opens, closes; /* the arm was ordered so, and has not arrived */
    bool is_open;       /* up */
    bool fire, arming, safety;
    int opened;            /* orders to open, counted */
    int64_t opened_behind; /* seq that was durable when it was last ordered up */
};

struct site_outcome {
    enum gate_event_type type;
    int64_t seq;
    int lane;
    enum output_role role;
};

struct site {
    struct world *world;
    struct gate gate;
    struct gate_config config;
    struct lot lot;
    char folder[128];
    char journal_path[160];
    int copies; /* names of files */
    struct journal_db *journal;
    struct journal_state state;
    mono_t now;
    bool alive, started;
    bool clock_unknown; /* 1970 and so on */
    struct prng dice;
    struct site_lane lane[SITE_LANES + 1];
    struct gate_effects effects;
    struct site_outcome outcome[512];
    int outcome_first, outcome_count;
    /* the line */
    bool connected, swallow_up, swallow_down, stalled;
    int said_taken; /* of world->said */
    int up_count, down_count;
    char *up[SITE_QUEUE_MAX];
    struct down down[SITE_QUEUE_MAX];
    int64_t repeats;       /* of events that were sent before */
    int64_t rows_sent;     /* by all steps */
    int64_t rows_sent_max; /* by one */
    int quotes;            /* that came down */
    int renewals;          /* starts of a new generation because the server knew better */
    /* faults */
    int64_t effects_done, die_at; /* dies before effect number die_at; 0: never */
    bool died;
    int store_error;    /* what every store answers; 0: works */
    int64_t stored_seq; /* highest durable */
    int last_outcome;   /* of the last COMMAND_DONE recorded */
    int commands_done;
};

/* A new journal; the line is up.  `world` is started; the gate too. */
void site_init(struct site *s, struct world *world);
void site_fini(struct site *s);
/* Opens the journal and starts the core over it. */
void site_start(struct site *s);
/* Stops cleanly (the cursor is written), or as kill -9 does: only what is on the disk is left. */
void site_stop(struct site *s);
void site_kill(struct site *s);
/* The journal as it is now, kept under a name; put back later with the gate stopped. */
void site_copy_journal(struct site *s, const char *name);
void site_put_back(struct site *s, const char *name);
void site_lose_journal(struct site *s);

/* Time goes on by so much, with all that falls due in it; the line carries. */
void site_run(struct site *s, int64_t ms);
/* Until all is acknowledged; fails the test after `ms`. */
void site_settle(struct site *s, int64_t ms);
void site_line(struct site *s, bool up);
void site_stall(struct site *s, bool stalled);

void site_input(struct site *s, int lane, enum input_role role, bool on);
/* A car with this plate at an entry: true when it came through. */
bool site_enter(struct site *s, int lane, const char *plate);
/* The same at an exit; it waits up to `wait_ms` for the arm. */
bool site_leave(struct site *s, int lane, const char *plate, int64_t wait_ms);
/* At the loop with its plate read, and then it stands there. */
void site_stand(struct site *s, int lane, const char *plate);
/* Past the open arm. */
void site_pass(struct site *s, int lane);
/* Says it to the gate as if the server had. */
void site_say(struct site *s, const struct down *down);

/* One number of the gate's journal. */
int64_t site_number(struct site *s, const char *sql);
/*
 * Every event that the journal holds or held since the beginning of the test is at the server
 * exactly once, in order and unchanged: 0, else what is wrong is printed.
 */
int site_compare(struct site *s);
/* Events that were sent again with another body. */
int site_changed_on_the_way(struct site *s);
/* How many of the ids that ever were durable at the gate are not one event of the server. */
int site_missing(struct site *s);

#endif
