#include "gate/core/barrier.h"
#include "proto/base/out.h"
#include "tests/harness/harness.h"

static const struct barrier_config both = {
    .has_opened = true, .has_closed = true, .travel_ms = 8000, .coil_retry_ms = 500};

/* What stands around one arm in a test. */
struct bench {
    struct barrier barrier;
    struct barrier_inputs in;
    struct barrier_effects effects;
    mono_t now;
};

static struct bench bench_new(const struct barrier_config *config)
{
    struct bench b = {.now = {1000}, .in = {LEVEL_OFF, LEVEL_ON, LEVEL_OFF}};
    barrier_init(&b.barrier, config);
    return b;
}

static enum barrier_state feed(struct bench *b, enum barrier_event event)
{
    barrier_step(&b->barrier, event, &b->in, b->now, &b->effects);
    return b->barrier.state;
}

static enum barrier_state inputs(struct bench *b, enum level opened, enum level closed)
{
    b->in.opened = opened;
    b->in.closed = closed;
    return feed(b, BARRIER_EV_INPUTS);
}

static enum barrier_state wait_for_it(struct bench *b)
{
    b->now = barrier_deadline(&b->barrier);
    return feed(b, BARRIER_EV_TIMEOUT);
}

/* "close off, open pulse" */
static void assert_outputs(const struct bench *b, const char *expected)
{
    char text[128];
    struct out out;
    out_init(&out, text, sizeof text);
    for (int i = 0; i < b->effects.count; i++) {
        out_fmt(&out, "%s%s %s", i ? ", " : "", output_role_text(b->effects.output[i].role),
                output_act_text(b->effects.output[i].act));
    }
    assert_string_equal(text, expected);
}

static struct bench closed_bench(const struct barrier_config *config)
{
    struct bench b = bench_new(config);
    assert_int_equal(feed(&b, BARRIER_EV_INPUTS), BARRIER_CLOSED);
    return b;
}

static struct bench open_bench(const struct barrier_config *config)
{
    struct bench b = closed_bench(config);
    feed(&b, BARRIER_EV_ORDER_OPEN);
    assert_int_equal(inputs(&b, LEVEL_ON, LEVEL_OFF), BARRIER_OPEN);
    return b;
}

static void test_barrier__opens_and_closes_with_its_switches(void **state)
{
    (void)state;
    struct bench b = closed_bench(&both);
    assert_int_equal(feed(&b, BARRIER_EV_ORDER_OPEN), BARRIER_OPENING);
    assert_outputs(&b, "close off, open pulse");
    assert_int_equal(inputs(&b, LEVEL_OFF, LEVEL_OFF), BARRIER_OPENING);
    assert_int_equal(inputs(&b, LEVEL_ON, LEVEL_OFF), BARRIER_OPEN);
    assert_false(b.barrier.inferred);
    assert_int_equal(feed(&b, BARRIER_EV_ORDER_OPEN), BARRIER_OPEN);
    assert_outputs(&b, ""); /* a repeat gives no order */
    assert_int_equal(feed(&b, BARRIER_EV_ORDER_CLOSE), BARRIER_CLOSING);
    assert_outputs(&b, "open off, close pulse");
    assert_int_equal(inputs(&b, LEVEL_OFF, LEVEL_OFF), BARRIER_CLOSING);
    assert_int_equal(inputs(&b, LEVEL_OFF, LEVEL_ON), BARRIER_CLOSED);
    assert_true(barrier_deadline(&b.barrier).ms == mono_never().ms);
}

static void test_barrier__is_refused_to_close_onto_something_or_blindly(void **state)
{
    (void)state;
    struct bench b = open_bench(&both);
    b.in.safety = LEVEL_ON;
    assert_int_equal(feed(&b, BARRIER_EV_ORDER_CLOSE), BARRIER_OPEN);
    assert_outputs(&b, "");
    b.in.safety = LEVEL_UNKNOWN;
    assert_int_equal(feed(&b, BARRIER_EV_ORDER_CLOSE), BARRIER_OPEN);
    assert_outputs(&b, "");
    b.in.safety = LEVEL_OFF;
    assert_int_equal(feed(&b, BARRIER_EV_ORDER_CLOSE), BARRIER_CLOSING);
}

