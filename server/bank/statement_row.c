/* statement_row.c - a row of an imported statement, as statement_write_row put it down. */
#include "server/bank/notice.h"

int statement_read_row(const struct jdoc *row, struct bank_credit *credit, const char **ret_why)
{
    int64_t occurrence = 0;
    int error = notice_needed(row, "id", credit->provider_tx, sizeof credit->provider_tx,
                              "id is missing, or no id", ret_why);
    error = error ? error
                  : notice_needed(row, "account", credit->account, sizeof credit->account,
                                  "the account is missing, or no account", ret_why);
    error = error ? error : notice_when(row, "at", credit, ret_why);
    error = error ? error : notice_amount(row, "amount", false, credit, ret_why);
    if (error) {
        return error;
    }
    if (notice_text(row, "ref", credit->bank_ref, sizeof credit->bank_ref) != 0 ||
        jdoc_get_i64_in(row, "occurrence", 0, 1000000, &occurrence) != 0) {
        *ret_why = "ref or occurrence is not as it is written";
        return DX_E_FORMAT;
    }
    credit->occurrence = (int)occurrence;
    notice_content(row, "content", NULL, credit->content, sizeof credit->content);
    if (notice_money(row, "balance", false, &credit->balance_vnd) == 0) {
        credit->has_balance = true;
    }
    return 0;
}
