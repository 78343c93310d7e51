#include "proto/base/out.h"
#include "proto/base/prng.h"
#include "proto/base/time.h"
#include "tests/harness/harness.h"

static void test_str__parse_i64_takes_the_whole_range_and_nothing_else(void **state)
{
    (void)state;
    int64_t v = 7;
    ok(str_parse_i64(STR("-9223372036854775808"), INT64_MIN, INT64_MAX, &v));
    assert_true(v == INT64_MIN);
    ok(str_parse_i64(STR("9223372036854775807"), INT64_MIN, INT64_MAX, &v));
    assert_true(v == INT64_MAX);
    assert_int_equal(str_parse_i64(STR("9223372036854775808"), INT64_MIN, INT64_MAX, &v),
                     DX_E_RANGE);
    static const char *bad[] = {"", "-", "+1", " 1", "1 ", "1.0", "0x1", "1e3"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(str_parse_i64(str_c(bad[i]), 0, 100, &v), DX_E_FORMAT);
    }
    assert_int_equal(str_parse_i64(STR("101"), 0, 100, &v), DX_E_RANGE);
    assert_true(v == INT64_MAX);
}

static void test_str__utf8_refuses_overlong_and_surrogate(void **state)
{
    (void)state;
    assert_true(str_is_utf8(STR("Nguyễn Văn Mẫu đ 🚗")));
    assert_false(str_is_utf8(STR("\xC0\xAF")));
    assert_false(str_is_utf8(STR("\xED\xA0\x80")));
    assert_false(str_is_utf8(STR("\xF4\x90\x80\x80")));
    assert_false(str_is_utf8(STR("\xE1\xBB")));
}

static void test_time__civil_round_trip_and_weekday(void **state)
{
    (void)state;
    wall_t t;
    ok(time_parse_iso(STR("2026-03-02T08:55:00+07:00"), &t));
    assert_true(t.ms == 1772416500000);
    assert_int_equal(time_civil(t).weekday, 1);
    for (int64_t ms = -62135596800000; ms < 253402300799000; ms += 86399997LL * 41) {
        struct civil c = time_civil((wall_t){ms});
        wall_t back = {0};
        if (c.year < 1 || c.year > 9999) {
            continue;
        }
        ok(time_from_civil(&c, &back));
        assert_true(back.ms == ms);
    }
}

static void test_time__iso_forms(void **state)
{
    (void)state;
    wall_t a;
    wall_t b;
    ok(time_parse_iso(STR("2026-03-02T01:55:00.100000Z"), &a));
    ok(time_parse_iso(STR("2026-03-02 08:55:00.1"), &b));
    assert_true(a.ms == b.ms);
    ok(time_parse_iso(STR("2026-03-01T20:55:00.1-0500"), &b));
    assert_true(a.ms == b.ms);
    assert_int_equal(time_parse_iso(STR("2026-02-29T00:00:00Z"), &a), DX_E_RANGE);
    assert_int_equal(time_parse_iso(STR("2026-02-28T24:00:00Z"), &a), DX_E_RANGE);
    assert_int_equal(time_parse_iso(STR("2026-02-28T00:00:00Zx"), &a), DX_E_FORMAT);
    assert_int_equal(time_parse_iso(STR("2026-02-28"), &a), DX_E_FORMAT);
    char text[TIME_ISO_CAP];
    time_format_iso((wall_t){1772416500123}, text);
    assert_string_equal(text, "2026-03-02T08:55:00.123+07:00");
}

static void test_out__json_escapes_and_overflow_is_remembered(void **state)
{
    (void)state;
    char space[128];
    struct out out;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_c(&out, "a", "x\"\\\n\x01 đ");
    json_array(&out, "b");
    json_i64(&out, NULL, INT64_MIN);
    json_bool(&out, NULL, true);
    json_c(&out, NULL, NULL);
    json_array_end(&out);
    json_object_end(&out);
    assert_false(out_failed(&out));
    assert_string_equal(space,
                        "{\"a\":\"x\\\"\\\\\\n\\u0001 đ\",\"b\":[-9223372036854775808,true,null]}");
    out_init(&out, space, 8);
    json_c(&out, NULL, "1234567");
    assert_true(out_failed(&out));
    out_init(&out, space, sizeof space);
    json_str(&out, NULL, STR("\xff"));
    assert_true(out_failed(&out));
}

static void test_prng__streams_repeat_and_differ(void **state)
{
    (void)state;
    struct prng root;
    prng_init(&root, 42);
    struct prng a = prng_fork(&root, "bank");
    struct prng b = prng_fork(&root, "bank");
    struct prng c = prng_fork(&root, "net");
    assert_true(prng_u64(&a) == prng_u64(&b));
    assert_true(prng_u64(&a) != prng_u64(&c));
    int seen[3] = {0};
    for (int i = 0; i < 300; i++) {
        seen[prng_range(&a, 0, 2)]++;
    }
    assert_true(seen[0] > 50 && seen[1] > 50 && seen[2] > 50);
}

TESTS(T(test_str__parse_i64_takes_the_whole_range_and_nothing_else),
      T(test_str__utf8_refuses_overlong_and_surrogate), T(test_time__civil_round_trip_and_weekday),
      T(test_time__iso_forms), T(test_out__json_escapes_and_overflow_is_remembered),
      T(test_prng__streams_repeat_and_differ))
