/*
 * values.h - the doors for gates that live in the same process: the simulator.
 *
 * Messages between gate and server are JSON.  Writing and reading them takes longer than all that
 * is decided, so a simulation of millions of visits may hand over the values themselves.  What is
 * decided, stored and said is the same; only the text is not made.  A simulation sends every so
 * often through the text too, so that the codec stays in the loop.
 *
 * Up:    app_post_event instead of app_post_message.
 * Down:  the port publish_down, when it is not NULL, gets acknowledgements, requests for a gap,
 *        quotes, payments and commands when they are said for the first time.  What the outbox
 *        repeats, and what was answered twice, comes as text through `publish` all the same.
 *        It must not call back into app; an error is as from `publish`.
 */
#ifndef DOXE_SERVER_VALUES_H
#define DOXE_SERVER_VALUES_H

#include "server/app/app.h"

/*
 * Copies.  Judged and applied as its text would be, and stored with an empty text.  DX_E_FULL: the
 * queue is full, its journal sends it again; DX_E_NOT_FOUND: no gate of the configuration.
 */
DX_MUST_USE int app_post_event(struct app *app, const struct event *event);

#endif
