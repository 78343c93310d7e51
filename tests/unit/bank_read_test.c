/* What providers, their lists and statements say, as the one bank_credit. */
#include "proto/io/json.h"
#include "proto/io/webhook_verify.h"
#include "server/bank/bank.h"
#include "tests/harness/harness.h"

enum { KEPT_MAX = 8 };

static struct {
    int count, refused;
    struct bank_credit credit[KEPT_MAX];
    const char *why;
} kept;

static int keep(void *context, const struct bank_credit *credit)
{
    (void)context;
    assert_true(kept.count < KEPT_MAX);
    kept.credit[kept.count++] = *credit;
    return 0;
}

static int refuse(void *context, int place, const char *why)
{
    (void)context;
    assert_true(place > 0);
    kept.refused++;
    kept.why = why;
    return 0;
}

static int read_all(const char *provider, enum credit_source source, const char *body)
{
    const struct bank_visitor visitor = {NULL, keep, refuse};
    memset(&kept, 0, sizeof kept);
    return bank_read_all(provider, source, str_c(body), &visitor, &kept.why);
}

static wall_t at(const char *iso)
{
    wall_t wall;
    ok(time_parse_iso(str_c(iso), &wall));
    return wall;
}

/* Each accepted vector is read; what is no money says so. */
static void test_bank_read__every_published_notice_is_understood(void **state)
{
    (void)state;
    size_t size = 0;
    int money = 0;
    int none = 0;
    char *text = harness_read_file("tests/vectors/webhooks.json", &size);
    struct jdoc *root = NULL;
    const struct jdoc *cases;
    ok(jdoc_read((struct str){text, size}, &root, NULL));
    ok(jdoc_get_array(root, "cases", &cases));
    for (size_t i = 0; i < jdoc_count(cases); i++) {
        struct str provider;
        struct str body;
        char name[17];
        char words[4096];
        bool accept = false;
        const struct jdoc *one = jdoc_at(cases, i);
        ok(jdoc_get_bool(one, "accept", &accept));
        ok(jdoc_get_str(one, "provider", &provider));
        ok(jdoc_get_str(one, "body", &body));
        ok(str_copy(name, sizeof name, provider));
        ok(str_copy(words, sizeof words, body));
        if (!accept) {
            continue;
        }
        ok(read_all(name, CREDIT_WEBHOOK, words));
        money += kept.count;
        none += kept.count == 0 && kept.why != NULL;
        if (kept.count) {
            assert_string_equal(kept.credit[0].provider, name);
            assert_true(kept.credit[0].amount_vnd > 0);
        }
    }
    assert_true(money >= 4 && none >= 1); /* Casso's vector is its test, id 0 */
    jdoc_release(root);
    free(text);
}

#define PAYOS(code, amount)                                                                    \
    "{\"code\":\"00\",\"success\":true,\"data\":{\"orderCode\":1000123,\"amount\":" amount     \
    ",\"description\":\"DX7K3M9Q2X\",\"accountNumber\":\"0123456789\",\"reference\":\"FT26\"," \
    "\"transactionDateTime\":\"2026-11-23 "                                                    \
    "08:15:02\",\"currency\":\"VND\",\"paymentLinkId\":\"a\","                                 \
    "\"code\":\"" code "\",\"virtualAccountNumber\":\"V3CAS1\",\"counterAccountName\":null},"  \
    "\"signature\":\"x\"}"

static void test_payos__a_notice_becomes_a_credit(void **state)
{
    (void)state;
    ok(read_all("payos", CREDIT_WEBHOOK, PAYOS("00", "25000")));
    const struct bank_credit *c = &kept.credit[0];
    assert_int_equal(kept.count, 1);
    assert_string_equal(c->provider_tx, "1000123:FT26");
    assert_string_equal(c->bank_ref, "FT26");
    assert_string_equal(c->account, "0123456789");
    assert_string_equal(c->virtual_account, "V3CAS1");
    assert_string_equal(c->content, "DX7K3M9Q2X");
    assert_true(c->order_code == 1000123 && c->amount_vnd == 25000 && !c->out);
    assert_true(c->booked.ms == at("2026-11-23T08:15:02+07:00").ms);
}

/* The outer code is not signed: only data.code says that money came. */
static void test_payos__only_the_signed_code_is_believed(void **state)
{
    (void)state;
    ok(read_all("payos", CREDIT_WEBHOOK, PAYOS("01", "25000")));
    assert_int_equal(kept.count, 0);
    assert_non_null(kept.why);
    assert_int_not_equal(read_all("payos", CREDIT_WEBHOOK, PAYOS("00", "25000.5")), 0);
    assert_int_not_equal(read_all("payos", CREDIT_WEBHOOK, PAYOS("00", "0")), 0);
    assert_int_not_equal(read_all("payos", CREDIT_WEBHOOK, "{\"code\":\"00\"}"), 0);
}

static void test_payos__a_polled_transaction_is_the_same_transfer(void **state)
{
    (void)state;
    ok(read_all("payos", CREDIT_POLL,
                "{\"orderCode\":1000123,\"transaction\":{\"reference\":\"FT26\",\"amount\":25000,"
                "\"accountNumber\":\"0123456789\",\"description\":\"DX7K3M9Q2X\","
                "\"transactionDateTime\":\"2026-11-23T08:15:02+07:00\"}}"));
    assert_string_equal(kept.credit[0].provider_tx, "1000123:FT26");
    assert_true(kept.credit[0].booked.ms == at("2026-11-23T08:15:02+07:00").ms);
    assert_int_equal(kept.credit[0].source, CREDIT_POLL);
}

