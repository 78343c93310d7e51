/* Money that needs people, over HTTP: the queue, two users, refunds and the driver's form. */
#include "proto/io/db.h"
#include "proto/io/json.h"
#include "server/app/cases.h"
#include "tests/harness/harness.h"
#include "tests/harness/http_client.h"
#include "tests/integration/web_fixture.h"

#define OURS   "X-Doxe-Request: 1\r\nOrigin: http://127.0.0.1:8080\r\n"
#define DRIVER "Content-Type: application/x-www-form-urlencoded\r\n"

static struct web_fixture *f;

static struct http_reply ask(const char *method, const char *path, const char *fields,
                             const char *body)
{
    struct http_reply reply = http_client_ask(web_fixture_port(f), method, path, fields, body);
    web_fixture_settle(f);
    return reply;
}

static int post(const char *path, const char *user, const char *body, char *ret_member, size_t cap,
                const char *member)
{
    char fields[512];
    struct jdoc *root = NULL;
    struct str text = {0};
    snprintf(fields, sizeof fields, "%s" OURS, user);
    struct http_reply reply = ask("POST", path, fields, body);
    if (ret_member && reply.status == 200) {
        ok(jdoc_read(str_c(reply.body), &root, NULL));
        ok(jdoc_get_str(root, member, &text));
        ok(str_copy(ret_member, cap, text));
        jdoc_release(root);
    }
    int status = reply.status;
    http_reply_free(&reply);
    return status;
}

static void database_text(const char *sql, char *out, size_t cap)
{
    struct db *db;
    struct db_row row;
    out[0] = '\0';
    ok(db_open_reader(web_fixture_database(f), &db));
    ok(db_query(db, &row, sql, ""));
    if (db_next(&row)) {
        ok(str_copy(out, cap, db_text(&row, 0)));
    }
    ok(db_done(&row));
    db_close(db);
}

static void assert_says(const struct http_reply *reply, const char *text)
{
    if (!strstr(reply->body, text)) {
        fail_msg("'%s' is not in the answer: %.1500s", text, reply->body);
    }
}

static void test_http_cases__a_suggestion_is_proposed_and_approved_by_another_user(void **state)
{
    (void)state;
    char session[ULID_CAP];
    char id[ULID_CAP];
    char body[256];
    char path[96];
    char text[64];
    f = web_fixture_start();
    web_fixture_enter(f, "hn-0001-g1", "30F12345", VEHICLE_CAR, 40 * 60000, session);
    web_fixture_ask_exit(f, "hn-0001-g1", session, "30F12345", VEHICLE_CAR, 2 * 60000);
    assert_int_equal(web_fixture_pay(f, "0123456789", "tien gui xe", 25000, 0), 200);
    web_fixture_settle(f);
    struct http_reply reply = ask("GET", "/api/v1/cases", FIXTURE_OPERATOR, NULL);
    assert_int_equal(reply.status, 200);
    assert_says(&reply, session);
    assert_says(&reply, "[\"amount\",\"time\",\"lot\",\"waits\"]");
    http_reply_free(&reply);
    reply = ask("GET", "/operator/money", FIXTURE_OPERATOR "Accept-Language: en\r\n", NULL);
    assert_int_equal(reply.status, 200);
    assert_says(&reply, "the same amount");
    assert_says(&reply, "within 15 minutes");
    http_reply_free(&reply);
    snprintf(body, sizeof body,
             "{\"parts\":[{\"action\":\"session\",\"target\":\"%s\",\"amount_vnd\":25000}]}",
             session);
    assert_int_equal(post("/api/v1/reviews/1/propose", FIXTURE_CITY, body, NULL, 0, ""), 403);
    assert_int_equal(post("/api/v1/reviews/1/propose", FIXTURE_OPERATOR, body, id, sizeof id, "id"),
                     200);
    assert_int_equal(post("/api/v1/reviews/1/propose", FIXTURE_SECOND, body, NULL, 0, ""), 409);
    snprintf(path, sizeof path, "/api/v1/proposals/%s/approve", id);
    assert_int_equal(post(path, FIXTURE_OPERATOR, "{}", NULL, 0, ""), 403);
    assert_int_equal(post(path, FIXTURE_SECOND, "{}", NULL, 0, ""), 200);
    assert_int_equal(post(path, FIXTURE_SECOND, "{}", NULL, 0, ""), 404);
    database_text("SELECT state || paid_vnd FROM session", text, sizeof text);
    assert_string_equal(text, "paid25000");
    assert_int_equal(
        post("/api/v1/reviews/1/propose", FIXTURE_SECOND, "{\"parts\":[]}", NULL, 0, ""), 422);
    web_fixture_stop(f);
}

