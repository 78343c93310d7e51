#include "proto/base/prng.h"
#include "proto/fold.h"
#include "proto/paycode.h"
#include "tests/harness/harness.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void make(struct prng *prng, const char *prefix, char out[PAYCODE_CAP])
{
    uint8_t random[8];
    for (int i = 0; i < 8; i++) {
        random[i] = (uint8_t)prng_range(prng, 0, 255);
    }
    ok(paycode_make(prefix, random, out));
}

static void test_paycode__every_single_error_and_every_swap_is_caught(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 8);
    for (int round = 0; round < 2000; round++) {
        char code[PAYCODE_CAP];
        char wrong[PAYCODE_CAP];
        make(&prng, "DX", code);
        assert_true(paycode_is_valid("DX", str_c(code)));
        for (int i = 0; i < 10; i++) {
            for (int c = 0; c < 256; c++) {
                memcpy(wrong, code, sizeof wrong);
                wrong[i] = (char)c;
                bool same = wrong[i] == code[i];
                assert_true(paycode_is_valid("DX", (struct str){wrong, 10}) == same);
            }
            for (int j = i + 1; j < 10; j++) {
                memcpy(wrong, code, sizeof wrong);
                wrong[i] = code[j];
                wrong[j] = code[i];
                bool same = code[i] == code[j];
                assert_true(paycode_is_valid("DX", str_c(wrong)) == same);
            }
        }
    }
}

/*
 * The proof for all codes, not only those drawn: the check is linear over GF(2), so it is
 * enough that no difference of one character, and none of a swap, weighs zero.  A swap of x
 * and y at neighbours changes both by d = x ^ y.  A code plus a difference is a code exactly
 * when the difference alone weighs zero: so try every difference on one code.
 */
static void test_paycode__the_check_holds_for_every_code(void **state)
{
    (void)state;
    static const char zero[] = "DXZZZZZZZ"; /* any seven characters do */
    char code[PAYCODE_CAP];
    uint8_t random[8];
    memset(random, 31, sizeof random);
    ok(paycode_make("DX", random, code));
    assert_int_equal(strncmp(code, zero, 9), 0);
    for (int d = 1; d < 32; d++) {
        for (int i = 2; i < 10; i++) {
            char one[PAYCODE_CAP];
            char two[PAYCODE_CAP];
            memcpy(one, code, sizeof one);
            one[i] = alphabet[(strchr(alphabet, code[i]) - alphabet) ^ d];
            assert_false(paycode_is_valid("DX", str_c(one)));
            for (int j = i + 1; j < 10; j++) {
                memcpy(two, one, sizeof two);
                two[j] = alphabet[(strchr(alphabet, code[j]) - alphabet) ^ d];
                assert_false(paycode_is_valid("DX", str_c(two)));
            }
        }
    }
}

static void test_paycode__a_code_is_never_digits_only(void **state)
{
    (void)state;
    uint8_t random[8] = {0};
    for (int i = 0; i < 256; i++) {
        char code[PAYCODE_CAP];
        random[7] = (uint8_t)i;
        ok(paycode_make("DX", random, code));
        assert_true(strspn(code + 2, "0123456789") < 8);
    }
    /* Of all runs of eight digits behind the prefix none is taken. */
    for (int i = 0; i < 200000; i++) {
        char text[16];
        snprintf(text, sizeof text, "DX%08d", i * 499);
        assert_int_equal(paycode_find("DX", str_c(text)).count, 0);
    }
}

static void test_paycode__prefixes(void **state)
{
    (void)state;
    static const char *bad[] = {"", "D", "ABCDEF", "dx", "D1", "D X", "ĐX"};
    uint8_t random[8] = {200, 13, 77, 4, 91, 250, 33, 1};
    char code[PAYCODE_CAP] = "same";
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(paycode_is_prefix(bad[i]));
        assert_int_equal(paycode_make(bad[i], random, code), DX_E_INVAL);
        assert_string_equal(code, "same");
        assert_int_equal(paycode_find(bad[i], STR("x")).count, 0);
    }
    ok(paycode_make("PARKS", random, code));
    assert_int_equal(strlen(code), 13);
    assert_true(paycode_is_valid("PARKS", str_c(code)));
    assert_false(paycode_is_valid("PARK", str_c(code)));
    assert_int_equal(paycode_find("PARKS", str_c(code)).count, 1);
}

