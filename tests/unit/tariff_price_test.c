/* One rule of docs/TARIFF.md at a time, with numbers that can be checked by hand. */
#include "proto/io/tariff_file.h"
#include "tests/harness/harness.h"

#include <malloc.h>

static struct tariff_set set;
static struct tariff_price price;
static struct tariff_stay stay;

#define HEAD(more)                                                                             \
    "tariff: t\nversions:\n  - version: v1\n    title: {vi: T, en: T}\n    status: verified\n" \
    "    legal: [x]\n    valid_from: 2025-01-01\n" more
#define HOURLY "    elements: [{time: [{block: 1h, price_vnd: 10000}]}]\n"

static void load(const char *text)
{
    char error[512];
    if (tariff_file_load_text("t.yaml", str_c(text), &set, error, sizeof error)) {
        fail_msg("%s", error);
    }
    memset(&stay, 0, sizeof stay);
    stay.vehicle = VEHICLE_CAR;
}

static wall_t at(const char *iso)
{
    wall_t t = {0};
    ok(time_parse_iso(str_c(iso), &t));
    return t;
}

/* 2026-03-02 is a Monday. */
static int64_t total(const char *entry, const char *exit)
{
    stay.entry = at(entry);
    stay.exit = at(exit);
    int error = tariff_price_stay(&set, &stay, &price);
    if (error) {
        return error;
    }
    int64_t sum = 0;
    for (int i = 0; i < price.line_count; i++) {
        sum += price.lines[i].amount_vnd;
    }
    assert_int_equal(sum, price.total.vnd);
    return price.total.vnd;
}

static void give(enum tariff_discount_kind kind, int64_t value)
{
    stay.given[stay.given_count].kind = kind;
    stay.given[stay.given_count++].value = value;
}

static void test_tariff__first_element_that_holds_wins(void **state)
{
    (void)state;
    load(HEAD("    calendars:\n      - {name: tet, kind: free, days: [2026-02-16..2026-02-18]}\n"
              "      - {name: lunch-off, kind: holiday, days: [2026-03-04]}\n"
              "      - {name: expo, kind: event, days: [2026-03-05]}\n"
              "    elements:\n"
              "      - {when: {on: [expo]}, time: [{block: 1h, price_vnd: 40000}]}\n"
              "      - {when: {on: [lunch-off], hours: 11:00-13:00}, free: true}\n"
              "      - {when: {weekdays: [sat, sun], not_on: [lunch-off]},\n"
              "         time: [{block: 1h, price_vnd: 20000}]}\n"
              "      - {when: {entered: 06:00-08:00}, entry_vnd: 30000,\n"
              "         time: [{block: 1h, price_vnd: 0}]}\n"
              "      - {time: [{block: 1h, price_vnd: 10000}]}\n"));
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T12:00:00"), 30000);
    assert_int_equal(total("2026-03-07T09:00:00", "2026-03-07T12:00:00"), 60000);  /* Saturday */
    assert_int_equal(total("2026-03-05T09:00:00", "2026-03-05T12:00:00"), 120000); /* event */
    assert_int_equal(total("2026-03-04T09:00:00", "2026-03-04T14:00:00"), 30000);  /* noon free */
    assert_int_equal(total("2026-03-02T07:59:59", "2026-03-02T17:00:00"), 30000);  /* early bird */
    assert_int_equal(total("2026-03-02T08:00:00", "2026-03-02T17:00:00"), 90000);
    assert_int_equal(total("2026-02-17T09:00:00", "2026-02-17T17:00:00"), 0); /* free day */
    /* Friday 22:00 to Saturday 02:00: two hours at each price. */
    assert_int_equal(total("2026-03-06T22:00:00", "2026-03-07T02:00:00"), 60000);
    /* The free days end at midnight. */
    assert_int_equal(total("2026-02-18T20:00:00", "2026-02-19T01:30:00"), 20000);
}

