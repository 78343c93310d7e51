#include "proto/io/webhook_verify.h"

#include "proto/base/out.h"
#include "proto/io/json.h"
#include "proto/io/webhook_canon.h"

#include <stdlib.h>

static const char *const provider_names[WEBHOOK_PROVIDER_COUNT] = {
    [WEBHOOK_PAYOS] = "payos", [WEBHOOK_SEPAY] = "sepay", [WEBHOOK_CASSO] = "casso"};

int webhook_provider_from_name(struct str name, enum webhook_provider *ret_provider)
{
    for (int i = 0; i < WEBHOOK_PROVIDER_COUNT; i++) {
        if (str_eq_c(name, provider_names[i])) {
            *ret_provider = (enum webhook_provider)i;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

/* ---- signing ---- */

static void put_into_pairs(void *self, struct str piece)
{
    signature_pairs_value(self, piece);
}

static void put_into_sha512(void *self, struct str piece)
{
    dx_hmac_sha512_update(self, piece);
}

/* The string of a scalar as `${value}` gives it. */
static void put_scalar(struct signature_pairs *pairs, const struct jdoc *value)
{
    struct canon_sink sink = {put_into_pairs, pairs};
    struct str text;
    if (jdoc_str(value, &text) == 0) {
        signature_pairs_value(pairs, text);
    } else {
        (void)!canon_value(&sink, value, CANON_TEXT); /* a number or a boolean cannot fail */
    }
}

/* createSignatureFromObj of the SDK: "null" and "undefined" as words are empty, too. */
static int put_webhook_value(struct signature_pairs *pairs, const struct jdoc *value)
{
    struct canon_sink sink = {put_into_pairs, pairs};
    struct str text;
    enum jdoc_kind kind = jdoc_kind(value);
    if (kind == JDOC_ARRAY) {
        return canon_payos_array(&sink, value);
    }
    if (kind == JDOC_OBJECT) {
        signature_pairs_value(pairs, STR("[object Object]"));
        return 0;
    }
    bool word_for_nothing =
        jdoc_str(value, &text) == 0 && (str_eq_c(text, "null") || str_eq_c(text, "undefined"));
    if (kind != JDOC_NULL && !word_for_nothing) {
        put_scalar(pairs, value);
    }
    return 0;
}

/* createSignature of the SDK. */
static int put_payout_value(struct signature_pairs *pairs, const struct jdoc *value)
{
    struct canon_sink sink = {put_into_pairs, pairs};
    enum jdoc_kind kind = jdoc_kind(value);
    if (kind == JDOC_ARRAY || kind == JDOC_OBJECT) {
        return canon_value(&sink, value, CANON_PAYOS);
    }
    if (kind != JDOC_NULL) {
        put_scalar(pairs, value);
    }
    return 0;
}

static int sign_pairs(struct str key, const struct jdoc *object, bool payout,
                      uint8_t mac[SHA256_SIZE])
{
    struct canon_member *members;
    size_t count;
    struct signature_pairs pairs;
    int rc = canon_members(object, true, &members, &count);
    if (rc) {
        return rc;
    }
    signature_pairs_init(&pairs, key, payout);
    for (size_t i = 0; i < count && rc == 0; i++) {
        signature_pairs_key(&pairs, members[i].key);
        rc = payout ? put_payout_value(&pairs, members[i].value)
                    : put_webhook_value(&pairs, members[i].value);
    }
    free(members);
    signature_pairs_final(&pairs, mac);
    return rc;
}

static int sign_casso(struct str key, struct str timestamp, const struct jdoc *root,
                      uint8_t mac[SHA512_SIZE])
{
    struct dx_hmac hmac;
    struct canon_sink sink = {put_into_sha512, &hmac};
    signature_casso_init(&hmac, key, timestamp);
    int rc = canon_value(&sink, root, CANON_SORTED);
    dx_hmac_sha512_final(&hmac, mac);
    return rc;
}

int webhook_sign_payos(struct str key, struct str body, char ret_hex[SIGNATURE_HEX256_CAP])
{
    struct jdoc *root;
    const struct jdoc *data;
    uint8_t mac[SHA256_SIZE];
    int rc = jdoc_read(body, &root, NULL);
    if (rc) {
        return rc;
    }
    rc = jdoc_get_object(root, "data", &data) ? DX_E_FORMAT : sign_pairs(key, data, false, mac);
    jdoc_release(root);
    if (rc == 0) {
        str_hex(ret_hex, mac, sizeof mac);
    }
    return rc;
}

int webhook_sign_payos_payout(struct str key, struct str body, char ret_hex[SIGNATURE_HEX256_CAP])
{
    struct jdoc *root;
    uint8_t mac[SHA256_SIZE];
    int rc = jdoc_read(body, &root, NULL);
    if (rc) {
        return rc;
    }
    rc = jdoc_kind(root) == JDOC_OBJECT ? sign_pairs(key, root, true, mac) : DX_E_FORMAT;
    jdoc_release(root);
    if (rc == 0) {
        str_hex(ret_hex, mac, sizeof mac);
    }
    return rc;
}

int webhook_sign_casso(struct str key, int64_t timestamp_ms, struct str body,
                       char ret_hex[SIGNATURE_HEX512_CAP])
{
    char space[24];
    struct out digits;
    struct jdoc *root;
    uint8_t mac[SHA512_SIZE];
    int rc = jdoc_read(body, &root, NULL);
    if (rc) {
        return rc;
    }
    out_init(&digits, space, sizeof space);
    out_i64(&digits, timestamp_ms);
    rc = sign_casso(key, out_str(&digits), root, mac);
    jdoc_release(root);
    if (rc == 0) {
        str_hex(ret_hex, mac, sizeof mac);
    }
    return rc;
}

/* ---- checking ---- */

struct check {
    struct str key;
    const struct webhook_header *headers;
    int count;
    struct str body;
    wall_t now;
    struct webhook_verdict *verdict;
};

static int refuse(const struct check *check, int rc, const char *where, const char *why)
{
    check->verdict->where = where;
    check->verdict->why = why;
    return rc;
}

/* The header's value without blanks around it.  Two of a name are one too many. */
static int find_header(const struct check *check, const char *name, struct str *ret_value)
{
    int found = 0;
    for (int i = 0; i < check->count; i++) {
        if (str_eq_nocase(check->headers[i].name, str_c(name))) {
            *ret_value = str_trim(check->headers[i].value);
            found++;
        }
    }
    if (found > 1) {
        return refuse(check, DX_E_FORMAT, name, "the header is there twice");
    }
    return found ? 0 : DX_E_NOT_FOUND;
}

static int refuse_json(const struct check *check, int rc)
{
    return refuse(check, rc, "body",
                  rc == DX_E_RANGE    ? "the body is too long or too deeply nested"
                  : rc == DX_E_MEMORY ? "no memory"
                                      : "the body is not strict JSON");
}

static int check_payos_document(const struct check *check, const struct jdoc *root)
{
    const struct jdoc *data;
    struct str signature;
    uint8_t mac[SHA256_SIZE];
    if (jdoc_get_object(root, "data", &data)) {
        return refuse(check, DX_E_FORMAT, "body.data", "there is no object \"data\"");
    }
    int rc = jdoc_get_str(root, "signature", &signature);
    if (rc) {
        return refuse(check, rc, "body.signature", "there is no signature");
    }
    rc = sign_pairs(check->key, data, false, mac);
    if (rc) {
        return refuse(check, rc, "body.data",
                      rc == DX_E_MEMORY ? "no memory" : "payOS signs no array with null in it");
    }
    if (!signature_matches_hex(mac, sizeof mac, signature)) {
        return refuse(check, DX_E_CHECK, "body.signature",
                      "the signature does not match the data and the key");
    }
    return 0;
}

static int check_payos(const struct check *check)
{
    struct jdoc *root;
    check->verdict->scheme = "payos";
    int rc = jdoc_read(check->body, &root, NULL);
    if (rc) {
        return refuse_json(check, rc);
    }
    rc = check_payos_document(check, root);
    jdoc_release(root);
    return rc;
}

static int check_sepay_apikey(const struct check *check)
{
    struct str authorization;
    int rc = find_header(check, "Authorization", &authorization);
    check->verdict->scheme = "sepay-apikey";
    if (rc == DX_E_NOT_FOUND) {
        return refuse(check, rc, "X-SePay-Signature",
                      "there is neither X-SePay-Signature nor Authorization");
    }
    if (rc) {
        return rc;
    }
    rc = signature_sepay_apikey_check(check->key, authorization);
    if (rc) {
        return refuse(check, rc, "Authorization",
                      rc == DX_E_FORMAT ? "the scheme is not Apikey" : "the key does not match");
    }
    return 0;
}

static int check_sepay(const struct check *check)
{
    struct str signature;
    struct str timestamp;
    int rc = find_header(check, "X-SePay-Signature", &signature);
    if (rc == DX_E_NOT_FOUND) {
        return check_sepay_apikey(check);
    }
    check->verdict->scheme = "sepay-hmac";
    if (rc) {
        return rc;
    }
    rc = find_header(check, "X-SePay-Timestamp", &timestamp);
    if (rc == DX_E_NOT_FOUND) {
        return refuse(check, rc, "X-SePay-Timestamp", "there is no timestamp");
    }
    if (rc) {
        return rc;
    }
    rc = signature_sepay_check(check->key, timestamp, signature, check->body, check->now);
    if (rc == DX_E_STALE) {
        return refuse(check, rc, "X-SePay-Timestamp",
                      "the timestamp is more than 5 minutes from now");
    }
    if (rc) {
        return refuse(check, rc, "X-SePay-Signature",
                      rc == DX_E_FORMAT ? "the headers are not SECONDS and sha256=HEX"
                                        : "the signature does not match the body and the key");
    }
    return 0;
}

static int check_casso_token(const struct check *check)
{
    struct str token;
    int rc = find_header(check, "secure-token", &token);
    check->verdict->scheme = "casso-v1";
    if (rc == DX_E_NOT_FOUND) {
        return refuse(check, rc, "X-Casso-Signature",
                      "there is neither X-Casso-Signature nor secure-token");
    }
    if (rc) {
        return rc;
    }
    rc = signature_casso_token_check(check->key, token);
    return rc ? refuse(check, rc, "secure-token", "the token does not match the key") : 0;
}

static int check_casso(const struct check *check)
{
    static const char name[] = "X-Casso-Signature";
    struct str header;
    struct signature_casso casso;
    struct jdoc *root;
    uint8_t mac[SHA512_SIZE];
    int rc = find_header(check, name, &header);
    if (rc == DX_E_NOT_FOUND) {
        return check_casso_token(check);
    }
    check->verdict->scheme = "casso-v2";
    if (rc) {
        return rc;
    }
    rc = signature_casso_read(header, &casso);
    if (rc) {
        return refuse(check, rc, name, "the header is not t=MILLISECONDS,v1=HEX");
    }
    rc = jdoc_read(check->body, &root, NULL);
    if (rc) {
        return refuse_json(check, rc);
    }
    rc = sign_casso(check->key, casso.timestamp, root, mac);
    jdoc_release(root);
    if (rc) {
        return refuse_json(check, rc);
    }
    if (!str_eq_constant_time((struct str){(const char *)mac, sizeof mac},
                              (struct str){(const char *)casso.mac, sizeof casso.mac})) {
        return refuse(check, DX_E_CHECK, name, "the signature does not match the body and the key");
    }
    if (signature_is_stale(casso.signed_at, check->now)) {
        return refuse(check, DX_E_STALE, name, "the timestamp is more than 5 minutes from now");
    }
    return 0;
}

int webhook_check(enum webhook_provider provider, struct str key,
                  const struct webhook_header *headers, int count, struct str body, wall_t now,
                  struct webhook_verdict *verdict)
{
    struct check check = {key, headers, count, body, now, verdict};
    *verdict = (struct webhook_verdict){0};
    if (key.n == 0) {
        return refuse(&check, DX_E_INVAL, "key", "the key is empty");
    }
    switch (provider) {
    case WEBHOOK_PAYOS:
        return check_payos(&check);
    case WEBHOOK_SEPAY:
        return check_sepay(&check);
    case WEBHOOK_CASSO:
        return check_casso(&check);
    case WEBHOOK_PROVIDER_COUNT:
        break;
    }
    return refuse(&check, DX_E_INVAL, "provider", "there is no such provider");
}

int webhook_verify(enum webhook_provider provider, struct str key,
                   const struct webhook_header *headers, int count, struct str body, wall_t now,
                   const char **ret_why)
{
    struct webhook_verdict verdict;
    int rc = webhook_check(provider, key, headers, count, body, now, &verdict);
    if (rc && ret_why) {
        *ret_why = verdict.why;
    }
    return rc;
}
