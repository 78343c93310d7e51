#include "proto/base/prng.h"
#include "proto/crypto/crypto.h"
#include "proto/identity.h"
#include "proto/identity_text.h"
#include "tests/harness/harness.h"

#include <jansson.h>

#define KEY STR("a key of sixteen bytes or more")

static const wall_t now = {1772416500000}; /* 2 March 2026 */

/* Made up; digits 4 to 6 fit birth and sex. */
#define A1 \
    "001087012345|012345678|Nguyễn Văn Mẫu|05091987|Nam|Số 12, Ngõ 34, Tây Hồ, Hà Nội|15082021"
#define A2 "001192004321||Trần Thị Thử|28021992|Nữ|Thôn Đoài, Kim Nỗ, Đông Anh, Hà Nội|03122021"
#define A5 "001087012345|012345678|NGUYỄN VĂN MẪU|05091987|Nam|Số 12, Tây Hồ, Hà Nội|10072024||||"

static struct identity read_bytes(struct str bytes)
{
    struct identity identity;
    ok(identity_read(bytes, KEY, now, &identity));
    return identity;
}

static struct identity read_text(const char *text)
{
    return read_bytes(str_c(text));
}

static void assert_number(struct str text, const char *wanted)
{
    char number[IDENTITY_NUMBER_CAP] = "";
    ok(identity_reveal_whole_number(text, now, number));
    assert_string_equal(number, wanted);
}

static unsigned warnings_of(json_t *names)
{
    unsigned warnings = 0;
    size_t at;
    json_t *name;
    json_array_foreach(names, at, name)
    {
        unsigned before = warnings;
        for (int bit = 0; bit < IDENTITY_WARN_BIT_COUNT; bit++) {
            const char *text = identity_warning_text((enum identity_warning_bit)bit);
            warnings |= strcmp(text, json_string_value(name)) == 0 ? 1u << bit : 0;
        }
        assert_true(warnings != before);
    }
    return warnings;
}

static void test_identity__all_vectors_give_what_they_say(void **state)
{
    (void)state;
    size_t size;
    char *text = harness_read_file("tests/vectors/cccd.json", &size);
    json_t *root = json_loadb(text, size, 0, NULL);
    json_t *cases = json_object_get(root, "cases");
    assert_true(json_array_size(cases) >= 13);
    size_t at;
    json_t *one;
    json_array_foreach(cases, at, one)
    {
        const char *scanned = json_string_value(json_object_get(one, "text"));
        const char *number = json_string_value(json_object_get(one, "number"));
        struct identity identity = read_text(scanned);
        assert_string_equal(identity_result_text(identity.result),
                            json_string_value(json_object_get(one, "result")));
        assert_int_equal(identity.faults, 0);
        if (!number) {
            char none[IDENTITY_NUMBER_CAP] = "untouched";
            assert_int_equal(identity_reveal_whole_number(str_c(scanned), now, none), DX_E_FORMAT);
            assert_string_equal(none, "untouched");
            assert_string_equal(identity.last4, "");
            assert_string_equal(identity.pseudonym, "");
            continue;
        }
        assert_number(str_c(scanned), number);
        assert_string_equal(identity.last4, number + 8);
        assert_int_equal(identity.parts, json_integer_value(json_object_get(one, "parts")));
        assert_int_equal(identity.warnings, warnings_of(json_object_get(one, "warnings")));
    }
    json_decref(root);
    free(text);
}

static void test_identity__the_pseudonym_is_the_keyed_digest_of_the_number(void **state)
{
    (void)state;
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];
    dx_hmac_sha256(digest, KEY, STR("001087012345"));
    str_hex(hex, digest, sizeof digest);
    struct identity first = read_text(A1);
    assert_memory_equal(first.pseudonym, hex, 32);
    assert_int_equal(strlen(first.pseudonym), 32);
    /* The newer card of the same person is the same person. */
    assert_string_equal(read_text(A5).pseudonym, first.pseudonym);
    assert_string_not_equal(read_text(A2).pseudonym, first.pseudonym);
    struct identity other;
    ok(identity_read(STR(A1), STR("another key, as long as it must be"), now, &other));
    assert_string_not_equal(other.pseudonym, first.pseudonym);
    ok(identity_read(STR(A1), (struct str){0}, now, &other));
    assert_string_equal(other.pseudonym, "");
    assert_string_equal(other.last4, "2345");
    memset(&other, 0x5A, sizeof other);
    struct identity untouched = other;
    assert_int_equal(identity_read(STR(A1), STR("fifteen bytes.."), now, &other), DX_E_INVAL);
    assert_memory_equal(&other, &untouched, sizeof other);
}

