/* Paths, forms, Accept-Encoding and Accept-Language: bytes from anybody. */
#include "proto/base/check.h"
#include "proto/io/gzip.h"
#include "proto/io/http_text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str input = {(const char *)data, size};
    char space[HTTP_PATH_CAP];
    char again[HTTP_PATH_CAP];
    struct str path = {0};
    struct str value = {0};
    if (http_path_decode(input, space, sizeof space, &path) == 0) {
        must(path.n > 0 && path.p[0] == '/' && path.n < sizeof space && str_is_utf8(path));
        must(strstr(space, "/../") == NULL && strstr(space, "//") == NULL);
        must(memchr(path.p, '\0', path.n) == NULL);
        /* What is plain stays as it is, unless it holds a sign that means something. */
        if (str_index(path, '%') == path.n && str_index(path, '?') == path.n) {
            must(http_path_decode(path, again, sizeof again, &value) == 0);
            must(str_eq(path, value));
        }
    }
    if (http_form_value(input, "a", space, sizeof space, &value) == 0) {
        must(str_is_utf8(value) && strlen(space) == value.n);
    }
    (void)gzip_is_accepted(input);
    return 0;
}
