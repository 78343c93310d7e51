/*
 * msg_fields.h - the JSON form of every message, as tables.
 *
 * One row a field: its name on the wire, its kind and limits, which types of
 * message have it, and the sentence that says what is allowed.  The writer
 * (msg.c), the reader (io/msg_json.c), the JSON Schemas in docs/schema and the
 * checks of docs/asyncapi.yaml all walk these rows; a field is added by adding
 * a row, and in no second place.
 *
 * A field that a type does not have is neither written nor read.  An optional
 * one that holds nothing (empty text, zero, no list) is left out.
 */
#ifndef DOXE_MSG_FIELDS_H
#define DOXE_MSG_FIELDS_H

#include "proto/msg.h"

enum field_kind {
    FIELD_TEXT,   /* UTF-8, shorter than cap */
    FIELD_ULID,   /* 26 characters */
    FIELD_NAME,   /* [a-z0-9-]{1,32} */
    FIELD_INT,    /* int64_t in [min, max]; also a mono_t or wall_t in milliseconds */
    FIELD_SMALL,  /* int in [min, max] */
    FIELD_BOOL,   /* bool */
    FIELD_WORD,   /* an enum, by its word */
    FIELD_OBJECT, /* a struct described by `child` */
    FIELD_LIST    /* an array of such structs; the int at count_offset counts them, at most max */
};

struct msg_field {
    const char *name;
    enum field_kind kind;
    unsigned types; /* bit per event_type or down_type; 0: all */
    bool required;
    size_t offset;
    size_t cap; /* of texts; of one element in a list */
    int64_t min, max;
    const char *const *words;
    int word_count;
    const struct msg_field *child; /* ends with a row without name */
    size_t count_offset;
    const char *allowed; /* "seq: an integer from 1", for errors and schemas */
};

/* Each ends with a row without name. */
extern const struct msg_field event_fields[];
extern const struct msg_field down_fields[];
extern const struct msg_field query_fields[];
extern const struct msg_field status_fields[];

extern const char *const event_type_words[EVENT_TYPE_COUNT];
extern const char *const down_type_words[DOWN_TYPE_COUNT];
/* The sentence beside each word, for schemas and documents. */
extern const char *const event_type_sentences[EVENT_TYPE_COUNT];
extern const char *const down_type_sentences[DOWN_TYPE_COUNT];

/* Does a message of this type have this field? */
bool msg_field_applies(const struct msg_field *field, int type);

#endif
