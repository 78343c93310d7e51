/*
 * out.h - write text into a fixed space, and remember when it did not fit.
 *
 * The caller owns the bytes.  Every call after an overflow does nothing, so a
 * long chain needs one look at out_failed() at its end.  The text is always
 * ended with NUL.  No heap, so cores may use it.
 *
 * The json_… calls write compact JSON: they put the commas, escape strings and
 * refuse (fail) on text that is not UTF-8.  Nesting is at most OUT_DEPTH_MAX.
 */
#ifndef DOXE_BASE_OUT_H
#define DOXE_BASE_OUT_H

#include "proto/base/str.h"

enum { OUT_DEPTH_MAX = 16 };

struct out {
    char *p;
    size_t cap; /* bytes at p, the NUL included; at least 1 */
    size_t n;   /* bytes written, without the NUL */
    bool failed;
    bool comma[OUT_DEPTH_MAX]; /* a comma is due before the next member */
    int depth;
};

void out_init(struct out *out, char *space, size_t cap);
struct str out_str(const struct out *out);
/* Did anything not fit, or was any text no UTF-8? */
bool out_failed(const struct out *out);

void out_add(struct out *out, struct str text);
void out_add_c(struct out *out, const char *text);
void out_char(struct out *out, char c);
void out_i64(struct out *out, int64_t value);
__attribute__((format(printf, 2, 3))) void out_fmt(struct out *out, const char *format, ...);

/* In an object give a key, in an array or at the top NULL. */
void json_object(struct out *out, const char *key);
void json_object_end(struct out *out);
void json_array(struct out *out, const char *key);
void json_array_end(struct out *out);
void json_str(struct out *out, const char *key, struct str value);
void json_c(struct out *out, const char *key, const char *value); /* NULL writes null */
void json_i64(struct out *out, const char *key, int64_t value);
void json_bool(struct out *out, const char *key, bool value);
void json_null(struct out *out, const char *key);
/* A piece of JSON made elsewhere, put in as it is. */
void json_raw(struct out *out, const char *key, struct str json);

#endif
