#include "proto/paycode.h"

#include "proto/base/check.h"
#include "proto/fold.h"

#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum { LETTERS_AT = 10, LETTERS = 22, RING = 32 };
_Static_assert(sizeof alphabet == 32 + 1, "the alphabet is a field of 32");
_Static_assert(2 * (PAYCODE_PREFIX_MAX + PAYCODE_BODY) <= RING, "two windows fit");
_Static_assert(PAYCODE_PREFIX_MAX + PAYCODE_BODY < PAYCODE_CAP, "a code fits");

/* The character's value, or -1. */
static int value_of(char c)
{
    const char *at = c ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

/* Times the generator, modulo x^5 + x^2 + 1. */
static int times_a(int value)
{
    value <<= 1;
    return value & 32 ? value ^ 37 : value;
}

/* The sum of a^(n-1-i) times character i over `n` characters of the alphabet. */
static int weigh(const char *body, int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++) {
        sum = times_a(sum) ^ value_of(body[i]);
    }
    return sum;
}

bool paycode_is_prefix(const char *prefix)
{
    size_t n = strlen(prefix);
    for (size_t i = 0; i < n; i++) {
        if (prefix[i] < 'A' || prefix[i] > 'Z') {
            return false;
        }
    }
    return n >= PAYCODE_PREFIX_MIN && n <= PAYCODE_PREFIX_MAX;
}

static bool has_letter(const char *body, int n)
{
    for (int i = 0; i < n; i++) {
        if (!ascii_is_digit(body[i])) {
            return true;
        }
    }
    return false;
}

int paycode_make(const char *prefix, const uint8_t random[8], char out[PAYCODE_CAP])
{
    char body[PAYCODE_BODY];
    if (!paycode_is_prefix(prefix)) {
        return DX_E_INVAL;
    }
    for (int i = 0; i < PAYCODE_BODY - 1; i++) {
        body[i] = alphabet[random[i] % 32];
    }
    if (!has_letter(body, PAYCODE_BODY - 1)) {
        body[random[7] % (PAYCODE_BODY - 1)] = alphabet[LETTERS_AT + random[7] % LETTERS];
    }
    body[PAYCODE_BODY - 1] = alphabet[times_a(weigh(body, PAYCODE_BODY - 1))];
    size_t n = strlen(prefix);
    memcpy(out, prefix, n);
    memcpy(out + n, body, sizeof body);
    out[n + sizeof body] = '\0';
    must(paycode_is_valid(prefix, str_c(out)));
    return 0;
}

bool paycode_is_valid(const char *prefix, struct str code)
{
    size_t n = strlen(prefix);
    if (!paycode_is_prefix(prefix) || code.n != n + PAYCODE_BODY ||
        !str_starts(code, str_c(prefix))) {
        return false;
    }
    const char *body = code.p + n;
    for (int i = 0; i < PAYCODE_BODY; i++) {
        if (value_of(body[i]) < 0) {
            return false;
        }
    }
    return has_letter(body, PAYCODE_BODY) && weigh(body, PAYCODE_BODY) == 0;
}

/*
 * The letters and digits of the text, the last RING of them, each with what is known about it.
 * A window is named by the index of its last character; index % RING is its place.
 */
struct scan {
    const char *prefix;
    size_t length; /* of a code */
    size_t count;  /* letters and digits so far */
    char c[RING];
    bool cut[RING];   /* something was taken out before this character */
    bool taken[RING]; /* part of a code in one piece */
    struct paycode_found found;
};

static void note(struct paycode_found *found, const char *code)
{
    for (int i = 0; i < found->count; i++) {
        if (strcmp(found->code[i], code) == 0) {
            return;
        }
    }
    if (found->count < 2) {
        memcpy(found->code[found->count++], code, strlen(code) + 1);
    }
}

/* Is the window that ends at `last` a code?  *ret_whole: nothing was taken out inside it. */
static bool window_is_code(const struct scan *scan, size_t last, char code[PAYCODE_CAP],
                           bool *ret_whole, bool *ret_free)
{
    size_t first = last + 1 - scan->length;
    if (scan->c[first % RING] != scan->prefix[0]) {
        return false;
    }
    *ret_whole = true;
    *ret_free = true;
    for (size_t i = first; i <= last; i++) {
        code[i - first] = scan->c[i % RING];
        *ret_whole = *ret_whole && (i == first || !scan->cut[i % RING]);
        *ret_free = *ret_free && !scan->taken[i % RING];
    }
    code[scan->length] = '\0';
    return paycode_is_valid(scan->prefix, (struct str){code, scan->length});
}

static void try_whole(struct scan *scan, size_t last)
{
    char code[PAYCODE_CAP];
    bool whole;
    bool untouched;
    if (window_is_code(scan, last, code, &whole, &untouched) && whole) {
        note(&scan->found, code);
        for (size_t i = last + 1 - scan->length; i <= last; i++) {
            scan->taken[i % RING] = true;
        }
    }
}

static void try_pieces(struct scan *scan, size_t last)
{
    char code[PAYCODE_CAP];
    bool whole;
    bool untouched;
    if (window_is_code(scan, last, code, &whole, &untouched) && !whole && untouched) {
        note(&scan->found, code);
    }
}

/*
 * Codes in one piece are looked for at the newest character, codes in pieces one code length
 * later: by then every piece-less code that overlaps has been seen and has marked its place.
 */
static void push(struct scan *scan, char c, bool cut)
{
    size_t last = scan->count++;
    scan->c[last % RING] = c;
    scan->cut[last % RING] = cut;
    scan->taken[last % RING] = false;
    if (scan->count >= scan->length) {
        try_whole(scan, last);
    }
    if (scan->count >= 2 * scan->length - 1) {
        try_pieces(scan, last + 1 - scan->length);
    }
}

struct paycode_found paycode_find(const char *prefix, struct str text)
{
    struct scan scan = {.prefix = prefix, .length = strlen(prefix) + PAYCODE_BODY};
    bool cut = false;
    if (!paycode_is_prefix(prefix)) {
        return scan.found;
    }
    while (text.n) {
        char c = fold_next(&text);
        if (c == 0) {
            continue;
        }
        if (!ascii_is_digit(c) && !ascii_is_alpha(c)) {
            cut = true;
            continue;
        }
        push(&scan, c, cut);
        cut = false;
    }
    /* The windows that ended within the last code length still wait for try_pieces. */
    size_t waiting =
        scan.count >= 2 * scan.length - 1 ? scan.count + 1 - scan.length : scan.length - 1;
    for (size_t last = waiting; last < scan.count; last++) {
        try_pieces(&scan, last);
    }
    return scan.found;
}
