/*
 * fee.h - what a stay costs, by somebody else: the judge's own calculator.
 *
 * It shares no code, no tables and no files with proto/tariff.  It knows the shapes of the
 * tariffs that the shipped worlds use, with the prices written down again from the published
 * texts: turns by day and night, and hours that get dearer.  What it does not know
 * (monthly passes, free days, other cities) it does not judge: FEE_NOT_KNOWN.
 *
 * Sources: Decision 44/2017/QD-UBND of Hanoi as cited in etc/tariffs; where it is silent,
 * docs/TARIFF.md (a turn lasts 24 h from the entry; majority below 12 h, a tie is day).
 */
#ifndef DOXE_SIM_JUDGE_FEE_H
#define DOXE_SIM_JUDGE_FEE_H

#include <stdint.h>

/* name, the tariff's name, what a turn or the tiers cost */
#define FEES(X)                                                                              \
    X(TURN_Z1, "hanoi-two-wheel-z1", "motorbike: 5,000 by day, 8,000 by night, 12,000 both") \
    X(TURN_Z2, "hanoi-two-wheel-z2", "motorbike: 3,000 by day, 5,000 by night, 7,000 both")  \
    X(HOURS_C1, "hanoi-car-c1", "each hour 30,000")                                          \
    X(HOURS_C2, "hanoi-car-c2", "2 hours at 25,000, 2 at 35,000, then 45,000")

enum fee {
    FEE_NOT_KNOWN,
#define X(name, tariff, sentence) FEE_##name,
    FEES(X)
#undef X
        FEE_COUNT
};

/* FEE_NOT_KNOWN for any other name. */
enum fee fee_of_tariff(const char *name);
/* Of [entered, left), wall milliseconds; for a motorbike or a car as the tariff is for.  -1: not
 * known. */
int64_t fee_of_stay(enum fee fee, int64_t entered_ms, int64_t left_ms);
/*
 * The least and the most it may be when the true entry is within [entered - slack, entered + slack]
 * and it was priced somewhere in [first, last].  -1 and -1: not known.
 */
void fee_range(enum fee fee, int64_t entered_ms, int64_t slack_ms, int64_t first_ms,
               int64_t last_ms, int64_t *ret_least, int64_t *ret_most);

#endif