/* Replace %s in `form` by `code`. */
static struct paycode_found find_in(const char *form, const char *code)
{
    static char text[400];
    const char *at = strstr(form, "%s");
    assert_non_null(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - form), form, code, at + 2);
    size_t n = strlen(text);
    char *exact = malloc(n);
    assert_non_null(exact);
    memcpy(exact, text, n);
    struct paycode_found found = paycode_find("DX", (struct str){exact, n});
    free(exact);
    return found;
}

static void expect_one(const char *form, const char *mangled, const char *code)
{
    struct paycode_found found = find_in(form, mangled);
    if (found.count != 1 || strcmp(found.code[0], code) != 0) {
        fail_msg("%s with %s: %d found", form, mangled, found.count);
    }
}

static const char *const forms[] = {
    "%s",
    "MBVCB.12345678901.632708.%s.CT tu 0123456789 NGUYEN VAN A toi 0011012345678 LOT tai MB",
    "CT DEN:632708123456 %s",
    "NGUYEN VAN A chuyen FT26327000001234; tai Napas %s",
    "%s-CTLNhanh-231126-08:15:02",
    "BankAPINotify SEVQR %s GD 12-231126 08:15:02",
    "SEVQR%s",
    "0123456789%s",
    "TRAN THI B CHUYEN TIEN%sFT26327000001",
    "trả tiền gửi xe %s cảm ơn",
    "Đậu xe %s",
    "\xff\xfe%s\xc3",
};

static void test_paycode__find_in_what_banks_make_of_it(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 32);
    for (int round = 0; round < 200; round++) {
        char code[PAYCODE_CAP];
        char lower[PAYCODE_CAP] = "";
        char spaced[32];
        char dashed[32];
        char marked[64];
        do { /* a prefix inside the code may by chance make a second one of what follows */
            make(&prng, "DX", code);
        } while (strstr(code + 1, "DX"));
        for (int i = 0; code[i]; i++) {
            lower[i] = (char)(code[i] >= 'A' && code[i] <= 'Z' ? code[i] + 32 : code[i]);
        }
        snprintf(spaced, sizeof spaced, "%.2s %.4s %.3s %s", code, code + 2, code + 6, code + 9);
        snprintf(dashed, sizeof dashed, "%.5s-%.1s./%s", code, code + 5, code + 6);
        snprintf(marked, sizeof marked, "%s%s\u0301%s", round % 2 ? "đ" : "Đ", "x\u0323", code + 2);
        for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
            expect_one(forms[i], code, code);
            expect_one(forms[i], lower, code);
            expect_one(forms[i], spaced, code);
            expect_one(forms[i], dashed, code);
            expect_one(forms[i], marked, code);
        }
    }
}

static void test_paycode__two_codes_are_two_and_the_same_twice_is_one(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 2);
    for (int round = 0; round < 500; round++) {
        char a[PAYCODE_CAP];
        char b[PAYCODE_CAP];
        char text[128];
        make(&prng, "DX", a);
        make(&prng, "DX", b);
        snprintf(text, sizeof text, "%s %s", a, b);
        struct paycode_found found = paycode_find("DX", str_c(text));
        assert_int_equal(found.count, 2);
        assert_string_equal(found.code[0], a);
        assert_string_equal(found.code[1], b);
        snprintf(text, sizeof text, "CT %s%s.", a, b);
        assert_int_equal(paycode_find("DX", str_c(text)).count, 2);
        snprintf(text, sizeof text, "CT %s FT1 %.4s-%s", a, b, b + 4);
        assert_int_equal(paycode_find("DX", str_c(text)).count, 2);
        snprintf(text, sizeof text, "%s;%s;%.6s %s", a, a, a, a + 6);
        found = paycode_find("DX", str_c(text));
        assert_int_equal(found.count, 1);
        assert_string_equal(found.code[0], a);
    }
}

