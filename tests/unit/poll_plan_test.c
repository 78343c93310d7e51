/* What the pollers ask next and when, and the pages they get: against the simulated lists. */
#include "proto/base/out.h"
#include "server/bank/page.h"
#include "sim/bank_provider.h"
#include "tests/harness/harness.h"

enum { TRANSFERS = 1400, PAGE_CAP = 1 << 20 };

static struct bank bank;
static struct transfer transfers[TRANSFERS];
static char page[PAGE_CAP];
static bool seen[TRANSFERS];
static int duplicates;
static struct poll_plan plan;
static mono_t now;
static wall_t wall;

static int setup(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 11);
    bank_init(&bank, &prng, 1, 5000, transfers, TRANSFERS);
    memset(seen, 0, sizeof seen);
    duplicates = 0;
    now = (mono_t){1000};
    ok(time_parse_iso(STR("2026-11-23T14:00:00+07:00"), &wall));
    return 0;
}

static void order(int count, int64_t apart_ms)
{
    const struct bank_order one = {.amount_vnd = 5000,
                                   .account = "0123456789",
                                   .words = "DX7K3M9Q2X",
                                   .code = "",
                                   .payer = "A",
                                   .payer_account = "1"};
    for (int i = 0; i < count; i++) {
        int index = 0;
        ok(bank_order(&bank, &one, now, wall_add(wall, -apart_ms * (count - i)), &index));
    }
}

static void begin(enum poll_kind kind, int64_t since_id)
{
    struct prng prng;
    prng_init(&prng, 5);
    poll_plan_init(&plan, kind, 60000, since_id, &prng);
}

