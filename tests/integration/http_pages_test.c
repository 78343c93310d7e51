#include "proto/io/db.h"
#include "tests/harness/harness.h"
#include "tests/harness/http_client.h"
#include "tests/integration/web_fixture.h"

static struct http_reply get(struct web_fixture *f, const char *target, const char *fields)
{
    return http_client_ask(web_fixture_port(f), "GET", target, fields, NULL);
}

static void assert_says(const struct http_reply *reply, const char *text)
{
    if (!strstr(reply->body, text)) {
        fail_msg("the page does not say '%s': %s", text, reply->body);
    }
}

static void assert_silent(const struct http_reply *reply, const char *text)
{
    if (strstr(reply->body, text)) {
        fail_msg("the page says '%s': %s", text, reply->body);
    }
}

struct stay {
    char session[ULID_CAP], token[33], code[PAYCODE_CAP], page[64];
};

static struct stay park(struct web_fixture *f, const char *plate, enum vehicle vehicle,
                        int64_t minutes)
{
    struct stay stay;
    web_fixture_enter(f, "hn-0001-g1", plate, vehicle, minutes * 60000, stay.session);
    web_fixture_names(f, stay.session, stay.token, stay.code);
    snprintf(stay.page, sizeof stay.page, "/s/%s", stay.token);
    return stay;
}

static void test_http_pages__driver_sees_fee_and_qr_then_payment_then_receipt(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    struct stay stay = park(f, "30F-123.45", VEHICLE_CAR, 135);
    struct http_reply reply = get(f, stay.page, "");
    assert_int_equal(reply.status, 200);
    /* 2 h 15 min in zone 2: two hours at 25,000 and one at 35,000 (hanoi-car-c2). */
    assert_says(&reply, "85.000 đ");
    assert_says(&reply, "Chưa thanh toán");
    assert_says(&reply, "30F-123.45");
    assert_says(&reply, "<svg");
    assert_says(&reply, stay.code);
    assert_says(&reply, "0123456789");
    assert_says(&reply, "Bãi xe mẫu Trần Quang Khải");
    assert_says(&reply, "2 giờ 15 phút");
    assert_says(&reply, "<noscript><meta http-equiv=\"refresh\"");
    assert_silent(&reply, "id=\"receipt\"");
    assert_silent(&reply, stay.session);
    http_reply_free(&reply);
    assert_int_equal(web_fixture_pay(f, "0123456789", stay.code, 85000, 0), 200);
    reply = get(f, stay.page, "Accept-Language: en\r\n");
    assert_says(&reply, "Paid");
    assert_says(&reply, "85,000 VND");
    assert_says(&reply, "id=\"receipt\"");
    assert_says(&reply, stay.code);
    assert_silent(&reply, "class=\"qr\"");
    http_reply_free(&reply);
    web_fixture_ask_exit(f, "hn-0001-g1", stay.session, "30F-123.45", VEHICLE_CAR, 0);
    web_fixture_leave(f, "hn-0001-g1", stay.session, PERMIT_PAID, 0);
    web_fixture_settle(f);
    reply = get(f, stay.page, "");
    assert_says(&reply, "Đã ra khỏi bãi");
    assert_says(&reply, "id=\"receipt\"");
    assert_says(&reply, "50.000 đ"); /* the lines of the fee stay on the receipt */
    http_reply_free(&reply);
    web_fixture_stop(f);
}

static void test_http_pages__half_a_payment_leaves_the_rest_due(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    struct stay stay = park(f, "30F-123.45", VEHICLE_CAR, 30);
    int64_t due = web_fixture_due(f, stay.token);
    assert_int_equal(due, 25000);
    assert_int_equal(web_fixture_pay(f, "0123456789", stay.code, 10000, 0), 200);
    struct http_reply reply = get(f, stay.page, "");
    assert_says(&reply, "id=\"amount-due\">15.000 đ");
    assert_says(&reply, "id=\"receipt\"");
    assert_says(&reply, "Còn phải trả");
    assert_silent(&reply, "-10.000"); /* what was paid stands once, below the total */
    assert_says(&reply, "<svg");
    http_reply_free(&reply);
    web_fixture_stop(f);
}

