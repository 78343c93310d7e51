#include "proto/delivery.h"
#include "tests/harness/harness.h"

static const mono_t t0 = {1000};

static void test_delivery__only_an_ack_moves_the_cursor(void **state)
{
    (void)state;
    struct delivery_out d;
    int64_t from = 0;
    int64_t to = 0;
    delivery_out_init(&d, 5, 8, 2);
    assert_false(delivery_out_take(&d, t0, &from, &to)); /* not connected */
    delivery_out_connected(&d, true, t0);
    assert_true(delivery_out_take(&d, t0, &from, &to));
    assert_true(from == 6 && to == 7); /* the window */
    assert_false(delivery_out_take(&d, t0, &from, &to));
    assert_true(delivery_out_acked(&d, 6, t0));
    assert_true(delivery_out_take(&d, t0, &from, &to));
    assert_true(from == 8 && to == 8);
    assert_false(delivery_out_acked(&d, 6, t0)); /* a repeat */
    assert_false(delivery_out_acked(&d, 9, t0)); /* nobody sent 9 */
    assert_true(delivery_out_acked(&d, 8, t0));
    assert_true(delivery_out_deadline(&d).ms == mono_never().ms);
}

static void test_delivery__a_reconnect_a_gap_and_a_stall_go_back(void **state)
{
    (void)state;
    struct delivery_out d;
    int64_t from = 0;
    int64_t to = 0;
    delivery_out_init(&d, 0, 4, 10);
    delivery_out_connected(&d, true, t0);
    assert_true(delivery_out_take(&d, t0, &from, &to));
    delivery_out_gap(&d, 3);
    assert_true(delivery_out_take(&d, t0, &from, &to));
    assert_true(from == 3 && to == 4);
    mono_t late = mono_add(t0, DELIVERY_STALL_MS);
    assert_false(delivery_out_take(&d, mono_add(late, -1), &from, &to));
    assert_true(delivery_out_take(&d, late, &from, &to));
    assert_true(from == 1 && to == 4);
    delivery_out_connected(&d, false, late);
    assert_false(delivery_out_take(&d, late, &from, &to));
    delivery_out_connected(&d, true, late);
    assert_true(delivery_out_take(&d, late, &from, &to));
    assert_true(from == 1 && to == 4);
    delivery_out_gap(&d, 99); /* nonsense is ignored */
    assert_false(delivery_out_take(&d, late, &from, &to));
}

static void test_delivery__the_stall_clock_starts_when_sending_starts(void **state)
{
    (void)state;
    struct delivery_out d;
    int64_t from = 0;
    int64_t to = 0;
    delivery_out_init(&d, 0, 0, 10);
    delivery_out_connected(&d, true, t0);
    mono_t later = mono_add(t0, 100 * DELIVERY_STALL_MS);
    delivery_out_appended(&d, 1, later);
    assert_true(delivery_out_take(&d, later, &from, &to));
    assert_true(delivery_out_deadline(&d).ms == later.ms + DELIVERY_STALL_MS);
}

static void test_delivery__the_server_judges_each_case(void **state)
{
    (void)state;
    assert_int_equal(delivery_in_judge(0, 0, 1, 1, false), DELIVERY_NEXT);
    assert_int_equal(delivery_in_judge(1, 7, 1, 8, false), DELIVERY_NEXT);
    assert_int_equal(delivery_in_judge(1, 7, 1, 7, true), DELIVERY_KNOWN);
    assert_int_equal(delivery_in_judge(1, 7, 1, 9, false), DELIVERY_EARLY);
    assert_int_equal(delivery_in_judge(0, 0, 1, 3, false), DELIVERY_EARLY);
    assert_int_equal(delivery_in_judge(1, 7, 2, 1, false), DELIVERY_NEW_START);
    assert_int_equal(delivery_in_judge(1, 7, 1, 5, false), DELIVERY_WENT_BACK);
    assert_int_equal(delivery_in_judge(2, 7, 1, 8, false), DELIVERY_WENT_BACK);
    assert_int_equal(delivery_in_judge(2, 7, 1, 8, true), DELIVERY_KNOWN);
    assert_int_equal(delivery_in_judge(1, 7, 1, 8, true), DELIVERY_AGAIN);
}

TESTS(T(test_delivery__only_an_ack_moves_the_cursor),
      T(test_delivery__a_reconnect_a_gap_and_a_stall_go_back),
      T(test_delivery__the_stall_clock_starts_when_sending_starts),
      T(test_delivery__the_server_judges_each_case))
