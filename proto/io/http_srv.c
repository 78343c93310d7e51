#include "proto/io/http_srv.h"

#include "proto/base/check.h"
#include "proto/base/out.h"
#include "proto/io/clock_os.h"
#include "proto/io/http_text.h"
#include "proto/io/log.h"
#include "proto/io/sse.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <sys/stat.h>

enum {
    DRAIN_MAX = 256 * 1024, /* an oversized body up to this is read before the 413, so it arrives */
    REQUEST_MS_MAX = 60 * 1000,
    LARGE_MS_MAX = 10 * 60 * 1000,
    IDLE_S = 30,
    HEADER_NAME_CAP = 40,
    HEADER_VALUE_CAP = 512,
    SMALL_TEXT_CAP = 1024
};

/* One client of server-sent events.  All members are guarded by the server's lock. */
struct stream {
    struct http_srv *srv;
    struct stream *next, *before;
    struct MHD_Connection *connection;
    char channel[HTTP_CHANNEL_CAP];
    struct sse_queue queue;
    bool suspended; /* the library does not look at the connection until it is resumed */
    bool cut;       /* the queue ran over, or there was no memory */
};

struct http_srv {
    struct http_config config;
    struct MHD_Daemon *daemon;
    int port;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t ticker;
    struct stream *streams;
    int stream_count;
    bool stopping;
    int large; /* bodies on their way; the library's thread's */
};

struct answer_header {
    char name[HEADER_NAME_CAP];
    char value[HEADER_VALUE_CAP];
};

struct http_response {
    struct http_srv *srv;
    struct MHD_Connection *connection;
    struct MHD_Response *mhd;
    int status;
    int header_count;
    struct answer_header header[HTTP_ANSWER_HEADERS_MAX];
};

/* One request, from its first line to its end. */
struct exchange {
    struct http_srv *srv;
    char path_space[HTTP_PATH_CAP];
    struct str path;
    int path_error;
    bool begun;
    bool too_large, is_large;
    size_t body_max;
    mono_t since;
    char *body;
    size_t n, cap;
    size_t drained;
    char peer[INET6_ADDRSTRLEN];
};

/* ---- looking at a request ---- */

static struct str lookup(const struct http_request *request, enum MHD_ValueKind kind,
                         const char *name)
{
    const char *value = NULL;
    size_t n = 0;
    if (MHD_lookup_connection_value_n(request->connection, kind, name, strlen(name), &value, &n) !=
            MHD_YES ||
        !value) {
        return (struct str){0};
    }
    return (struct str){value, n};
}

struct str http_header(const struct http_request *request, const char *name)
{
    return lookup(request, MHD_HEADER_KIND, name);
}

struct str http_query(const struct http_request *request, const char *name)
{
    return lookup(request, MHD_GET_ARGUMENT_KIND, name);
}

struct str http_cookie(const struct http_request *request, const char *name)
{
    return lookup(request, MHD_COOKIE_KIND, name);
}

int http_form(const struct http_request *request, const char *name, char *space, size_t cap,
              struct str *ret_value)
{
    return http_form_value(request->body, name, space, cap, ret_value);
}

/* ---- answering ---- */

static void set_answer(struct http_response *response, int status, struct MHD_Response *mhd)
{
    must(!response->mhd); /* exactly one answer */
    response->status = status;
    response->mhd = mhd;
}

void http_answer_header(struct http_response *response, const char *name, const char *value)
{
    must(response->header_count < HTTP_ANSWER_HEADERS_MAX);
    struct answer_header *header = &response->header[response->header_count++];
    must(str_copy(header->name, sizeof header->name, str_c(name)) == 0);
    must(str_copy(header->value, sizeof header->value, str_c(value)) == 0);
    /* A line break would let a value write headers of its own. */
    must(strpbrk(value, "\r\n") == NULL);
}

