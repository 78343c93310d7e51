/*
 * evdev_keys.h - what a scanner that plays keyboard has typed, out of Linux input events.
 *
 * Pure: one event in, the bytes of a character out.  A US keyboard, as scanners
 * leave the factory: letters, digits, signs, shift, caps lock; Enter and keypad Enter
 * give CR, which ends a frame (proto/scan_frame.h).  A scanner that "types" what is no
 * ASCII holds Alt and types the number on the keypad: up to 255 the byte itself comes out,
 * above it the character in UTF-8.  Repeats of a held key count as nothing: a scanner does
 * not hold keys.
 *
 * Other layouts mix up signs (a '|' becomes something else); set the scanner to US, or
 * better to a serial line.  Not here: devices (scanner_line.h).
 */
#ifndef DOXE_GATE_IO_EVDEV_KEYS_H
#define DOXE_GATE_IO_EVDEV_KEYS_H

#include "proto/base/str.h"

enum { EVDEV_BYTES_MAX = 4 };

struct evdev_keys {
    bool shift_left, shift_right, alt, caps;
    int64_t number; /* typed on the keypad while Alt is held */
    bool has_number;
};

/* Bytes written to `out`.  `type`, `code`, `value` as in struct input_event. */
size_t evdev_keys_feed(struct evdev_keys *keys, unsigned type, unsigned code, int32_t value,
                       char out[EVDEV_BYTES_MAX]);
/* The kernel dropped events: what is being typed has a hole. */
bool evdev_keys_is_gap(unsigned type, unsigned code);
/* Press (and release) events that type this byte, for simulators; false when no key has it. */
bool evdev_keys_find(char byte, unsigned *ret_code, bool *ret_shift);

#endif
