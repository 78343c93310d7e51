#include "proto/fold.h"

enum { OTHER = 0x7F };

/* Bases of the precomposed Vietnamese letters U+1EA0 to U+1EF9, two by two (capital, small). */
static const char latin_additional[] = "AAAAAAAAAAAAEEEEEEEEIIOOOOOOOOOOOOUUUUUUUYYYY";

/* U+00C0 to U+00DF; U+00E0 to U+00FF are the same letters in small.  Ð, the
 * Icelandic eth, looks like Đ and stands in its place in much Vietnamese text. */
static const char latin_1[] = "AAAAAA?CEEEEIIIIDNOOOOO?OUUUUY??";

_Static_assert(sizeof latin_additional == (0x1EF9 - 0x1EA0 + 1) / 2 + 1, "one base per pair");
_Static_assert(sizeof latin_1 == 32 + 1, "one base per letter");

static char fold_code(uint32_t code)
{
    if (code < 0x80) {
        return code == OTHER ? (char)OTHER : ascii_upper((char)code);
    }
    if (code >= 0xC0 && code <= 0xFF) {
        char base = latin_1[(code - 0xC0) % 32];
        return base == '?' ? (char)OTHER : base;
    }
    if (code >= 0x1EA0 && code <= 0x1EF9) {
        return latin_additional[(code - 0x1EA0) / 2];
    }
    if (code >= 0x0300 && code <= 0x036F) {
        return 0;
    }
    switch (code) {
    case 0x0102:
    case 0x0103:
        return 'A'; /* Ă ă */
    case 0x0110:
    case 0x0111:
        return 'D'; /* Đ đ */
    case 0x0128:
    case 0x0129:
        return 'I'; /* Ĩ ĩ */
    case 0x0168:
    case 0x0169:
    case 0x01AF:
    case 0x01B0:
        return 'U'; /* Ũ ũ Ư ư */
    case 0x01A0:
    case 0x01A1:
        return 'O'; /* Ơ ơ */
    default:
        return (char)OTHER;
    }
}

/* Decode one character; a byte that starts no valid sequence is taken alone. */
static uint32_t take(struct str *rest)
{
    unsigned char first = (unsigned char)rest->p[0];
    size_t n = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    struct str sequence = str_slice(*rest, 0, n);
    uint32_t code = 0xFFFD;
    if (n == 1) {
        code = first;
    } else if (sequence.n == n && str_is_utf8(sequence)) {
        code = first & (0x7Fu >> n);
        for (size_t i = 1; i < n; i++) {
            code = code << 6 | ((unsigned char)sequence.p[i] & 0x3Fu);
        }
    } else {
        n = 1;
    }
    *rest = str_slice(*rest, n, rest->n);
    return code;
}

char fold_next(struct str *rest)
{
    return fold_code(take(rest));
}

int fold_text(char *out, size_t cap, struct str text)
{
    size_t n = 0;
    while (text.n) {
        char c = fold_next(&text);
        if (c == 0) {
            continue;
        }
        if (n + 1 >= cap) {
            return DX_E_SPACE;
        }
        out[n++] = c == OTHER ? '?' : c;
    }
    if (cap == 0) {
        return DX_E_SPACE;
    }
    out[n] = '\0';
    return 0;
}
