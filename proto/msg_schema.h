/*
 * msg_schema.h - JSON Schema (draft 2020-12) of each message, made from its field table.
 *
 * The schemas in docs/schema are what these functions write; a test compares
 * them, so that a changed field without a changed schema is a red test.
 * Unknown properties are allowed on purpose: readers ignore them.
 */
#ifndef DOXE_MSG_SCHEMA_H
#define DOXE_MSG_SCHEMA_H

#include "proto/base/out.h"

enum { MSG_SCHEMA_CAP = 16 * 1024 };

/* Messages with a schema: all event types, all down types, status. */
int msg_schema_count(void);
/* "event-arrived", "down-quote", "status"; the file is docs/schema/<name>.json. */
void msg_schema_name(int index, struct out *out);
/* The schema as indented JSON, one property a line. */
void msg_schema_write(int index, struct out *out);

#endif
