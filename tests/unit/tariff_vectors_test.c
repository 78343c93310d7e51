/* The shared cases of tests/vectors/tariffs.json, as they are, and the boundaries they leave out.
 */
#include "proto/io/tariff_file.h"
#include "tests/harness/harness.h"

#include <jansson.h>

static struct tariff_set set;

static wall_t at(const char *iso)
{
    wall_t t = {0};
    ok(time_parse_iso(str_c(iso), &t));
    return t;
}

static void load(const char *name)
{
    char path[300];
    char error[512];
    snprintf(path, sizeof path, "%s/etc/tariffs/%s.yaml", DOXE_SOURCE_DIR, name);
    if (tariff_file_load(path, &set, error, sizeof error)) {
        fail_msg("%s", error);
    }
}

static struct tariff_price price_of(const char *vehicle, const char *entry, const char *exit)
{
    static struct tariff_price price;
    struct tariff_stay stay = {.entry = at(entry), .exit = at(exit)};
    ok(vehicle_parse(str_c(vehicle), &stay.vehicle));
    int error = tariff_price_stay(&set, &stay, &price);
    if (error) {
        fail_msg("%s %s %s: %s", vehicle, entry, exit, dx_error_name(error));
    }
    int64_t sum = 0;
    for (int i = 0; i < price.line_count; i++) {
        sum += price.lines[i].amount_vnd;
        assert_true(str_is_utf8(str_c(price.lines[i].text_vi)));
        assert_true(price.lines[i].text_en[0] && price.lines[i].text_vi[0]);
    }
    assert_int_equal(sum, price.total.vnd);
    assert_true(price.line_count > 0);
    return price;
}

static void test_tariff__shared_vectors(void **state)
{
    (void)state;
    json_t *root = json_load_file(DOXE_SOURCE_DIR "/tests/vectors/tariffs.json", 0, NULL);
    json_t *cases = json_object_get(root, "cases");
    size_t i;
    json_t *c;
    assert_true(json_array_size(cases) >= 20);
    json_array_foreach(cases, i, c)
    {
        load(json_string_value(json_object_get(c, "tariff")));
        struct tariff_price price = price_of(json_string_value(json_object_get(c, "vehicle")),
                                             json_string_value(json_object_get(c, "entry")),
                                             json_string_value(json_object_get(c, "exit")));
        if (price.total.vnd != json_integer_value(json_object_get(c, "total_vnd"))) {
            fail_msg("case %s: %lld", json_string_value(json_object_get(c, "name")),
                     (long long)price.total.vnd);
        }
    }
    json_decref(root);
}

struct row {
    const char *entry, *exit;
    int64_t total_vnd;
    const char *next_change; /* NULL: not looked at */
};

static void check_rows(const char *tariff, const char *vehicle, const struct row *rows, size_t n)
{
    load(tariff);
    for (size_t i = 0; i < n; i++) {
        struct tariff_price price = price_of(vehicle, rows[i].entry, rows[i].exit);
        if (price.total.vnd != rows[i].total_vnd) {
            fail_msg("%s %s %s: %lld, not %lld", tariff, rows[i].entry, rows[i].exit,
                     (long long)price.total.vnd, (long long)rows[i].total_vnd);
        }
        if (rows[i].next_change) {
            char text[TIME_ISO_CAP];
            time_format_iso(price.next_change, text);
            if (!price.has_next_change || price.next_change.ms != at(rows[i].next_change).ms) {
                fail_msg("%s %s %s: next change %s, not %s", tariff, rows[i].entry, rows[i].exit,
                         price.has_next_change ? text : "never", rows[i].next_change);
            }
        }
    }
}
#define CHECK(tariff, vehicle, rows) check_rows(tariff, vehicle, rows, sizeof rows / sizeof rows[0])

