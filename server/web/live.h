/*
 * live.h - from the writer's small facts to server-sent events.
 *
 * A driver's page hears of its own stay at once.  The console and the city's page
 * hear at most every LIVE_CONSOLE_MS and LIVE_CITY_MS that something changed, how
 * much ever happens: a thread of its own gathers, so that the writer never waits.
 * What is pushed carries no data: the page asks for its part again, with its own rights.
 */
#ifndef DOXE_SERVER_LIVE_H
#define DOXE_SERVER_LIVE_H

#include "proto/io/http_srv.h"
#include "server/app/app.h"

enum { LIVE_CONSOLE_MS = 250, LIVE_CITY_MS = 1000 };

#define LIVE_CONSOLE "console"
#define LIVE_CITY    "city"

struct live;

DX_MUST_USE int live_new(struct http_srv *srv, struct live **ret_live);
void live_free(struct live *live);
/* From the writer's thread. */
void live_changed(struct live *live, const struct change *change);
/* "s:" and the token; 0, or DX_E_FORMAT when it is no token (then nothing listens to it). */
DX_MUST_USE int live_channel(struct str token, char out[HTTP_CHANNEL_CAP]);

#endif