static void test_http_cases__a_stay_is_named_by_its_code_in_a_split_and_in_a_refund(void **state)
{
    (void)state;
    char session[ULID_CAP];
    char id[ULID_CAP];
    char token[33];
    char code[PAYCODE_CAP];
    char body[256];
    char path[96];
    char text[64];
    f = web_fixture_start();
    web_fixture_enter(f, "hn-0001-g1", "30F12345", VEHICLE_CAR, 40 * 60000, session);
    web_fixture_ask_exit(f, "hn-0001-g1", session, "30F12345", VEHICLE_CAR, 2 * 60000);
    web_fixture_names(f, session, token, code);
    assert_int_equal(web_fixture_pay(f, "0123456789", "tien gui xe", 40000, 0), 200);
    web_fixture_settle(f);
    code[0] = 'd'; /* as people type */
    snprintf(body, sizeof body,
             "{\"parts\":[{\"action\":\"session\",\"target\":\"%s\",\"amount_vnd\":25000},"
             "{\"action\":\"refund\",\"target\":\"\",\"amount_vnd\":15000}]}",
             code);
    assert_int_equal(post("/api/v1/reviews/1/propose", FIXTURE_OPERATOR, body, id, sizeof id, "id"),
                     200);
    snprintf(path, sizeof path, "/api/v1/proposals/%s/approve", id);
    assert_int_equal(post(path, FIXTURE_SECOND, "{}", NULL, 0, ""), 200);
    database_text("SELECT s.state || s.paid_vnd || '+' || r.amount_vnd FROM session s, refund r",
                  text, sizeof text);
    assert_string_equal(text, "paid25000+15000");
    web_fixture_leave(f, "hn-0001-g1", session, PERMIT_PAID, 60000);
    snprintf(body, sizeof body, "{\"session\":\"%s\",\"amount_vnd\":5000,\"reason\":\"rain\"}",
             code);
    assert_int_equal(post("/api/v1/refunds", FIXTURE_OPERATOR, body, NULL, 0, ""), 200);
    database_text("SELECT count(*) FROM refund WHERE cause = 'staff'", text, sizeof text);
    assert_string_equal(text, "1");
    web_fixture_stop(f);
}

