/*
 * desk_fold.h - what one event of the journal changes in the console's book.
 *
 * The same event again changes nothing more (its id is a key).  What is not of
 * interest to a person at the console is passed over.
 */
#ifndef DOXE_GATE_DESK_FOLD_H
#define DOXE_GATE_DESK_FOLD_H

#include "gate/console/desk_book.h"

/* In a transaction of the caller.  An error of the database only. */
DX_MUST_USE int desk_fold(struct desk_book *book, const struct event *event);

#endif