static bool holds(const void *bytes, size_t n, const char *text)
{
    size_t size = strlen(text);
    for (size_t i = 0; i + size <= n; i++) {
        if (memcmp((const char *)bytes + i, text, size) == 0) {
            return true;
        }
    }
    return false;
}

static void test_identity__nothing_of_the_person_is_left_behind(void **state)
{
    (void)state;
    static const char *const texts[] = {
        A1,
        A1 "\r" A2,
        "4E 67 7C 7C",
        "001087012345|0",
        "00020101021138560010A000000727",
        "c0FfEe8Zq1v7VQ5mYw2rXo3kPj9TtLb6HsNdAaUuGgRrEe4Ww==",
        "001087012345|||31021987|||",
        "001087012345%7C%7CM%E1%BA%ABu%7C05091987%7CNam%7C%7C15082021",
    };
    static struct identity_work work;
    static const struct identity_work zero;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct identity identity;
        memset(&work, 0x5A, sizeof work);
        ok(identity_read_in(&work, str_c(texts[i]), KEY, now, &identity));
        assert_memory_equal(&work, &zero, sizeof work);
        assert_false(holds(&identity, sizeof identity, "00108701"));
        assert_false(holds(&identity, sizeof identity, "Nguy"));
        assert_false(holds(&identity, sizeof identity, "1987"));
    }
}

struct fault_case {
    const char *text;
    unsigned faults;
};

static void check_faults(const struct fault_case *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct identity identity = read_text(rows[i].text);
        if (identity.result != IDENTITY_CARD || identity.warnings != 0 ||
            identity.faults != rows[i].faults) {
            fail_msg("%s: %s, warnings %x, faults %x, %s", rows[i].text,
                     identity_result_text(identity.result), identity.warnings, identity.faults,
                     identity.why ? identity.why : "");
        }
        assert_string_equal(identity.pseudonym, read_text(A2).pseudonym);
    }
}

static void test_identity__what_scanners_put_around_a_code_is_taken_off(void **state)
{
    (void)state;
    static const struct fault_case rows[] = {
        {A2 "\r", 0},
        {A2 "\n", 0},
        {A2 "\r\n", 0},
        {A2 "\t", 0},
        {"\r\n " A2 " \r\n\r\n", 0},
        {"\xEF\xBB\xBF" A2 "\r\n", IDENTITY_FAULT_BOM},
        {"]Q1" A2 "\r", IDENTITY_FAULT_AIM_PREFIX},
        {"\xEF\xBB\xBF]Q1" A2, IDENTITY_FAULT_BOM | IDENTITY_FAULT_AIM_PREFIX},
        {"]Q1\xEF\xBB\xBF" A2, IDENTITY_FAULT_BOM | IDENTITY_FAULT_AIM_PREFIX},
        {"\x02" A2 "\x03\r", IDENTITY_FAULT_CONTROL_BYTES},
    };
    check_faults(rows, sizeof rows / sizeof rows[0]);
    struct identity nul = read_bytes((struct str){"\0\0" A2 "\0", sizeof A2 + 2});
    assert_int_equal(nul.result, IDENTITY_CARD);
    assert_int_equal(nul.faults, IDENTITY_FAULT_CONTROL_BYTES);
}

