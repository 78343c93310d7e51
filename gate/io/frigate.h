/*
 * frigate.h - what Frigate says of a plate on its broker (docs of Frigate, integrations/mqtt).
 *
 * Pure: topic and payload in, a camera_event and Frigate's name of the camera out.
 *     <prefix>/tracked_object_update   {"type": "lpr", "id", "camera", "plate", "score", …}:
 *                                      again and again while the best reading improves
 *     <prefix>/events                  {"type": "new|update|end", "before", "after": {"id",
 *                                      "camera", "label", "recognized_license_plate",
 *                                      "recognized_license_plate_score", "sub_label", …}}
 *     <prefix>/<camera>/<label>/snapshot   a JPEG of what it sees best, again and again; it names
 *                                      no event, so frigate_link.h says which one it is of
 *     <prefix>/stats, /available       Frigate lives: a heartbeat of all its cameras
 * The reading's id is Frigate's event id in both, so all of them are one event and the best
 * score counts.  An event without a plate yet is ignored: most things a camera sees never
 * stand at a barrier; but read[0] has its id and its vehicle (label) even then, since
 * tracked_object_update does not say what the plate is on.  Where recognized_license_plate is not
 * among the keys (before 0.16, with the plate recognizer add-on) a sub_label with three digits or
 * more is taken. Times are seconds with a fraction.
 */
#ifndef DOXE_GATE_IO_FRIGATE_H
#define DOXE_GATE_IO_FRIGATE_H

#include "gate/io/camera_event.h"

enum { FRIGATE_CAMERA_CAP = 65 };

/*
 * `suffix` is the topic behind "<prefix>/".  `camera` gets Frigate's name, "" when all are
 * meant.  DX_E_FORMAT: not of this form; DX_E_RANGE, DX_E_MEMORY.
 */
DX_MUST_USE int frigate_read(struct str suffix, struct str payload,
                             char ret_camera[FRIGATE_CAMERA_CAP], struct camera_event *ret_event);

/*
 * Is this the topic of a picture of a vehicle?  Then whose, as above.  Those of persons and plates
 * are none for us.
 */
bool frigate_is_snapshot(struct str suffix, char ret_camera[FRIGATE_CAMERA_CAP]);

#endif
