#include "proto/base/crc16.h"
#include "proto/base/out.h"
#include "proto/base/prng.h"
#include "proto/io/json.h"
#include "proto/vietqr.h"
#include "tests/harness/harness.h"

/* The text with the CRC it needs behind it; `body` ends in 6304. */
static const char *with_crc(const char *body)
{
    static char text[1200];
    snprintf(text, sizeof text, "%s%04X", body, crc16_ccitt_false(str_c(body)));
    return text;
}

static int parse(const char *text, struct vietqr *ret)
{
    /* An exact copy, so that the sanitizer sees one byte too far. */
    size_t n = strlen(text);
    char *exact = malloc(n ? n : 1);
    assert_non_null(exact);
    memcpy(exact, text, n);
    const char *why = NULL;
    size_t where = 0;
    int rc = vietqr_parse((struct str){exact, n}, ret, &why, &where);
    if (rc) {
        assert_non_null(why);
        assert_true(where <= n);
    }
    free(exact);
    return rc;
}

static void same_text(const struct jdoc *fields, const char *key, const char *got)
{
    struct str want = {0};
    if (jdoc_get_str(fields, key, &want) == DX_E_NOT_FOUND) {
        want = STR("");
    }
    if (!str_eq_c(want, got)) {
        fail_msg("%s: want \"%.*s\", got \"%s\"", key, (int)want.n, want.p, got);
    }
}

static void compare(const struct jdoc *fields, const struct vietqr *qr)
{
    int64_t amount = 0;
    same_text(fields, "initiation", qr->dynamic ? "dynamic" : "static");
    same_text(fields, "bin", qr->bin);
    same_text(fields, "account", qr->account);
    same_text(fields, "service", qr->service);
    same_text(fields, "bill", qr->bill);
    same_text(fields, "reference", qr->reference);
    same_text(fields, "purpose", qr->purpose);
    same_text(fields, "merchant_name", qr->merchant_name);
    same_text(fields, "merchant_city", qr->merchant_city);
    int rc = jdoc_get_i64(fields, "amount_vnd", &amount);
    assert_true(rc == 0 || rc == DX_E_NOT_FOUND);
    assert_true(qr->amount_vnd == amount);
}

static struct jdoc *vectors(void)
{
    size_t n = 0;
    char *text = harness_read_file("tests/vectors/vietqr.json", &n);
    struct jdoc *root = NULL;
    ok(jdoc_read((struct str){text, n}, &root, NULL));
    free(text);
    return root;
}

static void test_vietqr__vectors_are_read_and_built_to_the_byte(void **state)
{
    (void)state;
    struct jdoc *root = vectors();
    const struct jdoc *cases = jdoc_get(root, "cases");
    assert_true(jdoc_count(cases) >= 16);
    for (size_t i = 0; i < jdoc_count(cases); i++) {
        struct str payload;
        struct str name;
        bool valid;
        ok(jdoc_get_str(jdoc_at(cases, i), "payload", &payload));
        ok(jdoc_get_str(jdoc_at(cases, i), "name", &name));
        ok(jdoc_get_bool(jdoc_at(cases, i), "valid", &valid));
        struct vietqr qr = {0};
        const char *why = NULL;
        int rc = vietqr_parse(payload, &qr, &why, NULL);
        if ((rc == 0) != valid) {
            fail_msg("%.*s: %s", (int)name.n, name.p, why ? why : "accepted");
        }
        if (valid) {
            char built[VIETQR_PAYLOAD_CAP];
            compare(jdoc_get(jdoc_at(cases, i), "fields"), &qr);
            ok(vietqr_build(&qr, built, sizeof built));
            assert_true(str_eq_c(payload, built));
        }
    }
    jdoc_release(root);
}

static const char p1[] =
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802"
    "VN62340107NPS68690819thanh toan don hang63042E2E";

static void test_vietqr__every_truncation_and_every_changed_byte_is_refused(void **state)
{
    (void)state;
    char text[sizeof p1];
    struct vietqr qr = {.bin = "untouch"};
    for (size_t n = 0; n < sizeof p1 - 1; n++) {
        memcpy(text, p1, n);
        text[n] = '\0';
        assert_int_not_equal(parse(text, &qr), 0);
    }
    for (size_t i = 0; i < sizeof p1 - 1; i++) {
        for (int c = 1; c < 256; c++) {
            strncpy(text, p1, sizeof text);
            text[i] = (char)c;
            bool same = text[i] == p1[i] || (i >= sizeof p1 - 5 && ascii_upper(text[i]) == p1[i]);
            if (!same && parse(text, &qr) == 0) {
                fail_msg("byte %zu as %d was accepted", i, c);
            }
        }
    }
    assert_memory_equal(qr.bin, "untouch", 7);
}

