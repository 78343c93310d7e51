/* page.h - the console's HTML, made here and escaped here. */
#ifndef DOXE_GATE_CONSOLE_PAGE_H
#define DOXE_GATE_CONSOLE_PAGE_H

#include "gate/core/display.h"
#include "proto/base/out.h"

enum { CONSOLE_PAGE_CAP = 96 * 1024, CONSOLE_NAME_CAP = 121 };

struct page_lane {
    int lane;
    bool exit;
    char name[CONSOLE_NAME_CAP];
    struct lane_display display;
};

/* `&`, `<`, `>` and quotes as entities: a plate never becomes markup. */
void page_escape(struct out *out, struct str text);
/* The lane's page, complete at once, so that it shows without scripts too. */
void page_lane_write(struct out *out, const char *title, const struct page_lane *lane);
/* What changes on it: the part that the script puts in place after an event. */
void page_lane_body(struct out *out, const struct page_lane *lane);
void page_index_write(struct out *out, const char *title, bool online,
                      const struct page_lane *lanes, int count);

#endif