static bool has_answer_header(const struct http_response *response, const char *name)
{
    for (int i = 0; i < response->header_count; i++) {
        if (strcasecmp(response->header[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void answer_header_default(struct http_response *response, const char *name,
                                  const char *value)
{
    if (!has_answer_header(response, name)) {
        http_answer_header(response, name, value);
    }
}

void http_answer(struct http_response *response, int status, const char *content_type,
                 struct str body)
{
    /* The library copies; its parameter is only for history not const. */
    union {
        const char *in;
        void *out;
    } bytes = {.in = body.n ? body.p : ""};
    set_answer(response, status,
               MHD_create_response_from_buffer(body.n, bytes.out, MHD_RESPMEM_MUST_COPY));
    answer_header_default(response, "Content-Type", content_type);
}

void http_answer_json(struct http_response *response, int status, struct str json)
{
    http_answer(response, status, "application/json", json);
}

void http_answer_error(struct http_response *response, int status, const char *error,
                       const char *message)
{
    char space[SMALL_TEXT_CAP];
    struct out out;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_c(&out, "error", error);
    json_c(&out, "message", message);
    json_object_end(&out);
    http_answer_json(response, status, out_failed(&out) ? STR("{}") : out_str(&out));
}

void http_redirect(struct http_response *response, const char *location)
{
    http_answer_header(response, "Location", location);
    http_answer(response, MHD_HTTP_SEE_OTHER, "text/plain; charset=utf-8", STR(""));
}

/* True when the client has this version already, and then the 304 is given. */
static bool answered_not_modified(struct http_response *response,
                                  const struct http_request *request, const char *etag)
{
    http_answer_header(response, "ETag", etag);
    answer_header_default(response, "Cache-Control", "no-cache");
    struct str known = http_header(request, "If-None-Match");
    if (!str_eq_c(known, etag)) {
        return false;
    }
    http_answer(response, MHD_HTTP_NOT_MODIFIED, "text/plain; charset=utf-8", STR(""));
    return true;
}

void http_answer_cached(struct http_response *response, const struct http_request *request,
                        const char *content_type, const char *etag, struct str body)
{
    if (!answered_not_modified(response, request, etag)) {
        http_answer(response, MHD_HTTP_OK, content_type, body);
    }
}

/* Opens root/relative when it is a plain file; -1 otherwise. */
static int open_below(const char *root, struct str relative, struct stat *ret_info)
{
    char path[1024];
    char checked[HTTP_PATH_CAP];
    struct str unused;
    char target[HTTP_PATH_CAP + 1];
    int n = snprintf(target, sizeof target, "/%.*s", (int)relative.n, relative.p);
    /* The same rules as for a request's path, whatever the caller has checked before. */
    if (n < 0 || (size_t)n >= sizeof target || str_index(relative, '%') < relative.n ||
        str_index(relative, '?') < relative.n ||
        http_path_decode(str_c(target), checked, sizeof checked, &unused)) {
        return -1;
    }
    n = snprintf(path, sizeof path, "%s%s", root, target);
    if (n < 0 || (size_t)n >= sizeof path) {
        return -1;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd >= 0 && (fstat(fd, ret_info) != 0 || !S_ISREG(ret_info->st_mode))) {
        close(fd);
        fd = -1;
    }
    return fd;
}

void http_answer_file(struct http_response *response, const struct http_request *request,
                      const char *root, struct str relative)
{
    struct stat info = {0};
    char etag[64];
    int fd = open_below(root, relative, &info);
    if (fd < 0) {
        http_answer_error(response, MHD_HTTP_NOT_FOUND, "not_found", "there is no such file");
        return;
    }
    snprintf(etag, sizeof etag, "\"%llx-%llx\"", (unsigned long long)info.st_mtim.tv_sec,
             (unsigned long long)info.st_size);
    if (answered_not_modified(response, request, etag)) {
        close(fd);
        return;
    }
    /* From here on the library owns the descriptor. */
    struct MHD_Response *mhd = MHD_create_response_from_fd64((uint64_t)info.st_size, fd);
    if (!mhd) {
        close(fd);
    }
    set_answer(response, MHD_HTTP_OK, mhd);
    answer_header_default(response, "Content-Type", http_content_type(relative));
}

/* ---- server-sent events ---- */

/* Under the lock: makes the library call stream_read again. */
static void stream_wake(struct stream *stream)
{
    if (stream->suspended) {
        stream->suspended = false;
        MHD_resume_connection(stream->connection);
    }
}

/* Under the lock. */
static void stream_append(struct stream *stream, struct str text)
{
    /* No memory is answered like a client too slow: it is cut off and comes back. */
    stream->cut = stream->cut || sse_queue_append(&stream->queue, text, HTTP_STREAM_QUEUE_MAX) != 0;
    stream_wake(stream);
}

/* The library asks for bytes; with none to give the connection is suspended until a push. */
static ssize_t stream_read(void *context, uint64_t position, char *space, size_t max)
{
    struct stream *stream = context;
    (void)position;
    ssize_t result = 0;
    pthread_mutex_lock(&stream->srv->lock);
    if (stream->srv->stopping) {
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else if (stream->cut) {
        result = MHD_CONTENT_READER_END_WITH_ERROR;
    } else if (stream->queue.n == 0) {
        stream->suspended = true;
        MHD_suspend_connection(stream->connection);
    } else {
        result = (ssize_t)sse_queue_take(&stream->queue, space, max);
    }
    pthread_mutex_unlock(&stream->srv->lock);
    return result;
}

static void stream_free(void *context)
{
    struct stream *stream = context;
    struct http_srv *srv = stream->srv;
    pthread_mutex_lock(&srv->lock);
    must(!stream->suspended);
    if (stream->before) {
        stream->before->next = stream->next;
    } else {
        srv->streams = stream->next;
    }
    if (stream->next) {
        stream->next->before = stream->before;
    }
    srv->stream_count--;
    pthread_mutex_unlock(&srv->lock);
    sse_queue_fini(&stream->queue);
    free(stream);
}

/* A registered stream with its first event, or NULL when there is no room or no memory. */
static struct stream *stream_new(struct http_response *response, const char *channel,
                                 struct str first)
{
    struct http_srv *srv = response->srv;
    struct stream *stream = calloc(1, sizeof *stream);
    must(str_c(channel).n < HTTP_CHANNEL_CAP);
    pthread_mutex_lock(&srv->lock);
    bool full = srv->stopping || srv->stream_count >= srv->config.connection_max * 3 / 4;
    if (stream && !full) {
        stream->srv = srv;
        stream->connection = response->connection;
        str_copy_cut(stream->channel, sizeof stream->channel, str_c(channel));
        stream_append(stream, STR("retry: 2000\n\n"));
        stream_append(stream, first);
        stream->next = srv->streams;
        if (srv->streams) {
            srv->streams->before = stream;
        }
        srv->streams = stream;
        srv->stream_count++;
    } else {
        free(stream);
        stream = NULL;
    }
    pthread_mutex_unlock(&srv->lock);
    return stream;
}

void http_stream(struct http_response *response, const char *channel, const char *event,
                 struct str first)
{
    struct MHD_Response *mhd = NULL;
    char *text = NULL;
    size_t n = 0;
    if (sse_event_text(event, first, &text, &n) == 0) {
        struct stream *stream = stream_new(response, channel, (struct str){text, n});
        free(text);
        if (stream) {
            mhd = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, stream_read, stream,
                                                    stream_free);
        }
        if (stream && !mhd) {
            stream_free(stream);
        }
    }
    if (!mhd) {
        http_answer_header(response, "Retry-After", "10");
        http_answer_error(response, MHD_HTTP_SERVICE_UNAVAILABLE, "busy", "too many open streams");
        return;
    }
    set_answer(response, MHD_HTTP_OK, mhd);
    http_answer_header(response, "Content-Type", "text/event-stream");
    http_answer_header(response, "X-Accel-Buffering", "no"); /* nginx would collect the events */
}

static void append_to_all(struct http_srv *srv, const char *channel, struct str text)
{
    for (struct stream *stream = srv->streams; stream; stream = stream->next) {
        if (sse_channel_matches(channel, stream->channel)) {
            stream_append(stream, text);
        }
    }
}

void http_push(struct http_srv *srv, const char *channel, const char *event, struct str data)
{
    char *text = NULL;
    size_t n = 0;
    if (sse_event_text(event, data, &text, &n)) {
        return; /* no memory: as if the client had been away for a moment */
    }
    pthread_mutex_lock(&srv->lock);
    append_to_all(srv, channel, (struct str){text, n});
    pthread_mutex_unlock(&srv->lock);
    free(text);
}

int http_srv_streams(struct http_srv *srv)
{
    pthread_mutex_lock(&srv->lock);
    int count = srv->stream_count;
    pthread_mutex_unlock(&srv->lock);
    return count;
}

/*
 * Under the lock.  The library does not look at a suspended connection, so a
 * client that went away would hold its place until the next write fails.
 */
static void drop_dead_streams(struct http_srv *srv)
{
    for (struct stream *stream = srv->streams; stream; stream = stream->next) {
        char byte;
        const union MHD_ConnectionInfo *info =
            stream->suspended
                ? MHD_get_connection_info(stream->connection, MHD_CONNECTION_INFO_CONNECTION_FD)
                : NULL;
        if (info && recv(info->connect_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) {
            stream->cut = true;
            stream_wake(stream);
        }
    }
}

/* Once a second: dead clients; every keep_alive_ms: a comment line to each stream. */
static void *tick(void *context)
{
    struct http_srv *srv = context;
    int step_ms = srv->config.keep_alive_ms < 1000 ? srv->config.keep_alive_ms : 1000;
    int waited_ms = 0;
    pthread_mutex_lock(&srv->lock);
    while (!srv->stopping) {
        while (!srv->stopping && clock_cond_wait(&srv->wake, &srv->lock, step_ms)) {
        }
        waited_ms += step_ms;
        if (!srv->stopping) {
            drop_dead_streams(srv);
        }
        if (!srv->stopping && waited_ms >= srv->config.keep_alive_ms) {
            append_to_all(srv, "*", STR(":\n\n"));
            waited_ms = 0;
        }
    }
    pthread_mutex_unlock(&srv->lock);
    return NULL;
}

/* ---- the library's callbacks ---- */

static void log_library(void *context, const char *format, va_list arguments)
{
    char line[256];
    (void)context;
    /* The library's own words; it says a line for every stream that a client leaves. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    vsnprintf(line, sizeof line, format, arguments);
#pragma GCC diagnostic pop
    line[strcspn(line, "\r\n")] = '\0';
    log_debug("http.library", "text=\"%s\"", line);
}

/* First sight of a request: its target as it came, before anything is decoded. */
static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    (void)connection;
    struct exchange *x = calloc(1, sizeof *x);
    if (x) {
        x->srv = context;
        x->since = clock_mono();
        x->path_error =
            http_path_decode(str_c(target), x->path_space, sizeof x->path_space, &x->path);
    }
    return x;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **exchange,
                         enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)connection;
    (void)code;
    struct exchange *x = *exchange;
    if (x) {
        x->srv->large -= x->is_large;
        free(x->body);
        free(x);
        *exchange = NULL;
    }
}

static enum MHD_Result send_answer(struct http_response *response)
{
    static const char policy[] =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'";
    answer_header_default(response, "Content-Security-Policy", policy);
    answer_header_default(response, "X-Content-Type-Options", "nosniff");
    answer_header_default(response, "X-Frame-Options", "DENY");
    answer_header_default(response, "Referrer-Policy", "no-referrer");
    answer_header_default(response, "Cache-Control", "no-store");
    if (!response->mhd) {
        return MHD_NO; /* no memory: the connection is closed */
    }
    for (int i = 0; i < response->header_count; i++) {
        MHD_add_response_header(response->mhd, response->header[i].name, response->header[i].value);
    }
    enum MHD_Result result =
        MHD_queue_response(response->connection, (unsigned)response->status, response->mhd);
    MHD_destroy_response(response->mhd);
    return result;
}

static enum MHD_Result refuse(struct exchange *x, struct MHD_Connection *connection, int status,
                              const char *error, const char *message)
{
    struct http_response response = {.srv = x->srv, .connection = connection};
    http_answer_error(&response, status, error, message);
    return send_answer(&response);
}

struct header_census {
    int count, lengths, encodings;
};

static enum MHD_Result count_header(void *context, enum MHD_ValueKind kind, const char *name,
                                    const char *value)
{
    struct header_census *census = context;
    (void)kind;
    (void)value;
    census->count++;
    census->lengths += strcasecmp(name, "Content-Length") == 0;
    census->encodings += strcasecmp(name, "Transfer-Encoding") == 0;
    return MHD_YES;
}

static void read_peer(struct exchange *x, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    snprintf(x->peer, sizeof x->peer, "?");
    if (info && info->client_addr->sa_family == AF_INET) {
        struct sockaddr_in address;
        memcpy(&address, info->client_addr, sizeof address);
        inet_ntop(AF_INET, &address.sin_addr, x->peer, sizeof x->peer);
    } else if (info && info->client_addr->sa_family == AF_INET6) {
        struct sockaddr_in6 address;
        memcpy(&address, info->client_addr, sizeof address);
        inet_ntop(AF_INET6, &address.sin6_addr, x->peer, sizeof x->peer);
    }
}

/* The headers are there, the body is not: what can be refused now is refused now. */
static enum http_method method_of(const char *method)
{
    if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0) {
        return HTTP_GET;
    }
    return strcmp(method, "POST") == 0 ? HTTP_POST : HTTP_OTHER;
}

/* Only what the configuration lets be large, and only so many at a time.  False: refused. */
static bool take_size(struct exchange *x, struct MHD_Connection *connection, const char *method)
{
    struct http_srv *srv = x->srv;
    const struct http_request head = {
        .method = method_of(method), .path = x->path, .peer = x->peer, .connection = connection};
    x->body_max = srv->config.body_max;
    if (!srv->config.may_be_large || !srv->config.may_be_large(srv->config.context, &head)) {
        return true;
    }
    if (srv->large == HTTP_LARGE_MAX) {
        return false;
    }
    srv->large++;
    x->is_large = true;
    x->body_max = srv->config.large_max;
    return true;
}

static enum MHD_Result begin(struct exchange *x, struct MHD_Connection *connection,
                             const char *method)
{
    struct header_census census = {0};
    read_peer(x, connection);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, count_header, &census);
    if (census.count > HTTP_HEADERS_MAX) {
        return refuse(x, connection, 431, "too_many_headers", "more header fields than allowed");
    }
    if (census.lengths + census.encodings > 1) {
        return refuse(x, connection, 400, "bad_request", "the length of the body is ambiguous");
    }
    if (x->path_error == DX_E_SPACE) {
        return refuse(x, connection, 414, "path_too_long", "the path is longer than allowed");
    }
    if (x->path_error) {
        return refuse(x, connection, 400, "bad_path", "the path is not in its plain form");
    }
    const char *text = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
    int64_t length = 0;
    if (text && str_parse_i64(str_c(text), 0, INT64_MAX, &length)) {
        return refuse(x, connection, 400, "bad_request", "Content-Length is not a number");
    }
    if (!take_size(x, connection, method)) {
        return refuse(x, connection, 503, "busy", "other files are being sent; try again soon");
    }
    /* A little too large is read to its end first: an early close could lose the answer. */
    x->too_large = (uint64_t)length > x->body_max;
    if (x->too_large && length > DRAIN_MAX) {
        return refuse(x, connection, 413, "too_large", "the body is larger than allowed");
    }
    return MHD_YES;
}

/* MHD_NO closes the connection. */
static enum MHD_Result take_body(struct exchange *x, const char *bytes, size_t n)
{
    size_t body_max = x->body_max;
    if (mono_diff(clock_mono(), x->since) > (x->is_large ? LARGE_MS_MAX : REQUEST_MS_MAX)) {
        return MHD_NO;
    }
    if (x->too_large || n > body_max - x->n) {
        x->too_large = true;
        x->drained += n;
        return x->drained > DRAIN_MAX + body_max ? MHD_NO : MHD_YES;
    }
    if (x->n + n > x->cap) {
        size_t cap = x->cap ? x->cap : 4096;
        while (cap < x->n + n) {
            cap *= 2;
        }
        char *larger = realloc(x->body, cap);
        if (!larger) {
            return MHD_NO;
        }
        x->body = larger;
        x->cap = cap;
    }
    memcpy(x->body + x->n, bytes, n);
    x->n += n;
    return MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_n, void **exchange)
{
    struct http_srv *srv = context;
    struct exchange *x = *exchange;
    (void)url;
    (void)version;
    if (!x) {
        return MHD_NO;
    }
    if (!x->begun) {
        x->begun = true;
        return begin(x, connection, method);
    }
    if (*upload_n) {
        size_t n = *upload_n;
        *upload_n = 0;
        return take_body(x, upload, n);
    }
    if (x->too_large) {
        return refuse(x, connection, 413, "too_large", "the body is larger than allowed");
    }
    struct http_response response = {.srv = srv, .connection = connection};
    struct http_request request = {.method = method_of(method),
                                   .path = x->path,
                                   .body = {x->body, x->n},
                                   .peer = x->peer,
                                   .connection = connection};
    srv->config.handle(srv->config.context, &request, &response);
    return send_answer(&response);
}

/* ---- start and stop ---- */

/* The bytes of a small file with a NUL, or NULL. */
static char *read_pem(const char *path)
{
    enum { PEM_MAX = 64 * 1024 };
    FILE *file = path ? fopen(path, "rb") : NULL;
    char *text = file ? calloc(1, PEM_MAX + 1) : NULL;
    if (text && fread(text, 1, PEM_MAX, file) == 0) {
        free(text);
        text = NULL;
    }
    if (file) {
        fclose(file);
    }
    return text;
}

static int start_daemon(struct http_srv *srv, const struct sockaddr *address, const char *cert,
                        const char *key)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME |
                     MHD_USE_ERROR_LOG | (cert ? (unsigned)MHD_USE_TLS : 0) |
                     (address->sa_family == AF_INET6 ? (unsigned)MHD_USE_IPv6 : 0);
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_END, 0, NULL}, {MHD_OPTION_END, 0, NULL}, {MHD_OPTION_END, 0, NULL}};
    union {
        const char *in;
        void *out;
    } cert_text = {.in = cert}, key_text = {.in = key};
    if (cert) {
        tls[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, cert_text.out};
        tls[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, key_text.out};
    }
    srv->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, srv, MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL,
        MHD_OPTION_SOCK_ADDR, address, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, srv, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_S, MHD_OPTION_CONNECTION_LIMIT, (unsigned)srv->config.connection_max,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32 * 1024, MHD_OPTION_ARRAY, tls,
        MHD_OPTION_END);
    if (!srv->daemon) {
        return DX_E_IO;
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(srv->daemon, MHD_DAEMON_INFO_BIND_PORT);
    srv->port = info ? info->port : 0;
    return 0;
}

