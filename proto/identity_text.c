#include "proto/identity_text.h"

#include "proto/base/check.h"

#include <string.h>

/* ---- around a code ---- */

static bool is_line_end(char c)
{
    return c == '\r' || c == '\n' || c == '\t' || c == '\v' || c == '\f';
}

static bool is_control(char c)
{
    return ((unsigned char)c < 0x20 && !is_line_end(c)) || c == 0x7F;
}

/* "]Q1": ISO/IEC 15424, a letter for the kind of code and one for its options. */
static bool has_aim_prefix(struct str text)
{
    return text.n >= 3 && text.p[0] == ']' && ascii_is_alpha(text.p[1]) &&
           (ascii_is_digit(text.p[2]) || ascii_is_alpha(text.p[2]));
}

static struct str strip(struct str line, unsigned *faults)
{
    for (;;) {
        struct str before = line;
        line = str_trim(line);
        if (str_starts(line, STR("\xEF\xBB\xBF"))) {
            *faults |= IDENTITY_FAULT_BOM;
            line = str_slice(line, 3, line.n);
        }
        if (has_aim_prefix(line)) {
            *faults |= IDENTITY_FAULT_AIM_PREFIX;
            line = str_slice(line, 3, line.n);
        }
        if (line.n == before.n) {
            return line;
        }
    }
}

void identity_text_lines(struct identity_work *work, struct str bytes, unsigned *faults)
{
    must(bytes.n <= IDENTITY_TEXT_MAX);
    size_t n = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        if (is_control(bytes.p[i])) {
            *faults |= IDENTITY_FAULT_CONTROL_BYTES;
        } else {
            work->text[n++] = bytes.p[i];
        }
    }
    for (size_t from = 0, i = 0; i <= n; i++) {
        if (i < n && !is_line_end(work->text[i])) {
            continue;
        }
        struct str line = strip((struct str){work->text + from, i - from}, faults);
        if (line.n && work->line_count < IDENTITY_LINES_MAX) {
            work->line[work->line_count++] = line;
        }
        from = i + 1;
    }
}

struct str identity_text_join(struct identity_work *work)
{
    size_t n = 0;
    for (int i = 0; i < work->line_count; i++) {
        memcpy(work->joined + n, work->line[i].p, work->line[i].n);
        n += work->line[i].n;
    }
    return (struct str){work->joined, n};
}

/* ---- encodings of the whole text ---- */

static int hex_value(char c)
{
    if (ascii_is_digit(c)) {
        return c - '0';
    }
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * "4E 67 75", or without blanks, of a text and nothing else; a key in hex has bytes that no
 * text has.  Terminators in the dump are left out.  Returns the bytes written, 0 if it is none.
 */
static size_t undo_hex_dump(struct str line, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < line.n;) {
        if (line.p[i] == ' ') {
            i++;
            continue;
        }
        int high = hex_value(line.p[i]);
        int low = i + 1 < line.n ? hex_value(line.p[i + 1]) : -1;
        if (high < 0 || low < 0) {
            return 0;
        }
        char byte = (char)(unsigned char)(high << 4 | low);
        bool around = byte == '\0' || byte == 0x02 || byte == 0x03 || is_line_end(byte);
        if (is_control(byte) && !around) {
            return 0;
        }
        if (!around) {
            out[n++] = byte;
        }
        i += 2;
    }
    return str_is_utf8((struct str){out, n}) ? n : 0;
}

static size_t put_utf8(uint32_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(unsigned char)(0xC0u | code >> 6);
        out[1] = (char)(unsigned char)(0x80u | (code & 0x3Fu));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(unsigned char)(0xE0u | code >> 12);
        out[1] = (char)(unsigned char)(0x80u | (code >> 6 & 0x3Fu));
        out[2] = (char)(unsigned char)(0x80u | (code & 0x3Fu));
        return 3;
    }
    out[0] = (char)(unsigned char)(0xF0u | code >> 18);
    out[1] = (char)(unsigned char)(0x80u | (code >> 12 & 0x3Fu));
    out[2] = (char)(unsigned char)(0x80u | (code >> 6 & 0x3Fu));
    out[3] = (char)(unsigned char)(0x80u | (code & 0x3Fu));
    return 4;
}

