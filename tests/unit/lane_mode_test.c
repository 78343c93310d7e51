/* Modes, fire and directions: docs/LANE.md M and D. */
#include "tests/unit/lane_bench.c"

/* ---- fire ---- */

/* Every state there is, and what its script leaves the arm ordered to. */
static const struct {
    enum lane_direction direction;
    enum lane_state state;
    const char *script;
} everywhere[] = {
    {LANE_ENTRY, LANE_LEARNING, "A-"},
    {LANE_ENTRY, LANE_IDLE, "inputs"},
    {LANE_ENTRY, LANE_ARMED, "inputs A+"},
    {LANE_ENTRY, LANE_HELD, HELD},
    {LANE_EXIT, LANE_ASKING, ASK},
    {LANE_EXIT, LANE_QUOTED, ASK "due"},
    {LANE_ENTRY, LANE_RECORDING, IN},
    {LANE_ENTRY, LANE_CLOSING, UP "S+ A- S- 500"},
    {LANE_ENTRY, LANE_FAULT, STUCK},
    {LANE_ENTRY, LANE_CLOSED, "inputs close-lane **"},
    {LANE_ENTRY, LANE_BARRED, BARRED},
    {LANE_ENTRY, LANE_IDLE, "inputs hold-closed **"},
    {LANE_ENTRY, LANE_ARMED, "inputs A+ fails"},
    {LANE_ENTRY, LANE_FAULT, "inputs silent"},
};

static void test_lane_mode__fire_raises_in_the_same_step_from_every_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof everywhere / sizeof everywhere[0]; i++) {
        begin(everywhere[i].direction);
        play(everywhere[i].script);
        assert_state(everywhere[i].state);
        play_word("F+");
        if (!strstr(b.outputs, "open pulse;") || strstr(b.outputs, "close pulse")) {
            fail_msg("%s: fire, and %s", everywhere[i].script, b.outputs);
        }
        assert_state(LANE_RAISED);
        assert_string_equal(lane_mode_word(&b.lane), "emergency");
        play("up 600000"); /* a vehicle or none: nothing lowers it, however long it burns */
        assert_state(LANE_RAISED);
    }
}

static void test_lane_mode__fire_is_ordered_before_it_is_recorded(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs F+");
    int output = -1;
    int record = -1;
    for (int i = 0; i < b.effects.count; i++) {
        const struct lane_effect *effect = &b.effects.effect[i];
        if (effect->type == GATE_EFF_OUTPUT && effect->output.role == OUTPUT_OPEN) {
            output = i;
        } else if (effect->type == GATE_EFF_RECORD &&
                   effect->record.event.type == EVENT_LANE_MODE) {
            record = i;
        }
    }
    assert_true(output >= 0 && record > output);
    assert_records("lane_mode alarm");
    assert_string_equal(b.record[0].event.code, "emergency");
}

static void test_lane_mode__emergency_outlasts_the_input_until_a_person_says_so(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs F+ ** up automatic **");
    assert_int_equal(last_record()->outcome, OUTCOME_IMPOSSIBLE); /* it burns */
    play("F? automatic **"); /* not known is not clear … but no fire either: a person may */
    assert_string_equal(lane_mode_word(&b.lane), "automatic");
    begin(LANE_ENTRY);
    play("inputs F+ ** up F- 3600000");
    assert_state(LANE_RAISED);
    play("hold-closed **");
    assert_int_equal(last_record()->outcome, OUTCOME_IMPOSSIBLE);
    play("automatic **");
    assert_state(LANE_CLOSING);
}

static void test_lane_mode__fire_again_while_the_end_is_being_written_goes_on(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs F+ ** up F- automatic F+ **");
    assert_state(LANE_RAISED);
    assert_string_equal(lane_mode_word(&b.lane), "emergency");
    /* … and the journal's last word is what is. */
    const struct event *mode = NULL;
    for (int i = 0; i < b.record_count; i++) {
        mode = b.record[i].event.type == EVENT_LANE_MODE ? &b.record[i].event : mode;
    }
    assert_non_null(mode);
    assert_string_equal(mode->code, "emergency");
}

static void
test_lane_mode__fire_at_another_lane_raises_this_one_unless_it_stands_alone(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK "due burns");
    assert_state(LANE_RAISED);
    play("** automatic **");
    assert_int_equal(last_record()->outcome, OUTCOME_IMPOSSIBLE); /* it burns over there */
    play("burnt automatic **");
    assert_string_equal(lane_mode_word(&b.lane), "automatic");
    begin(LANE_ENTRY);
    b.config.fire_own = true;
    lane_init(&b.lane, &b.config);
    play("inputs burns");
    assert_state(LANE_IDLE);
}

static void test_lane_mode__silent_line_in_an_emergency_is_no_reason_to_forget_it(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs F+ ** silent ** 60000");
    assert_state(LANE_RAISED);
    play("answers");
    assert_non_null(strstr(b.outputs, "open pulse;"));
    play("A- S- U+ D- F- **");
    assert_state(LANE_RAISED);
}

