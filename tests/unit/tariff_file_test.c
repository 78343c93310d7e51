#include "proto/io/tariff_fields.h"
#include "proto/io/tariff_file.h"
#include "tests/harness/harness.h"

static struct tariff_set set;
static char error_text[512];

#define HEAD                                                                                   \
    "tariff: t\nversions:\n  - version: v1\n    title: {vi: T, en: T}\n    status: verified\n" \
    "    legal: [x]\n    valid_from: 2026-01-01\n"
#define ELEMENTS "    elements:\n      - {turn: {day_vnd: 1, night_vnd: 2, both_vnd: 3}}\n"

static void assert_loads(const char *text)
{
    int error = tariff_file_load_text("t.yaml", str_c(text), &set, error_text, sizeof error_text);
    if (error) {
        fail_msg("%s", error_text);
    }
}

static void assert_refused(const char *text, const char *message)
{
    memset(&set, 0x5A, sizeof set);
    static struct tariff_set before;
    before = set;
    assert_int_equal(
        tariff_file_load_text("t.yaml", str_c(text), &set, error_text, sizeof error_text),
        DX_E_CONFIG);
    assert_string_equal(error_text, message);
    assert_memory_equal(&set, &before, sizeof set);
}

static void test_tariff_file__defaults_are_those_of_the_manual(void **state)
{
    (void)state;
    assert_loads(HEAD ELEMENTS);
    const struct tariff *t = &set.versions[0];
    assert_string_equal(t->name, "t");
    assert_int_equal(set.count, 1);
    assert_true(t->valid_until.ms == INT64_MAX);
    assert_int_equal(t->on_change, TARIFF_CHANGE_ENTRY);
    assert_int_equal(t->round_unit_vnd, 1);
    assert_int_equal(t->round, TARIFF_HALF_UP);
    assert_int_equal(t->elements[0].when.vehicles, 14);
    assert_int_equal(t->elements[0].when.weekdays, 127);
    assert_int_equal(t->elements[0].when.hours.until_min, 1440);
    assert_true(t->elements[0].has_turn);
    assert_false(t->elements[0].has_entry);
    assert_int_equal(strlen(t->digest), 64);
    assert_true(tariff_is_sealed(t));
}

