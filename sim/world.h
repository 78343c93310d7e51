/*
 * world.h - the street: lanes with arms and loops, and what the people in the vehicles do.
 *
 * The world is a value that is stepped.  What reaches it (a coil was written,
 * the display shows this, the attendant's console names a held lane) arrives in
 * struct world_event; what it wants done (an input changes, the camera takes a
 * picture, a transfer is ordered) leaves in struct world_effects, in the order
 * in which it must be done.  No clock, socket, file, thread or heap: the same
 * code runs in real time behind real sockets (sim/live) or on a virtual clock.
 *
 * It knows nothing of the product.  A driver sees what a driver sees: the arm,
 * the display, his bank.  So what it writes down as true can convict (audit.h).
 *
 * One lane, seen from the side, millimetres along the road:
 *
 *     0 ---- 1500          3000            arm at 3000
 *     [arming loop]   2500 [safety loop] 4000
 *
 * A vehicle stops with its front at 1400, on the arming loop.  Driving on, its
 * front reaches the safety loop, then its rear leaves the arming loop, then its
 * rear leaves the safety loop: it has passed.
 *
 * Time.  All durations are written as they are at speed 1.  `speed` divides
 * them, but devices have minimums below which no real one goes: an arm takes
 * WORLD_ARM_MS_MIN, edges of loops are WORLD_EDGE_MS_MIN apart.
 *
 * Not here: who they are (people.h), what a bank does (bank.h), protocols (live/).
 */
#ifndef DOXE_SIM_WORLD_H
#define DOXE_SIM_WORLD_H

#include "sim/arrivals.h"
#include "sim/visit.h"
#include "sim/world_tells.h"

enum {
    WORLD_LANES = 2, /* when nothing else is said: 1 the entry, 2 the exit */
    WORLD_LANES_MAX = 4,
    WORLD_QUEUE_MAX = 24,   /* a driver who sees half of it in the street drives on */
    WORLD_PARKED_MAX = 400, /* places in the lot, when nothing else is said */
    WORLD_EFFECTS_MAX = 64,
    WORLD_NOTES_MAX = 64,
    WORLD_HOLD_CAP = 24,
    WORLD_ARM_MS = 2500,
    WORLD_ARM_MS_MIN = 300,
    WORLD_EDGE_MS_MIN = 150,
};

/* Discrete inputs of a lane, in the order of etc/gate.yaml; and its coils. */
enum world_input { WORLD_ARMING, WORLD_SAFETY, WORLD_OPENED, WORLD_CLOSED, WORLD_INPUT_COUNT };
enum world_coil { WORLD_COIL_OPEN, WORLD_COIL_CLOSE };
enum world_lane_kind { WORLD_LANE_ENTRY, WORLD_LANE_EXIT, WORLD_LANE_REVERSIBLE };

struct arm {
    int direction; /* -1 falling, 0 at rest, 1 rising */
    int from;      /* 0 closed … 1000 open, at `since` */
    mono_t since;
};

struct world_lane {
    bool exit;
    struct arm arm;
    bool input[WORLD_INPUT_COUNT];
    int queue[WORLD_QUEUE_MAX]; /* visits; [0] comes next */
    int queue_count;
    int on;                    /* visit on the loops, or -1 */
    int tail;                  /* visit close behind it, on the arming loop already, or -1 */
    mono_t tail_at;            /* when it gets there */
    bool turns;                /* its direction changes as soon as nobody is on it */
    mono_t next_at;            /* when the next may roll up */
    mono_t up_since;           /* arm up and nobody there; never when that is not so */
    bool left_open;            /* … already noticed */
    char hold[WORLD_HOLD_CAP]; /* why the gate holds this lane, "" when it does not */
    mono_t hold_since, help_at;
    char last_code[VISIT_CODE_CAP];
};

/* name, word, sentence: what went wrong in the street itself, whatever the server says */
#define WORLD_NOTES(X)                                                                \
    X(HIT, "hit", "the arm came down on a vehicle")                                   \
    X(STUCK, "stuck", "waited too long at the lane although all programs were up")    \
    X(WRONG_QR, "wrong_qr", "the code on the display contradicts the text beside it") \
    X(WRONG_PAYEE, "wrong_payee", "the code asks to pay somebody else than before")   \
    X(LEFT_OPEN, "left_open", "the arm stayed up with nobody there")                  \
    X(UNPAID, "unpaid", "the arm rose at the exit although the amount shown was not paid")

enum world_note_kind {
#define X(name, word, sentence) WORLD_NOTE_##name,
    WORLD_NOTES(X)
#undef X
        WORLD_NOTE_COUNT
};

struct world_note {
    enum world_note_kind kind;
    int lane;  /* 1… */
    int visit; /* index, or -1 */
    wall_t at;
};

struct world_config {
    int speed;          /* 1… */
    int rate;           /* vehicles a minute of real time, 1…; unless `arrivals` say */
    bool attendant;     /* somebody can help; without him every plate or card is readable */
    int confuse;        /* per mille of pictures with one confused character */
    int64_t stuck_ms;   /* real time */
    mono_t last_return; /* by then who is in drives to the exit; mono_never() */
    /* All zero: two lanes, WORLD_PARKED_MAX places, an honest and careful attendant. */
    int lanes;                                  /* 1..WORLD_LANES_MAX */
    enum world_lane_kind lane[WORLD_LANES_MAX]; /* a reversible one begins as an entry */
    int places[VEHICLE_COUNT];
    const struct arrivals *arrivals; /* borrowed; NULL: `rate` */
    int64_t visits_a_day;            /* with `arrivals`: on an ordinary day */
    wall_t wall;                     /* with `arrivals`: of `now` at world_init */
    int stay_percent;                /* of the length of a stay; 0: as people are */
    int mistaken, dishonest;         /* attendant, per mille: types a wrong plate; pockets cash */
    /* A driver who has paid at the exit and is not let out asks the attendant after so long; 0: he
     * waits for the bank's word, however long that takes. */
    int64_t bank_patience_ms;
    bool pushed; /* nobody LOOKs: each new display comes by itself as SHOWN with the lane */
    bool quiet;  /* no TELL */
};

