/* `doxe tariff` as a script sees it: arguments, one line of JSON, exit status, text and SVG. */
#include "proto/base/str.h"
#include "tests/harness/harness.h"

#include <jansson.h>
#include <sys/wait.h>

static char out[64 * 1024];

/* Standard output of `doxe tariff …` into `out`; the exit status. */
static int doxe(const char *arguments)
{
    char command[1024];
    snprintf(command, sizeof command, "%s/bin/doxe tariff %s 2>&1", DOXE_BINARY_DIR, arguments);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t n = fread(out, 1, sizeof out - 1, pipe);
    out[n] = '\0';
    int status = pclose(pipe);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static json_t *answer(const char *arguments, int status)
{
    int have = doxe(arguments);
    if (have != status) {
        fail_msg("%s: exit %d: %s", arguments, have, out);
    }
    assert_true(strchr(out, '\n') == out + strlen(out) - 1);
    json_t *object = json_loads(out, 0, NULL);
    assert_non_null(object);
    return object;
}

static const char *text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value ? value : "(none)";
}

#define C2 "price --tariff hanoi-car-c2 --vehicle car "

static void test_cli_tariff__price_answers_in_one_object(void **state)
{
    (void)state;
    json_t *object = answer(C2 "--entry 2026-03-02T09:00:00+07:00 --exit 2026-03-02T11:05:00+07:00"
                               " --lang en",
                            0);
    assert_true(json_is_true(json_object_get(object, "valid")));
    assert_int_equal(json_integer_value(json_object_get(object, "total_vnd")), 85000);
    assert_string_equal(text(object, "next_change"), "2026-03-02T12:00:00.000+07:00");
    assert_string_equal(text(object, "tariff"), "hanoi-car-c2");
    assert_string_equal(text(object, "version"), "44-2017");
    assert_int_equal(strlen(text(object, "digest")), 64);
    assert_true(json_is_object(json_object_get(object, "vat")));
    json_t *lines = json_object_get(object, "lines");
    assert_int_equal(json_array_size(lines), 2);
    assert_string_equal(text(json_array_get(lines, 0), "text"), "Time, hours 1–2: 2 × 25,000 VND");
    json_decref(object);
    object = answer(C2 "--entry 2026-03-02T02:00:00Z --exit 2026-03-02T09:30:00", 0);
    assert_int_equal(json_integer_value(json_object_get(object, "total_vnd")), 25000);
    json_decref(object);
}

static void test_cli_tariff__what_cannot_be_priced_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *arguments, *where;
    } rows[] = {
        {C2 "--entry 2026-03-02T09:00:00 --exit 2026-03-02T08:59:59", "--exit"},
        {C2 "--entry 2026-03-02T09:00:00 --exit 2026-04-02T09:00:00", "--exit"},
        {C2 "--entry 2016-03-02T09:00:00 --exit 2016-03-02T10:00:00", "--entry"},
        {C2 "--entry 2026-02-30T09:00:00 --exit 2026-03-02T10:00:00", "--entry"},
        {C2 "--entry 2026-03-02T09:00:00 --exit tomorrow", "--exit"},
        {"price --tariff hanoi-car-c2 --vehicle bicycle --entry 2026-03-02T09:00:00 --exit "
         "2026-03-02T10:00:00",
         "--vehicle"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *object = answer(rows[i].arguments, 1);
        assert_true(json_is_false(json_object_get(object, "valid")));
        assert_string_equal(text(object, "where"), rows[i].where);
        assert_true(strlen(text(object, "error")) > 10);
        json_decref(object);
    }
    json_t *object = answer("price --tariff nowhere --vehicle car --entry 2026-03-02T09:00:00 "
                            "--exit 2026-03-02T10:00:00",
                            1);
    assert_non_null(strstr(text(object, "where"), "nowhere.yaml"));
    json_decref(object);
    assert_int_equal(doxe("price --tariff hanoi-car-c2 --vehicle car"), 2);
    assert_int_equal(doxe(C2 "--entry 2026-03-02T09:00:00 --exit 2026-03-02T10:00:00 --lang fr"),
                     2);
    assert_int_equal(doxe("price --tariff hanoi-car-c2 --vehicle lorry --entry 2026-03-02T09:00:00 "
                          "--exit 2026-03-02T10:00:00"),
                     2);
    assert_int_equal(doxe(""), 2);
}

