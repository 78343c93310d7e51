#include "proto/io/msg_json.h"

#include "proto/io/json.h"
#include "proto/msg_fields.h"
#include "proto/topic.h"

/* One value into the struct at `base`; false when it is not what the row allows. */
static bool read_field(const struct msg_field *field, const struct jdoc *value, char *base,
                       const char **why);

static bool read_fields(const struct msg_field *fields, int type, const struct jdoc *object,
                        char *base, const char **why)
{
    for (const struct msg_field *field = fields; field->name; field++) {
        if (!msg_field_applies(field, type)) {
            continue;
        }
        const struct jdoc *value = jdoc_get(object, field->name);
        if (jdoc_is_null(value)) {
            if (field->required) {
                *why = field->allowed;
                return false;
            }
            continue;
        }
        if (!read_field(field, value, base, why)) {
            return false;
        }
    }
    return true;
}

static bool read_text(const struct msg_field *field, const struct jdoc *value, char *base)
{
    struct str text;
    if (jdoc_str(value, &text) != 0) {
        return false;
    }
    bool empty_is_fine = !field->required && text.n == 0;
    if (field->kind == FIELD_ULID && !empty_is_fine && !ulid_is_valid(text)) {
        return false;
    }
    if (field->kind == FIELD_NAME && !empty_is_fine && !topic_name_is_valid(text)) {
        return false;
    }
    return str_copy(base + field->offset, field->cap, text) == 0;
}

static bool read_number(const struct msg_field *field, const struct jdoc *value, char *base)
{
    int64_t number;
    if (jdoc_i64(value, &number) != 0 || number < field->min || number > field->max) {
        return false;
    }
    if (field->kind == FIELD_SMALL) {
        int small = (int)number;
        memcpy(base + field->offset, &small, sizeof small);
    } else {
        memcpy(base + field->offset, &number, sizeof number);
    }
    return true;
}

static bool read_word(const struct msg_field *field, const struct jdoc *value, char *base)
{
    struct str text;
    if (jdoc_str(value, &text) != 0) {
        return false;
    }
    for (int i = 0; i < field->word_count; i++) {
        if (str_eq_c(text, field->words[i])) {
            memcpy(base + field->offset, &i, sizeof i);
            return true;
        }
    }
    return false;
}

static bool read_list(const struct msg_field *field, const struct jdoc *value, char *base,
                      const char **why)
{
    size_t count = jdoc_count(value);
    if (jdoc_kind(value) != JDOC_ARRAY || count > (size_t)field->max) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct jdoc *element = jdoc_at(value, i);
        if (jdoc_kind(element) != JDOC_OBJECT ||
            !read_fields(field->child, 0, element, base + field->offset + i * field->cap, why)) {
            return false;
        }
    }
    int stored = (int)count;
    memcpy(base + field->count_offset, &stored, sizeof stored);
    return true;
}

static bool read_bool(const struct msg_field *field, const struct jdoc *value, char *base)
{
    bool truth;
    if (jdoc_bool(value, &truth) != 0) {
        return false;
    }
    memcpy(base + field->offset, &truth, sizeof truth);
    return true;
}

static bool read_field(const struct msg_field *field, const struct jdoc *value, char *base,
                       const char **why)
{
    bool fine = false;
    *why = NULL;
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_ULID:
    case FIELD_NAME:
        fine = read_text(field, value, base);
        break;
    case FIELD_INT:
    case FIELD_SMALL:
        fine = read_number(field, value, base);
        break;
    case FIELD_BOOL:
        fine = read_bool(field, value, base);
        break;
    case FIELD_WORD:
        fine = read_word(field, value, base);
        break;
    case FIELD_OBJECT:
        fine = jdoc_kind(value) == JDOC_OBJECT &&
               read_fields(field->child, 0, value, base + field->offset, why);
        break;
    case FIELD_LIST:
        fine = read_list(field, value, base, why);
        break;
    }
    if (!fine && !*why) {
        *why = field->allowed; /* the innermost row that was broken */
    }
    return fine;
}

/* The index of the message's type, after its version was looked at. */
static int read_head(const struct jdoc *root, const char *const *words, int count, int *ret_type,
                     const char **ret_why)
{
    int64_t version;
    struct str type;
    if (jdoc_kind(root) != JDOC_OBJECT || jdoc_get_i64(root, "v", &version) != 0 ||
        jdoc_get_str(root, "type", &type) != 0) {
        *ret_why = "not an object with \"v\" and \"type\"";
        return DX_E_FORMAT;
    }
    if (version != MSG_VERSION) {
        *ret_why = "v: a version that is not known here";
        return DX_E_VERSION;
    }
    for (int i = 0; i < count; i++) {
        if (str_eq_c(type, words[i])) {
            *ret_type = i;
            return 0;
        }
    }
    *ret_why = "type: a word that is not known here";
    return DX_E_VERSION;
}

static int read_message(struct str text, const char *const *words, int word_count,
                        const struct msg_field *fields, void *base, int *ret_type,
                        const char **ret_why)
{
    struct jdoc *root;
    if (text.n > MSG_SIZE_MAX) {
        *ret_why = "longer than 16384 bytes";
        return DX_E_SPACE;
    }
    if (jdoc_read(text, &root, NULL) != 0) {
        *ret_why = "not valid JSON (strict: UTF-8, no duplicate keys, nothing behind it)";
        return DX_E_FORMAT;
    }
    int error = read_head(root, words, word_count, ret_type, ret_why);
    if (!error && !read_fields(fields, *ret_type, root, base, ret_why)) {
        error = DX_E_FORMAT;
    }
    jdoc_release(root);
    return error;
}

int event_read(struct str text, struct event *ret_event, const char **ret_why)
{
    struct event event = {0};
    int type = 0;
    int error = read_message(text, event_type_words, EVENT_TYPE_COUNT, event_fields, &event, &type,
                             ret_why);
    if (error) {
        return error;
    }
    event.type = (enum event_type)type;
    *ret_event = event;
    return 0;
}

int down_read(struct str text, struct down *ret_down, const char **ret_why)
{
    struct down down = {0};
    int type = 0;
    int error =
        read_message(text, down_type_words, DOWN_TYPE_COUNT, down_fields, &down, &type, ret_why);
    if (error) {
        return error;
    }
    down.type = (enum down_type)type;
    *ret_down = down;
    return 0;
}

int query_read(struct str text, struct query *ret_query, const char **ret_why)
{
    static const char *const words[] = {"query"};
    struct query query = {0};
    int type = 0;
    int error = read_message(text, words, 1, query_fields, &query, &type, ret_why);
    if (!error) {
        *ret_query = query;
    }
    return error;
}

int status_read(struct str text, struct status *ret_status, const char **ret_why)
{
    static const char *const words[] = {"status"};
    struct status status = {0};
    int type = 0;
    int error = read_message(text, words, 1, status_fields, &status, &type, ret_why);
    if (!error) {
        *ret_status = status;
    }
    return error;
}
