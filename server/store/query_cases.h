/*
 * query_cases.h - money that waits for people, as pages, API and command line read it.
 *
 * Read-only, over a handle of db_open_reader.  Accounts of drivers are not among it:
 * they are sealed, and refund_seal gives the bytes to who has the key.
 */
#ifndef DOXE_SERVER_QUERY_CASES_H
#define DOXE_SERVER_QUERY_CASES_H

#include "proto/io/db.h"
#include "server/core/proposal.h"
#include "server/core/refund.h"
#include "server/core/suggest.h"
#include "server/store/query_session.h"

struct case_suggestion {
    struct suggestion why;
    char target[ULID_CAP]; /* session; of money out: refund or credit */
    const char *action; /* the proposal's word that fits: "session", "debt", "refund_paid", … */
    char name[PLATE_RAW_CAP]; /* the vehicle; "" of money out */
    char lot[MSG_NAME_CAP], state[24];
    int64_t due_vnd, at_ms;
};

struct case_proposal {
    char id[ULID_CAP]; /* "" none */
    char made_by[MSG_NAME_CAP], note[PROPOSAL_NOTE_CAP];
    int64_t made_ms;
    char lines[400]; /* "session 01J… 25000; owner 5000" */
};

/* An open review about a transfer in suspense. */
struct case_row {
    int64_t review, opened_ms;
    char kind[24], lot[MSG_NAME_CAP];
    char credit[ULID_CAP];
    bool out;
    int64_t amount_vnd, booked_ms;
    char account[CREDIT_ACCOUNT_CAP]; /* the operator's own */
    char bank_ref[CREDIT_REF_CAP];
    char content[CREDIT_CONTENT_CAP];
    int kept; /* times two persons agreed to leave it where it is */
    struct case_proposal proposal;
    int suggestion_count;
    struct case_suggestion suggestion[SUGGEST_MAX];
};
/* The oldest first. */
DX_MUST_USE int query_cases(struct db *db, int64_t limit,
                            void (*each)(void *context, const struct case_row *row), void *context);

struct debt_row {
    char session[ULID_CAP], lot[MSG_NAME_CAP], vehicle[24], name[PLATE_RAW_CAP], token[33];
    int64_t due_vnd, left_ms;
    bool inside; /* the same vehicle is inside again, in a lot of the same operator */
    struct case_proposal proposal; /* to write it off; id "" none */
};
/* `lot` "" means all; the oldest first. */
DX_MUST_USE int query_debts(struct db *db, const char *lot, int64_t limit,
                            void (*each)(void *context, const struct debt_row *row), void *context);
/* Debts known when this stay began and still open: for its page. */
DX_MUST_USE int query_debts_of(struct db *db, const char *session,
                               void (*each)(void *context, const struct debt_row *row),
                               void *context);

struct refund_row {
    struct refund refund;
    int64_t requested_ms, approved_ms, sent_ms, confirmed_ms;
    char name[PLATE_RAW_CAP]; /* the vehicle; "" none */
    char bin[7];              /* of the driver's bank; "" not given */
    char sealed[256];         /* the account, sealed; `sealed_n` bytes */
    size_t sealed_n;
};
/* `state` "" : all that are not ended; `session` "" : of all.  The oldest first. */
DX_MUST_USE int query_refunds(struct db *db, const char *state, const char *session, int64_t limit,
                              void (*each)(void *context, const struct refund_row *row),
                              void *context);
/* DX_E_NOT_FOUND. */
DX_MUST_USE int query_refund(struct db *db, const char *id, struct refund_row *ret_row);

#endif
