/*
 * store.h - where the server keeps things: a port, without a word of SQL.
 *
 * The implementation here is SQLite (store_*.c over proto/io/db.h); another
 * database comes behind the same header.  One writer: a struct store belongs to
 * one thread.  A reader (store_open_reader) is a second handle that only reads.
 *
 * All writes happen between store_begin and store_commit.  A commit that
 * returned 0 is durable.  A savepoint lets one message of a group fail alone.
 *
 * Errors, of every function: DX_E_BUSY, DX_E_FULL, DX_E_IO, DX_E_MEMORY,
 * DX_E_CORRUPT from the database; what else is said at the function.  A row that
 * cannot be what it says (an unknown word, a text too long) is DX_E_CORRUPT.
 *
 * Not here: what anything means (server/core), reading for pages (query_*.h).
 */
#ifndef DOXE_SERVER_STORE_H
#define DOXE_SERVER_STORE_H

#include "server/core/ledger.h"
#include "server/core/ledger_chain.h"
#include "server/core/payment.h"
#include "server/core/session.h"
#include "server/core/session.h"

struct store;

/* ---- life: store_sqlite.c ---- */

/* Creates the file when it is missing; the tables come by store_migrate. */
DX_MUST_USE int store_open(const char *path, struct store **ret_store);
DX_MUST_USE int store_open_reader(const char *path, struct store **ret_store);
void store_close(struct store *store);
/* The database's last message, for logs. */
const char *store_message(struct store *store);

enum { STORE_LATEST = -1 };
/*
 * To a version of the schema, up or down, one transaction a step; 0 is empty.
 * DX_E_VERSION: the file is newer than this program.
 */
DX_MUST_USE int store_migrate(struct store *store, int version, wall_t now, int *ret_version);
/* The version of the file; 0 for an empty one. */
DX_MUST_USE int store_version(struct store *store, int *ret_version);
int store_latest_version(void);

DX_MUST_USE int store_begin(struct store *store);
DX_MUST_USE int store_commit(struct store *store);
void store_rollback(struct store *store);
DX_MUST_USE int store_savepoint(struct store *store);
DX_MUST_USE int store_release(struct store *store);
void store_rollback_savepoint(struct store *store);

/* ---- places, journals, what was set aside: store_journal.c ---- */

struct store_lot {
    const char *id, *operator_id, *name, *address, *ward, *bin, *account, *account_name;
    int64_t capacity_car, capacity_motorbike;
};
/* Insert, or bring up to date. */
DX_MUST_USE int store_put_operator(struct store *store, const char *id, const char *name);
DX_MUST_USE int store_put_lot(struct store *store, const struct store_lot *lot);
DX_MUST_USE int store_put_gate(struct store *store, const char *gate, const char *lot);

struct store_gate {
    int64_t generation, high, boot; /* what is committed of its journal */
    bool online;
};
DX_MUST_USE int store_get_gate(struct store *store, const char *gate, struct store_gate *ret_gate);
DX_MUST_USE int store_set_cursor(struct store *store, const char *gate, int64_t generation,
                                 int64_t high);
DX_MUST_USE int store_set_boot(struct store *store, const char *gate, int64_t boot,
                               const char *version);
DX_MUST_USE int store_set_status(struct store *store, const char *gate, bool online,
                                 const char *version, wall_t seen, struct str status);

DX_MUST_USE int store_has_event(struct store *store, const char *id, bool *ret_has);
struct store_event {
    const struct event *event; /* gate, generation, seq, id, lane, wall */
    const char *type;          /* its word, also when we do not know it */
    wall_t received;
    const char *session, *outcome; /* "" when none; a word of SESSION_OUTCOMES, or "set_aside" */
    struct str body;               /* the message as it came */
};
/* DX_E_EXISTS: the id or the number is taken. */
DX_MUST_USE int store_add_event(struct store *store, const struct store_event *row);
/* The same again is fine. */
DX_MUST_USE int store_park(struct store *store, const char *gate, int64_t generation, int64_t seq,
                           struct str body);