static void test_tariff_file__everything_arrives_where_it_belongs(void **state)
{
    (void)state;
    assert_loads(
        HEAD "    valid_until: 2027-01-01\n    on_version_change: split\n"
             "    rounding: {unit_vnd: 500, rule: half_even}\n"
             "    vat: {percent: 8.5%, rounding: down}\n    grace_after_payment: 15min\n"
             "    notes: [a, b]\n"
             "    calendars:\n      - {name: tet, kind: free, days: [2026-02-14..2026-02-22, "
             "2026-04-30]}\n      - {name: expo, kind: event, days: [2026-05-01]}\n"
             "    terms:\n      - vehicles: [car]\n        night: 22:00-06:00\n"
             "        night_at_least: 1h\n"
             "        turn: {window: 12h, mixed: majority, majority_below: 6h}\n"
             "        free: {time: 10min, as: deduction}\n        minimum_vnd: 1\n"
             "        maximum_vnd: 900\n"
             "        lost_ticket: {rule: fee, amount_vnd: 5, legal: L}\n        caps:\n"
             "          - {limit_vnd: 7, per: rolling, window: 24h}\n"
             "          - {limit_vnd: 8, per: hours, hours: 18:00-24:00}\n"
             "    elements:\n      - label: {vi: Lễ, en: Event}\n        when:\n"
             "          vehicles: [car, bicycle]\n          weekdays: [sat, sun]\n"
             "          hours: 06:00-24:00\n          entered: 05:00-09:00\n          on: [expo]\n"
             "          not_on: [tet]\n          stayed_from: 30min\n          stayed_until: 5h\n"
             "        time:\n          - {until: 2h, block: 1h, price_vnd: 4, count: completed}\n"
             "          - {price_vnd: 6}\n        entry_vnd: 11\n        night_vnd: 12\n"
             "      - {when: {vehicles: [motorbike]}, free: true}\n"
             "    passes:\n      - name: month\n        label: {vi: V, en: P}\n"
             "        month_vnd: 70\n        hours: 06:00-18:00\n        weekdays: [mon]\n"
             "    discounts:\n      - {name: p, label: {vi: G, en: D}, percent: 12.5%}\n"
             "      - {name: a, label: {vi: G, en: D}, amount_vnd: 9}\n"
             "      - {name: t, label: {vi: G, en: D}, time: 90s}\n");
    const struct tariff *t = &set.versions[0];
    assert_int_equal(t->valid_until.ms - t->valid_from.ms, INT64_C(365) * TIME_DAY_MS);
    assert_int_equal(t->on_change, TARIFF_CHANGE_SPLIT);
    assert_int_equal(t->round, TARIFF_HALF_EVEN);
    assert_int_equal(t->vat_bp, 850);
    assert_int_equal(t->vat_round, TARIFF_DOWN);
    assert_int_equal(t->grace_after_payment_ms, 900000);
    assert_int_equal(t->calendars[0].kind, TARIFF_FREE_DAY);
    assert_int_equal(t->calendars[0].dates[0].until_day - t->calendars[0].dates[0].from_day, 9);
    assert_int_equal(t->calendars[0].date_count, 2);
    const struct tariff_terms *terms = &t->terms[0];
    assert_int_equal(terms->night.from_min, 1320);
    assert_int_equal(terms->mixed, TARIFF_MIXED_MAJORITY);
    assert_int_equal(terms->turn_window_ms, 12 * TIME_HOUR_MS);
    assert_int_equal(terms->majority_below_ms, 6 * TIME_HOUR_MS);
    assert_int_equal(terms->night_at_least_ms, TIME_HOUR_MS);
    assert_int_equal(terms->free_as, TARIFF_FREE_DEDUCTION);
    assert_int_equal(terms->lost, TARIFF_LOST_FEE);
    assert_int_equal(terms->cap_count, 2);
    assert_int_equal(terms->caps[0].window_ms, TIME_DAY_MS);
    assert_int_equal(terms->caps[1].hours.until_min, 1440);
    const struct tariff_element *e = &t->elements[0];
    assert_int_equal(e->when.vehicles, 1 << VEHICLE_CAR | 1 << VEHICLE_BICYCLE);
    assert_int_equal(e->when.weekdays, 0x60);
    assert_int_equal(e->when.on, 2);
    assert_int_equal(e->when.not_on, 1);
    assert_int_equal(e->when.stayed_until_ms, 5 * TIME_HOUR_MS);
    assert_int_equal(e->tier_count, 2);
    assert_int_equal(e->tiers[0].count, TARIFF_COUNT_COMPLETED);
    assert_int_equal(e->tiers[1].block_ms, 0);
    assert_true(e->has_entry && e->has_night && !e->has_turn);
    assert_true(t->elements[1].free);
    assert_int_equal(t->passes[0].weekdays, 1);
    assert_int_equal(t->discounts[0].kind, TARIFF_DISCOUNT_PERCENT);
    assert_int_equal(t->discounts[0].value, 1250);
    assert_int_equal(t->discounts[1].kind, TARIFF_DISCOUNT_AMOUNT);
    assert_int_equal(t->discounts[2].value, 90000);
}

