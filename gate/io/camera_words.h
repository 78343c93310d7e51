/*
 * camera_words.h - what the makers' words mean, and ids from what they send.  Pure.
 */
#ifndef DOXE_GATE_IO_CAMERA_WORDS_H
#define DOXE_GATE_IO_CAMERA_WORDS_H

#include "gate/io/plate_read.h"

/* "SUVMPV", "twoWheelVehicle", "Motorcycle", "Pickup Truck", …; UNKNOWN for any other word. */
enum vehicle camera_vehicle(struct str word);
/* The plate's background: "white", "Yellow", …; UNKNOWN for any other word. */
enum plate_colour camera_colour(struct str word);
/* Does this say that there is no readable plate ("", "unknown", "noPlate", "无车牌")? */
bool camera_is_no_plate(struct str text);
/* The plate's text, or "" for camera_is_no_plate; cut between letters to what fits. */
void camera_plate(char out[PLATE_RAW_CAP], struct str text);
/* "96", "92.5", "0.95" as 0..1000: a fraction up to 1 counts as 0..1.  0 for anything else. */
int camera_confidence(struct str text);
/* 0..1000, whatever it was. */
int camera_clamp(int64_t confidence);
/*
 * The vendor's id as it is when it is short and of [A-Za-z0-9._-]; else a digest of it
 * with the prefix.
 */
void camera_vendor_id(char out[PLATE_VENDOR_ID_CAP], const char *prefix, struct str id);
/* Always the digest. */
void camera_digest_id(char out[PLATE_VENDOR_ID_CAP], const char *prefix, struct str text);
/* Does "2026-03-02T08:55:00…" say whose time it is? */
bool camera_has_zone(struct str time);
bool camera_looks_like_jpeg(struct str bytes);

#endif
