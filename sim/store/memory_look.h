/*
 * memory_look.h - what stands in an image, for stories and summaries.
 *
 * Looking changes nothing, counts no operation and meets no planned fault.  Between two
 * turns of the server everything that is seen is committed.  A word that is "" means any.
 */
#ifndef DOXE_SIM_STORE_MEMORY_LOOK_H
#define DOXE_SIM_STORE_MEMORY_LOOK_H

#include "proto/base/out.h"
#include "sim/store/memory.h"

/* The latest session with this key (letters and digits of a plate), ended ones too. */
bool memory_look_session(const struct memory *memory, const char *key, struct session *ret_session);
/* … with this id. */
bool memory_look_stay(const struct memory *memory, const char *id, struct session *ret_session);
int memory_look_sessions(const struct memory *memory, const char *state);
/* Open ones: whose end is not known. */
int memory_look_inside(const struct memory *memory);
int memory_look_credits(const struct memory *memory, const char *verdict);
int memory_look_reviews(const struct memory *memory, const char *kind);
bool memory_look_alarm(const struct memory *memory, const char *code);
int memory_look_set_aside(const struct memory *memory);
/* Messages that wait for a gate's answer. */
int memory_look_waiting(const struct memory *memory);
/* The kinds of open reviews, and the codes of raised alarms, with blanks between. */
void memory_write_reviews(const struct memory *memory, struct out *out);
void memory_write_alarms(const struct memory *memory, struct out *out);
/* Transactions that do not sum to zero, or do not follow the one before: 0 is right. */
int memory_look_uneven(const struct memory *memory);

#endif