#define HEAD  "000201010212"
#define PAYEE "38540010A00000072701240006970436011001234567890208QRIBFTTA"
#define TAIL  "53037045802VN"

static void test_vietqr__what_others_write_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int64_t amount_vnd;
        const char *account;
    } rows[] = {
        {HEAD PAYEE TAIL "6304", 0, "0123456789"},
        /* any order, 00 and 63 excepted; any order inside, too */
        {"0002015802VN5303704" PAYEE "01021254061000006304", 100000, "0123456789"},
        {HEAD "38540208QRIBFTTA0124011001234567890006970436"
              "0010A000000727" TAIL "6304",
         0, "0123456789"},
        /* a receiver tolerates these */
        {HEAD PAYEE "540650000." TAIL "6304", 50000, "0123456789"},
        {HEAD PAYEE "540850000.00" TAIL "6304", 50000, "0123456789"},
        {HEAD PAYEE "54139999999999999" TAIL "6304", VIETQR_AMOUNT_MAX, "0123456789"},
        {HEAD PAYEE "54011" TAIL "6304", 1, "0123456789"},
        /* virtual accounts have letters; 19 is the longest */
        {HEAD "38630010A0000007270133000697042201190023457923442ASDFLJ0208QRIBFTTA" TAIL "6304", 0,
         "0023457923442ASDFLJ"},
        {HEAD "38450010A000000727011500069704360101X0208QRIBFTTA" TAIL "6304", 0, "X"},
        /* objects we do not keep */
        {HEAD PAYEE "52047523" TAIL "55020256041000610610000080031239903xyz6304", 0, "0123456789"},
        {HEAD "26280010A00000077501100105313144" PAYEE TAIL "6304", 0, "0123456789"},
        /* 64: Vietnamese, lengths in characters, not bytes */
        {HEAD PAYEE TAIL "64280002VI0111Bãi xe số 10203HÀ 6304", 0, "0123456789"},
        {HEAD PAYEE TAIL "62250503REF0802AB0903AME5001x6304", 0, "0123456789"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct vietqr qr = {0};
        const char *text = with_crc(rows[i].body);
        const char *why = "";
        if (vietqr_parse(str_c(text), &qr, &why, NULL)) {
            fail_msg("row %zu: %s: %s", i, text, why);
        }
        assert_true(qr.amount_vnd == rows[i].amount_vnd);
        assert_string_equal(qr.account, rows[i].account);
    }
    struct vietqr qr = {0};
    char lower[sizeof p1];
    strncpy(lower, p1, sizeof lower);
    lower[sizeof p1 - 2] = 'e';
    lower[sizeof p1 - 4] = 'e';
    ok(parse(lower, &qr));
}