static void test_barrier__reverses_at_once_and_stops_first_when_it_can(void **state)
{
    (void)state;
    struct barrier_config config = both;
    config.has_stop = true;
    struct bench b = open_bench(&config);
    feed(&b, BARRIER_EV_ORDER_CLOSE);
    inputs(&b, LEVEL_OFF, LEVEL_OFF);
    b.in.safety = LEVEL_ON;
    assert_int_equal(feed(&b, BARRIER_EV_INPUTS), BARRIER_OPENING);
    assert_true(b.effects.reversed);
    assert_outputs(&b, "close off, stop pulse, open pulse");
    b = open_bench(&both);
    feed(&b, BARRIER_EV_ORDER_CLOSE);
    inputs(&b, LEVEL_OFF, LEVEL_OFF);
    b.in.safety = LEVEL_UNKNOWN; /* not to know is as bad */
    assert_int_equal(feed(&b, BARRIER_EV_INPUTS), BARRIER_OPENING);
    assert_outputs(&b, "close off, open pulse");
}

static void test_barrier__unconfirmed_is_ordered_once_more_and_then_stuck(void **state)
{
    (void)state;
    struct bench b = closed_bench(&both);
    feed(&b, BARRIER_EV_ORDER_OPEN);
    b.now.ms += 7999;
    assert_int_equal(feed(&b, BARRIER_EV_TIMEOUT), BARRIER_OPENING);
    assert_outputs(&b, ""); /* not yet */
    assert_int_equal(wait_for_it(&b), BARRIER_OPENING);
    assert_outputs(&b, "close off, open pulse");
    assert_int_equal(wait_for_it(&b), BARRIER_STUCK);
    assert_outputs(&b, "");
    assert_int_equal(inputs(&b, LEVEL_OFF, LEVEL_ON), BARRIER_STUCK); /* not where it should be */
    assert_int_equal(inputs(&b, LEVEL_ON, LEVEL_OFF), BARRIER_OPEN);
    feed(&b, BARRIER_EV_ORDER_CLOSE);
    assert_int_equal(wait_for_it(&b), BARRIER_CLOSING);
    assert_int_equal(wait_for_it(&b), BARRIER_STUCK);
    assert_int_equal(inputs(&b, LEVEL_OFF, LEVEL_ON), BARRIER_CLOSED);
}

static void test_barrier__stuck_takes_a_fresh_order_with_fresh_attempts(void **state)
{
    (void)state;
    struct bench b = closed_bench(&both);
    feed(&b, BARRIER_EV_ORDER_OPEN);
    wait_for_it(&b);
    wait_for_it(&b);
    assert_int_equal(feed(&b, BARRIER_EV_ORDER_OPEN), BARRIER_OPENING);
    assert_int_equal(wait_for_it(&b), BARRIER_OPENING);
    assert_int_equal(wait_for_it(&b), BARRIER_STUCK);
    assert_int_equal(feed(&b, BARRIER_EV_ORDER_CLOSE), BARRIER_CLOSED); /* the switch says so */
}

static void test_barrier__write_that_failed_is_given_again_soon_and_proves_nothing(void **state)
{
    (void)state;
    struct barrier_config none = {.travel_ms = 8000, .coil_retry_ms = 500};
    struct bench b = bench_new(&none);
    feed(&b, BARRIER_EV_ORDER_OPEN);
    int64_t ordered = b.now.ms;
    feed(&b, BARRIER_EV_COIL_FAILED);
    assert_int_equal(wait_for_it(&b),
                     BARRIER_OPENING); /* without switches, yet not taken for open */
    assert_true(b.now.ms == ordered + 500);
    assert_outputs(&b, "close off, open pulse");
    feed(&b, BARRIER_EV_COIL_FAILED);
    assert_int_equal(wait_for_it(&b), BARRIER_STUCK);
}