static void test_tariff_file__messages_name_line_key_and_what_is_allowed(void **state)
{
    (void)state;
    assert_refused("tariff: t\nversions: []\n",
                   "t.yaml:2: key 'versions': 0 entries are not allowed; from 1 to 8");
    assert_refused(HEAD "    elements:\n      - {entry_vnd: -5}\n",
                   "t.yaml:9: key 'versions[0].elements[0].entry_vnd': -5 is not allowed; a whole "
                   "number from 0 to 100000000 (đ)");
    assert_refused(HEAD "    elements:\n      - when: {hours: 6:00-18:00}\n        entry_vnd: 5\n",
                   "t.yaml:9: key 'versions[0].elements[0].when.hours': '6:00-18:00' is not "
                   "allowed; hours such as 06:00-18:00 or 22:00-06:00; start in, end out");
    assert_refused(HEAD "    elements:\n      - when: {vehicles: [lorry]}\n        entry_vnd: 5\n",
                   "t.yaml:9: key 'versions[0].elements[0].when.vehicles[0]': 'lorry' is not "
                   "allowed; one of: car, motorbike, bicycle");
    assert_refused(HEAD "    elements:\n      - when: {on: [tet]}\n        entry_vnd: 5\n",
                   "t.yaml:9: key 'versions[0].elements[0].when.on[0]': there is no calendar 'tet' "
                   "in this version");
    assert_refused(HEAD "    elements:\n      - time:\n          - {block: 1h, price_vnd: 5}\n"
                        "          - {block: 1h, price_vnd: 5}\n",
                   "t.yaml:10: key 'versions[0].elements[0].time[0]': 'until' is missing; only the "
                   "last tier has no end");
    assert_refused(HEAD "    elements:\n      - time:\n          - {until: 2h, block: 1h, "
                        "price_vnd: 5}\n          - {until: 1h, block: 1h, price_vnd: 5}\n"
                        "          - {price_vnd: 1}\n",
                   "t.yaml:11: key 'versions[0].elements[0].time[1].until': tiers must rise, up to "
                   "30 days");
    assert_refused(HEAD "    elements:\n      - label: {vi: a, en: b}\n",
                   "t.yaml:9: key 'versions[0].elements[0]': has no price; give turn, time, "
                   "entry_vnd, night_vnd or free: true");
    assert_refused(HEAD "    elements:\n      - {entry_vnd: 5, free: true}\n",
                   "t.yaml:9: key 'versions[0].elements[0].free': an element that is free has no "
                   "price");
    assert_refused(HEAD "    terms:\n      - {lost_ticket: {rule: fee, amount_vnd: 5}}\n" ELEMENTS,
                   "t.yaml:9: key 'versions[0].terms[0].lost_ticket': a rule other than none needs "
                   "its legal reference");
    assert_refused(HEAD
                   "    terms:\n      - {vehicles: [car]}\n      - {vehicles: [car]}\n" ELEMENTS,
                   "t.yaml:10: key 'versions[0].terms[1].vehicles': a vehicle has terms already; "
                   "each may be named once");
    assert_refused(HEAD "    valid_until: 2026-01-01\n" ELEMENTS,
                   "t.yaml:8: key 'versions[0].valid_until': must be after valid_from");
    assert_refused(HEAD "    discounts:\n      - {name: a, label: {vi: a, en: b}}\n" ELEMENTS,
                   "t.yaml:9: key 'versions[0].discounts[0]': give one of: percent, amount_vnd, "
                   "time");
    assert_refused(
        HEAD "    elments: []\n" ELEMENTS,
        "t.yaml:8: key 'versions[0].elments': unknown; did you mean 'elements'? allowed: "
        "version, digest, title, status, legal, notes, valid_from, valid_until, "
        "on_version_change, rounding, vat, grace_after_payment, calendars, terms, "
        "elements, passes, discounts");
    assert_refused(HEAD "    calendars: [{name: a, kind: holiday, days: [2026-02-29]}]\n" ELEMENTS,
                   "t.yaml:8: key 'versions[0].calendars[0].days[0]': '2026-02-29' is not allowed; "
                   "a day such as 2026-04-30, or first and last: 2026-02-14..2026-02-22");
    assert_refused("tariff: T 1\nversions:\n  - version: v1\n    title: {vi: T, en: T}\n"
                   "    status: verified\n    legal: [x]\n    valid_from: 2026-01-01\n" ELEMENTS,
                   "t.yaml:1: key 'tariff': 'T 1' is not allowed; small letters, digits and '-'");
    assert_refused("tariff: t\nversions:\n  - version: v1\n    title: {vi: T, en: T}\n"
                   "    legal: [x]\n    valid_from: 2026-01-01\n" ELEMENTS,
                   "t.yaml:3: key 'versions[0]': 'notes' a version that is unverified must say in "
                   "its notes what is");
}

