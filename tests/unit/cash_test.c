#include "server/core/cash.h"
#include "tests/harness/harness.h"

#define STAY  "01JAAAAAAAAAAAAAAAAAAAAAAA"
#define SHIFT "01JHHHHHHHHHHHHHHHHHHHHHHH"
#define LAST  "01JGGGGGGGGGGGGGGGGGGGGGGG"
#define CASH  "cash:hn-0001:" SHIFT

static const struct cash_place place = {"hn-0001", "op"};

static int64_t entry(const struct ledger_tx *tx, const char *account)
{
    for (int i = 0; i < tx->count; i++) {
        if (strcmp(tx->entry[i].account, account) == 0) {
            return tx->entry[i].amount_vnd;
        }
    }
    return 0;
}

/* A stay that drives out and owes `fee`, of which `paid` came before. */
static struct cash_view view_of(int64_t fee, int64_t paid, enum session_state state)
{
    struct cash_view v = {.place = place, .shift_known = true};
    v.stay.found = true;
    v.stay.session = (struct session){
        .id = STAY, .lot = "hn-0001", .state = state, .fee_vnd = fee, .paid_vnd = paid};
    return v;
}

static struct event taken(int64_t amount_vnd)
{
    return (struct event){.type = EVENT_CASH_TAKEN,
                          .id = "01JEEEEEEEEEEEEEEEEEEEEEEE",
                          .session = STAY,
                          .shift = SHIFT,
                          .receipt = "A-000007",
                          .amount_vnd = amount_vnd};
}

static struct cash_decision decide(const struct cash_view *view, int64_t amount_vnd)
{
    struct cash_decision d;
    struct event event = taken(amount_vnd);
    cash_decide(view, &event, (wall_t){1000}, &d);
    assert_true(ledger_is_balanced(&d.tx));
    return d;
}

static void test_cash__what_is_due_goes_into_the_drawer_and_pays(void **state)
{
    (void)state;
    struct cash_view view = view_of(25000, 0, SESSION_LEAVING);
    struct cash_decision d = decide(&view, 25000);
    assert_string_equal(d.tx.id, "cash:01JEEEEEEEEEEEEEEEEEEEEEEE");
    assert_string_equal(d.tx.kind, "cash");
    assert_int_equal(d.tx.count, 2);
    assert_true(entry(&d.tx, CASH) == 25000 && entry(&d.tx, "prepaid:hn-0001") == -25000);
    assert_int_equal(d.pay.verdict, PAYMENT_EXACT);
    assert_true(d.pay.completes && d.pay.session.paid_vnd == 25000);
    assert_int_equal(d.review_count, 0);
    assert_true(ledger_is_empty(&d.late));
}

static void test_cash__under_over_and_again(void **state)
{
    (void)state;
    struct cash_view view = view_of(25000, 0, SESSION_LEAVING);
    struct cash_decision d = decide(&view, 20000);
    assert_int_equal(d.pay.verdict, PAYMENT_UNDER);
    assert_true(entry(&d.tx, "prepaid:hn-0001") == -20000 && d.review_count == 0);
    d = decide(&view, 30000);
    assert_int_equal(d.pay.verdict, PAYMENT_OVER);
    assert_true(entry(&d.tx, "refund_due:hn-0001") == -5000);
    assert_int_equal(d.review[0].kind, REVIEW_CASH_OVER);
    view = view_of(25000, 25000, SESSION_LEAVING); /* a transfer came first */
    d = decide(&view, 25000);
    assert_int_equal(d.pay.verdict, PAYMENT_DUPLICATE);
    assert_true(entry(&d.tx, "refund_due:hn-0001") == -25000 && entry(&d.tx, CASH) == 25000);
    assert_int_equal(d.review[0].kind, REVIEW_CASH_DUPLICATE);
}

static void test_cash__settles_a_debt(void **state)
{
    (void)state;
    struct cash_view view = view_of(25000, 0, SESSION_LEFT_UNPAID);
    struct cash_decision d = decide(&view, 25000);
    assert_true(d.pay.settles_debt && entry(&d.tx, "receivable:hn-0001") == -25000);
    assert_int_equal(d.pay.session.state, SESSION_LEFT);
}

static void test_cash__for_nobody_waits_in_suspense(void **state)
{
    (void)state;
    struct cash_view view = {.place = place, .shift_known = true};
    struct cash_decision d = decide(&view, 25000);
    assert_true(entry(&d.tx, "suspense:cash-hn-0001") == -25000 && entry(&d.tx, CASH) == 25000);
    assert_int_equal(d.review[0].kind, REVIEW_CASH_UNMATCHED);
    assert_string_equal(d.tx.session, "");
}

static void test_cash__after_the_close_makes_a_difference_of_its_own(void **state)
{
    (void)state;
    struct cash_view view = view_of(25000, 0, SESSION_LEAVING);
    view.shift_closed = true;
    struct cash_decision d = decide(&view, 25000);
    assert_string_equal(d.late.kind, "late_cash");
    assert_true(ledger_is_balanced(&d.late) && d.late_vnd == -25000);
    assert_true(entry(&d.late, "cash_over_short:op") == 25000 && entry(&d.late, CASH) == -25000);
    assert_int_equal(d.review[0].kind, REVIEW_CASH_SHIFT);
    view.shift_closed = view.shift_known = false;
    d = decide(&view, 25000);
    assert_int_equal(d.review[0].kind, REVIEW_CASH_SHIFT);
    assert_true(ledger_is_empty(&d.late));
}