static void test_tariff__time_since_entry(void **state)
{
    (void)state;
    load(HEAD("    elements:\n"
              "      - {when: {stayed_until: 2h}, time: [{block: 1h, price_vnd: 10000}]}\n"
              "      - {when: {stayed_from: 3h, stayed_until: 5h}, time: [{block: 1h, price_vnd: "
              "7000}]}\n"));
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T11:30:00"), 20000);
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T12:00:00.001"), 27000);
    assert_true(price.next_change.ms == at("2026-03-02T13:00:00").ms);
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T20:00:00"), 34000);
    assert_false(price.has_next_change);
}

static void test_tariff__free_minutes_as_cliff_and_as_deduction(void **state)
{
    (void)state;
    load(HEAD("    terms: [{free: {time: 15min, as: cliff}}]\n" HOURLY));
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T09:15:00"), 0);
    assert_true(price.next_change.ms == at("2026-03-02T09:15:00").ms);
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T09:15:00.001"), 10000);
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T10:00:01"), 20000);
    load(HEAD("    terms: [{free: {time: 15min, as: deduction}}]\n" HOURLY));
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T09:15:00"), 0);
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T10:15:00"), 10000);
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T10:15:01"), 20000);
    assert_true(price.next_change.ms == at("2026-03-02T11:15:00").ms);
}

static void test_tariff__rolling_and_calendar_caps(void **state)
{
    (void)state;
    load(HEAD("    terms: [{caps: [{limit_vnd: 50000, per: calendar_day}]}]\n" HOURLY));
    assert_int_equal(total("2026-03-02T20:00:00", "2026-03-03T08:00:00"), 90000);
    assert_true(price.next_change.ms == at("2026-03-04T00:00:00").ms);
    load(HEAD("    terms: [{caps: [{limit_vnd: 50000, per: rolling, window: 24h}]}]\n" HOURLY));
    assert_int_equal(total("2026-03-02T20:00:00", "2026-03-03T08:00:00"), 50000);
    assert_true(price.next_change.ms == at("2026-03-03T20:00:00").ms);
    assert_int_equal(total("2026-03-02T20:00:00", "2026-03-03T20:00:01"), 60000);
    /* Both: a charge takes the smallest room that is left, and takes it from both. */
    load(HEAD(
        "    terms:\n      - caps:\n          - {limit_vnd: 50000, per: rolling, window: 24h}\n"
        "          - {limit_vnd: 15000, per: hours, hours: 22:00-06:00}\n" HOURLY));
    assert_int_equal(total("2026-03-02T20:00:00", "2026-03-03T08:00:00"), 50000);
    assert_int_equal(total("2026-03-02T20:00:00", "2026-03-03T06:30:00"), 45000);
    assert_int_equal(price.lines[1].kind, TARIFF_LINE_CAP);
    assert_int_equal(price.lines[1].amount_vnd, -65000);
}

static void test_tariff__nights(void **state)
{
    (void)state;
    load(HEAD("    terms: [{night: 22:00-06:00}]\n"
              "    elements:\n      - {when: {hours: 06:00-22:00}, time: [{block: 1h, price_vnd: "
              "10000}]}\n      - {night_vnd: 30000}\n"));
    assert_int_equal(total("2026-03-02T20:00:00", "2026-03-02T22:00:00"), 20000);
    assert_int_equal(total("2026-03-02T20:00:00", "2026-03-02T22:00:01"), 50000);
    assert_int_equal(total("2026-03-02T20:00:00", "2026-03-03T08:00:00"), 70000);
    assert_int_equal(total("2026-03-03T01:00:00", "2026-03-03T02:00:00"), 30000);
    assert_int_equal(total("2026-03-02T20:00:00", "2026-03-05T00:30:00"), 90000 + 340000);
    load(HEAD("    terms: [{night: 22:00-06:00, night_at_least: 4h}]\n"
              "    elements: [{night_vnd: 30000}]\n"));
    assert_int_equal(total("2026-03-02T20:00:00", "2026-03-03T01:59:59.999"), 0);
    assert_true(price.next_change.ms == at("2026-03-03T02:00:00").ms);
    assert_int_equal(total("2026-03-02T20:00:00", "2026-03-03T02:00:00"), 30000);
}

