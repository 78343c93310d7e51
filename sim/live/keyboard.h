/*
 * keyboard.h - the key strokes of a scanner that plays keyboard (US layout), as Linux input events.
 *
 * Letters, digits and the signs of identity codes; CR and LF are Enter.  What is no ASCII is typed
 * as scanners do it: Alt held, the character's number on the keypad.
 */
#ifndef DOXE_SIM_KEYBOARD_H
#define DOXE_SIM_KEYBOARD_H

#include "proto/base/str.h"

/* Writes the events of `text` to `fd` (a pipe).  False when they did not fit. */
bool keyboard_type(int fd, struct str text);

#endif
