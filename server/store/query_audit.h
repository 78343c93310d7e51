/*
 * query_audit.h - sums that must agree with each other, for the accountant and for the auditor
 * of the simulator: sessions, money by verdict, the ledger's accounts, what waits for a person.
 */
#ifndef DOXE_SERVER_QUERY_AUDIT_H
#define DOXE_SERVER_QUERY_AUDIT_H

#include "proto/io/db.h"
#include "proto/msg.h"

enum { AUDIT_ROWS_MAX = 64, AUDIT_WORD_CAP = 64 };

/* A word with a count and an amount: a state, a verdict, an account, a kind of review. */
struct audit_row {
    char word[AUDIT_WORD_CAP];
    int64_t count;
    int64_t amount_vnd;
    int64_t second_vnd; /* sessions: what was paid; others 0 */
};

struct audit_list {
    int count;
    struct audit_row row[AUDIT_ROWS_MAX];
    struct audit_row rest; /* everything beyond AUDIT_ROWS_MAX, so that sums stay whole */
};

struct audit {
    struct audit_list sessions; /* by state: count, fees, paid */
    struct audit_list credits;  /* by verdict: count, sum */
    struct audit_list accounts; /* of the ledger: entries, balance */
    struct audit_list reviews;  /* open, by kind */
    int64_t fee_vnd, paid_vnd;  /* over all sessions */
    int64_t credit_in_vnd, credit_out_vnd;
    int64_t trial_balance_vnd; /* sum of all entries: 0, or something is broken */
    int64_t ledger_transactions;
    int64_t uneven_transactions; /* transactions whose own entries do not sum to zero: 0 */
    int64_t quarantine, parked, outbox_waiting, inbox_waiting, alarms_open;
    int64_t events;
};

/* `audit` is overwritten.  0 or an error of db.h. */
DX_MUST_USE int query_audit(struct db *db, struct audit *audit);
/* One JSON object: what GET /api/v1/audit and `doxe-server audit` answer. */
void audit_write(struct out *out, const struct audit *audit);

#endif
