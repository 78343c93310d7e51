/*
 * fold.h - Vietnamese text as plain capitals, the way banks and people mangle it.
 *
 * "Trả tiền gửi xe" becomes "TRA TIEN GUI XE".  Understands precomposed letters
 * (U+1EA0…) and combining marks (base letter, then U+0300…), which phones mix.
 *
 * Not here: collation, other scripts, and any way back.
 */
#ifndef DOXE_FOLD_H
#define DOXE_FOLD_H

#include "proto/base/str.h"

/*
 * Take one character off the front of *rest (not empty) and return its capital ASCII form:
 * 'A'-'Z', '0'-'9', other ASCII as it is, 0 for a combining mark (belongs to the letter
 * before it: skip it), '\x7F' for everything else, a byte that is no UTF-8 included.
 */
char fold_next(struct str *rest);

/*
 * The whole text; what has no plain form becomes '?'.  `out` ends in NUL.
 * DX_E_SPACE when it does not fit; text.n + 1 bytes are always enough.
 */
DX_MUST_USE int fold_text(char *out, size_t cap, struct str text);

#endif
