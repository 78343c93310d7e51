#include "proto/io/db.h"
#include "server/api/routes.h"
#include "tests/harness/harness.h"
#include "tests/harness/http_client.h"
#include "tests/integration/web_fixture.h"

#define OURS "X-Doxe-Request: 1\r\n"

static int ask(struct web_fixture *f, const char *method, const char *target, const char *fields,
               const char *body)
{
    struct http_reply reply = http_client_ask(web_fixture_port(f), method, target, fields, body);
    int status = reply.status;
    http_reply_free(&reply);
    return status;
}

/* A pattern with something in its braces. */
static void fill_pattern(char *out, size_t cap, const char *pattern)
{
    const char *brace = strchr(pattern, '{');
    const char *end = brace ? strchr(pattern, '}') : NULL;
    if (brace && end) {
        snprintf(out, cap, "%.*s1%s", (int)(brace - pattern), pattern, end + 1);
    } else {
        snprintf(out, cap, "%s", pattern);
    }
}

static void test_http_access__every_route_asks_for_the_role_of_the_table(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    for (int i = 0; i < ROUTE_COUNT; i++) {
        const struct route *route = route_at((enum route_id)i);
        char target[128];
        const char *method = route->method == HTTP_POST ? "POST" : "GET";
        const char *body = route->method == HTTP_POST ? "{}" : NULL;
        bool guarded = route->access == ACCESS_OPERATOR || route->access == ACCESS_CITY;
        fill_pattern(target, sizeof target, route->pattern);
        int nobody = guarded ? ask(f, method, target, OURS, body) : 0;
        int wrong =
            !guarded ? 0
                     : ask(f, method, target,
                           route->access == ACCESS_CITY ? FIXTURE_OPERATOR OURS : FIXTURE_CITY OURS,
                           body);
        /* A page asks a browser for the other user; a program is told plainly. */
        int expected = route->kind == ROUTE_PAGE ? 401 : 403;
        if (guarded && (nobody != 401 || wrong != expected)) {
            fail_msg("%s %s: %d without login, %d with the other role", method, target, nobody,
                     wrong);
        }
        if (!guarded) {
            continue;
        }
        if (strstr(target, "/events") && strcmp(target, "/api/v1/events") != 0) {
            continue; /* a stream does not end; tests of streams open it */
        }
        int right =
            ask(f, method, target,
                route->access == ACCESS_CITY ? FIXTURE_CITY OURS : FIXTURE_OPERATOR OURS, body);
        if (right == 401 || right == 403 || right == 500) {
            fail_msg("%s %s: %d with the right role", method, target, right);
        }
    }
    web_fixture_stop(f);
}

static void test_http_access__wrong_passwords_are_401_then_429_for_that_address(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    static const char wrong[] = "Authorization: Basic ZGlldS1oYW5oOndyb25n\r\n"; /* …:wrong */
    assert_int_equal(ask(f, "GET", "/operator", FIXTURE_OPERATOR, NULL), 200);
    for (int i = 0; i <= AUTH_FREE_FAILURES; i++) {
        assert_int_equal(ask(f, "GET", "/operator", wrong, NULL), 401);
    }
    struct http_reply reply = http_client_ask(web_fixture_port(f), "GET", "/operator", wrong, NULL);
    assert_int_equal(reply.status, 429);
    char *wait = http_reply_header(&reply, "Retry-After");
    assert_non_null(wait);
    free(wait);
    http_reply_free(&reply);
    /* Who is in already stays in: one address may be a whole office. */
    assert_int_equal(ask(f, "GET", "/operator", FIXTURE_OPERATOR, NULL), 200);
    web_fixture_stop(f);
}

static void test_http_access__a_command_must_come_from_our_own_page(void **state)
{
    (void)state;
    static const char body[] = "{\"gate\":\"hn-0001-g1\",\"lane\":1,\"action\":\"open\","
                               "\"reason\":\"xe cứu thương\"}";
    struct web_fixture *f = web_fixture_start();
    assert_int_equal(ask(f, "POST", "/api/v1/command", FIXTURE_OPERATOR, body), 403);
    assert_int_equal(ask(f, "POST", "/api/v1/command",
                         FIXTURE_OPERATOR OURS "Origin: https://evil.example\r\n", body),
                     403);
    assert_int_equal(ask(f, "POST", "/api/v1/command",
                         FIXTURE_OPERATOR OURS "Sec-Fetch-Site: cross-site\r\n", body),
                     403);
    struct db *db = NULL;
    int64_t commands = 0;
    ok(db_open_reader(web_fixture_database(f), &db));
    ok(db_query_i64(db, 0, &commands, "SELECT count(*) FROM command", ""));
    assert_int_equal(commands, 0);
    assert_int_equal(ask(f, "POST", "/api/v1/command",
                         FIXTURE_OPERATOR OURS "Sec-Fetch-Site: same-origin\r\n", body),
                     202);
    ok(db_query_i64(db, 0, &commands, "SELECT count(*) FROM command WHERE by = 'dieu-hanh'", ""));
    assert_int_equal(commands, 1);
    db_close(db);
    web_fixture_stop(f);
}

