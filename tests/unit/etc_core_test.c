#include "server/core/etc.h"
#include "tests/harness/harness.h"

static const wall_t now = {1795000000000};

static struct etc_charge in(enum etc_state state)
{
    struct etc_charge c = {.id = "01JAAAAAAAAAAAAAAAAAAAAAAA",
                           .amount_vnd = 25000,
                           .state = state,
                           .lot = "hn-0001",
                           .operator_id = "op",
                           .next = now};
    return c;
}

static bool take(struct etc_charge *c, enum etc_reply reply, bool needed)
{
    const struct etc_answer answer = {.reply = reply, .reference = "R1", .text = "x"};
    bool captured = false;
    etc_take_answer(c, &answer, needed, now, &captured);
    return captured;
}

static void test_etc__the_straight_way(void **state)
{
    (void)state;
    struct etc_charge c = in(ETC_REQUESTED);
    assert_int_equal(etc_next_op(c.state), ETC_AUTHORIZE);
    assert_false(take(&c, ETC_REPLY_AUTHORIZED, true));
    assert_int_equal(c.state, ETC_AUTHORIZED);
    assert_int_equal(etc_next_op(c.state), ETC_CAPTURE);
    assert_true(take(&c, ETC_REPLY_CAPTURED, true));
    assert_int_equal(c.state, ETC_CAPTURED);
    assert_int_equal(c.next.ms, 0);
    assert_string_equal(c.reference, "R1");
    assert_false(take(&c, ETC_REPLY_CAPTURED, true)); /* once */
    assert_false(take(&c, ETC_REPLY_DECLINED, true));
    assert_int_equal(c.state, ETC_CAPTURED);
}

static void test_etc__silence_is_unknown_and_is_asked_about_not_done_again(void **state)
{
    (void)state;
    struct etc_charge c = in(ETC_REQUESTED);
    take(&c, ETC_REPLY_NONE, true);
    assert_int_equal(c.state, ETC_UNKNOWN);
    assert_int_equal(etc_next_op(c.state), ETC_QUERY);
    int64_t last = 0;
    for (int i = 0; i < 80; i++) {
        take(&c, ETC_REPLY_NONE, true);
        assert_int_equal(c.state, ETC_UNKNOWN);
        assert_true(c.next.ms - now.ms >= last);
        last = c.next.ms - now.ms;
    }
    assert_int_equal(last, 3600 * 1000);
    take(&c, ETC_REPLY_UNKNOWN_ID, true);
    assert_int_equal(c.state, ETC_REQUESTED); /* it never arrived: now it may be done */
    take(&c, ETC_REPLY_NONE, true);
    take(&c, ETC_REPLY_AUTHORIZED, true);
    take(&c, ETC_REPLY_NONE, true);
    assert_int_equal(c.state, ETC_CAPTURE_UNKNOWN);
    assert_int_equal(etc_next_op(c.state), ETC_QUERY);
    assert_true(take(&c, ETC_REPLY_CAPTURED, true));
}

static void test_etc__paid_otherwise_meanwhile_is_voided(void **state)
{
    (void)state;
    struct etc_charge c = in(ETC_REQUESTED);
    take(&c, ETC_REPLY_AUTHORIZED, false);
    assert_int_equal(c.state, ETC_VOIDING);
    take(&c, ETC_REPLY_NONE, false);
    assert_int_equal(c.state, ETC_VOIDING);
    take(&c, ETC_REPLY_VOIDED, false);
    assert_int_equal(c.state, ETC_VOIDED);
    c = in(ETC_UNKNOWN);
    take(&c, ETC_REPLY_UNKNOWN_ID, false);
    assert_int_equal(c.state, ETC_VOIDED);
    c = in(ETC_VOIDING);
    assert_true(take(&c, ETC_REPLY_CAPTURED, false)); /* theirs all the same: it will go back */
}

static void test_etc__total_over_every_state_and_answer(void **state)
{
    (void)state;
    for (int s = 0; s < ETC_STATE_COUNT; s++) {
        for (int r = 0; r <= ETC_REPLY_UNKNOWN_ID; r++) {
            for (int needed = 0; needed < 2; needed++) {
                struct etc_charge c = in((enum etc_state)s);
                bool final = etc_next_op(c.state) == ETC_NOTHING;
                bool captured = take(&c, (enum etc_reply)r, needed != 0);
                assert_true((unsigned)c.state < ETC_STATE_COUNT);
                assert_true(final ? (int)c.state == s && !captured : true);
                assert_int_equal(captured, !final && r == ETC_REPLY_CAPTURED);
                bool ends = etc_next_op(c.state) == ETC_NOTHING;
                assert_true(final || ends == (c.next.ms == 0));
            }
        }
    }
}

static void test_etc__plate_and_tag_must_belong_together(void **state)
{
    (void)state;
    assert_true(etc_tags_agree("", "E28011700000020A12345678"));
    assert_true(etc_tags_agree("E28011700000020A12345678", ""));
    assert_true(etc_tags_agree("E28011700000020A12345678", "E28011700000020A12345678"));
    assert_false(etc_tags_agree("E28011700000020A12345678", "E28011700000020A12345679"));
    assert_true(etc_tag_is_valid("") && etc_tag_is_valid("E28011700000020A12345678"));
    assert_false(etc_tag_is_valid("E28011700000020a12345678"));
    assert_false(etc_tag_is_valid("E280"));
}

static void test_etc__books_balance_for_every_verdict(void **state)
{
    (void)state;
    struct etc_charge c = in(ETC_CAPTURED);
    struct etc_decision d;
    struct payment_view stay = {.found = true};
    stay.session = (struct session){
        .state = SESSION_LEFT_UNPAID, .fee_vnd = 25000, .entered = {1}, .left = {1000}};
    memcpy(stay.session.lot, "hn-0001", 8);
    etc_decide(&stay, &c, now, &d);
    assert_int_equal(d.pay.verdict, PAYMENT_LATE);
    assert_true(ledger_is_balanced(&d.tx));
    assert_string_equal(d.tx.entry[0].account, "etc:op");
    stay.session.state = SESSION_LEFT;
    stay.session.paid_vnd = 25000;
    etc_decide(&stay, &c, now, &d);
    assert_int_equal(d.pay.refund_vnd, 25000);
    assert_string_equal(d.tx.entry[1].account, "etc_refund_due:op");
    struct ledger_tx tx;
    etc_refund_tx("01JBBBBBBBBBBBBBBBBBBBBBBB", &c, 25000, now, &tx);
    assert_true(ledger_is_balanced(&tx));
    etc_fee_tx("vetc", "op", "F-1", 300, now, &tx);
    assert_true(ledger_is_balanced(&tx));
}

TESTS(T(test_etc__the_straight_way),
      T(test_etc__silence_is_unknown_and_is_asked_about_not_done_again),
      T(test_etc__paid_otherwise_meanwhile_is_voided),
      T(test_etc__total_over_every_state_and_answer),
      T(test_etc__plate_and_tag_must_belong_together), T(test_etc__books_balance_for_every_verdict))
