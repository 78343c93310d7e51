/* sepay.c - SePay's balance webhook, and a row of its list (API v1 and v2). */
#include "server/bank/notice.h"

static int take_direction(const struct jdoc *notice, const char *key, struct bank_credit *credit,
                          const char **ret_why)
{
    struct str type;
    int error = jdoc_get_str(notice, key, &type);
    if (!error && str_eq_c(type, "out")) {
        credit->out = true;
    } else if (error || !str_eq_c(type, "in")) {
        *ret_why = "transferType is neither in nor out";
        return DX_E_FORMAT;
    }
    return 0;
}

/* The names of the same members in the webhook and in the list. */
struct names {
    const char *account, *sub_account, *reference, *content, *description;
};
static const struct names of_webhook = {"accountNumber", "subAccount", "referenceCode", "content",
                                        "description"};
static const struct names of_list = {"account_number", "sub_account", "reference_number",
                                     "transaction_content", NULL};

static int take_names(const struct jdoc *notice, const struct names *names,
                      struct bank_credit *credit, const char **ret_why)
{
    int error = notice_needed(notice, "id", credit->provider_tx, sizeof credit->provider_tx,
                              "id is missing, or no id", ret_why);
    error = error ? error
                  : notice_needed(notice, names->account, credit->account, sizeof credit->account,
                                  "the account is missing, or no account", ret_why);
    if (error) {
        return error;
    }
    if (notice_text(notice, names->sub_account, credit->virtual_account,
                    sizeof credit->virtual_account) ||
        notice_text(notice, names->reference, credit->bank_ref, sizeof credit->bank_ref)) {
        *ret_why = "subAccount or reference is no text, or too long";
        return DX_E_FORMAT;
    }
    if (notice_text(notice, "code", credit->code_hint, sizeof credit->code_hint) != 0) {
        credit->code_hint[0] = '\0'; /* only a hint */
    }
    notice_content(notice, names->content, names->description, credit->content,
                   sizeof credit->content);
    notice_balance(notice, "accumulated", credit);
    return 0;
}

int sepay_read(const struct jdoc *notice, struct bank_credit *credit, const char **ret_why)
{
    int error = take_names(notice, &of_webhook, credit, ret_why);
    error = error ? error : notice_when(notice, "transactionDate", credit, ret_why);
    error = error ? error : notice_amount(notice, "transferAmount", false, credit, ret_why);
    return error ? error : take_direction(notice, "transferType", credit, ret_why);
}

/* v1: amount_in and amount_out as texts, one of them 0.  v2: the same as whole numbers. */
int sepay_read_row(const struct jdoc *row, struct bank_credit *credit, const char **ret_why)
{
    int64_t in = 0;
    int64_t out = 0;
    int error = take_names(row, &of_list, credit, ret_why);
    error = error ? error : notice_when(row, "transaction_date", credit, ret_why);
    if (error) {
        return error;
    }
    int no_in = notice_money(row, "amount_in", true, &in);
    int no_out = notice_money(row, "amount_out", true, &out);
    if ((no_in && no_in != DX_E_NOT_FOUND) || (no_out && no_out != DX_E_NOT_FOUND)) {
        *ret_why = "amount_in or amount_out is no whole amount";
        return DX_E_FORMAT;
    }
    if (in < 0 || out < 0 || (in > 0) == (out > 0)) {
        *ret_why = "one of amount_in and amount_out must be above 0, the other 0";
        return DX_E_RANGE;
    }
    credit->out = out > 0;
    credit->amount_vnd = in + out;
    return 0;
}
