/*
 * desk_texts.h - every word on the attendant's console, in Vietnamese and English: one table.
 *
 * The page gets it whole (GET /api/texts) and asks by key; keys with a '_' and a word of a
 * message are made by the page: state_idle, hold_no_entry.  A test looks that each key the
 * scripts name is here and that each one here is used.
 */
#ifndef DOXE_GATE_DESK_TEXTS_H
#define DOXE_GATE_DESK_TEXTS_H

#include "gate/console/desk_words.h"
#include "gate/console/desk_words_more.h"
#include "proto/base/out.h"

/* {"vi": {key: text, …}, "en": {…}} */
void desk_texts_write(struct out *out);

#endif
