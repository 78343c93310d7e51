/*
 * etc_sender.h - asks the providers of traffic accounts (asker.h).  The conversation: docs/ETC.md.
 *
 * One POST a question, JSON in and out; the id is the idempotency key.  Whatever is no clear
 * answer counts as none, and is asked about, not done again.
 */
#ifndef DOXE_SERVER_ETC_SENDER_H
#define DOXE_SERVER_ETC_SENDER_H

#include "server/app/etc.h"
#include "server/io/asker.h"

/* NULL in *ret_asker when no provider is configured.  It ends with asker_stop. */
DX_MUST_USE int etc_sender_start(const struct server_config *config, struct app *app,
                                 struct asker **ret_asker);

/* What an answer means; pure.  `status` 0: none came. */
void etc_read_answer(int status, struct str body, struct etc_answer *ret_answer);

#endif
