#include "proto/tariff/bill.h"

static int take_named(const struct tariff *tariff, const struct tariff_stay *stay, int i,
                      const struct tariff_discount **ret_discount)
{
    for (int at = 0; at < tariff->discount_count; at++) {
        const struct tariff_discount *d = &tariff->discounts[at];
        if (str_eq(str_c(d->name), str_c(stay->given[i].name)) &&
            d->vehicles & UINT32_C(1) << stay->vehicle) {
            *ret_discount = d;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

static int add_gift(struct bill_gifts *gifts, enum tariff_discount_kind kind, int64_t value)
{
    if (value < 0) {
        return DX_E_INVAL;
    }
    switch (kind) {
    case TARIFF_DISCOUNT_PERCENT:
        if (value > 10000) {
            return DX_E_INVAL;
        }
        gifts->percent_bp += value;
        if (gifts->percent_bp > 10000) {
            gifts->percent_bp = 10000;
        }
        return 0;
    case TARIFF_DISCOUNT_AMOUNT:
        if (value > TARIFF_PRICE_MAX_VND) {
            return DX_E_INVAL;
        }
        gifts->amount_vnd += value;
        return 0;
    case TARIFF_DISCOUNT_TIME:
        if (value > TARIFF_STAY_MAX_MS) {
            return DX_E_INVAL;
        }
        gifts->time_ms += value;
        return 0;
    case TARIFF_DISCOUNT_NAMED:
        break;
    }
    return DX_E_INVAL;
}

int bill_take_gifts(const struct tariff *tariff, const struct tariff_stay *stay,
                    struct bill_gifts *ret_gifts)
{
    struct bill_gifts gifts = {0};
    for (int i = 0; i < stay->given_count; i++) {
        enum tariff_discount_kind kind = stay->given[i].kind;
        int64_t value = stay->given[i].value;
        if (kind == TARIFF_DISCOUNT_NAMED) {
            int error = take_named(tariff, stay, i, &gifts.named[i]);
            if (error) {
                return error;
            }
            kind = gifts.named[i]->kind;
            value = gifts.named[i]->value;
        }
        int error = add_gift(&gifts, kind, value);
        if (error) {
            return error;
        }
    }
    *ret_gifts = gifts;
    return 0;
}

int64_t bill_round(int64_t numerator, int64_t denominator, int64_t unit, enum tariff_round rule)
{
    int64_t step = denominator * unit;
    int64_t whole = numerator / step;
    int64_t rest = numerator % step;
    bool up = false;
    switch (rule) {
    case TARIFF_UP:
        up = rest > 0;
        break;
    case TARIFF_DOWN:
        break;
    case TARIFF_HALF_UP:
        up = rest >= step - rest;
        break;
    case TARIFF_HALF_EVEN:
        up = rest > step - rest || (rest == step - rest && whole % 2);
        break;
    }
    return (whole + (up ? 1 : 0)) * unit;
}

static int64_t with_lost_ticket(const struct tariff_terms *terms, int64_t exact_e4)
{
    int64_t rule_e4 = terms->lost_vnd * 10000;
    switch (terms->lost) {
    case TARIFF_LOST_NONE:
        return exact_e4;
    case TARIFF_LOST_FEE:
        return exact_e4 + rule_e4;
    case TARIFF_LOST_AT_LEAST:
        return exact_e4 > rule_e4 ? exact_e4 : rule_e4;
    case TARIFF_LOST_INSTEAD:
        return rule_e4;
    }
    return exact_e4;
}

struct bill bill_now(const struct sweep *sweep, const struct bill_gifts *gifts)
{
    const struct tariff_terms *terms = sweep->terms;
    struct bill bill = {0};
    bill.forgiven =
        terms->free_as == TARIFF_FREE_CLIFF && sweep->at_ms - sweep->entry_ms <= terms->free_ms;
    bill.sum_vnd = bill.forgiven ? 0 : sweep_sum(sweep);
    bill.limited_vnd = bill.sum_vnd;
    if (bill.sum_vnd > 0 && bill.limited_vnd < terms->minimum_vnd) {
        bill.limited_vnd = terms->minimum_vnd;
    }
    if (terms->maximum_vnd && bill.limited_vnd > terms->maximum_vnd) {
        bill.limited_vnd = terms->maximum_vnd;
    }
    bill.percent_e4 = bill.limited_vnd * gifts->percent_bp;
    int64_t rest_e4 = bill.limited_vnd * 10000 - bill.percent_e4;
    int64_t most_vnd = (rest_e4 + 9999) / 10000;
    bill.amount_vnd = gifts->amount_vnd < most_vnd ? gifts->amount_vnd : most_vnd;
    rest_e4 -= gifts->amount_vnd * 10000;
    if (rest_e4 < 0) {
        rest_e4 = 0;
    }
    bill.exact_e4 = sweep->stay->lost_ticket ? with_lost_ticket(terms, rest_e4) : rest_e4;
    bill.lost_e4 = bill.exact_e4 - rest_e4;
    bill.total_vnd =
        bill_round(bill.exact_e4, 10000, sweep->first->round_unit_vnd, sweep->first->round);
    return bill;
}
