/* Passes and shifts as a driver and an operator see them, over real sockets. */
#include "tests/harness/harness.h"
#include "tests/harness/http_client.h"
#include "tests/integration/web_fixture.h"

static struct web_fixture *f;

static int setup(void **state)
{
    (void)state;
    f = web_fixture_start();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    web_fixture_stop(f);
    return 0;
}

static struct http_reply get(const char *target, const char *fields)
{
    return http_client_ask(web_fixture_port(f), "GET", target, fields, NULL);
}

static struct http_reply order(const char *body)
{
    return http_client_ask(web_fixture_port(f), "POST", "/passes",
                           "Content-Type: application/x-www-form-urlencoded\r\n", body);
}

static void says(struct http_reply reply, int status, const char *text, const char *silent)
{
    bool good = reply.status == status && (!text || strstr(reply.body, text)) &&
                (!silent || !strstr(reply.body, silent));
    if (!good) {
        fail_msg("%d, wanted %d, '%s' and not '%s': %s", reply.status, status, text ? text : "",
                 silent ? silent : "", reply.body);
    }
    http_reply_free(&reply);
}

#define GOOD "offer=hn-0001%7Ccar%7Cmonth-day&plate=30F-123.45&months=2"

/* Where a good order leads to. */
static void ask_for(const char *body, char *path, size_t cap)
{
    struct http_reply reply = order(body);
    assert_int_equal(reply.status, 303);
    char *location = http_reply_header(&reply, "Location");
    assert_non_null(location);
    snprintf(path, cap, "%s", location);
    free(location);
    http_reply_free(&reply);
}

static void test_http_pass__bought_with_a_plate_and_paid_by_qr(void **state)
{
    (void)state;
    char path[128];
    char again[128];
    char code[PAYCODE_CAP] = "";
    says(get("/passes", ""), 200, "hn-0001|car|month-day", NULL);
    ask_for(GOOD, path, sizeof path);
    struct http_reply reply = get(path, "");
    const char *at = strstr(reply.body, "id=\"paycode\">");
    assert_non_null(at);
    snprintf(code, 11, "%s", at + 13);
    assert_non_null(strstr(reply.body, "4.000.000"));
    assert_non_null(strstr(reply.body, "<svg"));
    assert_null(strstr(reply.body, "30F")); /* whoever has the link learns no plate */
    http_reply_free(&reply);
    ask_for(GOOD, again, sizeof again);
    assert_string_equal(again, path); /* pressed twice */
    assert_int_equal(web_fixture_pay(f, "0123456789", code, 4000000, 0), 200);
    web_fixture_settle(f);
    says(get(path, ""), 200, "Đã thanh toán", "id=\"paycode\"");
    says(get(path, "Accept-Language: en\r\n"), 200, "Paid", NULL);
    says(get("/operator/passes", FIXTURE_OPERATOR), 200, "30F12345", NULL);
    says(get("/api/v1/passes", FIXTURE_OPERATOR), 200, "\"state\":\"valid\"", NULL);
    says(get("/api/v1/passes?lot=hn-0002", FIXTURE_OPERATOR), 200, "{\"passes\":[]}", NULL);
}

static void test_http_pass__a_wrong_field_is_named_and_nothing_is_written(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "offer=hn-0001&plate=30F-123.45&months=1",
        "offer=hn-0001%7Ccar%7Cnothing&plate=30F-123.45&months=1",
        "offer=hn-0009%7Ccar%7Cmonth-day&plate=30F-123.45&months=1",
        "offer=hn-0001%7Ccar%7Cmonth-day&plate=%3Cscript%3E&months=1",
        "offer=hn-0001%7Ccar%7Cmonth-day&plate=30F-123.45&months=25",
        "offer=hn-0001%7Ccar%7Cmonth-day&plate=30F-123.45&months=-1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        says(order(wrong[i]), 400, "role=\"alert\"", "<script>");
    }
    says(get("/api/v1/passes", FIXTURE_OPERATOR), 200, "{\"passes\":[]}", NULL);
    says(get("/p/00000000000000000000000000000000", ""), 404, NULL, NULL);
}

static void test_http_pass__one_address_cannot_ask_for_any_number(void **state)
{
    (void)state;
    char body[128];
    int refused = 0;
    for (int i = 0; i < 14; i++) {
        snprintf(body, sizeof body, "offer=hn-0001%%7Ccar%%7Cmonth-day&plate=30F-123.%02d&months=1",
                 i);
        struct http_reply reply = order(body);
        assert_true(reply.status == 303 || reply.status == 429);
        refused += reply.status == 429;
        http_reply_free(&reply);
    }
    assert_true(refused >= 3);
}

static void test_http_pass__lists_are_the_operators(void **state)
{
    (void)state;
    static const char *const paths[] = {"/operator/passes", "/operator/shifts", "/api/v1/passes",
                                        "/api/v1/shifts"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        says(get(paths[i], ""), 401, NULL, NULL);
    }
    says(get("/operator/passes", FIXTURE_OPERATOR), 200, "Chưa có vé tháng nào", NULL);
}

