/* Raw bytes to the characters of a plate: case, width, Đ, separators, and cameras' words for
 * nothing. */
#include "proto/plate_form.h"

#include <string.h>

static int fail(struct plate_fault *ret_fault, int error, const char *why, const char *where)
{
    ret_fault->why = why;
    ret_fault->where = where;
    return error;
}

/* The code point at text.p[*at], which is valid UTF-8; moves *at behind it. */
static uint32_t next_code(struct str text, size_t *at)
{
    unsigned char lead = (unsigned char)text.p[(*at)++];
    int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    uint32_t code = more == 3   ? lead & 0x07u
                    : more == 2 ? lead & 0x0Fu
                    : more == 1 ? lead & 0x1Fu
                                : lead;
    while (more-- > 0) {
        code = code << 6 | ((unsigned char)text.p[(*at)++] & 0x3Fu);
    }
    return code;
}

/* Full-width forms, as East Asian cameras write them, to ASCII. */
static uint32_t narrow(uint32_t code)
{
    if (code >= 0xFF01 && code <= 0xFF5E) {
        return code - 0xFF01 + '!';
    }
    return code == 0x3000 ? ' ' : code;
}

/* Đ, đ, and the letters that look the same and are typed for it (Ð, ð of Icelandic, Ɖ of Ewe). */
static bool is_stroked_d(uint32_t code)
{
    return code == 0x0110 || code == 0x0111 || code == 0x00D0 || code == 0x00F0 || code == 0x0189 ||
           code == 0x0256;
}

/* Characters that are not there for the eye: marks of order, joiners, a byte order mark. */
static bool is_invisible(uint32_t code)
{
    return (code >= 0x200B && code <= 0x200F) || code == 0x2060 || code == 0xFEFF || code == 0x00AD;
}

static unsigned break_of(uint32_t code)
{
    switch (code) {
    case '\n':
    case '\r':
    case 0x0B:
    case 0x0C:
    case 0x85:
    case 0x2028:
    case 0x2029:
        return PLATE_BREAK_LINE;
    case '/':
    case '|':
    case '\\': /* how engines write a two-line plate in one string */
        return PLATE_BREAK_LINE;
    case ' ':
    case '\t':
    case 0x00A0:
    case 0x202F:
        return PLATE_BREAK_BLANK;
    case '.':
    case ',':
    case ':':
    case 0x00B7:
    case 0x2022:
    case 0x2219:
    case 0x22C5:
    case 0x30FB:
    case 0xFF65:
        return PLATE_BREAK_DOT;
    case '-':
    case '_':
    case '~':
    case 0x00AF:
    case 0x2212:
    case 0x30FC:
        return PLATE_BREAK_DASH;
    default:
        if (code >= 0x2000 && code <= 0x200A) {
            return PLATE_BREAK_BLANK;
        }
        return code >= 0x2010 && code <= 0x2015 ? PLATE_BREAK_DASH : 0;
    }
}

/* What engines write for a character that they could not read. */
static bool is_placeholder(uint32_t code)
{
    return code == '?' || code == '*' || code == '#' || code == 0xFFFD;
}

/* Words of cameras for "no plate", as they are after upper case and without separators. */
static const char *const no_plate_words[] = {
    "UNKNOWN",        "UNKNOW",       "NONE",         "NULL",        "NIL",           "NOPLATE",
    "NOPLATEFOUND",   "NOTFOUND",     "NA",           "UNDEFINED",   "UNLICENSED",    "UNLICENCED",
    "UNRECOGNIZED",   "UNRECOGNISED", "UNIDENTIFIED", "NOTDETECTED", "NOTRECOGNIZED", "NOREAD",
    "UNREADABLE",     "EMPTY",        "FAILED",       "ERROR",       "NAN",           "NOLICENSE",
    "NOLICENSEPLATE", "NOTAVAILABLE", "KXD",          "KHONGRO",     "KHONGBIEN",     "KHONGCOBIEN",
};
/* The same in other scripts, by their bytes: "no plate", "not recognised", "unknown", "none". */
static const char *const no_plate_texts[] = {
    "无牌",     "无车牌",        "未识别",     "未知",           "无", "車牌", "车牌",
    "không rõ", "không có biển", "không biển", "không xác định",
};

