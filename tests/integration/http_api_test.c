#include "proto/io/json.h"
#include "tests/harness/harness.h"
#include "tests/harness/http_client.h"
#include "tests/integration/web_fixture.h"

#define OURS "X-Doxe-Request: 1\r\n"

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

static bool text_is(const struct jdoc *node, const char *key, const char *wanted)
{
    struct str value = {0};
    return jdoc_get_str(node, key, &value) == 0 && str_eq_c(value, wanted);
}

static void test_http_api__sessions_come_page_by_page_each_once(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    char session[5][ULID_CAP];
    for (int i = 0; i < 5; i++) {
        char plate[16];
        snprintf(plate, sizeof plate, "30F-123.4%d", i);
        web_fixture_enter(f, "hn-0001-g1", plate, VEHICLE_CAR, (int64_t)(50 - i) * 60000,
                          session[i]);
    }
    web_fixture_settle(f);
    char target[128] = "/api/v1/sessions?limit=2";
    int seen = 0;
    for (int page = 0; page < 3; page++) {
        struct jdoc *root = get_json(f, target, FIXTURE_OPERATOR);
        const struct jdoc *list = jdoc_get(root, "sessions");
        for (size_t i = 0; i < jdoc_count(list); i++) {
            assert_true(text_is(jdoc_at(list, i), "id", session[seen]));
            assert_true(text_is(jdoc_at(list, i), "state", "inside"));
            assert_true(text_is(jdoc_at(list, i), "lot", "hn-0001"));
            assert_true(jdoc_is_null(jdoc_get(jdoc_at(list, i), "left_ms")));
            seen++;
        }
        struct str next = {0};
        if (jdoc_get_str(root, "next", &next) == 0) {
            snprintf(target, sizeof target, "/api/v1/sessions?limit=2&after=%.*s", (int)next.n,
                     next.p);
        }
        jdoc_release(root);
    }
    assert_int_equal(seen, 5);
    snprintf(target, sizeof target, "/api/v1/sessions?since_ms=%lld",
             (long long)(web_fixture_now(f).ms - 48 * 60000));
    struct jdoc *root = get_json(f, target, FIXTURE_OPERATOR);
    assert_int_equal(jdoc_count(jdoc_get(root, "sessions")), 2);
    assert_true(jdoc_is_null(jdoc_get(root, "next")));
    jdoc_release(root);
    static const char *bad[] = {"limit=0", "limit=1001", "limit=x", "since_ms=-1",
                                "after=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(target, sizeof target, "/api/v1/sessions?%s", bad[i]);
        struct http_reply reply =
            http_client_ask(web_fixture_port(f), "GET", target, FIXTURE_OPERATOR, NULL);
        assert_int_equal(reply.status, 400);
        http_reply_free(&reply);
    }
    web_fixture_stop(f);
}

static void test_http_api__audit_sums_agree_with_the_city_and_with_the_sessions(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    web_fixture_fill(f);
    struct jdoc *audit = get_json(f, "/api/v1/audit", FIXTURE_OPERATOR);
    struct jdoc *city = get_json(f, "/api/v1/city/today", FIXTURE_CITY);
    assert_int_equal(number(audit, "trial_balance_vnd"), 0);
    assert_int_equal(number(audit, "uneven_transactions"), 0);
    assert_true(number(audit, "ledger_transactions") > 50);
    assert_int_equal(number(audit, "quarantine"), 0);
    assert_int_equal(number(audit, "parked"), 0);
    assert_int_equal(number(audit, "inbox_waiting"), 0);
    assert_int_equal(number(audit, "paid_vnd"), number(audit, "credit_in_vnd"));
    const struct jdoc *total = jdoc_get(city, "total");
    assert_int_equal(number(total, "turns"), 54);
    assert_int_equal(number(total, "unpaid_turns"), 3);
    assert_int_equal(number(total, "turns"),
                     number(total, "cashless_turns") + number(total, "cash_turns") +
                         number(total, "free_turns") + number(total, "unpaid_turns"));
    int64_t turns = 0;
    int64_t fees = 0;
    const struct jdoc *vehicles = jdoc_get(city, "vehicles");
    for (size_t i = 0; i < jdoc_count(vehicles); i++) {
        turns += number(jdoc_at(vehicles, i), "turns");
        fees += number(jdoc_at(vehicles, i), "fee_vnd");
    }
    assert_int_equal(turns, number(total, "turns"));
    assert_int_equal(fees, number(total, "fee_vnd"));
    const struct jdoc *again = jdoc_get(city, "reconciliation");
    assert_int_equal(number(again, "difference_turns"), 0);
    assert_int_equal(number(again, "difference_fee_vnd"), 0);
    assert_int_equal(number(again, "counted_fee_vnd"), fees);
    int64_t by_hour = 0;
    const struct jdoc *hours = jdoc_get(city, "hours");
    assert_int_equal(jdoc_count(hours), 24);
    for (size_t i = 0; i < 24; i++) {
        by_hour += number(jdoc_at(hours, i), "car") + number(jdoc_at(hours, i), "motorbike");
    }
    assert_int_equal(by_hour, turns);
    int64_t inside = 0;
    const struct jdoc *lots = jdoc_get(city, "lots");
    for (size_t i = 0; i < jdoc_count(lots); i++) {
        const struct jdoc *in = jdoc_get(jdoc_at(lots, i), "inside");
        inside += number(in, "car") + number(in, "motorbike");
    }
    assert_int_equal(inside, 50);
    jdoc_release(audit);
    jdoc_release(city);
    web_fixture_stop(f);
}