static void test_http_pages__a_plate_with_markup_comes_out_as_text(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    struct stay stay = park(f, "<script>alert(1)</script>", VEHICLE_CAR, 30);
    struct event opened = {.type = EVENT_HAND_OPENED, .lane = 2};
    snprintf(opened.text, sizeof opened.text, "\"><img src=x onerror=alert(1)>");
    snprintf(opened.by, sizeof opened.by, "gate");
    web_fixture_event(f, "hn-0001-g1", &opened, 0);
    assert_int_equal(web_fixture_pay(f, "0123456789", "<b>khong co ma</b>", 5000, 0), 200);
    web_fixture_settle(f);
    struct http_reply reply = get(f, stay.page, "");
    assert_says(&reply, "&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_silent(&reply, "<script>alert");
    http_reply_free(&reply);
    reply = get(f, "/operator", FIXTURE_OPERATOR);
    assert_int_equal(reply.status, 200);
    assert_says(&reply, "&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_says(&reply, "&quot;&gt;&lt;img src=x");
    assert_silent(&reply, "<script>alert");
    assert_silent(&reply, "<img");
    assert_silent(&reply, "<b>khong");
    http_reply_free(&reply);
    web_fixture_stop(f);
}

static void test_http_pages__language_follows_the_browser_until_it_is_chosen(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    struct http_reply reply = get(f, "/", "Accept-Language: en-GB\r\n");
    assert_says(&reply, "<html lang=\"en\">");
    assert_says(&reply, "Cashless parking");
    http_reply_free(&reply);
    reply = get(f, "/?lang=vi", "Accept-Language: en-GB\r\n");
    assert_int_equal(reply.status, 303);
    char *cookie = http_reply_header(&reply, "Set-Cookie");
    char *location = http_reply_header(&reply, "Location");
    assert_non_null(cookie);
    assert_string_equal(location, "/");
    assert_true(strncmp(cookie, "lang=vi;", 8) == 0);
    assert_non_null(strstr(cookie, "SameSite=Lax"));
    free(cookie);
    free(location);
    http_reply_free(&reply);
    reply = get(f, "/", "Accept-Language: en-GB\r\nCookie: lang=vi\r\n");
    assert_says(&reply, "<html lang=\"vi\">");
    assert_says(&reply, "Gửi xe không tiền mặt");
    http_reply_free(&reply);
    reply = get(f, "/?lang=xx%0d%0aX-Evil:1", "");
    assert_int_equal(reply.status, 200);
    http_reply_free(&reply);
    web_fixture_stop(f);
}

static void test_http_pages__pages_load_nothing_from_elsewhere_and_run_nothing_inline(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    struct stay stay = park(f, "30F-123.45", VEHICLE_CAR, 30);
    const char *pages[] = {"/", stay.page, "/operator", "/city", "/nowhere"};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        struct http_reply reply =
            get(f, pages[i], strcmp(pages[i], "/city") == 0 ? FIXTURE_CITY : FIXTURE_OPERATOR);
        char *policy = http_reply_header(&reply, "Content-Security-Policy");
        assert_non_null(policy);
        assert_null(strstr(policy, "unsafe"));
        assert_null(strstr(policy, "http"));
        free(policy);
        assert_silent(&reply, " style=");
        assert_silent(&reply, " onclick");
        assert_silent(&reply, "<script>");
        /* The one address with a host is the name space of an SVG. */
        for (const char *p = strstr(reply.body, "http://"); p; p = strstr(p + 1, "http://")) {
            assert_true(strncmp(p, "http://www.w3.org/2000/svg", 26) == 0);
        }
        /* Links of banks' apps lead elsewhere, when a person taps them; nothing is fetched. */
        static const char tapped[] = "<a rel=\"noreferrer noopener\" href=\"";
        for (const char *p = strstr(reply.body, "https://"); p; p = strstr(p + 1, "https://")) {
            assert_true(p - reply.body > (long)sizeof tapped &&
                        strncmp(p - (sizeof tapped - 1), tapped, sizeof tapped - 1) == 0);
        }
        http_reply_free(&reply);
    }
    web_fixture_stop(f);
}

static void test_http_pages__assets_come_small_and_once(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    struct http_reply plain = get(f, "/lib/bootstrap.min.css", "");
    struct http_reply packed = get(f, "/lib/bootstrap.min.css", "Accept-Encoding: gzip, br\r\n");
    struct http_reply refused = get(f, "/assets/doxe.css", "Accept-Encoding: gzip;q=0\r\n");
    assert_int_equal(plain.status, 200);
    assert_int_equal(packed.status, 200);
    assert_true(packed.body_n * 5 < plain.body_n);
    assert_true((unsigned char)packed.body[0] == 0x1f && (unsigned char)packed.body[1] == 0x8b);
    assert_says(&refused, ".plate");
    char *etag = http_reply_header(&plain, "ETag");
    char fields[96];
    assert_non_null(etag);
    snprintf(fields, sizeof fields, "If-None-Match: %s\r\n", etag);
    struct http_reply again = get(f, "/lib/bootstrap.min.css", fields);
    assert_int_equal(again.status, 304);
    free(etag);
    http_reply_free(&plain);
    http_reply_free(&packed);
    http_reply_free(&refused);
    http_reply_free(&again);
    static const char *missing[] = {"/lib/bootstrap.css", "/lib/jquery.js", "/assets/nothing.js",
                                    "/assets/web.c"};
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        again = get(f, missing[i], "");
        assert_int_equal(again.status, 404);
        http_reply_free(&again);
    }
    web_fixture_stop(f);
}

