/* The virtual-time engine: what happens in which order, what is remembered of it, and honesty. */
#include "proto/crypto/crypto.h"
#include "proto/io/log.h"
#include "sim/cli/run_cli.h"
#include "sim/run/clock.h"
#include "sim/run/heap.h"
#include "tests/harness/harness.h"

static void test_heap__equal_times_keep_the_order_they_were_planned_in(void **state)
{
    struct sim_heap heap = {0};
    struct sim_event event = {.actor = 0};
    struct prng dice;
    (void)state;
    prng_init(&dice, 11);
    for (int i = 0; i < 2000; i++) {
        event.at_ms = prng_range(&dice, 0, 40);
        event.a = i;
        assert_int_equal(sim_heap_push(&heap, &event), 0);
    }
    int64_t at = -1;
    int32_t last = -1;
    for (int i = 0; i < 2000; i++) {
        assert_true(sim_heap_next(&heap) >= at);
        assert_true(sim_heap_pop(&heap, &event));
        assert_true(event.at_ms > at || (event.at_ms == at && event.a > last));
        at = event.at_ms;
        last = event.a;
    }
    assert_false(sim_heap_pop(&heap, &event));
    sim_heap_fini(&heap);
}

static void test_trace__every_value_moves_the_hash_and_the_last_lines_are_kept(void **state)
{
    static struct trace one, other;
    char text[TRACE_LINE_CAP];
    (void)state;
    trace_init(&one);
    trace_init(&other);
    for (int i = 0; i < TRACE_LINES + 5; i++) {
        trace_add(&one, i, 0, 1, "gate", "input", i, 0, "");
        trace_add(&other, i, 0, 1, "gate", "input", i, i == 3, "");
    }
    assert_true(one.hash != other.hash);
    assert_true(trace_text(&one, 0, text));
    assert_non_null(strstr(text, "204"));
    assert_true(trace_text(&one, TRACE_LINES - 1, text));
    assert_false(trace_text(&one, TRACE_LINES, text));
}

static void test_clock__a_deadline_is_reached_exactly_when_it_says(void **state)
{
    struct sim_clock clock = {.offset_ms = -5000};
    (void)state;
    for (int64_t ppm = -2000; ppm <= 2000; ppm += 500) {
        sim_clock_drift(&clock, ppm, 1000);
        mono_t due = {123457};
        int64_t at = sim_clock_when(&clock, due, 2000);
        assert_true(sim_clock_mono(&clock, at).ms >= due.ms);
        assert_true(sim_clock_mono(&clock, at - 2).ms < due.ms);
    }
    assert_int_equal(sim_clock_when(&clock, mono_never(), 5), INT64_MAX);
}

static void test_plan__is_the_seeds_and_what_is_kept_keeps_number_and_stream(void **state)
{
    static struct plan one, other;
    int on = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        bool there[PLAN_CLASS_COUNT] = {false};
        plan_draw(&one, seed, 3, 4, 600000);
        plan_draw(&other, seed, 3, 4, 600000);
        assert_int_equal(one.count, other.count);
        for (int i = 0; i < one.count; i++) {
            assert_int_equal(one.fault[i].at_ms, other.fault[i].at_ms);
            assert_int_equal(one.fault[i].number, i + 1);
            assert_true(one.fault[i].until_ms >= one.fault[i].at_ms);
            there[one.fault[i].class_] = true;
        }
        for (int i = 0; i < PLAN_CLASS_COUNT; i++) {
            on += there[i];
        }
    }
    /* Each class is off half of the time. */
    assert_in_range(on, 200 * PLAN_CLASS_COUNT * 4 / 10, 200 * PLAN_CLASS_COUNT * 6 / 10);
    assert_true(one.count > 12);
    assert_int_equal(plan_keep(&one, STR("3,7-9")), 0);
    assert_int_equal(one.count, 4);
    assert_int_equal(one.fault[1].number, 7);
    assert_int_equal(one.fault[1].prng.s[0], other.fault[6].prng.s[0]);
    assert_int_equal(plan_keep(&one, STR("3,x")), DX_E_FORMAT);
}

static struct run_report play(uint64_t seed, bool faults)
{
    struct run_options options = {.seed = seed, .faults = faults, .json = true, .step = 1};
    struct run_report report;
    log_start("sim_run_test", LOG_LEVEL_ERROR - 1);
    assert_int_equal(dx_crypto_start(), 0);
    assert_int_equal(run_cli_play(&options, &report), 0);
    return report;
}

static void test_run__one_seed_twice_gives_one_hash_and_everything_settles(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 2; seed++) {
        struct run_report one = play(seed, false);
        struct run_report other = play(seed, false);
        assert_int_equal(one.end, RUN_SETTLED);
        assert_true(one.hash == other.hash);
        assert_int_equal(one.steps, other.steps);
        assert_int_equal(one.left + one.gone, one.arrived);
        assert_true(one.left >= 25);
    }
}

static void sweep(enum sweep_seam seam, int step)
{
    struct run_options options = {
        .seed = 1, .minutes = 2, .json = true, .step = step, .sweep = {.seam = seam}};
    log_start("sim_run_test", LOG_LEVEL_ERROR - 1);
    assert_int_equal(dx_crypto_start(), 0);
    assert_int_equal(run_cli_sweep(&options), 0);
}

static void test_sweep__each_write_of_a_journal_may_fail_or_kill(void **state)
{
    (void)state;
    sweep(SWEEP_JOURNAL, 9);
}

static void test_sweep__any_message_may_be_lost_or_come_twice(void **state)
{
    (void)state;
    sweep(SWEEP_MESSAGE, 60);
}

static void test_sweep__any_write_to_a_module_may_fail_or_kill(void **state)
{
    (void)state;
    sweep(SWEEP_MODBUS, 9);
}

static void test_sweep__any_operation_of_the_store_may_fail_or_kill(void **state)
{
    (void)state;
    sweep(SWEEP_STORE, 401);
}

TESTS(T(test_heap__equal_times_keep_the_order_they_were_planned_in),
      T(test_trace__every_value_moves_the_hash_and_the_last_lines_are_kept),
      T(test_clock__a_deadline_is_reached_exactly_when_it_says),
      T(test_plan__is_the_seeds_and_what_is_kept_keeps_number_and_stream),
      T(test_run__one_seed_twice_gives_one_hash_and_everything_settles),
      T(test_sweep__each_write_of_a_journal_may_fail_or_kill),
      T(test_sweep__any_message_may_be_lost_or_come_twice),
      T(test_sweep__any_write_to_a_module_may_fail_or_kill),
      T(test_sweep__any_operation_of_the_store_may_fail_or_kill))
