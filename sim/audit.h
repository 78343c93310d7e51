/*
 * audit.h - the auditor: what truly happened in the street against what the server says.
 *
 * He has the truth book (visits and transfers, written by the world without asking
 * the server) and the server's answers (sessions, totals).  He shares no code
 * with the product: no tariff, no matching, no ledger.  So a fee is judged by
 * what the driver was shown: the amount due plus what was paid by then.
 *
 * What must agree:
 *   1  every visit that left has one session, state left; every one that backed out has none
 *      that left; nobody is still inside; no session is invented
 *   2  paid_vnd of a session is the sum of its driver's transfers with the code, up to the fee:
 *      what is too much is owed back
 *   3  fee_vnd of a session is what its driver was shown; nobody left owing unless by hand
 *   4  times of passage are right within the tolerance
 *   5  credits of all sessions and of the queue are the bank's transfers, to the đồng
 *   6  the trial balance is zero, nothing waits in outbox or inbox, nothing new in quarantine
 *   7  in the street: no arm came down on a vehicle, nobody was stuck (notes of the world)
 *
 * One thing nobody can know: a vehicle that was let in, and backs out of the open arm while
 * the gate is dead.  The gate must conclude that it went in, and says so (inferred); a person
 * closes such a session.  It is counted, and no disagreement.  The same at the exit: it counts
 * as left when it turned round.
 *
 * Pure.  Reading the server's answers is sim/live/server_book.c.
 */
#ifndef DOXE_SIM_AUDIT_H
#define DOXE_SIM_AUDIT_H

#include "sim/bank.h"
#include "sim/world.h"

enum { AUDIT_LINES_MAX = 100, AUDIT_TEXT_CAP = 240, AUDIT_SESSIONS_MAX = 20000 };

/* A session as GET /api/v1/sessions tells it. */
struct audit_session {
    char id[27];
    char state[20];
    char subject[8]; /* "plate" | "card" */
    char key[41];
    char raw[48];
    char code[16];
    int64_t entered_ms, left_ms; /* 0: not */
    int64_t fee_vnd, paid_vnd;
    bool inferred; /* an edge was concluded, not seen */
    int visit;     /* who it was, found by the auditor; -1 invented */
};

/* GET /api/v1/audit, once before the first vehicle and once at the end. */
struct audit_totals {
    int64_t fee_vnd, paid_vnd, credit_vnd;
    int64_t credits; /* how many, of all verdicts */
    int64_t trial_balance_vnd;
    int64_t uneven;  /* transactions of the ledger that do not sum to zero */
    int64_t waiting; /* messages to gates, bank notices and early events that are not dealt with */
    int64_t open_reviews, quarantine;
};

struct audit_input {
    const struct world *world;
    const struct bank *bank;
    struct audit_session *session; /* `visit` is filled in */
    int session_count;
    struct audit_totals before, after;
    int64_t tolerance_ms; /* of passage times: what a restart may have cost */
    wall_t from;          /* sessions that were complete before are not ours */
};

struct audit_report {
    int visits, left, gone, present; /* in the book */
    int matched;                     /* visits with their session */
    int64_t transfers, transferred_vnd, coded_vnd, own_words_vnd;
    int64_t fees_vnd, paid_vnd; /* of matched sessions */
    int fees_compared;          /* sessions whose fee was shown to the driver */
    int free_visits;            /* left without ever being asked for money */
    int helped, by_hand;
    int unknowable; /* backed out before an open arm while no gate looked */
    int disagreements;
    char line[AUDIT_LINES_MAX][AUDIT_TEXT_CAP]; /* the first ones, each naming the visit */
    int lines;
};

void audit_run(struct audit_input *input, struct audit_report *ret_report);
/* The street alone: counts, who is still there, notes.  Nothing is asked of the server's books. */
void audit_street(const struct audit_input *input, struct audit_report *ret_report);

/* Parts, for tests. */
/* The visit that a session belongs to, or -1: by payment code, by plate, by time for cards. */
int audit_match(const struct audit_input *input, const struct audit_session *session);

#endif
