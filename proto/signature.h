/*
 * signature.h - the strings that payment providers sign, and comparing without telling time.
 *
 * The pure half of webhook verification: building the string, the HMAC, the clock
 * check.  What is signed in payOS' and Casso's case is JSON re-written in a certain
 * order; walking that tree is proto/io/webhook_verify.h, which is also what a
 * server calls.  Sources, with the vectors that confirm them: payOS API reference
 * and @payos/node 2.0.5 (SDK); SePay developer pages "bảo mật webhook"; Casso
 * webhook V2.  Vectors: tests/vectors/webhooks.json.
 *
 *   payOS webhook      hex HMAC-SHA256 of  k=v&k=v…  over `data`, keys sorted, nothing encoded
 *   payOS request      the same over five fields in a fixed order
 *   payOS payout       the same over the body, keys and values as encodeURIComponent does
 *   SePay              "sha256=" + hex HMAC-SHA256 of  TIMESTAMP.BODY
 *   SePay, simple      Authorization: Apikey KEY
 *   Casso V2           t=MS,v1= + hex HMAC-SHA512 of  MS.CANONICAL_JSON
 *   Casso V1           secure-token: KEY
 *
 * An empty key never verifies anything: it is a configuration that was forgotten.
 */
#ifndef DOXE_SIGNATURE_H
#define DOXE_SIGNATURE_H

#include "proto/base/time.h"
#include "proto/crypto/crypto.h"

enum {
    SIGNATURE_HEX256_CAP = 2 * SHA256_SIZE + 1,
    SIGNATURE_HEX512_CAP = 2 * SHA512_SIZE + 1,
    /* SePay: refuse when the clocks differ by more than 5 minutes.  Casso names no limit; ours. */
    SIGNATURE_SKEW_MS = 5 * TIME_MINUTE_MS
};

/* As `now`: do not look at timestamps (replaying a stored notice, published vectors). */
#define SIGNATURE_ANY_TIME ((wall_t){INT64_MIN})

/* Further apart than SIGNATURE_SKEW_MS, either way?  Never for SIGNATURE_ANY_TIME. */
bool signature_is_stale(wall_t signed_at, wall_t now);

/* Is `hex` (either case) the text of these bytes?  Takes the same time wherever they differ. */
bool signature_matches_hex(const uint8_t *mac, size_t n, struct str hex);
/* Are two secrets equal?  Takes the same time whatever their lengths. */
bool signature_secret_eq(struct str a, struct str b);

/*
 * The order in which JavaScript lists the keys of an object that was filled in sorted
 * order: first those that are array indices ("0" to "4294967294") by number, then the
 * rest by UTF-16 code unit.  For keys of ASCII letters that is plain byte order.
 * Below 0, 0 or above 0.
 */
int signature_compare_keys(struct str a, struct str b);
bool signature_is_index_key(struct str key);

/* ---- payOS ---- */

/* A string k=v&k=v… that is being signed.  Give the keys in signature_compare_keys order. */
struct signature_pairs {
    struct dx_hmac hmac;
    bool encode; /* as encodeURIComponent: for payouts */
    bool any;    /* an '&' is due before the next key */
};
void signature_pairs_init(struct signature_pairs *pairs, struct str key, bool encode);
void signature_pairs_key(struct signature_pairs *pairs, struct str name);
/* A part of the value of the last key; values may come in pieces, an empty one in none. */
void signature_pairs_value(struct signature_pairs *pairs, struct str part);
void signature_pairs_final(struct signature_pairs *pairs, uint8_t out[SHA256_SIZE]);

/* `signature` of POST /v2/payment-requests.  Order and spelling of the fields are payOS'. */
struct signature_payos_request {
    int64_t amount_vnd;
    int64_t order_code;
    struct str description; /* 9 characters when the account is not linked through payOS */
    struct str cancel_url, return_url;
};
void signature_payos_request(struct str key, const struct signature_payos_request *request,
                             char out[SIGNATURE_HEX256_CAP]);

/* ---- SePay ---- */

/*
 * `timestamp` and `signature` are the values of X-SePay-Timestamp (seconds) and
 * X-SePay-Signature; `body` the bytes as they came.  0, DX_E_FORMAT, DX_E_CHECK,
 * DX_E_STALE (the signature is right, the clock is not), DX_E_INVAL for an empty key.
 */
DX_MUST_USE int signature_sepay_check(struct str key, struct str timestamp, struct str signature,
                                      struct str body, wall_t now);
/* What SePay would send: "sha256=" and 64 digits. */
void signature_sepay_make(struct str key, int64_t timestamp_s, struct str body,
                          char out[7 + SIGNATURE_HEX256_CAP]);
/* The value of Authorization.  0, DX_E_FORMAT (another scheme), DX_E_CHECK, DX_E_INVAL. */
DX_MUST_USE int signature_sepay_apikey_check(struct str key, struct str authorization);

/* ---- Casso ---- */

struct signature_casso {
    struct str timestamp; /* as written: it is signed as written */
    wall_t signed_at;
    uint8_t mac[SHA512_SIZE];
};
/* The value of X-Casso-Signature: t and v1, once each, any order; others are ignored. */
DX_MUST_USE int signature_casso_read(struct str header, struct signature_casso *ret);
/* Start the HMAC with "TIMESTAMP."; the canonical JSON follows. */
void signature_casso_init(struct dx_hmac *hmac, struct str key, struct str timestamp);
/* The value of secure-token.  0, DX_E_CHECK, DX_E_INVAL. */
DX_MUST_USE int signature_casso_token_check(struct str key, struct str token);

#endif
