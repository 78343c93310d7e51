/*
 * lane_display.h - what a lane shows, as JSON for programs and as lines for a text display.
 *
 * Pure.  The value and its sentences are the core's (gate/core/display.h); the
 * page is gate/console/lane_page.h.
 */
#ifndef DOXE_GATE_IO_LANE_DISPLAY_H
#define DOXE_GATE_IO_LANE_DISPLAY_H

#include "gate/core/display.h"
#include "gate/io/display_text.h"

/*
 * display.json: {"lane", "direction", "state", "plate", "last4", "vehicle",
 * "session", "amount_vnd", "fee_vnd", "paycode", "payload", "url", "hold",
 * "permit", "entered_ms", "valid_until_ms", "lines": {"vi": […], "en": […]}}.
 * Every member is always there: 0 or "" when it does not belong to the state.
 */
void lane_display_json(struct out *out, int lane, const struct lane_display *display);

/*
 * Lines for a display of so many lines and columns, Vietnamese in plain letters.
 * What a driver needs most comes first where lines are few: the amount and the
 * code before the sentence, the code before the plate.
 */
void lane_display_lines(const struct lane_display *display, struct display_text *text);

#endif
