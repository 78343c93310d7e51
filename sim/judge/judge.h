/*
 * judge.h - the auditor of a run in virtual time: what doxe did, against what truly happened.
 *
 * He stands outside.  He knows the street's book (sim/world.h) and the banks' transfers, and is
 * told facts: a record became durable, an arm was ordered, a row was committed, these bytes were
 * sent.  He reads the product's structs and calls none of its functions: his own fees
 * (fee.h), his own sums, his own search for names.  Each fact costs a few look-ups; what was
 * settled and agreed is forgotten, so that a city's month fits into memory.
 *
 * He judges at every fact what can be judged then (JUDGE_RULES), and the rest when everything is
 * calm: judge_settle for each site, judge_end.  The first JUDGE_FINDINGS_MAX findings are kept.
 *
 * What nobody can know is no disagreement but counted (`unknowable`): who followed another under
 * its arm, changed plates, was misread at the entry, or backed out before an open arm
 * while its gate was dead.
 *
 * A shell: his tables are on the heap.  No clock, file or thread.
 * Not here: who tells him (hear.h), what must be done about it (docs/SIMULATION.md).
 */
#ifndef DOXE_SIM_JUDGE_H
#define DOXE_SIM_JUDGE_H

#include "gate/core/event.h"
#include "server/core/payment.h"
#include "sim/bank.h"
#include "sim/judge/fee.h"
#include "sim/world.h"

/* name, word, what is wrong when it is found.  Numbers: the invariants of docs/STYLE.md. */
#define JUDGE_RULES(X)                                                                           \
    X(PERMIT, "permit", "1: an arm was ordered up without a durable permit, a person or a fire") \
    X(LOOP, "loop", "2: an arm was ordered down while the safety loop was taken or not known")   \
    X(HIT, "hit", "2: an arm came down on a vehicle")                                            \
    X(EDGES, "edges", "3: sessions and true stays differ")                                       \
    X(TIMES, "times", "3: a session's time of passage is not the true one")                      \
    X(FEE, "fee", "4: the fee is not that of the true stay")                                     \
    X(CREDIT, "credit", "5: a transfer is not booked exactly once, to the dong")                 \
    X(LEDGER, "ledger", "5: a transaction does not sum to zero, or a posted one has changed")    \
    X(GRACE, "grace", "6: what was paid in time was charged again")                              \
    X(WAIT, "wait", "6: somebody waited too long at a lane that was well")                       \
    X(OWES, "owes", "6: somebody left owing, and no person had let him")                         \
    X(NUMBERS, "numbers",                                                                        \
      "7: a gate's messages have a gap or a repeat, or some are still waiting")                  \
    X(QUEUE, "queue", "8: a queue is longer than its limit")                                     \
    X(VIEWS, "views", "9: gate, server and street differ about who is inside")                   \
    X(REPLAY, "replay", "10: after a crash the state is not what was durable")                   \
    X(SECRET, "secret", "a card's number or name, or a plate where none may be, was written")    \
    X(STREET, "street", "the display or the arm did what a driver must never see")

enum judge_rule {
#define X(name, word, sentence) JUDGE_##name,
    JUDGE_RULES(X)
#undef X
        JUDGE_RULE_COUNT
};
const char *judge_rule_text(enum judge_rule rule);
const char *judge_rule_sentence(enum judge_rule rule);

enum { JUDGE_FINDINGS_MAX = 20, JUDGE_TEXT_CAP = 240 };

struct judge_finding {
    enum judge_rule rule;
    int site; /* -1: none */
    wall_t at;
    char text[JUDGE_TEXT_CAP];
};

/* One lot with one gate.  Everything is borrowed until judge_free. */
struct judge_site {
    const char *gate, *lot;
    const struct world *world;
    enum fee fee[VEHICLE_COUNT];
    int64_t tolerance_ms; /* of passage times */
    int64_t promise_ms;   /* who has paid may take so long to leave */
    int64_t may_owe_vnd;  /* a gate that is cut off may let somebody out owing so much by itself */
};