static void test_lane_mode__passages_in_an_emergency_fit_however_many_there_are(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs F+ fails up");
    for (int i = 0; i < 100; i++) { /* nothing becomes durable */
        play("A+ S+ A- S- 500");
    }
    assert_true(b.lane.unstored <= LANE_RECORDS_EASY + 1);
    assert_true(b.lane.missed > 90);
    b.journal_ok = true;
    play("** 1");
    assert_int_equal(b.lane.missed, 0);
    bool told = false;
    for (int i = 0; i < b.record_count; i++) {
        told = told || strstr(b.record[i].event.text, "more while nothing could be recorded");
    }
    assert_true(told);
}

/* ---- held open, held closed ---- */

static void test_lane_mode__nothing_moves_before_the_mode_is_durable(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs hold-open");
    assert_state(LANE_IDLE);
    assert_string_equal(b.outputs, "");
    assert_records("lane_mode");
    play("*");
    assert_state(LANE_RAISED);
    assert_records("lane_mode command_done");
    assert_int_equal(last_record()->outcome, OUTCOME_DONE);
    assert_string_equal(last_record()->cause, b.record[0].event.cause);
}

static void test_lane_mode__too_late_is_taken_back_with_a_record_of_what_is(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs hold-open 70000 *");
    assert_state(LANE_IDLE);
    assert_records("lane_mode lane_mode command_done");
    assert_string_equal(b.record[1].event.code, "automatic");
    assert_int_equal(last_record()->outcome, OUTCOME_LATE);
    play("** kill");
    assert_string_equal(lane_mode_word(&b.lane), "automatic");
}

static void test_lane_mode__second_order_waits_for_the_first(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs hold-open hold-closed");
    assert_int_equal(last_record()->outcome, OUTCOME_IMPOSSIBLE);
    play("**");
    assert_state(LANE_RAISED);
}

static void test_lane_mode__vehicle_with_a_rising_arm_passes_before_it_is_held_closed(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(UP "hold-closed ** S+ A- S- 500 down");
    assert_records("arrived lane_mode command_done entered");
    play("9000 A+ plate **"); /* its plate is no echo any more */
    assert_state(LANE_BARRED);
    assert_int_equal(b.lane.barrier.state, BARRIER_CLOSED);
}

static void
test_lane_mode__held_open_ends_with_the_vehicle_on_the_loop_asked_as_always(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play("inputs hold-open ** up A+ plate ** automatic **");
    assert_state(
        LANE_ASKING); /* it stands there, nobody has permitted it, and the arm comes down */
    assert_int_equal(b.lane.barrier.state, BARRIER_CLOSING);
    begin(LANE_ENTRY);
    play("inputs hold-open ** up A+ plate ** automatic **");
    assert_state(LANE_OPEN); /* recorded and durable: it is permitted */
}

static void test_lane_mode__held_open_waits_for_who_is_between_the_loops(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs hold-open ** up A+ plate ** S+ A- automatic **");
    assert_state(LANE_RAISED);
    play("S- 500");
    assert_state(LANE_CLOSING);
    assert_records("lane_mode command_done arrived lane_mode command_done entered");
}

static void test_lane_mode__switch_in_the_lane_holds_it_open_over_a_restart(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs H- H+ ** up");
    assert_state(LANE_RAISED);
    play("kill");
    assert_state(LANE_RAISED);
    play("H- **");
    assert_state(LANE_CLOSING);
    play("down H- hold-open ** up H-"); /* a person's order is not ended by the switch being off */
    assert_state(LANE_RAISED);
}

static void test_lane_mode__arm_that_comes_down_while_held_open_goes_up_again(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs hold-open ** up");
    assert_int_equal(b.lane.barrier.state, BARRIER_OPEN);
    play("down");
    assert_state(LANE_RAISED);
    assert_int_equal(b.lane.barrier.state, BARRIER_OPENING);
}

/* ---- directions ---- */

static void both_ways(void)
{
    begin(LANE_ENTRY);
    b.config.reversible = true;
    b.config.inputs |= 1u << INPUT_ARMING_BACK;
    lane_init(&b.lane, &b.config);
    play("inputs R-");
}

