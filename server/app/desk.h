/*
 * desk.h - what each transaction script works with: the store, the places, one time, and a pile
 * of things to say once the transaction is committed.
 *
 * A group of messages is one transaction:
 *     desk_begin, scripts (on_*.h), desk_commit, desk_speak
 * and when anything of the database fails, desk_rollback: then nothing was said
 * and nothing changed, neither on disk nor in here.  desk_mark and desk_undo do the
 * same for one message of a group (with the store's savepoint).
 *
 * One thread; time and randomness come through ports, so this runs in the simulator.
 * Only files of server/app include it.
 */
#ifndef DOXE_SERVER_DESK_H
#define DOXE_SERVER_DESK_H

#include "server/app/app.h"
#include "server/core/ingest.h"
#include "server/store/store.h"

/* A gate of the configuration, and what the server has of its journal. */
struct desk_gate {
    const char *id;
    const struct app_lot *lot;
    int64_t generation, high; /* as in the transaction that runs */
    bool cursor_moved;        /* to be written before the commit */
    bool touched;             /* its index stands in desk->touched */
    int64_t acknowledge;      /* to be said after it: committed up to here; 0: nothing */
    bool ask_gap;             /* the same */
    int64_t gap_generation, gap_from;
    int64_t forked;   /* a generation of which an old copy speaks: nothing of it is applied */
    mono_t gap_asked; /* when it was last asked; not again at once */
    int64_t generation_kept, high_kept; /* as committed */
};

/*
 * An exit asked that was answered ahead of its turn (on_early.c): money for it must find the lane.
 * Kept here only: after a restart the lane's own question brings it back.
 */
struct desk_early {
    const struct desk_gate *gate; /* NULL: free */
    int lane;
    char session[ULID_CAP];
    char ask[ULID_CAP];
};
enum { DESK_EARLY_MAX = 64 };

/* What a lot's gates were told last (publish.h); by the index of the lot. */
struct desk_lot {
    uint32_t inside; /* parts to be told, one bit each */
    bool config;
    mono_t told;
    int64_t inside_version;
};

struct shelf_set;
struct desk_speech {
    const struct desk_gate *gate;
    char *body;
    size_t n;
    struct down *down; /* the same as a value, for ports that take it; NULL: text alone */
};

struct desk {
    struct store *store;
    const struct app_config *config;
    struct app_ports ports;
    int gate_count;
    struct desk_gate *gates; /* sorted by id */
    int touched_count;
    int *touched;          /* gates that this group is about: a city has thousands */
    struct desk_lot *lots; /* as config->lots */
    const struct app_lot **lot_by_id, **lot_by_account; /* sorted */
    int64_t lists_version, passes_version;              /* as told */
    struct shelf_set *shelf;                            /* published tariffs, shelf.h */
    int64_t shelf_version;
    wall_t now; /* of this group */
    mono_t mono;
    bool notices_waiting; /* bank_inbox has new rows */
    wall_t earn_at;       /* months of passes are looked at then */
    bool uncertain;       /* a commit failed: the gates' cursors are read again first */
    wall_t next_message;  /* when the outbox is due; 0: never */
    wall_t next_chores;   /* when what has become old is looked at */
    struct desk_early early[DESK_EARLY_MAX];
    int early_next; /* where the next one goes; the oldest gives way */
    int speech_count, speech_cap;
    struct desk_speech *speech;
    int change_count, change_cap;
    struct change *changes;
    char *space; /* STORE_NOTICE_MAX bytes for bodies read back */
};

/* ---- life: desk.c ---- */

/* `store` stays the caller's.  DX_E_MEMORY. */
DX_MUST_USE int desk_init(struct desk *desk, struct store *store, const struct app_config *config,
                          const struct app_ports *ports);
void desk_fini(struct desk *desk);
/* Operators, lots and gates into the database, and the gates' cursors out of it. */
DX_MUST_USE int desk_open(struct desk *desk);

/* ---- a group ---- */

