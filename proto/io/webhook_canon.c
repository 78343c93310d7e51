#include "proto/io/webhook_canon.h"

#include "proto/signature.h"

#include <stdlib.h>

static void put(const struct canon_sink *sink, struct str piece)
{
    if (piece.n) {
        sink->put(sink->self, piece);
    }
}

/* The short escapes of JSON.stringify (ECMA-262, QuoteJSONString), or 0. */
static char short_escape(unsigned char c)
{
    switch (c) {
    case '"':
    case '\\':
        return (char)c;
    case '\b':
        return 'b';
    case '\t':
        return 't';
    case '\n':
        return 'n';
    case '\f':
        return 'f';
    case '\r':
        return 'r';
    default:
        return 0;
    }
}

static void put_escape(const struct canon_sink *sink, unsigned code)
{
    char text[8];
    int n = snprintf(text, sizeof text, "\\u%04x", code & 0xFFFF);
    put(sink, (struct str){text, (size_t)n});
}

static void put_quoted(const struct canon_sink *sink, struct str text)
{
    size_t from = 0;
    put(sink, STR("\""));
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        char escape[2] = {'\\', short_escape(c)};
        if (c >= 0x20 && !escape[1]) {
            continue;
        }
        put(sink, str_slice(text, from, i));
        from = i + 1;
        if (escape[1]) {
            put(sink, (struct str){escape, sizeof escape});
        } else {
            put_escape(sink, c);
        }
    }
    put(sink, str_slice(text, from, text.n));
    put(sink, STR("\""));
}

static int by_sorted_key(const void *a, const void *b)
{
    const struct canon_member *left = a;
    const struct canon_member *right = b;
    return signature_compare_keys(left->key, right->key);
}

static int by_own_order(const void *a, const void *b)
{
    const struct canon_member *left = a;
    const struct canon_member *right = b;
    if (signature_is_index_key(left->key) || signature_is_index_key(right->key)) {
        return signature_compare_keys(left->key, right->key);
    }
    return left->place < right->place ? -1 : left->place > right->place;
}

int canon_members(const struct jdoc *object, bool sorted, struct canon_member **ret_members,
                  size_t *ret_count)
{
    size_t count = jdoc_count(object);
    if (count == 0) {
        *ret_members = NULL;
        *ret_count = 0;
        return 0;
    }
    struct canon_member *members = calloc(count, sizeof *members);
    if (!members) {
        return DX_E_MEMORY;
    }
    struct jdoc_iter it = {0};
    for (size_t i = 0; i < count && jdoc_next(object, &it, &members[i].key, &members[i].value);
         i++) {
        members[i].place = i;
    }
    qsort(members, count, sizeof *members, sorted ? by_sorted_key : by_own_order);
    *ret_members = members;
    *ret_count = count;
    return 0;
}

static int put_object(const struct canon_sink *sink, const struct jdoc *object, bool sorted,
                      enum canon_mode below)
{
    struct canon_member *members;
    size_t count;
    int rc = canon_members(object, sorted, &members, &count);
    if (rc) {
        return rc;
    }
    put(sink, STR("{"));
    for (size_t i = 0; i < count && rc == 0; i++) {
        put(sink, i ? STR(",") : STR(""));
        put_quoted(sink, members[i].key);
        put(sink, STR(":"));
        rc = canon_value(sink, members[i].value, below);
    }
    put(sink, STR("}"));
    free(members);
    return rc;
}

static void put_index_key(const struct canon_sink *sink, size_t index)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%s\"%zu\":", index ? "," : "", index);
    put(sink, (struct str){text, (size_t)n});
}

/* What Object.keys makes of an array: an object with the indices as keys. */
static int put_indexed_array(const struct canon_sink *sink, const struct jdoc *array,
                             enum canon_mode below)
{
    int rc = 0;
    put(sink, STR("{"));
    for (size_t i = 0; i < jdoc_count(array) && rc == 0; i++) {
        put_index_key(sink, i);
        rc = canon_value(sink, jdoc_at(array, i), below);
    }
    put(sink, STR("}"));
    return rc;
}