static void test_tariff__mixed_turns_by_every_policy(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        int64_t short_vnd, day_and_night_vnd, two_days_vnd;
    } rows[] = {
        /* 16:00-19:00, 06:00-06:00, and 40 h from 10:00. */
        {"mixed: both", 12000, 12000, 24000},
        {"mixed: majority, majority_below: 12h", 5000, 12000, 24000},
        {"mixed: dearer", 8000, 8000, 16000},
        {"mixed: sum", 13000, 13000, 26000},
        {"mixed: entry", 5000, 5000, 10000},
        {"mixed: each_period", 13000, 13000, 26000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[1024];
        snprintf(
            text, sizeof text,
            HEAD("    terms: [{turn: {%s}}]\n"
                 "    elements: [{turn: {day_vnd: 5000, night_vnd: 8000, both_vnd: 12000}}]\n"),
            rows[i].words);
        load(text);
        assert_int_equal(total("2026-03-02T16:00:00", "2026-03-02T19:00:00"), rows[i].short_vnd);
        assert_int_equal(total("2026-03-02T06:00:00", "2026-03-03T06:00:00"),
                         rows[i].day_and_night_vnd);
        assert_int_equal(total("2026-03-02T10:00:00", "2026-03-04T02:00:00"), rows[i].two_days_vnd);
    }
}

static void test_tariff__version_changes_during_a_stay(void **state)
{
    (void)state;
#define TWO(policy)                                                                              \
    "tariff: t\nversions:\n  - version: v1\n    title: {vi: T, en: T}\n    status: verified\n"   \
    "    legal: [x]\n    valid_from: 2026-01-01\n    valid_until: 2026-02-01\n"                  \
    "    on_version_change: " policy                                                             \
    "\n    elements: [{time: [{until: 2h, block: 1h, price_vnd: 10000}, {block: 1h, price_vnd: " \
    "30000}]}]\n  - version: v2\n    title: {vi: T, en: T}\n    status: verified\n"              \
    "    legal: [x]\n    valid_from: 2026-02-01\n    valid_until: 2026-02-02\n"                  \
    "    elements: [{time: [{until: 2h, block: 1h, price_vnd: 20000}, {block: 1h, price_vnd: "   \
    "50000}]}]\n"
    load(TWO("entry"));
    assert_int_equal(total("2026-01-31T22:30:00", "2026-02-01T01:30:00"), 50000);
    assert_int_equal(total("2026-01-31T22:30:00", "2026-02-03T22:30:00"), 20000 + 70 * 30000);
    /* 1.5 h: two blocks of v1.  Then half an hour of v2's first tier and an hour of its second. */
    load(TWO("split"));
    assert_int_equal(total("2026-01-31T22:30:00", "2026-02-01T01:30:00"), 20000 + 20000 + 50000);
    assert_string_equal(price.version, "v1");
    assert_non_null(strstr(price.lines[0].text_en, "[v1]"));
    assert_non_null(strstr(price.lines[2].text_en, "[v2]"));
    assert_int_equal(total("2026-02-01T22:30:00", "2026-02-01T23:30:00"), 20000);
    assert_string_equal(price.version, "v2");
    /* Beyond the last version there is no price, and that counts as a change. */
    assert_int_equal(total("2026-01-31T22:30:00", "2026-02-02T00:00:01"), DX_E_VERSION);
    assert_int_equal(total("2026-01-31T22:30:00", "2026-02-01T23:45:00"), 40000 + 24 * 50000);
    assert_true(price.next_change.ms == at("2026-02-02T00:00:00").ms);
}

