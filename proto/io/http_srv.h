/*
 * http_srv.h - HTTP for pages, APIs, camera pushes and webhooks, over libmicrohttpd.
 *
 * One listener, one internal thread with epoll; handlers run in that thread, so
 * they answer from memory or a read-only database handle, or wait for the loop
 * thread a bounded time.  The library's header appears in http_srv.c only.
 *
 * Limits: a body of body_max bytes (413 beyond), 64 header fields looked at,
 * idle connections closed after 30 s, at most connection_max at once.
 * Server-sent events: a handler answers with http_stream(), and anyone may then
 * http_push() to all streams of a channel, from any thread; a comment line every
 * 15 s keeps proxies awake.  A client too slow for 64 KiB of events is cut off
 * and comes back by itself (EventSource does).
 */
#ifndef DOXE_IO_HTTP_SRV_H
#define DOXE_IO_HTTP_SRV_H

#include "proto/base/str.h"

struct http_srv;
struct http_response;

enum http_method { HTTP_GET, HTTP_POST, HTTP_OTHER };

struct http_request {
    enum http_method method; /* HEAD comes as HTTP_GET */
    struct str path;         /* decoded, starts with '/', no "..", no NUL */
    struct str body;
    const char *peer;        /* numeric address */
    void *connection;        /* for the accessors below */
};

struct http_config {
    const char *listen; /* "127.0.0.1:8080"; port 0 takes a free one (http_srv_port) */
    size_t body_max;
    int connection_max;
    void *context;
    /* Fills the response by exactly one of the http_… answer calls below. */
    void (*handle)(void *context, const struct http_request *request, struct http_response *response);
};

/* DX_E_CONFIG: no address; DX_E_IO: the port is taken. */
DX_MUST_USE int http_srv_start(const struct http_config *config, struct http_srv **ret_srv);
void http_srv_stop(struct http_srv *srv);
int http_srv_port(const struct http_srv *srv);

/* Header field without case, query argument decoded, cookie; n = 0 and p = NULL when absent. */
struct str http_header(const struct http_request *request, const char *name);
struct str http_query(const struct http_request *request, const char *name);
struct str http_cookie(const struct http_request *request, const char *name);
/* Value of an application/x-www-form-urlencoded field of the body, decoded into `space`. */
DX_MUST_USE int http_form(const struct http_request *request, const char *name, char *space,
                          size_t cap, struct str *ret_value);

/* The answer.  Bodies are copied.  Security headers (CSP, nosniff, frame, referrer) are added to all. */
void http_answer(struct http_response *response, int status, const char *content_type, struct str body);
void http_answer_header(struct http_response *response, const char *name, const char *value);
void http_answer_json(struct http_response *response, int status, struct str json);
/* {"error": name, "message": sentence} with that status. */
void http_answer_error(struct http_response *response, int status, const char *error, const char *message);
/* A file from disk below `root`, type by ending, with ETag and 304; 404 when missing or outside. */
void http_answer_file(struct http_response *response, const struct http_request *request,
                      const char *root, struct str relative);
void http_redirect(struct http_response *response, const char *location);
/* Server-sent events on a channel (text of up to 63 bytes); `first` is sent at once when not empty. */
void http_stream(struct http_response *response, const char *channel, const char *event, struct str first);
/* To every stream of the channel; a channel ending in '*' in http_push matches by prefix. */
void http_push(struct http_srv *srv, const char *channel, const char *event, struct str data);

#endif
