/*
 * ledger.h - accounts in double entry, and the few transactions there are.
 *
 * docs/LEDGER.md comes first: every transaction as a table of debits and
 * credits.  A debit is positive, a credit negative; the entries of a
 * transaction sum to zero, therefore all entries do (must(), at each posting).
 * The ledger is append-only: a correction is a new transaction.
 *
 * Each transaction has an id made of its cause ("credit:sepay:92704",
 * "fee:01J…:1"), so that the same cause posted again is the same id: it exists,
 * or, with other content, exists differently, which is an alarm.
 *
 * Pure values; the store writes them.  Not here: what a transfer means
 * (payment.h), the hash over the rows (ledger_chain.h).
 */
#ifndef DOXE_SERVER_LEDGER_H
#define DOXE_SERVER_LEDGER_H

#include "proto/msg.h"

enum { LEDGER_ID_CAP = 120, LEDGER_ACCOUNT_CAP = 80, LEDGER_ENTRIES_MAX = 6, LEDGER_KIND_CAP = 16 };

struct ledger_entry {
    char account[LEDGER_ACCOUNT_CAP];
    int64_t amount_vnd; /* debit positive, credit negative; never 0 */
};

struct ledger_tx {
    char id[LEDGER_ID_CAP];
    wall_t at; /* booking time of a transfer, end of a stay */
    char kind[LEDGER_KIND_CAP];
    char lot[MSG_NAME_CAP];    /* "" when it concerns none */
    char session[ULID_CAP];    /* "" when none */
    char cause[LEDGER_ID_CAP]; /* the credit's or the event's id */
    int count;
    struct ledger_entry entry[LEDGER_ENTRIES_MAX];
};

/* Accounts; each `out` has LEDGER_ACCOUNT_CAP bytes. */
void ledger_bank(char *out, const char *bin,
                 const char *account);                /* money at the operator's bank */
void ledger_suspense(char *out, const char *account); /* came in, and nobody knows for what */
void ledger_prepaid(char *out, const char *lot);      /* paid for stays that have not ended */
void ledger_receivable(char *out, const char *lot);   /* debts of those who left unpaid */
void ledger_revenue(char *out, const char *lot);      /* fees of stays that have ended */
void ledger_refund_due(char *out, const char *lot);   /* owed back to drivers */
/* Any other account of the table in docs/LEDGER.md: "<kind>:<owner>". */
void ledger_name(char *out, const char *kind, const char *owner);
void ledger_cash(char *out, const char *lot, const char *shift); /* in an attendant's drawer */

/* An empty transaction; the texts must fit (must). */
void ledger_begin(struct ledger_tx *tx, const char *id, const char *kind, const char *lot,
                  const char *session, const char *cause, wall_t at);
/* An amount of 0 adds nothing. */
void ledger_add(struct ledger_tx *tx, const char *account, int64_t amount_vnd);
bool ledger_is_balanced(const struct ledger_tx *tx);
/* Nothing to write: no entries. */
bool ledger_is_empty(const struct ledger_tx *tx);
/* Same kind, lot, session, cause and entries; for "exists" against "exists differently". */
bool ledger_same(const struct ledger_tx *a, const struct ledger_tx *b);

#endif
