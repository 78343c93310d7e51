#include "proto/base/str.h"

#include <string.h>

bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool ascii_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char ascii_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

struct str str_c(const char *text)
{
    return (struct str){text, text ? strlen(text) : 0};
}

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_eq_c(struct str a, const char *b)
{
    return str_eq(a, str_c(b));
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.n != b.n) {
        return false;
    }
    for (size_t i = 0; i < a.n; i++) {
        if (ascii_lower(a.p[i]) != ascii_lower(b.p[i])) {
            return false;
        }
    }
    return true;
}

bool str_starts(struct str text, struct str prefix)
{
    return text.n >= prefix.n && str_eq(str_slice(text, 0, prefix.n), prefix);
}

size_t str_index(struct str text, char byte)
{
    const char *found = text.n ? memchr(text.p, byte, text.n) : NULL;
    return found ? (size_t)(found - text.p) : text.n;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str text)
{
    while (text.n && is_blank(text.p[0])) {
        text.p++;
        text.n--;
    }
    while (text.n && is_blank(text.p[text.n - 1])) {
        text.n--;
    }
    return text;
}

struct str str_slice(struct str text, size_t from, size_t to)
{
    if (to > text.n) {
        to = text.n;
    }
    if (from >= to) {
        return (struct str){text.p, 0};
    }
    return (struct str){text.p + from, to - from};
}

int str_copy(char *out, size_t cap, struct str text)
{
    if (text.n >= cap) {
        return DX_E_SPACE;
    }
    if (str_index(text, '\0') != text.n) {
        return DX_E_FORMAT;
    }
    if (text.n) {
        memcpy(out, text.p, text.n);
    }
    out[text.n] = '\0';
    return 0;
}

void str_copy_cut(char *out, size_t cap, struct str text)
{
    if (cap == 0) {
        return;
    }
    size_t n = str_index(text, '\0');
    if (n >= cap) {
        n = cap - 1;
        /* Do not leave half of a UTF-8 sequence at the end. */
        while (n && ((unsigned char)text.p[n] & 0xC0u) == 0x80u) {
            n--;
        }
    }
    if (n) {
        memcpy(out, text.p, n);
    }
    out[n] = '\0';
}

int str_parse_i64(struct str text, int64_t min, int64_t max, int64_t *ret_value)
{
    bool negative = text.n && text.p[0] == '-';
    size_t i = negative ? 1 : 0;
    if (i == text.n) {
        return DX_E_FORMAT;
    }
    uint64_t value = 0;
    for (; i < text.n; i++) {
        if (!ascii_is_digit(text.p[i])) {
            return DX_E_FORMAT;
        }
        uint64_t digit = (uint64_t)(text.p[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            return DX_E_RANGE;
        }
        value = value * 10 + digit;
    }
    uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    if (value > limit) {
        return DX_E_RANGE;
    }
    int64_t result;
    if (negative) {
        result = value == limit ? INT64_MIN : -(int64_t)value;
    } else {
        result = (int64_t)value;
    }
    if (result < min || result > max) {
        return DX_E_RANGE;
    }
    *ret_value = result;
    return 0;
}

/* Length of the valid sequence at the start of `text`, or 0. */
static size_t utf8_sequence(struct str text)
{
    const unsigned char *p = (const unsigned char *)text.p;
    uint32_t code;
    size_t n;
    if (p[0] < 0x80) {
        return 1;
    } else if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        n = 2;
        code = p[0] & 0x1Fu;
    } else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        n = 3;
        code = p[0] & 0x0Fu;
    } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        n = 4;
        code = p[0] & 0x07u;
    } else {
        return 0;
    }
    if (text.n < n) {
        return 0;
    }
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0u) != 0x80u) {
            return 0;
        }
        code = code << 6 | (p[i] & 0x3Fu);
    }
    bool overlong = (n == 3 && code < 0x800) || (n == 4 && code < 0x10000);
    bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return overlong || surrogate || code > 0x10FFFF ? 0 : n;
}

bool str_is_utf8(struct str text)
{
    while (text.n) {
        size_t n = utf8_sequence(text);
        if (n == 0) {
            return false;
        }
        text.p += n;
        text.n -= n;
    }
    return true;
}

bool str_eq_constant_time(struct str a, struct str b)
{
    if (a.n != b.n) {
        return false;
    }
    unsigned char difference = 0;
    for (size_t i = 0; i < a.n; i++) {
        difference |= (unsigned char)((unsigned char)a.p[i] ^ (unsigned char)b.p[i]);
    }
    return difference == 0;
}

void str_hex(char *out, const uint8_t *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * n] = '\0';
}

static int hex_value(char c)
{
    if (ascii_is_digit(c)) {
        return c - '0';
    }
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int str_unhex(struct str text, uint8_t *ret_bytes, size_t n)
{
    if (text.n != 2 * n) {
        return DX_E_FORMAT;
    }
    for (size_t i = 0; i < text.n; i++) {
        if (hex_value(text.p[i]) < 0) {
            return DX_E_FORMAT;
        }
    }
    for (size_t i = 0; i < n; i++) {
        ret_bytes[i] = (uint8_t)(hex_value(text.p[2 * i]) * 16 + hex_value(text.p[2 * i + 1]));
    }
    return 0;
}
