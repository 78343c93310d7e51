/*
 * camera_http.h - POST /camera/<name>: what a lane's camera pushes.
 *
 * Stored first, answered then: a camera is told 200 when its reading is in the
 * journal's spool, or was there already, or was nothing that matters.  Some
 * cameras never send again after an error and some never stop, so nonsense is
 * answered 200 too (and logged); 503 only when it could not be stored, which is
 * worth another try.  Pictures go to files beside the journal.
 *
 * Here: Hikvision's form (hikvision.h).  Not here: what a reading means for a
 * lane (gate/core/pairing.h); who listens (console shares the listener).
 */
#ifndef DOXE_GATE_IO_CAMERA_HTTP_H
#define DOXE_GATE_IO_CAMERA_HTTP_H

#include "gate/io/picture_store.h"
#include "gate/io/plate_read.h"
#include "proto/io/http_srv.h"

enum {
    CAMERA_BODY_MAX = 16 * 1024 * 1024, /* a picture of 12 MB has been seen */
    CAMERA_SKEW_MS_MAX = 120 * 1000,    /* a clock further off is worth a warning */
    CAMERAS_MAX = 16
};

struct camera_http;

struct camera_http_config {
    int camera_count;
    const char *camera[CAMERAS_MAX]; /* names; must outlive the object */
    struct picture_store *pictures;  /* may be NULL */
    wall_t (*now)(void *context);
    void *context;
    /*
     * Stores the reading of camera `index` and hands it to the core; waits a bounded time.
     * 0; DX_E_EXISTS: it is there already; anything else: not stored.
     */
    int (*take)(void *context, int index, const struct plate_read *read);
};

DX_MUST_USE int camera_http_new(const struct camera_http_config *config,
                                struct camera_http **ret_cameras);
void camera_http_free(struct camera_http *cameras);
/* False when the path is not below /camera/; else the request has been answered. */
bool camera_http_handle(struct camera_http *cameras, const struct http_request *request,
                        struct http_response *response);

#endif