static void test_tariff__minimum_maximum_rounding_and_vat(void **state)
{
    (void)state;
    load(HEAD("    rounding: {unit_vnd: 1000, rule: half_even}\n"
              "    vat: {percent: 10%, rounding: half_up}\n"
              "    terms: [{minimum_vnd: 8000, maximum_vnd: 25000}]\n"
              "    elements: [{when: {hours: 06:00-24:00}, time: [{block: 10min, price_vnd: "
              "1500}]}]\n"));
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T09:05:00"), 8000);
    assert_int_equal(price.vat.vnd, 727); /* 8000 / 11 = 727.27 */
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T10:05:00"), 10000); /* 10500: even */
    assert_int_equal(price.vat.vnd, 909);
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T10:25:00"), 14000); /* 13500: even */
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T19:00:00"), 25000);
    assert_int_equal(price.lines[1].kind, TARIFF_LINE_LIMIT);
    assert_false(price.has_next_change);
    assert_int_equal(total("2026-03-02T01:00:00", "2026-03-02T02:00:00"), 0); /* no minimum */
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T09:00:00"), 0);
}

static void test_tariff__discounts_and_vouchers(void **state)
{
    (void)state;
    const char *text =
        HEAD("    rounding: {unit_vnd: 1000, rule: half_up}\n"
             "    discounts:\n      - {name: staff, label: {vi: Nhân viên, en: Staff}, percent: "
             "50%}\n      - {name: shop, label: {vi: Cửa hàng, en: Shop}, vehicles: [car], time: "
             "1h}\n" HOURLY);
    load(text);
    give(TARIFF_DISCOUNT_NAMED, 0);
    memcpy(stay.given[0].name, "staff", 6);
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T12:00:00"), 15000);
    assert_string_equal(price.lines[1].text_en, "Staff, Discount 50%");
    give(TARIFF_DISCOUNT_AMOUNT, 4000);
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T12:00:00"), 11000);
    give(TARIFF_DISCOUNT_PERCENT, 1250); /* 62.5 % off 30000 = 11250, less 4000 = 7250 */
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T12:00:00"), 7000);
    give(TARIFF_DISCOUNT_PERCENT, 9000);
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T12:00:00"), 0);
    load(text);
    give(TARIFF_DISCOUNT_NAMED, 0);
    memcpy(stay.given[0].name, "shop", 5);
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T12:00:00"), 20000);
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T10:00:00"), 0);
    stay.vehicle = VEHICLE_MOTORBIKE; /* not for motorbikes */
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T12:00:00"), DX_E_NOT_FOUND);
    load(text);
    give(TARIFF_DISCOUNT_AMOUNT, 99000);
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T12:00:00"), 0);
    assert_int_equal(price.lines[1].amount_vnd, -30000);
    stay.given[0].value = -1;
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T12:00:00"), DX_E_INVAL);
    stay.given[0] = (struct tariff_given){.kind = TARIFF_DISCOUNT_PERCENT, .value = 10001};
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T12:00:00"), DX_E_INVAL);
    stay.given_count = TARIFF_HELD_MAX + 1;
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T12:00:00"), DX_E_INVAL);
}

static void test_tariff__grace_after_payment(void **state)
{
    (void)state;
    money_t due;
    load(HEAD("    grace_after_payment: 10min\n" HOURLY));
    stay.entry = at("2026-03-02T09:00:00");
    stay.exit = at("2026-03-02T10:05:00");
    ok(tariff_price_due(&set, &stay, at("2026-03-02T09:55:00"), money(10000), &price, &due));
    assert_int_equal(due.vnd, 0); /* exactly ten minutes */
    stay.exit = at("2026-03-02T10:05:00.001");
    ok(tariff_price_due(&set, &stay, at("2026-03-02T09:55:00"), money(10000), &price, &due));
    assert_int_equal(due.vnd, 10000);
    assert_int_equal(price.total.vnd, 20000);
    /* Paid too little: the rest is due also within grace.  Too much: nothing is. */
    stay.exit = at("2026-03-02T10:01:00");
    ok(tariff_price_due(&set, &stay, at("2026-03-02T09:55:00"), money(6000), &price, &due));
    assert_int_equal(due.vnd, 4000);
    ok(tariff_price_due(&set, &stay, at("2026-03-02T09:55:00"), money(50000), &price, &due));
    assert_int_equal(due.vnd, 0);
    assert_int_equal(
        tariff_price_due(&set, &stay, at("2026-03-02T08:59:59"), money(0), &price, &due),
        DX_E_INVAL);
}

