/* tariff_publish_test.c - a person publishes a tariff: what it may change, when, and who learns. */
#include "proto/io/lot_json.h"
#include "server/app/shelf.h"
#include "tests/integration/server_world.h"

static struct world w;

static struct {
    int config;
    struct lot lot;
} told;

static int retain(void *context, const char *topic, struct str payload)
{
    const char *why = "";
    (void)context;
    if (strcmp(topic, "doxe/1/hn-0001/config") == 0) {
        ok(lot_read_config(payload, &told.lot, &why));
        told.config++;
    }
    return 0;
}

static void start(void)
{
    w.ports.publish_retained = retain;
    w.lots[0].tariff_text[VEHICLE_CAR] = str_c(world_tariff_text());
    world_start(&w);
}

static int set_up(void **state)
{
    (void)state;
    world_init(&w);
    world_stop(&w);
    memset(&told, 0, sizeof told);
    str_copy_cut(told.lot.id, sizeof told.lot.id, STR("hn-0001"));
    start();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    lot_fini(&told.lot);
    world_fini(&w);
    return 0;
}

static void let_publish(void)
{
    for (int i = 0; i < 3; i++) {
        w.now = wall_add(w.now, 3000);
        ok(app_turn(w.app, (mono_t){0}));
        world_run(&w);
    }
}

/* The version of the configuration with an end, and one that costs `price` from `day` on. */
static struct str make_file(char *space, size_t cap, const char *day, int price, const char *more)
{
    char until[48];
    struct out out;
    struct str text = str_c(world_tariff_text());
    snprintf(until, sizeof until, "    valid_until: %s\n", day);
    out_init(&out, space, cap);
    const char *from = strstr(text.p, "    valid_from:");
    assert_non_null(from);
    const char *end = strchr(from, '\n') + 1;
    out_add(&out, (struct str){text.p, (size_t)(end - text.p)});
    out_add_c(&out, until);
    out_add_c(&out, end);
    out_add_c(&out, "  - version: next\n    title: {vi: \"giá mới\", en: \"new price\"}\n"
                    "    status: verified\n    legal: [\"Quyết định thử\"]\n    valid_from: ");
    out_add_c(&out, day);
    out_add_c(&out, "\n    elements:\n      - when: {vehicles: [car]}\n        time:\n"
                    "          - {block: 1h, price_vnd: ");
    out_i64(&out, price);
    out_add_c(&out, "}\n");
    out_add_c(&out, more);
    assert_false(out_failed(&out));
    return out_str(&out);
}

static int order(struct str text, bool write, const char *lot, struct app_tariff_answer *answer)
{
    const struct app_tariff_order o = {
        .text = text, .vehicle = VEHICLE_CAR, .lot_count = 1, .lot = {lot}, .by = "lan"};
    return write ? app_tariff_publish(w.app, &o, answer) : app_tariff_try(w.app, &o, answer);
}

static void days_from_now(int days, char out[TIME_ISO_CAP])
{
    time_format_iso(wall_add(w.now, days * (int64_t)TIME_DAY_MS), out);
    out[10] = '\0';
}

static int64_t fee_after_an_hour(const char *session, const char *plate)
{
    world_enter(&w, session, plate);
    world_pass(&w, 59);
    (void)world_ask(&w, session, plate);
    return world_last(&w, GATE_B, DOWN_QUOTE)->fee_vnd;
}

static void test_tariff_publish__begins_on_its_day_and_not_before(void **state)
{
    (void)state;
    char space[8192];
    char day[TIME_ISO_CAP];
    struct app_tariff_answer answer;
    days_from_now(2, day);
    struct str text = make_file(space, sizeof space, day, 40000, "");
    ok(order(text, false, "hn-0001", &answer));
    assert_int_equal(world_number(&w, "SELECT count(*) FROM tariff_published"), 0);
    ok(order(text, true, "hn-0001", &answer));
    wall_t from = {0};
    char iso[TIME_ISO_CAP];
    snprintf(iso, sizeof iso, "%sT00:00:00", day);
    ok(time_parse_iso(str_c(iso), &from));
    assert_int_equal(answer.from.ms, from.ms);
    let_publish();
    assert_int_equal(fee_after_an_hour("A", "30F12345"), 25000);
    w.now = wall_add(from, TIME_HOUR_MS);
    assert_int_equal(fee_after_an_hour("B", "29A67890"), 40000);
    /* The other lot keeps its own. */
    assert_int_equal(w.lots[1].tariff[VEHICLE_CAR] == w.tariff, 1);
}

