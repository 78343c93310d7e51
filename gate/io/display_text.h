/*
 * display_text.h - sentences as the letters of a simple text display.
 *
 * LED panels at lanes know ASCII and a fixed number of lines and columns.  So
 * Vietnamese is folded to plain capitals (proto/fold.h), sentences are wrapped at
 * blanks while there are lines left, and what still does not fit is cut at the
 * end of a word.  Two letters go into one holding register, high byte first, a
 * line begins with a register; the rest is filled with blanks.
 *
 * Pure.  Not here: which sentences (gate/core/display.h), writing (modbus_bus.h).
 */
#ifndef DOXE_GATE_IO_DISPLAY_TEXT_H
#define DOXE_GATE_IO_DISPLAY_TEXT_H

#include "proto/base/str.h"

enum { DISPLAY_TEXT_LINES_MAX = 8, DISPLAY_TEXT_COLUMNS_MAX = 40, DISPLAY_TEXT_CAP = 128 };

struct display_text {
    int lines, columns; /* within the limits above, at least 1 */
    /* Each with its NUL, blanks behind the text not included. */
    char line[DISPLAY_TEXT_LINES_MAX][DISPLAY_TEXT_COLUMNS_MAX + 1];
};

/* Capital ASCII without control characters; cut to what fits. */
void display_text_fold(char *out, size_t cap, struct str text);
/*
 * Lay out `count` sentences of UTF-8, most important first kept: empty ones are
 * passed over; each gets one line, more while lines are left; those without a
 * line are left out.
 */
void display_text_lay(struct display_text *display, const struct str *sentences, int count);
/* lines * ((columns + 1) / 2) registers; returns how many. */
int display_text_pack(const struct display_text *display, uint16_t *ret_words);

#endif
