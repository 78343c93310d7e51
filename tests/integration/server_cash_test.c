/* Cash and shifts over the real SQLite: what gates tell, and what the books make of it. */
#include "tests/integration/server_world.h"

static struct world w;

#define COUNT(table_and_where) world_number(&w, "SELECT count(*) FROM " table_and_where)

static int setup(void **state)
{
    (void)state;
    world_init(&w);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    assert_int_equal(world_ledger_faults(&w), 0);
    world_fini(&w);
    return 0;
}

static int64_t balance(const char *account)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT coalesce(sum(amount_vnd), 0) FROM ledger_entry WHERE"
             " account = '%s'",
             account);
    return world_number(&w, sql);
}

static int64_t drawer(const char *shift)
{
    char id[ULID_CAP];
    char account[80];
    world_session_id(shift, id);
    snprintf(account, sizeof account, "cash:hn-0001:%s", id);
    return balance(account);
}

static void shift(enum event_type type, const char *letter, const char *previous, int64_t counted)
{
    struct event e = world_event_b(&w, type, "");
    world_session_id(letter, e.shift);
    world_session_id(previous, e.cause);
    snprintf(e.by, sizeof e.by, "lan");
    e.counted_vnd = counted;
    e.lane = 0;
    world_send(&w, &e);
}

static void take(const char *session, const char *letter, const char *receipt, int64_t amount,
                 const char *cause)
{
    struct event e = world_event_b(&w, EVENT_CASH_TAKEN, session);
    world_session_id(letter, e.shift);
    snprintf(e.receipt, sizeof e.receipt, "%s", receipt);
    snprintf(e.by, sizeof e.by, "lan");
    snprintf(e.cause, sizeof e.cause, "%s", cause);
    e.amount_vnd = amount;
    world_send(&w, &e);
}

static void leave(const char *session, enum permit permit)
{
    struct event e = world_event_b(&w, EVENT_EXIT_PERMITTED, session);
    e.permit = permit;
    world_send(&w, &e);
    e = world_event_b(&w, EVENT_LEFT, session);
    world_send(&w, &e);
}

static void test_cash_server__a_visit_paid_in_cash(void **state)
{
    (void)state;
    shift(EVENT_SHIFT_OPENED, "S", "", 200000);
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    struct event ask = world_ask(&w, "A", "30F12345");
    take("A", "S", "B-000001", 25000, ask.id);
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 0); /* the gate has opened itself */
    leave("A", PERMIT_CASH);
    assert_int_equal(COUNT("session WHERE state = 'left' AND paid_vnd = 25000"), 1);
    assert_int_equal(world_number(&w, "SELECT sum(cash_turns) * 10 + sum(transfer_turns)"
                                      " FROM rollup WHERE grain = 1"),
                     10);
    assert_int_equal(drawer("S"), 225000);
    assert_int_equal(COUNT("review"), 0);
    assert_int_equal(COUNT("outbox WHERE done_ms IS NULL"), 0);
    shift(EVENT_SHIFT_CLOSED, "S", "", 225000);
    assert_int_equal(COUNT("shift_close WHERE counted_vnd = expected_vnd"), 1);
    assert_int_equal(COUNT("shift_difference"), 0);
}

static void test_cash_server__a_booth_opens_the_lane_that_waits(void **state)
{
    (void)state;
    shift(EVENT_SHIFT_OPENED, "S", "", 0);
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    world_ask(&w, "A", "30F12345");
    take("A", "S", "B-000001", 25000, "");
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 1);
}

static void test_cash_server__the_same_event_again_changes_nothing(void **state)
{
    (void)state;
    char text[4096];
    shift(EVENT_SHIFT_OPENED, "S", "", 0);
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    struct event e = world_event_b(&w, EVENT_CASH_TAKEN, "A");
    struct out out;
    world_session_id("S", e.shift);
    snprintf(e.receipt, sizeof e.receipt, "B-000001");
    e.amount_vnd = 25000;
    out_init(&out, text, sizeof text);
    event_write(&out, &e);
    for (int i = 0; i < 8; i++) {
        world_post(&w, "doxe/1/hn-0001/hn-0001-g2/up", text);
        world_run(&w);
    }
    assert_int_equal(COUNT("cash_taken"), 1);
    assert_int_equal(drawer("S"), 25000);
}