DX_MUST_USE int store_count_parked(struct store *store, const char *gate, int64_t *ret_count);
/* Takes it out; `space` has MSG_SIZE_MAX bytes.  DX_E_NOT_FOUND. */
DX_MUST_USE int store_take_parked(struct store *store, const char *gate, int64_t generation,
                                  int64_t seq, char *space, struct str *ret_body);
/* What is parked of generations before this one goes to quarantine. */
DX_MUST_USE int store_set_parked_aside(struct store *store, const char *gate, int64_t generation,
                                       wall_t now, const char *reason);
/* The same bytes from the same source for the same reason are counted, not kept twice. */
DX_MUST_USE int store_set_aside(struct store *store, wall_t received, const char *source,
                                const char *reason, struct str bytes);

/* ---- sessions, quotes, reviews, counts: store_session.c ---- */

/* DX_E_NOT_FOUND. */
DX_MUST_USE int store_get_session(struct store *store, const char *id, struct session *ret_session);
DX_MUST_USE int store_get_session_by_code(struct store *store, const char *code,
                                          struct session *ret_session);
DX_MUST_USE int store_get_session_by_token(struct store *store, struct str token,
                                           struct session *ret_session);
/* Open sessions of the lot with this kind and key, the latest first; at most `max`. */
DX_MUST_USE int store_find_open(struct store *store, const char *lot, const struct subject *subject,
                                struct session *ret_sessions, int max, int *ret_count);
/* DX_E_EXISTS: id, code or token is taken. */
DX_MUST_USE int store_add_session(struct store *store, const struct session *session, wall_t now);
DX_MUST_USE int store_put_session(struct store *store, const struct session *session, wall_t now);

struct store_quote {
    char id[ULID_CAP];
    char session[ULID_CAP];
    char ask[ULID_CAP]; /* the exit_asked event; a top-up keeps that of its lane */
    int lane;
    wall_t made;
};
DX_MUST_USE int store_add_quote(struct store *store, const struct store_quote *quote,
                                const struct payment_quote *priced);
/* The promise of the session's last quote; given is false when there is none. */
DX_MUST_USE int store_get_promise(struct store *store, const char *session,
                                  struct payment_promise *ret_promise);

struct store_review {
    const char *lot, *gate; /* "" none */
    int lane;
    const char *session, *credit; /* "" none */
    const char *cause;            /* event or inbox row that opened it */
};
DX_MUST_USE int store_add_review(struct store *store, const struct store_review *where,
                                 const struct review *review, wall_t now);
/* DX_E_NOT_FOUND: no such review, or closed before. */
DX_MUST_USE int store_close_review(struct store *store, int64_t id, const char *by, wall_t now);
/* All open ones of this kind at a lane. */
DX_MUST_USE int store_close_lane_reviews(struct store *store, const char *gate, int lane,
                                         enum review_kind kind, const char *by, wall_t now);

/* ---- money: store_money.c ---- */

DX_MUST_USE int store_add_inbox(struct store *store, const char *provider, wall_t received,
                                struct str body, int64_t *ret_id);
enum { STORE_NOTICE_MAX = 64 * 1024 };
struct store_notice {
    int64_t id;
    char provider[CREDIT_PROVIDER_CAP];
    enum credit_source source;
    int64_t statement; /* of a statement's row, else 0 */
    int line;
    wall_t received;
    struct str body; /* in the space given */
};
/* The first notice after `after` that is still new; `space` has STORE_NOTICE_MAX bytes.
 * DX_E_NOT_FOUND. */
DX_MUST_USE int store_next_notice(struct store *store, int64_t after, char *space,
                                  struct store_notice *ret_notice);
/* `state` is "applied", "rejected" or "candidate". */
DX_MUST_USE int store_close_notice(struct store *store, int64_t id, const char *state,
                                   const char *reason);

/* Has this transfer been booked before, and as which credit ("" when it is new)? */
DX_MUST_USE int store_find_credit(struct store *store, const struct bank_credit *credit,
                                  enum payment_seen *ret_seen, char ret_id[ULID_CAP]);
