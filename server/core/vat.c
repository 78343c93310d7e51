#include "server/core/vat.h"

#include "proto/base/check.h"
#include "proto/money.h"

#include <stdio.h>

int vat_rate_parse(struct str text, struct vat_rate *ret_rate)
{
    int64_t percent = 0;
    if (str_eq_c(text, "KCT")) {
        *ret_rate = (struct vat_rate){VAT_NOT_SUBJECT, 0};
        return 0;
    }
    if (str_eq_c(text, "KKKNT")) {
        *ret_rate = (struct vat_rate){VAT_NOT_DECLARED, 0};
        return 0;
    }
    if (text.n < 2 || text.p[text.n - 1] != '%' ||
        str_parse_i64(str_slice(text, 0, text.n - 1), 0, 99, &percent) != 0) {
        return DX_E_FORMAT;
    }
    *ret_rate = (struct vat_rate){VAT_PERCENT, (int)percent};
    return 0;
}

void vat_rate_text(struct vat_rate rate, char *out)
{
    if (rate.kind == VAT_PERCENT) {
        snprintf(out, VAT_WORD_CAP, "%d%%", rate.percent);
    } else {
        str_copy_cut(out, VAT_WORD_CAP, str_c(rate.kind == VAT_NOT_SUBJECT ? "KCT" : "KKKNT"));
    }
}

int vat_rate_at(const struct vat_rates *rates, wall_t at, struct vat_rate *ret_rate)
{
    for (int i = rates->count - 1; i >= 0; i--) {
        if (at.ms >= rates->row[i].from.ms) {
            *ret_rate = rates->row[i].rate;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

struct vat_split vat_split(int64_t gross_vnd, struct vat_rate rate)
{
    must(gross_vnd >= -MONEY_MAX_VND && gross_vnd <= MONEY_MAX_VND);
    must(rate.percent >= 0 && rate.percent < 100);
    int64_t size = gross_vnd < 0 ? -gross_vnd : gross_vnd;
    int64_t whole = rate.kind == VAT_PERCENT ? 100 + rate.percent : 100;
    int64_t net = (2 * 100 * size + whole) / (2 * whole);
    if (gross_vnd < 0) {
        net = -net;
    }
    return (struct vat_split){net, gross_vnd - net};
}
