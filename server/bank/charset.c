#include "server/bank/charset.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    struct str magic;
    const char *why;
} no_text[] = {
    {{"PK\x03\x04", 4}, "this is an XLSX (or ZIP) file; save it as CSV (UTF-8) and import that"},
    {{"\xD0\xCF\x11\xE0", 4}, "this is an old Excel file (XLS); save it as CSV and import that"},
    {{"%PDF", 4}, "this is a PDF; ask the bank for CSV or Excel and import CSV"},
    {{"{\\rtf", 5}, "this is an RTF document; CSV is what can be imported"}};

static int convert(struct str bytes, const char *from, char **ret_text, size_t *ret_n)
{
    size_t cap = 3 * bytes.n + 4;
    char *text = malloc(cap);
    char *copy = malloc(bytes.n + 1); /* iconv wants it without const */
    iconv_t way = iconv_open("UTF-8", from);
    int error = !text || !copy ? DX_E_MEMORY : way == (iconv_t)-1 ? DX_E_FORMAT : 0;
    if (!error) {
        char *in = copy;
        char *out = text;
        size_t left = bytes.n;
        size_t room = cap;
        memcpy(copy, bytes.p, bytes.n);
        if (iconv(way, &in, &left, &out, &room) == (size_t)-1 ||
            iconv(way, NULL, NULL, &out, &room) == (size_t)-1) {
            error = DX_E_FORMAT;
        }
        *ret_n = cap - room;
    }
    if (way != (iconv_t)-1) {
        iconv_close(way);
    }
    free(copy);
    if (error) {
        free(text);
        return error;
    }
    *ret_text = text;
    return 0;
}

static int copy(struct str bytes, char **ret_text, size_t *ret_n)
{
    char *text = malloc(bytes.n + 1);
    if (!text) {
        return DX_E_MEMORY;
    }
    memcpy(text, bytes.p, bytes.n);
    *ret_text = text;
    *ret_n = bytes.n;
    return 0;
}

int charset_to_utf8(struct str bytes, char **ret_text, size_t *ret_n, const char **ret_name,
                    const char **ret_why)
{
    static const struct str utf8 = {"\xEF\xBB\xBF", 3};
    const char *from = "CP1258";
    const char *name = "Windows-1258";
    int skip = 0;
    for (size_t i = 0; i < sizeof no_text / sizeof no_text[0]; i++) {
        if (str_starts(bytes, no_text[i].magic)) {
            *ret_why = no_text[i].why;
            return DX_E_FORMAT;
        }
    }
    if (bytes.n == 0) {
        *ret_why = "the file is empty";
        return DX_E_FORMAT;
    }
    if (str_starts(bytes, (struct str){"\xFF\xFE", 2}) ||
        str_starts(bytes, (struct str){"\xFE\xFF", 2})) {
        from = bytes.p[0] == '\xFF' ? "UTF-16LE" : "UTF-16BE";
        name = "UTF-16";
        skip = 2;
    } else if (str_starts(bytes, utf8)) {
        skip = 3;
    }
    struct str text = str_slice(bytes, (size_t)skip, bytes.n);
    if (skip != 2 && memchr(text.p, '\0', text.n)) {
        *ret_why = "this is no text file";
        return DX_E_FORMAT;
    }
    if (skip != 2 && str_is_utf8(text)) {
        *ret_name = "UTF-8";
        return copy(text, ret_text, ret_n);
    }
    if (skip == 3) {
        *ret_why = "it says that it is UTF-8, and is not";
        return DX_E_FORMAT;
    }
    int error = convert(text, from, ret_text, ret_n);
    if (error == DX_E_FORMAT) {
        *ret_why = "it is neither UTF-8 nor UTF-16 nor Windows-1258; save it as CSV (UTF-8)";
    }
    if (!error) {
        *ret_name = name;
    }
    return error;
}
