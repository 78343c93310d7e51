/*
 * fee_words.h - the lines of a fee in the other languages.
 *
 * The engine that prices (proto/tariff) says each line in Vietnamese and English, and those two
 * are what is kept and printed.  Its English is made of a small number of phrases with numbers
 * between them, so a page in another language says the phrases in its own words and leaves the rest
 * (a label of the tariff's author, amounts) as it is.
 */
#ifndef DOXE_SERVER_FEE_WORDS_H
#define DOXE_SERVER_FEE_WORDS_H

#include "proto/base/out.h"
#include "server/web/texts.h"

/* Plain text.  False: no phrase of it was known, and it was copied as it is. */
bool fee_words(struct out *out, const char *english, enum language language);

#endif
