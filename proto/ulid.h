/*
 * ulid.h - names of things made at the gate: sortable by time, unique without asking anybody.
 *
 * 26 characters of Crockford's base 32 (no I, L, O, U): 48 bits of milliseconds
 * since 1970 and 80 random bits (ulid specification, canonical string form).
 * A session id is made before anything is sent, so no id ever waits for the
 * server.  The random bytes are the caller's: cores get them inside the event.
 */
#ifndef DOXE_ULID_H
#define DOXE_ULID_H

#include "proto/base/time.h"

enum { ULID_CAP = 27, ULID_RANDOM_SIZE = 10 };

void ulid_make(char out[ULID_CAP], wall_t now, const uint8_t random[ULID_RANDOM_SIZE]);
/* 26 characters of the alphabet, upper case, first one at most '7'. */
bool ulid_is_valid(struct str text);
/* When it was made; 0 for a text that is no ULID. */
wall_t ulid_time(const char *ulid);

#endif
