/*
 * openalpr.h - what an OpenALPR (Rekor Scout) agent posts: JSON of three kinds.
 *
 * Pure: bytes of one HTTP body in, a camera_event out; only the JSON reader's memory.
 *     alpr_results   one picture: uuid, results[] with plate, confidence 0..100, candidates
 *     alpr_group     one vehicle over several pictures: best_uuid, best_plate_number or
 *                    best_plate, best_confidence, vehicle.body_type
 *     heartbeat      the agent lives
 * The daemon writes img_width and img_height twice: the last one counts.  A group's reading
 * has the id of its best picture, so it amends that picture's reading when it is better and
 * is no second one (its confidence is the group's).  epoch_time is the time of the picture.
 */
#ifndef DOXE_GATE_IO_OPENALPR_H
#define DOXE_GATE_IO_OPENALPR_H

#include "gate/io/camera_event.h"

/* DX_E_FORMAT: no JSON, or no data_type.  DX_E_RANGE: too long or deep.  DX_E_MEMORY. */
DX_MUST_USE int openalpr_read(struct str content_type, struct str body,
                              struct camera_event *ret_event);

#endif