static void test_barrier__without_switches_the_position_is_inferred_and_says_so(void **state)
{
    (void)state;
    struct barrier_config none = {.travel_ms = 8000, .coil_retry_ms = 500};
    struct bench b = bench_new(&none);
    assert_int_equal(feed(&b, BARRIER_EV_INPUTS), BARRIER_UNKNOWN);
    assert_int_equal(feed(&b, BARRIER_EV_ORDER_CLOSE), BARRIER_CLOSING);
    assert_int_equal(wait_for_it(&b), BARRIER_CLOSED);
    assert_true(b.barrier.inferred);
    feed(&b, BARRIER_EV_ORDER_OPEN);
    assert_int_equal(wait_for_it(&b), BARRIER_OPEN);
    assert_true(b.barrier.inferred);
}

static void test_barrier__with_one_switch_the_other_end_is_what_it_does_not_say(void **state)
{
    (void)state;
    struct barrier_config lower = both;
    lower.has_opened = false;
    struct bench b = closed_bench(&lower);
    feed(&b, BARRIER_EV_ORDER_OPEN);
    assert_int_equal(wait_for_it(&b), BARRIER_OPENING); /* still says down: again */
    b.in.closed = LEVEL_OFF;
    feed(&b, BARRIER_EV_INPUTS);
    assert_int_equal(wait_for_it(&b), BARRIER_OPEN);
    assert_true(b.barrier.inferred);
    struct barrier_config upper = both;
    upper.has_closed = false;
    b = bench_new(&upper);
    assert_int_equal(inputs(&b, LEVEL_ON, LEVEL_UNKNOWN), BARRIER_OPEN);
    feed(&b, BARRIER_EV_ORDER_CLOSE);
    assert_int_equal(wait_for_it(&b), BARRIER_CLOSING); /* still says up: again */
    b.in.opened = LEVEL_OFF;
    feed(&b, BARRIER_EV_INPUTS);
    assert_int_equal(wait_for_it(&b), BARRIER_CLOSED);
    assert_true(b.barrier.inferred);
}

static void test_barrier__forced_is_noticed_and_ends_only_with_down(void **state)
{
    (void)state;
    struct bench b = closed_bench(&both);
    assert_int_equal(inputs(&b, LEVEL_OFF, LEVEL_OFF), BARRIER_FORCED);
    assert_int_equal(inputs(&b, LEVEL_ON, LEVEL_OFF), BARRIER_FORCED);
    assert_int_equal(inputs(&b, LEVEL_OFF, LEVEL_ON), BARRIER_CLOSED);
    inputs(&b, LEVEL_ON, LEVEL_OFF);
    assert_int_equal(feed(&b, BARRIER_EV_ORDER_OPEN), BARRIER_OPEN); /* it is up already */
}

static void test_barrier__coming_down_by_itself_is_believed(void **state)
{
    (void)state;
    struct bench b = open_bench(&both);
    assert_int_equal(inputs(&b, LEVEL_OFF, LEVEL_OFF), BARRIER_UNKNOWN);
    assert_int_equal(inputs(&b, LEVEL_OFF, LEVEL_ON), BARRIER_CLOSED);
    b = open_bench(&both);
    assert_int_equal(inputs(&b, LEVEL_OFF, LEVEL_ON), BARRIER_CLOSED);
}

static void test_barrier__switches_that_contradict_are_stuck(void **state)
{
    (void)state;
    struct bench b = bench_new(&both);
    assert_int_equal(inputs(&b, LEVEL_ON, LEVEL_ON), BARRIER_STUCK);
    b = closed_bench(&both);
    assert_int_equal(inputs(&b, LEVEL_ON, LEVEL_ON), BARRIER_STUCK);
    b = open_bench(&both);
    assert_int_equal(inputs(&b, LEVEL_ON, LEVEL_ON), BARRIER_STUCK);
    b = closed_bench(&both);
    inputs(&b, LEVEL_ON, LEVEL_OFF);
    assert_int_equal(inputs(&b, LEVEL_ON, LEVEL_ON), BARRIER_STUCK);
}

