#include "proto/io/yaml.h"
#include "server/api/routes.h"
#include "tests/harness/harness.h"

/* ---- docs/openapi.yaml ---- */

static char yaml_error[YAML_ERROR_CAP];

static struct ydoc *load_openapi(void)
{
    struct ydoc *doc = NULL;
    if (ydoc_load_file(DOXE_SOURCE_DIR "/docs/openapi.yaml", yaml_error, sizeof yaml_error, &doc)) {
        fail_msg("%s", yaml_error);
    }
    return doc;
}

static const char *method_word(enum http_method method)
{
    return method == HTTP_POST ? "post" : "get";
}

/* The name of the security scheme that an access asks for; NULL for none. */
static const char *scheme_of(enum access access)
{
    static const char *const schemes[ACCESS_COUNT] = {
        [ACCESS_SIGNED] = "signature", [ACCESS_OPERATOR] = "operator", [ACCESS_CITY] = "city"};
    return schemes[access];
}

static void test_routes__every_route_is_in_the_openapi_file_with_its_access(void **state)
{
    (void)state;
    struct ydoc *doc = load_openapi();
    struct ynode paths = ynode_get(ydoc_root(doc), "paths");
    for (int i = 0; i < ROUTE_COUNT; i++) {
        const struct route *route = route_at((enum route_id)i);
        struct ynode operation =
            ynode_get(ynode_get(paths, route->pattern), method_word(route->method));
        if (!ynode_exists(operation)) {
            fail_msg("%s %s is not in docs/openapi.yaml", method_word(route->method),
                     route->pattern);
        }
        struct ynode security = ynode_get(operation, "security");
        const char *wanted = scheme_of(route->access);
        bool fits = wanted ? ynode_exists(ynode_get(ynode_first(security), wanted))
                           : !ynode_exists(security);
        if (!fits) {
            fail_msg("%s: security is not that of the routing table", route->pattern);
        }
    }
    ydoc_free(doc);
}

static void test_routes__every_operation_of_the_openapi_file_is_a_route(void **state)
{
    (void)state;
    struct ydoc *doc = load_openapi();
    struct ynode paths = ynode_get(ydoc_root(doc), "paths");
    int operations = 0;
    for (struct ynode path = ynode_first(paths); ynode_exists(path); path = ynode_next(path)) {
        for (struct ynode at = ynode_first(path); ynode_exists(at); at = ynode_next(at)) {
            bool found = false;
            for (int i = 0; i < ROUTE_COUNT; i++) {
                const struct route *route = route_at((enum route_id)i);
                found = found || (str_eq_c(ynode_key(path), route->pattern) &&
                                  str_eq_c(ynode_key(at), method_word(route->method)));
            }
            if (!found) {
                fail_msg("%.*s %.*s is no route", (int)ynode_key(at).n, ynode_key(at).p,
                         (int)ynode_key(path).n, ynode_key(path).p);
            }
            operations++;
        }
    }
    assert_int_equal(operations, ROUTE_COUNT);
    ydoc_free(doc);
}

/* A $ref to nowhere is worse than none. */
static void check_references(const struct ydoc *doc, struct ynode node)
{
    for (struct ynode at = ynode_first(node); ynode_exists(at); at = ynode_next(at)) {
        if (str_eq_c(ynode_key(at), "$ref")) {
            char path[YAML_PATH_CAP];
            struct str target = ynode_text(at);
            assert_true(str_starts(target, STR("#/")));
            ok(str_copy(path, sizeof path, str_slice(target, 2, target.n)));
            struct ynode to = ydoc_root(doc);
            for (char *save = NULL, *part = strtok_r(path, "/", &save); part;
                 part = strtok_r(NULL, "/", &save)) {
                to = ynode_get(to, part);
            }
            if (!ynode_exists(to)) {
                fail_msg("line %d: nothing at %.*s", ynode_line(at), (int)target.n, target.p);
            }
        }
        check_references(doc, at);
    }
}

static void test_routes__references_of_the_openapi_file_lead_somewhere(void **state)
{
    (void)state;
    struct ydoc *doc = load_openapi();
    check_references(doc, ydoc_root(doc));
    ydoc_free(doc);
}

/* ---- finding ---- */

static void expect(enum http_method method, const char *path, enum route_id wanted,
                   const char *segment)
{
    enum route_id id = ROUTE_COUNT;
    struct str found = {0};
    if (route_find(method, str_c(path), &id, &found) || id != wanted || !str_eq_c(found, segment)) {
        fail_msg("%s: route %d, segment '%.*s'", path, id, (int)found.n, found.n ? found.p : "");
    }
}

static void test_routes__a_path_means_one_route_or_none(void **state)
{
    (void)state;
    enum route_id id = ROUTE_COUNT;
    struct str segment = {0};
    expect(HTTP_GET, "/", ROUTE_INDEX, "");
    expect(HTTP_GET, "/s/abc", ROUTE_DRIVER, "abc");
    expect(HTTP_GET, "/s/abc/qr.png", ROUTE_DRIVER_QR, "abc");
    expect(HTTP_GET, "/operator", ROUTE_OPERATOR, "");
    expect(HTTP_POST, "/webhook/sepay", ROUTE_WEBHOOK, "sepay");
    expect(HTTP_POST, "/api/v1/reviews/12/close", ROUTE_API_REVIEW, "12");
    static const char *nowhere[] = {
        "/s",   "/s/",         "/s/abc/",           "/s/abc/x", "/s/abc/part/",
        "/x",   "/operator/",  "/Operator",         "/api",     "/api/v1/",
        "/lib", "/lib/a/b.js", "/s/{token}/nothing"};
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
        if (route_find(HTTP_GET, str_c(nowhere[i]), &id, &segment) != DX_E_NOT_FOUND) {
            fail_msg("%s is a route", nowhere[i]);
        }
    }
    assert_int_equal(route_find(HTTP_POST, STR("/operator"), &id, &segment), DX_E_STATE);
    assert_int_equal(route_find(HTTP_GET, STR("/webhook/sepay"), &id, &segment), DX_E_STATE);
    assert_int_equal(route_find(HTTP_OTHER, STR("/"), &id, &segment), DX_E_STATE);
}

TESTS(T(test_routes__every_route_is_in_the_openapi_file_with_its_access),
      T(test_routes__every_operation_of_the_openapi_file_is_a_route),
      T(test_routes__references_of_the_openapi_file_lead_somewhere),
      T(test_routes__a_path_means_one_route_or_none))
