/* page_stay.h - what the two files of the driver's page share; see page.h. */
#ifndef DOXE_SERVER_PAGE_STAY_H
#define DOXE_SERVER_PAGE_STAY_H

#include "server/web/page.h"

enum driver_state {
    DRIVER_ARRIVING,
    DRIVER_BACKED_OUT,
    DRIVER_DUE,
    DRIVER_DEBT,
    DRIVER_PAID,
    DRIVER_FREE,
    DRIVER_LEFT,
    DRIVER_REVIEW,
    DRIVER_BUSY
};
enum driver_state page_driver_state(const struct driver_view *view);

/* The second column: times, how the fee is made up, the price list, the vote, complaints. */
void page_stay_parts(struct html *h, const struct driver_view *view, enum driver_state state);

#endif