/* "&#7885;", "&#x1ECD;", "&vert;" at the start of `text`: its size, 0 if it is none. */
static size_t character_reference(struct str text, uint32_t *ret_code)
{
    size_t end = str_index(text, ';');
    struct str name = str_slice(text, 0, end);
    if (end == text.n || end > 12) {
        return 0;
    }
    if (str_eq_c(name, "&vert") || str_eq_c(name, "&verbar") || str_eq_c(name, "&VerticalLine")) {
        *ret_code = '|';
        return end + 1;
    }
    if (!str_starts(name, STR("&#"))) {
        return 0;
    }
    bool hex = name.n > 2 && ascii_lower(name.p[2]) == 'x';
    uint32_t code = 0;
    size_t from = hex ? 3 : 2;
    for (size_t i = from; i < name.n && code < 0x110000; i++) {
        int digit = hex_value(name.p[i]);
        if (digit < 0 || (!hex && digit > 9)) {
            return 0;
        }
        code = code * (hex ? 16 : 10) + (uint32_t)digit;
    }
    if (from == name.n || code == 0 || code >= 0x110000) {
        return 0;
    }
    *ret_code = code;
    return end + 1;
}

static bool is_percent_byte(struct str text)
{
    return text.n >= 3 && text.p[0] == '%' && hex_value(text.p[1]) >= 0 &&
           hex_value(text.p[2]) >= 0;
}

/* Both of %XX and character references; each is shorter undone than done. */
static size_t undo_escapes(struct str line, char *out, unsigned *faults)
{
    size_t n = 0;
    for (size_t i = 0; i < line.n;) {
        struct str rest = str_slice(line, i, line.n);
        uint32_t code = 0;
        size_t size = rest.p[0] == '&' ? character_reference(rest, &code) : 0;
        if (size) {
            *faults |= IDENTITY_FAULT_HTML_ENTITIES;
            n += put_utf8(code, out + n);
            i += size;
        } else if (is_percent_byte(rest)) {
            *faults |= IDENTITY_FAULT_PERCENT_ENCODED;
            out[n++] = (char)(unsigned char)(hex_value(rest.p[1]) << 4 | hex_value(rest.p[2]));
            i += 3;
        } else {
            out[n++] = line.p[i++];
        }
    }
    return n;
}

bool identity_text_decode(struct identity_work *work, struct str line, struct str *ret_line,
                          unsigned *faults)
{
    size_t n = undo_hex_dump(line, work->decoded);
    unsigned found = IDENTITY_FAULT_HEX_DUMP;
    if (n == 0) {
        found = 0;
        n = undo_escapes(line, work->decoded, &found);
    }
    if (found == 0) {
        return false;
    }
    *ret_line = strip((struct str){work->decoded, n}, &found);
    *faults |= found;
    return true;
}

/* ---- damage to words ---- */

/* One code point of valid UTF-8; moves *at behind it. */
static uint32_t next_code(struct str text, size_t *at)
{
    unsigned char lead = (unsigned char)text.p[(*at)++];
    int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    uint32_t code = more ? lead & (0x3Fu >> more) : lead;
    while (more-- > 0) {
        code = code << 6 | ((unsigned char)text.p[(*at)++] & 0x3Fu);
    }
    return code;
}

/* The code points that Windows-1252 has for the bytes 0x80 to 0xBF. */
static bool is_high_punctuation(uint32_t code)
{
    return (code >= 0x80 && code <= 0xBF) || code == 0x0152 || code == 0x0153 || code == 0x0160 ||
           code == 0x0161 || code == 0x0178 || code == 0x017D || code == 0x017E || code == 0x0192 ||
           code == 0x02C6 || code == 0x02DC || (code >= 0x2013 && code <= 0x203A) ||
           code == 0x20AC || code == 0x2122;
}

