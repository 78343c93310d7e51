/* place.h - the lots of the configuration, for pages that show one. */
#ifndef DOXE_SERVER_PLACE_H
#define DOXE_SERVER_PLACE_H

#include "server/app/app.h"

/*
 * NULL: there is none of this name.  Any thread, and for as long as the app lives: only its
 * tariffs ever change, each by one atomic step (app.h).
 */
const struct app_lot *app_find_lot(struct app *app, struct str id);

#endif
