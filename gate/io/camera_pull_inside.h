/* camera_pull_inside.h - shared by camera_pull.c, dahua_stream.c and onvif_pull.c only. */
#ifndef DOXE_GATE_IO_CAMERA_PULL_INSIDE_H
#define DOXE_GATE_IO_CAMERA_PULL_INSIDE_H

#include "gate/io/camera_pull.h"
#include "gate/io/http_pull.h"

enum { CAMERA_CONNECT_MS = 5000 };

struct camera_pull {
    struct camera_pull_config config;
    char password[CAMERA_PASSWORD_CAP];
    struct http_pull *http;
    pthread_t thread;
    int tries; /* in vain, since it last worked */
    char pictured[PLATE_VENDOR_ID_CAP]; /* ONVIF: the event whose picture was fetched last */
};

/* The camera answers. */
void camera_pull_works(struct camera_pull *pull);
/* To the intake; tried again for a few seconds when it could not be stored. */
void camera_pull_give(struct camera_pull *pull, const struct camera_event *event);

/* Until the line is lost or stopped: never 0.  `why` for the log. */
DX_MUST_USE int dahua_stream_once(struct camera_pull *pull, char *why, size_t cap);
DX_MUST_USE int onvif_pull_once(struct camera_pull *pull, char *why, size_t cap);

#endif
