/*
 * query_ledger.h - the ledger read from its first number to its last: is the chain whole, what do
 * accounts hold, what was posted.
 *
 * One picture of the database (a read transaction), also while the server writes.
 */
#ifndef DOXE_SERVER_QUERY_LEDGER_H
#define DOXE_SERVER_QUERY_LEDGER_H

#include "server/core/ledger_chain.h"
#include "server/store/query_books.h"

/* ---- the chain ---- */

struct ledger_walk {
    const struct ledger_head *anchor; /* kept elsewhere before; NULL none */
    void (*fault)(void *context, const struct books_fault *fault);
    /* Every so many transactions; may be NULL. */
    void (*progress)(void *context, int64_t number, int64_t of);
    void *context;
};

enum { LEDGER_PROGRESS_EVERY = 100000 };

/*
 * Recomputes every hash and looks at every trigger.  Each fault names the row:
 *     chain     a transaction changed, exchanged, put in or taken out: number, id, what differs
 *     anchor    the anchor is not in the chain (all behind some row was made anew)
 *     trigger   one is missing, or is not what the migration made
 * *ret_head is the last row.  0, or an error of db.h.
 */
DX_MUST_USE int query_ledger_chain(struct db *db, const struct ledger_walk *walk,
                                   struct ledger_head *ret_head);

/* The last number and its hash; number 0 in an empty ledger. */
DX_MUST_USE int query_ledger_head(struct db *db, struct ledger_head *ret_head);

/* ---- balances ---- */

/* What to count; "" and 0 mean all. */
struct ledger_filter {
    const char *account; /* a pattern as in a shell: "cash:hn-0001:*" */
    const char *lot, *operator_id, *kind;
    wall_t from, until; /* by booking time, half-open; 0 ms: open */
    int64_t limit;      /* of a list: the last so many; 0: all */
};

enum ledger_group { LEDGER_BY_ACCOUNT, LEDGER_BY_KIND, LEDGER_BY_LOT, LEDGER_BY_OPERATOR };

struct ledger_balance {
    char account[LEDGER_ACCOUNT_CAP]; /* or the kind, lot or operator */
    int64_t entries, debit_vnd, credit_vnd, balance_vnd;
};
DX_MUST_USE int query_ledger_balance(struct db *db, const struct ledger_filter *filter,
                                     enum ledger_group group,
                                     void (*take)(void *context, const struct ledger_balance *row),
                                     void *context);

/* One entry a call, in the order of posting; `first` is true at a transaction's first. */
struct ledger_line {
    int64_t number, at_ms, amount_vnd;
    char id[LEDGER_ID_CAP], kind[LEDGER_KIND_CAP], account[LEDGER_ACCOUNT_CAP];
    bool first;
};
DX_MUST_USE int query_ledger_list(struct db *db, const struct ledger_filter *filter,
                                  void (*take)(void *context, const struct ledger_line *row),
                                  void *context);

#endif