static void test_casso__v2_is_one_transfer_and_negative_is_out(void **state)
{
    (void)state;
    static const char body[] =
        "{\"error\":0,\"data\":{\"id\":77,\"reference\":\"R1\",\"description\":\"DX1\","
        "\"amount\":-599000,\"runningBalance\":25000000,\"transactionDateTime\":"
        "\"2024-10-03 15:06:37\",\"accountNumber\":\"88888888\",\"virtualAccountNumber\":\"\"}}";
    ok(read_all("casso", CREDIT_WEBHOOK, body));
    const struct bank_credit *c = &kept.credit[0];
    assert_string_equal(c->provider_tx, "77");
    assert_true(c->out && c->amount_vnd == 599000 && c->has_balance);
    assert_true(c->balance_vnd == 25000000);
    assert_string_equal(c->bank_ref, "R1");
}

static void test_casso__v1_is_a_list_and_a_bad_element_hides_no_other(void **state)
{
    (void)state;
    ok(read_all("casso", CREDIT_WEBHOOK,
                "{\"error\":0,\"data\":[{\"id\":1,\"tid\":\"T1\",\"description\":\"a\","
                "\"amount\":5000,\"cusum_balance\":9,\"when\":\"2020-10-14 00:34:57\","
                "\"bank_sub_acc_id\":\"123\"},{\"id\":2,\"amount\":\"x\"},"
                "{\"id\":3,\"tid\":\"T3\",\"description\":\"c\",\"amount\":7000,"
                "\"when\":\"2020-10-14\",\"bankSubAccId\":\"123\"}]}"));
    assert_int_equal(kept.count, 2);
    assert_int_equal(kept.refused, 1);
    assert_false(kept.credit[0].date_only);
    assert_true(kept.credit[1].date_only && kept.credit[1].amount_vnd == 7000);
    assert_true(kept.credit[1].booked.ms == at("2020-10-14T00:00:00+07:00").ms);
    ok(read_all("casso", CREDIT_WEBHOOK, "{\"error\":0,\"data\":[]}"));
    assert_int_equal(kept.count, 0);
}

static void test_sepay__rows_of_both_lists_are_credits(void **state)
{
    (void)state;
    ok(read_all("sepay", CREDIT_POLL,
                "{\"id\":\"49682\",\"account_number\":\"0071000888888\",\"transaction_date\":"
                "\"2023-05-05 19:59:48\",\"amount_out\":\"0.00\",\"amount_in\":\"18067000.00\","
                "\"accumulated\":\"1200541768.00\",\"transaction_content\":\"DX\","
                "\"reference_number\":\"677760.050523.080001\",\"code\":null,"
                "\"sub_account\":\"VCB0011ABC004\"}"));
    assert_string_equal(kept.credit[0].provider_tx, "49682");
    assert_true(kept.credit[0].amount_vnd == 18067000 && !kept.credit[0].out);
    assert_true(kept.credit[0].balance_vnd == 1200541768);
    ok(read_all("sepay", CREDIT_POLL,
                "{\"id\":\"0f8a-uuid\",\"account_number\":\"1\",\"transaction_date\":"
                "\"2025-02-25 19:59:48\",\"amount_out\":5000,\"amount_in\":0}"));
    assert_true(kept.credit[0].out && kept.credit[0].amount_vnd == 5000);
    assert_int_not_equal(read_all("sepay", CREDIT_POLL,
                                  "{\"id\":1,\"account_number\":\"1\",\"transaction_date\":"
                                  "\"2025-02-25 19:59:48\",\"amount_in\":\"5000.50\"}"),
                         0);
    assert_int_not_equal(read_all("sepay", CREDIT_POLL,
                                  "{\"id\":1,\"account_number\":\"1\",\"transaction_date\":"
                                  "\"2025-02-25 19:59:48\",\"amount_in\":5,\"amount_out\":5}"),
                         0);
}

static void test_bank_read__nobody_else_is_a_provider(void **state)
{
    (void)state;
    assert_int_equal(read_all("momo", CREDIT_WEBHOOK, "{}"), DX_E_NOT_FOUND);
    assert_int_equal(read_all("statement", CREDIT_WEBHOOK, "{}"), DX_E_NOT_FOUND);
    assert_int_not_equal(read_all("casso", CREDIT_WEBHOOK, "[]"), 0);
    assert_int_not_equal(read_all("casso", CREDIT_WEBHOOK, "{\"data\":7}"), 0);
}

TESTS(T(test_bank_read__every_published_notice_is_understood),
      T(test_payos__a_notice_becomes_a_credit), T(test_payos__only_the_signed_code_is_believed),
      T(test_payos__a_polled_transaction_is_the_same_transfer),
      T(test_casso__v2_is_one_transfer_and_negative_is_out),
      T(test_casso__v1_is_a_list_and_a_bad_element_hides_no_other),
      T(test_sepay__rows_of_both_lists_are_credits), T(test_bank_read__nobody_else_is_a_provider))
