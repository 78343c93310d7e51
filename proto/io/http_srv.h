/*
 * http_srv.h - HTTP for pages, APIs, camera pushes and webhooks, over libmicrohttpd.
 *
 * One listener, one internal thread with epoll; handlers run in that thread, so
 * they answer from memory or a read-only database handle, or wait for the loop
 * thread a bounded time.  The library's header appears in http_srv.c only.
 *
 * Limits, all enforced before a handler sees anything: a body of body_max bytes
 * (413 beyond), 64 header fields (431), 512 bytes of path (414), at most
 * connection_max connections, 30 s without a byte, 60 s for a whole request body.
 * A path is decoded once; what two readers could understand differently ("..",
 * "//", an escaped '/', NUL, '\') is 400: see http_text.h.  Several
 * Content-Length fields, or one beside Transfer-Encoding, are 400 as well (RFC
 * 9112 6.3).
 *
 * Server-sent events: a handler answers with http_stream(), and anyone may then
 * http_push() to all streams of a channel, from any thread; a comment line every
 * 15 s keeps proxies awake.  A client too slow for 64 KiB of events is cut off
 * and comes back by itself (EventSource does).  Streams take at most three
 * quarters of connection_max; the next one gets 503, so that pages still answer.
 *
 * Not here: who may ask what (server/api/auth.h), routes (server/api/router.h).
 */
#ifndef DOXE_IO_HTTP_SRV_H
#define DOXE_IO_HTTP_SRV_H

#include "proto/base/str.h"

enum {
    HTTP_HEADERS_MAX = 64,
    HTTP_ANSWER_HEADERS_MAX = 12,
    HTTP_CHANNEL_CAP = 64,
    HTTP_STREAM_QUEUE_MAX = 64 * 1024,
    HTTP_KEEP_ALIVE_MS = 15 * 1000,
    HTTP_LARGE_MAX = 2 /* large bodies on their way at a time; the next is 503 */
};

struct http_srv;
struct http_response;

enum http_method { HTTP_GET, HTTP_POST, HTTP_OTHER };

/* Lives for the call of `handle`; everything in it is borrowed. */
struct http_request {
    enum http_method method; /* HEAD comes as HTTP_GET */
    struct str path;         /* decoded, starts with '/', no "..", no NUL */
    struct str body;
    const char *peer; /* numeric address of the other end of the socket */
    void *connection; /* for the accessors below */
};

struct http_config {
    const char *listen; /* "127.0.0.1:8080"; port 0 takes a free one (http_srv_port) */
    size_t body_max;
    /* Files: up to large_max where this says so, by path and header fields.  NULL: nowhere. */
    size_t large_max;
    bool (*may_be_large)(void *context, const struct http_request *head);
    int connection_max;             /* 8 … */
    const char *tls_cert, *tls_key; /* PEM files; both NULL: no TLS */
    int keep_alive_ms;              /* comment lines on streams; 0: HTTP_KEEP_ALIVE_MS */
    void *context;
    /* Fills the response by exactly one of the http_… answer calls below. */
    void (*handle)(void *context, const struct http_request *request,
                   struct http_response *response);
};

/* DX_E_CONFIG: no address, or a PEM file that cannot be read; DX_E_IO: the port is taken. */
DX_MUST_USE int http_srv_start(const struct http_config *config, struct http_srv **ret_srv);
/*
 * Ends all streams, waits for the handler that runs, and frees.  Nobody may
 * call http_push any more when this is called.  NULL is fine.
 */
void http_srv_stop(struct http_srv *srv);
int http_srv_port(const struct http_srv *srv);
/* Streams open now; a reading for metrics and tests. */
int http_srv_streams(struct http_srv *srv);

/* Header field without case, query argument decoded, cookie; n = 0 and p = NULL when absent. */
struct str http_header(const struct http_request *request, const char *name);
struct str http_query(const struct http_request *request, const char *name);
struct str http_cookie(const struct http_request *request, const char *name);
/* Value of an application/x-www-form-urlencoded field of the body, decoded into `space`. */
DX_MUST_USE int http_form(const struct http_request *request, const char *name, char *space,
                          size_t cap, struct str *ret_value);

/*
 * The answer.  Bodies are copied.  Security headers (CSP, nosniff, frame, referrer)
 * and "Cache-Control: no-store" are added unless http_answer_header gave the
 * field another value; it may be called before or after the answer call.
 */
void http_answer(struct http_response *response, int status, const char *content_type,
                 struct str body);
void http_answer_header(struct http_response *response, const char *name, const char *value);
void http_answer_json(struct http_response *response, int status, struct str json);
/* {"error": name, "message": sentence} with that status. */
void http_answer_error(struct http_response *response, int status, const char *error,
                       const char *message);
/*
 * A file from disk below `root`, type by ending, with ETag and 304; 404 when
 * missing or outside.  `relative` has no leading '/'.  Links are followed:
 * Debian's javascript folders are made of them.
 */
void http_answer_file(struct http_response *response, const struct http_request *request,
                      const char *root, struct str relative);
/* The same with ETag and 304 for text of the program itself; `etag` is its version in quotes. */
void http_answer_cached(struct http_response *response, const struct http_request *request,
                        const char *content_type, const char *etag, struct str body);
/* 303: go there with GET. */
void http_redirect(struct http_response *response, const char *location);
/*
 * Server-sent events on a channel (text of up to 63 bytes).  An event named
 * `event` with `first` is sent at once; the stream is registered before it goes
 * out, so a client that reads the state after this event misses no push.
 */
void http_stream(struct http_response *response, const char *channel, const char *event,
                 struct str first);
/*
 * To every stream of the channel; a channel ending in '*' matches by prefix.  Any
 * thread; never waits for a client.  `data` is UTF-8; each of its lines becomes a
 * data line (WHATWG HTML 9.2).
 */
void http_push(struct http_srv *srv, const char *channel, const char *event, struct str data);

#endif
