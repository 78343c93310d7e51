/*
 * plate_recognizer.h - what Plate Recognizer's engines post: Stream webhooks and Snapshot answers.
 *
 * Pure: bytes of one HTTP body in, a camera_event out; only the JSON reader's memory.
 * Shapes (guides.platerecognizer.com, Stream results):
 *   - the JSON alone, or multipart/form-data with a field `json` and a picture `upload`, or a
 *     form with a field `json`,
 *   - {"hook": {…}, "data": {…}} (Stream), or data's members at the top (Snapshot, older hooks),
 *   - results[]: plate in lower case, score 0..1, vehicle.type, box,
 *   - no results: a picture in which nothing was read; ignored,
 *   - hook.event that is no "recognition": the engine says how its cameras are; a heartbeat.
 * The id of a reading is the engine's name of the picture (filename, else time) and the place
 * among its results, so that a webhook that comes again, or again with a better plate, is the
 * same event.  A time without a zone (Snapshot) is not used: whose it is is not said.
 */
#ifndef DOXE_GATE_IO_PLATE_RECOGNIZER_H
#define DOXE_GATE_IO_PLATE_RECOGNIZER_H

#include "gate/io/camera_event.h"

/* DX_E_FORMAT: no JSON in it, or not of this form.  DX_E_RANGE: too long or deep.  DX_E_MEMORY. */
DX_MUST_USE int plate_recognizer_read(struct str content_type, struct str body,
                                      struct camera_event *ret_event);

#endif