static void test_cash__receipts_go_up_by_one_in_each_book(void **state)
{
    (void)state;
    char space[REVIEW_DETAIL_CAP];
    assert_null(cash_receipt_gap("", "A-000007", space, sizeof space));
    assert_null(cash_receipt_gap("A-000006", "A-000007", space, sizeof space));
    assert_null(cash_receipt_gap("A-000009", "A-000010", space, sizeof space));
    assert_null(cash_receipt_gap("A-999999", "B-000001", space, sizeof space)); /* a new book */
    assert_string_equal(cash_receipt_gap("A-000006", "A-000009", space, sizeof space),
                        "receipt A-000009 came after A-000006: those between are missing");
    assert_string_equal(cash_receipt_gap("A-000006", "A-000005", space, sizeof space),
                        "receipt A-000005 came after A-000006");
    assert_non_null(cash_receipt_gap("A-000006", "A-", space, sizeof space));
    assert_non_null(cash_receipt_gap("", "999999999999999999999999", space, sizeof space));
    struct cash_view view = view_of(25000, 0, SESSION_LEAVING);
    view.receipt_used = true;
    struct cash_decision d = decide(&view, 25000);
    assert_int_equal(d.review[0].kind, REVIEW_CASH_RECEIPT);
}

static void test_cash__a_shift_opens_from_the_safe_or_from_the_one_before(void **state)
{
    (void)state;
    struct shift_opening o;
    struct event e = {.type = EVENT_SHIFT_OPENED, .id = "E", .shift = SHIFT, .counted_vnd = 200000};
    shift_open(&place, &e, -1, (wall_t){1}, &o);
    assert_true(entry(&o.tx, CASH) == 200000 && entry(&o.tx, "cash_safe:op") == -200000);
    assert_true(o.taken_over_vnd == 0 && o.difference_vnd == 0);
    memcpy(e.cause, LAST, sizeof LAST);
    shift_open(&place, &e, 500000, (wall_t){1}, &o); /* the rest stays to be handed in */
    assert_true(entry(&o.tx, "cash:hn-0001:" LAST) == -200000 && o.taken_over_vnd == 200000);
    shift_open(&place, &e, 150000, (wall_t){1}, &o);
    assert_true(entry(&o.tx, "cash:hn-0001:" LAST) == -150000 && o.difference_vnd == 50000);
    assert_true(entry(&o.tx, "cash_over_short:op") == -50000);
    e.counted_vnd = 0;
    shift_open(&place, &e, 0, (wall_t){1}, &o);
    assert_true(ledger_is_empty(&o.tx));
}

static void test_cash__a_shift_closes_with_its_difference(void **state)
{
    (void)state;
    struct shift_closing c;
    struct event e = {.type = EVENT_SHIFT_CLOSED, .id = "E", .shift = SHIFT, .counted_vnd = 90000};
    shift_close(&place, &e, 100000, (wall_t){1}, &c);
    assert_true(c.difference_vnd == -10000 && ledger_is_balanced(&c.tx));
    assert_true(entry(&c.tx, CASH) == -10000 && entry(&c.tx, "cash_over_short:op") == 10000);
    shift_close(&place, &e, 90000, (wall_t){1}, &c);
    assert_true(c.difference_vnd == 0 && ledger_is_empty(&c.tx));
}

static void test_cash__from_the_drawer_to_the_bank(void **state)
{
    (void)state;
    struct ledger_tx tx;
    struct bank_credit credit = {
        .provider = "sepay", .provider_tx = "9", .account = "0123456789", .amount_vnd = 90000};
    cash_move(&place, CASH_HANDED_IN, "M", SHIFT, 90000, (wall_t){1}, &tx);
    assert_true(entry(&tx, CASH) == -90000 && entry(&tx, "cash_safe:op") == 90000);
    cash_move(&place, CASH_BANKED, "N", "", 90000, (wall_t){1}, &tx);
    assert_true(entry(&tx, "cash_safe:op") == -90000 && entry(&tx, "cash_transit:op") == 90000);
    cash_banked(&place, "970436", &credit, "N", &tx);
    assert_string_equal(tx.id, "credit:sepay:9");
    assert_true(entry(&tx, "bank:970436-0123456789") == 90000);
    assert_true(entry(&tx, "cash_transit:op") == -90000);
}

TESTS(T(test_cash__what_is_due_goes_into_the_drawer_and_pays), T(test_cash__under_over_and_again),
      T(test_cash__settles_a_debt), T(test_cash__for_nobody_waits_in_suspense),
      T(test_cash__after_the_close_makes_a_difference_of_its_own),
      T(test_cash__receipts_go_up_by_one_in_each_book),
      T(test_cash__a_shift_opens_from_the_safe_or_from_the_one_before),
      T(test_cash__a_shift_closes_with_its_difference), T(test_cash__from_the_drawer_to_the_bank))
