/*
 * json.h - read JSON that came from outside: strictly, and without showing the library.
 *
 * A thin reader over jansson, which is included in json.c and nowhere else.  What
 * comes in is bank notices, broker messages, camera reports and API requests, so:
 *   - the whole text is one object or one array; nothing may follow it,
 *   - a key that occurs twice in one object is refused (two readers would see two
 *     amounts), unless the caller asks for the last one,
 *   - UTF-8 must be valid, NUL (even as \u0000) is refused,
 *   - at most JDOC_TEXT_MAX bytes and JDOC_DEPTH_MAX levels,
 *   - a number without fraction and exponent is an int64_t, exactly; one that does not
 *     fit is an error, never rounded.
 *
 * Not here: writing JSON (proto/base/out.h: the json_… calls), what a message means.
 * This header's names start with jdoc_, because both jansson and out.h own json_.
 * (Both define json_object and json_array.  Debian's libjansson binds its own calls to
 * itself, so the two do not meet; every unit test that reads an object would fail if they did.)
 *
 *     struct jdoc *root;
 *     struct jdoc_error error;
 *     int rc = jdoc_read(body, &root, &error);
 *     if (rc) { … error.text, error.line … }
 *     rc = jdoc_get_i64(root, "amount", &amount);
 *     jdoc_release(root);
 *
 * Everything handed out (struct str, inner nodes) points into the root and dies with it.
 */
#ifndef DOXE_IO_JSON_H
#define DOXE_IO_JSON_H

#include "proto/base/str.h"

enum { JDOC_TEXT_MAX = 1 << 20, JDOC_DEPTH_MAX = 32, JDOC_NUMBER_CAP = 40 };

/* Any value of a document.  Only ever seen by pointer. */
struct jdoc;

enum jdoc_kind {
    JDOC_NULL,
    JDOC_BOOL,
    JDOC_INT,
    JDOC_REAL,
    JDOC_STR,
    JDOC_ARRAY,
    JDOC_OBJECT,
};

/* What to let pass although the strict rules refuse it. */
enum jdoc_leniency {
    JDOC_STRICT = 0,
    JDOC_DUPLICATES_LAST = 1, /* OpenALPR repeats keys; the last value counts */
};

struct jdoc_error {
    int line, column; /* from 1; 0 when the whole text is meant */
    size_t position;  /* bytes from the start */
    char text[160];   /* a sentence for a log or an answer */
};

/*
 * DX_E_FORMAT: not JSON, or not strict.  DX_E_RANGE: longer or deeper than the limits.
 * DX_E_MEMORY.  `error` may be NULL; it is written on failure only.
 */
DX_MUST_USE int jdoc_read(struct str text, struct jdoc **ret_root, struct jdoc_error *error);
DX_MUST_USE int jdoc_read_lenient(struct str text, enum jdoc_leniency leniency,
                                  struct jdoc **ret_root, struct jdoc_error *error);
/* NULL is fine. */
void jdoc_release(struct jdoc *root);

enum jdoc_kind jdoc_kind(const struct jdoc *node);
/* NULL counts as null, so that jdoc_is_null(jdoc_get(…)) reads "absent or null". */
bool jdoc_is_null(const struct jdoc *node);

/* ---- members of an object by name ----
 *
 * DX_E_NOT_FOUND: absent, or null (few senders keep the two apart; jdoc_has does).
 * DX_E_FORMAT: there, but of another kind, or `object` is no object.
 * DX_E_RANGE: an integer outside [min, max].
 */
bool jdoc_has(const struct jdoc *object, const char *key);
/* The value of whatever kind; NULL when absent or when `object` is no object. */
const struct jdoc *jdoc_get(const struct jdoc *object, const char *key);
DX_MUST_USE int jdoc_get_str(const struct jdoc *object, const char *key, struct str *ret_value);
DX_MUST_USE int jdoc_get_i64(const struct jdoc *object, const char *key, int64_t *ret_value);
DX_MUST_USE int jdoc_get_i64_in(const struct jdoc *object, const char *key, int64_t min,
                                int64_t max, int64_t *ret_value);
DX_MUST_USE int jdoc_get_bool(const struct jdoc *object, const char *key, bool *ret_value);
DX_MUST_USE int jdoc_get_object(const struct jdoc *object, const char *key,
                                const struct jdoc **ret_object);
DX_MUST_USE int jdoc_get_array(const struct jdoc *object, const char *key,
                               const struct jdoc **ret_array);
/* An integer or a fraction, times 1000 and rounded: confidences ("0.913" gives 913). */
DX_MUST_USE int jdoc_get_milli(const struct jdoc *object, const char *key, int64_t *ret_milli);

/* ---- the value of a node itself; DX_E_FORMAT when it is of another kind (or NULL) ---- */
DX_MUST_USE int jdoc_str(const struct jdoc *node, struct str *ret_value);
DX_MUST_USE int jdoc_i64(const struct jdoc *node, int64_t *ret_value);
DX_MUST_USE int jdoc_bool(const struct jdoc *node, bool *ret_value);
/* DX_E_RANGE beyond ±9e15 after the multiplication. */
DX_MUST_USE int jdoc_milli(const struct jdoc *node, int64_t *ret_milli);
/*
 * A number as JavaScript prints it: 25000, 0.5, 1e+21, 1.5e-7 (ECMA-262, Number::toString).
 * Providers sign what their JavaScript printed, so the spelling in the text (25000.0,
 * 2.5e4) does not matter and the value does.  Integers stay exact digits beyond 2^53.
 */
DX_MUST_USE int jdoc_number_js(const struct jdoc *node, char out[JDOC_NUMBER_CAP]);

/* ---- walking ---- */

/* Elements of an array or members of an object; 0 for anything else and NULL. */
size_t jdoc_count(const struct jdoc *node);
/* NULL past the end and for what is no array. */
const struct jdoc *jdoc_at(const struct jdoc *array, size_t index);

/*
 * Members of an object in the order of the text:
 *
 *     struct jdoc_iter it = {0};
 *     while (jdoc_next(object, &it, &key, &value)) …
 */
struct jdoc_iter {
    void *at;
    bool started;
};
bool jdoc_next(const struct jdoc *object, struct jdoc_iter *it, struct str *ret_key,
               const struct jdoc **ret_value);

#endif
