/*
 * camera_kinds.h - the makers whose cameras and engines the street can play, and what they say.
 *
 *     hikvision        pushes multipart XML (camera.h)
 *     platerecognizer  pushes a webhook: JSON, or multipart with a field json and a picture
 *     openalpr         pushes alpr_results, and then the alpr_group of the vehicle
 *     onvif            keeps notifications until it is asked (camera_server.h)
 *     dahua            writes them into its endless stream (camera_server.h)
 *     frigate          publishes on its broker, twice with a better score
 *
 * Pure: bytes into `out`.  From event to event the variant changes what differs in the field.
 */
#ifndef DOXE_SIM_CAMERA_KINDS_H
#define DOXE_SIM_CAMERA_KINDS_H

#include "sim/live/camera.h"

#define MAKER_WORDS "hikvision|dahua|platerecognizer|openalpr|frigate|onvif"
enum maker {
    MAKER_HIKVISION,
    MAKER_DAHUA,
    MAKER_PLATERECOGNIZER,
    MAKER_OPENALPR,
    MAKER_FRIGATE,
    MAKER_ONVIF,
    MAKER_COUNT
};

/* DX_E_NOT_FOUND. */
DX_MUST_USE int maker_parse(struct str word, enum maker *ret_maker);
/* Does it push over HTTP by itself? */
bool maker_pushes(enum maker maker);
/* A pushed body; `out` has CAMERA_BODY_CAP bytes.  Only for those that push. */
void maker_write_push(enum maker maker, const struct camera_shot *shot, unsigned variant,
                      struct out *out, char content_type[CAMERA_TYPE_CAP]);
/* A Dahua event's text part and its picture, as parts of the stream. */
void maker_write_dahua(const struct camera_shot *shot, unsigned variant, struct out *out);
/* One wsnt:NotificationMessage. */
void maker_write_onvif(const struct camera_shot *shot, unsigned variant, struct out *out);
/* Payload of <prefix>/events when something comes into view: what it is, no plate yet. */
void maker_write_frigate_new(const struct camera_shot *shot, const char *camera, struct out *out);
/* Payload of <prefix>/tracked_object_update; `score` in 1000. */
void maker_write_frigate(const struct camera_shot *shot, const char *camera, int score,
                         struct out *out);

#endif
