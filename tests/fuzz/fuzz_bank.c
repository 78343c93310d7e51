/* A bank notice or a row of a list, whatever it is: read by every reader, or refused with why. */
#include "proto/base/check.h"
#include "proto/paycode.h"
#include "server/bank/bank.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static int look(void *context, const struct bank_credit *credit)
{
    int *count = context;
    must(credit->amount_vnd > 0 && credit->amount_vnd <= MONEY_MAX_VND);
    must(credit->provider_tx[0] && credit->account[0]);
    must(str_is_utf8(str_c(credit->content)));
    struct paycode_found found = paycode_find(PAYCODE_PREFIX_DEFAULT, str_c(credit->content));
    must(found.count >= 0 && found.count <= 2);
    must(++*count <= BANK_CREDITS_MAX);
    return 0;
}

static int skip(void *context, int place, const char *why)
{
    (void)context;
    must(place > 0 && why && why[0]);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char *const providers[] = {"sepay", "payos", "casso", "statement"};
    struct str body = {(const char *)bytes, n};
    for (int p = 0; p < 4; p++) {
        for (int source = 0; source < CREDIT_SOURCE_COUNT; source++) {
            int count = 0;
            const char *why = NULL;
            const struct bank_visitor visitor = {&count, look, skip};
            if (bank_read_all(providers[p], (enum credit_source)source, body, &visitor, &why)) {
                must(why && why[0]);
            }
        }
    }
    return 0;
}