/* A reference is FT, the day in five digits, and the number in nine. */
static int take(void *context, struct str row)
{
    (void)context;
    for (size_t k = 0; k + 18 <= row.n; k++) {
        if (memcmp(row.p + k, "\"FT", 3) == 0 && row.p[k + 17] == '"') {
            int64_t id = 0;
            ok(str_parse_i64(str_slice(row, k + 8, k + 17), 5000, 5000 + bank.count - 1, &id));
            duplicates += seen[id - 5000];
            seen[id - 5000] = true;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

/* The simulated provider reads the target that the product writes. */
static int64_t number_in(const char *target, const char *name)
{
    const char *at = strstr(target, name);
    return at ? strtoll(at + strlen(name), NULL, 10) : 0;
}

static wall_t time_in(const char *target, const char *name, int64_t add)
{
    char text[24] = "";
    wall_t at = {0};
    const char *from = strstr(target, name);
    if (!from) {
        return at;
    }
    from += strlen(name);
    bool second = from[10] == '%';
    snprintf(text, sizeof text, "%.10s %.8s", from, second ? from + 13 : "00:00:00");
    ok(time_parse_iso(str_c(text), &at));
    return wall_add(at, second ? add : add ? TIME_DAY_MS : 0);
}

static struct poll_answer answer_to(const struct poll_ask *ask)
{
    char target[PAGE_TARGET_CAP];
    struct out out;
    struct poll_answer answer = {.status = 200};
    page_target(ask, target);
    struct bank_list_ask asked = {.page = 1};
    asked.since_id = number_in(target, "since_id=");
    asked.limit = (int)number_in(target, ask->kind == POLL_SEPAY_V1   ? "limit="
                                         : ask->kind == POLL_SEPAY_V2 ? "per_page="
                                                                      : "pageSize=");
    if (ask->kind != POLL_SEPAY_V1) {
        asked.page = (int)number_in(target, "?page=") + (int)number_in(target, "&page=");
    }
    asked.from = time_in(target,
                         ask->kind == POLL_SEPAY_V1   ? "date_min="
                         : ask->kind == POLL_SEPAY_V2 ? "date_from="
                                                      : "fromDate=",
                         0);
    asked.to = time_in(target, ask->kind == POLL_SEPAY_V1 ? "date_max=" : "date_to=", 1000);
    out_init(&out, page, sizeof page);
    ok(bank_write_page((enum bank_list)ask->kind, &bank, &asked, &out));
    ok(page_read(ask->kind, out_str(&out), take, NULL, &answer));
    return answer;
}

/* A whole round, as fast as the plan allows; the number of questions. */
static int round_trip(void)
{
    for (int asks = 1; asks < 500; asks++) {
        struct poll_ask ask;
        now = poll_plan_deadline(&plan).ms > now.ms ? poll_plan_deadline(&plan) : now;
        assert_true(poll_plan_next(&plan, now, wall, &ask));
        struct poll_answer answer = answer_to(&ask);
        if (poll_plan_answered(&plan, &answer, now)) {
            return asks;
        }
    }
    fail_msg("the round does not end");
    return 0;
}

static int count_seen(void)
{
    int count = 0;
    for (int i = 0; i < bank.count; i++) {
        count += seen[i];
    }
    return count;
}

static void test_poll_plan__every_list_is_read_to_its_end(void **state)
{
    (void)state;
    order(TRANSFERS, 60000); /* 23 hours of them */
    for (int kind = 0; kind < POLL_KIND_COUNT; kind++) {
        memset(seen, 0, sizeof seen);
        begin((enum poll_kind)kind, 0);
        assert_true(round_trip() > 2);
        assert_int_equal(count_seen(), TRANSFERS);
    }
}

/* So many in one minute that no window but of seconds is below the limit. */
static void test_poll_plan__v1_halves_the_window_until_nothing_is_cut(void **state)
{
    (void)state;
    order(TRANSFERS, 1000);
    begin(POLL_SEPAY_V1, 0);
    int asks = round_trip();
    assert_int_equal(count_seen(), TRANSFERS);
    assert_true(asks > 10 && asks < 80);
    assert_true(plan.since_id == 5000 + TRANSFERS - 1);
}

static void test_poll_plan__v1_asks_only_for_what_is_new_between_sweeps(void **state)
{
    (void)state;
    order(10, 60000);
    begin(POLL_SEPAY_V1, 0);
    (void)round_trip();
    duplicates = 0;
    order(3, 1000);
    assert_int_equal(round_trip(), 1);
    assert_int_equal(duplicates, 0);
    assert_int_equal(count_seen(), 13);
    for (int i = 2; i < POLL_SWEEP_ROUNDS; i++) {
        assert_int_equal(round_trip(), 1);
    }
    assert_int_equal(duplicates, 0);
    (void)round_trip(); /* the sweep looks at a day before and behind */
    assert_int_equal(duplicates, 13);
}

/* 700 new ones at once: the answer may have been cut, so the window is swept. */
static void test_poll_plan__v1_too_much_at_once_is_swept(void **state)
{
    (void)state;
    order(5, 60000);
    begin(POLL_SEPAY_V1, 0);
    (void)round_trip();
    order(700, 5000);
    (void)round_trip();
    assert_int_equal(count_seen(), 705);
    assert_true(plan.since_id == 5704);
}

static void test_poll_plan__failures_wait_longer_and_retry_after_is_obeyed(void **state)
{
    (void)state;
    static const struct poll_answer failures[] = {
        {.status = 0}, {.status = 503}, {.status = 401}, {.status = 200, .readable = false}};
    struct poll_ask ask;
    int64_t before = 0;
    begin(POLL_CASSO, 0);
    for (int i = 0; i < 12; i++) {
        assert_true(poll_plan_next(&plan, now, wall, &ask));
        assert_false(poll_plan_answered(&plan, &failures[i % 4], now));
        int64_t wait = mono_diff(poll_plan_deadline(&plan), now);
        assert_true(wait >= 48000 && wait <= POLL_WAIT_MAX_MS * 6 / 5);
        assert_true(i > 3 || wait * 4 > before * 5); /* it grows, whatever the jitter */
        assert_false(poll_plan_next(&plan, now, wall, &ask));
        before = wait;
        now = poll_plan_deadline(&plan);
    }
    struct poll_answer busy = {.status = 429, .retry_after_ms = 2 * TIME_HOUR_MS};
    assert_true(poll_plan_next(&plan, now, wall, &ask));
    assert_false(poll_plan_answered(&plan, &busy, now));
    assert_true(mono_diff(poll_plan_deadline(&plan), now) == POLL_RETRY_AFTER_MAX_MS);
    now = poll_plan_deadline(&plan);
    struct poll_answer good = {.status = 200, .readable = true};
    assert_true(poll_plan_next(&plan, now, wall, &ask));
    assert_true(poll_plan_answered(&plan, &good, now));
    assert_true(mono_diff(poll_plan_deadline(&plan), now) <= 66000);
}

static void test_page__what_is_no_page_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",      "[]", "{}", "{\"transactions\":7}", "{\"error\":1,\"data\":{\"records\":[]}}",
        "<html>"};
    for (int kind = 0; kind < POLL_KIND_COUNT; kind++) {
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
            struct poll_answer answer = {.status = 200};
            assert_int_equal(page_read((enum poll_kind)kind, str_c(bad[i]), take, NULL, &answer),
                             DX_E_FORMAT);
            assert_false(answer.readable);
        }
    }
}

#define C(name) cmocka_unit_test_setup(name, setup)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        C(test_poll_plan__every_list_is_read_to_its_end),
        C(test_poll_plan__v1_halves_the_window_until_nothing_is_cut),
        C(test_poll_plan__v1_asks_only_for_what_is_new_between_sweeps),
        C(test_poll_plan__v1_too_much_at_once_is_swept),
        C(test_poll_plan__failures_wait_longer_and_retry_after_is_obeyed),
        C(test_page__what_is_no_page_is_refused)};
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
