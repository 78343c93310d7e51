/*
 * publish.h - what a lot's gates keep, told after each commit: retained `config` and `inside`.
 *
 * From the committed state alone.  A change of a stay marks its part of `inside`; a part is told at
 * most every PUBLISH_EVERY_MS a lot, so that a rush at one gate is one message.  The
 * configuration is told when its content has changed.  docs/PROTOCOL.md, "What the lot's
 * gates keep".
 */
#ifndef DOXE_SERVER_PUBLISH_H
#define DOXE_SERVER_PUBLISH_H

#include "server/app/desk.h"

enum { PUBLISH_EVERY_MS = 2000, PUBLISH_A_TURN = 64 };

/* After a commit, outside a transaction.  What could not be said is said in a later turn. */
void publish_look(struct desk *desk);
void publish_all_again(struct desk *desk);

#endif
