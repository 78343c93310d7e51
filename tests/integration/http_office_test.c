/* The operator's office over HTTP: lists, vehicles, tariffs, statements, days, and wrong input. */
#include "proto/io/json.h"
#include "tests/harness/harness.h"
#include "tests/harness/http_client.h"
#include "tests/integration/web_fixture.h"

#define OURS "X-Doxe-Request: 1\r\nOrigin: http://127.0.0.1:8080\r\n"

static struct web_fixture *f;

static int setup(void **state)
{
    (void)state;
    f = web_fixture_start();
    web_fixture_fill(f);
    web_fixture_settle(f);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    web_fixture_stop(f);
    return 0;
}

/* The body of an answer with this status; free it. */
static char *ask(const char *method, const char *path, const char *body, int wanted)
{
    struct http_reply reply = http_client_ask(
        web_fixture_port(f), method, path, FIXTURE_OPERATOR OURS "Accept-Language: en\r\n", body);
    if (reply.status != wanted) {
        fail_msg("%s %s: %d, not %d: %s", method, path, reply.status, wanted, reply.body);
    }
    char *text = reply.body;
    reply.body = NULL;
    http_reply_free(&reply);
    web_fixture_settle(f);
    return text;
}

static void expect(const char *method, const char *path, const char *body, int wanted,
                   const char *says)
{
    char *text = ask(method, path, body, wanted);
    if (!strstr(text, says)) {
        fail_msg("%s %s does not say '%s': %.800s", method, path, says, text);
    }
    free(text);
}

static void test_http_office__every_list_is_a_page_an_answer_and_a_sheet(void **state)
{
    (void)state;
    static const char *const words[] = {"lots",  "gates",      "alarms", "tariffs",   "reviews",
                                        "lists", "statements", "days",   "quarantine"};
    char path[96];
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        snprintf(path, sizeof path, "/office/%s", words[i]);
        expect("GET", path, NULL, 200, "aria-current=\"page\"");
        snprintf(path, sizeof path, "/api/v1/%s", words[i]);
        expect("GET", path, NULL, 200, "{\"rows\":[");
        snprintf(path, sizeof path, "/api/v1/%s?format=csv&lot=hn-0001", words[i]);
        free(ask("GET", path, NULL, 200));
        snprintf(path, sizeof path, "/api/v1/%s?limit=0", words[i]);
        expect("GET", path, NULL, 400, "bad_query");
    }
    expect("GET", "/api/v1/lots", NULL, 200, "\"id\":\"hn-0002\"");
    expect("GET", "/api/v1/gates?lot=hn-0002", NULL, 200, "\"id\":\"hn-0002-g1\"");
    char *one = ask("GET", "/api/v1/lots?lot=hn-0002", NULL, 200);
    assert_null(strstr(one, "hn-0001"));
    free(one);
    expect("GET", "/api/v1/prices", NULL, 200, "\"name\":\"hanoi-car-c2\"");
    expect("GET", "/api/v1/prices/hn-0001?vehicle=car", NULL, 200, "<svg");
    expect("GET", "/api/v1/prices/hn-9999?vehicle=car", NULL, 404, "not_found");
    expect("GET", "/api/v1/prices/hn-0001?vehicle=boat", NULL, 404, "not_found");
}

static void test_http_office__a_vehicle_goes_on_a_list_and_off(void **state)
{
    (void)state;
    static const char order[] = "{\"lot\":\"hn-0001\",\"list\":\"black\",\"plate\":\"30f 123.45\","
                                "\"reason\":\"không trả tiền\"}";
    expect("POST", "/api/v1/lists", order, 200, "hn-0001");
    expect("POST", "/api/v1/lists", order, 409, "on this list already");
    expect("GET", "/api/v1/lists", NULL, 200, "\"plate\":\"30F12345\"");
    expect("GET", "/office/lists", NULL, 200, "không trả tiền");
    expect("POST", "/api/v1/lists/remove", order, 200, "hn-0001");
    expect("POST", "/api/v1/lists/remove", order, 404, "not on this list");
    expect("POST", "/api/v1/lists",
           "{\"lot\":\"hn-0001\",\"list\":\"black\",\"plate\":\"30F12345\"}", 422, "reason");
    expect("POST", "/api/v1/lists",
           "{\"lot\":\"hn-0001\",\"list\":\"grey\",\"plate\":\"30F12345\",\"reason\":\"x\"}", 422,
           "black, white or exempt");
    expect("POST", "/api/v1/lists",
           "{\"lot\":\"hn-0001\",\"list\":\"white\",\"plate\":\"hello\",\"reason\":\"x\"}", 422,
           "not a Vietnamese plate");
    expect("POST", "/api/v1/lists",
           "{\"lot\":\"hn-9999\",\"list\":\"white\",\"plate\":\"30F12345\",\"reason\":\"x\"}", 404,
           "no such lot");
    expect("POST", "/api/v1/lists", "{", 400, "bad_json");
}

/* The answer of a job when it is over. */
static char *finish(char *posted)
{
    char path[96];
    struct jdoc *root = NULL;
    struct str id = {0};
    ok(jdoc_read(str_c(posted), &root, NULL));
    ok(jdoc_get_str(root, "job", &id));
    snprintf(path, sizeof path, "/api/v1/jobs/%.*s", (int)id.n, id.p);
    jdoc_release(root);
    free(posted);
    for (;;) {
        char *job = ask("GET", path, NULL, 200);
        if (strstr(job, "\"done\"") && !strstr(job, "\"running\"") && !strstr(job, "\"waiting\"")) {
            return job;
        }
        free(job);
    }
}

