/* offline_test.c - an exit priced at the gate: whom it knows, what it says, what the lot allows. */
#include "gate/core/gate.h"
#include "proto/io/lot_json.h"
#include "proto/io/tariff_file.h"
#include "tests/harness/harness.h"

static const char tariff[] =
    "tariff: test-car\nversions:\n  - version: \"1\"\n    title: {vi: \"Thử\", en: \"Test\"}\n"
    "    status: unverified\n    legal: [\"none\"]\n    notes: [\"made up\"]\n"
    "    valid_from: 2018-01-01\n    on_version_change: entry\n"
    "    rounding: {unit_vnd: 1000, rule: half_up}\n    grace_after_payment: 10min\n"
    "    elements:\n      - when: {vehicles: [car]}\n        time:\n"
    "          - {block: 1h, price_vnd: 25000}\n";

#define SESSION "01JD8Q4Z8R0000000000000001"
#define T0      INT64_C(1772416500000)

static struct lot lot;
static struct inside inside;

/* A config or a part of inside, as the server writes it. */
static struct str config_text(int64_t version, const char *policy, const char *lists)
{
    static char space[LOT_MESSAGE_MAX];
    struct out out;
    out_init(&out, space, sizeof space);
    lot_write_head(&out, "config", "hn-0001", version);
    json_c(&out, "prefix", "DX");
    json_c(&out, "bin", "970436");
    json_c(&out, "account", "0123456789");
    json_i64(&out, "quote_valid_ms", 600000);
    json_c(&out, "policy", policy);
    json_i64(&out, "limit_vnd", 30000);
    json_array(&out, "tariffs");
    json_object(&out, NULL);
    json_c(&out, "vehicle", "car");
    json_c(&out, "text", tariff);
    json_object_end(&out);
    json_array_end(&out);
    json_raw(&out, "passes", STR("[]"));
    json_i64(&out, "lists_version", 1);
    json_raw(&out, "lists", str_c(lists));
    json_object_end(&out);
    assert_false(out_failed(&out));
    assert_true(lot_seal(space, out_str(&out).n));
    return out_str(&out);
}

static struct str inside_text(int64_t version, int64_t paid_vnd)
{
    static char space[8192];
    struct out out;
    struct lot_stay stay = {.session = SESSION,
                            .kind = SUBJECT_PLATE,
                            .vehicle = VEHICLE_CAR,
                            .key = "30F12345",
                            .entered = {T0},
                            .paid_vnd = paid_vnd,
                            .paid_at = {paid_vnd ? T0 + TIME_MINUTE_MS : 0},
                            .paycode = "DX7K3M9Q2X"};
    out_init(&out, space, sizeof space);
    lot_write_head(&out, "inside", "hn-0001", version);
    json_c(&out, "bucket", "1");
    json_array(&out, "stays");
    lot_write_stay(&out, &stay);
    json_array_end(&out);
    json_object_end(&out);
    assert_true(lot_seal(space, out_str(&out).n));
    return out_str(&out);
}

static void begin(const char *policy, const char *lists)
{
    const char *why = "";
    int bucket = 0;
    lot_fini(&lot);
    str_copy_cut(lot.id, sizeof lot.id, STR("hn-0001"));
    inside_init(&inside);
    if (lot_read_config(config_text(5, policy, lists), &lot, &why)) {
        fail_msg("%s", why);
    }
    ok(lot_read_inside(inside_text(100, 0), &lot, &bucket, &why));
}

static int price(const char *key, int64_t minutes, struct event *quoted, struct down *down)
{
    struct subject subject = {.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .confidence = 950};
    str_copy_cut(subject.key, sizeof subject.key, str_c(key));
    struct offline_ask ask = {.lot = &lot,
                              .inside = &inside,
                              .subject = &subject,
                              .session = "",
                              .ask = "01JD8Q4Z8R0000000000000009",
                              .at = {T0 + minutes * (int64_t)TIME_MINUTE_MS},
                              .random = {1, 2, 3, 4, 5, 6, 7, 8}};
    return offline_price(&ask, quoted, down);
}

