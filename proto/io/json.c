#include "proto/io/json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A struct jdoc is a json_t under another name; these two are the only places that know. */
static const json_t *inner(const struct jdoc *node)
{
    return (const json_t *)node;
}

static const struct jdoc *outer(const json_t *value)
{
    return (const struct jdoc *)value;
}

/* jansson's iterators want a json_t that is not const, and do not write to it. */
static json_t *inner_mutable(const struct jdoc *node)
{
    return (json_t *)(uintptr_t)node;
}

static int fail(struct jdoc_error *error, int rc, int line, int column, size_t position,
                const char *text)
{
    if (error) {
        error->line = line;
        error->column = column;
        error->position = position;
        str_copy_cut(error->text, sizeof error->text, str_c(text));
    }
    return rc;
}

/* Byte position where nesting passes the limit, or text.n.  Brackets in strings do not count. */
static size_t too_deep_at(struct str text)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (in_string) {
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                in_string = false;
            }
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JDOC_DEPTH_MAX) {
                return i;
            }
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return text.n;
}

int jdoc_read_lenient(struct str text, enum jdoc_leniency leniency, struct jdoc **ret_root,
                      struct jdoc_error *error)
{
    if (text.n > JDOC_TEXT_MAX) {
        return fail(error, DX_E_RANGE, 0, 0, 0, "the text is too long");
    }
    size_t deep = too_deep_at(text);
    if (deep < text.n) {
        return fail(error, DX_E_RANGE, 0, 0, deep, "the text is nested too deeply");
    }
    size_t flags = leniency == JDOC_DUPLICATES_LAST ? 0 : JSON_REJECT_DUPLICATES;
    json_error_t theirs;
    json_t *root = json_loadb(text.n ? text.p : "", text.n, flags, &theirs);
    if (!root) {
        bool memory = json_error_code(&theirs) == json_error_out_of_memory;
        return fail(error, memory ? DX_E_MEMORY : DX_E_FORMAT, theirs.line, theirs.column,
                    theirs.position < 0 ? 0 : (size_t)theirs.position, theirs.text);
    }
    *ret_root = (struct jdoc *)root;
    return 0;
}

int jdoc_read(struct str text, struct jdoc **ret_root, struct jdoc_error *error)
{
    return jdoc_read_lenient(text, JDOC_STRICT, ret_root, error);
}

void jdoc_release(struct jdoc *root)
{
    json_decref((json_t *)root);
}

enum jdoc_kind jdoc_kind(const struct jdoc *node)
{
    if (!node) {
        return JDOC_NULL;
    }
    switch (json_typeof(inner(node))) {
    case JSON_OBJECT:
        return JDOC_OBJECT;
    case JSON_ARRAY:
        return JDOC_ARRAY;
    case JSON_STRING:
        return JDOC_STR;
    case JSON_INTEGER:
        return JDOC_INT;
    case JSON_REAL:
        return JDOC_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return JDOC_BOOL;
    case JSON_NULL:
        break;
    }
    return JDOC_NULL;
}

bool jdoc_is_null(const struct jdoc *node)
{
    return jdoc_kind(node) == JDOC_NULL;
}

const struct jdoc *jdoc_get(const struct jdoc *object, const char *key)
{
    return outer(json_object_get(inner(object), key));
}

bool jdoc_has(const struct jdoc *object, const char *key)
{
    return jdoc_get(object, key) != NULL;
}

/* The member, if it is there and not null; else why not. */
static int member(const struct jdoc *object, const char *key, const struct jdoc **ret_value)
{
    if (jdoc_kind(object) != JDOC_OBJECT) {
        return DX_E_FORMAT;
    }
    const struct jdoc *value = jdoc_get(object, key);
    if (jdoc_is_null(value)) {
        return DX_E_NOT_FOUND;
    }
    *ret_value = value;
    return 0;
}

int jdoc_get_str(const struct jdoc *object, const char *key, struct str *ret_value)
{
    const struct jdoc *value;
    int rc = member(object, key, &value);
    return rc ? rc : jdoc_str(value, ret_value);
}

int jdoc_get_i64(const struct jdoc *object, const char *key, int64_t *ret_value)
{
    return jdoc_get_i64_in(object, key, INT64_MIN, INT64_MAX, ret_value);
}

int jdoc_get_i64_in(const struct jdoc *object, const char *key, int64_t min, int64_t max,
                    int64_t *ret_value)
{
    const struct jdoc *value;
    int64_t number = 0;
    int rc = member(object, key, &value);
    if (rc == 0) {
        rc = jdoc_i64(value, &number);
    }
    if (rc) {
        return rc;
    }
    if (number < min || number > max) {
        return DX_E_RANGE;
    }
    *ret_value = number;
    return 0;
}

int jdoc_get_bool(const struct jdoc *object, const char *key, bool *ret_value)
{
    const struct jdoc *value;
    int rc = member(object, key, &value);
    return rc ? rc : jdoc_bool(value, ret_value);
}

static int member_of_kind(const struct jdoc *object, const char *key, enum jdoc_kind kind,
                          const struct jdoc **ret_value)
{
    const struct jdoc *value;
    int rc = member(object, key, &value);
    if (rc) {
        return rc;
    }
    if (jdoc_kind(value) != kind) {
        return DX_E_FORMAT;
    }
    *ret_value = value;
    return 0;
}

int jdoc_get_object(const struct jdoc *object, const char *key, const struct jdoc **ret_object)
{
    return member_of_kind(object, key, JDOC_OBJECT, ret_object);
}

