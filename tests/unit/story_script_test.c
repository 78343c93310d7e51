/* story_script_test.c - the language of stories: what it reads, and what it says about mistakes. */
#include "sim/story/script.h"
#include "tests/harness/harness.h"

static struct story story;
static struct story_error error;

static void understand(const char *text)
{
    error = (struct story_error){0};
    if (story_parse(str_c(text), &story, &error)) {
        fail_msg("line %d: %s", error.line, error.text);
    }
}

/* The text is refused in this line, and the sentence has these words. */
static void refuse(const char *text, int line, const char *words)
{
    error = (struct story_error){0};
    assert_true(story_parse(str_c(text), &story, &error) < 0);
    assert_int_equal(error.line, line);
    if (!strstr(error.text, words)) {
        fail_msg("'%s' does not say '%s'", error.text, words);
    }
}

static void test_story_script__one_line_is_a_whole_visit(void **state)
{
    (void)state;
    understand("at 0 arrive 30F-123.45 car lane 1; expect open within 1s; at 2h leave lane 2; "
               "expect shown 25.000; pay 25k; expect session left paid");
    assert_int_equal(story.count, 6);
    const struct story_clause *c = story.clause;
    assert_int_equal(c[0].verb, STORY_ARRIVE);
    assert_int_equal(c[0].when, STORY_AT);
    assert_string_equal(c[0].plate, "30F-123.45");
    assert_int_equal(c[0].vehicle, VEHICLE_CAR);
    assert_int_equal(c[0].lane, 1);
    assert_int_equal(c[1].verb, STORY_E_OPEN);
    assert_int_equal(c[1].within_ms, 1000);
    assert_int_equal(c[2].when_ms, 2 * 3600 * 1000);
    assert_string_equal(c[2].plate, "");
    assert_int_equal(c[3].amount_vnd, 25000);
    assert_int_equal(c[4].amount_vnd, 25000);
    assert_string_equal(c[5].word, "left");
    assert_true(story_has(&c[5], STORY_OPT_IS_PAID));
}

static void test_story_script__one_clause_a_line_is_the_same(void **state)
{
    (void)state;
    understand("# A title\n# from: docs/LANE.md V7\n\nat 0 arrive 30F-123.45 car lane 1\n"
               "  expect open   within 1s # soon\n");
    assert_int_equal(story.count, 2);
    assert_int_equal(story.clause[1].line, 5);
    assert_true(str_eq_c(story.title, "A title"));
    assert_true(str_eq_c(story.from, "docs/LANE.md V7"));
}

static void test_story_script__tails_come_in_any_order(void **state)
{
    (void)state;
    understand("arrive \"TM 12-34\" car lane 2 and waits reads \"TN 12-34\" sure 55");
    assert_true(story_has(&story.clause[0], STORY_OPT_WAITS));
    assert_string_equal(story.clause[0].text, "TN 12-34");
    assert_int_equal(story.clause[0].share, 55);
    understand("expect paid 5000 for 10s for 29-B1 within 2s");
    assert_int_equal(story.clause[0].for_ms, 10000);
    assert_int_equal(story.clause[0].within_ms, 2000);
    assert_string_equal(story.clause[0].plate, "29-B1");
    understand("pay without the code for 30F-123.45 told after 1h30m");
    assert_int_equal(story.clause[0].amount_vnd, -1);
    assert_int_equal(story.clause[0].time_ms, 5400000);
}

static void test_story_script__not_and_no_turn_an_expectation_round(void **state)
{
    (void)state;
    understand(
        "expect not open lane 2 for 10s; expect no alarm barrier.stuck; expect 2 sessions left");
    assert_true(story.clause[0].negated && story.clause[1].negated && !story.clause[2].negated);
    assert_string_equal(story.clause[2].option_word, "left");
    assert_int_equal(story.clause[2].count, 2);
}

static void test_story_script__words_to_the_end_stop_at_the_patience(void **state)
{
    (void)state;
    understand("expect journal arrived entered within 3s");
    assert_string_equal(story.clause[0].text, "arrived entered");
    assert_int_equal(story.clause[0].within_ms, 3000);
}

static void test_story_script__a_mistake_is_told_with_what_was_expected(void **state)
{
    (void)state;
    refuse("at 0 arrive 30F-123.45 lorry lane 1", 1, "expected {class} instead of 'lorry'");
    refuse("\n\nat 0 arrive 30F-123.45 car lane 77", 3, "expected {lane} instead of '77'");
    refuse("expect lane 1", 1, "expected {word} at the end");
    refuse("pay 25000; expekt open", 1, "no clause begins like this: 'expekt open'");
    refuse("at noon arrive", 1, "expected a time");
    refuse("at 5s", 1, "nothing happens at '5s'");
    refuse("after 3s; pay", 1, "nothing happens");
    refuse("pay 25.00", 1, "expected {money}");
    refuse("attendant opens lane 1 because \"no end", 1, "has no end");
    refuse("expect open within soon", 1, "[within {time}]");
    refuse("line cut cut", 1, "no more words");
    refuse("# nothing\n", 0, "no clause");
    refuse("", 0, "no clause");
}

static void test_story_script__times_are_read_and_written(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {{"0", 0},         {"90s", 90000},   {"2h30m", 9000000}, {"500ms", 500},
                {"1d", 86400000}, {"1m1ms", 60001}, {"0s", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t ms = -1;
        ok(story_time_parse(str_c(rows[i].text), &ms));
        assert_int_equal(ms, rows[i].ms);
    }
    static const char *const bad[] = {"", "5", "s", "5x", "1m1h", "1h1h", "-5s", "401d", "5 s"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t ms = -1;
        assert_true(story_time_parse(str_c(bad[i]), &ms) < 0);
        assert_int_equal(ms, -1);
    }
    char text[32];
    struct out out;
    out_init(&out, text, sizeof text);
    story_time_write(&out, 9000500);
    assert_string_equal(text, "2h30m500ms");
}

static void test_story_script__too_much_is_refused_and_not_cut(void **state)
{
    (void)state;
    static char text[20000];
    struct out out;
    out_init(&out, text, sizeof text);
    for (int i = 0; i <= STORY_CLAUSES_MAX; i++) {
        out_add_c(&out, "wait 1s\n");
    }
    refuse(text, STORY_CLAUSES_MAX + 1, "too many clauses");
    out_init(&out, text, sizeof text);
    for (int i = 0; i <= STORY_WORDS_MAX; i++) {
        out_add_c(&out, "wait ");
    }
    refuse(text, 1, "too many words");
}

TESTS(T(test_story_script__one_line_is_a_whole_visit),
      T(test_story_script__one_clause_a_line_is_the_same),
      T(test_story_script__tails_come_in_any_order),
      T(test_story_script__not_and_no_turn_an_expectation_round),
      T(test_story_script__words_to_the_end_stop_at_the_patience),
      T(test_story_script__a_mistake_is_told_with_what_was_expected),
      T(test_story_script__times_are_read_and_written),
      T(test_story_script__too_much_is_refused_and_not_cut))
