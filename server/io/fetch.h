/*
 * fetch.h - one HTTP request to a provider, and its answer; the only file of the server with curl.
 *
 * TLS certificates and names are checked, always.  Redirects are not followed: a
 * token must not travel on.  Only http and https.  It blocks, at most its time-out, so it
 * belongs into a thread of its own; fetch_stop ends what is under way from another thread.
 */
#ifndef DOXE_SERVER_FETCH_H
#define DOXE_SERVER_FETCH_H

#include "proto/base/str.h"

enum { FETCH_HEADERS_MAX = 4, FETCH_ANSWER_MAX = 1 << 20, FETCH_TIMEOUT_MS = 15000 };

struct fetch;

struct fetch_ask {
    const char *url;
    const char *header[FETCH_HEADERS_MAX]; /* "Name: value"; NULL none */
    struct str body;                       /* p NULL: a GET; else a POST of JSON */
    int timeout_ms;
};

struct fetch_answer {
    int status; /* 0: no answer */
    char *body; /* with NUL; never NULL; fetch_answer_free */
    size_t n;
    int64_t retry_after_ms; /* of Retry-After in seconds, or SePay v1's own field; 0 none */
    char why[96];           /* status 0: what was wrong with the line */
};

DX_MUST_USE int fetch_new(struct fetch **ret_fetch);
void fetch_free(struct fetch *fetch);
/* From any thread: what is under way ends soon without an answer, and so does all that follows. */
void fetch_stop(struct fetch *fetch);
/* DX_E_MEMORY; else 0, and *ret_answer is to be freed. */
DX_MUST_USE int fetch_ask(struct fetch *fetch, const struct fetch_ask *ask,
                          struct fetch_answer *ret_answer);
void fetch_answer_free(struct fetch_answer *answer);

#endif