static void test_cash_server__cash_and_a_transfer_for_one_stay_is_a_duplicate(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    shift(EVENT_SHIFT_OPENED, "S", "", 0);
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    world_code(&w, "A", code);
    take("A", "S", "B-000001", 25000, "");
    world_pay(&w, "1", code, 25000);
    assert_int_equal(COUNT("review WHERE kind = 'bank_duplicate'"), 1);
    assert_int_equal(balance("refund_due:hn-0001"), -25000);
    world_enter(&w, "B", "30F99999");
    world_pass(&w, 30);
    world_code(&w, "B", code);
    world_pay(&w, "2", code, 25000);
    take("B", "S", "B-000002", 25000, "");
    assert_int_equal(COUNT("review WHERE kind = 'cash_duplicate'"), 1);
    assert_int_equal(balance("refund_due:hn-0001"), -50000);
}

static void test_cash_server__receipts_twice_missing_and_out_of_a_shift_are_reviewed(void **state)
{
    (void)state;
    shift(EVENT_SHIFT_OPENED, "S", "", 0);
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    take("A", "S", "B-000001", 10000, "");
    take("A", "S", "B-000001", 10000, "");
    take("A", "S", "B-000004", 5000, "");
    take("A", "Z", "B-000005", 5000, ""); /* a shift nobody opened */
    assert_int_equal(COUNT("review WHERE kind = 'cash_receipt'"), 2);
    assert_int_equal(COUNT("review WHERE kind = 'cash_shift'"), 1);
    assert_int_equal(COUNT("review WHERE kind = 'cash_duplicate'"), 1); /* the last 5,000 */
    take("", "S", "B-000006", 5000, "");
    assert_int_equal(balance("suspense:cash-hn-0001"), -5000);
}

static void test_cash_server__less_in_the_drawer_is_a_row_and_a_transaction(void **state)
{
    (void)state;
    shift(EVENT_SHIFT_OPENED, "S", "", 100000);
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    take("A", "S", "B-000001", 25000, "");
    shift(EVENT_SHIFT_CLOSED, "S", "", 120000);
    assert_int_equal(balance("cash_over_short:op"), 5000);
    assert_int_equal(drawer("S"), 120000); /* what was counted */
    assert_int_equal(COUNT("shift_difference WHERE amount_vnd = -5000 AND reason = 'close'"), 1);
    assert_int_equal(COUNT("review WHERE kind = 'shift_difference'"), 1);
    shift(EVENT_SHIFT_CLOSED, "S", "", 125000); /* a second close changes nothing */
    assert_int_equal(COUNT("shift_close"), 1);
    assert_int_equal(COUNT("review WHERE kind = 'shift_odd'"), 1);
    assert_int_equal(drawer("S"), 120000);
}

static void test_cash_server__told_after_the_close_explains_what_was_too_much(void **state)
{
    (void)state;
    shift(EVENT_SHIFT_OPENED, "S", "", 0);
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    shift(EVENT_SHIFT_CLOSED, "S", "", 25000); /* 25,000 that the ledger does not know */
    assert_int_equal(balance("cash_over_short:op"), -25000);
    take("A", "S", "B-000001", 25000, "");
    assert_int_equal(balance("cash_over_short:op"), 0);
    assert_int_equal(drawer("S"), 25000);
    assert_int_equal(COUNT("shift_difference"), 2);
    assert_int_equal(world_number(&w, "SELECT sum(amount_vnd) FROM shift_difference"), 0);
}

