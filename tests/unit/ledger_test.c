#include "server/core/ledger.h"
#include "server/core/payment.h"
#include "tests/harness/harness.h"

static void begin(struct ledger_tx *tx)
{
    ledger_begin(tx, "fee:S:1", "fee", "hn-0001", "01JAAAAAAAAAAAAAAAAAAAAAAA", "E", (wall_t){9});
}

static void test_ledger__accounts_are_named_by_kind_and_owner(void **state)
{
    (void)state;
    char a[LEDGER_ACCOUNT_CAP];
    ledger_bank(a, "970436", "0123456789");
    assert_string_equal(a, "bank:970436-0123456789");
    ledger_suspense(a, "0123456789");
    assert_string_equal(a, "suspense:0123456789");
    ledger_prepaid(a, "hn-0001");
    assert_string_equal(a, "prepaid:hn-0001");
    ledger_receivable(a, "hn-0001");
    assert_string_equal(a, "receivable:hn-0001");
    ledger_revenue(a, "hn-0001");
    assert_string_equal(a, "revenue:hn-0001");
    ledger_refund_due(a, "hn-0001");
    assert_string_equal(a, "refund_due:hn-0001");
}

static void test_ledger__zero_adds_nothing_and_one_entry_is_no_balance(void **state)
{
    (void)state;
    struct ledger_tx tx;
    begin(&tx);
    ledger_add(&tx, "prepaid:x", 0);
    assert_true(ledger_is_empty(&tx) && ledger_is_balanced(&tx));
    ledger_add(&tx, "prepaid:x", 5000);
    assert_false(ledger_is_balanced(&tx));
    ledger_add(&tx, "revenue:x", -4999);
    assert_false(ledger_is_balanced(&tx));
    ledger_add(&tx, "refund_due:x", -2);
    assert_false(ledger_is_balanced(&tx));
    ledger_add(&tx, "refund_due:x", 1);
    assert_true(ledger_is_balanced(&tx));
}

static void test_ledger__same_means_every_fact_but_the_time(void **state)
{
    (void)state;
    struct ledger_tx a;
    begin(&a);
    ledger_add(&a, "prepaid:x", 5000);
    ledger_add(&a, "revenue:x", -5000);
    struct ledger_tx b = a;
    b.at.ms = 10;
    assert_true(ledger_same(&a, &b));
    b.entry[0].amount_vnd = 6000;
    b.entry[1].amount_vnd = -6000;
    assert_false(ledger_same(&a, &b));
    b = a;
    b.lot[0] = 'x';
    assert_false(ledger_same(&a, &b));
    b = a;
    b.count = 1;
    assert_false(ledger_same(&a, &b));
}

/* docs/LEDGER.md, fee:<session>:1, row by row. */
static void settle_stay(int64_t fee, int64_t paid, struct session_decision *d, struct ledger_tx *tx)
{
    memset(d, 0, sizeof *d);
    d->ended = true;
    d->session.state = SESSION_LEAVING;
    d->session.fee_vnd = fee;
    d->session.paid_vnd = paid;
    d->session.left.ms = 77;
    memcpy(d->session.id, "01JAAAAAAAAAAAAAAAAAAAAAAA", ULID_CAP);
    memcpy(d->session.lot, "hn-0001", 8);
    payment_settle(d, "01JCCCCCCCCCCCCCCCCCCCCCCC", (wall_t){77}, tx);
}

static int64_t entry(const struct ledger_tx *tx, const char *account)
{
    for (int i = 0; i < tx->count; i++) {
        if (strcmp(tx->entry[i].account, account) == 0) {
            return tx->entry[i].amount_vnd;
        }
    }
    return 0;
}

static void test_ledger__fee_of_a_paid_stay(void **state)
{
    (void)state;
    struct session_decision d;
    struct ledger_tx tx;
    settle_stay(25000, 25000, &d, &tx);
    assert_int_equal(d.session.state, SESSION_LEFT);
    assert_string_equal(tx.id, "fee:01JAAAAAAAAAAAAAAAAAAAAAAA:1");
    assert_string_equal(tx.kind, "fee");
    assert_int_equal(tx.count, 2);
    assert_true(entry(&tx, "prepaid:hn-0001") == 25000 && entry(&tx, "revenue:hn-0001") == -25000);
    assert_true(tx.at.ms == 77);
}

static void test_ledger__fee_of_a_stay_left_unpaid_is_a_debt(void **state)
{
    (void)state;
    struct session_decision d;
    struct ledger_tx tx;
    settle_stay(60000, 25000, &d, &tx);
    assert_int_equal(d.session.state, SESSION_LEFT_UNPAID);
    assert_true(entry(&tx, "prepaid:hn-0001") == 25000);
    assert_true(entry(&tx, "receivable:hn-0001") == 35000);
    assert_true(entry(&tx, "revenue:hn-0001") == -60000);
}

static void test_ledger__fee_that_fell_is_refunded(void **state)
{
    (void)state;
    struct session_decision d;
    struct ledger_tx tx;
    settle_stay(5000, 8000, &d, &tx);
    assert_int_equal(d.session.state, SESSION_LEFT);
    assert_true(entry(&tx, "prepaid:hn-0001") == 8000);
    assert_true(entry(&tx, "revenue:hn-0001") == -5000);
    assert_true(entry(&tx, "refund_due:hn-0001") == -3000);
    assert_true(d.session.paid_vnd == 5000);
    assert_int_equal(d.review[0].kind, REVIEW_FEE_FELL);
}

static void test_ledger__nothing_due_and_nothing_paid_posts_nothing(void **state)
{
    (void)state;
    struct session_decision d;
    struct ledger_tx tx;
    settle_stay(0, 0, &d, &tx);
    assert_true(ledger_is_empty(&tx));
    assert_int_equal(d.session.state, SESSION_LEFT);
}

static void test_ledger__a_permit_the_books_do_not_see_is_reviewed(void **state)
{
    (void)state;
    struct session_decision d = {.ended = true};
    struct ledger_tx tx;
    d.session.state = SESSION_LEAVING;
    d.session.fee_vnd = 25000;
    d.session.permitted = true;
    d.session.permit = PERMIT_PAID;
    payment_settle(&d, "C", (wall_t){1}, &tx);
    assert_int_equal(d.review[0].kind, REVIEW_PERMIT_DIFFERS);
    assert_int_equal(d.session.state, SESSION_LEFT_UNPAID);
}

TESTS(T(test_ledger__accounts_are_named_by_kind_and_owner),
      T(test_ledger__zero_adds_nothing_and_one_entry_is_no_balance),
      T(test_ledger__same_means_every_fact_but_the_time), T(test_ledger__fee_of_a_paid_stay),
      T(test_ledger__fee_of_a_stay_left_unpaid_is_a_debt),
      T(test_ledger__fee_that_fell_is_refunded),
      T(test_ledger__nothing_due_and_nothing_paid_posts_nothing),
      T(test_ledger__a_permit_the_books_do_not_see_is_reviewed))
