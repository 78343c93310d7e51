/*
 * http_client.h - a plain HTTP/1.1 client over a real socket, for tests that need to be rude.
 *
 * It sends exactly the bytes it is given, and reads with a deadline, never by
 * waiting a fixed time.  Any failure of the transport fails the test.
 */
#ifndef DOXE_TESTS_HTTP_CLIENT_H
#define DOXE_TESTS_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

struct http_reply {
    int status; /* 0: the other end closed without an answer */
    char *head; /* status line and fields, with NUL */
    char *body; /* chunks put together, with NUL */
    size_t body_n;
};

/* Connected to 127.0.0.1:port, with a 10 s limit on every read. */
int http_client_connect(int port);
void http_client_send(int fd, const char *bytes, size_t n);
/* Reads one whole reply of a request sent with "Connection: close"; closes fd. */
struct http_reply http_client_read(int fd);
void http_reply_free(struct http_reply *reply);
/* Value of a header field, in new memory (free it); NULL when absent. */
char *http_reply_header(const struct http_reply *reply, const char *name);

/*
 * One request.  `fields` is "" or whole header lines with "\r\n"; with a body
 * that is not NULL Content-Length is added.
 */
struct http_reply http_client_ask(int port, const char *method, const char *target,
                                  const char *fields, const char *body);
/* Reads until `text` has been seen in what came so far, or fails the test after 10 s. */
void http_client_expect(int fd, const char *text);
/* Has the other end closed?  Reads and drops what is left, up to the limit. */
bool http_client_is_closed(int fd);

#endif