static void test_identity__a_broken_character_set_does_not_hide_the_number(void **state)
{
    (void)state;
    static const struct fault_case rows[] = {
        /* four decimal digits for each byte above 127 */
        {"001192004321||Tr022501860167n Th022501870139 Th022501870173|28021992|N022501870175|"
         "Kim N022501870151|03122021",
         IDENTITY_FAULT_DECIMAL_BYTES},
        /* UTF-8 as Windows-1252, and as Latin-1 with the bytes that have no character lost */
        {"001192004321||Tráº§n Thá»‹|28021992|Ná»¯|Kim Ná»—|03122021", IDENTITY_FAULT_MOJIBAKE},
        {"001192004321||Tráº§n Thá»|28021992|Ná»¯|Kim Ná»|03122021", IDENTITY_FAULT_MOJIBAKE},
        /* as Big5 and Shift-JIS; in the second line the '|' behind a letter is eaten */
        {"001192004321||Nguy廙n|28021992|N廙栩|Kim|03122021", IDENTITY_FAULT_WRONG_CHARSET},
        {"001192004321||Tr廕吵 Th廙迢28021992|N廙砝Kim|03122021",
         IDENTITY_FAULT_WRONG_CHARSET | IDENTITY_FAULT_PIPES_LOST},
        {"001192004321||Nguy盻n|28021992|N盻ｯ|Kim|03122021", IDENTITY_FAULT_WRONG_CHARSET},
        /* bytes above 127 dropped, replaced, or of another code page */
        {"001192004321||Trn Th Th|28021992|N|Kim N|03122021", IDENTITY_FAULT_LOSSY},
        {"001192004321||Tr?n Th? Th?|28021992|N?|Kim N?|03122021", IDENTITY_FAULT_LOSSY},
        {"001192004321||Tr???n|28021992|N???|Kim N???|03122021", IDENTITY_FAULT_LOSSY},
        {"001192004321||Tr\xEF\xBF\xBDn|28021992|N\xEF\xBF\xBD|Kim|03122021", IDENTITY_FAULT_LOSSY},
        {"001192004321||Tr\xCE\xC7n|28021992|N\xFE|Kim|03122021", IDENTITY_FAULT_NOT_UTF8},
        {"001192004321||Tran Thi Thu|28021992|Nu|Kim No|03122021", 0},
        {"001192004321||TRẦN THỊ THỬ|28021992|NỮ|KIM NỖ|03122021", 0},
        /* accents as marks of their own: u, horn, tilde */
        {"001192004321||Tra\xCC\x82\xCC\x80n|28021992|Nu\xCC\x9B\xCC\x83|Kim|03122021",
         IDENTITY_FAULT_NFD},
        {"001192004321||Tr%E1%BA%A7n|28021992|N%E1%BB%AF|Kim|03122021",
         IDENTITY_FAULT_PERCENT_ENCODED},
        {"001192004321||Tr&#7847;n|28021992|N&#7919;|Kim N&#x1ED7;|03122021",
         IDENTITY_FAULT_HTML_ENTITIES},
    };
    check_faults(rows, sizeof rows / sizeof rows[0]);
}

static void test_identity__an_encoding_of_the_whole_text_is_undone(void **state)
{
    (void)state;
    char dump[3 * IDENTITY_TEXT_MAX];
    char plain[3 * IDENTITY_TEXT_MAX];
    size_t n = 0;
    for (const char *p = A2 "\r"; *p; p++) {
        snprintf(dump + n, 4, "%02X ", (unsigned)(unsigned char)*p);
        snprintf(plain + n / 3 * 2, 3, "%02x", (unsigned)(unsigned char)*p);
        n += 3;
    }
    const struct fault_case rows[] = {
        {dump, IDENTITY_FAULT_HEX_DUMP},
        {plain, IDENTITY_FAULT_HEX_DUMP},
        {"001192004321%7C%7CTr%E1%BA%A7n%20Th%E1%BB%AD%7c28021992%7CN%E1%BB%AF%7CKim%7C03122021",
         IDENTITY_FAULT_PERCENT_ENCODED},
        {"001192004321&#124;&#124;Th&#7917;&#x7C;28021992&vert;N&#7919;&#124;Kim&#124;03122021",
         IDENTITY_FAULT_HTML_ENTITIES},
    };
    check_faults(rows, sizeof rows / sizeof rows[0]);
    assert_int_equal(read_text("30 30 30 32 30 31 30 31 30 32 31 31 33 38 35 36").result,
                     IDENTITY_PAYMENT);
    /* A malformed card in a dump is told as that, not as a token. */
    assert_string_equal(read_text("3031 7C 7C").why, "fewer than 7 parts");
    /* A key in hex is no dump, although 7C is in it. */
    assert_int_equal(read_text("7cf994a0b37c7d8e9fc1d2e3445566778899aabb").result, /* no UTF-8 */
                     IDENTITY_OPAQUE);
    assert_int_equal(read_text("7c0141427c1b4c616e5a7e3c2b4d5f6a").result, /* control bytes */
                     IDENTITY_OPAQUE);
}

