/*
 * etc_sender.h - asks the providers of traffic accounts, in a thread of its own.  The conversation:
 * docs/ETC.md.
 *
 * One POST a question, JSON in and out; the id is the idempotency key.  Whatever is no clear
 * answer counts as none, and is asked about, not done again.
 */
#ifndef DOXE_SERVER_ETC_SENDER_H
#define DOXE_SERVER_ETC_SENDER_H

#include "server/app/etc.h"
#include "server/io/config.h"

struct etc_sender;

/* NULL in *ret_sender when no provider is configured.  Starts its thread. */
DX_MUST_USE int etc_sender_start(const struct server_config *config, struct app *app,
                                 struct etc_sender **ret_sender);
/* NULL is fine. */
void etc_sender_stop(struct etc_sender *sender);

/* What an answer means; pure.  `status` 0: none came. */
void etc_read_answer(int status, struct str body, struct etc_answer *ret_answer);

#endif
