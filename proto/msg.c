#include "proto/msg.h"

#include "proto/base/check.h"
#include "proto/msg_fields.h"

#include <string.h>

/* Enums and ints are read through memcpy: both are of one size with every compiler we use. */
_Static_assert(sizeof(enum event_type) == sizeof(int), "an enum is an int");
_Static_assert(sizeof(mono_t) == sizeof(int64_t) && sizeof(wall_t) == sizeof(int64_t), "plain");

static int int_at(const char *base, size_t offset)
{
    int value;
    memcpy(&value, base + offset, sizeof value);
    return value;
}

static int64_t i64_at(const char *base, size_t offset)
{
    int64_t value;
    memcpy(&value, base + offset, sizeof value);
    return value;
}

static void write_fields(struct out *out, const struct msg_field *fields, int type,
                         const char *base);

/* Is an optional field empty, and so left out? */
static bool is_empty(const struct msg_field *field, const char *base)
{
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_ULID:
    case FIELD_NAME:
        return base[field->offset] == '\0';
    case FIELD_INT:
        return i64_at(base, field->offset) == 0;
    case FIELD_LIST:
        return int_at(base, field->count_offset) == 0;
    case FIELD_OBJECT:
        /* Of the objects only a subject is optional; without a kind it says nothing. */
        return int_at(base, field->offset) == SUBJECT_NONE;
    case FIELD_SMALL:
    case FIELD_BOOL:
    case FIELD_WORD:
        return false;
    }
    return false;
}

static void write_list(struct out *out, const struct msg_field *field, const char *base)
{
    int count = int_at(base, field->count_offset);
    must(count >= 0 && count <= field->max);
    json_array(out, field->name);
    for (int i = 0; i < count; i++) {
        json_object(out, NULL);
        write_fields(out, field->child, 0, base + field->offset + (size_t)i * field->cap);
        json_object_end(out);
    }
    json_array_end(out);
}

static void write_word(struct out *out, const struct msg_field *field, const char *base)
{
    int value = int_at(base, field->offset);
    must(value >= 0 && value < field->word_count);
    json_c(out, field->name, field->words[value]);
}

static void write_field(struct out *out, const struct msg_field *field, const char *base)
{
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_ULID:
    case FIELD_NAME:
        json_c(out, field->name, base + field->offset);
        break;
    case FIELD_INT:
        json_i64(out, field->name, i64_at(base, field->offset));
        break;
    case FIELD_SMALL:
        json_i64(out, field->name, int_at(base, field->offset));
        break;
    case FIELD_BOOL: {
        bool value;
        memcpy(&value, base + field->offset, sizeof value);
        json_bool(out, field->name, value);
        break;
    }
    case FIELD_WORD:
        write_word(out, field, base);
        break;
    case FIELD_OBJECT:
        json_object(out, field->name);
        write_fields(out, field->child, 0, base + field->offset);
        json_object_end(out);
        break;
    case FIELD_LIST:
        write_list(out, field, base);
        break;
    }
}

static void write_fields(struct out *out, const struct msg_field *fields, int type,
                         const char *base)
{
    for (const struct msg_field *field = fields; field->name; field++) {
        if (msg_field_applies(field, type) && (field->required || !is_empty(field, base))) {
            write_field(out, field, base);
        }
    }
}

static void write_message(struct out *out, const char *type_word, const struct msg_field *fields,
                          int type, const void *message)
{
    json_object(out, NULL);
    json_i64(out, "v", MSG_VERSION);
    json_c(out, "type", type_word);
    write_fields(out, fields, type, message);
    json_object_end(out);
}

void event_write(struct out *out, const struct event *event)
{
    write_message(out, event_type_text(event->type), event_fields, (int)event->type, event);
}

void down_write(struct out *out, const struct down *down)
{
    write_message(out, down_type_text(down->type), down_fields, (int)down->type, down);
}

void query_write(struct out *out, const struct query *query)
{
    write_message(out, "query", query_fields, 0, query);
}

void status_write(struct out *out, const struct status *status)
{
    write_message(out, "status", status_fields, 0, status);
}
