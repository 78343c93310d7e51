/* sepay.c - SePay's balance webhook. */
#include "proto/io/json.h"
#include "server/bank/bank.h"

/* A text that may be absent, null, or an integer (ids and accounts are written both ways). */
static int take_text(const struct jdoc *notice, const char *key, char *out, size_t cap)
{
    struct str text;
    int64_t number;
    const struct jdoc *value = jdoc_get(notice, key);
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

/* Cut between two characters, so that it stays UTF-8. */
static void take_content(const struct jdoc *notice, char *out, size_t cap)
{
    struct str text;
    if (jdoc_get_str(notice, "content", &text) != 0 || str_trim(text).n == 0) {
        if (jdoc_get_str(notice, "description", &text) != 0) {
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

static int take_amount(const struct jdoc *notice, struct bank_credit *credit, const char **ret_why)
{
    int64_t amount;
    if (jdoc_get_i64(notice, "transferAmount", &amount) != 0) {
        *ret_why = "transferAmount is no whole number";
        return DX_E_FORMAT;
    }
    if (amount == 0 || amount > MONEY_MAX_VND || amount < -MONEY_MAX_VND) {
        *ret_why = "transferAmount is 0 or beyond all reason";
        return DX_E_RANGE;
    }
    credit->out = amount < 0;
    credit->amount_vnd = amount < 0 ? -amount : amount;
    return 0;
}

static int take_direction(const struct jdoc *notice, struct bank_credit *credit,
                          const char **ret_why)
{
    struct str type;
    int error = jdoc_get_str(notice, "transferType", &type);
    if (!error && str_eq_c(type, "out")) {
        credit->out = true;
    } else if (error || !str_eq_c(type, "in")) {
        *ret_why = "transferType is neither in nor out";
        return DX_E_FORMAT;
    }
    return 0;
}

int sepay_read(const struct jdoc *notice, struct bank_credit *credit, const char **ret_why)
{
    struct str when;
    int error = take_text(notice, "id", credit->provider_tx, sizeof credit->provider_tx);
    if (error || credit->provider_tx[0] == '\0') {
        *ret_why = "id is missing, or no id";
        return error ? error : DX_E_FORMAT;
    }
    error = take_text(notice, "accountNumber", credit->account, sizeof credit->account);
    if (error || credit->account[0] == '\0') {
        *ret_why = "accountNumber is missing, or no account";
        return error ? error : DX_E_FORMAT;
    }
    if (jdoc_get_str(notice, "transactionDate", &when) != 0 ||
        time_parse_iso(str_trim(when), &credit->booked) != 0) {
        *ret_why = "transactionDate is no time";
        return DX_E_FORMAT;
    }
    error = take_amount(notice, credit, ret_why);
    error = error ? error : take_direction(notice, credit, ret_why);
    if (error) {
        return error;
    }
    if (take_text(notice, "subAccount", credit->virtual_account, sizeof credit->virtual_account) ||
        take_text(notice, "referenceCode", credit->bank_ref, sizeof credit->bank_ref)) {
        *ret_why = "subAccount or referenceCode is no text, or too long";
        return DX_E_FORMAT;
    }
    if (take_text(notice, "code", credit->code_hint, sizeof credit->code_hint) != 0) {
        credit->code_hint[0] = '\0'; /* only a hint */
    }
    take_content(notice, credit->content, sizeof credit->content);
    return 0;
}