static void test_identity__lost_pipes_are_found_by_the_pattern(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "001192004321Trần Thị Thử28021992NữThôn Đoài, Kim Nỗ, Hà Nội03122021",
        "001192004321012345678Trần Thị Thử28021992NữThôn Đoài03122021",
        "001192004321001087000111Trần Thị Thử28021992NữThôn Đoài03122021",
        "001192004321~~Trần Thị Thử~28021992~Nữ~Quận 1~03122021",
        "001192004321¦012121985¦Nguyễn Thị Thử¦28021992¦Nữ¦Quận 1¦03122021¦¦¦¦",
        "001192004321Trần28021992NữQuận 103122021001087000111",
        "001192004321\\\\Trần\\28021992\\Nữ\\\\03122021",
        "001192004321||Tr\xC6n 28021992|Nữ|Kim|03122021",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct identity identity = read_text(rows[i]);
        if (identity.result != IDENTITY_CARD || identity.warnings != 0 ||
            !(identity.faults & IDENTITY_FAULT_PIPES_LOST)) {
            fail_msg("%s: %x %x %s", rows[i], identity.warnings, identity.faults,
                     identity.why ? identity.why : "");
        }
        assert_number(str_c(rows[i]), "001192004321");
    }
    static const char *const none[] = {
        "00119200432Trần28021992NữKim03122021",          /* 11 digits */
        "00119200432012345678Trần28021992NữKim03122021", /* 11 and 9 */
        "001192004321Trần31021992NữKim03122021",         /* no such day */
        "001192004321Trần28021992NữKim",                 /* no date of issue */
        "001192004321Trần28021992XKim03122021",          /* no sex */
        "001192004321",
        "00119200432128021992",
    };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_int_equal(read_text(none[i]).result, IDENTITY_REJECT);
    }
}

static void test_identity__glued_and_split_texts_give_one_card(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned faults;
        int parts;
    } rows[] = {
        {A1 "\r" A1 "\r", 0, 7}, /* the same twice is once */
        {A1 "\r" A2 "\r", IDENTITY_FAULT_GLUED, 7},
        {A1 "\t" A2, IDENTITY_FAULT_GLUED, 7},
        {"30F-123.45\r" A1, IDENTITY_FAULT_GLUED, 7},
        {A1 A2, IDENTITY_FAULT_GLUED, 7},
        {A1 A1, IDENTITY_FAULT_GLUED, 7},
        {A1 A5, IDENTITY_FAULT_GLUED, 7},
        {A5 A1, IDENTITY_FAULT_GLUED, 11},
        {A5 A5, IDENTITY_FAULT_GLUED, 11},
        {"001087012345|012345678|Nguyễn Văn\r\n Mẫu|05091987|Nam|Số 12\n, Hà Nội|15082021\r\n",
         IDENTITY_FAULT_SPLIT, 7},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct identity identity = read_text(rows[i].text);
        if (identity.result != IDENTITY_CARD || identity.faults != rows[i].faults ||
            identity.parts != rows[i].parts || identity.warnings != 0) {
            fail_msg("%s: %s %x, %d parts", rows[i].text, identity_result_text(identity.result),
                     identity.faults, identity.parts);
        }
        assert_number(str_c(rows[i].text), "001087012345");
    }
    struct identity token = read_text("c0FfEe8Zq1v7VQ5mYw2rXo3k\nPj9TtLb6HsNdAaUuGgRrEe4Ww==\n");
    assert_int_equal(token.result, IDENTITY_OPAQUE);
    assert_int_equal(token.faults, IDENTITY_FAULT_SPLIT);
}

static void test_identity__seven_to_eleven_parts_make_a_card(void **state)
{
    (void)state;
    char text[256] = "001087012345||Mẫu|05091987|Nam|Hà Nội|15082021";
    for (int parts = 7; parts <= 12; parts++) {
        struct identity identity = read_text(text);
        assert_int_equal(identity.result, parts <= 11 ? IDENTITY_CARD : IDENTITY_REJECT);
        assert_int_equal(identity.parts, parts);
        strncat(text, "|Cha", 5);
    }
    assert_string_equal(read_text(text).why, "more than 11 parts");
    assert_string_equal(read_text(text).where, "parts");
}