static void test_tariff__two_wheelers_at_every_boundary(void **state)
{
    (void)state;
    static const struct row rows[] = {
        /* No length: nothing. */
        {"2026-03-02T08:00:00", "2026-03-02T08:00:00", 0, "2026-03-02T08:00:00"},
        /* A turn is a turn, however short. */
        {"2026-03-02T08:00:00", "2026-03-02T08:00:01", 5000, "2026-03-02T20:00:00"},
        /* 18:00 is night, 17:59:59.999 is day; ending at 18:00 touches no night. */
        {"2026-03-02T17:59:59", "2026-03-02T18:00:00", 5000, "2026-03-02T18:00:01"},
        {"2026-03-02T18:00:00", "2026-03-02T18:00:01", 8000, "2026-03-03T06:00:00"},
        {"2026-03-02T17:59:59.999", "2026-03-02T18:00:00.001", 5000, NULL},
        {"2026-03-02T17:59:59.999", "2026-03-02T18:00:00.002", 8000, NULL},
        /* 06:00 is day; one second of it does not make a mixed stay dearer below 12 h … */
        {"2026-03-02T18:00:00", "2026-03-03T06:00:00", 8000, "2026-03-03T06:00:00"},
        /* … but this one is longer than 12 h, by the recorded policy. */
        {"2026-03-02T18:00:00", "2026-03-03T06:00:01", 12000, "2026-03-03T18:00:00"},
        {"2026-03-02T05:59:59", "2026-03-02T06:00:00", 8000, "2026-03-02T06:00:01"},
        {"2026-03-02T06:00:00", "2026-03-02T18:00:00", 5000, "2026-03-02T18:00:00"},
        {"2026-03-02T06:00:00", "2026-03-02T18:00:01", 12000, "2026-03-03T06:00:00"},
        {"2026-03-02T05:59:59", "2026-03-02T17:59:58", 5000, "2026-03-02T17:59:59"},
        /* Exactly 12 h, mixed: no longer under 12 h. */
        {"2026-03-02T05:59:59", "2026-03-02T17:59:59", 12000, NULL},
        {"2026-03-02T17:00:00", "2026-03-02T19:00:00", 5000, "2026-03-02T19:00:00"},
        {"2026-03-02T17:00:00", "2026-03-02T19:00:00.001", 8000, NULL},
        /* Windows of 24 h from the entry. */
        {"2026-03-02T07:00:00", "2026-03-03T07:00:00", 12000, "2026-03-03T07:00:00"},
        {"2026-03-02T07:00:00", "2026-03-03T07:00:01", 17000, "2026-03-03T19:00:00"},
        {"2026-03-02T07:00:00", "2026-03-03T18:00:00", 17000, NULL},
        {"2026-03-02T20:00:00", "2026-03-03T21:00:00", 20000, NULL},
        /* A leap day, a year's end, a month's end and thirty days. */
        {"2028-02-28T20:00:00", "2028-03-01T20:00:00", 24000, NULL},
        {"2025-12-31T20:00:00", "2026-01-01T02:00:00", 8000, NULL},
        {"2026-03-01T07:00:00", "2026-03-31T07:00:00", 360000, NULL},
    };
    CHECK("hanoi-two-wheel-z1", "motorbike", rows);
}

static void test_tariff__hanoi_car_hours(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"2026-03-02T09:00:00", "2026-03-02T09:00:00", 0, "2026-03-02T09:00:00"},
        {"2026-03-02T09:00:00", "2026-03-02T09:00:00.001", 25000, "2026-03-02T10:00:00"},
        {"2026-03-02T09:00:00", "2026-03-02T09:30:00", 25000, "2026-03-02T10:00:00"},
        {"2026-03-02T09:00:00", "2026-03-02T10:00:00", 25000, "2026-03-02T10:00:00"},
        {"2026-03-02T09:00:00", "2026-03-02T10:00:00.001", 50000, "2026-03-02T11:00:00"},
        {"2026-03-02T09:00:00", "2026-03-03T09:00:00", 1020000, NULL},
        {"2026-03-02T09:00:00", "2026-04-01T09:00:00", 120000 + 716 * 45000, NULL},
        {"2025-12-31T23:30:00", "2026-01-01T00:30:00", 25000, "2026-01-01T00:30:00"},
        {"2024-02-28T23:30:00", "2024-02-29T01:31:00", 85000, "2024-02-29T02:30:00"},
    };
    CHECK("hanoi-car-c2", "car", rows);
    static const struct row c1[] = {{"2026-03-02T09:00:00", "2026-03-02T12:00:00", 90000, NULL},
                                    {"2026-03-02T09:00:00", "2026-03-02T15:30:00", 210000, NULL}};
    CHECK("hanoi-car-c1", "car", c1);
}