static int command(struct web_fixture *f, const char *body, char *ret_error, size_t cap)
{
    struct http_reply reply = http_client_ask(web_fixture_port(f), "POST", "/api/v1/command",
                                              FIXTURE_OPERATOR OURS, body);
    struct jdoc *root = NULL;
    struct str error = {0};
    int status = reply.status;
    snprintf(ret_error, cap, "%s", "");
    if (jdoc_read((struct str){reply.body, reply.body_n}, &root, NULL) == 0 &&
        jdoc_get_str(root, "error", &error) == 0) {
        str_copy_cut(ret_error, cap, error);
    }
    jdoc_release(root);
    http_reply_free(&reply);
    return status;
}

static void test_http_api__commands_are_checked_before_they_are_sent(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int status;
        const char *error;
    } rows[] = {
        {"{\"gate\":\"hn-0001-g1\",\"lane\":2,\"action\":\"open\",\"reason\":\"xe hỏng\"}", 202,
         ""},
        {"{\"gate\":\"hn-0001-g1\",\"lane\":2,\"action\":\"open\",\"reason\":\"  \"}", 422,
         "bad_reason"},
        {"{\"gate\":\"hn-0001-g1\",\"lane\":2,\"action\":\"open\"}", 422, "bad_reason"},
        {"{\"gate\":\"hn-0001-g1\",\"lane\":0,\"action\":\"open\",\"reason\":\"x\"}", 422,
         "bad_gate"},
        {"{\"gate\":\"hn-0001-g1\",\"lane\":17,\"action\":\"open\",\"reason\":\"x\"}", 422,
         "bad_gate"},
        {"{\"gate\":\"nowhere\",\"lane\":1,\"action\":\"open\",\"reason\":\"x\"}", 404,
         "not_found"},
        {"{\"gate\":\"hn-0001-g1\",\"lane\":1,\"action\":\"explode\",\"reason\":\"x\"}", 422,
         "bad_action"},
        {"{\"gate\":\"hn-0001-g1\",\"lane\":2,\"action\":\"set_subject\",\"plate\":\"30f 12345\","
         "\"vehicle\":\"car\"}",
         202, ""},
        {"{\"gate\":\"hn-0001-g1\",\"lane\":2,\"action\":\"set_subject\",\"plate\":\"xyz\","
         "\"vehicle\":\"car\"}",
         422, "bad_subject"},
        {"{\"gate\":\"hn-0001-g1\",\"lane\":2,\"action\":\"set_subject\",\"plate\":\"30F12345\"}",
         422, "bad_subject"},
        {"{\"gate\":\"hn-0001-g1\",\"lane\":2,\"action\":\"set_subject\",\"plate\":\"30F-123.45\","
         "\"vehicle\":\"ship\"}",
         422, "bad_subject"},
        {"{\"gate\":\"hn-0001-g1\",\"gate\":\"hn-0001-g2\"}", 400, "bad_json"},
        {"[]", 422, "bad_gate"},
        {"", 400, "bad_json"},
    };
    struct web_fixture *f = web_fixture_start();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char error[32];
        int status = command(f, rows[i].body, error, sizeof error);
        if (status != rows[i].status || strcmp(error, rows[i].error) != 0) {
            fail_msg("%s: %d %s", rows[i].body, status, error);
        }
    }
    web_fixture_stop(f);
}