/* The first bytes of UTF-8 Vietnamese (C3 C4 C6 E1) as letters, then no letter: not Vietnamese. */
static bool looks_like_mojibake(uint32_t before, uint32_t code)
{
    return (before == 0xC3 || before == 0xC4 || before == 0xC6 || before == 0xE1) &&
           is_high_punctuation(code);
}

static bool is_east_asian(uint32_t code)
{
    return (code >= 0x3040 && code <= 0x9FFF) || (code >= 0xFF61 && code <= 0xFF9F);
}

static bool is_combining(uint32_t code)
{
    return code >= 0x0300 && code <= 0x036F;
}

/* Four digits 0ddd that stand for one byte; -1 if they do not. */
static int decimal_byte(struct str text)
{
    if (text.n < 4 || text.p[0] != '0') {
        return -1;
    }
    int value = 0;
    for (size_t i = 1; i < 4; i++) {
        if (!ascii_is_digit(text.p[i])) {
            return -1;
        }
        value = value * 10 + (text.p[i] - '0');
    }
    return value >= 0x80 && value <= 0xFF ? value : -1;
}

/* "0225" "0187" "0133": a first byte of UTF-8 and one that continues it. */
static bool has_decimal_bytes(struct str words)
{
    for (size_t i = 0; i + 8 <= words.n; i++) {
        int lead = decimal_byte(str_slice(words, i, words.n));
        int next = decimal_byte(str_slice(words, i + 4, words.n));
        if (lead >= 0xC2 && lead <= 0xF4 && next >= 0x80 && next <= 0xBF) {
            return true;
        }
    }
    return false;
}

static bool has_escapes(struct str words, char first)
{
    for (size_t i = 0; i < words.n; i++) {
        struct str rest = str_slice(words, i, words.n);
        uint32_t code;
        if (words.p[i] == first &&
            (first == '%' ? is_percent_byte(rest) : character_reference(rest, &code) > 0)) {
            return true;
        }
    }
    return false;
}

unsigned identity_text_word_faults(struct str words)
{
    unsigned faults = 0;
    faults |= has_decimal_bytes(words) ? IDENTITY_FAULT_DECIMAL_BYTES : 0;
    faults |= has_escapes(words, '%') ? IDENTITY_FAULT_PERCENT_ENCODED : 0;
    faults |= has_escapes(words, '&') ? IDENTITY_FAULT_HTML_ENTITIES : 0;
    faults |= str_index(words, '?') < words.n ? IDENTITY_FAULT_LOSSY : 0;
    if (!str_is_utf8(words)) {
        return faults | IDENTITY_FAULT_NOT_UTF8;
    }
    uint32_t before = 0;
    for (size_t at = 0; at < words.n;) {
        uint32_t code = next_code(words, &at);
        faults |= looks_like_mojibake(before, code) ? IDENTITY_FAULT_MOJIBAKE : 0;
        faults |= is_east_asian(code) ? IDENTITY_FAULT_WRONG_CHARSET : 0;
        faults |= is_combining(code) ? IDENTITY_FAULT_NFD : 0;
        faults |= code == 0xFFFD ? IDENTITY_FAULT_LOSSY : 0;
        before = code;
    }
    return faults;
}

/* What may stand behind the N of a damaged "Nữ": no letter but u. */
static bool is_damaged_nu(struct str rest)
{
    if (rest.n && ascii_lower(rest.p[0]) == 'u') {
        rest = str_slice(rest, 1, rest.n);
    } else if (has_decimal_bytes(rest) || has_escapes(rest, '%') || has_escapes(rest, '&')) {
        return true;
    }
    for (size_t i = 0; i < rest.n; i++) {
        if ((unsigned char)rest.p[i] < 0x80 && rest.p[i] != '?') {
            return false;
        }
    }
    return true;
}

enum identity_sex identity_text_sex(struct str part)
{
    part = str_trim(part);
    if (str_eq_nocase(part, STR("nam"))) {
        return IDENTITY_SEX_MALE;
    }
    bool n = part.n > 0 && ascii_lower(part.p[0]) == 'n';
    return n && is_damaged_nu(str_slice(part, 1, part.n)) ? IDENTITY_SEX_FEMALE
                                                          : IDENTITY_SEX_UNKNOWN;
}
