/* What the running server answers, held against docs/openapi.yaml: status, type, shape of the JSON.
 */
#include "proto/base/out.h"
#include "proto/io/json.h"
#include "proto/io/yaml.h"
#include "server/api/routes.h"
#include "tests/harness/harness.h"
#include "tests/harness/http_client.h"
#include "tests/integration/web_fixture.h"

static struct ydoc *doc;
static const char *what; /* the route under test, for messages */
static int wrong;        /* all that does not fit is named before the test fails */

/* A node, or where its $ref leads. */
static struct ynode resolve(struct ynode node)
{
    struct ynode ref = ynode_get(node, "$ref");
    if (!ynode_exists(ref)) {
        return node;
    }
    char path[YAML_PATH_CAP];
    struct str target = ynode_text(ref);
    ok(str_copy(path, sizeof path, str_slice(target, 2, target.n)));
    struct ynode to = ydoc_root(doc);
    for (char *save = NULL, *part = strtok_r(path, "/", &save); part;
         part = strtok_r(NULL, "/", &save)) {
        to = ynode_get(to, part);
    }
    assert_true(ynode_exists(to));
    return to;
}

static const char *kind_word(const struct jdoc *value)
{
    static const char *const words[] = {
        [JDOC_NULL] = "null",  [JDOC_BOOL] = "boolean", [JDOC_INT] = "integer",
        [JDOC_STR] = "string", [JDOC_ARRAY] = "array",  [JDOC_OBJECT] = "object"};
    enum jdoc_kind kind = jdoc_kind(value);
    return (size_t)kind < sizeof words / sizeof words[0] && words[kind] ? words[kind] : "number";
}

static bool fits_type(struct ynode type, const char *word)
{
    if (!ynode_exists(type) || str_eq_c(ynode_text(type), word)) {
        return true;
    }
    for (struct ynode at = ynode_first(type); ynode_exists(at); at = ynode_next(at)) {
        if (str_eq_c(ynode_text(at), word)) {
            return true;
        }
    }
    return false;
}

static void check_enum(struct ynode schema, const struct jdoc *value, const char *path)
{
    struct ynode list = ynode_get(schema, "enum");
    struct str text = {0};
    if (!ynode_exists(list) || jdoc_str(value, &text)) {
        return;
    }
    for (struct ynode at = ynode_first(list); ynode_exists(at); at = ynode_next(at)) {
        if (str_eq(ynode_text(at), text)) {
            return;
        }
    }
    wrong++, print_message("%s: %s: '%.*s' is not in the enum\n", what, path, (int)text.n, text.p);
}

static void check_value(struct ynode schema, const struct jdoc *value, const char *path);

static void check_object(struct ynode schema, const struct jdoc *value, const char *path)
{
    struct ynode required = ynode_get(schema, "required");
    struct ynode properties = ynode_get(schema, "properties");
    char name[128];
    char below[512];
    for (struct ynode at = ynode_first(required); ynode_exists(at); at = ynode_next(at)) {
        ok(str_copy(name, sizeof name, ynode_text(at)));
        if (!jdoc_has(value, name)) {
            wrong++, print_message("%s: %s has no '%s'\n", what, path, name);
        }
    }
    for (struct ynode at = ynode_first(properties); ynode_exists(at); at = ynode_next(at)) {
        ok(str_copy(name, sizeof name, ynode_key(at)));
        if (jdoc_has(value, name)) {
            snprintf(below, sizeof below, "%.380s.%s", path, name);
            check_value(at, jdoc_get(value, name), below);
        }
    }
}

static void check_value(struct ynode schema, const struct jdoc *value, const char *path)
{
    schema = resolve(schema);
    const char *word = kind_word(value);
    if (!fits_type(ynode_get(schema, "type"), word)) {
        wrong++, print_message("%s: %s is %s\n", what, path, word);
    }
    struct ynode all = ynode_get(schema, "allOf");
    for (struct ynode at = ynode_first(all); ynode_exists(at); at = ynode_next(at)) {
        check_value(at, value, path);
    }
    check_enum(schema, value, path);
    if (jdoc_kind(value) == JDOC_OBJECT) {
        check_object(schema, value, path);
    }
    struct ynode items = ynode_get(schema, "items");
    for (size_t i = 0;
         ynode_exists(items) && jdoc_kind(value) == JDOC_ARRAY && i < jdoc_count(value); i++) {
        char below[512];
        snprintf(below, sizeof below, "%.380s[%zu]", path, i);
        check_value(items, jdoc_at(value, i), below);
    }
}