static void test_tariff__lost_ticket(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        int64_t short_vnd, long_vnd, free_vnd;
    } rows[] = {{"rule: fee, amount_vnd: 50000, legal: L", 60000, 130000, 50000},
                {"rule: at_least, amount_vnd: 50000, legal: L", 50000, 80000, 50000},
                {"rule: instead, amount_vnd: 50000, legal: L", 50000, 50000, 50000},
                {"rule: none", 10000, 80000, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[1024];
        snprintf(text, sizeof text, HEAD("    terms: [{lost_ticket: {%s}}]\n" HOURLY),
                 rows[i].rule);
        load(text);
        stay.lost_ticket = true;
        assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T10:00:00"), rows[i].short_vnd);
        assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T17:00:00"), rows[i].long_vnd);
        assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T09:00:00"), rows[i].free_vnd);
        stay.lost_ticket = false;
        assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T10:00:00"), 10000);
    }
}

static void hold(const char *name, const char *from, const char *until)
{
    struct tariff_held_pass *pass = &stay.passes[stay.pass_count++];
    ok(str_copy(pass->name, sizeof pass->name, str_c(name)));
    pass->valid = (struct tariff_span){at(from), at(until)};
}

static void test_tariff__passes_take_out_what_they_cover(void **state)
{
    (void)state;
    const char *text =
        HEAD("    terms: [{turn: {mixed: majority, majority_below: 12h}}]\n"
             "    passes:\n      - {name: day, label: {vi: V, en: P}, month_vnd: 5, hours: "
             "06:00-18:00}\n"
             "      - {name: all, label: {vi: V, en: P}, month_vnd: 9}\n"
             "      - {name: week, label: {vi: V, en: P}, month_vnd: 9, weekdays: [mon, tue]}\n"
             "    elements:\n      - when: {vehicles: [motorbike]}\n"
             "        turn: {day_vnd: 5000, night_vnd: 8000, both_vnd: 12000}\n"
             "      - {when: {vehicles: [car]}, time: [{block: 1h, price_vnd: 10000}]}\n");
    load(text);
    stay.vehicle = VEHICLE_MOTORBIKE;
    hold("day", "2026-03-01T00:00:00", "2026-04-01T00:00:00");
    assert_int_equal(total("2026-03-02T08:00:00", "2026-03-02T18:00:00"), 0);
    assert_int_equal(total("2026-03-02T08:00:00", "2026-03-02T21:00:00"), 8000);
    /* The pass ends at midnight while the car is inside. */
    load(text);
    hold("all", "2026-03-01T00:00:00", "2026-04-01T00:00:00");
    assert_int_equal(total("2026-03-31T20:00:00", "2026-04-01T00:00:00"), 0);
    assert_true(price.next_change.ms == at("2026-04-01T00:00:00").ms);
    assert_int_equal(total("2026-03-31T20:00:00", "2026-04-01T01:30:00"), 20000);
    load(text);
    hold("week", "2026-03-01T00:00:00", "2026-04-01T00:00:00");
    assert_int_equal(total("2026-03-03T22:00:00", "2026-03-04T01:00:00"), 10000); /* Tuesday */
    load(text);
    hold("none", "2026-03-01T00:00:00", "2026-04-01T00:00:00");
    assert_int_equal(total("2026-03-02T08:00:00", "2026-03-02T18:00:00"), DX_E_NOT_FOUND);
}

static void test_tariff__a_lot_that_is_free_by_order(void **state)
{
    (void)state;
    load(HEAD(HOURLY));
    stay.free[stay.free_count++] =
        (struct tariff_span){at("2026-02-14T00:00:00"), at("2026-02-23T00:00:00")};
    assert_int_equal(total("2026-02-15T08:00:00", "2026-02-20T18:00:00"), 0);
    assert_int_equal(total("2026-02-22T23:00:00", "2026-02-23T01:30:00"), 20000);
    assert_int_equal(total("2026-02-13T22:30:00", "2026-02-23T00:30:00"), 20000);
}

