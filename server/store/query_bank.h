/*
 * query_bank.h - what came in from the banks, who confirmed it and where the money stands.
 *
 * For `doxe-server bank list` and the importer's report.  The words of a transfer are not read:
 * payers write their names into them.
 */
#ifndef DOXE_SERVER_QUERY_BANK_H
#define DOXE_SERVER_QUERY_BANK_H

#include "proto/io/db.h"
#include "proto/msg.h"

struct bank_filter {
    wall_t from, to;     /* booked in [from, to); to.ms 0: no end */
    const char *account; /* NULL: all */
    const char *verdict; /* NULL: all */
};

enum { BANK_WHERE_CAP = 400, BANK_SOURCES_CAP = 120 };

struct bank_row {
    char id[ULID_CAP];
    char provider[17], provider_tx[65], account[33], bank_ref[65];
    bool out, date_only;
    int64_t amount_vnd;
    wall_t booked, received;
    char code[16], session[ULID_CAP], verdict[24];
    char sources[BANK_SOURCES_CAP]; /* "webhook:sepay,statement", in the order they came */
    /*
     * The accounts of the ledger that its transactions and those of its session's money moved it
     * to: "prepaid:hn-0001 25000, refund_due:hn-0001 5000".
     */
    char where[BANK_WHERE_CAP];
    int64_t reviews; /* open ones */
};

/* By booking.  0 or an error of db.h. */
DX_MUST_USE int query_bank_credits(struct db *db, const struct bank_filter *filter,
                                   void (*each)(void *context, const struct bank_row *row),
                                   void *context);

/* What became of a statement's rows: a verdict or a state, how many, how much. */
struct bank_outcome {
    char state[12], reason[64];
    int64_t rows;
};
DX_MUST_USE int query_bank_outcomes(struct db *db, int64_t statement,
                                    void (*each)(void *context, const struct bank_outcome *row),
                                    void *context);
DX_MUST_USE int query_bank_waiting(struct db *db, int64_t statement, int64_t *ret_rows);

#endif
