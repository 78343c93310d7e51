/*
 * frigate_link.h - the gate at the broker that the site's Frigate speaks to.
 *
 * A connection of its own, apart from the city's: TLS, with a login or a certificate of that
 * broker's.  It only listens.  The MQTT thread copies a message into a queue and returns (it
 * holds the library's lock); a worker reads it (frigate.h) and gives it to the intake, again
 * for a few seconds when it could not be stored.  Frigate publishes with QoS 0 and never
 * again: what comes while the gate is down is lost, and the next update of the same vehicle
 * makes up for it.
 *
 * What an object is (car, motorcycle) comes in other messages than its plate: the last
 * FRIGATE_OBJECTS are remembered by id.
 *
 * A picture names its camera, not its event: it is of the vehicle whose plate was read there not
 * longer than FRIGATE_PICTURE_MS before, or is read within that time.  One a vehicle, at most
 * FRIGATE_PICTURE_MAX bytes, one held a camera.  What the broker kept from before (retained) is
 * no picture of who stands there now, and is passed over.
 *
 * Frigate's name of a camera is matched to the `source` of ours, or to its name.
 */
#ifndef DOXE_GATE_IO_FRIGATE_LINK_H
#define DOXE_GATE_IO_FRIGATE_LINK_H

#include "gate/io/camera_intake.h"
#include "gate/io/config_cameras.h"

enum {
    FRIGATE_QUEUE = 256,
    FRIGATE_OBJECTS = 64,
    FRIGATE_MESSAGE_MAX = 64 * 1024,
    FRIGATE_PICTURE_MAX = 1024 * 1024,
    FRIGATE_PICTURES_QUEUED = 4, /* on their way to the worker; more are dropped */
    FRIGATE_PICTURE_MS = 10 * 1000
};

struct frigate_link;

struct frigate_link_config {
    const struct frigate_settings *settings;
    const char *password;
    const char *client_id;
    int camera_count;
    const struct camera_settings *camera; /* all, in the intake's order; must outlive the object */
    struct camera_intake *intake;
};

/* DX_E_MEMORY, DX_E_CONFIG, DX_E_IO. */
DX_MUST_USE int frigate_link_start(const struct frigate_link_config *config,
                                   struct frigate_link **ret_link);
/* NULL is fine. */
void frigate_link_stop(struct frigate_link *link);

#endif
