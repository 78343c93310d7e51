#include "proto/base/out.h"
#include "proto/io/json.h"
#include "proto/io/webhook_canon.h"
#include "proto/io/webhook_verify.h"
#include "tests/harness/harness.h"

static const char key1[] = "test-checksum-key-0001";

/* ---- the vectors ---- */

static int read_headers(const struct jdoc *object, struct webhook_header headers[8])
{
    struct jdoc_iter it = {0};
    struct str name;
    const struct jdoc *value;
    int count = 0;
    while (jdoc_next(object, &it, &name, &value)) {
        assert_true(count < 8);
        headers[count].name = name;
        ok(jdoc_str(value, &headers[count++].value));
    }
    return count;
}

static void test_signature__published_vectors(void **state)
{
    (void)state;
    size_t n = 0;
    char *text = harness_read_file("tests/vectors/webhooks.json", &n);
    struct jdoc *root = NULL;
    ok(jdoc_read((struct str){text, n}, &root, NULL));
    free(text);
    const struct jdoc *cases = jdoc_get(root, "cases");
    assert_true(jdoc_count(cases) >= 10);
    for (size_t i = 0; i < jdoc_count(cases); i++) {
        const struct jdoc *one = jdoc_at(cases, i);
        struct webhook_header headers[8];
        struct str name;
        struct str provider_name;
        struct str key;
        struct str body;
        bool accept;
        enum webhook_provider provider;
        int64_t now_s;
        wall_t now = SIGNATURE_ANY_TIME;
        ok(jdoc_get_str(one, "name", &name));
        ok(jdoc_get_str(one, "provider", &provider_name));
        ok(jdoc_get_str(one, "key", &key));
        ok(jdoc_get_str(one, "body", &body));
        ok(jdoc_get_bool(one, "accept", &accept));
        ok(webhook_provider_from_name(provider_name, &provider));
        if (jdoc_get_i64(one, "now", &now_s) == 0) {
            now.ms = now_s * 1000;
        }
        const char *why = NULL;
        int count = read_headers(jdoc_get(one, "headers"), headers);
        int rc = webhook_verify(provider, key, headers, count, body, now, &why);
        if ((rc == 0) != accept) {
            fail_msg("%.*s: %s", (int)name.n, name.p, why ? why : "accepted");
        }
        assert_true((rc == 0) == (why == NULL));
    }
    jdoc_release(root);
}

/* ---- payOS ---- */

