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
 *   - the plate is licensePlate, or plateNumber,
 *   - other event types (VMD, …) come to the same address: ignored; heartBeat, and a
 *     videoloss whose state is inactive, say that the camera lives.
 *
 * A document type declaration is refused, so no entity is ever expanded.
 *
 * Not here: who stores it and answers the camera (camera_http.h); the pull
 * interface; other makers.
 */
#ifndef DOXE_GATE_HIKVISION_H
#define DOXE_GATE_HIKVISION_H

#include "gate/io/camera_event.h"

/*
 * DX_E_FORMAT: no XML in it, broken XML, a document type declaration, or an
 * ANPR event without its ANPR element.  DX_E_RANGE: XML longer than XML_SIZE_MAX.
 * DX_E_MEMORY.
 */
DX_MUST_USE int hikvision_read(struct str content_type, struct str body,
                               struct camera_event *ret_event);

#endif