struct store_credit {
    const char *id, *code, *session; /* session "" writes none */
    enum payment_verdict verdict;
    wall_t received;
    int64_t inbox; /* the notice it came with */
};
/* DX_E_EXISTS. */
DX_MUST_USE int store_add_credit(struct store *store, const struct bank_credit *credit,
                                 const struct store_credit *row);

/* ---- the ledger: store_ledger.c ---- */

/*
 * Gives it the next number and ties it to the one before.  must() balance.
 * DX_E_EXISTS: it is there already; DX_E_DIFFERENT: with other content.
 */
DX_MUST_USE int store_post(struct store *store, const struct ledger_tx *tx);
/* DX_E_NOT_FOUND. */
DX_MUST_USE int store_get_tx(struct store *store, const char *id, struct ledger_tx *ret_tx);
/* The last number and its hash; number 0 in an empty ledger. */
DX_MUST_USE int store_get_ledger_head(struct store *store, struct ledger_head *ret_head);

/* ---- what is to be said to gates, alarms: store_outbox.c ---- */

struct store_message {
    char id[ULID_CAP];
    char gate[MSG_NAME_CAP];
    int lane;
    const char *type; /* "quote", "paid", "command" */
    char session[ULID_CAP], ask[ULID_CAP];
    wall_t next;    /* when to say it again */
    wall_t expires; /* 0: never */
};
/* It counts as said once already: the caller says it right after the commit. */
DX_MUST_USE int store_add_message(struct store *store, const struct store_message *message,
                                  struct str body, wall_t now);
/* The lane's quote or paid message that is still unanswered for this session.  DX_E_NOT_FOUND. */
DX_MUST_USE int store_find_waiting(struct store *store, const char *session,
                                   struct store_message *ret_message);
/* The quote that the lane was told last and has not answered.  DX_E_NOT_FOUND. */
DX_MUST_USE int store_find_lane_waiting(struct store *store, const char *gate, int lane,
                                        struct store_message *ret_message);
/* Quotes and payments of this lane, and of this session ("" none), need no repeating. */
DX_MUST_USE int store_settle_lane(struct store *store, const char *gate, int lane,
                                  const char *session, wall_t now);
DX_MUST_USE int store_settle_message(struct store *store, const char *id, wall_t now);
/* All open ones of a gate (NULL: of all gates) are due now. */
DX_MUST_USE int store_hurry(struct store *store, const char *gate, wall_t now);

struct store_due {
    char id[ULID_CAP];
    char gate[MSG_NAME_CAP];
    int64_t attempts; /* times it was said */
    bool expired;
    struct str body; /* in the space given */
};
/* The message that has waited longest beyond its time.  DX_E_NOT_FOUND: nothing is due. */
DX_MUST_USE int store_next_due(struct store *store, wall_t now, char *space, size_t cap,
                               struct store_due *ret_due);
DX_MUST_USE int store_said_again(struct store *store, const char *id, wall_t next);
/* When the next one is due; 0: never. */
DX_MUST_USE int store_next_time(struct store *store, wall_t *ret_next);

struct store_command {
    char id[ULID_CAP];
    const char *gate, *action, *reason, *by;
    int lane;
    wall_t made, deadline;
};
DX_MUST_USE int store_add_command(struct store *store, const struct store_command *command);
/* DX_E_NOT_FOUND: no such command of this gate, or answered before. */
DX_MUST_USE int store_answer_command(struct store *store, const char *id, const char *gate,
                                     const char *outcome, const char *text, wall_t now);

/* Raising what is raised, and clearing what is not, changes nothing: *ret_changed. */
DX_MUST_USE int store_raise_alarm(struct store *store, const char *lot, const char *gate, int lane,
                                  const char *code, const char *detail, wall_t now,
                                  bool *ret_changed);
DX_MUST_USE int store_clear_alarm(struct store *store, const char *gate, int lane, const char *code,
                                  wall_t now, bool *ret_changed);

#endif
