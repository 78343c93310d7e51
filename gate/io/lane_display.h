/*
 * lane_display.h - what a lane shows, as the lines of a text display.
 *
 * Pure.  The value and its sentences are the core's (gate/core/display.h); pages
 * and display.json are gate/console's.
 */
#ifndef DOXE_GATE_IO_LANE_DISPLAY_H
#define DOXE_GATE_IO_LANE_DISPLAY_H

#include "gate/core/display.h"
#include "gate/io/display_text.h"

/*
 * Vietnamese in plain letters.  What a driver needs most comes first where lines
 * are few: the amount and the code before the sentence, the code before the plate.
 */
void lane_display_lines(const struct lane_display *display, struct display_text *text);

#endif
