/* Passes over the real SQLite: bought by QR, used by stays, split where they end. */
#include "server/app/pass.h"
#include "server/store/store_pass.h"
#include "tests/integration/server_world.h"

static struct world w;

#define COUNT(table_and_where) world_number(&w, "SELECT count(*) FROM " table_and_where)

static int setup(void **state)
{
    (void)state;
    world_init(&w); /* Monday 2 March 2026, 09:00 */
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

static struct pass_order an_order(enum pass_order_kind kind, const char *plate)
{
    struct pass_order o = {.kind = kind,
                           .by = "lan",
                           .lot = "hn-0001",
                           .name = "month",
                           .vehicle = VEHICLE_CAR,
                           .plate_count = 1,
                           .quota = 1,
                           .months = 1};
    snprintf(o.plate[0], sizeof o.plate[0], "%s", plate);
    return o;
}

static int tx;

static void pay(const char *code, int64_t amount_vnd)
{
    char id[16];
    snprintf(id, sizeof id, "%d", ++tx);
    assert_int_equal(world_pay(&w, id, code, amount_vnd), 200);
}

/* A pass from today for a month, paid at once. */
static struct pass_order buy(const char *plate)
{
    struct pass_order o = an_order(PASS_ORDER_BUY, plate);
    ok(app_pass(w.app, &o));
    assert_int_equal(o.ret_price_vnd, 900000);
    pay(o.ret_code, o.ret_price_vnd);
    memcpy(o.pass, o.ret_pass, sizeof o.pass);
    return o;
}

static void go_to(const char *iso)
{
    ok(time_parse_iso(str_c(iso), &w.now));
}

static void leave(const char *session, enum permit permit)
{
    struct event e = world_event_b(&w, EVENT_EXIT_PERMITTED, session);
    e.permit = permit;
    world_send(&w, &e);
    e = world_event_b(&w, EVENT_LEFT, session);
    world_send(&w, &e);
}

static const struct down *quote(const char *session, const char *plate)
{
    world_ask(&w, session, plate);
    return world_last(&w, GATE_B, DOWN_QUOTE);
}

static void test_pass_server__bought_by_qr_it_lets_its_plate_out(void **state)
{
    (void)state;
    buy("30F12345");
    assert_int_equal(COUNT("bank_credit WHERE verdict = 'exact'"), 1);
    assert_int_equal(COUNT("review"), 0);
    world_enter(&w, "A", "30F12345");
    assert_int_equal(COUNT("pass_use"), 1);
    world_pass(&w, 180);
    assert_int_equal(quote("A", "30F12345")->state, QUOTE_EXEMPT);
    leave("A", PERMIT_EXEMPT);
    assert_int_equal(COUNT("session WHERE state = 'left' AND fee_vnd = 0"), 1);
    assert_int_equal(balance("pass_revenue:hn-0001"), -900000); /* its month has begun */
    assert_int_equal(balance("pass_deferred:hn-0001"), 0);
    world_enter(&w, "B", "29A99999");
    world_pass(&w, 30);
    assert_int_equal(quote("B", "29A99999")->amount_vnd, 25000);
}

static void test_pass_server__not_paid_covers_nothing_and_less_asks_for_the_rest(void **state)
{
    (void)state;
    struct pass_order o = an_order(PASS_ORDER_BUY, "30F12345");
    ok(app_pass(w.app, &o));
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    assert_int_equal(quote("A", "30F12345")->amount_vnd, 25000);
    pay(o.ret_code, 400000);
    assert_int_equal(quote("A", "30F12345")->amount_vnd, 25000);
    assert_int_equal(balance("pass_deferred:hn-0001"), -400000);
    pay(o.ret_code, 600000); /* too much */
    assert_int_equal(balance("refund_due:hn-0001"), -100000);
    pay(o.ret_code, 900000); /* and again */
    assert_int_equal(COUNT("review WHERE kind IN ('pass_over', 'pass_duplicate')"), 2);
    assert_int_equal(balance("refund_due:hn-0001"), -1000000);
}

static void test_pass_server__money_on_another_lots_account_waits_for_a_person(void **state)
{
    (void)state;
    struct pass_order o = an_order(PASS_ORDER_BUY, "30F12345");
    ok(app_pass(w.app, &o));
    world_pay_to(&w, "1", "9876543210", "in", o.ret_code, 900000);
    assert_int_equal(COUNT("review WHERE kind = 'bank_wrong_account'"), 1);
    assert_int_equal(balance("suspense:9876543210"), -900000);
    assert_int_equal(COUNT("pass_period WHERE covers_ms IS NOT NULL"), 0);
}

/* The sentence of the issue: it ends at midnight while the vehicle is inside. */
static void test_pass_server__ended_at_midnight_inside_the_rest_is_priced(void **state)
{
    (void)state;
    buy("30F12345"); /* until 2 April, 00:00 */
    go_to("2026-04-01T22:00:00+07:00");
    world_enter(&w, "A", "30F12345");
    go_to("2026-04-02T00:00:00+07:00");
    assert_int_equal(quote("A", "30F12345")->state, QUOTE_EXEMPT); /* half-open: still free */
    go_to("2026-04-02T01:30:00+07:00");
    const struct down *q = quote("A", "30F12345");
    assert_int_equal(q->state, QUOTE_DUE);
    assert_int_equal(q->amount_vnd, 50000); /* two started hours from midnight */
    assert_string_equal(q->line[0].vi, "Vé tháng, miễn phí 22:00 01/04/2026 – 00:00 02/04/2026");
    assert_string_equal(q->line[0].en, "Monthly pass, free 22:00 01/04/2026 – 00:00 02/04/2026");
    assert_int_equal(q->line[0].amount_vnd, 0);
    int64_t sum = 0;
    for (int i = 0; i < q->line_count; i++) {
        sum += q->line[i].amount_vnd;
    }
    assert_int_equal(sum, 50000);
}

static void test_pass_server__bought_while_inside_it_covers_from_the_payment(void **state)
{
    (void)state;
    world_enter(&w, "A", "30F12345"); /* 09:00 */
    world_pass(&w, 90);
    buy("30F12345"); /* 10:30 */
    world_pass(&w, 300);
    assert_int_equal(quote("A", "30F12345")->amount_vnd, 50000); /* 09:00 to 10:30 */
    assert_int_equal(COUNT("pass_use"), 1);
}

static void test_pass_server__a_renewal_goes_on_without_a_gap(void **state)
{
    (void)state;
    struct pass_order first = buy("30F12345");
    go_to("2026-03-30T09:00:00+07:00");
    struct pass_order second = an_order(PASS_ORDER_BUY, "30F12345");
    ok(app_pass(w.app, &second));
    assert_string_equal(second.ret_pass, first.ret_pass);
    assert_int_equal(second.ret_from.ms, first.ret_until.ms);
    struct pass_order again = an_order(PASS_ORDER_BUY, "30F12345"); /* pressed twice */
    ok(app_pass(w.app, &again));
    assert_string_equal(again.ret_code, second.ret_code);
    pay(second.ret_code, 900000);
    assert_int_equal(balance("pass_deferred:hn-0001"), -900000); /* its month has not begun */
    go_to("2026-04-01T22:00:00+07:00");
    world_enter(&w, "A", "30F12345");
    go_to("2026-04-02T09:00:00+07:00");
    assert_int_equal(quote("A", "30F12345")->state, QUOTE_EXEMPT);
    assert_int_equal(balance("pass_deferred:hn-0001"), 0);
}

static void test_pass_server__two_requests_paid_both_follow_each_other(void **state)
{
    (void)state;
    struct pass_order one = an_order(PASS_ORDER_BUY, "30F12345");
    struct pass_order two = one;
    two.months = 2;
    ok(app_pass(w.app, &one));
    ok(app_pass(w.app, &two));
    assert_int_equal(one.ret_from.ms, two.ret_from.ms);
    pay(two.ret_code, 1800000);
    pay(one.ret_code, 900000);
    assert_int_equal(world_number(&w, "SELECT max(until_ms) FROM pass_period"),
                     pass_months_after(two.ret_until, 1).ms);
    assert_int_equal(world_number(&w, "SELECT count(DISTINCT from_ms) FROM pass_period"), 2);
}

static void test_pass_server__renewed_late_the_days_between_are_charged(void **state)
{
    (void)state;
    buy("30F12345");
    go_to("2026-04-04T08:00:00+07:00");
    struct pass_order second = an_order(PASS_ORDER_BUY, "30F12345");
    ok(app_pass(w.app, &second));
    assert_int_equal(second.ret_from.ms, time_day_start(w.now).ms);
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    pay(second.ret_code, 900000);
    world_pass(&w, 600);
    assert_int_equal(quote("A", "30F12345")->amount_vnd, 25000); /* until it was paid */
}

static void test_pass_server__one_more_than_the_quota_pays(void **state)
{
    (void)state;
    struct pass_order o = an_order(PASS_ORDER_ADD, "30F00001");
    o.quota = 2;
    o.plate_count = 3;
    snprintf(o.plate[1], sizeof o.plate[1], "30F00002");
    snprintf(o.plate[2], sizeof o.plate[2], "30F00003");
    ok(app_pass(w.app, &o));
    assert_int_equal(o.ret_price_vnd, 1800000);
    pay(o.ret_code, 1800000);
    world_enter(&w, "A", "30F00001");
    world_enter(&w, "B", "30F00002");
    world_enter(&w, "C", "30F00003");
    assert_int_equal(COUNT("pass_use"), 2);
    world_pass(&w, 30);
    quote("A", "30F00001");
    leave("A", PERMIT_EXEMPT);
    assert_int_equal(quote("C", "30F00003")->amount_vnd, 25000); /* both places were taken then */
    leave("C", PERMIT_MANUAL);
    world_enter(&w, "D", "30F00003");
    world_pass(&w, 30);
    assert_int_equal(quote("D", "30F00003")->state, QUOTE_EXEMPT);
}

static void test_pass_server__suspended_it_covers_nothing_until_resumed(void **state)
{
    (void)state;
    struct pass_order o = buy("30F12345");
    o.kind = PASS_ORDER_SUSPEND;
    assert_int_equal(app_pass(w.app, &o), DX_E_INVAL); /* a reason is needed */
    snprintf(o.reason, sizeof o.reason, "nợ phí");
    ok(app_pass(w.app, &o));
    assert_int_equal(app_pass(w.app, &o), DX_E_EXISTS);
    world_enter(&w, "A", "30F12345"); /* 09:00 */
    world_pass(&w, 90);
    o.kind = PASS_ORDER_RESUME;
    ok(app_pass(w.app, &o));
    world_pass(&w, 300);
    assert_int_equal(quote("A", "30F12345")->amount_vnd, 50000);
}

static void test_pass_server__another_plate_takes_over_and_the_history_stays(void **state)
{
    (void)state;
    struct pass_order o = buy("30F12345");
    o.kind = PASS_ORDER_PLATE_OFF;
    ok(app_pass(w.app, &o));
    assert_int_equal(app_pass(w.app, &o), DX_E_NOT_FOUND);
    o.kind = PASS_ORDER_PLATE_ON;
    snprintf(o.plate[0], sizeof o.plate[0], "30F99999");
    ok(app_pass(w.app, &o));
    world_pass(&w, 1);
    world_enter(&w, "A", "30F12345");
    world_enter(&w, "B", "30F99999");
    world_pass(&w, 30);
    assert_int_equal(quote("A", "30F12345")->amount_vnd, 25000);
    assert_int_equal(quote("B", "30F99999")->state, QUOTE_EXEMPT);
    assert_int_equal(COUNT("pass_plate"), 2);
    assert_int_equal(COUNT("pass_change"), 4);
}

static void test_pass_server__it_holds_in_its_lots_alone(void **state)
{
    (void)state;
    struct pass_order o = buy("30F12345");
    world_number(&w, "SELECT 1");
    assert_int_equal(COUNT("pass_lot"), 1);
    struct event e = world_event(&w, EVENT_ARRIVED, "A");
    world_plate(&e, "30F12345", VEHICLE_MOTORBIKE); /* another class with the same text */
    world_send(&w, &e);
    e = world_event(&w, EVENT_ENTERED, "A");
    world_send(&w, &e);
    assert_int_equal(COUNT("pass_use"), 0);
    o.kind = PASS_ORDER_ADD;
    snprintf(o.lots[0], sizeof o.lots[0], "hn-0002");
    o.lot_count = 1;
    ok(app_pass(w.app, &o));
    assert_int_equal(COUNT("pass_lot"), 3);
    snprintf(o.lots[0], sizeof o.lots[0], "hn-0009");
    assert_int_equal(app_pass(w.app, &o), DX_E_NOT_FOUND);
    assert_int_equal(COUNT("pass"), 2); /* nothing of a refused one stays */
    snprintf(o.name, sizeof o.name, "nothing");
    o.lot_count = 0;
    assert_int_equal(app_pass(w.app, &o), DX_E_NOT_FOUND);
}

static void keep_row(void *context, const struct store_pass_row *row)
{
    *(struct store_pass_row *)context = *row;
}

static void test_pass_server__gates_are_given_what_they_need(void **state)
{
    (void)state;
    struct store *store;
    struct store_pass_row row = {.quota = -1};
    int64_t version = 0;
    struct pass_order o = buy("30F12345");
    ok(store_open_reader(w.database, &store));
    ok(store_lot_passes(store, "hn-0001", w.now, keep_row, &row));
    ok(store_get_pass_version(store, &version));
    assert_true(row.quota == 1 && row.span_count == 1 && row.plate_count == 1 && version == 2);
    assert_string_equal(row.plate[0], "30F12345");
    assert_string_equal(row.name, "month");
    assert_int_equal(row.span[0].until.ms, o.ret_until.ms);
    row.quota = -1;
    ok(store_lot_passes(store, "hn-0002", w.now, keep_row, &row));
    assert_int_equal(row.quota, -1);
    store_close(store);
}

static void test_pass_server__cash_goes_to_the_bank_under_a_code(void **state)
{
    (void)state;
    struct event e = world_event_b(&w, EVENT_SHIFT_OPENED, "");
    struct pass_order o = {.kind = PASS_ORDER_HAND_IN, .by = "mai", .lot = "hn-0001"};
    world_session_id("S", e.shift);
    e.counted_vnd = 500000;
    world_send(&w, &e);
    memcpy(o.shift, e.shift, sizeof o.shift);
    o.amount_vnd = 600000;
    assert_int_equal(app_pass(w.app, &o), DX_E_INVAL); /* more than is in it */
    o.amount_vnd = 500000;
    ok(app_pass(w.app, &o));
    assert_int_equal(balance("cash_safe:op"), 0);
    o.kind = PASS_ORDER_BANK;
    ok(app_pass(w.app, &o));
    assert_int_equal(balance("cash_transit:op"), 500000);
    pay(o.ret_code, 490000);
    assert_int_equal(balance("cash_transit:op"), 10000);
    assert_int_equal(balance("bank:970436-0123456789"), 490000);
    assert_int_equal(COUNT("review WHERE kind = 'cash_deposit'"), 1);
}

#define W(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TESTS(W(test_pass_server__bought_by_qr_it_lets_its_plate_out),
      W(test_pass_server__not_paid_covers_nothing_and_less_asks_for_the_rest),
      W(test_pass_server__money_on_another_lots_account_waits_for_a_person),
      W(test_pass_server__ended_at_midnight_inside_the_rest_is_priced),
      W(test_pass_server__bought_while_inside_it_covers_from_the_payment),
      W(test_pass_server__a_renewal_goes_on_without_a_gap),
      W(test_pass_server__two_requests_paid_both_follow_each_other),
      W(test_pass_server__renewed_late_the_days_between_are_charged),
      W(test_pass_server__one_more_than_the_quota_pays),
      W(test_pass_server__suspended_it_covers_nothing_until_resumed),
      W(test_pass_server__another_plate_takes_over_and_the_history_stays),
      W(test_pass_server__it_holds_in_its_lots_alone),
      W(test_pass_server__gates_are_given_what_they_need),
      W(test_pass_server__cash_goes_to_the_bank_under_a_code))
