/* payos.c - payOS' webhook, and a transaction of a payment request that was asked for. */
#include "server/bank/notice.h"

/* What the webhook's data and a request's transaction have in common. */
static int take_transfer(const struct jdoc *data, struct bank_credit *credit, const char **ret_why)
{
    struct out id;
    int error = notice_needed(data, "accountNumber", credit->account, sizeof credit->account,
                              "accountNumber is missing, or no account", ret_why);
    error = error ? error
                  : notice_needed(data, "reference", credit->bank_ref, sizeof credit->bank_ref,
                                  "reference is missing, or no text", ret_why);
    error = error ? error : notice_when(data, "transactionDateTime", credit, ret_why);
    error = error ? error : notice_amount(data, "amount", false, credit, ret_why);
    if (error) {
        return error;
    }
    if (notice_text(data, "virtualAccountNumber", credit->virtual_account,
                    sizeof credit->virtual_account) != 0) {
        *ret_why = "virtualAccountNumber is no text, or too long";
        return DX_E_FORMAT;
    }
    notice_content(data, "description", NULL, credit->content, sizeof credit->content);
    out_init(&id, credit->provider_tx, sizeof credit->provider_tx);
    out_fmt(&id, "%lld:%s", (long long)credit->order_code, credit->bank_ref);
    if (out_failed(&id)) {
        *ret_why = "reference is too long";
        return DX_E_RANGE;
    }
    return 0;
}

static int take_order(const struct jdoc *object, struct bank_credit *credit, const char **ret_why)
{
    if (jdoc_get_i64_in(object, "orderCode", 1, INT64_C(9007199254740991), &credit->order_code)) {
        *ret_why = "orderCode is no whole number";
        return DX_E_FORMAT;
    }
    return 0;
}

int payos_read(const struct jdoc *notice, struct bank_credit *credit, const char **ret_why)
{
    const struct jdoc *data;
    struct str code;
    if (jdoc_get_object(notice, "data", &data) != 0 || jdoc_get_str(data, "code", &code) != 0) {
        *ret_why = "there is no data with a code";
        return DX_E_FORMAT;
    }
    if (!str_eq_c(code, "00")) { /* the outer code is not signed */
        *ret_why = "no money: the code of data is not 00";
        return DX_E_STATE;
    }
    int error = take_order(data, credit, ret_why);
    return error ? error : take_transfer(data, credit, ret_why);
}

int payos_read_row(const struct jdoc *row, struct bank_credit *credit, const char **ret_why)
{
    const struct jdoc *transfer;
    int error = take_order(row, credit, ret_why);
    if (!error && jdoc_get_object(row, "transaction", &transfer) != 0) {
        *ret_why = "there is no transaction";
        error = DX_E_FORMAT;
    }
    return error ? error : take_transfer(transfer, credit, ret_why);
}
