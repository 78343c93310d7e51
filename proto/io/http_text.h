/*
 * http_text.h - the text rules of HTTP that need no socket: paths, forms, addresses, types.
 *
 * Everything here is a pure function over bytes from outside, so that it can be
 * tested and fuzzed without a server.  http_srv.c uses it; the handlers of pages
 * may too.
 */
#ifndef DOXE_IO_HTTP_TEXT_H
#define DOXE_IO_HTTP_TEXT_H

#include "proto/base/str.h"

enum { HTTP_PATH_CAP = 513, HTTP_HOST_CAP = 64 };

/*
 * The path of a request target as it came ("/s/abc%20d?x=1"), decoded once.
 * Whatever two readers could understand differently is refused instead of
 * cleaned (RFC 3986 3.3 and 6.2.2.3 leave that choice to the server):
 * DX_E_FORMAT: not starting with '/', "//", a segment "." or ".." in any
 *   spelling, '\', '#', NUL or another control character, a broken escape, text
 *   that is not UTF-8; and an escaped '/', which would make a new segment.
 * DX_E_SPACE: longer than the space.
 * The query behind '?' is left out.
 */
DX_MUST_USE int http_path_decode(struct str target, char *space, size_t cap, struct str *ret_path);

/*
 * Value of `name` in application/x-www-form-urlencoded text ('+' is a blank).
 * DX_E_NOT_FOUND; DX_E_FORMAT: broken escape, NUL, or not UTF-8; DX_E_SPACE.
 * The first of several fields of one name counts.
 */
DX_MUST_USE int http_form_value(struct str form, const char *name, char *space, size_t cap,
                                struct str *ret_value);

/* "127.0.0.1:8080", "[::1]:0", "0.0.0.0:80": numeric only, so that no resolver is asked. */
struct http_address {
    char host[HTTP_HOST_CAP];
    int port;
    bool is_v6;
    bool is_loopback;
};
/* DX_E_CONFIG when the text is no such address. */
DX_MUST_USE int http_address_parse(const char *text, struct http_address *ret_address);

/* By the ending of a file name; "application/octet-stream" for one not known here. */
const char *http_content_type(struct str path);

#endif