static int listen_on(struct http_srv *srv, const char *cert, const char *key)
{
    struct http_address parsed;
    int error = http_address_parse(srv->config.listen, &parsed);
    if (error) {
        return error;
    }
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)parsed.port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)parsed.port)};
    if (parsed.is_v6) {
        inet_pton(AF_INET6, parsed.host, &v6.sin6_addr);
        return start_daemon(srv, (const struct sockaddr *)&v6, cert, key);
    }
    inet_pton(AF_INET, parsed.host, &v4.sin_addr);
    return start_daemon(srv, (const struct sockaddr *)&v4, cert, key);
}

static void free_server(struct http_srv *srv)
{
    pthread_cond_destroy(&srv->wake);
    pthread_mutex_destroy(&srv->lock);
    free(srv);
}

int http_srv_start(const struct http_config *config, struct http_srv **ret_srv)
{
    must(config->handle && config->connection_max >= 8);
    struct http_srv *srv = calloc(1, sizeof *srv);
    if (!srv) {
        return DX_E_MEMORY;
    }
    clock_cond_init(&srv->wake);
    pthread_mutex_init(&srv->lock, NULL);
    srv->config = *config;
    if (srv->config.keep_alive_ms <= 0) {
        srv->config.keep_alive_ms = HTTP_KEEP_ALIVE_MS;
    }
    bool tls = config->tls_cert || config->tls_key;
    char *cert = read_pem(config->tls_cert);
    char *key = read_pem(config->tls_key);
    int error = tls && (!cert || !key) ? DX_E_CONFIG : 0;
    if (!error && pthread_create(&srv->ticker, NULL, tick, srv) != 0) {
        error = DX_E_IO;
    } else if (!error) {
        error = listen_on(srv, cert, key);
        if (error) {
            pthread_mutex_lock(&srv->lock);
            srv->stopping = true;
            pthread_cond_signal(&srv->wake);
            pthread_mutex_unlock(&srv->lock);
            pthread_join(srv->ticker, NULL);
        }
    }
    free(cert);
    free(key);
    if (error) {
        free_server(srv);
        return error;
    }
    *ret_srv = srv;
    return 0;
}

int http_srv_port(const struct http_srv *srv)
{
    return srv->port;
}

void http_srv_stop(struct http_srv *srv)
{
    if (!srv) {
        return;
    }
    pthread_mutex_lock(&srv->lock);
    srv->stopping = true;
    pthread_cond_signal(&srv->wake);
    /* The library must not be stopped while a connection is suspended. */
    for (struct stream *stream = srv->streams; stream; stream = stream->next) {
        stream_wake(stream);
    }
    pthread_mutex_unlock(&srv->lock);
    pthread_join(srv->ticker, NULL);
    MHD_stop_daemon(srv->daemon);
    must(srv->streams == NULL);
    free_server(srv);
}
