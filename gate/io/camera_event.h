/*
 * camera_event.h - what one message of a camera or an engine says, whoever made it.
 *
 * Each maker's parser (hikvision.h, dahua.h, plate_recognizer.h, openalpr.h,
 * frigate.h, onvif.h) is a pure function from bytes to this value; the way in
 * (camera_http.h, dahua_stream.h, onvif_pull.h, frigate_link.h) hands it to
 * camera_intake.h.  One message may name several vehicles.
 *
 * A later, better reading of the same event keeps its vendor_id and has a higher
 * confidence: the journal and the core take it as an amendment (docs/LANE.md, P2).
 */
#ifndef DOXE_GATE_IO_CAMERA_EVENT_H
#define DOXE_GATE_IO_CAMERA_EVENT_H

#include "gate/io/plate_read.h"

enum {
    CAMERA_READS_MAX = 8,
    CAMERA_PICTURES_MAX = 2,
    CAMERA_EVENT_TYPE_CAP = 33,
    CAMERA_URI_CAP = 256
};

enum camera_event_kind {
    CAMERA_IGNORED,   /* well-formed, but nothing for us: answer 200 and forget it */
    CAMERA_HEARTBEAT, /* the same, and the camera says that it is well */
    CAMERA_PLATE      /* read_count is 1 or more */
};

struct camera_event {
    enum camera_event_kind kind;
    char type[CAMERA_EVENT_TYPE_CAP]; /* the maker's word, for logs: "ANPR", "VMD", … */
    int read_count;
    struct plate_read
        read[CAMERA_READS_MAX]; /* all but the camera's name, which the address tells */
    bool reverse;               /* seen to drive backwards through its lane */
    int picture_count;
    struct str picture[CAMERA_PICTURES_MAX]; /* JPEG bytes inside the message */
    /* Where the picture of read[i] is, for those who ask the camera; "" nowhere. */
    char picture_uri[CAMERA_READS_MAX][CAMERA_URI_CAP];
};

#endif