static void test_http_access__webhook_without_a_good_signature_changes_nothing(void **state)
{
    (void)state;
    static const char body[] =
        "{\"id\":1,\"gateway\":\"V\",\"transactionDate\":\"2026-11-20 14:30:00\","
        "\"accountNumber\":\"0123456789\",\"content\":\"DX\",\"transferType\":\"in\","
        "\"transferAmount\":5000,\"referenceCode\":\"FT1\"}";
    struct web_fixture *f = web_fixture_start();
    struct db *db = NULL;
    int64_t rows = 0;
    assert_int_equal(ask(f, "POST", "/webhook/sepay", "", body), 401);
    assert_int_equal(ask(f, "POST", "/webhook/sepay", "Authorization: Apikey wrong\r\n", body),
                     401);
    assert_int_equal(ask(f, "POST", "/webhook/sepay",
                         "X-SePay-Timestamp: 1795159800\r\nX-SePay-Signature: sha256="
                         "0000000000000000000000000000000000000000000000000000000000000000\r\n",
                         body),
                     401);
    assert_int_equal(ask(f, "POST", "/webhook/nobody", "", body), 404);
    assert_int_equal(ask(f, "GET", "/webhook/sepay", "", NULL), 405);
    ok(db_open_reader(web_fixture_database(f), &db));
    ok(db_query_i64(db, -1, &rows,
                    "SELECT (SELECT count(*) FROM bank_inbox) + (SELECT count(*) FROM bank_credit)"
                    " + (SELECT count(*) FROM ledger_tx) + (SELECT count(*) FROM review)",
                    ""));
    assert_int_equal(rows, 0);
    db_close(db);
    assert_int_equal(web_fixture_pay(f, "0123456789", "khong co ma", 5000, 0), 200);
    web_fixture_stop(f);
}

static void
test_http_access__unknown_tokens_are_404_then_rationed_and_known_ones_are_not(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    char session[ULID_CAP];
    char token[33];
    char code[PAYCODE_CAP];
    char target[64];
    web_fixture_enter(f, "hn-0001-g1", "30F-123.45", VEHICLE_CAR, 3600000, session);
    web_fixture_names(f, session, token, code);
    int status = 0;
    int tries = 0;
    while (tries < 100 && status != 429) {
        snprintf(target, sizeof target, "/s/%032d", tries++);
        status = ask(f, "GET", target, "", NULL);
        assert_true(status == 404 || status == 429);
    }
    assert_true(tries > 10 && tries < 40);
    snprintf(target, sizeof target, "/s/%s", token);
    assert_int_equal(ask(f, "GET", target, "", NULL), 200);
    /* No token at all by its form: the same friendly answer, the same ration. */
    assert_int_equal(ask(f, "GET", "/s/abc", "", NULL), 429);
    web_fixture_stop(f);
}

static void test_http_access__an_address_from_outside_needs_tls_or_a_proxy(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    char why[512];
    struct web *web = NULL;
    struct auth_user user = {.name = "x", .role = ROLE_CITY};
    struct web_config config = {.listen = "0.0.0.0:0",
                                .database = web_fixture_database(f),
                                .public_url = "https://doxe.example",
                                .city = "Hà Nội",
                                .users = &user,
                                .user_count = 1,
                                .app = web_fixture_app(f)};
    assert_int_equal(web_start(&config, why, sizeof why, &web), DX_E_DENIED);
    assert_non_null(strstr(why, "behind_proxy"));
    config.listen = "[::]:0";
    assert_int_equal(web_start(&config, why, sizeof why, &web), DX_E_DENIED);
    config.listen = "localhost:80";
    assert_int_equal(web_start(&config, why, sizeof why, &web), DX_E_CONFIG);
    config.listen = "127.0.0.1:0";
    config.database = "/nowhere/at.all";
    assert_int_equal(web_start(&config, why, sizeof why, &web), DX_E_IO);
    user.role = ROLE_NONE;
    assert_int_equal(web_start(&config, why, sizeof why, &web), DX_E_CONFIG);
    assert_null(web);
    web_stop(NULL);
    web_fixture_stop(f);
}

static void test_http_access__behind_a_proxy_the_address_is_what_the_proxy_saw(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    char why[512];
    struct web *web = NULL;
    struct web_config config = {.listen = "127.0.0.1:0",
                                .behind_proxy = true,
                                .database = web_fixture_database(f),
                                .public_url = "https://doxe.example",
                                .city = "Hà Nội",
                                .app = web_fixture_app(f)};
    ok(web_start(&config, why, sizeof why, &web));
    int status = 0;
    for (int i = 0; i < 60 && status != 429; i++) {
        /* What the client itself claims stands before what the proxy added. */
        char field[96];
        snprintf(field, sizeof field, "X-Forwarded-For: 10.0.0.%d, 203.0.113.7\r\n", i);
        struct http_reply reply = http_client_ask(web_port(web), "GET", "/s/none", field, NULL);
        status = reply.status;
        char *hsts = http_reply_header(&reply, "Strict-Transport-Security");
        assert_non_null(hsts);
        free(hsts);
        http_reply_free(&reply);
    }
    assert_int_equal(status, 429);
    struct http_reply reply =
        http_client_ask(web_port(web), "GET", "/s/none", "X-Forwarded-For: 203.0.113.8\r\n", NULL);
    assert_int_equal(reply.status, 404);
    http_reply_free(&reply);
    web_stop(web);
    web_fixture_stop(f);
}

TESTS(T(test_http_access__every_route_asks_for_the_role_of_the_table),
      T(test_http_access__wrong_passwords_are_401_then_429_for_that_address),
      T(test_http_access__a_command_must_come_from_our_own_page),
      T(test_http_access__webhook_without_a_good_signature_changes_nothing),
      T(test_http_access__unknown_tokens_are_404_then_rationed_and_known_ones_are_not),
      T(test_http_access__an_address_from_outside_needs_tls_or_a_proxy),
      T(test_http_access__behind_a_proxy_the_address_is_what_the_proxy_saw))
