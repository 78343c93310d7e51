/*
 * query_books.h - is the ledger right?  The rules of docs/LEDGER.md as queries.
 *
 * Reads one consistent picture (a single read transaction), also while the
 * server writes.
 */
#ifndef DOXE_SERVER_QUERY_BOOKS_H
#define DOXE_SERVER_QUERY_BOOKS_H

#include "proto/io/db.h"

/* A rule that does not hold; texts are valid during the call only. */
struct books_fault {
    const char *rule; /* "transaction", "trial balance", "sessions", "transfers", … */
    char what[128];   /* the transaction or account */
    int64_t is_vnd, should_vnd;
    int64_t number;   /* of the transaction in the chain; 0 none */
    char detail[200]; /* a sentence; "" when the two amounts say it all */
};

/* Calls `fault` for each.  0, or an error of db.h. */
DX_MUST_USE int query_books(struct db *db,
                            void (*fault)(void *context, const struct books_fault *fault),
                            void *context);

#endif
