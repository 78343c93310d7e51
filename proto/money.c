#include "proto/money.h"

#include "proto/base/check.h"

#include <stdio.h>
#include <string.h>

money_t money(int64_t vnd)
{
    must(vnd <= MONEY_MAX_VND && vnd >= -MONEY_MAX_VND);
    return (money_t){vnd};
}

money_t money_add(money_t a, money_t b)
{
    return money(a.vnd + b.vnd);
}

money_t money_sub(money_t a, money_t b)
{
    return money(a.vnd - b.vnd);
}

bool money_is_zero(money_t a)
{
    return a.vnd == 0;
}

static void format(money_t a, char separator, const char *unit, char *out)
{
    char digits[24];
    int64_t magnitude = a.vnd < 0 ? -a.vnd : a.vnd;
    int n = snprintf(digits, sizeof digits, "%lld", (long long)magnitude);
    size_t at = 0;
    if (a.vnd < 0) {
        out[at++] = '-';
    }
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0) {
            out[at++] = separator;
        }
        out[at++] = digits[i];
    }
    snprintf(out + at, MONEY_TEXT_CAP - at, " %s", unit);
}

void money_format_vi(money_t a, char *out)
{
    format(a, '.', "đ", out);
}

void money_format_en(money_t a, char *out)
{
    format(a, ',', "VND", out);
}
