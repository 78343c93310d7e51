#include "proto/signature.h"

#include "proto/base/out.h"

#include <string.h>

bool signature_is_stale(wall_t signed_at, wall_t now)
{
    if (now.ms == SIGNATURE_ANY_TIME.ms) {
        return false;
    }
    int64_t age = wall_diff(now, signed_at);
    return age > SIGNATURE_SKEW_MS || age < -SIGNATURE_SKEW_MS;
}

bool signature_matches_hex(const uint8_t *mac, size_t n, struct str hex)
{
    uint8_t given[SHA512_SIZE];
    if (n > sizeof given || str_unhex(hex, given, n)) {
        return false;
    }
    return str_eq_constant_time((struct str){(const char *)given, n},
                                (struct str){(const char *)mac, n});
}

bool signature_secret_eq(struct str a, struct str b)
{
    uint8_t digest[2][SHA256_SIZE];
    dx_sha256(digest[0], a);
    dx_sha256(digest[1], b);
    return str_eq_constant_time((struct str){(const char *)digest[0], SHA256_SIZE},
                                (struct str){(const char *)digest[1], SHA256_SIZE});
}

bool signature_is_index_key(struct str key)
{
    int64_t unused;
    bool leading_zero = key.n > 1 && key.p[0] == '0';
    return key.n && key.n <= 10 && key.p[0] != '-' && !leading_zero &&
           str_parse_i64(key, 0, INT64_C(4294967294), &unused) == 0;
}

/*
 * UTF-8 sorts like code points; UTF-16 does too, except that characters above U+FFFF are
 * written with surrogates (0xD800…) and so come before U+E000 to U+FFFF.
 */
static int utf16_rank(char byte)
{
    unsigned char c = (unsigned char)byte;
    if (c >= 0xF0) {
        return 0xEE; /* with 0xEE and 0xEF moved up by the next line */
    }
    return c >= 0xEE ? c + 0x10 : c;
}

int signature_compare_keys(struct str a, struct str b)
{
    bool a_is_index = signature_is_index_key(a);
    bool b_is_index = signature_is_index_key(b);
    if (a_is_index != b_is_index) {
        return a_is_index ? -1 : 1;
    }
    if (a_is_index && a.n != b.n) {
        return a.n < b.n ? -1 : 1;
    }
    for (size_t i = 0; i < a.n && i < b.n; i++) {
        if (a.p[i] != b.p[i]) {
            int difference = utf16_rank(a.p[i]) - utf16_rank(b.p[i]);
            return difference ? difference : (unsigned char)a.p[i] - (unsigned char)b.p[i];
        }
    }
    return a.n == b.n ? 0 : a.n < b.n ? -1 : 1;
}

/* ---- payOS ---- */

void signature_pairs_init(struct signature_pairs *pairs, struct str key, bool encode)
{
    dx_hmac_sha256_init(&pairs->hmac, key);
    pairs->encode = encode;
    pairs->any = false;
}

/* encodeURIComponent leaves these and letters and digits (ECMA-262 19.2.6.4). */
static bool is_unreserved(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || (c && strchr("-_.!~*'()", c));
}

static void add_encoded(struct signature_pairs *pairs, struct str text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        char escape[3] = {'%', digits[c >> 4], digits[c & 15]};
        bool plain = is_unreserved(text.p[i]);
        dx_hmac_sha256_update(&pairs->hmac, plain ? str_slice(text, i, i + 1)
                                                  : (struct str){escape, sizeof escape});
    }
}

static void add(struct signature_pairs *pairs, struct str text)
{
    if (pairs->encode) {
        add_encoded(pairs, text);
    } else {
        dx_hmac_sha256_update(&pairs->hmac, text);
    }
}

void signature_pairs_key(struct signature_pairs *pairs, struct str name)
{
    if (pairs->any) {
        dx_hmac_sha256_update(&pairs->hmac, STR("&"));
    }
    pairs->any = true;
    add(pairs, name);
    dx_hmac_sha256_update(&pairs->hmac, STR("="));
}

void signature_pairs_value(struct signature_pairs *pairs, struct str part)
{
    add(pairs, part);
}

void signature_pairs_final(struct signature_pairs *pairs, uint8_t out[SHA256_SIZE])
{
    dx_hmac_sha256_final(&pairs->hmac, out);
}

static void add_number(struct signature_pairs *pairs, struct str name, int64_t value)
{
    char space[24];
    struct out digits;
    out_init(&digits, space, sizeof space);
    out_i64(&digits, value);
    signature_pairs_key(pairs, name);
    signature_pairs_value(pairs, out_str(&digits));
}

