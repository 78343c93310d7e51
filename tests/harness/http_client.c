#include "tests/harness/http_client.h"

#include "tests/harness/harness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int http_client_connect(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval limit = {.tv_sec = 10};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    ok(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit));
    ok(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit));
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        fail_msg("cannot connect to port %d: %s", port, strerror(errno));
    }
    return fd;
}

void http_client_send(int fd, const char *bytes, size_t n)
{
    while (n) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent <= 0) {
            return; /* the other end may refuse the rest: the reply tells */
        }
        bytes += sent;
        n -= (size_t)sent;
    }
}

static char *read_all(int fd, size_t *ret_n)
{
    size_t cap = 64 * 1024;
    size_t n = 0;
    char *bytes = malloc(cap);
    for (;;) {
        assert_non_null(bytes);
        ssize_t got = recv(fd, bytes + n, cap - n - 1, 0);
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            fail_msg("no end of the reply within the limit; so far: %.*s", (int)n, bytes);
        }
        if (got <= 0) {
            break;
        }
        n += (size_t)got;
        if (n + 1 == cap) {
            cap *= 2;
            bytes = realloc(bytes, cap);
        }
    }
    bytes[n] = '\0';
    *ret_n = n;
    return bytes;
}

static void join_chunks(struct http_reply *reply)
{
    char *from = reply->body;
    char *to = reply->body;
    char *end = reply->body + reply->body_n;
    for (;;) {
        char *line = memchr(from, '\n', (size_t)(end - from));
        size_t n = (size_t)strtoul(from, NULL, 16);
        if (!line || n == 0 || n > (size_t)(end - line - 1)) {
            break;
        }
        memmove(to, line + 1, n);
        to += n;
        from = line + 1 + n + 2;
        if (from >= end) {
            break;
        }
    }
    *to = '\0';
    reply->body_n = (size_t)(to - reply->body);
}

struct http_reply http_client_read(int fd)
{
    struct http_reply reply = {0};
    size_t n = 0;
    char *bytes = read_all(fd, &n);
    close(fd);
    char *gap = strstr(bytes, "\r\n\r\n");
    if (!gap || sscanf(bytes, "HTTP/1.%*c %d", &reply.status) != 1) {
        free(bytes);
        return reply;
    }
    gap[2] = '\0';
    reply.head = bytes;
    reply.body_n = n - (size_t)(gap + 4 - bytes);
    reply.body = malloc(reply.body_n + 1);
    assert_non_null(reply.body);
    memcpy(reply.body, gap + 4, reply.body_n);
    reply.body[reply.body_n] = '\0';
    char *encoding = http_reply_header(&reply, "Transfer-Encoding");
    if (encoding) {
        join_chunks(&reply);
    }
    free(encoding);
    return reply;
}

void http_reply_free(struct http_reply *reply)
{
    free(reply->head);
    free(reply->body);
    memset(reply, 0, sizeof *reply);
}

char *http_reply_header(const struct http_reply *reply, const char *name)
{
    size_t n = strlen(name);
    for (const char *line = reply->head; line && *line; line = strchr(line, '\n') + 1) {
        if (strncasecmp(line, name, n) == 0 && line[n] == ':') {
            const char *value = line + n + 1 + strspn(line + n + 1, " ");
            return strndup(value, strcspn(value, "\r\n"));
        }
    }
    return NULL;
}

struct http_reply http_client_ask(int port, const char *method, const char *target,
                                  const char *fields, const char *body)
{
    size_t cap = 1024 + strlen(target) + strlen(fields) + (body ? strlen(body) : 0);
    char *text = malloc(cap);
    assert_non_null(text);
    int n = snprintf(text, cap, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n%s",
                     method, target, port, fields);
    if (body) {
        n += snprintf(text + n, cap - (size_t)n, "Content-Length: %zu\r\n", strlen(body));
    }
    n += snprintf(text + n, cap - (size_t)n, "\r\n%s", body ? body : "");
    assert_true((size_t)n < cap);
    int fd = http_client_connect(port);
    http_client_send(fd, text, (size_t)n);
    free(text);
    return http_client_read(fd);
}

void http_client_expect(int fd, const char *text)
{
    /* A window over the stream: wide enough for any text a test looks for. */
    char window[16 * 1024] = "";
    size_t n = 0;
    while (!strstr(window, text)) {
        if (n > sizeof window / 2) {
            memmove(window, window + n / 2, n - n / 2);
            n -= n / 2;
        }
        /* One byte at a time, so that what follows is left for the next call. */
        ssize_t got = recv(fd, window + n, 1, 0);
        if (got <= 0) {
            fail_msg("did not see \"%s\"; the end is: %s", text, window);
        }
        n += (size_t)got;
        window[n] = '\0';
    }
}

bool http_client_is_closed(int fd)
{
    char bytes[4096];
    for (;;) {
        ssize_t got = recv(fd, bytes, sizeof bytes, 0);
        if (got == 0 || (got < 0 && errno == ECONNRESET)) {
            return true;
        }
        if (got < 0) {
            return false;
        }
    }
}