static const struct {
    const char *why; /* the start of the sentence */
    const char *body;
} broken_rules[] = {
    /* 00 and 01 */
    {"00:", "000202010212" PAYEE TAIL "6304"},
    {"00:", "010212000201" PAYEE TAIL "6304"},
    {"00:", "010212" PAYEE TAIL "6304"},
    {"01:", "000201010213" PAYEE TAIL "6304"},
    {"01:", "00020101011" PAYEE TAIL "6304"},
    {"01:", "000201" PAYEE TAIL "6304"},
    /* twice */
    {"an object occurs twice", HEAD PAYEE PAYEE TAIL "6304"},
    {"an object occurs twice", HEAD PAYEE TAIL "53037046304"},
    {"an object occurs twice", HEAD PAYEE TAIL "62070803ABC6207"
                                               "0803ABC6304"},
    {"an object occurs twice", HEAD PAYEE TAIL "62140803ABC0803DEF6304"},
    /* lengths */
    {"an object has length 00", HEAD PAYEE TAIL "62006304"},
    {"an object has length 00", HEAD PAYEE TAIL "62040800"
                                                "6304"},
    {"an object has length 00", HEAD PAYEE TAIL "5900"
                                                "6304"},
    {"an object does not start", HEAD PAYEE TAIL "59-1A6304"},
    {"an object does not start", HEAD PAYEE TAIL "59 1A6304"},
    {"an object does not start", HEAD PAYEE TAIL "5A01A6304"},
    {"an object does not start", HEAD PAYEE TAIL "62080803ABCX6304"},
    {"an object is longer", HEAD PAYEE TAIL "62070804ABC6304"},
    /* 38 */
    {"38: ", HEAD TAIL "6304"},
    {"38.00: ", HEAD "38400124000697043601100123456789"
                     "0208QRIBFTTA" TAIL "6304"},
    {"38.00: ", HEAD "38540010A00000072801240006970436011001234567890208QRIBFTTA" TAIL "6304"},
    {"38.02: ", HEAD "38420010A00000072701240006970436011001234567890208QRIBFTTA" TAIL "6304"},
    {"38.01: ", HEAD "38260010A0000007270208QRIBFTTA" TAIL "6304"},
    {"38.02: ", HEAD "38540010A00000072701240006970436011001234567890208QRIBFTTX" TAIL "6304"},
    {"38.01.00: ", HEAD "38530010A0000007270123000597043011001234567890208QRIBFTTA" TAIL "6304"},
    {"38.01.00: ", HEAD "38540010A0000007270124000697O436011001234567890208QRIBFTTA" TAIL "6304"},
    {"38.01.01: ", HEAD "38400010A00000072701100006970436"
                        "0208QRIBFTTA" TAIL "6304"},
    {"38.01.01: ", HEAD "38640010A0000007270134000697043601200123456789012345678"
                        "90208QRIBFTTA" TAIL "6304"},
    {"38.01.01: ", HEAD "38540010A00000072701240006970436011001234 67890208QRIBFTTA" TAIL "6304"},
    /* 53, 54, 58 */
    {"53: ", HEAD PAYEE "5802VN6304"},
    {"53: ", HEAD PAYEE "53037035802VN6304"},
    {"58: ", HEAD PAYEE "53037046304"},
    {"58: ", HEAD PAYEE "53037045802US6304"},
    {"58: ", HEAD PAYEE "53037045802vn6304"},
    {"54: ", HEAD PAYEE "54010" TAIL "6304"},
    {"54: ", HEAD PAYEE "5403000" TAIL "6304"},
    {"54: ", HEAD PAYEE "54040.00" TAIL "6304"},
    {"54: ", HEAD PAYEE "540650 000" TAIL "6304"},
    {"54: ", HEAD PAYEE "540650,000" TAIL "6304"},
    {"54: ", HEAD PAYEE "54031e5" TAIL "6304"},
    {"54: ", HEAD PAYEE "5402-5" TAIL "6304"},
    {"54: ", HEAD PAYEE "5402+5" TAIL "6304"},
    {"54: ", HEAD PAYEE "540350x" TAIL "6304"},
    {"54: ", HEAD PAYEE "5401." TAIL "6304"},
    {"54: ", HEAD PAYEE "5402.5" TAIL "6304"},
    {"54: ", HEAD PAYEE "54065000.5" TAIL "6304"},
    {"54: ", HEAD PAYEE "5406500.50" TAIL "6304"},
    {"54: ", HEAD PAYEE "540850.000.0" TAIL "6304"},
    {"54: ", HEAD PAYEE "540650.000" TAIL "6304"},
    {"54: ", HEAD PAYEE "541412345678901234" TAIL "6304"},
    {"54: ", HEAD PAYEE "54141000000000000." TAIL "6304"},
    /* 52, 55, 56, 57, 59, 60, 61 */
    {"52: ", HEAD PAYEE "5203752" TAIL "6304"},
    {"52: ", HEAD PAYEE "5204A523" TAIL "6304"},
    {"55: ", HEAD PAYEE TAIL "5502046304"},
    {"56: ", HEAD PAYEE TAIL "56010"
                             "6304"},
    {"57: ", HEAD PAYEE TAIL "5702x56304"},
    {"59: ", HEAD PAYEE TAIL "5926ABCDEFGHIJKLMNOPQRSTUVWXYZ6304"},
    {"60: ", HEAD PAYEE TAIL "6016ABCDEFGHIJKLMNOP6304"},
    {"61: ", HEAD PAYEE TAIL "6111ABCDEFGHIJK6304"},
    {"59: ", HEAD PAYEE TAIL "5906BÃI XE6304"},
    {"59: ", HEAD PAYEE TAIL "5903A\tB6304"},
    {"59: ", HEAD PAYEE TAIL "5903A\x7f"
                             "B6304"},
    /* 62 */
    {"62: ", HEAD PAYEE TAIL "62300826ABCDEFGHIJKLMNOPQRSTUVWXYZ6304"},
    {"62: ", HEAD PAYEE TAIL "62300226ABCDEFGHIJKLMNOPQRSTUVWXYZ6304"},
    {"62: ", HEAD PAYEE TAIL "62080804tiền6304"},
    {"62.09: ", HEAD PAYEE TAIL "62070903AMX6304"},
    {"62.09: ", HEAD PAYEE TAIL "62080904AMEA6304"},
    /* 63 */
    {"an object", HEAD PAYEE TAIL "63046304"},
    {"an object", HEAD PAYEE "6304" TAIL "6304"},
    {"an object", HEAD PAYEE TAIL "6303"},
    {"an object", HEAD PAYEE TAIL},
    {"the text is not valid UTF-8", HEAD PAYEE TAIL "\xff"
                                                    "6304"},
};

