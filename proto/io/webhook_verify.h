/*
 * webhook_verify.h - did this notice really come from the payment provider?
 *
 * Called with what an HTTP server received, before anything in it is believed.
 * The strings that are signed are described in proto/signature.h; here the JSON
 * of payOS and Casso is put into the order in which their JavaScript signed it.
 *
 *   payOS   the body's "signature" covers "data" only.  The outer code, desc and
 *           success are NOT signed: believe data.code ("00" is paid), nothing else.
 *           There is no timestamp: a replay is stopped by the provider's reference.
 *   SePay   X-SePay-Signature and X-SePay-Timestamp over the bytes of the body, at
 *           most 5 minutes off; or, without that header, Authorization: Apikey KEY.
 *           A request that has the signature header is judged by it alone.
 *   Casso   X-Casso-Signature (V2) over the whole body, at most 5 minutes off;
 *           or, without that header, secure-token: KEY (V1), which covers nothing
 *           of the body: use it over TLS only.
 *
 * JSON with a key twice is refused, because a second reader might see the other
 * value; \uXXXX is decoded before signing; integers stay integers.
 *
 * Not here: what the notice says (server/bank), answering, storing.
 */
#ifndef DOXE_IO_WEBHOOK_VERIFY_H
#define DOXE_IO_WEBHOOK_VERIFY_H

#include "proto/signature.h"

enum webhook_provider { WEBHOOK_PAYOS, WEBHOOK_SEPAY, WEBHOOK_CASSO, WEBHOOK_PROVIDER_COUNT };

/* As the HTTP server gives them; names are compared without case. */
struct webhook_header {
    struct str name, value;
};

/* What a check found out; texts are literals. */
struct webhook_verdict {
    const char *scheme; /* "payos", "sepay-hmac", "sepay-apikey", "casso-v2", "casso-v1" */
    const char *why;    /* a sentence, NULL when all is well */
    const char *where;  /* "key", a header's name, "body", "body.data", "body.signature" */
};

/* "payos", "sepay", "casso"; DX_E_NOT_FOUND. */
DX_MUST_USE int webhook_provider_from_name(struct str name, enum webhook_provider *ret_provider);

/*
 * 0: authentic.  DX_E_CHECK: forged, changed, or another key.  DX_E_STALE: authentic, but too
 * old or from the future.  DX_E_NOT_FOUND: there is no signature.  DX_E_FORMAT: the header or the
 * JSON is malformed, or a header is there twice.  DX_E_INVAL: the key is empty.  DX_E_RANGE,
 * DX_E_MEMORY as jdoc_read.
 *
 * `now` is the real clock in a server; SIGNATURE_ANY_TIME leaves the timestamps alone.
 * *ret_why (may be NULL) is set on failure, to a sentence without secrets.
 */
DX_MUST_USE int webhook_verify(enum webhook_provider provider, struct str key,
                               const struct webhook_header *headers, int count, struct str body,
                               wall_t now, const char **ret_why);
/* The same; *verdict is set in every case. */
DX_MUST_USE int webhook_check(enum webhook_provider provider, struct str key,
                              const struct webhook_header *headers, int count, struct str body,
                              wall_t now, struct webhook_verdict *verdict);

/*
 * payOS' signature of the "data" member of `body`: its webhooks, and its answers to requests.
 * DX_E_FORMAT: no JSON, no object "data", or an array with null in it (the SDK fails on those).
 */
DX_MUST_USE int webhook_sign_payos(struct str key, struct str body,
                                   char ret_hex[SIGNATURE_HEX256_CAP]);
/* The x-signature header of POST /v1/payouts for a JSON body. */
DX_MUST_USE int webhook_sign_payos_payout(struct str key, struct str body,
                                          char ret_hex[SIGNATURE_HEX256_CAP]);
/* v1 of X-Casso-Signature for t=`timestamp_ms`. */
DX_MUST_USE int webhook_sign_casso(struct str key, int64_t timestamp_ms, struct str body,
                                   char ret_hex[SIGNATURE_HEX512_CAP]);

#endif
