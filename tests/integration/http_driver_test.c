/* What a driver finds, reads and says on the pages of a lot and of a stay, over real sockets. */
#include "proto/io/db.h"
#include "proto/plate.h"
#include "server/app/app.h"
#include "server/web/lane_code.h"
#include "tests/harness/harness.h"
#include "tests/harness/http_client.h"
#include "tests/integration/web_fixture.h"

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define JSON "Content-Type: application/json\r\n"

static struct web_fixture *f;
static char token[33], code[PAYCODE_CAP], session[ULID_CAP];

/* A car that came in at 12:15, two hours and a quarter before now. */
static int setup(void **state)
{
    (void)state;
    f = web_fixture_start();
    web_fixture_enter(f, "hn-0001-g1", "30F-123.45", VEHICLE_CAR, INT64_C(135) * 60000, session);
    web_fixture_names(f, session, token, code);
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

static struct http_reply post(const char *target, const char *fields, const char *body)
{
    return http_client_ask(web_fixture_port(f), "POST", target, fields, body);
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

static const char *of_stay(const char *before, const char *after)
{
    static char path[128];
    snprintf(path, sizeof path, "%s%s%s", before, token, after);
    return path;
}

static int64_t count(const char *sql)
{
    struct db *db = NULL;
    int64_t value = -1;
    ok(db_open_reader(web_fixture_database(f), &db));
    ok(db_query_i64(db, -1, &value, sql, ""));
    db_close(db);
    return value;
}

/* ---- finding ---- */

static void finds(const char *body)
{
    char wanted[64];
    struct http_reply reply = post("/l/hn-0001", FORM, body);
    char *location = http_reply_header(&reply, "Location");
    snprintf(wanted, sizeof wanted, "/s/%s", token);
    if (reply.status != 303 || !location || strcmp(location, wanted) != 0) {
        fail_msg("%s: %d %s", body, reply.status, location ? location : "");
    }
    free(location);
    http_reply_free(&reply);
}

static void test_http_driver__plate_and_time_of_entry_lead_to_the_stay(void **state)
{
    (void)state;
    says(get("/l/hn-0001", ""), 200, "Quyết định 44/2017", token);
    says(get("/l/hn-0001?code=ABC123", "Accept-Language: ja\r\n"), 200, "value=\"ABC123\"", NULL);
    says(get("/l/no-such-lot", ""), 404, NULL, NULL);
    finds("plate=30F-123.45&entered=12%3A15&code=");
    finds("plate=30f12345&entered=12%3A29");
    finds("plate=30F+123.45&entered=12h01");
    says(post("/api/v1/public/lots/hn-0001/find", JSON,
              "{\"plate\":\"30F-123.45\",\"entered\":\"12:10\"}"),
         200, token, NULL);
    /* Another lot of the same operator knows nothing of it. */
    says(post("/l/hn-0002", FORM, "plate=30F-123.45&entered=12%3A15"), 404, "Không có lượt gửi nào",
         NULL);
}

/* What is not found is the same page, to the byte, whether the plate is there or not. */
static void test_http_driver__what_does_not_fit_is_one_answer(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "plate=30F-123.45&entered=09%3A15", /* here, another time */
        "plate=30F-999.99&entered=09%3A15", /* not here */
        "plate=30F-123.46&entered=09%3A15", /* nearly */
    };
    char first[65536] = "";
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct http_reply reply = post("/l/hn-0001", FORM, bodies[i]);
        char text[65536];
        char *at = NULL;
        assert_int_equal(reply.status, 404);
        assert_true(reply.body_n < sizeof text);
        memcpy(text, reply.body, reply.body_n + 1);
        at = strstr(text, "value=\"30F-"); /* what was typed stands in the form again */
        assert_non_null(at);
        memset(at + 7, '*', 10);
        if (i == 0) {
            memcpy(first, text, sizeof first);
        } else {
            assert_string_equal(text, first);
        }
        http_reply_free(&reply);
    }
}

static void test_http_driver__the_code_of_a_lane_finds_only_who_stands_there(void **state)
{
    (void)state;
    char lane_code[LANE_CODE_CAP];
    char body[128];
    struct http_reply sheet = get("/operator/lots/hn-0001/sheet", FIXTURE_OPERATOR);
    assert_int_equal(sheet.status, 200);
    assert_non_null(strstr(sheet.body, "/l/hn-0001"));
    http_reply_free(&sheet);
    lane_code_make(app_case_key(web_fixture_app(f)), "hn-0001", "hn-0001-g1", 2, lane_code);
    snprintf(body, sizeof body, "plate=30F-123.45&code=%.3s-%s", lane_code, lane_code + 3);
    says(post("/l/hn-0001", FORM, body), 404, NULL, token);
    web_fixture_ask_exit(f, "hn-0001-g1", session, "30F-123.45", VEHICLE_CAR, 0);
    web_fixture_settle(f);
    finds(body);
    says(post("/l/hn-0001", FORM, "plate=30F-123.45&code=000000"), 404, NULL, token);
    snprintf(body, sizeof body, "plate=30F-123.46&code=%s", lane_code);
    says(post("/l/hn-0001", FORM, body), 404, NULL, token);
    /* Printed for this lane: its code is on the sheet, and only who runs the lot may print it. */
    struct status_lane lane[2] = {{1, "entry", "idle", "closed", ""},
                                  {2, "exit", "quoted", "closed", ""}};
    web_fixture_status(f, "hn-0001-g1", true, lane, 2);
    says(get("/operator/lots/hn-0001/sheet", FIXTURE_OPERATOR), 200, lane_code, NULL);
    says(get("/operator/lots/hn-0001/sheet", ""), 401, NULL, lane_code);
}