static void test_tariff__charged_hours_only(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"2026-03-02T23:00:00", "2026-03-03T01:00:00", 25000, "2026-03-03T06:00:00"},
        {"2026-03-03T00:00:00", "2026-03-03T06:00:00", 0, "2026-03-03T06:00:00"},
        {"2026-03-03T05:00:00", "2026-03-03T06:00:01", 25000, "2026-03-03T07:00:00"},
        /* The evening's half hour and the morning's make one hour of the first tier. */
        {"2026-03-02T23:30:00", "2026-03-03T06:30:00", 25000, "2026-03-03T06:30:00"},
        {"2026-03-02T22:00:00", "2026-03-03T08:00:00", 110000, NULL},
    };
    CHECK("hcmc-car-area1", "car", rows);
    static const struct row two[] = {{"2026-03-02T09:00:00", "2026-03-02T14:00:00", 120000, NULL}};
    CHECK("hcmc-car-area2", "car", two);
}

static void test_tariff__blocks_and_a_capped_night(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"2026-03-02T09:00:00", "2026-03-02T13:00:00", 6000, "2026-03-02T13:00:00"},
        {"2026-03-02T09:00:00", "2026-03-02T13:01:00", 10000, "2026-03-02T17:00:00"},
        {"2026-03-02T09:00:00", "2026-03-02T17:01:00", 19000, NULL},
        {"2026-03-02T09:00:00", "2026-03-05T17:01:00", 19000, NULL},
    };
    CHECK("tansonnhat-motorbike", "motorbike", rows);
    struct tariff_price price = price_of("motorbike", "2026-03-02T09:00:00", "2026-03-02T17:01:00");
    assert_int_equal(price.vat.vnd, 1727); /* 19000 × 10/110 = 1727.27 */
    assert_false(price.has_next_change);
    static const struct row night[] = {
        {"2026-03-02T21:00:00", "2026-03-02T23:00:00", 30000, NULL},
        /* 15 before ten, then 9 hours of the night at most 120, then 25 an hour. */
        {"2026-03-02T21:00:00", "2026-03-03T07:00:00", 135000, "2026-03-03T07:00:00"},
        {"2026-03-02T21:00:00", "2026-03-03T08:00:00", 160000, NULL},
        {"2026-03-02T21:00:00", "2026-03-03T05:00:00", 135000, "2026-03-03T07:00:00"},
    };
    CHECK("danang-automated", "car", night);
}

static void test_tariff__the_decision_before_2018_and_its_end(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"2017-12-31T10:00:00", "2017-12-31T15:00:00", 3000, NULL},
        {"2017-12-31T23:00:00", "2018-01-01T01:00:00", 5000, NULL},
        {"2017-12-31T10:00:00", "2018-01-02T10:00:00", 14000, NULL},
    };
    CHECK("hanoi-58-2016-two-wheel", "motorbike", rows);
    struct tariff_price price;
    struct tariff_stay stay = {.vehicle = VEHICLE_MOTORBIKE,
                               .entry = at("2018-01-01T00:00:00"),
                               .exit = at("2018-01-01T01:00:00")};
    assert_int_equal(tariff_price_stay(&set, &stay, &price), DX_E_VERSION);
    load("hanoi-two-wheel-z1");
    ok(tariff_price_stay(&set, &stay, &price));
    assert_int_equal(price.total.vnd, 8000);
}