static void test_http_pass__a_shift_is_shown_with_its_difference(void **state)
{
    (void)state;
    struct event e = {.type = EVENT_SHIFT_OPENED,
                      .shift = "01JHHHHHHHHHHHHHHHHHHHHHHH",
                      .by = "lan",
                      .counted_vnd = 200000};
    web_fixture_event(f, "hn-0001-g1", &e, 60000);
    e.type = EVENT_SHIFT_CLOSED;
    e.counted_vnd = 190000;
    web_fixture_event(f, "hn-0001-g1", &e, 1000);
    web_fixture_settle(f);
    says(get("/operator/shifts", FIXTURE_OPERATOR), 200, "-10.000", NULL);
    says(get("/api/v1/shifts?lot=hn-0001", FIXTURE_OPERATOR), 200, "\"difference_vnd\":-10000",
         NULL);
}

#define OURS FIXTURE_OPERATOR "X-Doxe-Request: 1\r\n"

static struct http_reply api(const char *fields, const char *body)
{
    return http_client_ask(web_fixture_port(f), "POST", "/api/v1/passes", fields, body);
}

#define ADD                                                                               \
    "{\"action\":\"add\",\"lot\":\"hn-0001\",\"name\":\"month-day\",\"vehicle\":\"car\"," \
    "\"plates\":[\"30F-123.45\",\"29A-999.99\"],\"quota\":2,\"months\":3,\"holder\":\"A-12\"}"

static void test_http_pass__an_operator_makes_and_changes_one(void **state)
{
    (void)state;
    char body[200];
    char id[ULID_CAP] = "";
    says(api("", ADD), 401, NULL, NULL);
    says(api(FIXTURE_OPERATOR, ADD), 403, NULL, NULL); /* not from our own page */
    says(api(OURS, "{\"action\":\"buy\"}"), 422, NULL, NULL);
    says(api(OURS, "{\"action\":\"renew\",\"pass\":\"01JXXXXXXXXXXXXXXXXXXXXXXX\"}"), 404, NULL,
         NULL);
    struct http_reply reply = api(OURS, ADD);
    assert_int_equal(reply.status, 200);
    assert_non_null(strstr(reply.body, "\"price_vnd\":12000000"));
    snprintf(id, sizeof id, "%.26s", strstr(reply.body, "\"pass\":\"") + 8);
    http_reply_free(&reply);
    snprintf(body, sizeof body, "{\"action\":\"suspend\",\"pass\":\"%s\"}", id);
    says(api(OURS, body), 422, NULL, NULL); /* no reason */
    snprintf(body, sizeof body,
             "{\"action\":\"plate_off\",\"pass\":\"%s\",\"plates\":[\"29A99999\"]}", id);
    says(api(OURS, body), 200, NULL, NULL);
    says(get("/api/v1/passes", FIXTURE_OPERATOR), 200, "\"plates\":\"30F12345\"", "29A99999");
}

/* What doxe-server says on its output, run beside the server that has the database open. */
static void tool(const char *arguments, int status, char *out, size_t cap)
{
    char command[512];
    char folder[200];
    snprintf(folder, sizeof folder, "%s", web_fixture_database(f));
    *strrchr(folder, '/') = '\0';
    snprintf(command, sizeof command, DOXE_BINARY_DIR "/bin/doxe-server %s --config %s/server.yaml",
             arguments, folder);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t n = fread(out, 1, cap - 1, pipe);
    out[n] = '\0';
    int ended = pclose(pipe);
    if (ended != status << 8) {
        fail_msg("%s ended with %d: %s", arguments, ended, out);
    }
}

static void test_http_pass__the_terminal_writes_beside_the_server(void **state)
{
    (void)state;
    char out[4096];
    char command[200];
    tool("pass add --lot hn-0001 --name month-day --vehicle car --plate 30F-123.45 --by mai", 0,
         out, sizeof out);
    assert_non_null(strstr(out, "2000000 VND  code DX"));
    snprintf(command, sizeof command, "pass suspend %.26s --by mai --reason no", out + 5);
    tool(command, 0, out, sizeof out);
    tool(command, 1, out, sizeof out); /* it is already */
    says(get("/api/v1/passes", FIXTURE_OPERATOR), 200, "30F12345", NULL);
    tool("shift bank --lot hn-0001 --amount 50000 --by mai", 0, out, sizeof out);
    tool("ledger verify", 0, out, sizeof out);
    assert_non_null(strstr(out, "the ledger is right: 1 transactions"));
    tool("ledger verify --anchor 1:00", 2, out, sizeof out);
    tool("ledger verify --anchor "
         "1:0000000000000000000000000000000000000000000000000000000000000000",
         1, out, sizeof out);
    assert_non_null(strstr(out, "anchor: number 1"));
    tool("ledger balance --account 'cash_*' --json", 0, out, sizeof out);
    assert_non_null(strstr(out, "{\"account\":\"cash_safe:op-hn\",\"entries\":1,\"debit_vnd\":0,"
                                "\"credit_vnd\":50000,\"balance_vnd\":-50000}"));
    tool("pass show 01JXXXXXXXXXXXXXXXXXXXXXXX", 1, out, sizeof out);
}

#define W(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TESTS(W(test_http_pass__bought_with_a_plate_and_paid_by_qr),
      W(test_http_pass__a_wrong_field_is_named_and_nothing_is_written),
      W(test_http_pass__one_address_cannot_ask_for_any_number),
      W(test_http_pass__lists_are_the_operators),
      W(test_http_pass__a_shift_is_shown_with_its_difference),
      W(test_http_pass__an_operator_makes_and_changes_one),
      W(test_http_pass__the_terminal_writes_beside_the_server))
