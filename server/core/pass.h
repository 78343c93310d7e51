/*
 * pass.h - monthly passes: when one covers, what one costs, what its money does in the ledger.
 *
 * A pass lets up to `quota` vehicles of its plates be inside at once.  It is bought
 * for months, each purchase is a *period* [from, until) of civil days in Hanoi, and a
 * period covers from its payment on, but not before its beginning.  A renewal begins
 * where the last period ends, so there is no gap.  Suspensions and plates that
 * were not on the pass are cut out.
 *
 * What is covered is free: the spans go into the tariff engine (struct
 * tariff_held_pass), which takes those instants out of the stay (docs/TARIFF.md 3).
 * So a pass that ends at midnight while the vehicle is inside splits the stay there:
 * what came before is free, the rest is priced.
 *
 * Quota.  A stay is covered when fewer than `quota` other stays that have a place of
 * the same pass overlap with it; who came first has the place (the store counts).
 *
 * Pure.  docs/LEDGER.md has the transactions.
 */
#ifndef DOXE_SERVER_PASS_H
#define DOXE_SERVER_PASS_H

#include "proto/tariff/tariff.h"
#include "server/core/payment.h"

enum {
    PASS_PERIODS_MAX = 24, /* that can matter for one stay */
    PASS_HOLDS_MAX = 8,
    PASS_PLATES_MAX = 20,
    PASS_LOTS_MAX = 16,
    PASS_QUOTA_MAX = 1000,
    PASS_MONTHS_MAX = 24,
    PASS_HOLDER_CAP = 61
};

/* ---- when it covers ---- */

/* What is known of one pass and one plate. */
struct pass_facts {
    int period_count, hold_count, plate_count;
    struct tariff_span period[PASS_PERIODS_MAX]; /* paid: from what it covers, to its end */
    struct tariff_span hold[PASS_HOLDS_MAX];
    struct tariff_span plate[PASS_HOLDS_MAX]; /* when this plate was on it */
};
/*
 * The spans of `window` that are covered, in order, apart from each other; at most
 * `max`, the earliest.  How many.
 */
int pass_spans(const struct pass_facts *facts, struct tariff_span window,
               struct tariff_span *ret_spans, int max);

/* ---- what is bought ---- */

/* 00:00 of the same day so many months later; where that month has no such day, of the 1st after.
 */
wall_t pass_months_after(wall_t from, int months);

struct pass_period {
    char id[ULID_CAP], pass[ULID_CAP], lot[MSG_NAME_CAP];
    wall_t from, until;
    int months, earned;
    int64_t price_vnd, paid_vnd;
    wall_t covers; /* 0 ms: not paid yet */
};

/* Nothing of it is paid for yet: the same months from another day on. */
void pass_move(struct pass_period *period, wall_t from);

/*
 * A transfer with the code of a period: `decision` gets verdict, transaction and
 * reviews; the period what was paid, and from when it covers.  `bin` is of the lot's account.
 */
void pass_pay(struct pass_period *period, const struct bank_credit *credit, const char *bin,
              struct payment_decision *decision);

/* A paid month has begun: number period->earned becomes revenue, and is counted. */
bool pass_is_earning(const struct pass_period *period, wall_t now);
void pass_earn(struct pass_period *period, struct ledger_tx *ret_tx);
/* When the next month begins; 0: all have. */
wall_t pass_next_earning(const struct pass_period *period);

#endif
