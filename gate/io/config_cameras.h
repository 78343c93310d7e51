/*
 * config_cameras.h - the keys of cameras and of Frigate's broker; part of config.h.
 *
 * A lane names its camera (lanes[].camera).  A camera without an entry under `cameras` is a
 * Hikvision one that pushes, without a secret.
 *
 *     kind             who speaks first                     keys that matter
 *     hikvision        the camera pushes                    token_file, from
 *     platerecognizer  the engine pushes                    token_file, from
 *     openalpr         the agent pushes                     token_file, from
 *     onvif            the gate asks when `url` is there,   url, user, password_file, ca
 *                      else the camera pushes Notify        token_file, from
 *     dahua            the gate asks                        url, user, password_file, ca,
 *                                                           channel, stream
 *     frigate          the gate listens at `frigate.url`    source
 */
#ifndef DOXE_GATE_IO_CONFIG_CAMERAS_H
#define DOXE_GATE_IO_CONFIG_CAMERAS_H

#include "gate/io/plate_read.h"
#include "proto/io/config.h"

#define CAMERA_KINDS "hikvision|dahua|platerecognizer|openalpr|frigate|onvif"
enum camera_kind {
    CAMERA_HIKVISION,
    CAMERA_DAHUA,
    CAMERA_PLATERECOGNIZER,
    CAMERA_OPENALPR,
    CAMERA_FRIGATE,
    CAMERA_ONVIF
};

enum { CAMERA_URL_CAP = 256, CAMERA_SOURCE_CAP = 65, CAMERA_FILE_CAP = 256, CAMERA_LIST_MAX = 16 };

struct camera_settings {
    char name[CAMERA_NAME_CAP];
    enum camera_kind kind;
    char token_file[CAMERA_FILE_CAP], from[CAMERA_SOURCE_CAP];
    char url[CAMERA_URL_CAP], user[CAMERA_SOURCE_CAP], password_file[CAMERA_FILE_CAP];
    char ca[CAMERA_FILE_CAP];
    int channel;
    int stream; /* index into "snapManager|eventManager" */
    char source[CAMERA_SOURCE_CAP];
    int64_t skew_ms, silence_ms;
};

/* Frigate's own broker, at the site. */
struct frigate_settings {
    char url[CAMERA_URL_CAP]; /* "" none */
    char ca[CAMERA_FILE_CAP], cert[CAMERA_FILE_CAP], key[CAMERA_FILE_CAP];
    char user[CAMERA_SOURCE_CAP], password_file[CAMERA_FILE_CAP];
    char prefix[CAMERA_SOURCE_CAP];
};

extern const struct config_field camera_fields[];
extern const struct config_field frigate_fields[];

/* What a table of keys alone cannot check.  `lane_has` says whether a lane names the camera. */
DX_MUST_USE int config_check_cameras(const struct ydoc *doc, const struct camera_settings *cameras,
                                     int count, const struct frigate_settings *frigate,
                                     bool (*lane_has)(const void *context, const char *name),
                                     const void *context);
/* "/dev/ttyACM0", "evdev:/dev/input/…", "tcp:192.0.2.9:4001", "listen:0.0.0.0:9101". */
DX_MUST_USE int config_check_scanner(struct ynode node, const char *scanner);

#endif
