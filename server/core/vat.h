/*
 * vat.h - value added tax inside a posted price.
 *
 * Prices on a parking board include the tax.  So the tax is taken out of what was paid,
 * never put on top, and for every amount net + vat = gross:
 *
 *     net = gross / (1 + rate), rounded half away from zero to whole đồng;  vat = gross - net
 *
 * A negative amount (a correction) splits into the negatives of its opposite.  A rate is
 * data with a first day, since yearly resolutions change it (10 %, for years lowered to
 * 8 %): the rate of an amount is the one in force when it was paid, in Hanoi's days.
 *
 * Words of the rate on invoices (Decision 1450/QĐ-TCT, element TSuat): "8%", "10%", "5%",
 * "0%", "KCT" (not subject to the tax), "KKKNT" (not declared).
 */
#ifndef DOXE_SERVER_VAT_H
#define DOXE_SERVER_VAT_H

#include "proto/base/time.h"

enum { VAT_RATES_MAX = 16, VAT_WORD_CAP = 8 };

enum vat_kind { VAT_PERCENT, VAT_NOT_SUBJECT, VAT_NOT_DECLARED };

struct vat_rate {
    enum vat_kind kind;
    int percent; /* 0..99, of VAT_PERCENT */
};

/* In order of `from`, each later than the one before. */
struct vat_rates {
    int count;
    struct {
        wall_t from; /* 00:00 in Hanoi of the first day */
        struct vat_rate rate;
    } row[VAT_RATES_MAX];
};

/* "8%", "KCT".  DX_E_FORMAT. */
DX_MUST_USE int vat_rate_parse(struct str text, struct vat_rate *ret_rate);
/* `out` has VAT_WORD_CAP bytes. */
void vat_rate_text(struct vat_rate rate, char *out);
/* DX_E_NOT_FOUND: before the first row, or there is none. */
DX_MUST_USE int vat_rate_at(const struct vat_rates *rates, wall_t at, struct vat_rate *ret_rate);

struct vat_split {
    int64_t net_vnd, vat_vnd; /* add up to the gross amount */
};
struct vat_split vat_split(int64_t gross_vnd, struct vat_rate rate);

#endif
