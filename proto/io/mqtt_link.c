#include "proto/io/mqtt_link.h"

#include "proto/base/check.h"
#include "proto/crypto/crypto.h"
#include "proto/io/log.h"

#include <MQTTAsync.h>
#include <stdatomic.h>
#include <unistd.h>

enum { TOPICS_MAX = 5, RETRY_MIN_S = 1, RETRY_MAX_S = 8, KEEP_ALIVE_S = 15, STOP_MS = 1000 };

struct mqtt_link {
    struct mqtt_config config; /* its texts are copies, freed by us */
    MQTTAsync handle;
    atomic_bool connected;
    atomic_bool refused; /* a message, since the last connect */
    atomic_bool stopped; /* paho says: disconnected */
    bool tls;
    MQTTAsync_SSLOptions ssl;
    MQTTAsync_willOptions will;
    MQTTAsync_connectOptions connect;
};

static char *copy(const char *text)
{
    return text ? strdup(text) : NULL;
}

static int message_arrived(void *context, char *topic, int topic_n, MQTTAsync_message *message)
{
    struct mqtt_link *link = context;
    size_t n = topic_n > 0 ? (size_t)topic_n : strlen(topic);
    struct str payload = {message->payload,
                          message->payloadlen > 0 ? (size_t)message->payloadlen : 0};
    if (!(message->retained && link->config.skip_retained)) {
        link->config.on_message(link->config.context, (struct str){topic, n}, payload);
    }
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(topic);
    return 1; /* 0 would leave the message stuck in paho and acknowledge it all the same */
}

static void say_connected(struct mqtt_link *link, bool connected)
{
    if (atomic_exchange(&link->connected, connected) != connected && link->config.on_connected) {
        link->config.on_connected(link->config.context, connected);
    }
}

static void subscribed(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    say_connected(context, true);
}

static void subscribe_failed(void *context, MQTTAsync_failureData5 *data)
{
    struct mqtt_link *link = context;
    log_error("mqtt.subscribe_refused", "client=%s code=%d", link->config.client_id,
              data ? (int)data->reasonCode : -1);
}

/* After every connect, also paho's own: subscriptions first, then the program may speak. */
static void connected(void *context, char *cause)
{
    struct mqtt_link *link = context;
    char *filters[TOPICS_MAX];
    int qos[TOPICS_MAX];
    MQTTSubscribe_options options[TOPICS_MAX];
    int count = 0;
    (void)cause;
    log_info("mqtt.connected", "url=%s client=%s", link->config.url, link->config.client_id);
    atomic_store(&link->refused, false);
    if (mqtt_link_nodelay_failures() > 0) {
        log_warn("mqtt.nodelay", "failures=%d", mqtt_link_nodelay_failures());
    }
    for (; count < TOPICS_MAX && link->config.subscribe[count]; count++) {
        filters[count] = (char *)(uintptr_t)link->config.subscribe[count];
        qos[count] = 1;
        options[count] = (MQTTSubscribe_options)MQTTSubscribe_options_initializer;
    }
    if (count == 0) {
        say_connected(link, true);
        return;
    }
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    response.context = link;
    response.onSuccess5 = subscribed;
    response.onFailure5 = subscribe_failed;
    response.subscribeOptionsList = options;
    response.subscribeOptionsCount = count;
    int code = MQTTAsync_subscribeMany(link->handle, count, filters, qos, &response);
    if (code != MQTTASYNC_SUCCESS) {
        log_error("mqtt.subscribe_failed", "client=%s code=%d", link->config.client_id, code);
    }
}

/* A broker takes the connection of a wrong certificate, and then each message is refused. */
static void publish_failed(void *context, MQTTAsync_failureData5 *data)
{
    struct mqtt_link *link = context;
    int reason = data ? (int)data->reasonCode : 0;
    if (reason >= (int)MQTTREASONCODE_UNSPECIFIED_ERROR && !atomic_exchange(&link->refused, true)) {
        log_error("mqtt.publish_refused",
                  "client=%s reason=%d cert=%s hint=\"is its common name the client's?\"",
                  link->config.client_id, reason, link->config.cert ? link->config.cert : "");
    }
}

static void connection_lost(void *context, char *cause)
{
    struct mqtt_link *link = context;
    log_warn("mqtt.lost", "client=%s cause=\"%s\"", link->config.client_id, cause ? cause : "");
    say_connected(link, false);
}