static void test_identity__what_does_not_add_up_warns(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned warnings;
    } rows[] = {
        {"001187012345||M|05091987|Nam|H|15082021", IDENTITY_WARN_CENTURY_SEX_MISMATCH},
        {"001087012345||M|05091987|Nữ|H|15082021", IDENTITY_WARN_CENTURY_SEX_MISMATCH},
        {"001187012345||M|05091987|Nữ|H|15082021", 0},
        {"001204012345||M|29022004|Nam|H|15082021", 0},
        {"001304012345||M|29022004|Nữ|H|15082021", 0},
        {"001004012345||M|29022004|Nam|H|15082021", IDENTITY_WARN_CENTURY_SEX_MISMATCH},
        {"001086012345||M|05091987|Nam|H|15082021", IDENTITY_WARN_BIRTH_YEAR_MISMATCH},
        {"103087012345||M|05091987|Nam|H|15082021", IDENTITY_WARN_UNKNOWN_PROVINCE},
        {"000087012345||M|05091987|Nam|H|15082021", IDENTITY_WARN_UNKNOWN_PROVINCE},
        {"103186012345||M|05091987|Nam|H|15082021", IDENTITY_WARN_UNKNOWN_PROVINCE |
                                                        IDENTITY_WARN_CENTURY_SEX_MISMATCH |
                                                        IDENTITY_WARN_BIRTH_YEAR_MISMATCH},
        {"001087012345||M|05091987|Nam|H|04091987", IDENTITY_WARN_ISSUED_BEFORE_BIRTH},
        {"001087012345||M|05091987|Nam|H|05091987", 0},
        {"001087012345||M|05091987|Nam|H|02032026", 0},
        {"001087012345||M|05091987|Nam|H|03032026", IDENTITY_WARN_ISSUED_IN_FUTURE},
        {"001087012345||M|05091987|Male|H|15082021", IDENTITY_WARN_SEX_UNREADABLE},
        {"001187012345||M|05091987||H|15082021", IDENTITY_WARN_SEX_UNREADABLE},
        {"001287012345||M|05091987||H|15082021",
         IDENTITY_WARN_SEX_UNREADABLE | IDENTITY_WARN_CENTURY_SEX_MISMATCH},
        {"001087012345|012345678|M|05091987|Nam|H|15082021", 0},
        {"001087012345|012345678901|M|05091987|Nam|H|15082021", 0},
        {"001087012345|01234567|M|05091987|Nam|H|15082021", IDENTITY_WARN_OLD_NUMBER_FORM},
        {"001087012345|||05091987|nam||15082021", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct identity identity = read_text(rows[i].text);
        if (identity.result != IDENTITY_CARD || identity.warnings != rows[i].warnings) {
            fail_msg("%s: %s, %x", rows[i].text, identity_result_text(identity.result),
                     identity.warnings);
        }
    }
}

static void test_identity__a_malformed_card_is_rejected_with_the_part(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why, *where;
    } rows[] = {
        {"", "empty", "text"},
        {"\r\n\r\n", "empty", "text"},
        {"|", "fewer than 7 parts", "parts"},
        {"001087012345|Mẫu|05091987|Nam|Hà Nội|15082021", "fewer than 7 parts", "parts"},
        {"00108701234||M|05091987|Nam|H|15082021", "the number has not 12 digits", "number"},
        {"0010870123456||M|05091987|Nam|H|15082021", "the number has not 12 digits", "number"},
        {"00108701234O||M|05091987|Nam|H|15082021", "the number has not 12 digits", "number"},
        {"001087012345||M|31021987|Nam|H|15082021", "the date of birth is no date", "birth date"},
        {"001087012345||M|29021987|Nam|H|15082021", "the date of birth is no date", "birth date"},
        {"001087012345||M|5091987|Nam|H|15082021", "the date of birth is no date", "birth date"},
        {"001087012345||M|05091987|Nam|H|15132021", "the date of issue is no date", "issue date"},
        {"001087012345||M|05091987|Nam|H|", "the date of issue is no date", "issue date"},
        {"30F-123.45", "not an identity code", "text"},
        {"https://example.com/a?b=c0FfEe8Zq1v7VQ5mYw2rXo3k", "not an identity code", "text"},
        {"8934673573238", "not an identity code", "text"},
        {"123456789012345678901234567890", "not an identity code", "text"},
        {"2|99|0900000000|A|a@example.com|0|0|10000", "the number has not 12 digits", "number"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct identity identity = read_text(rows[i].text);
        assert_int_equal(identity.result, IDENTITY_REJECT);
        if (strcmp(identity.why, rows[i].why) != 0 || strcmp(identity.where, rows[i].where) != 0) {
            fail_msg("%s: %s, %s", rows[i].text, identity.why, identity.where);
        }
    }
    char *much = malloc(5000);
    memset(much, 'x', 5000);
    assert_string_equal(read_bytes((struct str){much, 5000}).why, "longer than any identity code");
    assert_string_equal(read_bytes((struct str){much, 1024}).why, "not an identity code");
    free(much);
}