static void test_paycode__a_piece_before_a_whole_code_does_not_make_a_second(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 4);
    for (int round = 0; round < 2000; round++) {
        char code[PAYCODE_CAP];
        char text[64];
        make(&prng, "DX", code);
        /* Read as one word, "DX" and the first eight characters are a code once in 32. */
        snprintf(text, sizeof text, "gui xe DX %s", code);
        struct paycode_found found = paycode_find("DX", str_c(text));
        assert_int_equal(found.count, 1);
        assert_string_equal(found.code[0], code);
    }
}

static void test_paycode__none_where_there_is_none(void **state)
{
    (void)state;
    static const char *texts[] = {
        "",
        "DX",
        "chuyen tien",
        "MBVCB.12345678901.632708.chuyen tien.CT tu 0123456789 NGUYEN VAN A toi 0011012345678",
        "CT DEN:632708123456 DX 0011012345678 9704031101234567",
        "DX ngày 23/11/2026 08:15:02",
        "DXDXDXDXDXDXDXDXDXDXDXDX",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(paycode_find("DX", str_c(texts[i])).count, 0);
    }
    struct prng prng;
    prng_init(&prng, 3);
    for (int round = 0; round < 500; round++) {
        char code[PAYCODE_CAP];
        char text[128];
        make(&prng, "DX", code);
        for (int keep = 0; keep < 10; keep++) {
            snprintf(text, sizeof text, "CT DEN 632708 %.*s", keep, code);
            assert_int_equal(paycode_find("DX", str_c(text)).count, 0);
        }
        make(&prng, "HN", code);
        assert_int_equal(paycode_find("DX", str_c(code)).count, 0);
        snprintf(text, sizeof text, "%s", code);
    }
}

static void test_paycode__random_text_hits_as_rarely_as_the_header_says(void **state)
{
    (void)state;
    static const char set[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    struct prng prng;
    prng_init(&prng, 99);
    int hits = 0;
    for (int round = 0; round < 1000; round++) {
        char text[1000];
        for (size_t i = 0; i < sizeof text; i++) {
            text[i] = set[prng_range(&prng, 0, 35)];
        }
        hits += paycode_find("DX", (struct str){text, sizeof text}).count;
        for (size_t i = 0; i < sizeof text; i++) {
            text[i] = set[prng_range(&prng, 0, 9)];
        }
        assert_int_equal(paycode_find("DX", (struct str){text, sizeof text}).count, 0);
    }
    assert_true(hits <= 30); /* a million windows at 1e-5 */
}

static void test_fold__vietnamese_becomes_plain_capitals(void **state)
{
    (void)state;
    char out[400];
    ok(fold_text(out, sizeof out, STR("Trả tiền gửi xe, Đỗ xe Ở ĐÂY ĩ ũ ư ơ ă ÿ €")));
    assert_string_equal(out, "TRA TIEN GUI XE, DO XE O DAY I U U O A ? ?");
    ok(fold_text(out, sizeof out, STR("tie\u0302\u0300n \xe1\xba")));
    assert_string_equal(out, "TIEN ??");
    ok(fold_text(out, sizeof out,
                 STR("ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
                     "àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ")));
    assert_string_equal(out, "AAAAAAAAAAAAEEEEEEEEIIOOOOOOOOOOOOUUUUUUUYYYY"
                             "AAAAEEEIIOOOOUUYAAAAEEEIIOOOOUUY");
    assert_int_equal(fold_text(out, 4, STR("abcd")), DX_E_SPACE);
    ok(fold_text(out, 5, STR("abcd")));
}

TESTS(T(test_paycode__every_single_error_and_every_swap_is_caught),
      T(test_paycode__the_check_holds_for_every_code), T(test_paycode__a_code_is_never_digits_only),
      T(test_paycode__prefixes), T(test_paycode__find_in_what_banks_make_of_it),
      T(test_paycode__two_codes_are_two_and_the_same_twice_is_one),
      T(test_paycode__a_piece_before_a_whole_code_does_not_make_a_second),
      T(test_paycode__none_where_there_is_none),
      T(test_paycode__random_text_hits_as_rarely_as_the_header_says),
      T(test_fold__vietnamese_becomes_plain_capitals))