static void test_vietqr__broken_rules_are_refused_though_the_crc_is_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof broken_rules / sizeof broken_rules[0]; i++) {
        struct vietqr qr = {0};
        const char *text = with_crc(broken_rules[i].body);
        const char *why = "accepted";
        if (parse(text, &qr) == 0 || vietqr_parse(str_c(text), &qr, &why, NULL) == 0 ||
            strncmp(why, broken_rules[i].why, strlen(broken_rules[i].why)) != 0) {
            fail_msg("row %zu: %s: %s", i, text, why);
        }
    }
}

static void test_vietqr__why_and_where_name_the_culprit(void **state)
{
    (void)state;
    struct vietqr qr = {0};
    const char *why = NULL;
    size_t where = 0;
    const char *text = with_crc(HEAD PAYEE "54010" TAIL "6304");
    assert_int_equal(vietqr_parse(str_c(text), &qr, &why, &where), DX_E_FORMAT);
    assert_int_equal(strncmp(why, "54: ", 4), 0);
    assert_int_equal(where, strlen(HEAD PAYEE "5401"));
    assert_int_equal(vietqr_parse(STR("0002016304FFFF"), &qr, &why, &where), DX_E_CHECK);
    assert_int_equal(where, 10);
    text = HEAD PAYEE "6304ABCD" TAIL;
    assert_int_equal(vietqr_parse(str_c(text), &qr, &why, &where), DX_E_FORMAT);
    assert_string_equal(why, "63: the CRC is not last");
    text = HEAD PAYEE TAIL "6304GGGG";
    assert_int_equal(vietqr_parse(str_c(text), &qr, &why, &where), DX_E_FORMAT);
    assert_int_equal(where, strlen(HEAD PAYEE TAIL "6304"));
    assert_int_equal(vietqr_parse((struct str){NULL, 0}, &qr, NULL, NULL), DX_E_FORMAT);
    char large[VIETQR_PAYLOAD_CAP + 2];
    memset(large, '9', sizeof large);
    assert_int_equal(vietqr_parse((struct str){large, VIETQR_PAYLOAD_CAP + 1}, &qr, &why, &where),
                     DX_E_FORMAT);
}

static void test_vietqr__crc_check_value_and_leading_zeros(void **state)
{
    (void)state;
    assert_int_equal(crc16_ccitt_false(STR("123456789")), 0x29B1);
    assert_int_equal(crc16_ccitt_false(STR("00")), 0x2EC9);
    assert_int_equal(crc16_ccitt_false(STR("01")), 0x3EE8);
    assert_int_equal(crc16_ccitt_false(STR("")), 0xFFFF);
    struct vietqr qr = {.bin = "970436", .account = "1"};
    for (qr.amount_vnd = 1; qr.amount_vnd < 1000000; qr.amount_vnd++) {
        char text[VIETQR_PAYLOAD_CAP];
        ok(vietqr_build(&qr, text, sizeof text));
        if (text[strlen(text) - 4] == '0' && text[strlen(text) - 3] == '0') {
            struct vietqr back = {0};
            ok(parse(text, &back));
            return;
        }
    }
    fail_msg("no CRC with two leading zeros was met");
}