static void test_tariff__monthly_passes(void **state)
{
    (void)state;
    money_t total;
    load("hanoi-two-wheel-z1");
    ok(tariff_price_pass(&set, "month", VEHICLE_MOTORBIKE, at("2026-03-02T00:00:00"), 1, &total));
    assert_int_equal(total.vnd, 120000);
    ok(tariff_price_pass(&set, "month", VEHICLE_BICYCLE, at("2026-03-02T00:00:00"), 3, &total));
    assert_int_equal(total.vnd, 210000);
    assert_int_equal(
        tariff_price_pass(&set, "month", VEHICLE_CAR, at("2026-03-02T00:00:00"), 1, &total),
        DX_E_NOT_FOUND);
    load("hanoi-car-c1");
    ok(tariff_price_pass(&set, "month-day", VEHICLE_CAR, at("2026-03-02T00:00:00"), 1, &total));
    assert_int_equal(total.vnd, 3000000);
}

static void test_tariff__clock_skew_and_long_stays_are_for_review(void **state)
{
    (void)state;
    struct tariff_price price;
    memset(&price, 0x5A, sizeof price);
    struct tariff_price before = price;
    load("hanoi-car-c2");
    struct tariff_stay stay = {.vehicle = VEHICLE_CAR,
                               .entry = at("2026-03-02T09:00:00"),
                               .exit = at("2026-03-02T08:59:59")};
    assert_int_equal(tariff_price_stay(&set, &stay, &price), DX_E_INVAL);
    stay.exit = at("2026-04-01T09:00:00.001");
    assert_int_equal(tariff_price_stay(&set, &stay, &price), DX_E_RANGE);
    stay.exit = at("2026-03-02T10:00:00");
    stay.vehicle = VEHICLE_MOTORBIKE;
    assert_int_equal(tariff_price_stay(&set, &stay, &price), DX_E_NOT_FOUND);
    stay.vehicle = VEHICLE_UNKNOWN;
    assert_int_equal(tariff_price_stay(&set, &stay, &price), DX_E_NOT_FOUND);
    stay.vehicle = VEHICLE_CAR;
    stay.entry = at("2016-03-02T09:00:00");
    stay.exit = at("2016-03-02T10:00:00");
    assert_int_equal(tariff_price_stay(&set, &stay, &price), DX_E_VERSION);
    assert_memory_equal(&price, &before, sizeof price);
}

static void test_tariff__receipt_lines_in_two_languages(void **state)
{
    (void)state;
    load("hanoi-car-c2");
    struct tariff_price price = price_of("car", "2026-03-02T09:00:00", "2026-03-02T14:30:00");
    assert_int_equal(price.line_count, 3);
    assert_string_equal(price.lines[0].text_vi, "Gửi theo giờ, giờ thứ 1–2: 2 × 25.000 đ");
    assert_string_equal(price.lines[1].text_en, "Time, hours 3–4: 2 × 35,000 VND");
    assert_string_equal(price.lines[2].text_vi, "Gửi theo giờ, từ giờ thứ 5: 2 × 45.000 đ");
    assert_int_equal(price.lines[2].amount_vnd, 90000);
    load("hanoi-two-wheel-z1");
    price = price_of("motorbike", "2026-03-02T07:00:00", "2026-03-04T09:00:00");
    assert_string_equal(price.lines[0].text_vi, "Lượt ban ngày: 1 × 5.000 đ");
    assert_string_equal(price.lines[1].text_en, "Turn by day and night: 2 × 12,000 VND");
    load("tansonnhat-motorbike");
    price = price_of("motorbike", "2026-03-02T07:00:00", "2026-03-02T17:00:00");
    assert_string_equal(price.lines[0].text_vi, "Gửi theo giờ, 0 giờ–4 giờ: 1 × 6.000 đ/4 giờ");
    assert_string_equal(price.lines[2].text_en, "Time, after 8 h");
}

TESTS(T(test_tariff__shared_vectors), T(test_tariff__two_wheelers_at_every_boundary),
      T(test_tariff__hanoi_car_hours), T(test_tariff__charged_hours_only),
      T(test_tariff__blocks_and_a_capped_night),
      T(test_tariff__the_decision_before_2018_and_its_end), T(test_tariff__monthly_passes),
      T(test_tariff__clock_skew_and_long_stays_are_for_review),
      T(test_tariff__receipt_lines_in_two_languages))
