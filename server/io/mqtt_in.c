#include "server/io/mqtt_in.h"

#include "proto/io/log.h"
#include "proto/io/mqtt_link.h"

#include <stdatomic.h>

struct mqtt_in {
    struct mqtt_link *link;
    struct app *app;
    atomic_long dropped; /* messages that found the queue full; their journals send them again */
};

/* paho's thread: copy and go. */
static void on_message(void *context, struct str topic, struct str payload)
{
    struct mqtt_in *in = context;
    if (app_post_message(in->app, topic, payload) != 0 &&
        atomic_fetch_add(&in->dropped, 1) % 1000 == 0) {
        log_warn("mqtt.queue_full", "dropped=%ld", atomic_load(&in->dropped));
    }
}

static void on_connected(void *context, bool connected)
{
    struct mqtt_in *in = context;
    log_info(connected ? "mqtt.connected" : "mqtt.lost", "server=%s", "broker");
    app_post_connected(in->app, connected);
}

int mqtt_in_new(struct mqtt_in **ret_in)
{
    struct mqtt_in *in = calloc(1, sizeof *in);
    if (!in) {
        return DX_E_MEMORY;
    }
    *ret_in = in;
    return 0;
}

int mqtt_in_start(struct mqtt_in *in, const struct mqtt_in_config *config, struct app *app)
{
    const struct mqtt_config mqtt = {
        .url = config->url,
        .client_id = "doxe-server", /* the certificate's common name; the broker insists */
        .ca = config->ca,
        .cert = config->cert,
        .key = config->key,
        .subscribe = {"doxe/1/+/+/up", "doxe/1/+/+/status"},
        .context = in,
        .on_message = on_message,
        .on_connected = on_connected,
    };
    in->app = app;
    return mqtt_link_start(&mqtt, &in->link);
}

void mqtt_in_stop(struct mqtt_in *in)
{
    if (in->link) {
        mqtt_link_stop(in->link);
        in->link = NULL;
    }
}

void mqtt_in_free(struct mqtt_in *in)
{
    free(in);
}

int mqtt_in_publish(struct mqtt_in *in, const char *topic, struct str payload)
{
    return in->link ? mqtt_link_publish(in->link, topic, payload, false) : DX_E_LINK;
}

int mqtt_in_retain(struct mqtt_in *in, const char *topic, struct str payload)
{
    return in->link ? mqtt_link_publish(in->link, topic, payload, true) : DX_E_LINK;
}
