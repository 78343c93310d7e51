/*
 * hikvision.h - what a Hikvision plate camera pushes, read from the bytes of one HTTP body.
 *
 * Pure: no file, clock or log; only the XML parser's memory, freed before the
 * call ends.  The camera posts multipart/form-data with one XML part
 * (EventNotificationAlert) and pictures, or the XML alone.  What differs from
 * firmware to firmware, and is taken as it comes (ISAPI as found in the field;
 * tests/unit/hikvision_test.c has each one):
 *   - the XML part is called anpr.xml, xml_file, or nothing; pictures may be
 *     typed application/octet-stream: parts are known by their first bytes,
 *   - three namespaces, a prefix from recorders (ns1:), or none: only local
 *     names count,
 *   - confidenceLevel 96, 92.5 or 0.95: a fraction up to 1 counts as 0..1,
 *   - licensePlate "unknown": a vehicle without a readable plate,
 *   - other event types (VMD, videoloss, …) come to the same address: ignored.
 *
 * A document type declaration is refused, so no entity is ever expanded.
 *
 * Not here: who stores it and answers the camera (camera_http.h); the pull
 * interface; other makers.
 */
#ifndef DOXE_GATE_HIKVISION_H
#define DOXE_GATE_HIKVISION_H

#include "gate/io/plate_read.h"

enum {
    HIKVISION_PICTURES_MAX = 2,    /* the scene and the plate; further ones are passed over */
    HIKVISION_XML_MAX = 256 * 1024 /* bytes; the largest seen is 20 KiB */
};

enum hikvision_kind {
    HIKVISION_PLATE,  /* ret_push->read is filled */
    HIKVISION_IGNORED /* well-formed, but no plate event: answer 200 and forget it */
};

struct hikvision_push {
    enum hikvision_kind kind;
    char event_type[33];    /* "ANPR", "VMD", … */
    struct plate_read read; /* all but the camera's name, which the address tells */
    bool reverse;           /* the camera saw it drive backwards through its lane */
    int picture_count;
    struct str picture[HIKVISION_PICTURES_MAX]; /* JPEG bytes inside the body */
};

/*
 * DX_E_FORMAT: no XML in it, broken XML, a document type declaration, or an
 * ANPR event without its ANPR element.  DX_E_RANGE: XML longer than
 * HIKVISION_XML_MAX.  DX_E_MEMORY.
 */
DX_MUST_USE int hikvision_read(struct str content_type, struct str body,
                               struct hikvision_push *ret_push);

/* "96", "92.5", "0.95" as 0..1000; 0 for anything else.  Public for its test. */
int hikvision_confidence(struct str text);

#endif
