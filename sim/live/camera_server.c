#include "sim/live/camera_server.h"

#include "proto/base/check.h"
#include "proto/io/clock_os.h"
#include "proto/io/http_text.h"

#include <arpa/inet.h>
#include <microhttpd.h>

enum { REQUEST_CAP = 8192, PULL_MS = 500, SUBSCRIPTION_MS = 5000 };

static const char realm[] = "Login to camera";

struct channel {
    char bytes[CAMERA_QUEUE_CAP];
    size_t n;
    int readers;   /* streams open */
    mono_t pulled; /* the last PullMessages; 0: none since the last cut */
};

struct camera_server {
    struct camera_server_config config;
    struct MHD_Daemon *daemon;
    int port;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
    unsigned cuts; /* a stream of an earlier number ends */
    int requests;
    struct channel channel[CAMERA_CHANNELS];
};

struct stream {
    struct camera_server *server;
    struct channel *channel;
    unsigned cuts;
};

struct exchange {
    char body[REQUEST_CAP];
    size_t n;
};

/* Under the lock: waits for a wake-up, at most so long. */
static void wait_a_while(struct camera_server *s, int ms)
{
    (void)clock_cond_wait(&s->wake, &s->lock, ms);
}

static size_t take_bytes(struct channel *c, char *space, size_t max)
{
    size_t n = c->n < max ? c->n : max;
    memcpy(space, c->bytes, n);
    memmove(c->bytes, c->bytes + n, c->n - n);
    c->n -= n;
    return n;
}

/* ---- Dahua ---- */

static ssize_t read_stream(void *context, uint64_t position, char *space, size_t max)
{
    static const char beat[] =
        "--myboundary\r\nContent-Type: text/plain\r\nContent-Length:9\r\n\r\nHeartbeat\r\n";
    struct stream *stream = context;
    struct camera_server *s = stream->server;
    ssize_t result = 0;
    (void)position;
    pthread_mutex_lock(&s->lock);
    if (stream->channel->n == 0 && position > 0 && !s->stopping && s->cuts == stream->cuts) {
        wait_a_while(s, CAMERA_HEARTBEAT_MS);
    }
    if (s->stopping || s->cuts != stream->cuts) {
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else if (stream->channel->n) {
        result = (ssize_t)take_bytes(stream->channel, space, max);
    } else if (max >= sizeof beat - 1) {
        memcpy(space, beat, sizeof beat - 1);
        result = sizeof beat - 1;
    }
    pthread_mutex_unlock(&s->lock);
    return result;
}

static void close_stream(void *context)
{
    struct stream *stream = context;
    pthread_mutex_lock(&stream->server->lock);
    stream->channel->readers--;
    pthread_mutex_unlock(&stream->server->lock);
    free(stream);
}

static struct MHD_Response *open_stream(struct camera_server *s, int channel)
{
    struct stream *stream = calloc(1, sizeof *stream);
    must(stream);
    pthread_mutex_lock(&s->lock);
    *stream = (struct stream){s, &s->channel[channel], s->cuts};
    stream->channel->readers++;
    stream->channel->n = 0; /* what nobody heard is gone */
    pthread_mutex_unlock(&s->lock);
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, 4096, read_stream, stream, close_stream);
    MHD_add_response_header(response, "Content-Type",
                            "multipart/x-mixed-replace; boundary=myboundary");
    return response;
}

/* ---- ONVIF ---- */

#define ENVELOPE                                                    \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><SOAP-ENV:Envelope " \
    "xmlns:SOAP-ENV=\"http://www.w3.org/2003/05/soap-envelope\" "   \
    "xmlns:wsa=\"http://www.w3.org/2005/08/addressing\" "           \
    "xmlns:tev=\"http://www.onvif.org/ver10/events/wsdl\" "         \
    "xmlns:wsnt=\"http://docs.oasis-open.org/wsn/b-2\" "            \
    "xmlns:tns1=\"http://www.onvif.org/ver10/topics\" "             \
    "xmlns:tt=\"http://www.onvif.org/ver10/schema\"><SOAP-ENV:Body>"
