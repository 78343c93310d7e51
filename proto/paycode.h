/*
 * paycode.h - the payment code: the few letters that tie a bank transfer to a parking session.
 *
 *     DX 7K3M9Q2 X        prefix, seven random characters, check character
 *
 * It goes into the transfer's content (VietQR 62.08), in text beside the QR
 * picture, and comes back in whatever the banks made of it.  Prefix: 2 to 5
 * letters A-Z, from configuration, "DX" by default.  The eight characters are
 * digits and the letters without I, L, O and U (Crockford's set of 32), so that
 * nobody has to tell O from 0 in handwriting.  They are never all digits.
 *
 * The check character.  The 32 characters are the elements of the field GF(2^5)
 * (x^5 + x^2 + 1, generator a = 2), and the sum of a^(7-i) times character i is
 * zero.  All weights differ and none is zero, so every single wrong character and
 * every exchange of two characters, neighbours or not, is caught; a random
 * replacement passes once in 32.  (A remainder mod 31 or 37 would need a 33rd
 * sign or let two characters share one.)  The test tries all of them.
 *
 * False hits.  Bank texts are full of digit runs (accounts, references, dates).
 * A run of digits alone is never a hit, not even right behind the prefix, because
 * a code has a letter among its eight.  Ten random letters and digits happen to be
 * a code with probability below (1/36)^2 x (32/36)^8 / 32 = 1e-5; and then it would
 * still have to be one of the codes that are open now (10,000 of 3.4e10: 3e-7).
 *
 * Not here: which session a code belongs to, uniqueness (server), amounts.
 */
#ifndef DOXE_PAYCODE_H
#define DOXE_PAYCODE_H

#include "proto/base/str.h"

enum {
    PAYCODE_CAP = 16, /* the longest code (13) and NUL, rounded up */
    PAYCODE_BODY = 8, /* characters behind the prefix */
    PAYCODE_PREFIX_MIN = 2,
    PAYCODE_PREFIX_MAX = 5
};
#define PAYCODE_PREFIX_DEFAULT "DX"

/* 2 to 5 letters A-Z?  (A configuration in lower case is an error, not a wish.) */
bool paycode_is_prefix(const char *prefix);

/*
 * Make a code from eight random bytes; equal bytes give equal codes.  Uniform over the
 * 32^7 codes, but for the 3 in 10,000 draws of digits only, which get a letter from byte 7.
 * DX_E_INVAL: not a prefix.
 */
DX_MUST_USE int paycode_make(const char *prefix, const uint8_t random[8], char out[PAYCODE_CAP]);

/* Exactly prefix + 8 characters, capitals, right check character, not digits only. */
bool paycode_is_valid(const char *prefix, struct str code);

struct paycode_found {
    int count; /* 0 none, 1 one, 2 two or more distinct ones: the first two are given */
    char code[2][PAYCODE_CAP];
};

/*
 * Find the codes in a transfer's content, of any length and any bytes.
 *
 * Letters are taken as capitals and without Vietnamese marks (đ as D).  A code in
 * one piece counts wherever it stands, also within a longer word.  Then all that
 * is not a letter or digit is taken out and every window that starts with the
 * prefix is tried again ("DX7K 3M9-Q2X"), but not across a code already found.
 * Nothing is repaired or completed: a wrong or truncated code is no code.  (What
 * follows a truncated code can complete it by chance, once in 32, to a code that
 * is then almost surely nobody's.)
 * Time is proportional to the length.  Not a prefix: none.
 */
struct paycode_found paycode_find(const char *prefix, struct str text);

#endif
