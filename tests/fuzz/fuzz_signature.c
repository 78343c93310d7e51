/*
 * Any bytes as a request: the first picks the provider, the first line is a header, the rest the
 * body.  Then the body is signed with our own hands and must be accepted.
 */
#include "proto/base/check.h"
#include "proto/io/webhook_verify.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void sign_and_check_casso(struct str body)
{
    char hex[SIGNATURE_HEX512_CAP];
    char header[SIGNATURE_HEX512_CAP + 16];
    if (webhook_sign_casso(STR("k"), 1, body, hex)) {
        return;
    }
    snprintf(header, sizeof header, "t=1,v1=%s", hex);
    struct webhook_header headers[1] = {{STR("X-Casso-Signature"), str_c(header)}};
    must(webhook_verify(WEBHOOK_CASSO, STR("k"), headers, 1, body, SIGNATURE_ANY_TIME, NULL) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct str text = {(const char *)bytes, n};
    struct webhook_verdict verdict;
    char hex[SIGNATURE_HEX256_CAP];
    if (n == 0) {
        return 0;
    }
    enum webhook_provider provider = (enum webhook_provider)(bytes[0] % WEBHOOK_PROVIDER_COUNT);
    size_t line = str_index(text, '\n');
    struct str body = str_slice(text, line + 1, n);
    struct str value = str_slice(text, 1, line);
    struct webhook_header headers[3] = {{STR("X-SePay-Timestamp"), STR("1")},
                                        {STR("X-Casso-Signature"), value},
                                        {STR("X-SePay-Signature"), value}};
    int rc = webhook_check(provider, STR("key"), headers, 3, body, (wall_t){0}, &verdict);
    must((rc == 0) == (verdict.why == NULL));
    must(rc == 0 || verdict.where != NULL);
    headers[1].name = STR("secure-token");
    headers[2].name = STR("Authorization");
    rc = webhook_check(provider, STR("key"), headers, 3, body, (wall_t){0}, &verdict);
    must((rc == 0) == (verdict.why == NULL));
    (void)!webhook_sign_payos(STR("k"), body, hex);
    (void)!webhook_sign_payos_payout(STR("k"), body, hex);
    sign_and_check_casso(body);
    return 0;
}