#define ENVELOPE_END "</SOAP-ENV:Body></SOAP-ENV:Envelope>"

static void write_messages(struct camera_server *s, int channel, struct out *out)
{
    static char space[CAMERA_QUEUE_CAP]; /* under the lock */
    pthread_mutex_lock(&s->lock);
    unsigned cuts = s->cuts;
    s->channel[channel].pulled = clock_mono();
    if (s->channel[channel].n == 0 && !s->stopping) {
        wait_a_while(s, PULL_MS);
    }
    size_t n = s->cuts == cuts ? take_bytes(&s->channel[channel], space, sizeof space) : 0;
    out_add_c(out, "<tev:PullMessagesResponse>");
    out_add(out, (struct str){space, n});
    out_add_c(out, "</tev:PullMessagesResponse>");
    pthread_mutex_unlock(&s->lock);
}

static struct MHD_Response *answer_soap(struct camera_server *s, int channel, const char *body)
{
    size_t cap = CAMERA_QUEUE_CAP + 2048;
    char *space = malloc(cap);
    struct out out;
    must(space);
    out_init(&out, space, cap);
    out_add_c(&out, ENVELOPE);
    if (strstr(body, "CreatePullPointSubscription>")) {
        out_fmt(&out,
                "<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference><wsa:Address>"
                "http://127.0.0.1:%d/onvif/%d/subscription</wsa:Address>"
                "</tev:SubscriptionReference></tev:CreatePullPointSubscriptionResponse>",
                s->port, channel + 1);
    } else if (strstr(body, "PullMessages>")) {
        write_messages(s, channel, &out);
    } else {
        out_add_c(&out, "<wsnt:RenewResponse/>");
    }
    out_add_c(&out, ENVELOPE_END);
    must(!out_failed(&out));
    struct MHD_Response *response =
        MHD_create_response_from_buffer(out.n, space, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(response, "Content-Type", "application/soap+xml; charset=utf-8");
    return response;
}

/* As small as a JPEG can be that looks like one. */
static struct MHD_Response *answer_picture(void)
{
    static char jpeg[] = "\xff\xd8\xff\xe0 a vehicle \xff\xd9";
    struct MHD_Response *response =
        MHD_create_response_from_buffer(sizeof jpeg - 1, jpeg, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "image/jpeg");
    return response;
}

/* ---- requests ---- */

static enum MHD_Result send_response(struct MHD_Connection *connection, unsigned status,
                                     struct MHD_Response *response)
{
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer(struct camera_server *s, struct MHD_Connection *connection,
                              const char *path, const char *body)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    int64_t channel = 0;
    int login = MHD_digest_auth_check2(connection, realm, s->config.user, s->config.password, 300,
                                       MHD_DIGEST_ALG_MD5);
    if (login != MHD_YES) {
        enum MHD_Result result = MHD_queue_auth_fail_response2(
            connection, realm, "opaque", response, login == MHD_INVALID_NONCE ? MHD_YES : MHD_NO,
            MHD_DIGEST_ALG_MD5);
        MHD_destroy_response(response);
        return result;
    }
    pthread_mutex_lock(&s->lock);
    s->requests++;
    pthread_mutex_unlock(&s->lock);
    const char *number = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "channel");
    bool dahua = strcmp(path, "/cgi-bin/snapManager.cgi") == 0 && number;
    struct str text = dahua ? str_c(number) : str_slice(str_c(path), 7, strlen(path));
    text = str_slice(text, 0, str_index(text, '/'));
    bool onvif = strncmp(path, "/onvif/", 7) == 0;
    if ((!dahua && !onvif) || str_parse_i64(text, 1, CAMERA_CHANNELS, &channel)) {
        return send_response(connection, MHD_HTTP_NOT_FOUND, response);
    }
    MHD_destroy_response(response);
    response = dahua                       ? open_stream(s, (int)channel - 1)
               : strstr(path, "/picture/") ? answer_picture()
                                           : answer_soap(s, (int)channel - 1, body);
    return send_response(connection, MHD_HTTP_OK, response);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *path, const char *method, const char *version,
                                  const char *bytes, size_t *n, void **ret_exchange)
{
    struct exchange *x = *ret_exchange;
    (void)method;
    (void)version;
    if (!x) {
        *ret_exchange = calloc(1, sizeof *x);
        return *ret_exchange ? MHD_YES : MHD_NO;
    }
    if (*n) {
        size_t room = sizeof x->body - 1 - x->n;
        size_t take = *n < room ? *n : room;
        memcpy(x->body + x->n, bytes, take);
        x->n += take;
        *n = 0;
        return MHD_YES;
    }
    return answer(context, connection, path, x->body);
}

