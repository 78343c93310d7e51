#include "proto/msg_schema.h"

#include "proto/base/check.h"
#include "proto/msg_fields.h"

struct message {
    const char *family, *word, *sentence;
    const struct msg_field *fields;
    int type;
};

static struct message message_at(int index)
{
    must(index >= 0 && index < msg_schema_count());
    if (index < EVENT_TYPE_COUNT) {
        return (struct message){"event", event_type_words[index], event_type_sentences[index],
                                event_fields, index};
    }
    index -= EVENT_TYPE_COUNT;
    if (index < DOWN_TYPE_COUNT) {
        return (struct message){"down", down_type_words[index], down_type_sentences[index],
                                down_fields, index};
    }
    if (index == DOWN_TYPE_COUNT) {
        return (struct message){"query", "query", "the lane asks again whether it was paid",
                                query_fields, 0};
    }
    return (struct message){"status", "status", "is the gate alive, and what are its lanes doing",
                            status_fields, 0};
}

int msg_schema_count(void)
{
    return EVENT_TYPE_COUNT + DOWN_TYPE_COUNT + 2;
}

void msg_schema_name(int index, struct out *out)
{
    struct message message = message_at(index);
    out_add_c(out, message.family);
    if (!str_eq_c(str_c(message.family), message.word)) {
        out_char(out, '-');
        for (const char *p = message.word; *p; p++) {
            out_char(out, *p == '_' ? '-' : *p);
        }
    }
}

static void indent(struct out *out, int level)
{
    out_char(out, '\n');
    for (int i = 0; i < level; i++) {
        out_add_c(out, "  ");
    }
}

static void write_object(struct out *out, const struct msg_field *fields, int type,
                         const char *type_word, int level);

/* "type": …, and the limits; the sentence of the row is its description. */
static void write_value(struct out *out, const struct msg_field *field, int level)
{
    switch (field->kind) {
    case FIELD_TEXT:
        out_fmt(out, "\"type\": \"string\", \"maxLength\": %d", (int)field->cap - 1);
        break;
    case FIELD_ULID:
        out_fmt(out, "\"type\": \"string\", \"pattern\": \"^%s[0-7][0-9A-HJKMNP-TV-Z]{25}%s$\"",
                field->required ? "" : "(", field->required ? "" : ")?");
        break;
    case FIELD_NAME:
        out_fmt(out, "\"type\": \"string\", \"pattern\": \"^[a-z0-9-]{%d,32}$\"",
                field->required ? 1 : 0);
        break;
    case FIELD_INT:
    case FIELD_SMALL:
        out_fmt(out, "\"type\": \"integer\", \"minimum\": %lld, \"maximum\": %lld",
                (long long)field->min, (long long)field->max);
        break;
    case FIELD_BOOL:
        out_add_c(out, "\"type\": \"boolean\"");
        break;
    case FIELD_WORD:
        out_add_c(out, "\"enum\": [");
        for (int i = 0; i < field->word_count; i++) {
            out_fmt(out, "%s\"%s\"", i ? ", " : "", field->words[i]);
        }
        out_char(out, ']');
        break;
    case FIELD_OBJECT:
        write_object(out, field->child, 0, NULL, level + 1);
        break;
    case FIELD_LIST:
        out_fmt(out, "\"type\": \"array\", \"maxItems\": %d, \"items\": {", (int)field->max);
        write_object(out, field->child, 0, NULL, level + 1);
        out_char(out, '}');
        break;
    }
}

static void write_properties(struct out *out, const struct msg_field *fields, int type,
                             const char *type_word, int level)
{
    const char *comma = "";
    out_add_c(out, "\"properties\": {");
    if (type_word) {
        indent(out, level + 1);
        out_fmt(out, "\"v\": {\"const\": %d},", MSG_VERSION);
        indent(out, level + 1);
        out_fmt(out, "\"type\": {\"const\": \"%s\"}", type_word);
        comma = ",";
    }
    for (const struct msg_field *field = fields; field->name; field++) {
        if (!msg_field_applies(field, type)) {
            continue;
        }
        out_add_c(out, comma);
        indent(out, level + 1);
        out_fmt(out, "\"%s\": {\"description\": \"%s\", ", field->name, field->allowed);
        write_value(out, field, level);
        out_char(out, '}');
        comma = ",";
    }
    indent(out, level);
    out_char(out, '}');
}

static void write_object(struct out *out, const struct msg_field *fields, int type,
                         const char *type_word, int level)
{
    const char *comma = "";
    out_add_c(out, "\"type\": \"object\",");
    indent(out, level);
    out_add_c(out, "\"required\": [");
    if (type_word) {
        out_add_c(out, "\"v\", \"type\"");
        comma = ", ";
    }
    for (const struct msg_field *field = fields; field->name; field++) {
        if (field->required && msg_field_applies(field, type)) {
            out_fmt(out, "%s\"%s\"", comma, field->name);
            comma = ", ";
        }
    }
    out_add_c(out, "],");
    indent(out, level);
    write_properties(out, fields, type, type_word, level);
}

void msg_schema_write(int index, struct out *out)
{
    struct message message = message_at(index);
    out_char(out, '{');
    indent(out, 1);
    out_add_c(out, "\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",");
    indent(out, 1);
    out_add_c(out, "\"title\": \"");
    msg_schema_name(index, out);
    out_add_c(out, "\",");
    indent(out, 1);
    out_fmt(out, "\"description\": \"%s\",", message.sentence);
    indent(out, 1);
    write_object(out, message.fields, message.type, message.word, 1);
    indent(out, 0);
    out_add_c(out, "}\n");
}
