/* Money at the lane: queries, cash, debts.  docs/LANE.md X11, C8, C9. */
#include "tests/unit/lane_bench.c"

static void test_lane_desk__asks_whether_it_was_paid_by_its_timetable(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK "due 9999");
    assert_int_equal(b.queries, 0);
    play("1");
    assert_int_equal(b.queries, 1);
    assert_int_equal(b.query.lane, 1);
    assert_string_equal(b.query.ask, last_record()->id);
    play("2000");
    assert_int_equal(b.queries, 2);
    play("108000"); /* the two minutes are over */
    assert_int_equal(b.queries, 56);
    play("30000");
    assert_int_equal(b.queries, 57);
    play("bank ** 60000");
    assert_int_equal(b.queries, 57); /* it was */
}

/* ---- money and debts that a person answers for ---- */

static void test_lane_desk__cash_is_recorded_before_it_permits(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK "due");
    struct gate_event event = down_of(DOWN_COMMAND);
    event.down.action = COMMAND_TAKE_CASH;
    event.down.deadline.ms = wall_start + b.now.ms + 60000;
    event.down.amount_vnd = 25000;
    memcpy(event.down.receipt, "HN-1-42", 8);
    make_id(event.down.shift, 60);
    memcpy(event.down.by, "lan", 4);
    feed(&event);
    assert_records("exit_asked cash_taken exit_permitted command_done");
    const struct event *cash = &b.record[1].event;
    assert_int_equal(cash->amount_vnd, 25000);
    assert_string_equal(cash->receipt, "HN-1-42");
    assert_string_equal(cash->cause, b.record[0].event.id);
    assert_string_equal(cash->shift, event.down.shift);
    assert_string_equal(cash->by, "lan");
    assert_int_equal(b.record[2].event.permit, PERMIT_CASH);
    assert_string_equal(b.record[2].event.by, "lan");
    assert_string_equal(b.outputs, "");
    feed(&event); /* its repeat takes nothing twice */
    assert_int_equal(b.record_count, 4);
    play("**");
    assert_state(LANE_OPENING);
}

static void test_lane_desk__too_little_cash_is_kept_and_the_rest_is_asked_for(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK "due");
    struct gate_event event = down_of(DOWN_COMMAND);
    event.down.action = COMMAND_TAKE_CASH;
    event.down.deadline.ms = wall_start + b.now.ms + 60000;
    event.down.amount_vnd = 20000;
    feed(&event);
    assert_records("exit_asked cash_taken command_done exit_asked");
    assert_state(LANE_ASKING);
}

static void test_lane_desk__debt_is_allowed_by_a_person_while_the_lane_waits(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play("inputs");
    command(COMMAND_ALLOW_DEBT, 60000);
    assert_int_equal(last_record()->outcome, OUTCOME_IMPOSSIBLE);
    begin(LANE_EXIT);
    play(ASK "10000 *"); /* held: no answer */
    command(COMMAND_ALLOW_DEBT, 60000);
    assert_records("exit_asked held released exit_permitted command_done");
    assert_int_equal(b.record[3].event.permit, PERMIT_DEBT);
    assert_string_equal(b.record[3].event.by, "lan");
    play("** up S+ A- S- 500");
    assert_records("exit_asked held released exit_permitted command_done left");
}

TESTS(T(test_lane_desk__asks_whether_it_was_paid_by_its_timetable),
      T(test_lane_desk__cash_is_recorded_before_it_permits),
      T(test_lane_desk__too_little_cash_is_kept_and_the_rest_is_asked_for),
      T(test_lane_desk__debt_is_allowed_by_a_person_while_the_lane_waits))
