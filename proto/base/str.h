/*
 * str.h - text as a pointer and a length, and strict parsing of numbers.
 *
 * A struct str borrows: it owns nothing, need not end in NUL and may hold any
 * byte.  What is kept longer than a call is copied with str_copy.
 */
#ifndef DOXE_BASE_STR_H
#define DOXE_BASE_STR_H

#include "proto/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *p; /* never NULL when n > 0 */
    size_t n;      /* bytes */
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})

/* The bytes of a C string; NULL gives the empty string. */
struct str str_c(const char *text);
bool str_eq(struct str a, struct str b);
bool str_eq_c(struct str a, const char *b);
/* ASCII letters compared without case. */
bool str_eq_nocase(struct str a, struct str b);
bool str_starts(struct str text, struct str prefix);
/* Index of the first such byte, or text.n. */
size_t str_index(struct str text, char byte);
/* Without ASCII blanks, tabs, CR and LF at both ends. */
struct str str_trim(struct str text);
/* Part [from, to), clipped to what is there. */
struct str str_slice(struct str text, size_t from, size_t to);

/*
 * Copy into `out` of `cap` bytes and end it with NUL.  DX_E_SPACE when the text
 * and its NUL do not fit (nothing is cut silently), DX_E_FORMAT when it holds a NUL.
 */
DX_MUST_USE int str_copy(char *out, size_t cap, struct str text);
/* The same, but cut to what fits; for logs and displays only. */
void str_copy_cut(char *out, size_t cap, struct str text);

/*
 * Decimal integer, the whole text, optional '-', no blanks, no '+', no leading
 * zeros kept apart.  DX_E_FORMAT, or DX_E_RANGE outside [min, max].
 */
DX_MUST_USE int str_parse_i64(struct str text, int64_t min, int64_t max, int64_t *ret_value);

/* Is the text valid UTF-8 (no overlong forms, no surrogates, at most U+10FFFF)? */
bool str_is_utf8(struct str text);

/* Are the two equal, taking the same time wherever they differ?  Lengths are not secret. */
bool str_eq_constant_time(struct str a, struct str b);

/* Lower-case hex.  `out` has 2 * n + 1 bytes. */
void str_hex(char *out, const uint8_t *bytes, size_t n);
/* The reverse; either case; exactly 2 * n digits or DX_E_FORMAT. */
DX_MUST_USE int str_unhex(struct str text, uint8_t *ret_bytes, size_t n);

bool ascii_is_digit(char c);
bool ascii_is_alpha(char c);
char ascii_upper(char c);
char ascii_lower(char c);

#endif