/* The answer's status is described, and so are its type and shape. */
static void check_reply(struct ynode operation, const struct http_reply *reply)
{
    char status[8];
    snprintf(status, sizeof status, "%d", reply->status);
    struct ynode responses = ynode_get(operation, "responses");
    struct ynode response = resolve(ynode_get(responses, status));
    if (!ynode_exists(response)) {
        wrong++, print_message("%s: %s is not described\n", what, status);
    }
    char *type = http_reply_header(reply, "Content-Type");
    struct ynode content = ynode_get(response, "content");
    if (type && strstr(type, "application/json") == type) {
        struct jdoc *value = NULL;
        struct ynode schema = ynode_get(ynode_get(content, "application/json"), "schema");
        if (!ynode_exists(schema)) {
            wrong++, print_message("%s: %s: JSON without a schema\n", what, status);
        }
        ok(jdoc_read((struct str){reply->body, reply->body_n}, &value, NULL));
        check_value(schema, value, "$");
        jdoc_release(value);
    } else if (type && ynode_exists(content) && reply->status == 200) {
        type[strcspn(type, ";")] = '\0';
        if (!ynode_exists(ynode_get(content, type))) {
            wrong++, print_message("%s: %s: %s is not described\n", what, status, type);
        }
    }
    free(type);
}

static void check_route(struct web_fixture *f, const struct route *route, const char *target,
                        const char *fields)
{
    bool post = route->method == HTTP_POST;
    char name[256];
    snprintf(name, sizeof name, "%s %s", post ? "POST" : "GET", target);
    what = name;
    struct ynode path = ynode_get(ynode_get(ydoc_root(doc), "paths"), route->pattern);
    struct http_reply reply = http_client_ask(web_fixture_port(f), post ? "POST" : "GET", target,
                                              fields, post ? "{}" : NULL);
    check_reply(ynode_get(path, post ? "post" : "get"), &reply);
    http_reply_free(&reply);
}

static void fill(char *out, size_t cap, const char *pattern, const char *with)
{
    const char *brace = strchr(pattern, '{');
    const char *end = brace ? strchr(pattern, '}') : NULL;
    if (brace && end) {
        snprintf(out, cap, "%.*s%s%s", (int)(brace - pattern), pattern, with, end + 1);
    } else {
        snprintf(out, cap, "%s", pattern);
    }
}

static void test_http_openapi__every_answer_has_the_status_and_shape_of_the_file(void **state)
{
    (void)state;
    static char error[YAML_ERROR_CAP];
    struct web_fixture *f = web_fixture_start();
    web_fixture_fill(f);
    ok(ydoc_load_file(DOXE_SOURCE_DIR "/docs/openapi.yaml", error, sizeof error, &doc));
    int checked = 0;
    for (int i = 0; i < ROUTE_COUNT; i++) {
        const struct route *route = route_at((enum route_id)i);
        char target[160];
        if (strstr(route->pattern, "/events") && strcmp(route->pattern, "/api/v1/events") != 0) {
            continue; /* a stream does not end; tests of streams open it */
        }
        fill(target, sizeof target, route->pattern,
             strstr(route->pattern, "{lot}") ? "hn-0001" : "1");
        const char *user = strstr(route->pattern, "/city") ? FIXTURE_CITY "X-Doxe-Request: 1\r\n"
                                                           : FIXTURE_OPERATOR
                               "X-Doxe-Request: 1\r\n";
        check_route(f, route, target, user);
        struct ynode path = ynode_get(ynode_get(ydoc_root(doc), "paths"), route->pattern);
        const char *method = route->method == HTTP_POST ? "post" : "get";
        if (ynode_exists(ynode_get(ynode_get(path, method), "security"))) {
            check_route(f, route, target, "X-Doxe-Request: 1\r\n"); /* nobody */
        }
        checked++;
    }
    assert_true(checked > 60);
    assert_int_equal(wrong, 0);
    ydoc_free(doc);
    web_fixture_stop(f);
}

TESTS(T(test_http_openapi__every_answer_has_the_status_and_shape_of_the_file))