static int put_array(const struct canon_sink *sink, const struct jdoc *array, enum canon_mode mode)
{
    int rc = 0;
    put(sink, STR("["));
    for (size_t i = 0; i < jdoc_count(array) && rc == 0; i++) {
        const struct jdoc *element = jdoc_at(array, i);
        bool indexed = mode == CANON_PAYOS && jdoc_kind(element) == JDOC_ARRAY;
        put(sink, i ? STR(",") : STR(""));
        rc = indexed ? put_indexed_array(sink, element, mode) : canon_value(sink, element, mode);
    }
    put(sink, STR("]"));
    return rc;
}

int canon_value(const struct canon_sink *sink, const struct jdoc *node, enum canon_mode mode)
{
    struct str text = {0};
    char number[JDOC_NUMBER_CAP];
    bool flag = false;
    switch (jdoc_kind(node)) {
    case JDOC_OBJECT:
        return put_object(sink, node, mode != CANON_TEXT, mode);
    case JDOC_ARRAY:
        return put_array(sink, node, mode);
    case JDOC_STR:
        if (jdoc_str(node, &text) == 0) {
            put_quoted(sink, text);
        }
        return 0;
    case JDOC_INT:
    case JDOC_REAL:
        if (jdoc_number_js(node, number) == 0) {
            put(sink, str_c(number));
        }
        return 0;
    case JDOC_BOOL:
        if (jdoc_bool(node, &flag) == 0) {
            put(sink, flag ? STR("true") : STR("false"));
        }
        return 0;
    case JDOC_NULL:
        break;
    }
    put(sink, STR("null"));
    return 0;
}

/* The bytes of the UTF-8 sequence that starts here; jansson has checked that it is valid. */
static size_t sequence(struct str text)
{
    unsigned char first = (unsigned char)text.p[0];
    return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/* A string as JavaScript indexes it: by UTF-16 unit, the halves of a pair as \udXXX. */
static void put_indexed_string(const struct canon_sink *sink, struct str text)
{
    size_t index = 0;
    put(sink, STR("{"));
    while (text.n) {
        size_t n = sequence(text);
        put_index_key(sink, index++);
        if (n < 4) {
            put_quoted(sink, str_slice(text, 0, n));
        } else {
            const unsigned char *p = (const unsigned char *)text.p;
            unsigned code =
                (p[0] & 7u) << 18 | (p[1] & 63u) << 12 | (p[2] & 63u) << 6 | (p[3] & 63u);
            put(sink, STR("\""));
            put_escape(sink, 0xD800 + ((code - 0x10000) >> 10));
            put(sink, STR("\""));
            put_index_key(sink, index++);
            put(sink, STR("\""));
            put_escape(sink, 0xDC00 + ((code - 0x10000) & 0x3FF));
            put(sink, STR("\""));
        }
        text = str_slice(text, n, text.n);
    }
    put(sink, STR("}"));
}

static int put_payos_element(const struct canon_sink *sink, const struct jdoc *element)
{
    struct str text = {0};
    switch (jdoc_kind(element)) {
    case JDOC_OBJECT:
        return put_object(sink, element, true, CANON_TEXT);
    case JDOC_ARRAY:
        return put_indexed_array(sink, element, CANON_TEXT);
    case JDOC_STR:
        if (jdoc_str(element, &text) == 0) {
            put_indexed_string(sink, text);
        }
        return 0;
    case JDOC_INT:
    case JDOC_REAL:
    case JDOC_BOOL:
        put(sink, STR("{}"));
        return 0;
    case JDOC_NULL:
        break;
    }
    return DX_E_FORMAT;
}

int canon_payos_array(const struct canon_sink *sink, const struct jdoc *array)
{
    int rc = 0;
    put(sink, STR("["));
    for (size_t i = 0; i < jdoc_count(array) && rc == 0; i++) {
        put(sink, i ? STR(",") : STR(""));
        rc = put_payos_element(sink, jdoc_at(array, i));
    }
    put(sink, STR("]"));
    return rc;
}
