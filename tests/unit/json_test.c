#include "proto/base/out.h"
#include "proto/io/json.h"
#include "tests/harness/harness.h"

static struct jdoc *read_good(const char *text)
{
    struct jdoc *root = NULL;
    struct jdoc_error error = {0};
    int rc = jdoc_read(str_c(text), &root, &error);
    if (rc) {
        fail_msg("%s: %s", text, error.text);
    }
    return root;
}

static void test_json__getters_tell_absent_from_wrong_kind(void **state)
{
    (void)state;
    struct jdoc *root = read_good("{\"a\":\"x\\u0111\",\"n\":-9007199254740993,\"b\":true,"
                                  "\"o\":{\"k\":[1,null]},\"z\":null,\"r\":0.9135}");
    struct str text = {0};
    int64_t number = 0;
    bool flag = false;
    const struct jdoc *object = NULL;
    const struct jdoc *array = NULL;
    ok(jdoc_get_str(root, "a", &text));
    assert_true(str_eq_c(text, "xđ"));
    ok(jdoc_get_i64(root, "n", &number));
    assert_true(number == -9007199254740993);
    ok(jdoc_get_bool(root, "b", &flag));
    assert_true(flag);
    ok(jdoc_get_object(root, "o", &object));
    ok(jdoc_get_array(object, "k", &array));
    assert_int_equal(jdoc_count(array), 2);
    ok(jdoc_i64(jdoc_at(array, 0), &number));
    assert_int_equal(number, 1);
    assert_true(jdoc_is_null(jdoc_at(array, 1)));
    assert_null(jdoc_at(array, 2));
    ok(jdoc_get_milli(root, "r", &number));
    assert_int_equal(number, 914);

    assert_int_equal(jdoc_get_str(root, "nope", &text), DX_E_NOT_FOUND);
    assert_int_equal(jdoc_get_str(root, "z", &text), DX_E_NOT_FOUND);
    assert_true(jdoc_has(root, "z"));
    assert_false(jdoc_has(root, "nope"));
    assert_int_equal(jdoc_get_str(root, "n", &text), DX_E_FORMAT);
    assert_int_equal(jdoc_get_i64(root, "r", &number), DX_E_FORMAT);
    assert_int_equal(jdoc_get_i64_in(root, "n", 0, 9, &number), DX_E_RANGE);
    assert_int_equal(jdoc_get_str(array, "a", &text), DX_E_FORMAT);
    assert_int_equal(jdoc_get_str(NULL, "a", &text), DX_E_FORMAT);
    jdoc_release(root);
    jdoc_release(NULL);
}

static void test_json__refuses_what_two_readers_would_read_differently(void **state)
{
    (void)state;
    static const char *bad[] = {
        "",
        " ",
        "1",
        "\"a\"",
        "{\"a\":1,\"a\":2}",
        "{\"o\":{\"a\":1,\"\\u0061\":2}}",
        "{\"a\":1} x",
        "{\"a\":1}{}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"a\":9223372036854775808}",
        "{\"a\":1e999}",
        "{\"a\":\"\xff\"}",
        "{\"a\":\"\\u0000\"}",
        "{\"a\":\"\\ud800\"}",
        "{'a':1}",
        "{\"a\":1,}",
        "[1,]",
        "{\"a\":\"\n\"}",
        "\xef\xbb\xbf{}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct jdoc *root = NULL;
        struct jdoc_error error = {0};
        if (jdoc_read(str_c(bad[i]), &root, &error) != DX_E_FORMAT) {
            fail_msg("accepted: %s", bad[i]);
        }
        assert_null(root);
        assert_true(error.text[0] != '\0');
    }
    struct jdoc *root = NULL;
    int64_t last = 0;
    ok(jdoc_read_lenient(STR("{\"a\":1,\"a\":2}"), JDOC_DUPLICATES_LAST, &root, NULL));
    ok(jdoc_get_i64(root, "a", &last));
    assert_int_equal(last, 2);
    jdoc_release(root);
}

