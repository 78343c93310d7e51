/*
 * desk.h - the attendant's console: pages and acts, served by the gate itself, line or no line.
 *
 * It has a listener of its own, apart from the drivers' displays and the cameras
 * (console.h), because here people log in: everything but the page's frame, its
 * script, its words and the login itself needs a login, every POST the login's
 * token too.  Beyond the loopback it wants TLS, as the server does.
 *
 *     GET  /                      the page; it draws itself from the state
 *     GET  /events                server-sent events: "changed", without data: then ask /api/state
 *     GET  /api/state             everything live, as this role may see it
 *     GET  /api/…                 a stay, a picture, a QR, alarms, deeds, shifts, receipts
 *     POST /api/login … /api/act  see desk_routes.h for all of them and who may ask
 *
 * How an act goes: the page asks; desk_rules.h says whether this role may and the
 * lane's state allows it; it goes through the loop into the core, as a command
 * (its own id, deadline, `by`) or as an event of the console; the core records it
 * durably; the outcome is read back from the journal and told to the page.  What
 * takes longer (an arm moves) is told as "waiting", with the id to ask for.
 *
 * Three threads meet here.  The loop copies lanes in and performs orders; the HTTP
 * thread answers; a worker takes the journal's news into the book and wakes the
 * pages.  `snap` is the lock of what the loop copies, `book` that of everything
 * else; the loop never takes `book`.
 *
 * Not here: what an act means (gate/core), how a lamp is switched (gate/io/shell_desk.c).
 */
#ifndef DOXE_GATE_DESK_H
#define DOXE_GATE_DESK_H

#include "gate/console/desk_rules.h"
#include "gate/core/event.h"

struct desk;

enum desk_order_kind {
    DESK_ORDER_COMMAND, /* down: to the core as from the server */
    DESK_ORDER_EVENT,   /* event: half filled; the core completes and records it */
    DESK_ORDER_LAMP     /* pulse an output that moves nothing */
};

/* One thing the loop is asked to do.  On the heap; the loop frees it. */
struct desk_order {
    enum desk_order_kind kind;
    int64_t ticket;
    int lane;
    enum output_role output;
    union {
        struct down down;
        struct event event;
    };
};

/* The loop's word about an order: it was stepped, and what it recorded is in the journal. */
struct desk_answer {
    int64_t ticket;
    int error; /* 0; DX_E_STATE: the core did not take it; DX_E_FULL: not recorded yet */
};

/* The line to the city, and the journal: what everybody at the console must see at once. */
struct desk_line {
    bool online;
    int64_t waiting; /* events that the server has not acknowledged */
    bool journal_ok;
    bool disk_full;   /* why the journal cannot be written */
    int64_t unstored; /* records that are in memory only */
};

struct desk_place {
    int lane;
    const char *name; /* of the lane, for people */
    bool exit, reversible;
    unsigned inputs, outputs; /* bits 1 << role */
};

struct desk_config {
    const char *listen; /* "127.0.0.1:8082" */
    const char *cert, *key;
    bool behind_proxy;
    const char *database; /* the book */
    const char *journal;
    const char *pictures; /* folder of gate/io/picture_store.h */
    const char *gate, *lot, *title;
    const char *lib_dir; /* NULL: /usr/share/javascript */
    int64_t lock_ms;
    int64_t debt_limit_vnd; /* above it a supervisor answers for a debt */
    int lane_count;
    const struct desk_place *lane;
    void *context;
    /* Hands an order to the loop; on 0 the loop owns it.  DX_E_FULL, DX_E_STATE. */
    int (*give)(void *context, struct desk_order *order);
};

/* `config` is copied, its strings are borrowed.  DX_E_IO, DX_E_CONFIG, DX_E_CORRUPT, DX_E_MEMORY.
 */
DX_MUST_USE int desk_start(const struct desk_config *config, struct desk **ret_desk);
/* Nobody may call the functions below any more; the loop answers no order after this. */
void desk_stop(struct desk *desk);
int desk_port(const struct desk *desk);

/* ---- from the loop thread; none of them waits for more than a copy ---- */

/* The journal holds another part of the lot's list of open stays (lot_bucket_of). */
void desk_lot_changed(struct desk *desk, int bucket);
/* What an amount is made of, for the receipt; anything but a quote with lines is passed over. */
void desk_add_quote(struct desk *desk, const struct down *quote, wall_t now);

/* Display and subject come with it; the rest of desk_lane is filled by desk from its config. */
void desk_set_lane(struct desk *desk, const struct desk_lane *lane);
/* The line to the server; `waiting` events are not acknowledged. */
void desk_set_line(struct desk *desk, const struct desk_line *line, wall_t now);
/* Something was recorded or has changed: the pages are woken, soon and together. */
void desk_poke(struct desk *desk);
void desk_answered(struct desk *desk, const struct desk_answer *answer);
/* Does the console wait for a citizen card on this lane?  Then it takes it, and the core does not.
 */
bool desk_takes_card(struct desk *desk, int lane, mono_t now, const char *key, const char *last4);

/* ---- from the cameras' thread ---- */
void desk_add_picture(struct desk *desk, int lane, wall_t at, const char *name);

#endif
