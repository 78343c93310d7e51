/*
 * camera_http.h - POST /camera/<name>: what a lane's camera or engine pushes.
 *
 * Stored first, answered then (camera_intake.h).  Some cameras never send again after an
 * error and some never stop, so nonsense is answered 200 too (and logged); 503 only when a
 * reading could not be stored, which is worth another try.
 *
 * Who may push, per camera: from an address of its own (`from`), with a secret (`token`) as
 * the last part of the path (/camera/<name>/<token>) or in the header field
 * Authorization ("Bearer <token>" or "Token <token>"); both when both are set.  A path is
 * never logged.  403 when it may not.
 *
 * Limits of the listener (proto/io/http_srv.h) hold before anything is read: CAMERA_BODY_MAX,
 * 30 s without a byte, 60 s for a whole body.
 *
 * Not here: the makers' forms (hikvision.h, plate_recognizer.h, openalpr.h, onvif.h).
 */
#ifndef DOXE_GATE_IO_CAMERA_HTTP_H
#define DOXE_GATE_IO_CAMERA_HTTP_H

#include "gate/io/camera_intake.h"
#include "proto/io/http_srv.h"

enum {
    CAMERA_BODY_MAX = 16 * 1024 * 1024, /* a picture of 12 MB has been seen */
    CAMERA_TOKEN_MIN = 16,
    CAMERA_TOKEN_CAP = 129
};

/* One maker's form of a pushed body. */
typedef int camera_parse_fn(struct str content_type, struct str body,
                            struct camera_event *ret_event);

struct camera_http;

struct camera_http_config {
    int camera_count;
    struct {
        const char *name;       /* must outlive the object */
        const char *token;      /* copied; "" none */
        const char *from;       /* numeric address, must outlive the object; "" any */
        camera_parse_fn *parse; /* NULL: this camera does not push */
    } camera[CAMERAS_MAX];
    struct camera_intake *intake;
};

DX_MUST_USE int camera_http_new(const struct camera_http_config *config,
                                struct camera_http **ret_cameras);
void camera_http_free(struct camera_http *cameras);
/* False when the path is not below /camera/; else the request has been answered. */
bool camera_http_handle(struct camera_http *cameras, const struct http_request *request,
                        struct http_response *response);
/* The file's first line, of CAMERA_TOKEN_MIN letters, digits, '-' and '_' or more. */
DX_MUST_USE int camera_read_token(const char *path, char out[CAMERA_TOKEN_CAP]);

#endif
