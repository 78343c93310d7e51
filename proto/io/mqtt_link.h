/*
 * mqtt_link.h - MQTT 5 through paho-mqtt-c, for gate and server alike.
 *
 * Transport only: the broker's word means nothing for money (see delivery.h).
 * It connects, connects again for ever with jitter, subscribes again after each
 * connect, and copies what arrives into the caller's function, which must only
 * put it into a mailbox: paho holds a process-wide lock during that call.
 * TCP_NODELAY is set on the sockets the library opens (a quiet link answers in
 * 1 ms instead of 30 to 80).  TLS, always verified; with a client certificate, or with a login
 * where a site's own broker wants one.
 */
#ifndef DOXE_IO_MQTT_LINK_H
#define DOXE_IO_MQTT_LINK_H

#include "proto/base/str.h"

struct mqtt_link;

struct mqtt_config {
    const char *url;             /* "ssl://127.0.0.1:8883"; "tcp://…" only on loopback */
    const char *client_id;       /* the certificate's common name */
    const char *ca, *cert, *key; /* PEM files; unused with tcp://; cert and key may both be NULL */
    const char *user, *password; /* both NULL: the certificate is the login */
    const char *subscribe[5];    /* topic filters, QoS 1; NULL ends the list */
    const char *will_topic;      /* NULL: no last will; else retained, QoS 1 */
    const char *will_text;
    int keep_alive_s;   /* 0 gives 15 */
    bool skip_retained; /* what the broker kept from before is not given to on_message */
    void *context;
    /* Called in paho's thread. */
    void (*on_message)(void *context, struct str topic, struct str payload);
    void (*on_connected)(void *context, bool connected);
};

#define MQTT_URL_ALLOWED "ssl://host:port, or tcp://127.0.0.1:port"
/* Is it one of MQTT_URL_ALLOWED?  For those who check a configuration. */
bool mqtt_link_url_is_right(const char *url);
/* Starts connecting and returns at once.  DX_E_CONFIG: a file is missing or the URL is no URL. */
DX_MUST_USE int mqtt_link_start(const struct mqtt_config *config, struct mqtt_link **ret_link);
/* Says goodbye (so that the last will is not sent) within about a second, and frees. */
void mqtt_link_stop(struct mqtt_link *link);
/* QoS 1.  DX_E_LINK while disconnected: nothing is queued here, the journal is the queue. */
DX_MUST_USE int mqtt_link_publish(struct mqtt_link *link, const char *topic, struct str payload,
                                  bool retained);
bool mqtt_link_is_connected(struct mqtt_link *link);
/*
 * Did the broker refuse a message since the last connect?  Logged once a connection: the
 * certificate's common name, or the broker's access list, is not the one that this topic needs.
 */
bool mqtt_link_is_refused(struct mqtt_link *link);
/* Connections whose TCP_NODELAY could not be set; a test reads the option back. */
int mqtt_link_nodelay_failures(void);
/* For the benchmark: false leaves sockets opened from now on as the system makes them. */
void mqtt_link_use_nodelay(bool on);

#endif