struct judge_report {
    int64_t stays, agreed, unknowable; /* closed in the street; with their session; see above */
    int64_t fees_judged, transfers, transferred_vnd, credited_vnd, revenue_vnd;
    int64_t events, transactions, bytes;
    int64_t findings; /* more may have been found than are kept */
    int64_t found[JUDGE_RULE_COUNT];
};

struct judge;

/* Never NULL (must). */
struct judge *judge_new(void);
void judge_free(struct judge *judge);
/* The site's number: 0, 1, … */
int judge_add_site(struct judge *judge, const struct judge_site *site);
/* The true time; before the facts of a step. */
void judge_now(struct judge *judge, wall_t now);

bool judge_failed(const struct judge *judge);
int judge_findings(const struct judge *judge, const struct judge_finding **ret_findings);
void judge_get_report(const struct judge *judge, struct judge_report *ret_report);

/* ---- facts of a gate ---- */

/* A record became durable. */
void judge_stored(struct judge *judge, int site, const struct event *event);
/* The core orders an output. */
void judge_output(struct judge *judge, int site, int lane, enum output_role role,
                  enum output_act act);
/* The core was told of an input; `reachable` false: of none of the lane's any more. */
void judge_input(struct judge *judge, int site, int lane, enum input_role role, enum level level);
void judge_bus(struct judge *judge, int site, int lane, bool reachable);
void judge_gate_started(struct judge *judge, int site);
/* State that was durable before a crash, and state after the replay, in any form; equal bytes. */
void judge_restored(struct judge *judge, int site, const void *before, size_t before_n,
                    const void *after, size_t after_n);
/* Its clock is or was wrong: its times are judged against each other only. */
void judge_clock_is_wrong(struct judge *judge, int site);
void judge_queue(struct judge *judge, int site, const char *what, int64_t count, int64_t limit);

/* ---- facts of the server: what it has committed ---- */

void judge_applied(struct judge *judge, const char *gate, int64_t generation, int64_t seq);
void judge_session(struct judge *judge, const struct session *session);
void judge_credit(struct judge *judge, const struct bank_credit *credit,
                  enum payment_verdict verdict);
void judge_posted(struct judge *judge, const struct ledger_tx *tx);

/* ---- facts of the street and the banks ---- */

/* The bank has carried it out; `code` is the payment code that was in the order, or "". */
void judge_transfer(struct judge *judge, int site, const struct transfer *transfer,
                    const char *code);
/* Somebody holds a card to a scanner: from now on its number is looked for. */
void judge_card(struct judge *judge, const struct person *person);
/* It has left or gone (WORLD_EFF_CLOSED): read from the site's world now. */
void judge_visit(struct judge *judge, int site, int visit);
/*
 * The gate was told another plate for it than its own: a camera erred, an attendant mistyped.  What
 * becomes of it then, nobody can know.
 */
void judge_misread(struct judge *judge, int site, const char *plate, const char *read_as);
/* The street's own notes that are new. */
void judge_notes(struct judge *judge, int site);

/* ---- bytes ---- */

#define JUDGE_BYTES(X)                                                \
    X(TOPIC, "topic", true) /* name, word, must no plate be in it? */ \
    X(MESSAGE, "message", false)                                      \
    X(STORED, "stored", false)                                        \
    X(LOG, "log", true)                                               \
    X(URL, "url", true)                                               \
    X(PAGE, "page", false)
enum judge_bytes {
#define X(name, word, no_plate) JUDGE_BYTES_##name,
    JUDGE_BYTES(X)
#undef X
        JUDGE_BYTES_COUNT
};
/* Looks for numbers of cards that were held somewhere, names as cards have them, and plates. */
void judge_bytes(struct judge *judge, int site, enum judge_bytes where, struct str bytes);

/* ---- when all is calm ---- */

/* Each entry of a gate's list of who is inside; then the site's last word. */
void judge_gate_inside(struct judge *judge, int site, const struct inside_entry *entry);
void judge_settle(struct judge *judge, int site, int64_t generation, int64_t last_seq,
                  int64_t waiting);
/* The ledger again from its beginning, as the store has it now. */
void judge_ledger_row(struct judge *judge, const struct ledger_tx *tx);
/* `ledger_was_read`: every row was given to judge_ledger_row. */
void judge_end(struct judge *judge, bool ledger_was_read);

#endif