static void test_http_pages__the_qr_picture_is_a_png_while_something_is_due(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    struct stay stay = park(f, "30F-123.45", VEHICLE_CAR, 30);
    char target[80];
    snprintf(target, sizeof target, "%s/qr.png", stay.page);
    struct http_reply reply = get(f, target, "");
    assert_int_equal(reply.status, 200);
    assert_memory_equal(reply.body, "\x89PNG\r\n", 6);
    http_reply_free(&reply);
    assert_int_equal(web_fixture_pay(f, "0123456789", stay.code, 25000, 0), 200);
    reply = get(f, target, "");
    assert_int_equal(reply.status, 404);
    http_reply_free(&reply);
    web_fixture_stop(f);
}

static void test_http_pages__console_shows_a_held_lane_a_debtor_and_a_gate_cut_off(void **state)
{
    (void)state;
    static const struct status_lane lanes[2] = {{1, "entry", "idle", "closed", ""},
                                                {2, "exit", "held", "closed", ""}};
    struct web_fixture *f = web_fixture_start();
    struct stay stay = park(f, "30F-123.45", VEHICLE_CAR, 135);
    struct event held = {.type = EVENT_HELD, .lane = 2, .hold = HOLD_UNREADABLE};
    web_fixture_event(f, "hn-0001-g1", &held, 0);
    web_fixture_status(f, "hn-0001-g1", true, lanes, 2);
    web_fixture_status(f, "hn-0001-g2", true, lanes, 1);
    web_fixture_status(f, "hn-0001-g2", false, NULL, 0);
    web_fixture_event(f, "hn-0002-g1", &(struct event){.type = EVENT_BOOT}, 0);
    web_fixture_settle(f);
    struct http_reply reply = get(f, "/operator", FIXTURE_OPERATOR);
    assert_says(&reply, "lane held");
    assert_says(&reply, "Có xe trên vòng từ nhưng không đọc được biển số");
    assert_says(&reply, "data-action=\"set_subject\" data-gate=\"hn-0001-g1\" data-lane=\"2\"");
    assert_says(&reply, "MẤT KẾT NỐI");
    assert_says(&reply, "CHƯA TỪNG KẾT NỐI");
    assert_says(&reply, "Cổng hn-0002-g1 khởi động");
    http_reply_free(&reply);
    static const struct status_lane quoted[2] = {{1, "entry", "idle", "closed", ""},
                                                 {2, "exit", "quoted", "closed", ""}};
    web_fixture_ask_exit(f, "hn-0001-g1", stay.session, "30F-123.45", VEHICLE_CAR, 0);
    web_fixture_status(f, "hn-0001-g1", true, quoted, 2);
    web_fixture_settle(f);
    reply = get(f, "/operator/part", FIXTURE_OPERATOR);
    assert_says(&reply, "lane waiting");
    assert_says(&reply, "30F-123.45");
    assert_says(&reply, "85.000 đ");
    assert_silent(&reply, "<html");
    http_reply_free(&reply);
    web_fixture_stop(f);
}

