/* The body of a bank notice, whatever it is: read, or refused with a sentence. */
#include "proto/base/check.h"
#include "proto/paycode.h"
#include "server/bank/bank.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct bank_credit credit;
    const char *why = NULL;
    struct str body = {(const char *)bytes, n};
    int error = bank_read("sepay", body, &credit, &why);
    if (error) {
        must(why && why[0]);
        return 0;
    }
    must(credit.amount_vnd > 0 && credit.amount_vnd <= MONEY_MAX_VND);
    must(credit.provider_tx[0] && credit.account[0]);
    must(str_is_utf8(str_c(credit.content)));
    struct paycode_found found = paycode_find(PAYCODE_PREFIX_DEFAULT, str_c(credit.content));
    must(found.count >= 0 && found.count <= 2);
    return 0;
}