/* Paid twice; the driver gives the account on the phone, staff never can. */
static void test_http_cases__a_refund_from_the_page_to_the_bank_s_list(void **state)
{
    (void)state;
    char session[ULID_CAP];
    char token[33];
    char code[PAYCODE_CAP];
    char id[ULID_CAP];
    char path[256];
    f = web_fixture_start();
    web_fixture_enter(f, "hn-0001-g1", "30F12345", VEHICLE_CAR, 40 * 60000, session);
    web_fixture_names(f, session, token, code);
    assert_int_equal(web_fixture_pay(f, "0123456789", code, 25000, 0), 200);
    assert_int_equal(web_fixture_pay(f, "0123456789", code, 25000, 0), 200);
    web_fixture_settle(f);
    snprintf(path, sizeof path, "/s/%s", token);
    struct http_reply reply = ask("GET", path, "", NULL);
    const char *link = strstr(reply.body, "href=\"/r/");
    assert_non_null(link);
    snprintf(path, sizeof path, "%.*s", (int)strcspn(link + 6, "\""), link + 6);
    http_reply_free(&reply);
    reply = ask("GET", path, "", NULL);
    assert_int_equal(reply.status, 200);
    assert_says(&reply, "Vietcombank");
    http_reply_free(&reply);
    static const struct {
        const char *fields, *body;
        int status;
    } tries[] = {
        {DRIVER, "bank=970436&account=%3D1%2B1&holder=A", 400},
        {DRIVER, "bank=000000&account=00110022003&holder=NGUYEN+VAN+A", 400},
        {DRIVER FIXTURE_OPERATOR, "bank=970436&account=00110022003&holder=NGUYEN+VAN+A", 403},
        {DRIVER, "bank=970436&account=00110022003&holder=Nguy%E1%BB%85n+V%C4%83n+A", 200},
        {DRIVER, "bank=970436&account=99999999999&holder=KE+GIAN", 404}, /* used once */
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        reply = ask("POST", path, tries[i].fields, tries[i].body);
        assert_int_equal(reply.status, tries[i].status);
        http_reply_free(&reply);
    }
    database_text("SELECT id FROM refund", id, sizeof id);
    reply = ask("GET", "/api/v1/refunds", FIXTURE_OPERATOR, NULL);
    assert_says(&reply, "\"last4\":\"2003\"");
    assert_null(strstr(reply.body, "00110022003"));
    http_reply_free(&reply);
    snprintf(path, sizeof path, "/api/v1/refunds/%s/approve", id);
    assert_int_equal(post(path, FIXTURE_OPERATOR, "{}", NULL, 0, ""), 200);
    reply = ask("GET", "/api/v1/refunds/export", FIXTURE_OPERATOR, NULL);
    assert_int_equal(reply.status, 200);
    assert_says(&reply, "970436,00110022003,NGUYEN VAN A,25000,HOAN TIEN RF");
    http_reply_free(&reply);
    snprintf(path, sizeof path, "/api/v1/refunds/%s/sent", id);
    assert_int_equal(post(path, FIXTURE_SECOND, "{\"bank_ref\":\"FT1\"}", NULL, 0, ""), 200);
    reply = ask("GET", "/api/v1/refunds/export", "", NULL);
    assert_int_equal(reply.status, 401);
    http_reply_free(&reply);
    web_fixture_stop(f);
}

static void test_http_cases__no_order_of_staff_carries_an_account(void **state)
{
    (void)state;
    char session[ULID_CAP];
    char token[33];
    char code[PAYCODE_CAP];
    char id[ULID_CAP];
    char path[128];
    char text[32];
    static const char *const steps[] = {"link", "approve", "sent", "cancel", "account"};
    f = web_fixture_start();
    web_fixture_enter(f, "hn-0001-g1", "30F12345", VEHICLE_CAR, 40 * 60000, session);
    web_fixture_names(f, session, token, code);
    assert_int_equal(web_fixture_pay(f, "0123456789", code, 30000, 0), 200);
    web_fixture_settle(f);
    database_text("SELECT id FROM refund", id, sizeof id);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        snprintf(path, sizeof path, "/api/v1/refunds/%s/%s", id, steps[i]);
        (void)post(path, FIXTURE_OPERATOR,
                   "{\"bin\":\"970436\",\"bank\":\"970436\",\"account\":\"00110022003\","
                   "\"holder\":\"LAN\",\"link\":\"x\"}",
                   NULL, 0, "");
    }
    database_text("SELECT count(*) FROM refund_account", text, sizeof text);
    assert_string_equal(text, "0");
    web_fixture_stop(f);
}

