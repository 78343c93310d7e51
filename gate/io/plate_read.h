/*
 * plate_read.h - one reading of a plate, whatever camera or engine it came from.
 *
 * A plain value, as the adapters (hikvision.h, …) make it and the journal's
 * spool keeps it.  The plate is the text as it was read; what it means is
 * decided by proto/plate.h in the core.  Pictures are not in here.
 */
#ifndef DOXE_GATE_PLATE_READ_H
#define DOXE_GATE_PLATE_READ_H

#include "proto/base/time.h"
#include "proto/plate.h"
#include "proto/vehicle.h"

enum {
    CAMERA_NAME_CAP = 33,    /* [a-z0-9-]{1,32} and NUL: the last part of /camera/<name> */
    PLATE_VENDOR_ID_CAP = 65 /* the camera's own name of the event, or a digest */
};

struct plate_read {
    char camera[CAMERA_NAME_CAP];
    char vendor_id[PLATE_VENDOR_ID_CAP]; /* the same again when the camera sends it again */
    char raw[PLATE_RAW_CAP];             /* "" when the camera saw a vehicle but no plate */
    enum vehicle vehicle;                /* what the camera believes; often UNKNOWN */
    enum plate_colour colour;            /* of the plate; often UNKNOWN */
    int confidence;                      /* 0..1000; 0 also when it was not told */
    bool has_taken;
    wall_t taken; /* by the camera's clock, which may be wrong */
    bool late;    /* the camera kept it back: it is of a vehicle that stood there then, not now */
};

#endif