struct world {
    struct world_config config;
    struct prng prng;
    struct people people;
    int lanes;
    struct world_lane lane[WORLD_LANES_MAX]; /* 0 is lane 1 */
    struct visit *visit; /* the caller's; used as a book, oldest finished ones are overwritten */
    int visit_cap, next_slot;
    int forgotten;                 /* finished visits that were overwritten */
    int parked_count;              /* their heap is in visit[].heap */
    int present_of[VEHICLE_COUNT]; /* in the lot, in queues and on lanes */
    int entered, left, gone, turned_away;
    mono_t now, next_arrival;
    bool up; /* gate and server answer */
    char payee[40];
    struct world_note note[WORLD_NOTES_MAX];
    int note_count, notes_lost;
};

/* ---- events ---- */

enum world_event_kind {
    WORLD_EV_TICK,     /* nothing but time */
    WORLD_EV_COIL,     /* lane, coil, on */
    WORLD_EV_SHOWN,    /* visit, shown: what the display said when it looked; visit -1: whoever is
                          on the lane */
    WORLD_EV_PAGE,     /* visit, shown: the same for the page of its stay */
    WORLD_EV_TOLD,     /* visit, amount_vnd: the server took word of a transfer; on: but the code
                          had been lost on the way */
    WORLD_EV_HELD,     /* lane, hold: the attendant's console */
    WORLD_EV_UP,       /* on: gate and server answer */
    WORLD_EV_DIRECTION /* lane, on: the signs of a reversible lane say exit */
};

struct world_event {
    enum world_event_kind kind;
    mono_t now; /* never runs backwards */
    wall_t wall;
    int lane; /* 1… */
    int visit;
    enum world_coil coil;
    bool on;
    int64_t amount_vnd;
    struct shown shown;
    char hold[WORLD_HOLD_CAP];
};

/* ---- effects ---- */

enum world_effect_kind {
    WORLD_EFF_INPUT,     /* lane, input, on */
    WORLD_EFF_PHOTO,     /* lane, visit, text: what the camera makes of the plate */
    WORLD_EFF_CARD,      /* lane, visit: the driver holds his card to the scanner */
    WORLD_EFF_LOOK,      /* lane, visit: the driver looks at the display */
    WORLD_EFF_PAGE,      /* visit: the driver opens the page of his stay */
    WORLD_EFF_PAY,       /* visit, amount_vnd, own_words, after_ms: so much later (the code is
                            what it is now) */
    WORLD_EFF_NAME,      /* lane, visit, text: the attendant types the plate he sees */
    WORLD_EFF_CASH,      /* lane, visit, amount_vnd: he takes cash and books it */
    WORLD_EFF_DEBT,      /* lane, visit: he lets it go, to pay later */
    WORLD_EFF_HAND_OPEN, /* lane, visit: the attendant opens, with a reason */
    WORLD_EFF_RETRY,     /* lane, visit: the lane is in fault; the attendant looks, all is well */
    WORLD_EFF_TELL,      /* tell, lane, visit, amount_vnd: a line for people */
    WORLD_EFF_CLOSED     /* visit: it is over and may be written into the truth book */
};

struct world_effect {
    enum world_effect_kind kind;
    int lane;  /* 1…, or 0 */
    int visit; /* index */
    enum world_input input;
    bool on;
    bool own_words;
    int64_t amount_vnd;
    int64_t after_ms;
    enum world_tell tell;
    char text[PERSON_PLATE_CAP];
};

struct world_effects {
    int count;
    struct world_effect effect[WORLD_EFFECTS_MAX];
};

/* The lane's direction now; false for one that is not there. */
bool world_lane_is_exit(const struct world *world, int lane);
/* `visits` of `cap` (at least 64, and more than there are places) stay the caller's; `root` is not
 * moved.  Arms are down. */
void world_init(struct world *world, const struct world_config *config, const struct prng *root,
                const struct people *people, struct visit *visits, int cap, mono_t now);
/*
 * Total: an event about a visit that has gone on in the meantime is ignored.
 * `effects` is overwritten.  When more is due than fits, world_deadline() is past.
 */
void world_step(struct world *world, const struct world_event *event,
                struct world_effects *effects);
/* When to come back with a TICK; may be past. */
mono_t world_deadline(const struct world *world);

/* No vehicle comes any more, and those who are parked come back by `until`. */
void world_close(struct world *world, mono_t until);
/* Vehicles that are not yet LEFT or GONE, in the lot and in both queues. */
int world_present(const struct world *world);
/* Is anybody standing on a lane's loop? */
bool world_someone_waits(const struct world *world);
/* 0 closed … 1000 open; 0 for a lane that is not there. */
int world_arm_position(const struct world *world, int lane, mono_t now);

const char *world_note_text(enum world_note_kind kind);

#endif
