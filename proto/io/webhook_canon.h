/*
 * webhook_canon.h - JSON written again as a provider's JavaScript wrote it before signing.
 *
 * Three ways, all with JSON.stringify's spelling (no blanks, raw UTF-8, '/' as it is,
 * numbers as JavaScript prints them):
 *   CANON_TEXT      keys in JavaScript's own order: array indices first, the rest as in the text
 *   CANON_SORTED    keys sorted at every level, arrays in their order (Casso)
 *   CANON_PAYOS     the same as payOS' deepSortObj: an array inside an array becomes
 *                   an object with the keys "0", "1", …
 *
 * Not here: which part of which document is signed, and with what (webhook_verify.h).
 */
#ifndef DOXE_IO_WEBHOOK_CANON_H
#define DOXE_IO_WEBHOOK_CANON_H

#include "proto/io/json.h"

enum canon_mode { CANON_TEXT, CANON_SORTED, CANON_PAYOS };

/* Where the text goes, piece by piece. */
struct canon_sink {
    void (*put)(void *self, struct str piece);
    void *self;
};

/* DX_E_MEMORY only.  The depth is bounded by JDOC_DEPTH_MAX. */
DX_MUST_USE int canon_value(const struct canon_sink *sink, const struct jdoc *node,
                            enum canon_mode mode);

/*
 * An array as payOS' convertObjToQueryStr signs it: each element an object with its own keys
 * sorted (deeper levels as they are).  Its JavaScript takes the keys of whatever an element
 * is: a number gives {}, "ab" gives {"0":"a","1":"b"}, and null throws: DX_E_FORMAT.
 */
DX_MUST_USE int canon_payos_array(const struct canon_sink *sink, const struct jdoc *array);

struct canon_member {
    struct str key;
    const struct jdoc *value;
    size_t place; /* in the text */
};

/*
 * The members of an object in signature_compare_keys order (or JavaScript's own order of the
 * text).  free() the array; NULL and 0 for an empty object.
 */
DX_MUST_USE int canon_members(const struct jdoc *object, bool sorted,
                              struct canon_member **ret_members, size_t *ret_count);

#endif
