#include "proto/io/http_text.h"

#include <arpa/inet.h>
#include <string.h>

static int hex_digit(char c)
{
    if (ascii_is_digit(c)) {
        return c - '0';
    }
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes %XX at text.p[at]; returns the byte or -1. */
static int escaped_byte(struct str text, size_t at)
{
    if (text.n - at < 3) {
        return -1;
    }
    int high = hex_digit(text.p[at + 1]);
    int low = hex_digit(text.p[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* Segments of a decoded path: none empty but the last, none that climbs. */
static bool segments_are_plain(struct str path)
{
    size_t from = 1;
    while (from <= path.n) {
        struct str rest = str_slice(path, from, path.n);
        struct str segment = str_slice(rest, 0, str_index(rest, '/'));
        bool last = from + segment.n >= path.n;
        if (str_eq_c(segment, ".") || str_eq_c(segment, "..") || (segment.n == 0 && !last)) {
            return false;
        }
        from += segment.n + 1;
    }
    return true;
}

int http_path_decode(struct str target, char *space, size_t cap, struct str *ret_path)
{
    struct str raw = str_slice(target, 0, str_index(target, '?'));
    size_t n = 0;
    if (raw.n == 0 || raw.p[0] != '/') {
        return DX_E_FORMAT;
    }
    for (size_t i = 0; i < raw.n; i++) {
        int byte = (unsigned char)raw.p[i];
        bool escaped = byte == '%';
        if (escaped) {
            byte = escaped_byte(raw, i);
            i += 2;
        }
        if (byte < 0x20 || byte == 0x7f || byte == '\\' || byte == '#' ||
            (escaped && byte == '/')) {
            return DX_E_FORMAT;
        }
        if (n + 1 >= cap) {
            return DX_E_SPACE;
        }
        space[n++] = (char)byte;
    }
    space[n] = '\0';
    struct str path = {space, n};
    /* An empty last segment ("/lib/") is fine; "//" anywhere is not. */
    bool doubled = n >= 2 && space[n - 1] == '/' && space[n - 2] == '/';
    if (doubled || !segments_are_plain(path) || !str_is_utf8(path)) {
        return DX_E_FORMAT;
    }
    *ret_path = path;
    return 0;
}

static int decode_field(struct str text, char *space, size_t cap, struct str *ret_value)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        int byte = text.p[i] == '+' ? ' ' : (unsigned char)text.p[i];
        if (byte == '%') {
            byte = escaped_byte(text, i);
            i += 2;
        }
        if (byte <= 0) {
            return DX_E_FORMAT;
        }
        if (n + 1 >= cap) {
            return DX_E_SPACE;
        }
        space[n++] = (char)byte;
    }
    if (cap == 0) {
        return DX_E_SPACE;
    }
    space[n] = '\0';
    if (!str_is_utf8((struct str){space, n})) {
        return DX_E_FORMAT;
    }
    *ret_value = (struct str){space, n};
    return 0;
}

int http_form_value(struct str form, const char *name, char *space, size_t cap,
                    struct str *ret_value)
{
    while (form.n) {
        size_t end = str_index(form, '&');
        struct str field = str_slice(form, 0, end);
        form = str_slice(form, end + 1, form.n);
        size_t equals = str_index(field, '=');
        /* Names are our own plain words: they never need an escape. */
        if (str_eq_c(str_slice(field, 0, equals), name)) {
            return decode_field(str_slice(field, equals + 1, field.n), space, cap, ret_value);
        }
    }
    return DX_E_NOT_FOUND;
}

int http_address_parse(const char *text, struct http_address *ret_address)
{
    struct str whole = str_c(text);
    struct http_address address = {.is_v6 = whole.n && whole.p[0] == '['};
    size_t end = address.is_v6 ? str_index(whole, ']') : str_index(whole, ':');
    struct str host = str_slice(whole, address.is_v6 ? 1 : 0, end);
    size_t colon = address.is_v6 ? end + 1 : end;
    int64_t port = 0;
    if (colon >= whole.n || whole.p[colon] != ':' ||
        str_parse_i64(str_slice(whole, colon + 1, whole.n), 0, 65535, &port) ||
        str_copy(address.host, sizeof address.host, host)) {
        return DX_E_CONFIG;
    }
    struct in_addr v4;
    struct in6_addr v6;
    if (address.is_v6) {
        if (inet_pton(AF_INET6, address.host, &v6) != 1) {
            return DX_E_CONFIG;
        }
        address.is_loopback = IN6_IS_ADDR_LOOPBACK(&v6);
    } else {
        if (inet_pton(AF_INET, address.host, &v4) != 1) {
            return DX_E_CONFIG;
        }
        address.is_loopback = (ntohl(v4.s_addr) >> 24) == 127;
    }
    address.port = (int)port;
    *ret_address = address;
    return 0;
}

const char *http_content_type(struct str path)
{
    static const struct {
        const char *ending;
        const char *type;
    } types[] = {
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
        {".webmanifest", "application/manifest+json"},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct str ending = str_c(types[i].ending);
        if (path.n > ending.n && str_eq(str_slice(path, path.n - ending.n, path.n), ending)) {
            return types[i].type;
        }
    }
    return "application/octet-stream";
}
