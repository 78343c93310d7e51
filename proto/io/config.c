#include "proto/io/config.h"

#include "proto/base/check.h"
#include "proto/base/out.h"
#include "proto/base/time.h"
#include "proto/io/config_words.h"

#include <stdlib.h>

/* ---- durations ---- */

static const struct {
    const char *word;
    int64_t ms;
} units[] = {{"d", TIME_DAY_MS},
             {"h", TIME_HOUR_MS},
             {"min", TIME_MINUTE_MS},
             {"s", TIME_SECOND_MS},
             {"ms", 1}};
enum { UNIT_COUNT = sizeof units / sizeof units[0] };

int config_parse_duration(struct str text, int64_t *ret_ms)
{
    int64_t sum = 0;
    int from = 0; /* units must come biggest first, each once */
    if (str_eq_c(text, "0")) {
        *ret_ms = 0;
        return 0;
    }
    do {
        size_t digits = 0;
        size_t end;
        int64_t value = 0;
        while (digits < text.n && ascii_is_digit(text.p[digits])) {
            digits++;
        }
        for (end = digits; end < text.n && ascii_is_alpha(text.p[end]); end++) {
        }
        int error = str_parse_i64(str_slice(text, 0, digits), 0, INT32_MAX, &value);
        if (error) {
            return error;
        }
        struct str word = str_slice(text, digits, end);
        int i = from;
        while (i < UNIT_COUNT && !str_eq_c(word, units[i].word)) {
            i++;
        }
        if (i == UNIT_COUNT) {
            return DX_E_FORMAT;
        }
        sum += value * units[i].ms;
        from = i + 1;
        text = str_slice(text, end, text.n);
    } while (text.n);
    *ret_ms = sum;
    return 0;
}

void config_format_duration(int64_t ms, char *out)
{
    struct out text;
    out_init(&text, out, CONFIG_DURATION_CAP);
    for (int i = 0; i < UNIT_COUNT; i++) {
        if (ms >= units[i].ms) {
            out_i64(&text, ms / units[i].ms);
            out_add_c(&text, units[i].word);
            ms %= units[i].ms;
        }
    }
    if (text.n == 0) {
        out_char(&text, '0');
    }
}

/* ---- one value ---- */

/* Every reader below takes the place to write to, or NULL to check only. */
static int read_map(struct ynode map, const struct config_field *schema, char *at);

static void store_int(const struct config_field *field, void *at, int64_t value)
{
    int16_t two = (int16_t)value;
    int32_t four = (int32_t)value;
    if (!at) {
        return;
    }
    if (field->size == sizeof value) {
        memcpy(at, &value, sizeof value);
    } else if (field->size == sizeof four) {
        memcpy(at, &four, sizeof four);
    } else {
        must(field->size == sizeof two);
        memcpy(at, &two, sizeof two);
    }
}

static int read_string(struct ynode node, const struct config_field *field, char *at)
{
    size_t cap =
        field->max && (size_t)field->max < field->size ? (size_t)field->max + 1 : field->size;
    char text[4096];
    must(cap <= sizeof text);
    int error = ynode_string(node, (size_t)field->min, text, cap);
    if (!error && field->type == CONFIG_PATH && strchr(text, '\n')) {
        error = ynode_fail(node, "a line break is not allowed in the name of a file");
    }
    if (!error && at) {
        memcpy(at, text, strlen(text) + 1);
    }
    return error;
}

static int read_flags(struct ynode node, const struct config_field *field, char *at)
{
    uint32_t bits = 0;
    int error = ynode_expect(node, YNODE_LIST);
    if (!error && ynode_count(node) == 0 && field->required) {
        error = ynode_fail(node, "an empty list is not allowed; at least one word");
    }
    for (struct ynode m = ynode_first(node); !error && ynode_exists(m); m = ynode_next(m)) {
        int index = 0;
        error = ynode_enum(m, field->allowed, &index);
        if (!error && (bits & UINT32_C(1) << index)) {
            error = ynode_fail(m, "this word is there already");
        }
        if (!error) {
            bits |= UINT32_C(1) << index;
        }
    }
    if (!error && at) {
        memcpy(at, &bits, sizeof bits);
    }
    return error;
}