static void test_barrier__lost_line_forgets_all_and_repeats_nothing(void **state)
{
    (void)state;
    struct bench b = closed_bench(&both);
    feed(&b, BARRIER_EV_ORDER_OPEN);
    assert_int_equal(feed(&b, BARRIER_EV_LOST), BARRIER_UNKNOWN);
    assert_outputs(&b, "");
    assert_true(barrier_deadline(&b.barrier).ms == mono_never().ms);
    assert_int_equal(inputs(&b, LEVEL_OFF, LEVEL_OFF), BARRIER_UNKNOWN);
    assert_outputs(&b, "");
}

static void test_barrier__closing_may_follow_opening_when_it_has_passed_already(void **state)
{
    (void)state;
    struct barrier_config config = both;
    config.has_stop = true;
    struct bench b = closed_bench(&config);
    feed(&b, BARRIER_EV_ORDER_OPEN);
    inputs(&b, LEVEL_OFF, LEVEL_OFF);
    assert_int_equal(feed(&b, BARRIER_EV_ORDER_CLOSE), BARRIER_CLOSING);
    assert_outputs(&b, "open off, stop pulse, close pulse");
}

static void test_barrier__held_outputs_are_let_go_when_the_arm_is_there(void **state)
{
    (void)state;
    struct barrier_config config = both;
    config.hold = true;
    struct bench b = closed_bench(&config);
    feed(&b, BARRIER_EV_ORDER_OPEN);
    assert_outputs(&b, "close off, open on");
    inputs(&b, LEVEL_ON, LEVEL_OFF);
    assert_outputs(&b, "open off");
    feed(&b, BARRIER_EV_ORDER_CLOSE);
    assert_outputs(&b, "open off, close on");
    wait_for_it(&b);
    wait_for_it(&b);
    assert_int_equal(b.barrier.state, BARRIER_STUCK);
    assert_outputs(&b, "close off");
}

/* ---- every reachable state with every event and every input: the table, no more and no less ----
 */

enum { SEEN_MAX = 4096 };
struct explored {
    struct barrier barrier[SEEN_MAX];
    int count;
    bool pair[BARRIER_STATE_COUNT][BARRIER_STATE_COUNT];
};

static bool is_same(const struct barrier *a, const struct barrier *b)
{
    bool timer_a = a->timer.ms != mono_never().ms;
    bool timer_b = b->timer.ms != mono_never().ms;
    return a->state == b->state && a->inferred == b->inferred && a->wants_open == b->wants_open &&
           a->attempts == b->attempts && a->write_failed == b->write_failed && timer_a == timer_b;
}

static void visit(struct explored *e, const struct barrier *barrier)
{
    for (int i = 0; i < e->count; i++) {
        if (is_same(&e->barrier[i], barrier)) {
            return;
        }
    }
    assert_true(e->count < SEEN_MAX);
    e->barrier[e->count++] = *barrier;
}

static void check_step(const struct barrier *before, const struct barrier *after,
                       const struct barrier_inputs *in, const struct barrier_effects *effects)
{
    bool on[OUTPUT_ROLE_COUNT] = {false};
    assert_true(effects->count <= BARRIER_OUTPUTS_MAX);
    for (int i = 0; i < effects->count; i++) {
        on[effects->output[i].role] = effects->output[i].act != ACT_OFF;
    }
    assert_false(on[OUTPUT_OPEN] && on[OUTPUT_CLOSE]);
    if (on[OUTPUT_CLOSE]) {
        assert_int_equal(in->safety, LEVEL_OFF);
        assert_int_equal(effects->output[0].role, OUTPUT_OPEN);
        assert_int_equal(effects->output[0].act, ACT_OFF);
    }
    if (on[OUTPUT_OPEN]) {
        assert_int_equal(effects->output[0].role, OUTPUT_CLOSE);
        assert_int_equal(effects->output[0].act, ACT_OFF);
    }
    bool moves = after->state == BARRIER_OPENING || after->state == BARRIER_CLOSING;
    bool waits = after->timer.ms != mono_never().ms;
    if (moves != waits) { /* what moves is never waited for for ever */
        fail_msg("%s -> %s", barrier_state_text(before->state), barrier_state_text(after->state));
    }
}

