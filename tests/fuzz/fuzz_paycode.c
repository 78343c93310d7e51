/* Any bytes as a bank's text.  The text is doubled, with a code between: that one must be found. */
#include "proto/base/check.h"
#include "proto/fold.h"
#include "proto/paycode.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* The letters and digits of the folded text. */
static size_t strip(struct str text, char *out)
{
    size_t n = 0;
    while (text.n) {
        char c = fold_next(&text);
        if (ascii_is_digit(c) || ascii_is_alpha(c)) {
            out[n++] = c;
        }
    }
    out[n] = '\0';
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static char stripped[1 << 17];
    static char with[(1 << 17) + 32];
    struct str text = {(const char *)bytes, n < 1 << 15 ? n : 1 << 15};
    struct paycode_found found = paycode_find("DX", text);
    must(found.count >= 0 && found.count <= 2);
    strip(text, stripped);
    for (int i = 0; i < found.count; i++) {
        must(paycode_is_valid("DX", str_c(found.code[i])));
        must(strstr(stripped, found.code[i]) != NULL);
    }
    must(found.count < 2 || strcmp(found.code[0], found.code[1]) != 0);
    (void)paycode_is_valid("DX", text);

    char code[PAYCODE_CAP];
    uint8_t random[8] = {0};
    memcpy(random, bytes ? bytes : random, text.n < 8 ? text.n : 8);
    must(paycode_make("DX", random, code) == 0);
    memcpy(with, bytes ? bytes : random, text.n);
    int inserted = snprintf(with + text.n, 32, " %s ", code);
    memcpy(with + text.n + inserted, bytes ? bytes : random, text.n);
    found = paycode_find("DX", (struct str){with, 2 * text.n + (size_t)inserted});
    must(found.count == 2 || (found.count == 1 && strcmp(found.code[0], code) == 0));
    return 0;
}
