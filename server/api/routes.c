#include "server/api/routes.h"

#include "proto/base/check.h"

static const struct route routes[ROUTE_COUNT] = {
#define X(id, method_, pattern_, access_, kind_, sentence_) \
    [ROUTE_##id] = {.method = HTTP_##method_,               \
                    .pattern = pattern_,                    \
                    .access = ACCESS_##access_,             \
                    .kind = ROUTE_##kind_,                  \
                    .sentence = sentence_},
    ROUTES(X)
#undef X
};

const struct route *route_at(enum route_id id)
{
    must((unsigned)id < ROUTE_COUNT);
    return &routes[id];
}

/* Does the path fit the pattern?  Segments are compared one by one. */
static bool fits(const char *pattern, struct str path, struct str *ret_segment)
{
    struct str wanted = str_c(pattern);
    while (wanted.n && path.n) {
        struct str expected = str_slice(wanted, 1, wanted.n);
        struct str given = str_slice(path, 1, path.n);
        expected = str_slice(expected, 0, str_index(expected, '/'));
        given = str_slice(given, 0, str_index(given, '/'));
        if (path.p[0] != '/') {
            return false;
        }
        if (expected.n && expected.p[0] == '{') {
            if (given.n == 0) {
                return false;
            }
            *ret_segment = given;
        } else if (!str_eq(expected, given)) {
            return false;
        }
        wanted = str_slice(wanted, 1 + expected.n, wanted.n);
        path = str_slice(path, 1 + given.n, path.n);
    }
    return wanted.n == 0 && path.n == 0;
}

int route_find(enum http_method method, struct str path, enum route_id *ret_id,
               struct str *ret_segment)
{
    int error = DX_E_NOT_FOUND;
    for (int i = 0; i < ROUTE_COUNT; i++) {
        struct str segment = {0};
        if (!fits(routes[i].pattern, path, &segment)) {
            continue;
        }
        if (routes[i].method == method) {
            *ret_id = (enum route_id)i;
            *ret_segment = segment;
            return 0;
        }
        error = DX_E_STATE;
    }
    return error;
}