static void test_signature__payos_data_as_its_own_library_signs_it(void **state)
{
    (void)state;
    /* The right sides were printed by @payos/node 2.0.5; tests/integration/peers asks it again. */
    static const char *rows[][2] = {
        {"{\"b\":1,\"a\":\"x&=y z/đ\"}",
         "8122585d09a4e78deedbed02a6f4cda3eef9827a91115098b54ff7538cdc3396"},
        {"{\"b\":1,\"\\u0061\":\"x&=y z\\/\\u0111\"}",
         "8122585d09a4e78deedbed02a6f4cda3eef9827a91115098b54ff7538cdc3396"},
        {"{\"a\":null,\"b\":\"null\",\"c\":\"undefined\",\"d\":\"\",\"e\":false,\"f\":true,"
         "\"g\":0}",
         "ed78d54042bfd9a2b4e860de2590a16ae35d4eea601b05190c7cfcd043696888"},
        {"{\"z\":1,\"10\":2,\"9\":3,\"a\":4,\"01\":5,\"4294967295\":6,\"4294967294\":7}",
         "9b75328e6be23dc79541cd55da2374a329345905ad6809241c849d44e2cfa643"},
        {"{\"items\":[{\"price\":3000,\"name\":\"Gửi xe\",\"q\":{\"z\":1,\"a\":[1,2]}},{}],"
         "\"amount\":3000}",
         "b7e50cee144cb46a421e37d8508c026071e32dc0e2a6b4ee9d352102f600c5e0"},
        {"{\"odd\":[\"ab\",7,true,[1,{\"b\":2,\"a\":1}],\"đ😀\"],\"o\":{\"a\":1}}",
         "0613c8e82af91bd08334db6830b36566c6dd30c64ba520230e0d3225fc1b96c7"},
        {"{\"x\":25000.0,\"y\":2.5e4,\"z\":0.1,\"w\":1e21,\"v\":-0.0}",
         "f48d77681ce15b4312e7063cdfbc29d321f658f14710f8554e86a0f4824a5290"},
        {"{\"\\uffff\":1,\"\\ud83d\\ude00\":2,\"é\":3,\"z\":4}",
         "a230226ce94bace02ca1f8beb42af8b61fd9157d4845168d44d9e9f057b200b5"},
        {"{\"t\":\"a\\tb\\n\\\"\\\\/\\u2028\",\"arr\":[{\"t\":\"a\\tb\\n\\\"\\\\/"
         "\\u2028\\u0001\"}]}",
         "29996bab525370c37d41c510dfd6af08f2cf907ea2e938ea29030a94a4e167d9"},
        {"{\"empty\":[]}", "331fe5c060082df80782ee77a546cef0f39d39f36db010d76c6a8a1b06bac0c5"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char body[400];
        char hex[SIGNATURE_HEX256_CAP];
        snprintf(body, sizeof body, "{\"success\":false,\"data\":%s}", rows[i][0]);
        ok(webhook_sign_payos(STR("test-checksum-key-0001"), str_c(body), hex));
        if (strcmp(hex, rows[i][1]) != 0) {
            fail_msg("row %zu: %s", i, rows[i][0]);
        }
    }
    char hex[SIGNATURE_HEX256_CAP] = "same";
    assert_int_equal(webhook_sign_payos(str_c(key1), STR("{\"data\":{\"a\":[null]}}"), hex),
                     DX_E_FORMAT);
    assert_int_equal(webhook_sign_payos(str_c(key1), STR("{\"data\":[]}"), hex), DX_E_FORMAT);
    assert_string_equal(hex, "same");
}

static void test_signature__payos_request_and_payout(void **state)
{
    (void)state;
    char hex[SIGNATURE_HEX256_CAP];
    const struct signature_payos_request request = {.amount_vnd = 25000,
                                                    .order_code = 1000123,
                                                    .description = STR("HNP7K3M9Q"),
                                                    .cancel_url = STR("https://p.example/c"),
                                                    .return_url = STR("https://p.example/r")};
    signature_payos_request(str_c(key1), &request, hex);
    assert_string_equal(hex, "baf0fffd9c4794d274187b1ac4d66f49509ae0cde1da566933200e0925e9aa7b");
    ok(webhook_sign_payos_payout(
        str_c(key1),
        STR("{\"toBin\":\"970436\",\"category\":[\"refund\"],\"description\":\"hoan phi\","
            "\"amount\":25000,\"referenceId\":\"rf-1\",\"toAccountNumber\":\"0123456789\"}"),
        hex));
    assert_string_equal(hex, "b73fdb5a781b17098c5c77630a383347c9055413c1ce4d43e57e917268cc1ab5");
    ok(webhook_sign_payos_payout(
        str_c(key1),
        STR("{\"b\":{\"z\":1,\"a\":[{\"d\":1,\"c\":[2,[3]]}]},\"a\":null,\"c\":true,"
            "\"d\":\"null\",\"e\":[[1,2],{\"y\":1,\"x\":2}],\"k ey\":\"trả phí (1)*!~'\"}"),
        hex));
    assert_string_equal(hex, "0ba7c0a1a7ccd7bbcfb87045cefe001138a8b85a8e616abcfae6622a0e139f47");
}

static int check_payos(const char *body, struct webhook_verdict *verdict)
{
    return webhook_check(WEBHOOK_PAYOS, str_c(key1), NULL, 0, str_c(body), SIGNATURE_ANY_TIME,
                         verdict);
}

static void test_signature__payos_outer_fields_are_not_covered_and_data_is(void **state)
{
    (void)state;
    static const char data[] = "{\"amount\":25000,\"code\":\"00\"}";
    char hex[SIGNATURE_HEX256_CAP];
    char body[400];
    struct webhook_verdict verdict;
    snprintf(body, sizeof body, "{\"data\":%s}", data);
    ok(webhook_sign_payos(str_c(key1), str_c(body), hex));
    snprintf(body, sizeof body,
             "{\"code\":\"01\",\"success\":false,\"data\":%s,\"signature\":\"%s\"}", data, hex);
    ok(check_payos(body, &verdict));
    assert_string_equal(verdict.scheme, "payos");
    assert_null(verdict.why);

    static const char *changed[] = {
        "{\"amount\":25001,\"code\":\"00\"}",
        "{\"amount\":\"25000\",\"code\":\"00\",\"x\":null}",
        "{\"amount\":25000,\"code\":\"01\"}",
        "{\"amount\":25000}",
    };
    for (size_t i = 0; i < sizeof changed / sizeof changed[0]; i++) {
        snprintf(body, sizeof body, "{\"data\":%s,\"signature\":\"%s\"}", changed[i], hex);
        assert_int_equal(check_payos(body, &verdict), DX_E_CHECK);
        assert_string_equal(verdict.where, "body.signature");
    }
    /* A second "amount" would be signed as one and read as the other. */
    snprintf(body, sizeof body,
             "{\"data\":{\"amount\":25000,\"amount\":25000,\"code\":\"00\"},\"signature\":\"%s\"}",
             hex);
    assert_int_equal(check_payos(body, &verdict), DX_E_FORMAT);
    snprintf(body, sizeof body, "{\"data\":%s}", data);
    assert_int_equal(check_payos(body, &verdict), DX_E_NOT_FOUND);
    snprintf(body, sizeof body, "{\"data\":%s,\"signature\":\"%.63s\"}", data, hex);
    assert_int_equal(check_payos(body, &verdict), DX_E_CHECK);
    snprintf(body, sizeof body, "{\"data\":%s,\"signature\":\"\"}", data);
    assert_int_equal(check_payos(body, &verdict), DX_E_CHECK);
    assert_int_equal(check_payos("{\"data\":null,\"signature\":\"\"}", &verdict), DX_E_FORMAT);
    assert_int_equal(check_payos("[]", &verdict), DX_E_FORMAT);
    assert_int_equal(check_payos("", &verdict), DX_E_FORMAT);
    assert_string_equal(verdict.where, "body");
}

/* ---- SePay ---- */

static int check_sepay(const char *name, const char *value, const char *stamp, int64_t now_ms)
{
    struct webhook_header headers[2] = {{str_c(name), str_c(value)},
                                        {STR("x-sepay-timestamp"), str_c(stamp)}};
    const char *why;
    return webhook_verify(WEBHOOK_SEPAY, STR("whsec_test_0001"), headers, stamp ? 2 : 1,
                          STR("{\"id\":1}"), (wall_t){now_ms}, &why);
}

static void test_signature__sepay_five_minutes_either_way(void **state)
{
    (void)state;
    char hex[7 + SIGNATURE_HEX256_CAP];
    static const char name[] = "X-SEPAY-SIGNATURE";
    signature_sepay_make(STR("whsec_test_0001"), 1760000000, STR("{\"id\":1}"), hex);
    ok(check_sepay(name, hex, "1760000000", 1760000000000));
    ok(check_sepay(name, hex, "1760000000", 1760000300000));
    ok(check_sepay(name, hex, "1760000000", 1759999700000));
    assert_int_equal(check_sepay(name, hex, "1760000000", 1760000300001), DX_E_STALE);
    assert_int_equal(check_sepay(name, hex, "1760000000", 1759999699999), DX_E_STALE);
    ok(check_sepay(name, hex, "1760000000", INT64_MIN));
    assert_int_equal(check_sepay(name, hex, "1760000001", 1760000000000), DX_E_CHECK);
    assert_int_equal(check_sepay(name, hex, " 1760000000 ", 1760000000000), 0);
    assert_int_equal(check_sepay(name, hex, "x", 1760000000000), DX_E_FORMAT);
    assert_int_equal(check_sepay(name, hex, "99999999999999999999", 0), DX_E_FORMAT);
    assert_int_equal(check_sepay(name, hex, NULL, 1760000000000), DX_E_NOT_FOUND);
    assert_int_equal(check_sepay(name, hex + 7, "1760000000", 1760000000000), DX_E_FORMAT);
    hex[20] = hex[20] == '0' ? '1' : '0';
    assert_int_equal(check_sepay(name, hex, "1760000000", 1760000000000), DX_E_CHECK);
}

static void test_signature__sepay_apikey(void **state)
{
    (void)state;
    static const char name[] = "Authorization";
    ok(check_sepay(name, "Apikey whsec_test_0001", NULL, 0));
    ok(check_sepay(name, "APIKEY  whsec_test_0001 ", NULL, 0));
    assert_int_equal(check_sepay(name, "Apikey whsec_test_0002", NULL, 0), DX_E_CHECK);
    assert_int_equal(check_sepay(name, "Apikey whsec_test_000", NULL, 0), DX_E_CHECK);
    assert_int_equal(check_sepay(name, "Apikey ", NULL, 0), DX_E_FORMAT);
    assert_int_equal(check_sepay(name, "Apikeywhsec_test_0001", NULL, 0), DX_E_FORMAT);
    assert_int_equal(check_sepay(name, "Bearer whsec_test_0001", NULL, 0), DX_E_FORMAT);
    assert_int_equal(check_sepay("X-Other", "Apikey whsec_test_0001", NULL, 0), DX_E_NOT_FOUND);
    /* A wrong signature is not healed by a right key beside it. */
    struct webhook_header headers[3] = {
        {STR("Authorization"), STR("Apikey whsec_test_0001")},
        {STR("X-SePay-Signature"), STR("sha256=00")},
        {STR("X-SePay-Timestamp"), STR("1")},
    };
    assert_int_equal(webhook_verify(WEBHOOK_SEPAY, STR("whsec_test_0001"), headers, 3, STR("{}"),
                                    SIGNATURE_ANY_TIME, NULL),
                     DX_E_CHECK);
    headers[1] = headers[0];
    assert_int_equal(webhook_verify(WEBHOOK_SEPAY, STR("whsec_test_0001"), headers, 2, STR("{}"),
                                    SIGNATURE_ANY_TIME, NULL),
                     DX_E_FORMAT);
}

/* ---- Casso ---- */

static int check_casso(const char *header, const char *body, int64_t now_ms)
{
    struct webhook_header headers[1] = {{STR("x-casso-signature"), str_c(header)}};
    return webhook_verify(WEBHOOK_CASSO, str_c(key1), headers, 1, str_c(body), (wall_t){now_ms},
                          NULL);
}

static void test_signature__casso_sorts_every_level_and_spells_like_javascript(void **state)
{
    (void)state;
    static const char *same[] = {
        "{\"error\":0,\"data\":{\"b\":\"Gửi/xe\",\"a\":[{\"y\":1,\"x\":2.50}]}}",
        "{\"data\":{\"a\":[{\"x\":2.5,\"y\":1}],\"b\":\"G\\u1eedi\\/xe\"},\"error\":0}",
        " { \"data\" : { \"a\" : [ { \"x\" : 25e-1 , \"y\" : 1 } ] , \"b\" : \"Gửi/xe\" } ,"
        " \"error\" : 0 } ",
    };
    static const char canonical[] =
        "1727948258788.{\"data\":{\"a\":[{\"x\":2.5,\"y\":1}],\"b\":\"Gửi/xe\"},\"error\":0}";
    uint8_t mac[SHA512_SIZE];
    char want[SIGNATURE_HEX512_CAP];
    dx_hmac_sha512(mac, str_c(key1), str_c(canonical));
    str_hex(want, mac, sizeof mac);
    for (size_t i = 0; i < 3; i++) {
        char hex[SIGNATURE_HEX512_CAP];
        char header[320];
        ok(webhook_sign_casso(str_c(key1), 1727948258788, str_c(same[i]), hex));
        assert_string_equal(hex, want);
        snprintf(header, sizeof header, "t=1727948258788,v1=%s", hex);
        ok(check_casso(header, same[i], INT64_MIN));
        ok(check_casso(header, same[i], 1727948258788 + 300000));
        assert_int_equal(check_casso(header, same[i], 1727948258788 + 300001), DX_E_STALE);
        assert_int_equal(check_casso(header, same[i], 1727948258788 - 300001), DX_E_STALE);
        snprintf(header, sizeof header, "v0=x, v1=%s , t=1727948258788", hex);
        ok(check_casso(header, same[i], INT64_MIN));
        snprintf(header, sizeof header, "t=1727948258788,t=1727948258788,v1=%s", hex);
        assert_int_equal(check_casso(header, same[i], INT64_MIN), DX_E_FORMAT);
        snprintf(header, sizeof header, "t=1727948258788,v1=%s,v1=%s", hex, hex);
        assert_int_equal(check_casso(header, same[i], INT64_MIN), DX_E_FORMAT);
        snprintf(header, sizeof header, "v1=%s", hex);
        assert_int_equal(check_casso(header, same[i], INT64_MIN), DX_E_FORMAT);
        snprintf(header, sizeof header, "t=1727948258788,v1=%.126s", hex);
        assert_int_equal(check_casso(header, same[i], INT64_MIN), DX_E_FORMAT);
        snprintf(header, sizeof header, "t=1727948258789,v1=%s", hex);
        assert_int_equal(check_casso(header, same[i], INT64_MIN), DX_E_CHECK);
    }
    assert_int_equal(check_casso("", "{}", INT64_MIN), DX_E_FORMAT);
}

static void test_signature__casso_v1_token(void **state)
{
    (void)state;
    struct webhook_header header = {STR("Secure-Token"), STR("test-checksum-key-0001")};
    struct webhook_verdict verdict;
    ok(webhook_check(WEBHOOK_CASSO, str_c(key1), &header, 1, STR("{}"), (wall_t){0}, &verdict));
    assert_string_equal(verdict.scheme, "casso-v1");
    header.value = STR("test-checksum-key-0002");
    assert_int_equal(
        webhook_check(WEBHOOK_CASSO, str_c(key1), &header, 1, STR("{}"), (wall_t){0}, &verdict),
        DX_E_CHECK);
    assert_string_equal(verdict.where, "secure-token");
    assert_int_equal(
        webhook_check(WEBHOOK_CASSO, str_c(key1), NULL, 0, STR("{}"), (wall_t){0}, &verdict),
        DX_E_NOT_FOUND);
}

/* ---- all ---- */

static void test_signature__an_empty_key_verifies_nothing(void **state)
{
    (void)state;
    char hex[SIGNATURE_HEX256_CAP];
    char body[200];
    ok(webhook_sign_payos(STR(""), STR("{\"data\":{\"code\":\"00\"}}"), hex));
    snprintf(body, sizeof body, "{\"data\":{\"code\":\"00\"},\"signature\":\"%s\"}", hex);
    struct webhook_header headers[2] = {{STR("Authorization"), STR("Apikey ")},
                                        {STR("secure-token"), STR("")}};
    for (int i = 0; i < WEBHOOK_PROVIDER_COUNT; i++) {
        assert_int_equal(webhook_verify((enum webhook_provider)i, STR(""), headers, 2, str_c(body),
                                        SIGNATURE_ANY_TIME, NULL),
                         DX_E_INVAL);
    }
    assert_int_equal(signature_sepay_apikey_check(STR(""), STR("Apikey  ")), DX_E_INVAL);
    assert_int_equal(signature_casso_token_check(STR(""), STR("")), DX_E_INVAL);
    assert_int_equal(
        signature_sepay_check(STR(""), STR("1"), STR("sha256="), STR(""), SIGNATURE_ANY_TIME),
        DX_E_INVAL);
}

static void test_signature__keys_sort_as_javascript_sorts_them(void **state)
{
    (void)state;
    static const char *sorted[] = {"0",   "9",  "10",         "4294967294", "",       "-1",
                                   "007", "1.", "4294967295", "A",          "Z",      "_",
                                   "a",   "aa", "b",          "é",          "\u1ea0", "\ud7ff",
                                   "😀",   "🚗",  "\ue000",     "\uffff"};
    size_t n = sizeof sorted / sizeof sorted[0];
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            int got = signature_compare_keys(str_c(sorted[i]), str_c(sorted[j]));
            if ((got > 0) - (got < 0) != (i > j) - (i < j)) {
                fail_msg("\"%s\" and \"%s\": %d", sorted[i], sorted[j], got);
            }
        }
    }
}