static int refuse_text(struct ynode node, const struct config_field *field)
{
    char allowed[CONFIG_WORDS_CAP];
    struct str text = str_slice(ynode_text(node), 0, 64);
    while (text.n && !str_is_utf8(text)) {
        text.n--;
    }
    config_allowed(field, allowed);
    return ynode_fail(node, "'%.*s' is not allowed; %s", (int)text.n, text.p, allowed);
}

static int read_duration(struct ynode node, const struct config_field *field, char *at)
{
    int64_t ms = 0;
    int error = ynode_expect(node, YNODE_SCALAR);
    if (error) {
        return error;
    }
    if (config_parse_duration(ynode_text(node), &ms) || ms < field->min || ms > field->max) {
        return refuse_text(node, field);
    }
    if (at) {
        must(field->size == sizeof ms);
        memcpy(at, &ms, sizeof ms);
    }
    return 0;
}

static int read_custom(struct ynode node, const struct config_field *field, char *at)
{
    union {
        char bytes[256];
        int64_t align;
    } scratch;
    int error = ynode_expect(node, YNODE_SCALAR);
    if (error) {
        return error;
    }
    must(field->size <= sizeof scratch);
    memset(&scratch, 0, sizeof scratch);
    if (field->parse(ynode_text(node), &scratch)) {
        return refuse_text(node, field);
    }
    if (at) {
        memcpy(at, scratch.bytes, field->size);
    }
    return 0;
}

static int read_value(struct ynode node, const struct config_field *field, char *at);

static int read_list(struct ynode node, const struct config_field *field, char *at, int *ret_count)
{
    int error = ynode_expect(node, YNODE_LIST);
    if (error) {
        return error;
    }
    int count = ynode_count(node);
    if (count > field->children_max || count < (field->required ? 1 : 0)) {
        return ynode_fail(node, "%d entries are not allowed; from %d to %d", count,
                          field->required ? 1 : 0, field->children_max);
    }
    for (struct ynode m = ynode_first(node); !error && ynode_exists(m); m = ynode_next(m)) {
        if (field->children->key[0] == '\0') {
            error = read_value(m, field->children, at);
        } else {
            error = ynode_expect(m, YNODE_MAP);
            error = error ? error : read_map(m, field->children, at);
        }
        at = at ? at + field->child_size : NULL;
    }
    *ret_count = count;
    return error;
}

static int read_value(struct ynode node, const struct config_field *field, char *at)
{
    int64_t value = 0;
    bool truth = false;
    int index = 0;
    int error = 0;
    switch (field->type) {
    case CONFIG_STRING:
    case CONFIG_PATH:
        return read_string(node, field, at);
    case CONFIG_INT:
        error = ynode_int(node, field->min, field->max, field->unit, &value);
        break;
    case CONFIG_BOOL:
        error = ynode_bool(node, &truth);
        if (!error && at) {
            memcpy(at, &truth, sizeof truth);
        }
        return error;
    case CONFIG_ENUM:
        error = ynode_enum(node, field->allowed, &index);
        value = index;
        break;
    case CONFIG_FLAGS:
        return read_flags(node, field, at);
    case CONFIG_DURATION:
        return read_duration(node, field, at);
    case CONFIG_CUSTOM:
        return read_custom(node, field, at);
    case CONFIG_MAP:
        error = ynode_expect(node, YNODE_MAP);
        return error ? error : read_map(node, field->children, at);
    case CONFIG_LIST:
    case CONFIG_SKIP:
    case CONFIG_NONE:
        return 0;
    }
    if (!error) {
        store_int(field, at, value);
    }
    return error;
}

/* ---- a mapping ---- */