static void test_tariff_file__versions_may_not_overlap_or_share_a_name(void **state)
{
    (void)state;
#define VERSION(name, from, until)                                                             \
    "  - version: " name "\n    title: {vi: T, en: T}\n    status: verified\n    legal: [x]\n" \
    "    valid_from: " from "\n    valid_until: " until "\n    elements: [{entry_vnd: 1}]\n"
    assert_loads("tariff: t\nversions:\n" VERSION("a", "2026-01-01", "2026-02-01")
                     VERSION("b", "2026-02-01", "open"));
    assert_int_equal(set.count, 2);
    assert_string_not_equal(set.versions[0].digest, set.versions[1].digest);
    assert_refused("tariff: t\nversions:\n" VERSION("a", "2026-01-01", "2026-02-02")
                       VERSION("b", "2026-02-01", "open"),
                   "t.yaml:14: key 'versions[1].valid_from': overlaps the version before; versions "
                   "are listed oldest first");
    assert_refused("tariff: t\nversions:\n" VERSION("a", "2026-01-01", "2026-02-01")
                       VERSION("a", "2026-02-01", "open"),
                   "t.yaml:10: key 'versions[1].version': 'a' is there already");
}

static void test_tariff_file__a_published_version_does_not_change(void **state)
{
    (void)state;
    char text[1024];
    char digest[TARIFF_DIGEST_CAP];
    assert_loads(HEAD ELEMENTS);
    memcpy(digest, set.versions[0].digest, sizeof digest);
    snprintf(text, sizeof text, HEAD "    digest: %s\n" ELEMENTS, digest);
    assert_loads(text);
    assert_string_equal(set.versions[0].digest, digest);
    /* A comment or another layout is no change; a price is. */
    snprintf(text, sizeof text,
             "# hello\n" HEAD
             "    digest: %s\n    elements:\n      - turn:\n          both_vnd: 3\n"
             "          day_vnd: 1\n          night_vnd: 2\n",
             digest);
    assert_loads(text);
    snprintf(text, sizeof text,
             HEAD
             "    digest: %s\n    elements: [{turn: {day_vnd: 1, night_vnd: 2, both_vnd: 4}}]\n",
             digest);
    assert_int_equal(
        tariff_file_load_text("t.yaml", str_c(text), &set, error_text, sizeof error_text),
        DX_E_CONFIG);
    assert_non_null(strstr(error_text, "t.yaml:8: key 'versions[0].digest': the content has"));
}

static void test_tariff_file__shipped_tariffs_load_and_carry_their_digest(void **state)
{
    (void)state;
    static const char *const names[] = {
        "hanoi-two-wheel-z1", "hanoi-two-wheel-z2",   "hanoi-car-c1",
        "hanoi-car-c2",       "hcmc-car-area1",       "hcmc-car-area2",
        "danang-automated",   "tansonnhat-motorbike", "hanoi-58-2016-two-wheel"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[512];
        size_t n = 0;
        snprintf(path, sizeof path, "%s/etc/tariffs/%s.yaml", DOXE_SOURCE_DIR, names[i]);
        if (tariff_file_load(path, &set, error_text, sizeof error_text)) {
            fail_msg("%s", error_text);
        }
        assert_string_equal(set.name, names[i]);
        char *text = harness_read_file(path, &n);
        assert_non_null(strstr(text, set.versions[0].digest));
        assert_true(set.versions[0].legal_count >= 1);
        free(text);
    }
}