static void test_offline__the_lots_stay_is_priced_by_the_same_engine_with_its_code(void **state)
{
    (void)state;
    struct event quoted;
    struct down down;
    begin("wait", "[]");
    ok(price("30F12345", 90, &quoted, &down));
    assert_int_equal(down.state, QUOTE_DUE);
    assert_int_equal(down.amount_vnd, 50000);
    assert_int_equal(down.local, QUOTE_LOCAL_WAIT);
    assert_string_equal(down.paycode, "DX7K3M9Q2X");
    assert_true(strstr(down.payload, "DX7K3M9Q2X") != NULL);
    assert_int_equal(quoted.fee_vnd, 50000);
    assert_string_equal(quoted.session, SESSION);
    assert_string_equal(quoted.tariff, lot.tariff[VEHICLE_CAR]->versions[0].digest);
    assert_int_equal(price("99A99999", 90, &quoted, &down), DX_E_NOT_FOUND);
    lot_fini(&lot);
}

static void test_offline__what_was_paid_counts_and_the_grace_holds(void **state)
{
    (void)state;
    struct event quoted;
    struct down down;
    const char *why = "";
    int bucket = 0;
    begin("wait", "[]");
    ok(lot_read_inside(inside_text(101, 25000), &lot, &bucket, &why));
    ok(price("30F12345", 5, &quoted, &down));
    assert_int_equal(down.state, QUOTE_PAID);
    ok(price("30F12345", 90, &quoted, &down)); /* beyond the grace: the rest */
    assert_int_equal(down.state, QUOTE_DUE);
    assert_int_equal(down.amount_vnd, 25000);
    lot_fini(&lot);
}

static void test_offline__policy_says_what_the_lane_may_do(void **state)
{
    (void)state;
    struct event quoted;
    struct down down;
    begin("open", "[]");
    ok(price("30F12345", 30, &quoted, &down));
    assert_int_equal(down.local, QUOTE_LOCAL_OPEN);
    ok(price("30F12345", 90, &quoted, &down)); /* above the limit */
    assert_int_equal(down.local, QUOTE_LOCAL_CONFIRM);
    begin("confirm", "[]");
    ok(price("30F12345", 30, &quoted, &down));
    assert_int_equal(down.local, QUOTE_LOCAL_CONFIRM);
    begin("open", "[{\"list\":\"exempt\",\"kind\":\"plate\",\"vehicle\":\"unknown\","
                  "\"key\":\"30F12345\",\"until_ms\":0}]");
    ok(price("30F12345", 90, &quoted, &down));
    assert_int_equal(down.state, QUOTE_EXEMPT);
    assert_int_equal(down.amount_vnd, 0);
    lot_fini(&lot);
}

static void test_offline__own_stay_of_the_outage_gets_a_code_of_its_own(void **state)
{
    (void)state;
    struct event quoted;
    struct down down;
    struct inside_entry entry = {.kind = SUBJECT_PLATE,
                                 .vehicle = VEHICLE_CAR,
                                 .key = "29A67890",
                                 .session = "01JD8Q4Z8R0000000000000002",
                                 .entered = {T0}};
    begin("wait", "[]");
    inside_add(&inside, &entry);
    ok(price("29A67890", 30, &quoted, &down));
    assert_true(paycode_is_valid("DX", str_c(down.paycode)));
    assert_string_equal(quoted.paycode, down.paycode);
    inside.entry[0].entered.ms = 0; /* it came in with an unset clock: never guessed (U8) */
    assert_int_equal(price("29A67890", 30, &quoted, &down), DX_E_NOT_FOUND);
    inside.entry[0].entered.ms = T0;
    lot.bucket[2].version = T0 + TIME_HOUR_MS; /* told later, and it is not in there: it has gone */
    assert_int_equal(price("29A67890", 30, &quoted, &down), DX_E_NOT_FOUND);
    lot_fini(&lot);
}

