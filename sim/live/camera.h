/*
 * camera.h - what the street's plate cameras push: Hikvision ANPR events, as firmware differs.
 *
 * The bytes of one HTTP body, multipart/form-data with one XML part
 * (EventNotificationAlert) and two small JPEG pictures, compiled in.  From event
 * to event the variant changes: the namespace, a recorder's prefix (ns1:), the
 * XML part's name, JPEG parts typed application/octet-stream, confidence as 96,
 * 92.5 or 0.95.  A reader that knows one firmware only fails within a minute.
 *
 * Pure.  Who sends it: http_client.h.  Shapes: Hikvision ISAPI as found in the
 * field (names, namespaces and misspelled tags are the vendor's).
 */
#ifndef DOXE_SIM_CAMERA_H
#define DOXE_SIM_CAMERA_H

#include "proto/base/out.h"
#include "proto/base/prng.h"
#include "proto/base/time.h"
#include "proto/vehicle.h"

enum { CAMERA_BODY_CAP = 4096, CAMERA_UUID_CAP = 37, CAMERA_TYPE_CAP = 96 };

struct camera_shot {
    int lane;             /* 1…; names the channel */
    const char *text;     /* as read, letters and digits; "" gives "unknown" */
    enum vehicle vehicle; /* what the picture shows */
    wall_t taken;
    char uuid[CAMERA_UUID_CAP]; /* the same for the same event sent again */
};

/* A new UUID (version 4 in form). */
void camera_make_uuid(struct prng *prng, char out[CAMERA_UUID_CAP]);
/*
 * `out` has at least CAMERA_BODY_CAP bytes; `content_type` gets the header's
 * value with the boundary.  `variant` (any number) chooses the firmware.
 */
void camera_write(const struct camera_shot *shot, unsigned variant, struct out *out,
                  char content_type[CAMERA_TYPE_CAP]);

#endif