static void test_identity__payment_codes_and_tokens_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum identity_result result;
    } rows[] = {
        {"00020101021238570010A000000727", IDENTITY_PAYMENT},
        {"]Q100020101021238570010A000000727\r", IDENTITY_PAYMENT},
        {"000201", IDENTITY_REJECT},
        {"000201xxxxxxxxxxxx", IDENTITY_REJECT},
        {"000202010212", IDENTITY_REJECT},
        {"c0FfEe8Zq1v7VQ5mYw2rXo3kPj9TtLb6HsNdAaUuGgRrEe4Ww==", IDENTITY_OPAQUE},
        {"c0FfEe8Zq1v7-Q5mYw2rXo_kPj9TtLb6", IDENTITY_OPAQUE},
        {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w", IDENTITY_OPAQUE},
        {"q83vEjRWeJCrze8SNFZ4kA==", IDENTITY_OPAQUE}, /* sixteen bytes */
        {"a94f0b3c7c7d8e9f00112233", IDENTITY_OPAQUE},
        {"a94f0b3c7c7d8e9f0011223", IDENTITY_REJECT},        /* 23 bytes */
        {"aAaAaAaAaAaAaAaAaAaAaAaAaAaAaA", IDENTITY_REJECT}, /* not random */
        {"c0FfEe8Zq1v7VQ5m Yw2rXo3kPj9TtLb6", IDENTITY_REJECT},
        {"khong phai ma dinh danh gi ca dau", IDENTITY_REJECT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (read_text(rows[i].text).result != rows[i].result) {
            fail_msg("%s: %s", rows[i].text, identity_result_text(read_text(rows[i].text).result));
        }
    }
}

static void test_identity__any_single_damage_never_gives_another_number(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 3);
    int cards = 0;
    for (int i = 0; i < 4000; i++) {
        char text[] = A1;
        size_t at = (size_t)prng_range(&prng, 12, (int64_t)sizeof text - 2);
        text[at] = (char)(unsigned char)prng_range(&prng, 0, 255);
        char number[IDENTITY_NUMBER_CAP];
        if (identity_reveal_whole_number((struct str){text, sizeof text - 1}, now, number) == 0) {
            assert_string_equal(number, "001087012345");
            cards++;
        }
    }
    assert_true(cards > 2000);
}

TESTS(T(test_identity__all_vectors_give_what_they_say),
      T(test_identity__the_pseudonym_is_the_keyed_digest_of_the_number),
      T(test_identity__nothing_of_the_person_is_left_behind),
      T(test_identity__what_scanners_put_around_a_code_is_taken_off),
      T(test_identity__a_broken_character_set_does_not_hide_the_number),
      T(test_identity__an_encoding_of_the_whole_text_is_undone),
      T(test_identity__lost_pipes_are_found_by_the_pattern),
      T(test_identity__glued_and_split_texts_give_one_card),
      T(test_identity__seven_to_eleven_parts_make_a_card),
      T(test_identity__what_does_not_add_up_warns),
      T(test_identity__a_malformed_card_is_rejected_with_the_part),
      T(test_identity__payment_codes_and_tokens_are_told_apart),
      T(test_identity__any_single_damage_never_gives_another_number))