static void test_offline__who_is_inside_by_the_lots_list_as_long_as_it_is_current(void **state)
{
    (void)state;
    struct subject subject = {.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .key = "30F12345"};
    struct inside_entry entry = {.kind = SUBJECT_PLATE,
                                 .vehicle = VEHICLE_CAR,
                                 .key = "29A67890",
                                 .session = "01JD8Q4Z8R0000000000000002",
                                 .entered = {T0}};
    begin("wait", "[]");
    assert_string_equal(offline_inside(&inside, &lot, true, &subject), SESSION); /* another gate */
    assert_string_equal(offline_inside(&inside, &lot, false, &subject), "");     /* may have left */
    assert_string_equal(offline_inside(&inside, NULL, true, &subject), "");
    inside_add(&inside, &entry);
    str_copy_cut(subject.key, sizeof subject.key, STR("29A67890"));
    assert_string_equal(offline_inside(&inside, &lot, true, &subject), entry.session);
    lot.bucket[2].version = T0 + TIME_HOUR_MS; /* told later, and not in there: left elsewhere */
    assert_string_equal(offline_inside(&inside, &lot, true, &subject), "");
    assert_string_equal(offline_inside(&inside, &lot, false, &subject), entry.session);
    lot_fini(&lot);
}

static void test_offline__a_wrong_digest_an_old_version_and_another_lot_are_refused(void **state)
{
    (void)state;
    const char *why = "";
    begin("wait", "[]");
    struct str text = config_text(4, "open", "[]");
    assert_int_equal(lot_read_config(text, &lot, &why), DX_E_STATE);
    text = config_text(6, "open", "[]");
    ((char *)(uintptr_t)text.p)[text.n - 5] ^= 1;
    assert_int_equal(lot_read_config(text, &lot, &why), DX_E_CHECK);
    assert_true(lot.version == 5 && lot.policy == LOT_WAIT); /* the last good one stands */
    str_copy_cut(lot.id, sizeof lot.id, STR("hn-0002"));
    assert_int_equal(lot_read_config(config_text(7, "open", "[]"), &lot, &why), DX_E_DIFFERENT);
    lot_fini(&lot);
}

static void test_offline__black_counts_before_white_and_ends(void **state)
{
    (void)state;
    struct subject subject = {.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .key = "30F12345"};
    enum lot_list list = LOT_WHITE;
    begin("wait",
          "[{\"list\":\"white\",\"kind\":\"plate\",\"vehicle\":\"car\",\"key\":\"30F12345\","
          "\"until_ms\":0},{\"list\":\"black\",\"kind\":\"plate\",\"vehicle\":\"car\","
          "\"key\":\"30F12345\",\"until_ms\":1772416600000}]");
    assert_true(lot_on_list(&lot, &subject, (wall_t){T0}, &list));
    assert_int_equal(list, LOT_BLACK);
    assert_true(lot_on_list(&lot, &subject, (wall_t){T0 + TIME_HOUR_MS}, &list));
    assert_int_equal(list, LOT_WHITE);
    subject.vehicle = VEHICLE_MOTORBIKE;
    assert_false(lot_on_list(&lot, &subject, (wall_t){T0}, &list));
    lot_fini(&lot);
}

TESTS(T(test_offline__the_lots_stay_is_priced_by_the_same_engine_with_its_code),
      T(test_offline__what_was_paid_counts_and_the_grace_holds),
      T(test_offline__policy_says_what_the_lane_may_do),
      T(test_offline__own_stay_of_the_outage_gets_a_code_of_its_own),
      T(test_offline__who_is_inside_by_the_lots_list_as_long_as_it_is_current),
      T(test_offline__a_wrong_digest_an_old_version_and_another_lot_are_refused),
      T(test_offline__black_counts_before_white_and_ends))
