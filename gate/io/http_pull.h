/*
 * http_pull.h - the gate as HTTP client of its cameras, over libcurl: one request at a time.
 *
 * Login by HTTP digest (RFC 7616) only: Basic would send a camera's password in the clear to
 * whoever answers at its address.  https is always verified.  No redirects, no proxy, HTTP
 * only.  An answer goes to `on_bytes` piece by piece, so one without an end (an event stream)
 * is as good as a short one; it ends when `on_bytes` says so, when nothing came for
 * silence_ms, or by http_pull_stop from another thread.
 *
 * The only file of doxe-gate that sees curl.
 */
#ifndef DOXE_GATE_IO_HTTP_PULL_H
#define DOXE_GATE_IO_HTTP_PULL_H

#include "proto/base/str.h"

struct http_pull;

struct http_pull_request {
    const char *url;
    const char *user, *password; /* user "" or NULL: no login */
    const char *ca;              /* PEM file; "" or NULL: the system's */
    struct str body;             /* n > 0: a POST */
    const char *content_type;    /* of the body */
    int connect_ms;
    int silence_ms; /* without a byte, from connected on */
    void *context;
    /* False ends the request (DX_E_STATE).  `content_type` is the answer's; status is 200. */
    bool (*on_bytes)(void *context, struct str content_type, struct str bytes);
};

/* DX_E_MEMORY; DX_E_CONFIG: libcurl is not installed (it is loaded here, not before). */
DX_MUST_USE int http_pull_new(struct http_pull **ret_pull);
/* Nobody may be in http_pull_run.  NULL is fine. */
void http_pull_free(struct http_pull *pull);
/*
 * Until the answer has ended.  0: status 200 and all of it; DX_E_LINK: no connection, cut, or
 * silent; DX_E_DENIED: 401 or 403; DX_E_IO: another status; DX_E_STATE: on_bytes or
 * http_pull_stop has ended it.  `why` (of `cap` bytes) says it in words for a log.
 */
DX_MUST_USE int http_pull_run(struct http_pull *pull, const struct http_pull_request *request,
                              char *why, size_t cap);
/* From any thread: ends what runs, and what would be started later. */
void http_pull_stop(struct http_pull *pull);
bool http_pull_is_stopped(const struct http_pull *pull);
/* Waits so long, less when http_pull_stop comes: false. */
bool http_pull_wait(struct http_pull *pull, int ms);

#endif
