#include "proto/io/gzip.h"

#include <zlib.h>

int gzip_pack(struct str text, char **ret_packed, size_t *ret_n)
{
    enum { WINDOW_AND_GZIP_HEADER = 15 + 16 };
    z_stream stream = {0};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, WINDOW_AND_GZIP_HEADER, 9,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        return DX_E_MEMORY;
    }
    size_t cap = deflateBound(&stream, text.n);
    char *packed = malloc(cap);
    union {
        const char *in;
        Bytef *out;
    } bytes = {.in = text.p};
    stream.next_in = bytes.out;
    stream.avail_in = (uInt)text.n;
    stream.next_out = (Bytef *)packed;
    stream.avail_out = (uInt)cap;
    int code = packed && text.n <= UINT32_MAX / 2 ? deflate(&stream, Z_FINISH) : Z_MEM_ERROR;
    size_t n = stream.total_out;
    deflateEnd(&stream);
    if (code != Z_STREAM_END) {
        free(packed);
        return DX_E_MEMORY;
    }
    *ret_packed = packed;
    *ret_n = n;
    return 0;
}

/* "gzip;q=0.000" is a no. */
static bool is_refused(struct str parameters)
{
    size_t equals = str_index(parameters, '=');
    struct str weight = str_trim(str_slice(parameters, equals + 1, parameters.n));
    for (size_t i = 0; i < weight.n; i++) {
        if (weight.p[i] != '0' && weight.p[i] != '.') {
            return false;
        }
    }
    return weight.n > 0;
}

bool gzip_is_accepted(struct str accept_encoding)
{
    while (accept_encoding.n) {
        size_t end = str_index(accept_encoding, ',');
        struct str item = str_trim(str_slice(accept_encoding, 0, end));
        accept_encoding = str_slice(accept_encoding, end + 1, accept_encoding.n);
        size_t semicolon = str_index(item, ';');
        struct str name = str_trim(str_slice(item, 0, semicolon));
        if (str_eq_nocase(name, STR("gzip")) || str_eq_nocase(name, STR("x-gzip")) ||
            str_eq_c(name, "*")) {
            return !is_refused(str_slice(item, semicolon + 1, item.n));
        }
    }
    return false;
}
