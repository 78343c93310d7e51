/*
 * camera_pull.h - a camera that the gate asks: one thread, its line kept up for ever.
 *
 * Two kinds, each a loop of its own over http_pull.h:
 *     dahua   GET of the camera's endless event stream (dahua.h, part_stream.h).  A picture
 *             is a part of its own behind the event's text: the reading goes at once, its
 *             picture when it is there.
 *     onvif   CreatePullPointSubscription, then PullMessages again and again, Renew in
 *             between (onvif.h; ONVIF Core Specification 9.2).  The subscription lives for
 *             a minute, so one that we leave behind goes by itself.
 *
 * Silence: Dahua's stream says Heartbeat every 15 s and an ONVIF device answers every
 * PullMessages within its time; three of them missed and the line is made anew.  Anew after 1,
 * 2, 4, … 30 s with jitter, so that a dozen gates do not meet at a recorder that comes back.
 * A login refused twice in a row waits the longest time: many cameras lock an account.
 *
 * Readings go to the camera's intake; one that could not be stored is tried again there for
 * a few seconds, since a camera that is asked does not send again.
 */
#ifndef DOXE_GATE_IO_CAMERA_PULL_H
#define DOXE_GATE_IO_CAMERA_PULL_H

#include "gate/io/camera_intake.h"
#include "gate/io/config_cameras.h"

enum {
    CAMERA_HEARTBEAT_S = 15,
    CAMERA_PULL_S = 15, /* an ONVIF device may keep a PullMessages open so long */
    CAMERA_AGAIN_MS = 1000,
    CAMERA_AGAIN_MS_MAX = 30000,
    CAMERA_STORE_TRIES = 5,
    CAMERA_PASSWORD_CAP = 129
};

struct camera_pull;

struct camera_pull_config {
    const struct camera_settings *camera; /* kind DAHUA or ONVIF; must outlive the object */
    const char *password;                 /* copied */
    int index;                            /* at the intake */
    struct camera_intake *intake;
    int again_ms; /* 0: CAMERA_AGAIN_MS; for tests */
};

/* DX_E_MEMORY, DX_E_IO (no thread), DX_E_CONFIG (no libcurl). */
DX_MUST_USE int camera_pull_start(const struct camera_pull_config *config,
                                  struct camera_pull **ret_pull);
/* Ends at once, wipes the password, frees.  NULL is fine. */
void camera_pull_stop(struct camera_pull *pull);

/* The wait before the n-th try (n from 1) without its jitter. */
int camera_pull_again_ms(int first_ms, int tries);

#endif