static void on_done(void *context, struct MHD_Connection *connection, void **exchange,
                    enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)connection;
    (void)code;
    free(*exchange);
    *exchange = NULL;
}

int camera_server_start(const struct camera_server_config *config,
                        struct camera_server **ret_server)
{
    struct http_address address;
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct camera_server *s = calloc(1, sizeof *s);
    char noise[16];
    int error = s ? http_address_parse(config->listen, &address) : DX_E_MEMORY;
    if (error || address.is_v6) {
        free(s);
        return error ? error : DX_E_CONFIG;
    }
    s->config = *config;
    pthread_mutex_init(&s->lock, NULL);
    clock_cond_init(&s->wake);
    in.sin_port = htons((uint16_t)address.port);
    inet_pton(AF_INET, address.host, &in.sin_addr);
    snprintf(noise, sizeof noise, "%lld", (long long)clock_mono().ms);
    s->daemon = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ITC, 0, NULL,
        NULL, on_request, s, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&in, MHD_OPTION_NONCE_NC_SIZE,
        256u, MHD_OPTION_DIGEST_AUTH_RANDOM, sizeof noise, noise, MHD_OPTION_NOTIFY_COMPLETED,
        on_done, NULL, MHD_OPTION_END);
    const union MHD_DaemonInfo *info =
        s->daemon ? MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info) {
        camera_server_stop(s);
        return DX_E_IO;
    }
    s->port = info->port;
    *ret_server = s;
    return 0;
}

void camera_server_stop(struct camera_server *s)
{
    if (!s) {
        return;
    }
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->wake);
    pthread_mutex_unlock(&s->lock);
    if (s->daemon) {
        MHD_stop_daemon(s->daemon);
    }
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

int camera_server_port(const struct camera_server *s)
{
    return s->port;
}

bool camera_server_shoot(struct camera_server *s, enum maker maker, const struct camera_shot *shot,
                         unsigned variant)
{
    char space[CAMERA_BODY_CAP];
    struct out out;
    must(shot->lane >= 1 && shot->lane <= CAMERA_CHANNELS);
    out_init(&out, space, sizeof space);
    if (maker == MAKER_DAHUA) {
        maker_write_dahua(shot, variant, &out);
    } else {
        maker_write_onvif(shot, variant, &out);
    }
    struct channel *c = &s->channel[shot->lane - 1];
    pthread_mutex_lock(&s->lock);
    bool heard = maker == MAKER_DAHUA
                     ? c->readers > 0
                     : c->pulled.ms && mono_diff(clock_mono(), c->pulled) < SUBSCRIPTION_MS;
    bool room = heard && c->n + out.n <= sizeof c->bytes;
    if (room) {
        memcpy(c->bytes + c->n, out.p, out.n);
        c->n += out.n;
        pthread_cond_broadcast(&s->wake);
    }
    pthread_mutex_unlock(&s->lock);
    return room;
}

void camera_server_cut(struct camera_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->cuts++;
    for (int i = 0; i < CAMERA_CHANNELS; i++) {
        s->channel[i].n = 0;
        s->channel[i].pulled.ms = 0;
    }
    pthread_cond_broadcast(&s->wake);
    pthread_mutex_unlock(&s->lock);
}

int camera_server_requests(struct camera_server *s)
{
    pthread_mutex_lock(&s->lock);
    int n = s->requests;
    pthread_mutex_unlock(&s->lock);
    return n;
}
