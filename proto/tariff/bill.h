/* bill.h - from charges to the sum that is paid.  For the engine only. */
#ifndef DOXE_TARIFF_BILL_H
#define DOXE_TARIFF_BILL_H

#include "proto/tariff/sweep.h"

/* What the stay brings with it, looked up once: discounts in the units in which they are applied.
 */
struct bill_gifts {
    int64_t percent_bp; /* all percentages, added, at most 10000 */
    int64_t amount_vnd; /* all amounts */
    int64_t time_ms;    /* all times */
    const struct tariff_discount *named[TARIFF_HELD_MAX]; /* NULL where not NAMED */
};

/* The steps of docs/TARIFF.md section 4, each as it stood after that step. */
struct bill {
    bool forgiven;       /* within free minutes that are a cliff */
    int64_t sum_vnd;     /* charges after caps */
    int64_t limited_vnd; /* after minimum and maximum */
    int64_t percent_e4;  /* taken off by percentages, in 1/10000 đ */
    int64_t amount_vnd;  /* taken off by amounts (rounded up to whole đồng for the receipt) */
    int64_t lost_e4;     /* added by the lost-ticket rule, in 1/10000 đ */
    int64_t exact_e4;    /* before rounding, in 1/10000 đ */
    int64_t total_vnd;
};

/* DX_E_NOT_FOUND for a name the tariff does not have for this vehicle, DX_E_INVAL for a bad value.
 */
DX_MUST_USE int bill_take_gifts(const struct tariff *tariff, const struct tariff_stay *stay,
                                struct bill_gifts *ret_gifts);
/* The bill if the stay ended where the sweep is. */
struct bill bill_now(const struct sweep *sweep, const struct bill_gifts *gifts);
/* `numerator` / `denominator` (positive) to a multiple of `unit`. */
int64_t bill_round(int64_t numerator, int64_t denominator, int64_t unit, enum tariff_round rule);

/* change.c: the next instant at which the total changes; moves the sweep on.  False: none. */
bool bill_next_change(struct sweep *sweep, const struct bill_gifts *gifts, int64_t total_vnd,
                      int64_t *ret_at_ms);

/* receipt.c: the lines of a bill; fills line_count and lines. */
void bill_write_lines(const struct sweep *sweep, const struct bill_gifts *gifts,
                      const struct bill *bill, struct tariff_price *price);

#endif
