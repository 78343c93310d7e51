/*
 * server_world.h - the server's application over a real SQLite file, with a clock, dice and a
 * broker that the test holds in its hand.  One thread; nothing waits.
 *
 * Gates here are pens: world_event() fills in what every event has (id, number, times), and
 * world_send() hands it over as a broker would.  What the server says is kept in `said`.
 */
#ifndef DOXE_TESTS_SERVER_WORLD_H
#define DOXE_TESTS_SERVER_WORLD_H

#include "proto/base/prng.h"
#include "proto/io/db.h"
#include "proto/io/msg_json.h"
#include "server/app/app.h"
#include "tests/harness/harness.h"

enum { WORLD_SAID_MAX = 512, WORLD_CHANGES_MAX = 1024 };

struct world_said {
    char topic[96];
    struct down down;
};

struct world {
    char database[256];
    struct app_operator operators[1];
    struct app_lot lots[2];
    struct tariff_set *tariff;
    struct app_config config;
    struct app_ports ports;
    struct app *app;
    wall_t now;
    struct prng dice;
    int64_t ids;        /* events made so far: their ids are these numbers */
    int64_t generation; /* of gate A's journal */
    int64_t seq;        /* of gate A's journal */
    int64_t exit_seq;   /* of gate B's journal */
    bool line_down;     /* publishing fails */
    bool tampered;      /* the test changed rows behind the program's back: rollups differ */
    int said_count;
    struct world_said said[WORLD_SAID_MAX];
    int change_count;
    struct change change[WORLD_CHANGES_MAX];
};

/* Lot hn-0001 with gates A (hn-0001-g1) and B (hn-0001-g2), lot hn-0002 with gate hn-0002-g1. */
#define GATE_A       "hn-0001-g1"
#define GATE_B       "hn-0001-g2"
#define WORLD_SECRET "whsec_test_0001"

/* A new folder and database.  The price: 25,000 for each started hour, 10 minutes to leave;
 * the pass "month" costs 900,000. */
void world_init(struct world *w);
/* The application alone, over the database that is there; fails the test when it does not start. */
void world_start(struct world *w);
void world_stop(struct world *w);
void world_fini(struct world *w);

/* The price as a file. */
const char *world_tariff_text(void);
/* Minutes later. */
void world_pass(struct world *w, int minutes);
/*
 * Turns until there is nothing to do; after each the ledger's trial balance and chain are looked
 * at, so that no test can leave them wrong unseen.
 */
void world_run(struct world *w);

/* The next event of gate A; sessions are named by a letter: "A" is 01JS…A. */
struct event world_event(struct world *w, enum event_type type, const char *session);
/* The next event of gate B. */
struct event world_event_b(struct world *w, enum event_type type, const char *session);
void world_session_id(const char *letter, char out[ULID_CAP]);
void world_plate(struct event *event, const char *key, enum vehicle vehicle);
/* Posts it on its gate's topic and runs. */
void world_send(struct world *w, const struct event *event);
void world_post(struct world *w, const char *topic, const char *payload);
/* A car arrives and comes in at gate A. */
void world_enter(struct world *w, const char *session, const char *plate);
/* It asks to leave at gate B; *ret_ask is the event, for answers. */
struct event world_ask(struct world *w, const char *session, const char *plate);

/* The last message of this type to this gate; fails the test when there is none. */
const struct down *world_last(struct world *w, const char *gate, enum down_type type);
int world_count_said(const struct world *w, const char *gate, enum down_type type);
void world_forget(struct world *w);

/* SePay tells of a transfer; the HTTP status. */
int world_pay(struct world *w, const char *tx, const char *content, int64_t amount);
int world_pay_to(struct world *w, const char *tx, const char *account, const char *type,
                 const char *content, int64_t amount);
int world_webhook(struct world *w, const char *body, bool sign);
/* The payment code of a session, from the database. */
void world_code(struct world *w, const char *session, char out[PAYCODE_CAP]);

/* One integer, or one text, of the database as another program sees it. */
int64_t world_number(struct world *w, const char *sql);
void world_text(struct world *w, const char *sql, char *out, size_t cap);
/* Faults of the ledger; 0 is right. */
int world_ledger_faults(struct world *w);

#endif
