#include "gate/console/desk_routes.h"

#include <string.h>

const struct desk_route_row desk_routes[DESK_ROUTE_COUNT] = {
#define X(name, method, path, need, roles) \
    [DESK_ROUTE_##name] = {#name, HTTP_##method, (path), DESK_NEED_##need, (roles)},
    DESK_ROUTES(X)
#undef X
};

/* `*` at the end of a row stands for one segment that is not empty. */
static bool fits(const char *pattern, struct str path, struct str *ret_segment)
{
    size_t n = strlen(pattern);
    if (pattern[n - 1] != '*') {
        return str_eq_c(path, pattern);
    }
    if (!str_starts(path, (struct str){pattern, n - 1})) {
        return false;
    }
    *ret_segment = str_slice(path, n - 1, path.n);
    return ret_segment->n > 0 && str_index(*ret_segment, '/') == ret_segment->n;
}

int desk_route_find(enum http_method method, struct str path, enum desk_route *ret_route,
                    struct str *ret_segment)
{
    int error = DX_E_NOT_FOUND;
    *ret_segment = (struct str){NULL, 0};
    for (int i = 0; i < DESK_ROUTE_COUNT; i++) {
        if (fits(desk_routes[i].path, path, ret_segment)) {
            if (desk_routes[i].method == method) {
                *ret_route = (enum desk_route)i;
                return 0;
            }
            error = DX_E_STATE;
        }
    }
    return error;
}
