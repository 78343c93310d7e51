/*
 * feedback.h - what drivers say about a stay: that more was asked of them, and one vote.
 *
 * Both come from the driver's page, whose address is the right to speak for the stay; nobody
 * logs in.  A complaint lands among the reviews (kind "complaint") and counts, whatever
 * becomes of it, for the city's indicator of prices off the list.
 *
 * Both wait for the writer like the calls of app.h (DX_E_FULL, DX_E_TIMEOUT: ask again).
 */
#ifndef DOXE_SERVER_FEEDBACK_H
#define DOXE_SERVER_FEEDBACK_H

#include "server/app/app.h"
#include "server/store/store_feedback.h"

enum { FEEDBACK_SCORE_MAX = 5 };

/* 1 … 5, one vote a stay; another one replaces it.  DX_E_NOT_FOUND, DX_E_INVAL; DX_E_STATE: the
 * vehicle never came in. */
DX_MUST_USE int feedback_rate(struct app *app, struct str token, int score);
/*
 * `asked_vnd` is what the driver was asked for in all; `text` is UTF-8, "" none, and what does not
 * fit is cut.  DX_E_NOT_FOUND, DX_E_INVAL, DX_E_STATE as above; DX_E_EXISTS: one waits already.
 */
DX_MUST_USE int feedback_complain(struct app *app, struct str token, int64_t asked_vnd,
                                  struct str text);

#endif