static void test_vietqr__builder_refuses_what_is_over_a_limit(void **state)
{
    (void)state;
    static const struct vietqr good = {.dynamic = true,
                                       .bin = "970436",
                                       .account = "0123456789012345678",
                                       .amount_vnd = VIETQR_AMOUNT_MAX,
                                       .bill = "1234567890123456789012345",
                                       .reference = "1234567890123456789012345",
                                       .purpose = "1234567890123456789012345",
                                       .merchant_name = "1234567890123456789012345",
                                       .merchant_city = "123456789012345"};
    char text[VIETQR_PAYLOAD_CAP];
    struct vietqr back = {0};
    ok(vietqr_build(&good, text, sizeof text));
    assert_true(strlen(text) < 340);
    ok(parse(text, &back));
    assert_string_equal(back.service, VIETQR_TO_ACCOUNT);
    size_t n = strlen(text);
    assert_int_equal(vietqr_build(&good, text, n), DX_E_SPACE);
    ok(vietqr_build(&good, text, n + 1));

    struct vietqr qr;
#define BAD(member, value, name, error)                            \
    qr = good;                                                     \
    memcpy(qr.member, value, sizeof value);                        \
    assert_int_equal(vietqr_build(&qr, text, sizeof text), error); \
    assert_string_equal(vietqr_find_bad_member(&qr), name)
    BAD(bin, "97043", "bin", DX_E_FORMAT);
    BAD(bin, "97043x", "bin", DX_E_FORMAT);
    BAD(account, "", "account", DX_E_FORMAT);
    BAD(account, "12 34", "account", DX_E_FORMAT);
    BAD(account, "12/34", "account", DX_E_FORMAT);
    BAD(service, "QRIBFTT", "service", DX_E_FORMAT);
    BAD(bill, "a/b", "bill", DX_E_FORMAT);
    BAD(reference, "***", "reference", DX_E_FORMAT);
    BAD(purpose, "***", "purpose", DX_E_FORMAT);
    BAD(purpose, "tiền", "purpose", DX_E_FORMAT);
    BAD(merchant_name, "BÃI XE", "merchant_name", DX_E_FORMAT);
    BAD(merchant_city, "HÀ NỘI", "merchant_city", DX_E_FORMAT);
#undef BAD
    qr = good;
    qr.amount_vnd = -1;
    assert_int_equal(vietqr_build(&qr, text, sizeof text), DX_E_RANGE);
    qr.amount_vnd = VIETQR_AMOUNT_MAX + 1;
    assert_int_equal(vietqr_build(&qr, text, sizeof text), DX_E_RANGE);
}

static void random_text(struct prng *prng, char *out, int64_t min, int64_t max)
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -._";
    int64_t n = prng_range(prng, min, max);
    for (int64_t i = 0; i < n; i++) {
        out[i] = set[prng_range(prng, 0, min ? 61 : (int64_t)sizeof set - 2)];
    }
    out[n] = '\0';
}

static void test_vietqr__what_is_built_is_read_back_the_same(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 247);
    for (int i = 0; i < 5000; i++) {
        struct vietqr qr = {.dynamic = prng_chance(&prng, 500), .bin = "000000"};
        struct vietqr back = {0};
        char text[VIETQR_PAYLOAD_CAP];
        for (int digit = 0; digit < 6; digit++) {
            qr.bin[digit] = (char)('0' + prng_range(&prng, 0, 9));
        }
        memcpy(qr.service, prng_chance(&prng, 500) ? VIETQR_TO_ACCOUNT : VIETQR_TO_CARD, 9);
        qr.amount_vnd = prng_range(&prng, 0, VIETQR_AMOUNT_MAX) >> prng_range(&prng, 0, 43);
        random_text(&prng, qr.account, 1, VIETQR_ACCOUNT_MAX);
        random_text(&prng, qr.bill, 0, VIETQR_TEXT_MAX);
        random_text(&prng, qr.reference, 0, VIETQR_TEXT_MAX);
        random_text(&prng, qr.purpose, 0, VIETQR_TEXT_MAX);
        random_text(&prng, qr.merchant_name, 0, VIETQR_TEXT_MAX);
        random_text(&prng, qr.merchant_city, 0, VIETQR_CITY_MAX);
        ok(vietqr_build(&qr, text, sizeof text));
        ok(parse(text, &back));
        assert_true(back.dynamic == qr.dynamic && back.amount_vnd == qr.amount_vnd);
        assert_string_equal(back.bin, qr.bin);
        assert_string_equal(back.account, qr.account);
        assert_string_equal(back.service, qr.service);
        assert_string_equal(back.bill, qr.bill);
        assert_string_equal(back.reference, qr.reference);
        assert_string_equal(back.purpose, qr.purpose);
        assert_string_equal(back.merchant_name, qr.merchant_name);
        assert_string_equal(back.merchant_city, qr.merchant_city);
    }
}

TESTS(T(test_vietqr__vectors_are_read_and_built_to_the_byte),
      T(test_vietqr__every_truncation_and_every_changed_byte_is_refused),
      T(test_vietqr__what_others_write_is_read),
      T(test_vietqr__broken_rules_are_refused_though_the_crc_is_right),
      T(test_vietqr__why_and_where_name_the_culprit),
      T(test_vietqr__crc_check_value_and_leading_zeros),
      T(test_vietqr__builder_refuses_what_is_over_a_limit),
      T(test_vietqr__what_is_built_is_read_back_the_same))