static void test_signature__secrets_compare_equal_only_when_they_are(void **state)
{
    (void)state;
    assert_true(signature_secret_eq(STR("abc"), STR("abc")));
    assert_false(signature_secret_eq(STR("abc"), STR("abd")));
    assert_false(signature_secret_eq(STR("abc"), STR("abcd")));
    assert_false(signature_secret_eq(STR(""), STR("a")));
    uint8_t mac[2] = {0xab, 0x01};
    assert_true(signature_matches_hex(mac, 2, STR("AB01")));
    assert_false(signature_matches_hex(mac, 2, STR("ab02")));
    assert_false(signature_matches_hex(mac, 2, STR("ab0")));
    assert_false(signature_matches_hex(mac, 2, STR("ab01 ")));
}

TESTS(T(test_signature__published_vectors),
      T(test_signature__payos_data_as_its_own_library_signs_it),
      T(test_signature__payos_request_and_payout),
      T(test_signature__payos_outer_fields_are_not_covered_and_data_is),
      T(test_signature__sepay_five_minutes_either_way), T(test_signature__sepay_apikey),
      T(test_signature__casso_sorts_every_level_and_spells_like_javascript),
      T(test_signature__casso_v1_token), T(test_signature__an_empty_key_verifies_nothing),
      T(test_signature__keys_sort_as_javascript_sorts_them),
      T(test_signature__secrets_compare_equal_only_when_they_are))