static void add_text(struct signature_pairs *pairs, struct str name, struct str value)
{
    signature_pairs_key(pairs, name);
    signature_pairs_value(pairs, value);
}

void signature_payos_request(struct str key, const struct signature_payos_request *request,
                             char out[SIGNATURE_HEX256_CAP])
{
    struct signature_pairs pairs;
    uint8_t mac[SHA256_SIZE];
    signature_pairs_init(&pairs, key, false);
    add_number(&pairs, STR("amount"), request->amount_vnd);
    add_text(&pairs, STR("cancelUrl"), request->cancel_url);
    add_text(&pairs, STR("description"), request->description);
    add_number(&pairs, STR("orderCode"), request->order_code);
    add_text(&pairs, STR("returnUrl"), request->return_url);
    signature_pairs_final(&pairs, mac);
    str_hex(out, mac, sizeof mac);
}

/* ---- SePay ---- */

static void sepay_mac(struct str key, struct str timestamp, struct str body,
                      uint8_t out[SHA256_SIZE])
{
    struct dx_hmac hmac;
    dx_hmac_sha256_init(&hmac, key);
    dx_hmac_sha256_update(&hmac, timestamp);
    dx_hmac_sha256_update(&hmac, STR("."));
    dx_hmac_sha256_update(&hmac, body);
    dx_hmac_sha256_final(&hmac, out);
}

int signature_sepay_check(struct str key, struct str timestamp, struct str signature,
                          struct str body, wall_t now)
{
    int64_t seconds;
    uint8_t mac[SHA256_SIZE];
    if (key.n == 0) {
        return DX_E_INVAL;
    }
    if (str_parse_i64(timestamp, 0, INT64_C(99999999999), &seconds) ||
        !str_starts(signature, STR("sha256="))) {
        return DX_E_FORMAT;
    }
    sepay_mac(key, timestamp, body, mac);
    if (!signature_matches_hex(mac, sizeof mac, str_slice(signature, 7, signature.n))) {
        return DX_E_CHECK;
    }
    return signature_is_stale((wall_t){seconds * TIME_SECOND_MS}, now) ? DX_E_STALE : 0;
}

void signature_sepay_make(struct str key, int64_t timestamp_s, struct str body,
                          char out[7 + SIGNATURE_HEX256_CAP])
{
    char space[24];
    struct out digits;
    uint8_t mac[SHA256_SIZE];
    out_init(&digits, space, sizeof space);
    out_i64(&digits, timestamp_s);
    sepay_mac(key, out_str(&digits), body, mac);
    memcpy(out, "sha256=", 7);
    str_hex(out + 7, mac, sizeof mac);
}

int signature_sepay_apikey_check(struct str key, struct str authorization)
{
    static const size_t scheme = sizeof "Apikey" - 1;
    if (key.n == 0) {
        return DX_E_INVAL;
    }
    if (authorization.n <= scheme || authorization.p[scheme] != ' ' ||
        !str_eq_nocase(str_slice(authorization, 0, scheme), STR("Apikey"))) {
        return DX_E_FORMAT;
    }
    struct str given = str_trim(str_slice(authorization, scheme, authorization.n));
    return signature_secret_eq(given, key) ? 0 : DX_E_CHECK;
}

/* ---- Casso ---- */

int signature_casso_read(struct str header, struct signature_casso *ret)
{
    struct signature_casso casso = {0};
    bool have_mac = false;
    while (header.n) {
        size_t comma = str_index(header, ',');
        struct str part = str_trim(str_slice(header, 0, comma));
        header = str_slice(header, comma + 1, header.n);
        if (str_starts(part, STR("t="))) {
            if (casso.timestamp.p) {
                return DX_E_FORMAT;
            }
            casso.timestamp = str_slice(part, 2, part.n);
        } else if (str_starts(part, STR("v1="))) {
            if (have_mac || str_unhex(str_slice(part, 3, part.n), casso.mac, sizeof casso.mac)) {
                return DX_E_FORMAT;
            }
            have_mac = true;
        }
    }
    if (!have_mac ||
        str_parse_i64(casso.timestamp, 0, INT64_C(99999999999999), &casso.signed_at.ms)) {
        return DX_E_FORMAT;
    }
    *ret = casso;
    return 0;
}

void signature_casso_init(struct dx_hmac *hmac, struct str key, struct str timestamp)
{
    dx_hmac_sha512_init(hmac, key);
    dx_hmac_sha512_update(hmac, timestamp);
    dx_hmac_sha512_update(hmac, STR("."));
}

int signature_casso_token_check(struct str key, struct str token)
{
    if (key.n == 0) {
        return DX_E_INVAL;
    }
    return signature_secret_eq(token, key) ? 0 : DX_E_CHECK;
}