int jdoc_get_array(const struct jdoc *object, const char *key, const struct jdoc **ret_array)
{
    return member_of_kind(object, key, JDOC_ARRAY, ret_array);
}

int jdoc_get_milli(const struct jdoc *object, const char *key, int64_t *ret_milli)
{
    const struct jdoc *value;
    int rc = member(object, key, &value);
    return rc ? rc : jdoc_milli(value, ret_milli);
}

int jdoc_str(const struct jdoc *node, struct str *ret_value)
{
    if (jdoc_kind(node) != JDOC_STR) {
        return DX_E_FORMAT;
    }
    *ret_value = (struct str){json_string_value(inner(node)), json_string_length(inner(node))};
    return 0;
}

int jdoc_i64(const struct jdoc *node, int64_t *ret_value)
{
    if (jdoc_kind(node) != JDOC_INT) {
        return DX_E_FORMAT;
    }
    *ret_value = json_integer_value(inner(node));
    return 0;
}

int jdoc_bool(const struct jdoc *node, bool *ret_value)
{
    if (jdoc_kind(node) != JDOC_BOOL) {
        return DX_E_FORMAT;
    }
    *ret_value = json_is_true(inner(node));
    return 0;
}

int jdoc_milli(const struct jdoc *node, int64_t *ret_milli)
{
    enum jdoc_kind kind = jdoc_kind(node);
    if (kind != JDOC_INT && kind != JDOC_REAL) {
        return DX_E_FORMAT;
    }
    double milli = json_number_value(inner(node)) * 1000.0;
    if (!(milli > -9e15 && milli < 9e15)) {
        return DX_E_RANGE;
    }
    *ret_milli = (int64_t)(milli < 0 ? milli - 0.5 : milli + 0.5);
    return 0;
}

/*
 * The digits of `value` (not 0, finite) with as few as read back to the same number, without
 * point and trailing zeros, and the exponent n of ECMA-262: value = 0.digits x 10^n.
 */
static void shortest_digits(double value, char digits[20], int *ret_n)
{
    char text[40];
    for (int precision = 1; precision <= 17; precision++) {
        snprintf(text, sizeof text, "%.*e", precision - 1, value);
        if (!(strtod(text, NULL) < value) && !(strtod(text, NULL) > value)) {
            break;
        }
    }
    size_t count = 0;
    const char *p = text;
    for (; *p && *p != 'e'; p++) {
        if (ascii_is_digit(*p)) {
            digits[count++] = *p;
        }
    }
    while (count > 1 && digits[count - 1] == '0') {
        count--;
    }
    digits[count] = '\0';
    *ret_n = (int)strtol(p + 1, NULL, 10) + 1;
}

/* ECMA-262 6.1.6.1.20 Number::toString, radix 10, for a value above 0. */
static void print_js(double value, char *out, size_t cap)
{
    char digits[20];
    int n;
    shortest_digits(value, digits, &n);
    int k = (int)strlen(digits);
    if (k <= n && n <= 21) {
        snprintf(out, cap, "%s%.*s", digits, n - k, "000000000000000000000");
    } else if (0 < n && n < k) {
        snprintf(out, cap, "%.*s.%s", n, digits, digits + n);
    } else if (-6 < n && n <= 0) {
        snprintf(out, cap, "0.%.*s%s", -n, "000000", digits);
    } else {
        snprintf(out, cap, "%c%s%se%c%d", digits[0], k > 1 ? "." : "", digits + 1,
                 n > 0 ? '+' : '-', n > 0 ? n - 1 : 1 - n);
    }
}

int jdoc_number_js(const struct jdoc *node, char out[JDOC_NUMBER_CAP])
{
    enum jdoc_kind kind = jdoc_kind(node);
    if (kind == JDOC_INT) {
        snprintf(out, JDOC_NUMBER_CAP, "%lld", (long long)json_integer_value(inner(node)));
        return 0;
    }
    if (kind != JDOC_REAL) {
        return DX_E_FORMAT;
    }
    double value = json_real_value(inner(node));
    if (!(value < 0) && !(value > 0)) {
        snprintf(out, JDOC_NUMBER_CAP, "0");
        return 0;
    }
    out[0] = '-';
    print_js(value < 0 ? -value : value, value < 0 ? out + 1 : out,
             JDOC_NUMBER_CAP - (value < 0 ? 1 : 0));
    return 0;
}

size_t jdoc_count(const struct jdoc *node)
{
    enum jdoc_kind kind = jdoc_kind(node);
    if (kind == JDOC_ARRAY) {
        return json_array_size(inner(node));
    }
    return kind == JDOC_OBJECT ? json_object_size(inner(node)) : 0;
}

const struct jdoc *jdoc_at(const struct jdoc *array, size_t index)
{
    return jdoc_kind(array) == JDOC_ARRAY ? outer(json_array_get(inner(array), index)) : NULL;
}

bool jdoc_next(const struct jdoc *object, struct jdoc_iter *it, struct str *ret_key,
               const struct jdoc **ret_value)
{
    if (jdoc_kind(object) != JDOC_OBJECT) {
        return false;
    }
    if (it->started && !it->at) {
        return false;
    }
    it->at = it->started ? json_object_iter_next(inner_mutable(object), it->at)
                         : json_object_iter(inner_mutable(object));
    it->started = true;
    if (!it->at) {
        return false;
    }
    *ret_key = (struct str){json_object_iter_key(it->at), json_object_iter_key_len(it->at)};
    *ret_value = outer(json_object_iter_value(it->at));
    return true;
}
