#include "server/web/receipt_code.h"

#include "proto/crypto/crypto.h"
#include "proto/signature.h"

#include <stdio.h>
#include <string.h>

static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void make_mark(const char *session, const char *token, char out[RECEIPT_MARK_CAP])
{
    uint8_t mac[SHA256_SIZE];
    char text[ULID_CAP + 8];
    uint64_t bits = 0;
    int n = snprintf(text, sizeof text, "receipt:%.26s", session);
    dx_hmac_sha256(mac, str_c(token), (struct str){text, (size_t)n});
    for (int i = 0; i < 5; i++) {
        bits = bits << 8 | mac[i];
    }
    for (int i = 0; i < 8; i++) {
        out[i] = letters[bits >> (35 - 5 * i) & 31];
    }
    out[8] = '\0';
}

void receipt_code_make(const char *paycode, const char *session, const char *token, char *out)
{
    char mark[RECEIPT_MARK_CAP];
    make_mark(session, token, mark);
    snprintf(out, RECEIPT_CODE_CAP, "%s-%s", paycode, mark);
}

int receipt_code_split(struct str text, char *ret_paycode, char *ret_mark)
{
    char clean[RECEIPT_CODE_CAP];
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == ' ' || c == '-') {
            continue;
        }
        c = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        if (n == sizeof clean - 1 || (!ascii_is_digit(c) && !(c >= 'A' && c <= 'Z'))) {
            return DX_E_FORMAT;
        }
        clean[n++] = c;
    }
    if (n < RECEIPT_MARK_CAP - 1 + 3) {
        return DX_E_FORMAT;
    }
    size_t code = n - (RECEIPT_MARK_CAP - 1);
    if (str_copy(ret_paycode, PAYCODE_CAP, (struct str){clean, code}) != 0) {
        return DX_E_FORMAT;
    }
    for (size_t i = 0; i < RECEIPT_MARK_CAP - 1; i++) {
        char c = clean[code + i];
        c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
        ret_mark[i] = c;
    }
    ret_mark[RECEIPT_MARK_CAP - 1] = '\0';
    return 0;
}

bool receipt_code_is_right(const char *mark, const char *session, const char *token)
{
    char wanted[RECEIPT_MARK_CAP];
    make_mark(session, token, wanted);
    return signature_secret_eq(str_c(mark), str_c(wanted));
}