static void test_json__limits_of_depth_and_size(void **state)
{
    (void)state;
    char text[2 * JDOC_DEPTH_MAX + 8];
    struct jdoc *root = NULL;
    struct jdoc_error error = {0};
    memset(text, '[', JDOC_DEPTH_MAX);
    memset(text + JDOC_DEPTH_MAX, ']', JDOC_DEPTH_MAX);
    ok(jdoc_read((struct str){text, 2 * JDOC_DEPTH_MAX}, &root, NULL));
    jdoc_release(root);
    memset(text, '[', JDOC_DEPTH_MAX + 1);
    memset(text + JDOC_DEPTH_MAX + 1, ']', JDOC_DEPTH_MAX + 1);
    assert_int_equal(jdoc_read((struct str){text, 2 * JDOC_DEPTH_MAX + 2}, &root, &error),
                     DX_E_RANGE);
    assert_int_equal(error.position, JDOC_DEPTH_MAX);
    root =
        read_good("[\"[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"]");
    jdoc_release(root);
    char *large = calloc(1, JDOC_TEXT_MAX + 1);
    assert_non_null(large);
    memset(large, ' ', JDOC_TEXT_MAX + 1);
    large[0] = '[';
    large[JDOC_TEXT_MAX - 1] = ']';
    ok(jdoc_read((struct str){large, JDOC_TEXT_MAX}, &root, NULL));
    jdoc_release(root);
    assert_int_equal(jdoc_read((struct str){large, JDOC_TEXT_MAX + 1}, &root, NULL), DX_E_RANGE);
    free(large);
}

static void test_json__numbers_print_as_javascript_prints_them(void **state)
{
    (void)state;
    /* Each right side is what node prints for JSON.parse(left); but integers stay exact. */
    static const char *rows[][2] = {
        {"0", "0"},
        {"-0", "0"},
        {"-0.0", "0"},
        {"25000.0", "25000"},
        {"2.5e4", "25000"},
        {"3e3", "3000"},
        {"0.1", "0.1"},
        {"-12.50", "-12.5"},
        {"1e21", "1e+21"},
        {"1e20", "100000000000000000000"},
        {"123456789012345680000.0", "123456789012345680000"},
        {"1.5e-7", "1.5e-7"},
        {"0.000001", "0.000001"},
        {"0.0000012", "0.0000012"},
        {"5e-324", "5e-324"},
        {"1.7976931348623157e308", "1.7976931348623157e+308"},
        {"0.30000000000000004", "0.30000000000000004"},
        {"9007199254740993", "9007199254740993"},
        {"-9223372036854775808", "-9223372036854775808"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[64];
        char out[JDOC_NUMBER_CAP];
        snprintf(text, sizeof text, "[%s]", rows[i][0]);
        struct jdoc *root = read_good(text);
        ok(jdoc_number_js(jdoc_at(root, 0), out));
        assert_string_equal(out, rows[i][1]);
        jdoc_release(root);
    }
}

static void test_json__members_come_in_the_order_of_the_text(void **state)
{
    (void)state;
    struct jdoc *root = read_good("{\"z\":1,\"a\":2,\"m\":3}");
    struct jdoc_iter it = {0};
    struct str key = {0};
    const struct jdoc *value = NULL;
    char order[8] = "";
    while (jdoc_next(root, &it, &key, &value)) {
        strncat(order, key.p, key.n);
    }
    assert_string_equal(order, "zam");
    assert_false(jdoc_next(root, &it, &key, &value));
    jdoc_release(root);
}

static void test_json__reader_and_writer_of_the_same_names_live_in_one_program(void **state)
{
    (void)state;
    char space[64];
    struct out out;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_array(&out, "a");
    json_null(&out, NULL);
    json_array_end(&out);
    json_object_end(&out);
    struct jdoc *root = read_good(space);
    assert_true(jdoc_is_null(jdoc_at(jdoc_get(root, "a"), 0)));
    jdoc_release(root);
}

TESTS(T(test_json__getters_tell_absent_from_wrong_kind),
      T(test_json__refuses_what_two_readers_would_read_differently),
      T(test_json__limits_of_depth_and_size), T(test_json__numbers_print_as_javascript_prints_them),
      T(test_json__members_come_in_the_order_of_the_text),
      T(test_json__reader_and_writer_of_the_same_names_live_in_one_program))