/* "5.000 to refund" helps nobody who does not know to whom. */
static void test_http_pages__what_waits_for_a_person_names_vehicle_and_transfer(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    struct stay stay = park(f, "30F-123.45", VEHICLE_CAR, 30);
    char transfer[64];
    int64_t id = 0;
    struct db *db;
    assert_int_equal(web_fixture_pay(f, "0123456789", stay.code, 30000, 0), 200);
    web_fixture_settle(f);
    ok(db_open_reader(web_fixture_database(f), &db));
    ok(db_query_i64(db, 0, &id, "SELECT CAST(provider_tx AS INTEGER) FROM bank_credit", ""));
    db_close(db);
    snprintf(transfer, sizeof transfer, "sepay %lld", (long long)id);
    struct http_reply reply = get(f, "/operator", FIXTURE_OPERATOR);
    const char *review = strstr(reply.body, "data-key=\"review-1\"");
    assert_non_null(review);
    const char *name = strstr(review, "30F-123.45");
    const char *paid = strstr(review, transfer);
    const char *end = strstr(review, "</li>");
    assert_true(name && paid && name < end && paid < end);
    http_reply_free(&reply);
    web_fixture_stop(f);
}

static void test_http_pages__city_shows_totals_that_add_up_and_nobody(void **state)
{
    (void)state;
    struct web_fixture *f = web_fixture_start();
    web_fixture_fill(f);
    struct http_reply reply = get(f, "/city", FIXTURE_CITY);
    assert_int_equal(reply.status, 200);
    assert_says(&reply, "id=\"reconciliation\"");
    assert_says(&reply, "difference agrees");
    /* 54 turns: 24 cars at 25,000 and 30 motorbikes at 5,000; of these 1 and 2 did not pay. */
    assert_says(&reply, "750.000 đ");
    assert_says(&reply, "715.000 đ");
    assert_says(&reply, "93,1 %");
    assert_says(&reply, "98,9 %");
    static const char *personal[] = {"30F", "30H", "29-", "29F", "DX", "/s/"};
    for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++) {
        assert_silent(&reply, personal[i]);
    }
    assert_true(reply.body_n < 64 * 1024);
    http_reply_free(&reply);
    web_fixture_stop(f);
}

TESTS(T(test_http_pages__driver_sees_fee_and_qr_then_payment_then_receipt),
      T(test_http_pages__half_a_payment_leaves_the_rest_due),
      T(test_http_pages__a_plate_with_markup_comes_out_as_text),
      T(test_http_pages__language_follows_the_browser_until_it_is_chosen),
      T(test_http_pages__pages_load_nothing_from_elsewhere_and_run_nothing_inline),
      T(test_http_pages__assets_come_small_and_once),
      T(test_http_pages__the_qr_picture_is_a_png_while_something_is_due),
      T(test_http_pages__console_shows_a_held_lane_a_debtor_and_a_gate_cut_off),
      T(test_http_pages__what_waits_for_a_person_names_vehicle_and_transfer),
      T(test_http_pages__city_shows_totals_that_add_up_and_nobody))
