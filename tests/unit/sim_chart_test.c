/* sim_chart_test.c - the picture of a run: well-formed, honest about what is not known, bounded. */
#include "sim/chart/chart.h"
#include "tests/harness/harness.h"

static struct chart_sample sample[CHART_SAMPLES_MAX];
static struct chart_fault fault[2500];
static char text[CHART_BYTES_MAX];
static struct chart chart;

/* A day in stretches of this many minutes. */
static void fill(int count, int minutes)
{
    int64_t inside = 0;
    int64_t money = 0;
    memset(sample, 0, sizeof sample);
    for (int i = 0; i < count; i++) {
        int64_t hour = (int64_t)i * minutes / 60 % 24;
        sample[i].at_ms = (int64_t)(i + 1) * minutes * TIME_MINUTE_MS;
        sample[i].arrived = hour > 6 && hour < 12 ? 14 - hour : 1;
        sample[i].left = hour > 15 ? 5 : 0;
        inside += sample[i].arrived - sample[i].left;
        money += sample[i].left * 25000;
        sample[i].inside = inside < 0 ? 0 : inside;
        sample[i].counted = i % 40 > 35 ? -1 : sample[i].inside;
        sample[i].moved_vnd = money;
        sample[i].booked_vnd = money - money / 20;
    }
    chart = (struct chart){.title = "seed 42 & <more>",
                           .language = CHART_EN,
                           .start = {INT64_C(1772384400000)}, /* 2 March 2026, 00:00 in Hanoi */
                           .sample = sample,
                           .sample_count = count,
                           .fault = fault,
                           .failed_ms = -1};
}

static int draw(void)
{
    struct out out;
    out_init(&out, text, sizeof text);
    return chart_write(&chart, &out);
}

static void test_sim_chart__a_day_has_its_four_panels(void **state)
{
    (void)state;
    fill(96, 15);
    fault[0] = (struct chart_fault){3600000, 7200000, "net.delay"};
    fault[1] = (struct chart_fault){3600000, 3600000, "store.crash"};
    chart.fault_count = 2;
    ok(draw());
    static const char *const parts[] = {"Vehicles in and out",
                                        "Vehicles inside",
                                        "Money",
                                        "Faults",
                                        ">net<",
                                        ">store<",
                                        ">08:00<",
                                        "seed 42 &amp; &lt;more>"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!strstr(text, parts[i])) {
            fail_msg("no '%s' in the chart", parts[i]);
        }
    }
    chart.language = CHART_VI;
    ok(draw());
    assert_non_null(strstr(text, "Xe trong bãi"));
    assert_null(strstr(text, "Vehicles"));
}

static void test_sim_chart__what_the_server_did_not_say_is_a_hole(void **state)
{
    (void)state;
    fill(96, 15);
    ok(draw());
    const char *dashed = strstr(text, "stroke-dasharray=\"6 4\" d=\"");
    assert_non_null(dashed);
    int parts = 0;
    for (const char *p = strstr(dashed, "d=\"") + 3; *p != '"'; p++) {
        parts += *p == 'M';
    }
    assert_int_equal(parts, 3);
}

static void test_sim_chart__the_largest_one_fits(void **state)
{
    (void)state;
    fill(CHART_SAMPLES_MAX, 120);
    for (int i = 0; i < 2500; i++) {
        fault[i] = (struct chart_fault){i * 1000, i * 1000 + 500000, "camera.confused"};
    }
    chart.fault_count = 2500;
    chart.failed_ms = 5000000;
    ok(draw());
    assert_non_null(strstr(text, "the auditor objects"));
}

static void test_sim_chart__what_is_no_run_is_refused(void **state)
{
    (void)state;
    fill(1, 15);
    assert_int_equal(draw(), DX_E_INVAL);
    fill(10, 15);
    sample[5].at_ms = sample[4].at_ms;
    assert_int_equal(draw(), DX_E_INVAL);
    fill(10, 15);
    struct out out;
    char small[100];
    out_init(&out, small, sizeof small);
    assert_int_equal(chart_write(&chart, &out), DX_E_SPACE);
}

static void test_sim_chart__halving_keeps_sums_and_the_end(void **state)
{
    (void)state;
    fill(5, 15);
    int64_t arrived = 0;
    for (int i = 0; i < 5; i++) {
        arrived += sample[i].arrived;
    }
    int64_t end = sample[4].at_ms;
    assert_int_equal(chart_halve(sample, 5), 3);
    assert_int_equal(sample[0].arrived + sample[1].arrived + sample[2].arrived, arrived);
    assert_int_equal(sample[2].at_ms, end);
    assert_int_equal(sample[0].at_ms, 2 * 15 * TIME_MINUTE_MS);
}

TESTS(T(test_sim_chart__a_day_has_its_four_panels),
      T(test_sim_chart__what_the_server_did_not_say_is_a_hole),
      T(test_sim_chart__the_largest_one_fits), T(test_sim_chart__what_is_no_run_is_refused),
      T(test_sim_chart__halving_keeps_sums_and_the_end))