DX_MUST_USE int desk_begin(struct desk *desk);
DX_MUST_USE int desk_commit(struct desk *desk);
void desk_rollback(struct desk *desk);
/* After a commit: acknowledgements, gap requests, messages, changes. */
void desk_speak(struct desk *desk);

struct desk_mark {
    int speech_count, change_count;
    int gate; /* index; below 0 none */
    struct desk_gate kept;
};
struct desk_mark desk_mark(const struct desk *desk, const struct desk_gate *gate);
void desk_undo(struct desk *desk, const struct desk_mark *mark);
/* The input is at fault, not the database: it is set aside and the group goes on. */
bool desk_is_refusal(int error);

/* This stay's part of `inside` is to be told; a stay that did not change costs a repeat. */
void desk_mark_inside(struct desk *desk, const struct session *session);

/* ---- what scripts use ---- */

struct desk_gate *desk_find_gate(struct desk *desk, const char *id);
/* Before its cursor or what is to be said of its journal changes. */
void desk_touch(struct desk *desk, struct desk_gate *gate);
const struct app_lot *desk_find_lot(const struct desk *desk, const char *id);
/* The first lot of the configuration that collects into it; NULL: nobody's. */
const struct app_lot *desk_find_account(const struct desk *desk, const char *account);
void desk_ulid(struct desk *desk, char out[ULID_CAP]);
/* Says it after the commit.  DX_E_MEMORY. */
DX_MUST_USE int desk_say(struct desk *desk, const struct desk_gate *gate, struct str body);
/* The same for a message that was just written from `down`. */
DX_MUST_USE int desk_say_down(struct desk *desk, const struct desk_gate *gate,
                              const struct down *down, struct str body);
/* Tells the pages after the commit; `session` may be NULL. */
void desk_tell(struct desk *desk, enum change_kind kind, const struct desk_gate *gate, int lane,
               const struct session *session, const char *id, const char *word);
DX_MUST_USE int desk_review(struct desk *desk, const struct store_review *where,
                            const struct review *review);
/* Raises it at lane `lane` of the gate (0: the gate itself). */
DX_MUST_USE int desk_alarm(struct desk *desk, const struct desk_gate *gate, int lane,
                           const char *code, const char *detail);
DX_MUST_USE int desk_clear_alarm(struct desk *desk, const struct desk_gate *gate, int lane,
                                 const char *code);
/* Into quarantine, counted when it is there already. */
DX_MUST_USE int desk_set_aside(struct desk *desk, const char *source, const char *reason,
                               struct str bytes);
/*
 * Writes the message into the outbox and says it after the commit; `down->id` is
 * drawn when it is empty.  `expires` 0: it is repeated until the lane answers.
 */
DX_MUST_USE int desk_send(struct desk *desk, const struct desk_gate *gate, struct down *down,
                          wall_t expires);
/* A quote for a lane: the row, and the message.  `ask` is the exit_asked event it answers. */
DX_MUST_USE int desk_send_quote(struct desk *desk, const struct desk_gate *gate, int lane,
                                const char *ask, const struct session *session,
                                const struct payment_quote *quote);
/* The same without a row and without a repeat. */
DX_MUST_USE int desk_say_quote(struct desk *desk, const struct desk_gate *gate, int lane,
                               const char *ask, const struct session *session,
                               const struct payment_quote *quote);
/* By what a session of this lot is priced, its last promise included. */
DX_MUST_USE int desk_terms(struct desk *desk, const struct app_lot *lot,
                           const struct session *session, struct payment_terms *ret_terms);
/* The VietQR of what is due to the lot; "" on nonsense in the configuration. */
void desk_vietqr(const struct app_lot *lot, const char *code, int64_t amount_vnd,
                 char out[VIETQR_PAYLOAD_CAP]);
/* A payment code that nobody has, and a token that names a page: on_pass.c. */
DX_MUST_USE int desk_draw_code(struct desk *desk, char code[PAYCODE_CAP], char token[TOKEN_CAP]);
/* Posts; the same again is fine, with other content it is an alarm and nothing is written. */
DX_MUST_USE int desk_post(struct desk *desk, const struct app_lot *lot, const struct ledger_tx *tx);

#endif