static void test_tariff__completed_blocks_and_prices_for_a_tier(void **state)
{
    (void)state;
    load(HEAD("    elements:\n      - time:\n          - {until: 1h, price_vnd: 5000}\n"
              "          - {block: 30min, price_vnd: 2000, count: completed}\n"));
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T09:00:00.001"), 5000);
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T10:29:59.999"), 5000);
    assert_true(price.next_change.ms == at("2026-03-02T10:30:00").ms);
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T10:30:00"), 7000);
    assert_int_equal(total("2026-03-02T09:00:00", "2026-03-02T12:15:00"), 13000);
}

static void test_tariff__more_lines_than_there_is_room_for(void **state)
{
    (void)state;
    static struct tariff_set wide;
    load(HEAD(HOURLY));
    wide = set;
    struct tariff *t = &wide.versions[0];
    t->element_count = TARIFF_ELEMENTS_MAX;
    for (int i = 0; i < t->element_count; i++) {
        t->elements[i] = t->elements[0];
        t->elements[i].when.hours = (struct tariff_hours){i * 60, i * 60 + 60};
        t->elements[i].tier_count = 2;
        t->elements[i].tiers[0] = (struct tariff_tier){90 * TIME_MINUTE_MS, TIME_HOUR_MS, 1000, 0};
        t->elements[i].tiers[1] = (struct tariff_tier){0, TIME_HOUR_MS, 2000 + i, 0};
        t->elements[i].has_night = true;
        t->elements[i].night_vnd = 100;
    }
    stay.entry = at("2026-03-02T00:00:00");
    stay.exit = at("2026-03-12T00:00:00");
    ok(tariff_price_stay(&wide, &stay, &price));
    int64_t sum = 0;
    bool other = false;
    for (int i = 0; i < price.line_count; i++) {
        sum += price.lines[i].amount_vnd;
        other = other || price.lines[i].kind == TARIFF_LINE_OTHER;
    }
    assert_true(other);
    assert_int_equal(sum, price.total.vnd);
}

/* ---- no heap ---- */

static int64_t allocations;

void __sanitizer_malloc_hook(const volatile void *p, size_t n);
void __sanitizer_malloc_hook(const volatile void *p, size_t n)
{
    (void)p;
    (void)n;
    allocations++;
}

static int64_t allocated(void)
{
    return allocations + (int64_t)mallinfo2().uordblks;
}

static void test_tariff__pricing_allocates_nothing(void **state)
{
    (void)state;
    int64_t before = allocated();
    void *one = malloc(100);
    assert_non_null(one);
    assert_true(allocated() > before); /* the measurement measures */
    free(one);
    load(HEAD("    terms: [{caps: [{limit_vnd: 50000, per: calendar_day}]}]\n" HOURLY));
    stay.entry = at("2026-03-02T20:00:00");
    stay.exit = at("2026-03-12T20:00:00");
    before = allocated();
    ok(tariff_price_stay(&set, &stay, &price));
    assert_true(allocated() == before);
}

/* ---- structs that no reader made ---- */

static void assert_problem(const struct tariff *tariff, const char *path)
{
    struct tariff_problem problem;
    assert_int_equal(tariff_check(tariff, &problem), DX_E_CONFIG);
    assert_string_equal(problem.path, path);
    assert_true(str_is_utf8(str_c(problem.sentence)) && problem.sentence[0]);
}

