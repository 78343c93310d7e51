/* Receipts as a driver, an accountant and a forger see them. */
#include "server/web/receipt_code.h"
#include "tests/harness/harness.h"
#include "tests/harness/http_client.h"
#include "tests/integration/web_fixture.h"

static struct web_fixture *f;
static char token[33], code[PAYCODE_CAP], session[ULID_CAP];

static int setup(void **state)
{
    (void)state;
    f = web_fixture_start();
    web_fixture_enter(f, "hn-0001-g1", "30F-123.45", VEHICLE_CAR, 135 * 60000, session);
    web_fixture_names(f, session, token, code);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    web_fixture_stop(f);
    return 0;
}

static struct http_reply ask(const char *method, const char *tail, const char *body)
{
    char target[256];
    snprintf(target, sizeof target, tail[0] == '?' ? "/verify%s" : "/s/%s%s",
             tail[0] == '?' ? tail : token, tail);
    return http_client_ask(web_fixture_port(f), method, target,
                           body ? "Content-Type: application/x-www-form-urlencoded\r\n" : "", body);
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

static void pay(int64_t amount)
{
    assert_int_equal(web_fixture_pay(f, "0123456789", code, amount, 0), 200);
    web_fixture_settle(f);
}

static void test_http_receipt__shows_payments_tax_and_who_is_paid(void **state)
{
    (void)state;
    says(ask("GET", "/receipt", NULL), 200, "chưa có khoản trả nào", "id=\"invoice\"");
    pay(80000);
    pay(5000);
    says(ask("GET", "/receipt", NULL), 200, "Mã số thuế</dt><dd>0100000000", NULL);
    says(ask("GET", "/receipt", NULL), 200, "1 Phố Mẫu", NULL);
    says(ask("GET", "/receipt", NULL), 200, ">80.000 đ<", NULL);
    says(ask("GET", "/receipt", NULL), 200, "<strong>85.000 đ</strong>", NULL);
    /* 80,000: 74,074 and 5,926; 5,000: 4,630 and 370 */
    says(ask("GET", "/receipt", NULL), 200, ">78.704 đ<", NULL);
    says(ask("GET", "/receipt", NULL), 200, ">6.296 đ<", session);
    says(http_client_ask(web_fixture_port(f), "GET", "/s/00000000000000000000000000000000/receipt",
                         "", NULL),
         404, NULL, NULL);
}

static void test_http_receipt__too_much_is_no_part_of_the_price(void **state)
{
    (void)state;
    pay(90000);
    says(ask("GET", "/receipt", NULL), 200, "<strong>85.000 đ</strong>", "90.000 đ");
}

static void test_http_receipt__a_genuine_code_is_confirmed_and_a_made_up_one_is_not(void **state)
{
    (void)state;
    char check[RECEIPT_CODE_CAP];
    char query[64];
    receipt_code_make(code, session, token, check);
    snprintf(query, sizeof query, "?code=%s", check);
    says(ask("GET", query, NULL), 404, "Không có biên nhận", NULL); /* nothing was paid */
    pay(85000);
    says(ask("GET", "/receipt", NULL), 200, check, NULL);
    says(ask("GET", query, NULL), 200, "Biên nhận này là thật", "30F-123.45");
    says(ask("GET", query, NULL), 200, "30F-***.45", token);
    for (char *p = query + 6; *p; p++) { /* as a person types it */
        *p = *p == '-' ? '+' : *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
    }
    says(ask("GET", query, NULL), 200, "Biên nhận này là thật", NULL);
    query[strlen(query) - 1] = query[strlen(query) - 1] == '2' ? '3' : '2';
    says(ask("GET", query, NULL), 404, "Không có biên nhận", "30F");
    says(ask("GET", "?code=%22%3E%3Cscript%3E", NULL), 404, NULL, "<script>");
    says(ask("GET", "", NULL), 200, NULL, NULL);
    /* guessing is rationed */
    int status = 0;
    for (int i = 0; i < 60 && status != 429; i++) {
        struct http_reply reply = ask("GET", "?code=DX000000000-00000000", NULL);
        status = reply.status;
        http_reply_free(&reply);
    }
    assert_int_equal(status, 429);
}

static void test_http_receipt__an_invoice_is_asked_for_once_and_a_wrong_buyer_is_told(void **state)
{
    (void)state;
    says(ask("POST", "/invoice", "name="), 409, NULL, NULL); /* nothing was paid */
    pay(85000);
    says(ask("GET", "/receipt", NULL), 200, "name=\"tax_code\"", NULL);
    says(ask("POST", "/invoice", "name=B&tax_code=12&address=x"), 400, "Mã số thuế gồm", NULL);
    says(ask("POST", "/invoice", "name=%3Cb%3E&email=a"), 400, "&lt;b&gt;", "<b>");
    says(ask("POST", "/invoice", "name=B&tax_code=0100000001"), 400, "Cần địa chỉ", NULL);
    says(ask("POST", "/invoice", "name=C%C3%B4ng+ty+B&tax_code=0100000001&address=2+TQK&email="),
         303, NULL, NULL);
    says(ask("POST", "/invoice", "name="), 303, NULL, NULL); /* again: as it was */
    says(ask("GET", "/receipt", NULL), 200, "đang chờ số hóa đơn", "name=\"tax_code\"");
}

#define U(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TESTS(U(test_http_receipt__shows_payments_tax_and_who_is_paid),
      U(test_http_receipt__too_much_is_no_part_of_the_price),
      U(test_http_receipt__a_genuine_code_is_confirmed_and_a_made_up_one_is_not),
      U(test_http_receipt__an_invoice_is_asked_for_once_and_a_wrong_buyer_is_told))