static void test_http_cases__a_debt_is_offered_on_the_next_stay_s_page(void **state)
{
    (void)state;
    char first[ULID_CAP];
    char second[ULID_CAP];
    char token[33];
    char code[PAYCODE_CAP];
    char path[128];
    char old[64];
    f = web_fixture_start();
    web_fixture_enter(f, "hn-0001-g1", "30F12345", VEHICLE_CAR, 300 * 60000, first);
    web_fixture_ask_exit(f, "hn-0001-g1", first, "30F12345", VEHICLE_CAR, 250 * 60000);
    web_fixture_leave(f, "hn-0001-g1", first, PERMIT_DEBT, 249 * 60000);
    web_fixture_names(f, first, token, code);
    snprintf(old, sizeof old, "href=\"/s/%s\"", token);
    web_fixture_enter(f, "hn-0001-g1", "30F12345", VEHICLE_CAR, 20 * 60000, second);
    web_fixture_names(f, second, token, code);
    snprintf(path, sizeof path, "/s/%s", token);
    struct http_reply reply = ask("GET", path, "Accept-Language: en\r\n", NULL);
    assert_says(&reply, "Still owed for earlier stays");
    assert_says(&reply, old);
    http_reply_free(&reply);
    reply = ask("GET", "/operator/money/part", FIXTURE_OPERATOR "Accept-Language: en\r\n", NULL);
    assert_says(&reply, "inside again");
    http_reply_free(&reply);
    snprintf(path, sizeof path, "/api/v1/debts/%s/write-off", first);
    assert_int_equal(post(path, FIXTURE_OPERATOR, "{\"reason\":\"old\"}", NULL, 0, ""), 200);
    reply = ask("GET", "/api/v1/debts?lot=hn-0001", FIXTURE_OPERATOR, NULL);
    assert_says(&reply, "write_off");
    http_reply_free(&reply);
    web_fixture_stop(f);
}

/* The form of the receipt page: once a stay, never more than was paid. */
static void test_http_cases__a_driver_asks_for_money_back_once(void **state)
{
    (void)state;
    char session[ULID_CAP];
    char token[33];
    char code[PAYCODE_CAP];
    char path[128];
    char text[96];
    f = web_fixture_start();
    web_fixture_enter(f, "hn-0001-g1", "30F12345", VEHICLE_CAR, 60 * 60000, session);
    web_fixture_names(f, session, token, code);
    web_fixture_ask_exit(f, "hn-0001-g1", session, "30F12345", VEHICLE_CAR, 20 * 60000);
    assert_int_equal(web_fixture_pay(f, "0123456789", code, 25000, 15 * 60000), 200);
    web_fixture_settle(f);
    web_fixture_leave(f, "hn-0001-g1", session, PERMIT_PAID, 14 * 60000);
    snprintf(path, sizeof path, "/s/%s/refund", token);
    static const struct {
        const char *body;
        int status;
    } tries[] = {{"amount=25001&reason=sai", 400},
                 {"amount=5000", 400},
                 {"amount=5000&reason=sai+gia", 303},
                 {"amount=5000&reason=sai+gia", 400}};
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        struct http_reply reply = ask("POST", path, DRIVER, tries[i].body);
        assert_int_equal(reply.status, tries[i].status);
        http_reply_free(&reply);
    }
    database_text("SELECT cause || ' ' || requested_by || ' ' || amount_vnd || ' ' || state FROM"
                  " refund",
                  text, sizeof text);
    assert_string_equal(text, "driver driver 5000 requested");
    web_fixture_stop(f);
}

TESTS(T(test_http_cases__a_suggestion_is_proposed_and_approved_by_another_user),
      T(test_http_cases__a_stay_is_named_by_its_code_in_a_split_and_in_a_refund),
      T(test_http_cases__a_refund_from_the_page_to_the_bank_s_list),
      T(test_http_cases__no_order_of_staff_carries_an_account),
      T(test_http_cases__a_debt_is_offered_on_the_next_stay_s_page),
      T(test_http_cases__a_driver_asks_for_money_back_once))