static void test_cli_tariff__check_names_file_line_and_key(void **state)
{
    (void)state;
    char *folder = harness_temp_dir();
    char path[300];
    char arguments[400];
    snprintf(path, sizeof path, "%s/bad.yaml", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("tariff: bad\nversions:\n  - version: v\n    title: {vi: a, en: b}\n"
          "    status: verified\n    legal: [x]\n    valid_from: 2026-01-01\n"
          "    rounding: {unit_vnd: 0}\n    elements: [{entry_vnd: 1}]\n",
          file);
    fclose(file);
    snprintf(arguments, sizeof arguments, "check %s", path);
    json_t *object = answer(arguments, 1);
    char where[320];
    snprintf(where, sizeof where, "%s:8", path);
    assert_string_equal(text(object, "where"), where);
    assert_non_null(strstr(text(object, "error"),
                           "bad.yaml:8: key 'versions[0].rounding.unit_vnd': 0 is not allowed; a "
                           "whole number from 1 to 100000 (đ)"));
    json_decref(object);
    object = answer("check " DOXE_SOURCE_DIR "/etc/tariffs/hanoi-car-c1.yaml", 0);
    assert_string_equal(text(object, "tariff"), "hanoi-car-c1");
    assert_int_equal(json_array_size(json_object_get(object, "versions")), 1);
    json_decref(object);
    assert_int_equal(doxe("check"), 2);
    snprintf(arguments, sizeof arguments, "check %s/none.yaml", folder);
    json_decref(answer(arguments, 1));
    free(folder);
}

static void test_cli_tariff__table_and_chart(void **state)
{
    (void)state;
    assert_int_equal(doxe("table hanoi-car-c2 --lang en"), 0);
    assert_non_null(strstr(out, "25,000 VND / 1h started"));
    assert_non_null(strstr(out, "8h  300,000 VND"));
    assert_int_equal(doxe("table hanoi-car-c2 --svg"), 0);
    assert_true(strncmp(out, "<svg ", 5) == 0);
    assert_non_null(strstr(out, "</svg>"));
    assert_true(str_is_utf8(str_c(out)));
    char *folder = harness_temp_dir();
    char arguments[400];
    size_t n = 0;
    snprintf(arguments, sizeof arguments, "table hanoi-two-wheel-z1 --svg %s/chart.svg", folder);
    assert_int_equal(doxe(arguments), 0);
    assert_non_null(strstr(out, "12.000 đ"));
    snprintf(arguments, sizeof arguments, "%s/chart.svg", folder);
    char *svg = harness_read_file(arguments, &n);
    assert_true(strncmp(svg, "<svg ", 5) == 0);
    free(svg);
    free(folder);
    assert_int_equal(doxe("table hanoi-car-c2 --hours 0"), 2);
}

static void test_cli_tariff__a_chart_goes_where_the_option_says(void **state)
{
    (void)state;
    char *folder = harness_temp_dir();
    char arguments[400];
    size_t n = 0;
    snprintf(arguments, sizeof arguments, "table hanoi-car-c2 --svg=%s/chart", folder);
    assert_int_equal(doxe(arguments), 0);
    assert_non_null(strstr(out, "25.000 đ"));
    snprintf(arguments, sizeof arguments, "%s/chart", folder);
    char *svg = harness_read_file(arguments, &n);
    assert_true(strncmp(svg, "<svg ", 5) == 0);
    free(svg);
    free(folder);
}

static void test_cli_tariff__a_table_tells_the_rules_that_change_a_price(void **state)
{
    (void)state;
    assert_int_equal(doxe("table danang-automated --lang en"), 0);
    assert_non_null(strstr(out, "at most 120,000 VND in 22:00-07:00"));
    assert_int_equal(doxe("table hanoi-two-wheel-z1 --lang en"), 0);
    assert_non_null(strstr(out, "Rules: motorbike, bicycle\n    night 18:00-06:00\n"));
    assert_non_null(strstr(out, "a turn is at most 1d\n"));
    assert_non_null(strstr(out, "the price of both, under 12h: the longer period, tie: day\n"));
    char *folder = harness_temp_dir();
    char path[300];
    char arguments[400];
    snprintf(path, sizeof path, "%s/rules.yaml", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("tariff: rules\nversions:\n  - version: v\n    title: {vi: a, en: b}\n"
          "    legal: [x]\n    status: verified\n    valid_from: 2026-01-01\n"
          "    elements: [{entry_vnd: 1000}]\n    terms:\n"
          "      - vehicles: [car]\n        free: {time: 10min, as: cliff}\n"
          "        minimum_vnd: 2000\n        maximum_vnd: 90000\n"
          "        lost_ticket: {rule: at_least, amount_vnd: 50000, legal: y}\n"
          "        caps: [{limit_vnd: 30000, per: rolling, window: 24h},\n"
          "               {limit_vnd: 40000, per: calendar_day}]\n"
          "      - vehicles: [motorbike]\n        free: {time: 5min, as: deduction}\n",
          file);
    fclose(file);
    snprintf(arguments, sizeof arguments, "table %s --lang en", path);
    assert_int_equal(doxe(arguments), 0);
    assert_non_null(strstr(out, "Rules: car\n"
                                "    free 10min; a longer stay pays for all\n"
                                "    at least: 2,000 VND\n"
                                "    at most: 90,000 VND\n"
                                "    at most 30,000 VND in each 1d\n"
                                "    at most 40,000 VND in each calendar day\n"
                                "    lost ticket, at least: 50,000 VND\n"
                                "Rules: motorbike\n"
                                "    free 5min at the start\n"));
    free(folder);
}

static void test_cli_tariff__gifts_and_lost_tickets(void **state)
{
    (void)state;
    json_t *object =
        answer(C2 "--entry 2026-03-02T09:00:00 --exit 2026-03-02T10:00:00 --voucher 5000", 0);
    assert_int_equal(json_integer_value(json_object_get(object, "total_vnd")), 20000);
    json_decref(object);
    object =
        answer(C2 "--entry 2026-03-02T09:00:00 --exit 2026-03-02T19:00:00 --pass month-day", 0);
    assert_int_equal(json_integer_value(json_object_get(object, "total_vnd")), 25000);
    json_decref(object);
    object = answer(C2 "--entry 2026-03-02T09:00:00 --exit 2026-03-02T10:00:00 --lost-ticket", 0);
    assert_int_equal(json_integer_value(json_object_get(object, "total_vnd")), 25000);
    json_decref(object);
    json_decref(
        answer(C2 "--entry 2026-03-02T09:00:00 --exit 2026-03-02T10:00:00 --discount none", 1));
}

TESTS(T(test_cli_tariff__price_answers_in_one_object),
      T(test_cli_tariff__what_cannot_be_priced_is_told_with_its_place),
      T(test_cli_tariff__check_names_file_line_and_key), T(test_cli_tariff__table_and_chart),
      T(test_cli_tariff__a_chart_goes_where_the_option_says),
      T(test_cli_tariff__a_table_tells_the_rules_that_change_a_price),
      T(test_cli_tariff__gifts_and_lost_tickets))
