/*
 * money.h - amounts of đồng.
 *
 * Whole đồng in an int64_t inside a struct, so that money is never added to a
 * duration by accident.  VND has no minor unit (ISO 4217 exponent 0).  Never a
 * floating-point number.  A debit or a refund may be negative.
 */
#ifndef DOXE_MONEY_H
#define DOXE_MONEY_H

#include "proto/base/str.h"

typedef struct {
    int64_t vnd;
} money_t;

enum { MONEY_TEXT_CAP = 40 };

/* More than a city takes in a century; anything beyond is an error, not an amount. */
#define MONEY_MAX_VND INT64_C(1000000000000000)

money_t money(int64_t vnd);
/* Sums stay within ± MONEY_MAX_VND; beyond it the program stops (must). */
money_t money_add(money_t a, money_t b);
money_t money_sub(money_t a, money_t b);
bool money_is_zero(money_t a);

/* "25.000 đ" (Vietnamese grouping); `out` has MONEY_TEXT_CAP bytes. */
void money_format_vi(money_t a, char *out);
/* "25,000 VND"; `out` has MONEY_TEXT_CAP bytes. */
void money_format_en(money_t a, char *out);

#endif
