/* The transport department's figures over HTTP: lines, totals, tables, and the public feed. */
#include "proto/io/json.h"
#include "tests/harness/harness.h"
#include "tests/harness/http_client.h"
#include "tests/integration/web_fixture.h"

static struct jdoc *get_json(struct web_fixture *f, const char *target, const char *fields)
{
    struct http_reply reply = http_client_ask(web_fixture_port(f), "GET", target, fields, NULL);
    struct jdoc *root = NULL;
    if (reply.status != 200 || jdoc_read((struct str){reply.body, reply.body_n}, &root, NULL)) {
        fail_msg("%s: %d %s", target, reply.status, reply.body);
    }
    http_reply_free(&reply);
    return root;
}

static int64_t number(const struct jdoc *node, const char *key)
{
    int64_t value = 0;
    if (jdoc_get_i64(node, key, &value)) {
        fail_msg("no number %s", key);
    }
    return value;
}

static int status_of(struct web_fixture *f, const char *target, const char *fields)
{
    struct http_reply reply = http_client_ask(web_fixture_port(f), "GET", target, fields, NULL);
    int status = reply.status;
    http_reply_free(&reply);
    return status;
}

static void sum_is_total(const struct jdoc *root, const char *list_name, const char *key)
{
    const struct jdoc *list = jdoc_get(root, list_name);
    int64_t sum = 0;
    for (size_t i = 0; i < jdoc_count(list); i++) {
        sum += number(jdoc_at(list, i), key);
    }
    if (sum != number(jdoc_get(root, "total"), key)) {
        fail_msg("%s of %s do not add up", key, list_name);
    }
}

static void test_http_city__each_list_adds_up_to_the_total_and_says_so(void **state)
{
    (void)state;
    static const char *const lists[] = {"vehicles", "lots", "wards", "operators", "hours", "steps"};
    static const char *const keys[] = {"left",           "fee_vnd",  "received_vnd",
                                       "transfer_turns", "debt_vnd", "entered"};
    struct web_fixture *f = web_fixture_start();
    web_fixture_fill(f);
    struct jdoc *root =
        get_json(f, "/api/v1/city/figures?from=2026-11-20&until=2026-11-21", FIXTURE_CITY);
    const struct jdoc *total = jdoc_get(root, "total");
    assert_int_equal(number(total, "left"), 54);
    assert_int_equal(number(total, "debt_turns"), 3);
    assert_true(number(total, "received_vnd") > 0);
    assert_int_equal(number(total, "fee_vnd"),
                     number(total, "settled_vnd") + number(total, "debt_vnd") +
                         number(total, "given_up_vnd") + number(total, "let_off_vnd"));
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
            sum_is_total(root, lists[i], keys[k]);
        }
    }
    const struct jdoc *again = jdoc_get(root, "reconciliation");
    assert_true(jdoc_count(again) == 13);
    for (size_t i = 0; i < jdoc_count(again); i++) {
        assert_int_equal(number(jdoc_at(again, i), "difference"), 0);
    }
    assert_int_equal(number(root, "debt_now_vnd"), number(total, "debt_vnd"));
    jdoc_release(root);
    /* A long period asks whole months and the days around them: the same day, once. */
    root = get_json(f, "/api/v1/city/figures?from=2026-01-15&until=2026-12-24", FIXTURE_CITY);
    assert_int_equal(number(jdoc_get(root, "total"), "left"), 54);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        sum_is_total(root, lists[i], "left");
    }
    jdoc_release(root);
    root = get_json(f, "/api/v1/city/figures?from=2026-11-20&until=2026-11-21&lot=hn-0002",
                    FIXTURE_CITY);
    assert_true(number(jdoc_get(root, "total"), "left") < 54);
    sum_is_total(root, "lots", "left");
    sum_is_total(root, "hours", "left");
    jdoc_release(root);
    web_fixture_stop(f);
}

static void test_http_city__tables_and_refusals(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    struct http_reply reply = http_client_ask(
        web_fixture_port(f), "GET", "/api/v1/city/figures?format=csv", FIXTURE_CITY, NULL);
    assert_int_equal(reply.status, 200);
    assert_non_null(strstr(reply.body, "lot,name,operator,ward,entered,left"));
    assert_non_null(strstr(reply.body, "turns_by_lot,0,0,0"));
    http_reply_free(&reply);
    reply = http_client_ask(web_fixture_port(f), "GET", "/api/v1/city/figures?format=xlsx",
                            FIXTURE_CITY, NULL);
    assert_true(reply.status == 200 && memcmp(reply.body, "PK", 2) == 0);
    http_reply_free(&reply);
    static const char *const bad[] = {"from=2026-11-31", "from=2026-11-20&until=2026-11-20",
                                      "from=2001-01-01", "format=pdf", "from=x"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char target[128];
        snprintf(target, sizeof target, "/api/v1/city/figures?%s", bad[i]);
        assert_int_equal(status_of(f, target, FIXTURE_CITY), 400);
    }
    assert_int_equal(status_of(f, "/api/v1/city/figures", ""), 401);
    assert_int_equal(status_of(f, "/api/v1/city/figures", FIXTURE_OPERATOR), 403);
    web_fixture_stop(f);
}

static void test_http_city__the_feed_is_for_everybody_and_cached(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    web_fixture_fill(f);
    struct http_reply reply =
        http_client_ask(web_fixture_port(f), "GET", "/api/v1/feed/lots", "", NULL);
    assert_int_equal(reply.status, 200);
    char *etag = http_reply_header(&reply, "ETag");
    assert_non_null(etag);
    struct jdoc *root = NULL;
    ok(jdoc_read((struct str){reply.body, reply.body_n}, &root, NULL));
    const struct jdoc *places = jdoc_get(root, "places");
    assert_int_equal(jdoc_count(places), 4); /* two lots, two classes */
    for (size_t i = 0; i < 4; i++) {
        int64_t left =
            number(jdoc_at(places, i), "supply") - number(jdoc_at(places, i), "occupancy");
        assert_int_equal(number(jdoc_at(places, i), "available"), left < 0 ? 0 : left);
    }
    assert_null(strstr(reply.body, "30F")); /* no plate */
    jdoc_release(root);
    http_reply_free(&reply);
    char fields[96];
    snprintf(fields, sizeof fields, "If-None-Match: %s\r\n", etag);
    free(etag);
    assert_int_equal(status_of(f, "/api/v1/feed/lots", fields), 304);
    reply = http_client_ask(web_fixture_port(f), "GET", "/api/v1/feed/lots.csv", "", NULL);
    assert_true(reply.status == 200 && strstr(reply.body, "id,name,address,area") != NULL);
    http_reply_free(&reply);
    int refused = 0;
    for (int i = 0; i < 100 && !refused; i++) {
        refused = status_of(f, "/api/v1/feed/lots", fields) == 429;
    }
    assert_true(refused);
    web_fixture_stop(f);
}

TESTS(T(test_http_city__each_list_adds_up_to_the_total_and_says_so),
      T(test_http_city__tables_and_refusals),
      T(test_http_city__the_feed_is_for_everybody_and_cached))