static void
test_http_driver__guessing_has_to_wait_and_so_it_does_for_a_plate_of_nobody(void **state)
{
    (void)state;
    for (int i = 0; i < 9; i++) { /* eight are free */
        char body[64];
        snprintf(body, sizeof body, "plate=30F-777.77&entered=%02d%%3A00", i);
        says(post("/l/hn-0001", FORM, body), 404, NULL, NULL);
    }
    struct http_reply reply = post("/l/hn-0001", FORM, "plate=30F-777.77&entered=09%3A00");
    assert_int_equal(reply.status, 429);
    char *wait = http_reply_header(&reply, "Retry-After");
    assert_non_null(wait);
    free(wait);
    http_reply_free(&reply);
    says(post("/api/v1/public/lots/hn-0001/find", JSON,
              "{\"plate\":\"30F-123.45\",\"entered\":\"12:15\"}"),
         429, "wait", token); /* this address waits, whatever it asks */
}

static void test_http_driver__two_vehicles_of_one_text_are_never_guessed_between(void **state)
{
    (void)state;
    char other[ULID_CAP];
    web_fixture_enter(f, "hn-0001-g2", "30-F1 2345", VEHICLE_MOTORBIKE, INT64_C(134) * 60000,
                      other);
    web_fixture_settle(f);
    says(post("/l/hn-0001", FORM, "plate=30F-123.45&entered=12%3A15"), 404, NULL, token);
}

/* ---- what is shown ---- */