/* What a key that is not there becomes. */
static void set_default(const struct config_field *field, char *at)
{
    struct ydoc *doc = NULL;
    char error[YAML_ERROR_CAP];
    if (field->type == CONFIG_MAP) {
        for (const struct config_field *child = field->children; child->key; child++) {
            if (child->type != CONFIG_SKIP) {
                set_default(child, at + child->offset);
            }
        }
        return;
    }
    memset(at, 0, field->type == CONFIG_LIST ? 0 : field->size);
    if (!field->default_text) {
        return;
    }
    if (field->type == CONFIG_STRING || field->type == CONFIG_PATH) {
        must(str_copy(at, field->size, str_c(field->default_text)) == 0);
        return;
    }
    /* A default goes through the same door as a value in a file. */
    must(ydoc_load_text("default", str_c(field->default_text), error, sizeof error, &doc) == 0);
    must(read_value(ydoc_root(doc), field, at) == 0);
    ydoc_free(doc);
}

static int missing(struct ynode map, const struct config_field *field)
{
    char allowed[CONFIG_WORDS_CAP];
    config_allowed(field, allowed);
    return ynode_fail(map, "'%s' is missing; %s", field->key, allowed);
}

static int unknown(struct ynode member, const struct config_field *schema)
{
    char keys[CONFIG_WORDS_CAP];
    struct out out;
    const char *nearest = config_nearest(schema, ynode_key(member));
    out_init(&out, keys, sizeof keys);
    for (const struct config_field *field = schema; field->key; field++) {
        out_fmt(&out, "%s%s", out.n ? ", " : "", field->key);
    }
    return ynode_fail(member, "unknown; %s%s%sallowed: %s", nearest ? "did you mean '" : "",
                      nearest ? nearest : "", nearest ? "'? " : "", keys);
}

static int read_member(struct ynode map, const struct config_field *field, char *at)
{
    struct ynode node = ynode_get(map, field->key);
    bool present = ynode_exists(node);
    int count = present ? 1 : 0;
    int error = 0;
    if (!present && field->required) {
        return missing(map, field);
    }
    if (present && field->type == CONFIG_LIST) {
        error = read_list(node, field, at ? at + field->offset : NULL, &count);
    } else if (present) {
        error = read_value(node, field, at ? at + field->offset : NULL);
    } else if (at && field->type != CONFIG_SKIP) {
        set_default(field, at + field->offset);
    }
    if (!error && at && field->counted) {
        memcpy(at + field->count_offset, &count, sizeof count);
    }
    return error;
}

static int read_map(struct ynode map, const struct config_field *schema, char *at)
{
    for (struct ynode m = ynode_first(map); ynode_exists(m); m = ynode_next(m)) {
        const struct config_field *field = schema;
        while (field->key && !str_eq_c(ynode_key(m), field->key)) {
            field++;
        }
        if (!field->key) {
            return unknown(m, schema);
        }
    }
    for (const struct config_field *field = schema; field->key; field++) {
        int error = read_member(map, field, at);
        if (error) {
            return error;
        }
    }
    return 0;
}

int config_read_node(struct ynode map, const struct config_field *schema, void *ret_struct)
{
    int error = ynode_expect(map, YNODE_MAP);
    if (!error) {
        error = read_map(map, schema, NULL);
    }
    if (!error) {
        error = read_map(map, schema, ret_struct);
    }
    return error;
}

static int read_doc(int loaded, struct ydoc *doc, const struct config_field *schema,
                    void *ret_struct)
{
    if (loaded) {
        return loaded;
    }
    int error = config_read_node(ydoc_root(doc), schema, ret_struct);
    ydoc_free(doc);
    return error;
}

int config_read(const char *path, const struct config_field *schema, void *ret_struct, char *error,
                size_t error_cap)
{
    struct ydoc *doc = NULL;
    int loaded = ydoc_load_file(path, error, error_cap, &doc);
    return read_doc(loaded, doc, schema, ret_struct);
}

int config_read_text(const char *name, struct str text, const struct config_field *schema,
                     void *ret_struct, char *error, size_t error_cap)
{
    struct ydoc *doc = NULL;
    int loaded = ydoc_load_text(name, text, error, error_cap, &doc);
    return read_doc(loaded, doc, schema, ret_struct);
}