static void test_cash_server__a_drawer_is_handed_over_in_a_chain(void **state)
{
    (void)state;
    shift(EVENT_SHIFT_OPENED, "S", "", 100000);
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    take("A", "S", "B-000001", 25000, "");
    shift(EVENT_SHIFT_CLOSED, "S", "", 125000);
    shift(EVENT_SHIFT_OPENED, "T", "S", 100000); /* 25,000 are to be handed in */
    assert_int_equal(drawer("S"), 25000);
    assert_int_equal(drawer("T"), 100000);
    shift(EVENT_SHIFT_CLOSED, "T", "", 100000);
    shift(EVENT_SHIFT_OPENED, "V", "T", 110000); /* counted more than there was */
    assert_int_equal(drawer("T"), 0);
    assert_int_equal(balance("cash_over_short:op"), -10000);
    assert_int_equal(COUNT("shift_difference WHERE reason = 'hand_over'"), 1);
    assert_int_equal(COUNT("shift WHERE previous <> ''"), 2);
}

static void test_cash_server__a_shift_nobody_opened_is_closed_and_reviewed(void **state)
{
    (void)state;
    shift(EVENT_SHIFT_CLOSED, "S", "", 30000);
    assert_int_equal(COUNT("shift WHERE inferred = 1"), 1);
    assert_int_equal(drawer("S"), 30000);
    assert_int_equal(COUNT("review WHERE kind = 'shift_odd'"), 1);
    shift(EVENT_SHIFT_OPENED, "S", "", 30000);
    assert_int_equal(COUNT("review WHERE kind = 'shift_odd'"), 2);
    assert_int_equal(drawer("S"), 30000);
}

static void test_cash_server__rows_of_cash_and_shifts_cannot_be_changed(void **state)
{
    (void)state;
    struct db *db;
    shift(EVENT_SHIFT_OPENED, "S", "", 100000);
    world_enter(&w, "A", "30F12345");
    take("A", "S", "B-000001", 25000, "");
    shift(EVENT_SHIFT_CLOSED, "S", "", 1);
    static const char *const attempts[] = {"UPDATE shift SET float_vnd = 0",
                                           "DELETE FROM shift",
                                           "UPDATE shift_close SET counted_vnd = 0",
                                           "DELETE FROM shift_close",
                                           "UPDATE shift_difference SET amount_vnd = 0",
                                           "DELETE FROM shift_difference",
                                           "UPDATE cash_taken SET amount_vnd = 0",
                                           "DELETE FROM cash_taken"};
    ok(db_open(w.database, &db));
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++) {
        assert_int_equal(db_exec(db, attempts[i], ""), DX_E_STATE);
    }
    db_close(db);
}

static void test_cash_server__a_corrected_count_is_a_row_with_reason_and_author(void **state)
{
    (void)state;
    struct event e = world_event_b(&w, EVENT_OCCUPANCY_CORRECTED, "");
    char text[200];
    e.lane = 0;
    e.vehicle = VEHICLE_CAR;
    e.count_from = 12;
    e.count_to = 10;
    snprintf(e.by, sizeof e.by, "lan");
    snprintf(e.text, sizeof e.text, "đếm lại");
    world_send(&w, &e);
    world_text(&w,
               "SELECT vehicle || count_from || '>' || count_to || by || text"
               " FROM occupancy_correction",
               text, sizeof text);
    assert_string_equal(text, "car12>10lanđếm lại");
}

#define W(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TESTS(W(test_cash_server__a_visit_paid_in_cash),
      W(test_cash_server__a_booth_opens_the_lane_that_waits),
      W(test_cash_server__the_same_event_again_changes_nothing),
      W(test_cash_server__cash_and_a_transfer_for_one_stay_is_a_duplicate),
      W(test_cash_server__receipts_twice_missing_and_out_of_a_shift_are_reviewed),
      W(test_cash_server__less_in_the_drawer_is_a_row_and_a_transaction),
      W(test_cash_server__told_after_the_close_explains_what_was_too_much),
      W(test_cash_server__a_drawer_is_handed_over_in_a_chain),
      W(test_cash_server__a_shift_nobody_opened_is_closed_and_reviewed),
      W(test_cash_server__rows_of_cash_and_shifts_cannot_be_changed),
      W(test_cash_server__a_corrected_count_is_a_row_with_reason_and_author))