/* An order given while the switch says that the arm is there already is two changes in one step. */
static void note_pairs(struct explored *e, enum barrier_state from, const struct barrier *after,
                       const struct barrier_effects *effects)
{
    enum barrier_state by = after->wants_open ? BARRIER_OPENING : BARRIER_CLOSING;
    bool ordered = effects->count >= 2 && from != by;
    if (ordered && after->state != by) {
        e->pair[from][by] = true;
        from = by;
    }
    e->pair[from][after->state] = true;
}

static void explore(struct explored *e, const struct barrier_config *config)
{
    struct barrier first;
    barrier_init(&first, config);
    e->count = 0;
    visit(e, &first);
    for (int i = 0; i < e->count; i++) {
        for (int k = 0; k < 27 * BARRIER_EV_COUNT; k++) {
            struct barrier_inputs in = {(enum level)(k % 3), (enum level)(k / 3 % 3),
                                        (enum level)(k / 9 % 3)};
            struct barrier next = e->barrier[i];
            struct barrier_effects effects;
            mono_t now = {next.timer.ms == mono_never().ms ? 0 : next.timer.ms};
            barrier_step(&next, (enum barrier_event)(k / 27), &in, now, &effects);
            check_step(&e->barrier[i], &next, &in, &effects);
            note_pairs(e, e->barrier[i].state, &next, &effects);
            visit(e, &next);
        }
    }
}

static void
test_barrier__every_reachable_step_is_in_the_table_and_every_row_is_reached(void **state)
{
    (void)state;
    struct explored *e = calloc(1, sizeof *e);
    assert_non_null(e);
    for (int i = 0; i < 16; i++) {
        struct barrier_config config = {.has_opened = i & 1,
                                        .has_closed = (i & 2) != 0,
                                        .has_stop = (i & 4) != 0,
                                        .hold = (i & 8) != 0,
                                        .travel_ms = 8000,
                                        .coil_retry_ms = 500};
        explore(e, &config);
    }
    for (int from = 0; from < BARRIER_STATE_COUNT; from++) {
        for (int to = 0; to < BARRIER_STATE_COUNT; to++) {
            const char *clause =
                barrier_transition_clause((enum barrier_state)from, (enum barrier_state)to);
            if (from != to && e->pair[from][to] != (clause != NULL)) {
                fail_msg("%s -> %s: %s", barrier_state_text((enum barrier_state)from),
                         barrier_state_text((enum barrier_state)to),
                         clause ? "in the table, never reached" : "reached, not in the table");
            }
        }
    }
    free(e);
}

TESTS(T(test_barrier__opens_and_closes_with_its_switches),
      T(test_barrier__is_refused_to_close_onto_something_or_blindly),
      T(test_barrier__reverses_at_once_and_stops_first_when_it_can),
      T(test_barrier__unconfirmed_is_ordered_once_more_and_then_stuck),
      T(test_barrier__stuck_takes_a_fresh_order_with_fresh_attempts),
      T(test_barrier__write_that_failed_is_given_again_soon_and_proves_nothing),
      T(test_barrier__without_switches_the_position_is_inferred_and_says_so),
      T(test_barrier__with_one_switch_the_other_end_is_what_it_does_not_say),
      T(test_barrier__forced_is_noticed_and_ends_only_with_down),
      T(test_barrier__coming_down_by_itself_is_believed),
      T(test_barrier__switches_that_contradict_are_stuck),
      T(test_barrier__lost_line_forgets_all_and_repeats_nothing),
      T(test_barrier__closing_may_follow_opening_when_it_has_passed_already),
      T(test_barrier__held_outputs_are_let_go_when_the_arm_is_there),
      T(test_barrier__every_reachable_step_is_in_the_table_and_every_row_is_reached))
