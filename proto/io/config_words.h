/* config_words.h - what a row of a configuration table says to people.  For config*.c only. */
#ifndef DOXE_IO_CONFIG_WORDS_H
#define DOXE_IO_CONFIG_WORDS_H

#include "proto/io/config.h"

enum { CONFIG_WORDS_CAP = 400 };

/* "a whole number from 10 to 1000 (ms)"; `out` has CONFIG_WORDS_CAP bytes. */
void config_allowed(const struct config_field *field, char *out);
/* The key of the table that was probably meant, or NULL. */
const char *config_nearest(const struct config_field *schema, struct str key);

#endif
