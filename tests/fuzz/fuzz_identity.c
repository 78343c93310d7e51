/*
 * Any bytes as a scanned text.  Whatever it is judged to be, the verdict is whole, and the number
 * comes out only by the function that is meant for it.
 */
#include "proto/base/check.h"
#include "proto/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const wall_t now = {1772416500000};
    struct str text = {(const char *)bytes, n};
    struct identity identity;
    char number[IDENTITY_NUMBER_CAP] = "";
    int r = identity_read(text, STR("0123456789abcdef"), now, &identity);
    int revealed = identity_reveal_whole_number(text, now, number);
    must(r == 0);
    must((revealed == 0) == (identity.result == IDENTITY_CARD));
    if (identity.result == IDENTITY_CARD) {
        must(identity.parts >= IDENTITY_PARTS_MIN && identity.parts <= IDENTITY_PARTS_MAX);
        must(strlen(number) == IDENTITY_NUMBER_SIZE);
        must(strcmp(number + IDENTITY_NUMBER_SIZE - 4, identity.last4) == 0);
        must(strlen(identity.pseudonym) == IDENTITY_PSEUDONYM_CAP - 1);
    } else {
        must(identity.warnings == 0 && !identity.pseudonym[0] && !identity.last4[0]);
        must((identity.result == IDENTITY_REJECT) == (identity.why != NULL));
    }
    return 0;
}
