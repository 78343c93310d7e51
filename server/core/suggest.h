/*
 * suggest.h - which stay could a transfer be for that names none?  Ranked, with reasons.
 *
 * A help for the person who proposes (proposal.h), never a decision: the first of the list
 * is a guess.  Reasons are told, so that the person can judge them: the same amount, asked
 * for within a quarter of an hour of the booking, the lot's own account, the lane still
 * waits, the payment code is there but damaged, the same payer paid for this vehicle before.
 *
 * Pure.  The candidates come from the store (query_cases.h).
 */
#ifndef DOXE_SERVER_SUGGEST_H
#define DOXE_SERVER_SUGGEST_H

#include "server/core/payment.h"

/* name, word, weight; sentence */
#define SUGGEST_REASONS(X)                                                       \
    X(CODE, "code", 100, "its payment code is in the content")                   \
    X(CODE_NEAR, "code_near", 50, "its payment code is in the content, damaged") \
    X(AMOUNT, "amount", 40, "this very amount was asked for")                    \
    X(TIME, "time", 30, "asked for within 15 minutes of the booking")            \
    X(PAYER, "payer", 30, "the same payer paid for this vehicle before")         \
    X(LOT, "lot", 20, "the money is on its lot's account")                       \
    X(WAITS, "waits", 10, "a lane waits for its payment")

enum suggest_reason {
#define X(name, word, weight, sentence) SUGGEST_##name,
    SUGGEST_REASONS(X)
#undef X
        SUGGEST_REASON_COUNT
};
const char *suggest_reason_text(enum suggest_reason reason);

enum { SUGGEST_TIME_MS = 15 * 60 * 1000, SUGGEST_MAX = 3, SUGGEST_CANDIDATES_MAX = 200 };

struct suggest_candidate {
    char session[ULID_CAP];
    char code[PAYCODE_CAP];
    int64_t asked_vnd; /* of its request that fits best */
    int64_t apart_ms;  /* between that request and the booking; never below 0 */
    bool code_found, same_lot, waits, payer;
};

struct suggestion {
    int index; /* of the candidates */
    int score;
    unsigned reasons; /* bits 1u << enum suggest_reason */
};

/* The best first, equal ones in the order of time apart and id; how many, at most SUGGEST_MAX. */
int suggest_rank(const char *content, int64_t amount_vnd, const struct suggest_candidate *candidate,
                 int count, struct suggestion ret_best[SUGGEST_MAX]);

/*
 * The payer's own account as some banks write it into the content ("CT tu 0123456789 NGUYEN…"), for
 * looking for earlier transfers; never shown.  False: there is none.
 */
bool suggest_payer(const char *content, char ret_account[CREDIT_ACCOUNT_CAP]);

#endif