static bool is_no_plate_text(struct str raw)
{
    struct str text = str_trim(raw);
    while (text.n && (text.p[0] == '_' || text.p[0] == '-')) {
        text = str_slice(text, 1, text.n);
    }
    while (text.n && (text.p[text.n - 1] == '_' || text.p[text.n - 1] == '-')) {
        text = str_slice(text, 0, text.n - 1);
    }
    for (size_t i = 0; i < sizeof no_plate_texts / sizeof no_plate_texts[0]; i++) {
        if (str_eq_nocase(text, str_c(no_plate_texts[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_no_plate_word(const char *letters)
{
    for (size_t i = 0; i < sizeof no_plate_words / sizeof no_plate_words[0]; i++) {
        if (strcmp(letters, no_plate_words[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* What was found beside the characters of a plate. */
struct oddities {
    bool placeholder, foreign, overflow;
};

static void reduce(struct str raw, struct plate_text *text, struct oddities *odd)
{
    unsigned pending = 0;
    for (size_t at = 0; at < raw.n;) {
        uint32_t code = narrow(next_code(raw, &at));
        bool stroke = is_stroked_d(code);
        unsigned kind = break_of(code);
        if (is_invisible(code)) {
            continue;
        }
        if (kind) {
            pending |= kind;
            continue;
        }
        char c = stroke ? 'D' : code < 0x80 ? ascii_upper((char)code) : '\0';
        if (!ascii_is_digit(c) && !ascii_is_alpha(c)) {
            odd->placeholder |= is_placeholder(code);
            odd->foreign |= !is_placeholder(code);
            continue;
        }
        if (text->n == PLATE_CANONICAL_CAP - 1) {
            odd->overflow = true;
            return;
        }
        text->before[text->n] = text->n ? (unsigned char)pending : 0;
        text->broken |= text->before[text->n] != 0;
        text->stroke[text->n] = stroke;
        text->c[text->n++] = c;
        pending = 0;
    }
}

int plate_text_read(struct str raw, struct plate_text *ret_text, struct plate_fault *ret_fault)
{
    struct plate_text text = {0};
    struct oddities odd = {0};
    if (raw.n == 0) {
        return fail(ret_fault, DX_E_NOT_FOUND, "empty", "text");
    }
    if (raw.n >= PLATE_RAW_CAP) {
        return fail(ret_fault, DX_E_FORMAT, "too long", "text");
    }
    if (!str_is_utf8(raw) || str_index(raw, '\0') != raw.n) {
        return fail(ret_fault, DX_E_FORMAT, "not a text in UTF-8", "text");
    }
    if (is_no_plate_text(raw)) {
        return fail(ret_fault, DX_E_NOT_FOUND, "camera word for no plate", "text");
    }
    reduce(raw, &text, &odd);
    if (text.n == 0 && !odd.foreign) {
        return odd.placeholder ? fail(ret_fault, DX_E_NOT_FOUND, "no character was read", "text")
                               : fail(ret_fault, DX_E_NOT_FOUND, "empty", "text");
    }
    /* "N/A", "(null)", "<none>": the word counts, not what is around it. */
    if (!odd.placeholder && !odd.overflow && is_no_plate_word(text.c)) {
        return fail(ret_fault, DX_E_NOT_FOUND, "camera word for no plate", "text");
    }
    if (odd.placeholder) {
        return fail(ret_fault, DX_E_FORMAT, "a character was not read", "text");
    }
    if (odd.foreign) {
        return fail(ret_fault, DX_E_FORMAT, "a character that is on no plate", "text");
    }
    if (odd.overflow) {
        return fail(ret_fault, DX_E_FORMAT, "too long", "text");
    }
    *ret_text = text;
    return 0;
}