static void test_tariff_file__names_are_looked_up(void **state)
{
    (void)state;
    char path[512];
    unsetenv("DOXE_TARIFF_DIR");
    ok(tariff_file_find("hanoi-car-c2", path, sizeof path));
    assert_string_equal(path, DOXE_SOURCE_DIR "/etc/tariffs/hanoi-car-c2.yaml");
    ok(setenv("DOXE_TARIFF_DIR", "/var/x", 1));
    ok(tariff_file_find("hanoi-car-c2", path, sizeof path));
    assert_string_equal(path, "/var/x/hanoi-car-c2.yaml");
    ok(tariff_file_find("./a", path, sizeof path));
    assert_string_equal(path, "./a");
    ok(tariff_file_find("a.yaml", path, sizeof path));
    assert_string_equal(path, "a.yaml");
    assert_int_equal(tariff_file_find("..", path, sizeof path), DX_E_FORMAT);
    assert_int_equal(tariff_file_find("", path, sizeof path), DX_E_FORMAT);
    assert_int_equal(tariff_file_find("hanoi-car-c2", path, 8), DX_E_SPACE);
    unsetenv("DOXE_TARIFF_DIR");
}

static void test_tariff_file__words_follow_the_enumerators(void **state)
{
    (void)state;
    for (int v = 1; v < VEHICLE_COUNT; v++) {
        assert_int_equal(
            yaml_word_index(TARIFF_VEHICLE_WORDS, str_c(vehicle_text((enum vehicle)v))), v);
    }
    assert_int_equal(yaml_word_index(TARIFF_STATUS_WORDS, STR("unverified")), TARIFF_UNVERIFIED);
    assert_int_equal(yaml_word_index(TARIFF_CHANGE_WORDS, STR("split")), TARIFF_CHANGE_SPLIT);
    assert_int_equal(yaml_word_index(TARIFF_MIXED_WORDS, STR("each_period")),
                     TARIFF_MIXED_EACH_PERIOD);
    assert_int_equal(yaml_word_index(TARIFF_FREE_WORDS, STR("deduction")), TARIFF_FREE_DEDUCTION);
    assert_int_equal(yaml_word_index(TARIFF_CAP_WORDS, STR("hours")), TARIFF_CAP_HOURS);
    assert_int_equal(yaml_word_index(TARIFF_COUNT_WORDS, STR("completed")), TARIFF_COUNT_COMPLETED);
    assert_int_equal(yaml_word_index(TARIFF_LOST_WORDS, STR("instead")), TARIFF_LOST_INSTEAD);
    assert_int_equal(yaml_word_index(TARIFF_ROUND_WORDS, STR("half_even")), TARIFF_HALF_EVEN);
    assert_int_equal(yaml_word_index(TARIFF_CALENDAR_WORDS, STR("free")), TARIFF_FREE_DAY);
}

static void test_tariff_file__the_manual_has_every_key(void **state)
{
    (void)state;
    char *table = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&table, &n);
    assert_non_null(file);
    config_print_markdown(file, tariff_file_fields);
    fclose(file);
    char *manual = harness_read_file("docs/TARIFF.md", &n);
    assert_non_null(strstr(manual, table));
    free(table);
    free(manual);
}

TESTS(T(test_tariff_file__defaults_are_those_of_the_manual),
      T(test_tariff_file__everything_arrives_where_it_belongs),
      T(test_tariff_file__messages_name_line_key_and_what_is_allowed),
      T(test_tariff_file__versions_may_not_overlap_or_share_a_name),
      T(test_tariff_file__a_published_version_does_not_change),
      T(test_tariff_file__shipped_tariffs_load_and_carry_their_digest),
      T(test_tariff_file__names_are_looked_up), T(test_tariff_file__words_follow_the_enumerators),
      T(test_tariff_file__the_manual_has_every_key))