static void test_tariff_publish__gates_learn_it_and_a_restart_keeps_it(void **state)
{
    (void)state;
    char space[8192];
    char day[TIME_ISO_CAP];
    struct app_tariff_answer answer;
    let_publish();
    int config = told.config;
    int64_t version = told.lot.version;
    days_from_now(1, day);
    ok(order(make_file(space, sizeof space, day, 40000, ""), true, "hn-0001", &answer));
    let_publish();
    assert_int_equal(told.config, config + 1);
    assert_true(told.lot.version > version);
    assert_int_equal(told.lot.tariff[VEHICLE_CAR]->count, 2);
    world_stop(&w);
    w.lots[0].tariff[VEHICLE_CAR] = w.tariff; /* the configuration as it was */
    start();
    assert_int_equal(w.lots[0].tariff[VEHICLE_CAR]->count, 2);
    w.now = wall_add(w.now, 2 * (int64_t)TIME_DAY_MS);
    assert_int_equal(fee_after_an_hour("A", "30F12345"), 40000);
}

static void test_tariff_publish__what_is_in_force_cannot_be_changed(void **state)
{
    (void)state;
    char space[8192];
    char day[TIME_ISO_CAP];
    struct app_tariff_answer answer;
    days_from_now(-1, day);
    assert_int_equal(
        order(make_file(space, sizeof space, day, 40000, ""), true, "hn-0001", &answer),
        DX_E_STATE);
    assert_non_null(strstr(answer.why, "has begun"));
    /* The price of the version in force, edited. */
    days_from_now(2, day);
    struct str text = make_file(space, sizeof space, day, 40000, "");
    char *price = strstr(space, "25000");
    assert_non_null(price);
    memcpy(price, "26000", 5);
    assert_int_equal(order(text, true, "hn-0001", &answer), DX_E_STATE);
    /* The very same file again; a file of no use; a lot that is not there; a car without price. */
    assert_int_equal(order(str_c(world_tariff_text()), true, "hn-0001", &answer), DX_E_EXISTS);
    assert_int_equal(order(STR("tariff: [\n"), true, "hn-0001", &answer), DX_E_CONFIG);
    assert_non_null(strstr(answer.why, "file:"));
    text = make_file(space, sizeof space, day, 40000, "");
    assert_int_equal(order(text, true, "hn-9999", &answer), DX_E_NOT_FOUND);
    const struct app_tariff_order bicycle = {
        .text = text, .vehicle = VEHICLE_BICYCLE, .lot_count = 1, .lot = {"hn-0001"}, .by = "lan"};
    assert_int_equal(app_tariff_publish(w.app, &bicycle, &answer), DX_E_NOT_FOUND);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM tariff_published"), 0);
}

static void test_tariff_publish__two_lots_or_none(void **state)
{
    (void)state;
    char space[8192];
    char day[TIME_ISO_CAP];
    struct app_tariff_answer answer;
    days_from_now(2, day);
    struct app_tariff_order o = {.text = make_file(space, sizeof space, day, 40000, ""),
                                 .vehicle = VEHICLE_CAR,
                                 .lot_count = 2,
                                 .lot = {"hn-0001", "hn-9999"},
                                 .by = "lan"};
    assert_int_equal(app_tariff_publish(w.app, &o, &answer), DX_E_NOT_FOUND);
    assert_string_equal(answer.lot, "hn-9999");
    assert_int_equal(world_number(&w, "SELECT count(*) FROM tariff_published"), 0);
    o.lot[1] = "hn-0002";
    ok(app_tariff_publish(w.app, &o, &answer));
    assert_int_equal(world_number(&w, "SELECT count(*) FROM tariff_published"), 2);
    /* Before its day a newer one may take its place. */
    days_from_now(3, day);
    o.text = make_file(space, sizeof space, day, 30000, "");
    ok(app_tariff_publish(w.app, &o, &answer));
    let_publish();
    w.now = wall_add(w.now, 5 * (int64_t)TIME_DAY_MS);
    assert_int_equal(fee_after_an_hour("A", "30F12345"), 30000);
}

#define ROW(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
TESTS(ROW(test_tariff_publish__begins_on_its_day_and_not_before),
      ROW(test_tariff_publish__gates_learn_it_and_a_restart_keeps_it),
      ROW(test_tariff_publish__what_is_in_force_cannot_be_changed),
      ROW(test_tariff_publish__two_lots_or_none))
