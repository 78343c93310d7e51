/*
 * mqtt_in.h - the server's line to the broker: what comes is copied into the writer's queue.
 *
 * It subscribes to all gates' events and statuses, and publishes what the writer
 * says.  The broker's word means nothing for money; the writer's own
 * acknowledgement does.
 */
#ifndef DOXE_SERVER_MQTT_IN_H
#define DOXE_SERVER_MQTT_IN_H

#include "server/app/app.h"

struct mqtt_in;

struct mqtt_in_config {
    const char *url, *ca, *cert, *key; /* as mqtt_config */
};

/* Made before the app, so that its port has somewhere to publish; the line opens in start. */
DX_MUST_USE int mqtt_in_new(struct mqtt_in **ret_in);
/* DX_E_CONFIG: a file is missing, or the address is none. */
DX_MUST_USE int mqtt_in_start(struct mqtt_in *in, const struct mqtt_in_config *config,
                              struct app *app);
/* No message comes after this; publishing answers DX_E_LINK. */
void mqtt_in_stop(struct mqtt_in *in);
void mqtt_in_free(struct mqtt_in *in);
/* For app_ports.publish_retained. */
int mqtt_in_retain(struct mqtt_in *in, const char *topic, struct str payload);
/* For app_ports.publish. */
int mqtt_in_publish(struct mqtt_in *in, const char *topic, struct str payload);

#endif