static void connect_failed(void *context, MQTTAsync_failureData5 *data)
{
    struct mqtt_link *link = context;
    log_warn("mqtt.refused", "url=%s client=%s code=%d reason=%d message=\"%s\"", link->config.url,
             link->config.client_id, data ? data->code : 0, data ? (int)data->reasonCode : 0,
             data && data->message ? data->message
                                   : "no answer, or the certificate is not accepted");
}

static void disconnected(void *context, MQTTAsync_successData5 *data)
{
    struct mqtt_link *link = context;
    (void)data;
    atomic_store(&link->stopped, true);
}

static void disconnect_failed(void *context, MQTTAsync_failureData5 *data)
{
    struct mqtt_link *link = context;
    (void)data;
    atomic_store(&link->stopped, true);
}

static int ssl_error(const char *text, size_t n, void *context)
{
    struct mqtt_link *link = context;
    log_warn("mqtt.tls", "client=%s error=\"%.*s\"", link->config.client_id, (int)n, text);
    return 1;
}

static bool is_readable(const char *path)
{
    return path && access(path, R_OK) == 0;
}

static void prepare_options(struct mqtt_link *link)
{
    const struct mqtt_config *config = &link->config;
    link->connect = (MQTTAsync_connectOptions)MQTTAsync_connectOptions_initializer5;
    link->connect.keepAliveInterval = config->keep_alive_s ? config->keep_alive_s : KEEP_ALIVE_S;
    link->connect.cleanstart = 1; /* the journal is the queue: a broker's session is not needed */
    link->connect.automaticReconnect = 1;
    link->connect.minRetryInterval = RETRY_MIN_S;
    link->connect.maxRetryInterval = RETRY_MAX_S;
    link->connect.connectTimeout = 5;
    link->connect.maxInflight = 1000;
    link->connect.context = link;
    link->connect.onFailure5 = connect_failed;
    link->connect.username = config->user;
    link->connect.password = config->password;
    if (config->will_topic) {
        link->will = (MQTTAsync_willOptions)MQTTAsync_willOptions_initializer;
        link->will.topicName = config->will_topic;
        link->will.message = config->will_text;
        link->will.retained = 1;
        link->will.qos = 1;
        link->connect.will = &link->will;
    }
    if (link->tls) {
        link->ssl = (MQTTAsync_SSLOptions)MQTTAsync_SSLOptions_initializer;
        link->ssl.trustStore = config->ca;
        link->ssl.keyStore = config->cert;
        link->ssl.privateKey = config->key;
        link->ssl.enableServerCertAuth = 1;
        link->ssl.verify = 1; /* the broker's name too */
        link->ssl.sslVersion = MQTT_SSL_VERSION_TLS_1_2;
        link->ssl.ssl_error_cb = ssl_error;
        link->ssl.ssl_error_context = link;
        link->connect.ssl = &link->ssl;
    }
}

static void free_link(struct mqtt_link *link)
{
    if (link->handle) {
        MQTTAsync_destroy(&link->handle);
    }
    struct mqtt_config *config = &link->config;
    const char *texts[] = {config->url, config->client_id,  config->ca,        config->cert,
                           config->key, config->will_topic, config->will_text, config->user};
    for (int i = 0; i < TOPICS_MAX; i++) {
        free((char *)(uintptr_t)config->subscribe[i]);
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        free((char *)(uintptr_t)texts[i]);
    }
    if (config->password) {
        dx_wipe((char *)(uintptr_t)config->password, strlen(config->password));
        free((char *)(uintptr_t)config->password);
    }
    free(link);
}

static void copy_config(struct mqtt_config *out, const struct mqtt_config *config)
{
    *out = *config;
    out->url = copy(config->url);
    out->client_id = copy(config->client_id);
    out->ca = copy(config->ca);
    out->cert = copy(config->cert);
    out->key = copy(config->key);
    out->will_topic = copy(config->will_topic);
    out->will_text = copy(config->will_text);
    out->user = copy(config->user);
    out->password = copy(config->password);
    for (int i = 0; i < TOPICS_MAX; i++) {
        out->subscribe[i] = copy(config->subscribe[i]);
    }
}

/*
 * Once a process: a second MQTTAsync_global_init makes the library's condition variable anew under
 * the thread that waits on it, and from then on everything is sent a second late.
 */
