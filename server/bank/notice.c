#include "server/bank/notice.h"

int notice_text(const struct jdoc *object, const char *key, char *out, size_t cap)
{
    struct str text;
    int64_t number;
    const struct jdoc *value = jdoc_get(object, key);
    if (jdoc_is_null(value)) {
        out[0] = '\0';
        return 0;
    }
    if (jdoc_i64(value, &number) == 0) {
        struct out digits;
        out_init(&digits, out, cap);
        out_i64(&digits, number);
        return out_failed(&digits) ? DX_E_RANGE : 0;
    }
    int error = jdoc_str(value, &text);
    if (error) {
        return error;
    }
    text = str_trim(text);
    return text.n < cap ? str_copy(out, cap, text) : DX_E_RANGE;
}

int notice_needed(const struct jdoc *object, const char *key, char *out, size_t cap,
                  const char *missing, const char **ret_why)
{
    int error = notice_text(object, key, out, cap);
    if (error || out[0] == '\0') {
        *ret_why = missing;
        return error ? error : DX_E_FORMAT;
    }
    return 0;
}

void notice_content(const struct jdoc *object, const char *key, const char *other, char *out,
                    size_t cap)
{
    struct str text;
    if (jdoc_get_str(object, key, &text) != 0 || str_trim(text).n == 0) {
        if (!other || jdoc_get_str(object, other, &text) != 0) {
            text = STR("");
        }
    }
    if (text.n >= cap) {
        text.n = cap - 1;
        while (text.n > 0 && !str_is_utf8(text)) {
            text.n--;
        }
    }
    str_copy_cut(out, cap, text);
}

int notice_when(const struct jdoc *object, const char *key, struct bank_credit *credit,
                const char **ret_why)
{
    enum { DATE = 10 }; /* "2026-11-23" */
    char space[DATE + 16];
    struct str when;
    struct out out;
    if (jdoc_get_str(object, key, &when) != 0) {
        *ret_why = "the time of the transfer is missing, or no text";
        return DX_E_FORMAT;
    }
    when = str_trim(when);
    credit->date_only = when.n == DATE;
    out_init(&out, space, sizeof space);
    if (when.n == DATE) {
        out_add(&out, when);
        out_add_c(&out, " 00:00:00");
        when = out_str(&out);
    } else if (when.n == DATE + 6 && when.p[DATE + 3] == ':') { /* "2020-01-16 16:01" */
        out_add(&out, when);
        out_add_c(&out, ":00");
        when = out_str(&out);
    }
    if (out_failed(&out) || time_parse_iso(when, &credit->booked) != 0) {
        *ret_why = "the time of the transfer is no time";
        return DX_E_FORMAT;
    }
    return 0;
}

/* "18067000.00": digits, and a fraction of zeros. */
static int money_text(struct str text, int64_t *ret_vnd)
{
    text = str_trim(text);
    size_t dot = str_index(text, '.');
    struct str fraction = str_slice(text, dot + 1, text.n);
    for (size_t i = 0; i < fraction.n; i++) {
        if (fraction.p[i] != '0') {
            return DX_E_FORMAT;
        }
    }
    return str_parse_i64(str_slice(text, 0, dot), -MONEY_MAX_VND, MONEY_MAX_VND, ret_vnd);
}

int notice_money(const struct jdoc *object, const char *key, bool lenient, int64_t *ret_vnd)
{
    struct str text;
    int64_t vnd;
    char number[JDOC_NUMBER_CAP];
    const struct jdoc *value = jdoc_get(object, key);
    if (jdoc_is_null(value)) {
        return DX_E_NOT_FOUND;
    }
    int error = jdoc_i64(value, &vnd);
    if (error && lenient && jdoc_str(value, &text) == 0) {
        error = money_text(text, &vnd);
    } else if (error && lenient && jdoc_number_js(value, number) == 0) {
        error = money_text(str_c(number), &vnd);
    }
    if (!error) {
        *ret_vnd = vnd;
    }
    return error;
}

int notice_amount(const struct jdoc *object, const char *key, bool lenient,
                  struct bank_credit *credit, const char **ret_why)
{
    int64_t amount;
    struct str currency;
    const struct jdoc *value = jdoc_get(object, "currency");
    if (!jdoc_is_null(value) &&
        (jdoc_str(value, &currency) != 0 || (currency.n > 0 && !str_eq_c(currency, "VND")))) {
        *ret_why = "the currency is not VND";
        return DX_E_FORMAT;
    }
    if (notice_money(object, key, lenient, &amount) != 0) {
        *ret_why = "the amount is no whole number";
        return DX_E_FORMAT;
    }
    if (amount == 0 || amount > MONEY_MAX_VND || amount < -MONEY_MAX_VND) {
        *ret_why = "the amount is 0 or beyond all reason";
        return DX_E_RANGE;
    }
    credit->out = amount < 0;
    credit->amount_vnd = amount < 0 ? -amount : amount;
    return 0;
}

void notice_balance(const struct jdoc *object, const char *key, struct bank_credit *credit)
{
    int64_t vnd;
    if (notice_money(object, key, true, &vnd) == 0 && vnd != 0) {
        credit->has_balance = true;
        credit->balance_vnd = vnd;
    }
}
