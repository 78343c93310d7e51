/*
 * http_client.h - the street's HTTP requests: a bounded pool of workers over libcurl.
 *
 * The loop thread hands a request over and gets the answer as a call in a
 * worker's thread, which must only put it into a mailbox.  Nothing is retried
 * here: who wants to try again knows why (a camera, a bank, a driver).
 *
 * The only file of doxe-sim that sees curl.
 */
#ifndef DOXE_SIM_HTTP_CLIENT_H
#define DOXE_SIM_HTTP_CLIENT_H

#include "proto/base/str.h"

enum {
    HTTP_CLIENT_URL_CAP = 512,
    HTTP_CLIENT_HEADER_CAP = 200,
    HTTP_CLIENT_HEADERS = 3,
    HTTP_CLIENT_QUEUE = 256,
    HTTP_CLIENT_ANSWER_MAX = 16 << 20 /* longer answers are cut off and count as none */
};

struct http_client;

/* A GET, or a POST when there is a body.  Copied; the body's bytes too. */
struct http_call {
    int tag;         /* the caller's: what it is about */
    int64_t subject; /* … and whom */
    char url[HTTP_CLIENT_URL_CAP];
    char header[HTTP_CLIENT_HEADERS][HTTP_CLIENT_HEADER_CAP]; /* "Name: value"; "" none */
    const char *user; /* "name:password" for HTTP Basic, or NULL; must outlive the client */
    struct str body;
    bool post; /* a POST even with an empty body */
    int timeout_ms;
};

struct http_answer {
    int tag;
    int64_t subject;
    int status; /* 0: no answer at all */
    char *body; /* ended with NUL, never NULL; the receiver frees it */
    size_t size;
};

/* `on_answer` is called in a worker's thread.  DX_E_MEMORY, DX_E_IO. */
DX_MUST_USE int http_client_start(int workers, void *context,
                                  void (*on_answer)(void *context, struct http_answer *answer),
                                  struct http_client **ret_client);
/* Lets what is under way end (at most its time-outs), forgets what waits.  NULL is fine. */
void http_client_stop(struct http_client *client);
/* DX_E_FULL, DX_E_MEMORY: nothing will be answered. */
DX_MUST_USE int http_client_call(struct http_client *client, const struct http_call *call);

#endif