static void init_library(void)
{
    MQTTAsync_init_options init = MQTTAsync_init_options_initializer;
    init.do_openssl_init = 1;
    MQTTAsync_global_init(&init);
}

bool mqtt_link_url_is_right(const char *url)
{
    struct str text = str_c(url);
    bool tls = str_starts(text, STR("ssl://"));
    const char *colon = strrchr(url, ':');
    int64_t port;
    if (!tls && !str_starts(text, STR("tcp://127.0.0.1:")) &&
        !str_starts(text, STR("tcp://localhost:"))) {
        return false;
    }
    return colon > url + 6 && str_parse_i64(str_c(colon + 1), 1, 65535, &port) == 0;
}

int mqtt_link_start(const struct mqtt_config *config, struct mqtt_link **ret_link)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    bool tls = strncmp(config->url, "ssl://", 6) == 0;
    if (!mqtt_link_url_is_right(config->url)) {
        log_error("mqtt.config", "url=%s allowed=\"%s\"", config->url, MQTT_URL_ALLOWED);
        return DX_E_CONFIG;
    }
    bool own = config->cert || config->key;
    if (tls && !(is_readable(config->ca) &&
                 (!own || (is_readable(config->cert) && is_readable(config->key))))) {
        log_error("mqtt.config", "ca=%s cert=%s key=%s error=\"a file cannot be read\"",
                  config->ca ? config->ca : "", config->cert ? config->cert : "",
                  config->key ? config->key : "");
        return DX_E_CONFIG;
    }
    struct mqtt_link *link = calloc(1, sizeof *link);
    if (!link) {
        return DX_E_MEMORY;
    }
    copy_config(&link->config, config);
    link->tls = tls;
    pthread_once(&once, init_library);
    MQTTAsync_createOptions create = MQTTAsync_createOptions_initializer5;
    create.sendWhileDisconnected = 0;
    int code = MQTTAsync_createWithOptions(&link->handle, link->config.url, link->config.client_id,
                                           MQTTCLIENT_PERSISTENCE_NONE, NULL, &create);
    if (code == MQTTASYNC_SUCCESS) {
        MQTTAsync_setCallbacks(link->handle, link, connection_lost, message_arrived, NULL);
        MQTTAsync_setConnected(link->handle, link, connected);
        prepare_options(link);
        code = MQTTAsync_connect(link->handle, &link->connect);
    }
    if (code != MQTTASYNC_SUCCESS) {
        log_error("mqtt.start_failed", "url=%s code=%d", link->config.url, code);
        free_link(link);
        return DX_E_CONFIG;
    }
    *ret_link = link;
    return 0;
}

void mqtt_link_stop(struct mqtt_link *link)
{
    if (!link) {
        return;
    }
    MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer5;
    options.timeout = STOP_MS / 2;
    options.context = link;
    options.onSuccess5 = disconnected;
    options.onFailure5 = disconnect_failed;
    if (MQTTAsync_disconnect(link->handle, &options) == MQTTASYNC_SUCCESS) {
        struct timespec step = {0, 10 * 1000 * 1000};
        for (int waited = 0; waited < STOP_MS && !atomic_load(&link->stopped); waited += 10) {
            nanosleep(&step, NULL);
        }
    }
    free_link(link);
}

int mqtt_link_publish(struct mqtt_link *link, const char *topic, struct str payload, bool retained)
{
    MQTTAsync_message message = MQTTAsync_message_initializer;
    if (payload.n > INT32_MAX) {
        return DX_E_SPACE;
    }
    message.payload = (void *)(uintptr_t)payload.p;
    message.payloadlen = (int)payload.n;
    message.qos = 1;
    message.retained = retained;
    if (!atomic_load(&link->connected)) {
        return DX_E_LINK;
    }
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    response.context = link;
    response.onFailure5 = publish_failed;
    int code = MQTTAsync_sendMessage(link->handle, topic, &message, &response);
    if (code == MQTTASYNC_MAX_BUFFERED_MESSAGES || code == MQTTASYNC_MAX_MESSAGES_INFLIGHT) {
        return DX_E_FULL;
    }
    return code == MQTTASYNC_SUCCESS ? 0 : DX_E_LINK;
}

bool mqtt_link_is_refused(struct mqtt_link *link)
{
    return atomic_load(&link->refused);
}

bool mqtt_link_is_connected(struct mqtt_link *link)
{
    return atomic_load(&link->connected);
}