static void test_http_office__a_statement_is_taken_in_by_a_job(void **state)
{
    (void)state;
    static const char file[] = "Ngày giao dịch,Số tham chiếu,Ghi nợ,Ghi có,Số dư,Nội dung\n"
                               "20/11/2026 08:00:00,FT1,,25000,1025000,tien xe\n";
    char *job =
        finish(ask("POST", "/api/v1/statements?account=970436-0123456789&file=a.csv", file, 202));
    assert_non_null(strstr(job, "\"state\":\"done\""));
    assert_non_null(strstr(job, "\"done\":1,\"total\":1"));
    free(job);
    expect("GET", "/api/v1/statements", NULL, 200, "\"file\":\"a.csv\"");
    job = finish(
        ask("POST", "/api/v1/statements?account=970436-0123456789&file=b.csv", "%PDF-1.7", 202));
    assert_non_null(strstr(job, "\"state\":\"failed\""));
    free(job);
    expect("POST", "/api/v1/statements?account=970436-000", file, 404, "no lot of yours");
    expect("POST", "/api/v1/statements?account=970436-0123456789", "", 422, "empty");
    expect("GET", "/api/v1/jobs/01JS0000000000000000000000", NULL, 404, "no such job");
}

static void test_http_office__a_large_file_passes_here_and_nowhere_else(void **state)
{
    (void)state;
    size_t n = 300 * 1024;
    char *large = malloc(n + 1);
    assert_non_null(large);
    memset(large, 'x', n);
    large[n] = '\0';
    expect("POST", "/api/v1/lists", large, 413, "too_large");
    char *job =
        finish(ask("POST", "/api/v1/statements?account=970436-0123456789&dry_run=1", large, 202));
    assert_non_null(strstr(job, "\"state\":\"failed\""));
    free(job);
    struct http_reply reply = http_client_ask(
        web_fixture_port(f), "POST", "/api/v1/statements?account=970436-0123456789", OURS, large);
    assert_int_equal(reply.status, 413); /* nobody in particular */
    http_reply_free(&reply);
    free(large);
}

static void test_http_office__a_day_is_drafted_signed_and_made_again(void **state)
{
    (void)state;
    char *job = finish(ask("POST", "/api/v1/days",
                           "{\"operator\":\"op-hn\",\"day\":\"2026-11-19\",\"sign\":true}", 202));
    assert_non_null(strstr(job, "\"state\":\"done\""));
    struct jdoc *root = NULL;
    struct str id = {0};
    char path[96];
    ok(jdoc_read(str_c(job), &root, NULL));
    ok(jdoc_get_str(root, "id", &id));
    snprintf(path, sizeof path, "/api/v1/jobs/%.*s/file", (int)id.n, id.p);
    jdoc_release(root);
    free(job);
    expect("GET", path, NULL, 200, "ĐỐI SOÁT");
    expect("GET", "/api/v1/days", NULL, 200, "\"day\":\"2026-11-19\",\"close\":0");
    expect("POST", "/api/v1/days", "{\"operator\":\"nobody\",\"day\":\"2026-11-19\"}", 404,
           "no such operator");
    expect("POST", "/api/v1/days", "{\"operator\":\"op-hn\"}", 422, "day as");
    job = finish(ask("POST", "/api/v1/days",
                     "{\"operator\":\"op-hn\",\"day\":\"2999-01-01\",\"sign\":true}", 202));
    assert_non_null(strstr(job, "has not ended"));
    free(job);
}

static void test_http_office__a_tariff_is_tried_and_published(void **state)
{
    (void)state;
    char *text = harness_read_file(DOXE_SOURCE_DIR "/etc/tariffs/hanoi-car-c1.yaml", NULL);
    size_t cap = 4 * strlen(text) + 512;
    char *body = malloc(cap);
    struct out out;
    assert_non_null(body);
    out_init(&out, body, cap);
    json_object(&out, NULL);
    json_c(&out, "text", text);
    json_c(&out, "vehicle", "car");
    json_array(&out, "lots");
    json_c(&out, NULL, "hn-0001");
    json_array_end(&out);
    json_object_end(&out);
    /* Another street's price, from 2018 on: it has begun. */
    expect("POST", "/api/v1/tariffs", body, 422, "has begun");
    expect("POST", "/api/v1/tariffs",
           "{\"text\":\"tariff: [\",\"vehicle\":\"car\",\"lots\":[\"hn-0001\"]}", 422, "bad_file");
    expect("POST", "/api/v1/tariffs", "{\"text\":\"x\",\"vehicle\":\"car\",\"lots\":[]}", 422,
           "lots");
    expect("POST", "/api/v1/tariffs", "{\"text\":\"x\",\"vehicle\":\"car\",\"lots\":[\"hn-9\"]}",
           422, "not there");
    expect("GET", "/api/v1/tariffs/1", NULL, 404, "no such publication");
    free(body);
    free(text);
}

#define ROW(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TESTS(ROW(test_http_office__every_list_is_a_page_an_answer_and_a_sheet),
      ROW(test_http_office__a_vehicle_goes_on_a_list_and_off),
      ROW(test_http_office__a_statement_is_taken_in_by_a_job),
      ROW(test_http_office__a_large_file_passes_here_and_nowhere_else),
      ROW(test_http_office__a_day_is_drafted_signed_and_made_again),
      ROW(test_http_office__a_tariff_is_tried_and_published))
