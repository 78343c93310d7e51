/*
 * dahua.h - what one part of a Dahua camera's event stream says.
 *
 * Pure: bytes in, a camera_event out; only the JSON reader's memory.  Two streams, three forms:
 *     snapManager    text/plain, lines "Events[0].TrafficCar.PlateNumber=30F12345", then the
 *                    picture as a part of its own (image/jpeg)
 *     eventManager   text/plain, "Code=TrafficJunction;action=Pulse;index=0;data={ JSON }"
 *     both           the word "Heartbeat"
 * Taken as found in the field:
 *   - the plate is TrafficCar.PlateNumber; else Object.Text when Object.ObjectType is Plate;
 *     else NonMotor.Plate.Text (motorbikes); else Plate.PlateNumber,
 *   - Confidence is 0..100, or 0..255 on some firmware (160 has been seen): above 100 it counts
 *     as 0..255,
 *   - RealUTC is the time.  UTC alone may be true or be Hanoi's wall clock (7 hours too much
 *     in the one sample there is): the one nearer to `now` is meant,
 *   - JSON that lacks commas between members is mended first.
 * The id of a reading: EventID and GroupID with the time; else time and plate.
 */
#ifndef DOXE_GATE_IO_DAHUA_H
#define DOXE_GATE_IO_DAHUA_H

#include "gate/io/camera_event.h"

enum { DAHUA_TEXT_MAX = 256 * 1024 };

/*
 * A text part.  DX_E_FORMAT: none of these forms, or an event with broken JSON; DX_E_RANGE: too
 * long; DX_E_MEMORY.
 */
DX_MUST_USE int dahua_read(struct str text, wall_t now, struct camera_event *ret_event);

#endif
