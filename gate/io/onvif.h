/*
 * onvif.h - plates in ONVIF notifications, and the few SOAP messages of a pull point.
 *
 * Pure: bytes in, values out; only the XML parser's memory.  A notification is the same
 * whether the device pushes it (Notify) or is asked (PullMessagesResponse):
 *     NotificationMessage / Topic: …RuleEngine/Recognition/LicensePlate…
 *     Message/@UtcTime; Source and Key SimpleItems (VideoSource, Rule, ObjectId); Data with
 *     LicensePlateInfo/PlateNumber[@Likelihood 0..1, absent = 1], SimpleItem Likelihood,
 *     VehicleInfo/Type                       (ONVIF Analytics Service Specification, Annex)
 * Only local names count: makers bind prefixes as they like.  Some put the number in a
 * SimpleItem PlateNumber (or Plate) instead: taken too.  Notifications of other topics are
 * passed over; a message with none for us is ignored, and says that the device lives.
 * VehicleImageURI, or else ImageURI, says where a picture of it is (picture_uri); parts of a MIME
 * message are pictures themselves.  Images inside the XML are passed over.
 * The id of a reading: ObjectId when there is one, with source and rule; else those and
 * UtcTime.  A later message of the same ObjectId with a higher likelihood is an amendment.
 *
 * Not here: the network (onvif_pull.h).
 */
#ifndef DOXE_GATE_IO_ONVIF_H
#define DOXE_GATE_IO_ONVIF_H

#include "gate/io/camera_event.h"
#include "proto/base/out.h"

enum { ONVIF_ADDRESS_CAP = 256, ONVIF_FAULT_CAP = 120 };

/* DX_E_FORMAT: no XML, or no SOAP or notification in it.  DX_E_RANGE, DX_E_MEMORY. */
DX_MUST_USE int onvif_read(struct str content_type, struct str body,
                           struct camera_event *ret_event);

/* What a device answers to CreatePullPointSubscription, or a fault in its words. */
struct onvif_answer {
    char address[ONVIF_ADDRESS_CAP]; /* of the subscription; "" none */
    char fault[ONVIF_FAULT_CAP];     /* "" none */
};
DX_MUST_USE int onvif_read_answer(struct str body, struct onvif_answer *ret_answer);

/* The bodies that are sent; `to` is the subscription's address. */
void onvif_write_create(struct out *out);
void onvif_write_pull(struct out *out, const char *to, int timeout_s, int limit);
void onvif_write_renew(struct out *out, const char *to, int lifetime_s);

#endif