static void test_lane_mode__direction_turns_only_when_nobody_is_there(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        enum command_outcome outcome;
    } cases[] = {
        {"to-exit **", OUTCOME_DONE},          {"A+ to-exit **", OUTCOME_IMPOSSIBLE},
        {"R+ to-exit **", OUTCOME_IMPOSSIBLE}, {"S+ to-exit **", OUTCOME_IMPOSSIBLE},
        {"D- to-exit **", OUTCOME_IMPOSSIBLE}, {"open * to-exit **", OUTCOME_IMPOSSIBLE},
        {"to-exit A+ **", OUTCOME_IMPOSSIBLE}, /* it came while the record was being written */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        both_ways();
        play(cases[i].script);
        const struct event *done = NULL;
        for (int k = 0; k < b.record_count; k++) {
            const struct event *event = &b.record[k].event;
            done = event->type == EVENT_COMMAND_DONE ? event : done;
        }
        assert_non_null(done);
        if (done->outcome != cases[i].outcome ||
            (b.lane.direction == LANE_EXIT) != (cases[i].outcome == OUTCOME_DONE)) {
            fail_msg("%s: %d", cases[i].script, (int)done->outcome);
        }
    }
    begin(LANE_ENTRY);
    play("inputs to-exit");
    assert_int_equal(last_record()->outcome, OUTCOME_IMPOSSIBLE); /* it leads one way */
}

static void
test_lane_mode__turned_lane_uses_the_other_loop_and_keeps_it_over_a_restart(void **state)
{
    (void)state;
    both_ways();
    play("to-exit ** kill A+");
    assert_state(LANE_IDLE);
    play("A- R+");
    assert_state(LANE_ARMED);
    play("plate");
    assert_state(LANE_ASKING);
}

/* ---- what was stored by an older program ---- */

static void test_lane_mode__context_of_an_older_program_is_still_read(void **state)
{
    (void)state;
    struct lane_context context;
    /* As written before modes, directions and the alarms that came with them. */
    ok(lane_context_parse(STR("v=1\nout_of_service=1\npermitted=1\nalarms=8\nkind=2\npermit=1\n"
                              "subject=1\nvehicle=1\nconfidence=960\ncommand_deadline=17\n"
                              "key=30F12345\nraw=30F-123.45\n"
                              "session=01JD8Q4Z8R0000000000000001\n"
                              "ask=01JD8Q4Z8R0000000000000002\n"),
                          &context));
    assert_int_equal(context.mode, MODE_AUTOMATIC);
    assert_false(context.emergency);
    assert_int_equal(context.direction, 0);
    assert_int_equal(context.alarms, 1u << ALARM_BARRIER_BLOCKED);
    begin(LANE_EXIT);
    lane_restore(&b.lane, &context);
    play("A+ S- U- D+");
    assert_state(LANE_OPENING);
    assert_string_equal(b.lane.visit.session, "01JD8Q4Z8R0000000000000001");
    assert_string_equal(lane_mode_word(&b.lane), "closed");
    assert_int_equal(b.lane.direction, LANE_EXIT);
}

static void test_lane_mode__context_with_modes_comes_back_through_its_text(void **state)
{
    (void)state;
    both_ways();
    play("to-exit ** H- H+ ** F+ **");
    for (int i = 0; i < b.record_count; i++) {
        char text[CONTEXT_TEXT_CAP];
        struct out out;
        struct lane_context back;
        out_init(&out, text, sizeof text);
        lane_context_write(&out, &b.record[i].context);
        assert_false(out_failed(&out));
        ok(lane_context_parse(out_str(&out), &back));
        assert_memory_equal(&back, &b.record[i].context, sizeof back);
    }
    const struct lane_context *last = &b.record[b.record_count - 1].context;
    assert_true(last->emergency && last->mode_switch);
    assert_int_equal(last->mode, MODE_HELD_OPEN);
    assert_int_equal(last->direction, 2);
}

TESTS(T(test_lane_mode__fire_raises_in_the_same_step_from_every_state),
      T(test_lane_mode__fire_is_ordered_before_it_is_recorded),
      T(test_lane_mode__emergency_outlasts_the_input_until_a_person_says_so),
      T(test_lane_mode__fire_again_while_the_end_is_being_written_goes_on),
      T(test_lane_mode__fire_at_another_lane_raises_this_one_unless_it_stands_alone),
      T(test_lane_mode__silent_line_in_an_emergency_is_no_reason_to_forget_it),
      T(test_lane_mode__passages_in_an_emergency_fit_however_many_there_are),
      T(test_lane_mode__nothing_moves_before_the_mode_is_durable),
      T(test_lane_mode__too_late_is_taken_back_with_a_record_of_what_is),
      T(test_lane_mode__second_order_waits_for_the_first),
      T(test_lane_mode__vehicle_with_a_rising_arm_passes_before_it_is_held_closed),
      T(test_lane_mode__held_open_ends_with_the_vehicle_on_the_loop_asked_as_always),
      T(test_lane_mode__held_open_waits_for_who_is_between_the_loops),
      T(test_lane_mode__switch_in_the_lane_holds_it_open_over_a_restart),
      T(test_lane_mode__arm_that_comes_down_while_held_open_goes_up_again),
      T(test_lane_mode__direction_turns_only_when_nobody_is_there),
      T(test_lane_mode__turned_lane_uses_the_other_loop_and_keeps_it_over_a_restart),
      T(test_lane_mode__context_of_an_older_program_is_still_read),
      T(test_lane_mode__context_with_modes_comes_back_through_its_text))
