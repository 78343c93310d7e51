/* Invoices of real payments: asked for once, answered once, replaced and not edited. */
#include "server/app/invoices.h"
#include "server/core/vat.h"
#include "tests/integration/server_world.h"

static struct world w;
static struct vat_rates rates = {.count = 1, .row = {{{1}, {VAT_PERCENT, 8}}}};
static const struct invoice_buyer nobody;
static const struct invoice_buyer company = {"Công ty B", "0100000001", "2 TQK", "b@example.com"};

static int setup(void **state)
{
    (void)state;
    world_init(&w);
    world_stop(&w);
    w.config.vat = &rates;
    snprintf(w.operators[0].tax_code, sizeof w.operators[0].tax_code, "0100000000");
    snprintf(w.operators[0].series, sizeof w.operators[0].series, "C25MAA");
    w.operators[0].template_ = 1;
    world_start(&w);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_fini(&w);
    return 0;
}

static struct str token(const char *session)
{
    static char text[64];
    char sql[128];
    char id[ULID_CAP];
    world_session_id(session, id);
    snprintf(sql, sizeof sql, "SELECT token FROM session WHERE id = '%s'", id);
    world_text(&w, sql, text, sizeof text);
    return str_c(text);
}

/* It pays 25,000 in two transfers. */
static void paid_stay(void)
{
    char code[PAYCODE_CAP];
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    world_ask(&w, "A", "30F12345");
    world_code(&w, "A", code);
    world_pay(&w, "1", code, 10000);
    world_pay(&w, "2", code, 15000);
}

static void test_invoice_app__one_for_each_payment_and_no_second_one(void **state)
{
    (void)state;
    int count = 0;
    world_enter(&w, "B", "30F12399");
    assert_int_equal(app_invoice_request(w.app, token("B"), &nobody, &count), DX_E_NOT_FOUND);
    paid_stay();
    ok(app_invoice_request(w.app, token("A"), &company, &count));
    assert_int_equal(count, 2);
    assert_int_equal(world_number(&w, "SELECT sum(total_vnd) FROM invoice"), 25000);
    assert_int_equal(world_number(&w, "SELECT sum(net_vnd + vat_vnd) FROM invoice"), 25000);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM invoice WHERE series = 'C26MAA' AND"
                                      " plate = '30F12345' AND method = 'CK'"),
                     2);
    assert_int_equal(app_invoice_request(w.app, token("A"), &company, &count), DX_E_EXISTS);
    assert_int_equal(
        app_invoice_request(w.app, STR("00000000000000000000000000000000"), &nobody, &count),
        DX_E_NOT_FOUND);
    const struct invoice_buyer wrong = {"", "0100000001", "", ""};
    assert_int_equal(app_invoice_request(w.app, token("A"), &wrong, &count), DX_E_INVAL);
}

static void test_invoice_app__an_answer_counts_once_and_a_wrong_one_is_replaced(void **state)
{
    (void)state;
    int count = 0;
    char id[64], again[ULID_CAP];
    paid_stay();
    ok(app_invoice_request(w.app, token("A"), &nobody, &count));
    world_text(&w, "SELECT min(id) FROM invoice", id, sizeof id);
    assert_int_equal(app_invoice_replace(w.app, id, &company, again), DX_E_STATE);
    struct invoice_answer silence = {.reply = INVOICE_REPLY_NONE, .text = "no answer"};
    ok(app_invoice_answer(w.app, id, &silence));
    assert_int_equal(world_number(&w, "SELECT count(*) FROM invoice WHERE state = 'unknown'"), 1);
    struct invoice_answer issued = {.reply = INVOICE_REPLY_ISSUED, .number = 12, .code = "M1-26"};
    ok(app_invoice_answer(w.app, id, &issued));
    assert_int_equal(app_invoice_answer(w.app, id, &silence), DX_E_STATE);
    ok(app_invoice_replace(w.app, id, &company, again));
    assert_int_equal(world_number(&w, "SELECT count(*) FROM invoice WHERE state = 'replaced' AND"
                                      " number = 12"),
                     1);
    assert_int_equal(app_invoice_replace(w.app, id, &company, again), DX_E_STATE);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM invoice WHERE replaces <> ''"), 1);
}

static void test_invoice_app__an_operator_without_a_series_issues_none(void **state)
{
    (void)state;
    int count = 0;
    paid_stay();
    assert_true(app_invoice_possible(w.app, "hn-0001"));
    assert_false(app_invoice_possible(w.app, "hn-9999"));
    world_stop(&w);
    w.operators[0].series[0] = '\0';
    world_start(&w);
    assert_false(app_invoice_possible(w.app, "hn-0001"));
    assert_int_equal(app_invoice_request(w.app, token("A"), &nobody, &count), DX_E_STATE);
}

#define U(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TESTS(U(test_invoice_app__one_for_each_payment_and_no_second_one),
      U(test_invoice_app__an_answer_counts_once_and_a_wrong_one_is_replaced),
      U(test_invoice_app__an_operator_without_a_series_issues_none))