static void test_http_driver__a_page_is_the_visitors_language_and_says_so(void **state)
{
    (void)state;
    static const struct {
        const char *accept, *lang, *text, *amount;
    } rows[] = {
        {"vi", "<html lang=\"vi\">", "Chưa thanh toán", "85.000 đ"},
        {"en", "<html lang=\"en\">", "Not paid yet", "85,000 VND"},
        {"ko-KR,en;q=0.5", "<html lang=\"ko\">", "아직 결제하지 않음", "85,000 VND"},
        {"ja", "<html lang=\"ja\">", "未払い", "85,000 VND"},
        {"zh-CN", "<html lang=\"zh\">", "尚未支付", "85,000 VND"},
        {"fr-FR", "<html lang=\"fr\">", "Pas encore payé",
         "85\xC2\xA0"
         "000 VND"},
        {"de", "<html lang=\"en\">", "Not paid yet", "85,000 VND"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char fields[64];
        snprintf(fields, sizeof fields, "Accept-Language: %s\r\n", rows[i].accept);
        struct http_reply reply = get(of_stay("/s/", ""), fields);
        if (!strstr(reply.body, rows[i].lang) || !strstr(reply.body, rows[i].text) ||
            !strstr(reply.body, rows[i].amount)) {
            fail_msg("%s: %s", rows[i].accept, reply.body);
        }
        http_reply_free(&reply);
    }
    struct http_reply reply = get(of_stay("/s/", "?lang=ko"), "");
    char *cookie = http_reply_header(&reply, "Set-Cookie");
    assert_non_null(cookie);
    assert_non_null(strstr(cookie, "lang=ko;"));
    free(cookie);
    http_reply_free(&reply);
    says(get(of_stay("/s/", ""), "Cookie: lang=ko\r\nAccept-Language: fr\r\n"), 200,
         "<html lang=\"ko\">", NULL);
    says(get("/operator", FIXTURE_OPERATOR "Accept-Language: ko\r\n"), 200, "<html lang=\"en\">",
         "lang=ko");
}

static void test_http_driver__prices_law_next_price_and_banks_apps_are_on_the_page(void **state)
{
    (void)state;
    char link[160];
    struct http_reply reply = get(of_stay("/s/", ""), "");
    snprintf(link, sizeof link, "ba=0123456789@vcb&amp;am=85000&amp;tn=%s&amp;bn=BAI%%20XE%%20MAU",
             code);
    assert_non_null(strstr(reply.body, "Quyết định 44/2017/QĐ-UBND"));
    assert_non_null(strstr(reply.body, "45.000 đ"));              /* from hour 5 on */
    assert_non_null(strstr(reply.body, "data-until=\"17951625")); /* 15:15 */
    assert_non_null(strstr(reply.body, "<b>120.000 đ</b>"));
    assert_non_null(strstr(reply.body, link));
    assert_null(strstr(reply.body, "<script>"));
    assert_null(strstr(reply.body, " style="));
    http_reply_free(&reply);
    struct http_reply json = get(of_stay("/api/v1/public/stays/", ""), "");
    assert_non_null(strstr(json.body, "\"due_vnd\":85000"));
    assert_non_null(strstr(json.body, "\"next_fee_vnd\":120000"));
    assert_non_null(strstr(json.body, "\"vietqr\":\"000201"));
    http_reply_free(&json);
    says(get("/api/v1/public/stays/00000000000000000000000000000000", ""), 404, "not_found", NULL);
    says(get("/api/v1/public/lots/hn-0001", ""), 200, "44/2017", NULL);
    says(get("/api/v1/public/lots/none", ""), 404, NULL, NULL);
}

/* ---- what is said ---- */

static void test_http_driver__one_vote_a_stay_that_can_be_changed(void **state)
{
    (void)state;
    says(post(of_stay("/s/", "/rating"), FORM, "score=5"), 303, NULL, NULL);
    assert_int_equal(count("SELECT score FROM rating"), 5);
    says(get(of_stay("/s/", ""), ""), 200, "class=\"face face-5 chosen\"", "face-1 chosen");
    says(post(of_stay("/api/v1/public/stays/", "/rating"), JSON, "{\"score\":1}"), 200, "true",
         NULL);
    assert_int_equal(count("SELECT score FROM rating"), 1);
    assert_int_equal(count("SELECT count(*) FROM rating WHERE lot = 'hn-0001'"), 1);
    says(post(of_stay("/s/", "/rating"), FORM, "score=6"), 303, NULL, NULL);
    says(post(of_stay("/api/v1/public/stays/", "/rating"), JSON, "{\"score\":0}"), 422, NULL, NULL);
    assert_int_equal(count("SELECT score FROM rating"), 1);
    says(post("/s/00000000000000000000000000000000/rating", FORM, "score=5"), 404, NULL, NULL);
    assert_int_equal(count("SELECT count(*) FROM rating"), 1);
}

static void test_http_driver__i_was_asked_for_more_waits_for_a_person(void **state)
{
    (void)state;
    char path[64];
    says(post(of_stay("/s/", "/complaint"), FORM, "asked=nhi%E1%BB%81u&text="), 303, NULL, NULL);
    assert_int_equal(count("SELECT count(*) FROM complaint"), 0);
    says(get(of_stay("/s/", "?wrong=1"), ""), 200, "Hãy ghi số tiền bị đòi", NULL);
    says(post(of_stay("/s/", "/complaint"), FORM, "asked=150.000+%C4%91&text=%3Cb%3E%C4%91%C3%B2i"),
         303, NULL, NULL);
    assert_int_equal(count("SELECT asked_vnd - fee_vnd FROM complaint"), 65000);
    assert_int_equal(
        count("SELECT count(*) FROM review WHERE kind = 'complaint' AND lot = 'hn-0001'"
              " AND closed_ms IS NULL AND detail NOT LIKE '%30F%'"),
        1);
    says(get(of_stay("/s/", ""), ""), 200, "đang chờ xem xét", "id=\"complain\"");
    says(post(of_stay("/api/v1/public/stays/", "/complaint"), JSON, "{\"asked_vnd\":9}"), 409, NULL,
         NULL);
    says(get("/api/v1/complaints", FIXTURE_OPERATOR), 200, "\"text\":\"<b>đòi\"", NULL);
    says(get("/office/complaints", FIXTURE_OPERATOR), 200, "&lt;b&gt;đòi", "<b>đòi");
    says(get("/api/v1/complaints", ""), 401, NULL, NULL);
    snprintf(path, sizeof path, "/api/v1/reviews/%lld/close",
             (long long)count("SELECT id FROM review WHERE kind = 'complaint'"));
    says(post(path, FIXTURE_OPERATOR "X-Doxe-Request: 1\r\n", "{}"), 200, NULL, NULL);
    says(get(of_stay("/s/", ""), ""), 200, "đã được xem xét", NULL);
    says(get("/api/v1/complaints", FIXTURE_OPERATOR), 200, "\"open\":false", "\"open\":true");
    says(post(of_stay("/api/v1/public/stays/", "/complaint"), JSON,
              "{\"asked_vnd\":200000,\"text\":\"\"}"),
         200, NULL, NULL); /* it can happen again */
    assert_int_equal(count("SELECT count(*) FROM complaint"), 2);
}

#define W(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TESTS(W(test_http_driver__plate_and_time_of_entry_lead_to_the_stay),
      W(test_http_driver__what_does_not_fit_is_one_answer),
      W(test_http_driver__the_code_of_a_lane_finds_only_who_stands_there),
      W(test_http_driver__guessing_has_to_wait_and_so_it_does_for_a_plate_of_nobody),
      W(test_http_driver__two_vehicles_of_one_text_are_never_guessed_between),
      W(test_http_driver__a_page_is_the_visitors_language_and_says_so),
      W(test_http_driver__prices_law_next_price_and_banks_apps_are_on_the_page),
      W(test_http_driver__one_vote_a_stay_that_can_be_changed),
      W(test_http_driver__i_was_asked_for_more_waits_for_a_person))
