#include "proto/base/out.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void out_init(struct out *out, char *space, size_t cap)
{
    memset(out, 0, sizeof *out);
    out->p = space;
    out->cap = cap;
    space[0] = '\0';
}

struct str out_str(const struct out *out)
{
    return (struct str){out->p, out->n};
}

bool out_failed(const struct out *out)
{
    return out->failed;
}

void out_add(struct out *out, struct str text)
{
    if (out->failed || text.n >= out->cap - out->n) {
        out->failed = true;
        return;
    }
    if (text.n) {
        memcpy(out->p + out->n, text.p, text.n);
    }
    out->n += text.n;
    out->p[out->n] = '\0';
}

void out_add_c(struct out *out, const char *text)
{
    out_add(out, str_c(text));
}

void out_char(struct out *out, char c)
{
    out_add(out, (struct str){&c, 1});
}

void out_i64(struct out *out, int64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? (uint64_t) - (value + 1) + 1 : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest);
    if (value < 0) {
        out_char(out, '-');
    }
    out_add(out, (struct str){digits + at, sizeof digits - at});
}

void out_fmt(struct out *out, const char *format, ...)
{
    if (out->failed) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    size_t room = out->cap - out->n;
    int written = vsnprintf(out->p + out->n, room, format, arguments);
    va_end(arguments);
    if (written < 0 || (size_t)written >= room) {
        out->p[out->n] = '\0';
        out->failed = true;
        return;
    }
    out->n += (size_t)written;
}

static void quote(struct out *out, struct str text)
{
    static const char hex[] = "0123456789abcdef";
    size_t from = 0;
    if (!str_is_utf8(text)) {
        out->failed = true;
        return;
    }
    out_char(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        out_add(out, str_slice(text, from, i));
        from = i + 1;
        out_char(out, '\\');
        if (c == '"' || c == '\\') {
            out_char(out, (char)c);
        } else if (c == '\n') {
            out_char(out, 'n');
        } else {
            char escape[5] = {'u', '0', '0', hex[c >> 4], hex[c & 15]};
            out_add(out, (struct str){escape, sizeof escape});
        }
    }
    out_add(out, str_slice(text, from, text.n));
    out_char(out, '"');
}

static void member(struct out *out, const char *key)
{
    if (out->comma[out->depth]) {
        out_char(out, ',');
    }
    out->comma[out->depth] = true;
    if (key) {
        quote(out, str_c(key));
        out_char(out, ':');
    }
}

static void open_level(struct out *out, const char *key, char bracket)
{
    member(out, key);
    out_char(out, bracket);
    if (out->depth + 1 >= OUT_DEPTH_MAX) {
        out->failed = true;
        return;
    }
    out->comma[++out->depth] = false;
}

static void close_level(struct out *out, char bracket)
{
    if (out->depth == 0) {
        out->failed = true;
        return;
    }
    out->depth--;
    out_char(out, bracket);
}

void json_object(struct out *out, const char *key)
{
    open_level(out, key, '{');
}

void json_object_end(struct out *out)
{
    close_level(out, '}');
}

void json_array(struct out *out, const char *key)
{
    open_level(out, key, '[');
}

void json_array_end(struct out *out)
{
    close_level(out, ']');
}

void json_str(struct out *out, const char *key, struct str value)
{
    member(out, key);
    quote(out, value);
}

void json_c(struct out *out, const char *key, const char *value)
{
    if (value) {
        json_str(out, key, str_c(value));
    } else {
        json_null(out, key);
    }
}

void json_i64(struct out *out, const char *key, int64_t value)
{
    member(out, key);
    out_i64(out, value);
}

void json_bool(struct out *out, const char *key, bool value)
{
    member(out, key);
    out_add_c(out, value ? "true" : "false");
}

void json_null(struct out *out, const char *key)
{
    member(out, key);
    out_add_c(out, "null");
}

void json_raw(struct out *out, const char *key, struct str json)
{
    member(out, key);
    out_add(out, json);
}