static void test_http_api__lanes_and_events_say_what_the_gate_said(void **state)
{
    (void)state;
    static const struct status_lane lanes[2] = {{1, "entry", "idle", "closed", ""},
                                                {2, "exit", "quoted", "closed", ""}};
    struct web_fixture *f = web_fixture_start();
    char session[ULID_CAP];
    web_fixture_enter(f, "hn-0001-g1", "30F-123.45", VEHICLE_CAR, 3000000, session);
    web_fixture_ask_exit(f, "hn-0001-g1", session, "30F-123.45", VEHICLE_CAR, 0);
    web_fixture_status(f, "hn-0001-g1", true, lanes, 2);
    web_fixture_settle(f);
    struct jdoc *root = get_json(f, "/api/v1/events?limit=1&lot=hn-0001", FIXTURE_OPERATOR);
    const struct jdoc *event = jdoc_at(jdoc_get(root, "events"), 0);
    assert_true(text_is(event, "type", "exit_asked"));
    assert_true(text_is(event, "en", "30F-123.45 is at exit lane 2"));
    assert_true(text_is(event, "vi", "30F-123.45 tới lối ra, làn 2"));
    jdoc_release(root);
    root = get_json(f, "/api/v1/lanes?lot=hn-0001", FIXTURE_OPERATOR);
    const struct jdoc *gates = jdoc_get(root, "gates");
    assert_int_equal(jdoc_count(gates), 2);
    const struct jdoc *gate = jdoc_at(gates, 0);
    assert_true(text_is(gate, "gate", "hn-0001-g1"));
    const struct jdoc *lane = jdoc_at(jdoc_get(gate, "lanes"), 1);
    assert_true(text_is(lane, "state", "quoted"));
    assert_true(text_is(lane, "last_event", "exit_asked"));
    assert_true(text_is(jdoc_get(lane, "session"), "key", "30F12345"));
    assert_int_equal(number(jdoc_get(lane, "session"), "due_vnd"), 25000);
    jdoc_release(root);
    root = get_json(f, "/api/v1/lanes?lot=other", FIXTURE_OPERATOR);
    assert_int_equal(jdoc_count(jdoc_get(root, "gates")), 0);
    jdoc_release(root);
    root = get_json(f, "/health", "");
    jdoc_release(root);
    web_fixture_stop(f);
}

static void test_http_api__a_review_is_closed_once(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    char session[ULID_CAP];
    web_fixture_enter(f, "hn-0001-g1", "30F12345", VEHICLE_CAR, 60000, session);
    web_fixture_enter(f, "hn-0001-g1", "30F12345", VEHICLE_CAR, 30000, session);
    assert_int_equal(web_fixture_pay(f, "0123456789", "khong co ma", 5000, 0), 200);
    struct jdoc *audit = get_json(f, "/api/v1/audit", FIXTURE_OPERATOR);
    assert_true(text_is(jdoc_at(jdoc_get(audit, "reviews"), 1), "word", "bank_unmatched"));
    jdoc_release(audit);
    static const struct {
        const char *path;
        int status;
    } expected[] = {{"/api/v1/reviews/1/close", 200},
                    {"/api/v1/reviews/1/close", 404},
                    {"/api/v1/reviews/2/close", 403}}; /* money: two persons */
    for (size_t i = 0; i < 3; i++) {
        struct http_reply reply = http_client_ask(web_fixture_port(f), "POST", expected[i].path,
                                                  FIXTURE_OPERATOR OURS, "{}");
        assert_int_equal(reply.status, expected[i].status);
        http_reply_free(&reply);
    }
    audit = get_json(f, "/api/v1/audit", FIXTURE_OPERATOR);
    assert_int_equal(jdoc_count(jdoc_get(audit, "reviews")), 1);
    jdoc_release(audit);
    web_fixture_stop(f);
}

TESTS(T(test_http_api__sessions_come_page_by_page_each_once),
      T(test_http_api__audit_sums_agree_with_the_city_and_with_the_sessions),
      T(test_http_api__commands_are_checked_before_they_are_sent),
      T(test_http_api__lanes_and_events_say_what_the_gate_said),
      T(test_http_api__a_review_is_closed_once))
