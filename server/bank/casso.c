/* casso.c - Casso's webhook V2, and the rows of V1 and of its list, which have other names. */
#include "server/bank/notice.h"

/* Names of V1 are written two ways: in the webhook with '_', in the list's records without. */
static const char *present(const struct jdoc *row, const char *one, const char *other)
{
    return jdoc_has(row, one) ? one : other;
}

static int take_texts(const struct jdoc *row, const char *account, const char *reference,
                      const char *virtual_account, struct bank_credit *credit, const char **ret_why)
{
    int error = notice_needed(row, "id", credit->provider_tx, sizeof credit->provider_tx,
                              "id is missing, or no id", ret_why);
    error = error ? error
                  : notice_needed(row, account, credit->account, sizeof credit->account,
                                  "the account is missing, or no account", ret_why);
    if (error) {
        return error;
    }
    if (notice_text(row, reference, credit->bank_ref, sizeof credit->bank_ref) ||
        notice_text(row, virtual_account, credit->virtual_account,
                    sizeof credit->virtual_account)) {
        *ret_why = "reference or virtual account is no text, or too long";
        return DX_E_FORMAT;
    }
    notice_content(row, "description", NULL, credit->content, sizeof credit->content);
    return 0;
}

/* Whatever else is in it. */
static int refuse_test(const struct bank_credit *credit, const char **ret_why)
{
    if (strcmp(credit->provider_tx, "0") != 0) {
        return 0;
    }
    *ret_why = "no money: Casso's test, id 0";
    return DX_E_STATE;
}

int casso_read_v2(const struct jdoc *data, struct bank_credit *credit, const char **ret_why)
{
    int error =
        take_texts(data, "accountNumber", "reference", "virtualAccountNumber", credit, ret_why);
    error = error ? error : refuse_test(credit, ret_why);
    error = error ? error : notice_when(data, "transactionDateTime", credit, ret_why);
    error = error ? error : notice_amount(data, "amount", false, credit, ret_why);
    if (!error) {
        notice_balance(data, "runningBalance", credit);
    }
    return error;
}

int casso_read_row(const struct jdoc *row, struct bank_credit *credit, const char **ret_why)
{
    const char *account = present(row, "bank_sub_acc_id", "bankSubAccId");
    int error = take_texts(row, account, "tid", "virtualAccount", credit, ret_why);
    error = error ? error : refuse_test(credit, ret_why);
    error = error ? error : notice_when(row, "when", credit, ret_why);
    error = error ? error : notice_amount(row, "amount", true, credit, ret_why);
    if (error) {
        return error;
    }
    struct civil at = time_civil(credit->booked);
    /* Some banks give Casso no time of day: it writes midnight then. */
    credit->date_only = credit->date_only || (at.hour == 0 && at.minute == 0 && at.second == 0);
    notice_balance(row, present(row, "cusum_balance", "cusumBalance"), credit);
    return 0;
}