static void test_tariff__check_trusts_nothing(void **state)
{
    (void)state;
    static struct tariff t;
    struct tariff_problem problem;
    load(HEAD("    terms: [{}]\n" HOURLY));
    const struct tariff good = set.versions[0];
    ok(tariff_check(&good, &problem));
#define BREAK(change, path)       \
    do {                          \
        t = good;                 \
        change;                   \
        assert_problem(&t, path); \
    } while (0)
    BREAK(memset(t.name, 'a', sizeof t.name), "name");
    BREAK(t.title.vi[0] = (char)0xFF, "title");
    BREAK(t.legal_count = 0, "legal");
    BREAK(t.legal_count = 99, "legal");
    BREAK(t.element_count = 99, "elements");
    BREAK(t.element_count = 0, "elements");
    BREAK(t.calendar_count = -1, "calendars");
    BREAK(t.round_unit_vnd = 0, "rounding.unit_vnd");
    BREAK(t.vat_bp = -1, "vat.percent");
    BREAK(t.elements[0].tier_count = 99, "elements[0].time");
    BREAK(t.elements[0].tiers[0].block_ms = 1, "elements[0].time[0].block");
    BREAK(t.elements[0].tiers[0].price_vnd = -1, "elements[0].time[0].price_vnd");
    BREAK(t.elements[0].when.vehicles = 1, "elements[0].when.vehicles");
    BREAK(t.elements[0].when.weekdays = 0, "elements[0].when.weekdays");
    BREAK(t.elements[0].when.on = 1, "elements[0].when.on");
    BREAK(t.elements[0].when.hours.until_min = 1441, "elements[0].when.hours");
    BREAK(t.terms[0].turn_window_ms = 0, "terms[0].turn.window");
    BREAK(t.terms[0].night.from_min = t.terms[0].night.until_min, "terms[0].night");
    BREAK(t.terms[0].night = ((struct tariff_hours){0, 1440}), "terms[0].night");
    BREAK(t.terms[0].night_at_least_ms = TIME_DAY_MS, "terms[0].night_at_least");
    BREAK(t.terms[0].majority_below_ms = 5, "terms[0].turn");
    BREAK(t.terms[0].free_ms = 5, "terms[0].free");
    BREAK(t.terms[0].cap_count = 1, "terms[0].caps[0].limit_vnd");
    BREAK(t.terms[0].cap_count = 9, "terms[0].caps");
    BREAK(t.discount_count = 1, "discounts[0].name");
    BREAK(t.pass_count = 1, "passes[0].name");
}

static void test_tariff__seal_covers_the_content(void **state)
{
    (void)state;
    load(HEAD(HOURLY));
    static struct tariff t;
    t = set.versions[0];
    assert_true(tariff_is_sealed(&t));
    t.elements[0].tiers[0].price_vnd++;
    assert_false(tariff_is_sealed(&t));
    t = set.versions[0];
    t.legal[0][0]++;
    assert_false(tariff_is_sealed(&t));
    t = set.versions[0];
    t.legal[0][TARIFF_NOTE_CAP - 1] = 'x'; /* behind the NUL: no content */
    assert_true(tariff_is_sealed(&t));
    t = set.versions[0];
    t.valid_until.ms--;
    assert_false(tariff_is_sealed(&t));
}

static void test_tariff__refusals_have_a_sentence(void **state)
{
    (void)state;
    static const int errors[] = {DX_E_INVAL, DX_E_RANGE, DX_E_VERSION, DX_E_NOT_FOUND};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        assert_string_not_equal(tariff_error_vi(errors[i]), tariff_error_en(errors[i]));
    }
    load(HEAD(HOURLY));
    stay.entry.ms = INT64_MIN;
    stay.exit.ms = INT64_MAX;
    assert_int_equal(tariff_price_stay(&set, &stay, &price), DX_E_INVAL);
}

TESTS(T(test_tariff__first_element_that_holds_wins), T(test_tariff__time_since_entry),
      T(test_tariff__free_minutes_as_cliff_and_as_deduction),
      T(test_tariff__rolling_and_calendar_caps), T(test_tariff__nights),
      T(test_tariff__mixed_turns_by_every_policy), T(test_tariff__version_changes_during_a_stay),
      T(test_tariff__minimum_maximum_rounding_and_vat), T(test_tariff__discounts_and_vouchers),
      T(test_tariff__grace_after_payment), T(test_tariff__lost_ticket),
      T(test_tariff__passes_take_out_what_they_cover), T(test_tariff__a_lot_that_is_free_by_order),
      T(test_tariff__completed_blocks_and_prices_for_a_tier),
      T(test_tariff__more_lines_than_there_is_room_for), T(test_tariff__pricing_allocates_nothing),
      T(test_tariff__check_trusts_nothing), T(test_tariff__seal_covers_the_content),
      T(test_tariff__refusals_have_a_sentence))
