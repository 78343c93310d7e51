#include "proto/io/tariff_file.h"
#include "server/bank/bank.h"
#include "server/core/payment.h"
#include "tests/harness/harness.h"

#define SID   "01JAAAAAAAAAAAAAAAAAAAAAAA"
#define CAUSE "01JCCCCCCCCCCCCCCCCCCCCCCC"

/* 25,000 for each started hour, 10 minutes to leave after paying. */
static const char tariff_text[] = "tariff: test-car\n"
                                  "versions:\n"
                                  "  - version: \"1\"\n"
                                  "    title: {vi: \"Thử\", en: \"Test\"}\n"
                                  "    status: unverified\n"
                                  "    legal: [\"none\"]\n"
                                  "    notes: [\"made up\"]\n"
                                  "    valid_from: 2018-01-01\n"
                                  "    on_version_change: entry\n"
                                  "    rounding: {unit_vnd: 1000, rule: half_up}\n"
                                  "    grace_after_payment: 10min\n"
                                  "    elements:\n"
                                  "      - when: {vehicles: [car]}\n"
                                  "        time:\n"
                                  "          - {block: 1h, price_vnd: 25000}\n";

static struct tariff_set *tariff;
static wall_t t0; /* 09:00, when it came in */

static wall_t at(int minute)
{
    return wall_add(t0, minute * (int64_t)TIME_MINUTE_MS);
}

static int load(void **state)
{
    char why[512];
    (void)state;
    tariff = malloc(sizeof *tariff);
    if (!tariff ||
        tariff_file_load_text("test", str_c(tariff_text), tariff, why, sizeof why) != 0) {
        printf("%s\n", why);
        return -1;
    }
    return time_parse_iso(STR("2026-03-02T09:00:00+07:00"), &t0);
}

static int unload(void **state)
{
    (void)state;
    free(tariff);
    return 0;
}

static struct session a_session(enum session_state state, int64_t fee, int64_t paid)
{
    struct session s = {.state = state, .fee_vnd = fee, .paid_vnd = paid, .code = "DX7K3M9Q2X"};
    s.subject = (struct subject){.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .key = "30F12345"};
    memcpy(s.id, SID, sizeof SID);
    memcpy(s.lot, "hn-0001", 8);
    s.arrived = at(0);
    s.entered = at(0);
    return s;
}

static struct payment_terms terms(void)
{
    return (struct payment_terms){
        .tariff = tariff, .promise_ms = 10 * TIME_MINUTE_MS, .late_grace_ms = 10 * TIME_MINUTE_MS};
}

/* ---- quotes ---- */

static struct payment_quote quote(const struct session *s, int minute)
{
    struct payment_quote q;
    struct payment_terms t = terms();
    payment_quote(s, &t, at(minute), at(minute), &q);
    return q;
}

static int64_t sum_of_lines(const struct payment_quote *q)
{
    int64_t sum = 0;
    for (int i = 0; i < q->line_count; i++) {
        sum += q->line[i].amount_vnd;
    }
    return sum;
}

static void test_payment__quote_is_the_fee_and_a_promise(void **state)
{
    (void)state;
    struct session s = a_session(SESSION_INSIDE, 0, 0);
    struct payment_quote q = quote(&s, 30);
    assert_int_equal(q.state, QUOTE_DUE);
    assert_true(q.fee_vnd == 25000 && q.due_vnd == 25000 && sum_of_lines(&q) == 25000);
    assert_true(q.valid_until.ms == at(40).ms);
    assert_true(q.next_change.ms == at(60).ms);
    assert_string_equal(q.tariff, "test-car 1");
    payment_take_quote(&s, &q);
    assert_int_equal(s.state, SESSION_QUOTED);
    assert_true(s.fee_vnd == 25000);
}

static void test_payment__what_was_paid_before_is_taken_off(void **state)
{
    (void)state;
    struct session s = a_session(SESSION_PAID, 25000, 25000);
    s.paid_at = at(30);
    struct payment_quote q = quote(&s, 90);
    assert_int_equal(q.state, QUOTE_DUE);
    assert_true(q.fee_vnd == 50000 && q.due_vnd == 25000 && sum_of_lines(&q) == 25000);
}

static void test_payment__grace_after_payment_ends_to_the_millisecond(void **state)
{
    (void)state;
    struct session s = a_session(SESSION_PAID, 25000, 25000);
    s.paid_at = at(55);
    struct payment_quote q = quote(&s, 65); /* the second hour has begun, the grace ends */
    assert_int_equal(q.state, QUOTE_PAID);
    assert_true(q.due_vnd == 0 && q.fee_vnd == 25000 && q.leave_by.ms == at(65).ms);
    struct payment_terms t = terms();
    payment_quote(&s, &t, wall_add(at(65), 1), at(65), &q);
    assert_int_equal(q.state, QUOTE_DUE);
    assert_true(q.due_vnd == 25000);
}

static void test_payment__paid_under_a_promise_is_enough_until_the_promise_ends(void **state)
{
    (void)state;
    struct session s = a_session(SESSION_PAID, 25000, 25000);
    struct payment_terms t = terms();
    struct payment_quote q;
    s.paid_at = at(51);
    t.promise = (struct payment_promise){true, 25000, at(55), at(65)};
    t.promise_ms = 0;
    t.promise_ms = 10 * TIME_MINUTE_MS;
    payment_quote(&s, &t, at(62), at(62), &q);
    assert_int_equal(q.state, QUOTE_PAID);
    assert_true(q.valid_until.ms == at(65).ms); /* asking again does not stretch it */
    t.promise_ms = 0;
    payment_quote(&s, &t, at(65), at(65), &q);
    assert_int_equal(q.state, QUOTE_PAID);
    payment_quote(&s, &t, wall_add(at(65), 1), at(66), &q);
    assert_int_equal(q.state, QUOTE_DUE);
}

static void test_payment__no_tariff_or_an_absurd_time_takes_no_fee(void **state)
{
    (void)state;
    struct session s = a_session(SESSION_INSIDE, 0, 0);
    struct payment_terms none = {0};
    struct payment_quote q;
    payment_quote(&s, &none, at(30), at(30), &q);
    assert_int_equal(q.state, QUOTE_REVIEW);
    assert_int_equal(q.review, REVIEW_NO_TARIFF);
    q = quote(&s, -1);
    assert_int_equal(q.review, REVIEW_STAY_IMPLAUSIBLE);
    q = quote(&s, 31 * 24 * 60);
    assert_int_equal(q.review, REVIEW_STAY_IMPLAUSIBLE);
    payment_take_quote(&s, &q);
    assert_int_equal(s.state, SESSION_INSIDE);
    s.subject.vehicle = VEHICLE_BICYCLE;
    q = quote(&s, 30);
    assert_int_equal(q.review, REVIEW_NO_TARIFF);
}

/* ---- the decision table: one test a row ---- */

static struct bank_credit a_credit(int64_t amount, int minute)
{
    struct bank_credit credit = {.provider = "sepay",
                                 .provider_tx = "92704",
                                 .bank_ref = "FT26327000001",
                                 .account = "0123456789",
                                 .amount_vnd = amount,
                                 .content = "CT DEN 632708 DX7K3M9Q2X"};
    credit.booked = at(minute);
    return credit;
}

/* Stands at the exit since minute 30, owes 25,000, promised until minute 40. */
static struct payment_view a_view(void)
{
    struct payment_view view = {
        .code_count = 1, .found = true, .account_is_lots = true, .account_bin = "970436"};
    view.session = a_session(SESSION_QUOTED, 25000, 0);
    view.session.asked = at(30);
    view.terms = terms();
    view.terms.promise = (struct payment_promise){true, 25000, at(30), at(40)};
    return view;
}

static struct payment_decision decide(const struct payment_view *view,
                                      const struct bank_credit *credit)
{
    struct payment_decision d;
    payment_decide(view, credit, CAUSE, &d);
    assert_true(ledger_is_balanced(&d.tx));
    assert_int_equal(d.store, !ledger_is_empty(&d.tx)); /* each stored credit posts once */
    return d;
}

static int64_t entry(const struct payment_decision *d, const char *account)
{
    for (int i = 0; i < d->tx.count; i++) {
        if (strcmp(d->tx.entry[i].account, account) == 0) {
            return d->tx.entry[i].amount_vnd;
        }
    }
    return 0;
}

static void test_payment__exact_completes(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    struct bank_credit credit = a_credit(25000, 32);
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_EXACT);
    assert_true(d.completes && d.update && !d.tops_up && d.review_count == 0);
    assert_int_equal(d.session.state, SESSION_PAID);
    assert_true(d.session.paid_vnd == 25000 && d.session.paid_at.ms == at(32).ms);
    assert_string_equal(d.tx.id, "credit:sepay:92704");
    assert_true(entry(&d, "bank:970436-0123456789") == 25000);
    assert_true(entry(&d, "prepaid:hn-0001") == -25000);
}

static void test_payment__under_asks_for_the_rest_and_payments_add_up(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    struct bank_credit credit = a_credit(10000, 32);
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_UNDER);
    assert_true(d.tops_up && !d.completes && d.remaining_vnd == 15000);
    assert_true(d.priced_to.ms == at(30).ms);
    assert_int_equal(d.session.state, SESSION_QUOTED);
    assert_true(d.session.paid_vnd == 10000 && d.session.paid_at.ms == 0);
    view.session = d.session;
    credit = a_credit(15000, 34);
    d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_EXACT);
    assert_true(d.completes && d.session.paid_vnd == 25000);
    assert_int_equal(d.session.state, SESSION_PAID);
}

static void test_payment__over_completes_and_owes_the_rest_back(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    struct bank_credit credit = a_credit(30000, 32);
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_OVER);
    assert_true(d.completes && d.applied_vnd == 25000 && d.refund_vnd == 5000);
    assert_int_equal(d.review[0].kind, REVIEW_BANK_OVER);
    assert_true(entry(&d, "refund_due:hn-0001") == -5000);
    assert_true(entry(&d, "prepaid:hn-0001") == -25000);
}

static void test_payment__same_transaction_again_does_nothing(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    struct bank_credit credit = a_credit(25000, 32);
    static const enum payment_seen known[] = {PAYMENT_KNOWN_TX, PAYMENT_KNOWN_REF};
    for (size_t i = 0; i < 2; i++) {
        view.seen = known[i];
        struct payment_decision d = decide(&view, &credit);
        assert_int_equal(d.verdict, PAYMENT_SAME);
        assert_false(d.store || d.update || d.completes || d.review_count);
    }
}

static void test_payment__same_id_with_other_content_is_an_alarm_and_nothing_else(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    struct bank_credit credit = a_credit(25000, 32);
    view.seen = PAYMENT_CHANGED;
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_DIFFERENT);
    assert_false(d.store || d.update || d.completes);
    assert_int_equal(d.review[0].kind, REVIEW_BANK_DIFFERENT);
}

static void test_payment__second_transfer_after_paid_is_refunded_and_paid_stays(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    view.session = a_session(SESSION_PAID, 25000, 25000);
    view.session.asked = at(30);
    view.session.paid_at = at(32);
    struct bank_credit credit = a_credit(25000, 35);
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_DUPLICATE);
    assert_false(d.update || d.completes);
    assert_int_equal(d.session.state, SESSION_PAID);
    assert_int_equal(d.review[0].kind, REVIEW_BANK_DUPLICATE);
    assert_true(entry(&d, "refund_due:hn-0001") == -25000 && entry(&d, "prepaid:hn-0001") == 0);
}

static void test_payment__within_the_promise_the_tariff_may_move_on(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    view.terms.promise = (struct payment_promise){true, 25000, at(55), at(65)};
    view.terms.late_grace_ms = 0; /* so that nothing but the promise holds the fee down */
    struct bank_credit credit = a_credit(25000, 65);
    assert_int_equal(decide(&view, &credit).verdict, PAYMENT_EXACT);
    credit.booked = wall_add(credit.booked, 1);
    assert_int_equal(decide(&view, &credit).verdict, PAYMENT_UNDER);
}

/* Paid from the page at minute 59; the notice was late, and he stood at the exit at minute 61. */
static void test_payment__booked_before_the_exit_asked_what_was_due_then_is_enough(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    view.session.fee_vnd = 50000;
    view.session.asked = at(61);
    view.terms.promise = (struct payment_promise){true, 50000, at(61), at(71)};
    view.terms.late_grace_ms = 0;
    struct bank_credit credit = a_credit(25000, 59);
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_EXACT);
    assert_true(d.completes && d.session.fee_vnd == 25000);
    credit.amount_vnd = 50000; /* the bank's clock is behind: it was the exit's quote */
    assert_int_equal(decide(&view, &credit).verdict, PAYMENT_EXACT);
    credit.amount_vnd = 24000;
    d = decide(&view, &credit);
    assert_true(d.verdict == PAYMENT_UNDER && d.remaining_vnd == 26000);
}

static void test_payment__after_the_promise_it_is_priced_anew_at_booking(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    struct bank_credit credit = a_credit(25000, 75); /* the page said 50,000 since minute 60 */
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_UNDER);
    assert_true(d.remaining_vnd == 25000 && d.session.fee_vnd == 50000);
    assert_true(d.priced_to.ms == at(75).ms);
}

static void test_payment__late_booking_within_the_grace_is_accepted(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    struct bank_credit credit = a_credit(25000, 69); /* at minute 59 it was 25,000 */
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_EXACT);
    assert_true(d.completes && d.session.fee_vnd == 25000 && d.grace_vnd == 25000);
    view.terms.late_grace_ms = 5 * TIME_MINUTE_MS; /* as configured: minute 64 is too late */
    d = decide(&view, &credit);
    assert_true(d.verdict == PAYMENT_UNDER && d.remaining_vnd == 25000 && d.grace_vnd == 0);
    view.terms.late_grace_ms = 10 * TIME_MINUTE_MS;
    credit = a_credit(30000, 69);
    d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_OVER);
    assert_true(d.refund_vnd == 5000);
}

static void test_payment__booked_on_the_next_bank_day_it_is_priced_when_it_was_told(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    struct bank_credit credit = a_credit(25000, 32 + 10 * 60);
    view.heard = at(32);
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_EXACT);
    assert_true(d.session.paid_at.ms == at(32).ms); /* nobody gets ten hours to leave either */
    assert_true(d.tx.at.ms == credit.booked.ms);    /* the books are the bank's */
    view.heard = at(300);                           /* told late: that is not the driver's doing */
    credit = a_credit(25000, 32);
    assert_int_equal(decide(&view, &credit).verdict, PAYMENT_EXACT);
}

static void test_payment__from_the_page_before_any_exit(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    view.session = a_session(SESSION_INSIDE, 0, 0);
    view.terms.promise.given = false;
    struct bank_credit credit = a_credit(25000, 20);
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_EXACT);
    assert_int_equal(d.session.state, SESSION_PAID);
    assert_true(d.session.fee_vnd == 25000);
}

/* Banks tell whole seconds, and their clocks are not the gate's: nobody pays for a stay that has
 * not begun. */
static void test_payment__booked_in_the_second_of_the_entry_it_pays_the_first_fee(void **state)
{
    (void)state;
    for (int ms = -60000; ms <= 0; ms += 500) {
        struct payment_view view = a_view();
        view.session = a_session(SESSION_INSIDE, 0, 0);
        view.terms.promise.given = false;
        struct bank_credit credit = a_credit(25000, 0);
        credit.booked = wall_add(view.session.entered, ms);
        struct payment_decision d = decide(&view, &credit);
        assert_int_equal(d.verdict, PAYMENT_EXACT);
        assert_true(d.session.fee_vnd == 25000 && d.refund_vnd == 0);
    }
}

static void test_payment__after_exit_it_settles_the_debt(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    view.session = a_session(SESSION_LEFT_UNPAID, 50000, 10000);
    struct bank_credit credit = a_credit(15000, 300);
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_LATE);
    assert_true(d.update && !d.settles_debt && d.review_count == 0);
    assert_int_equal(d.session.state, SESSION_LEFT_UNPAID);
    assert_true(entry(&d, "receivable:hn-0001") == -15000);
    view.session = d.session;
    credit = a_credit(30000, 301);
    d = decide(&view, &credit);
    assert_true(d.settles_debt && !d.completes && d.refund_vnd == 5000);
    assert_int_equal(d.session.state, SESSION_LEFT);
    assert_int_equal(d.review[0].kind, REVIEW_BANK_LATE);
    assert_true(entry(&d, "receivable:hn-0001") == -25000);
    assert_true(entry(&d, "refund_due:hn-0001") == -5000);
}

static void test_payment__after_exit_with_nothing_open_it_is_refunded(void **state)
{
    (void)state;
    static const enum session_state ended[] = {SESSION_LEFT, SESSION_BACKED_OUT,
                                               SESSION_CLOSED_BY_REVIEW};
    for (size_t i = 0; i < 3; i++) {
        struct payment_view view = a_view();
        view.session = a_session(ended[i], 25000, 25000);
        struct bank_credit credit = a_credit(25000, 300);
        struct payment_decision d = decide(&view, &credit);
        assert_int_equal(d.verdict, PAYMENT_LATE);
        assert_false(d.update || d.completes);
        assert_int_equal(d.session.state, ended[i]);
        assert_int_equal(d.review[0].kind, REVIEW_BANK_LATE);
        assert_true(entry(&d, "refund_due:hn-0001") == -25000);
    }
}

static void test_payment__unknown_or_mangled_code_goes_to_suspense(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    struct bank_credit credit = a_credit(25000, 32);
    for (int codes = 0; codes < 2; codes++) { /* no code; a code that is nobody's */
        view.code_count = codes;
        view.found = false;
        struct payment_decision d = decide(&view, &credit);
        assert_int_equal(d.verdict, PAYMENT_UNMATCHED);
        assert_false(d.completes || d.update);
        assert_int_equal(d.review[0].kind, REVIEW_BANK_UNMATCHED);
        assert_true(entry(&d, "suspense:0123456789") == -25000);
        assert_string_equal(d.tx.session, "");
    }
}

static void test_payment__wrong_account_never_opens(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    struct bank_credit credit = a_credit(25000, 32);
    view.account_is_lots = false;
    view.account_bin = "unknown";
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_WRONG_ACCOUNT);
    assert_false(d.completes || d.update);
    assert_int_equal(d.review[0].kind, REVIEW_BANK_WRONG_ACCOUNT);
    assert_true(entry(&d, "bank:unknown-0123456789") == 25000);
}

static void test_payment__money_out_is_a_reversal_for_a_person(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    struct bank_credit credit = a_credit(25000, 32);
    credit.out = true;
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_REVERSAL);
    assert_false(d.completes || d.update);
    assert_int_equal(d.review[0].kind, REVIEW_BANK_REVERSAL);
    assert_string_equal(d.tx.kind, "reversal");
    assert_true(entry(&d, "bank:970436-0123456789") == -25000);
    assert_true(entry(&d, "suspense:0123456789") == 25000);
}

static void test_payment__no_whole_amount_above_zero_is_rejected(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    static const int64_t bad[] = {0, -1, MONEY_MAX_VND + 1};
    for (size_t i = 0; i < 3; i++) {
        struct bank_credit credit = a_credit(bad[i], 32);
        struct payment_decision d = decide(&view, &credit);
        assert_int_equal(d.verdict, PAYMENT_REJECTED);
        assert_false(d.store || d.update || d.completes);
    }
}

static void test_payment__two_codes_are_split_by_hand(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    struct bank_credit credit = a_credit(50000, 32);
    view.code_count = 2;
    view.found = false;
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_TWO_CODES);
    assert_int_equal(d.review[0].kind, REVIEW_BANK_TWO_CODES);
    assert_true(entry(&d, "suspense:0123456789") == -50000);
}

static void test_payment__a_free_stay_that_was_paid_is_refunded(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    view.session = a_session(SESSION_EXEMPT, 0, 0);
    view.terms.promise = (struct payment_promise){true, 0, at(30), at(40)};
    struct bank_credit credit = a_credit(25000, 32);
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_OVER);
    assert_false(d.completes || d.update);
    assert_true(entry(&d, "refund_due:hn-0001") == -25000);
}

static void test_payment__while_it_drives_out_the_fee_is_fixed(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    view.session.state = SESSION_LEAVING;
    view.terms.promise.given = false;
    struct bank_credit credit = a_credit(25000, 90);
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_EXACT);
    assert_int_equal(d.session.state, SESSION_LEAVING);
    assert_true(d.session.paid_vnd == 25000);
}

static void test_payment__a_stay_without_a_price_waits_for_a_person(void **state)
{
    (void)state;
    struct payment_view view = a_view();
    view.terms = (struct payment_terms){0};
    struct bank_credit credit = a_credit(25000, 32);
    struct payment_decision d = decide(&view, &credit);
    assert_int_equal(d.verdict, PAYMENT_UNMATCHED);
    assert_false(d.update);
}

/* Whatever is paid in whatever pieces: never more applied than due, never a đồng lost. */
static void test_payment__pieces_always_add_up(void **state)
{
    (void)state;
    for (int64_t piece = 1000; piece <= 60000; piece += 1000) {
        struct payment_view view = a_view();
        int64_t refunded = 0;
        int64_t sent = 0;
        for (int i = 0; i < 60 && sent < 75000; i++) {
            struct bank_credit credit = a_credit(piece, 32);
            struct payment_decision d = decide(&view, &credit);
            sent += piece;
            refunded += d.refund_vnd;
            view.session = d.session;
            assert_true(view.session.paid_vnd + refunded == sent);
            assert_true(view.session.paid_vnd <= 25000);
        }
        assert_true(view.session.paid_vnd == 25000 && view.session.state == SESSION_PAID);
    }
}

/* ---- SePay's notice ---- */

static int read_sepay(const char *body, struct bank_credit *credit)
{
    const char *why = NULL;
    int error = bank_read("sepay", str_c(body), credit, &why);
    if (error) {
        assert_non_null(why);
    }
    return error;
}

static void test_sepay__notice_becomes_a_credit(void **state)
{
    (void)state;
    struct bank_credit credit;
    wall_t booked;
    ok(read_sepay("{\"id\":92704,\"gateway\":\"Vietcombank\",\"transactionDate\":\"2026-11-23 "
                  "08:15:02\",\"accountNumber\":\"0123456789\",\"subAccount\":null,\"code\":"
                  "\"HNP7K3M9Q2X\",\"content\":\"CT DEN 632708 "
                  "HNP7K3M9Q2X\",\"transferType\":\"in\",\"description\":\"\",\"transferAmount\":"
                  "25000,\"accumulated\":0,\"referenceCode\":\"FT26327000001\"}",
                  &credit));
    ok(time_parse_iso(STR("2026-11-23T08:15:02+07:00"), &booked));
    assert_string_equal(credit.provider, "sepay");
    assert_string_equal(credit.provider_tx, "92704");
    assert_string_equal(credit.bank_ref, "FT26327000001");
    assert_string_equal(credit.account, "0123456789");
    assert_string_equal(credit.content, "CT DEN 632708 HNP7K3M9Q2X");
    assert_string_equal(credit.code_hint, "HNP7K3M9Q2X");
    assert_true(credit.amount_vnd == 25000 && !credit.out && credit.booked.ms == booked.ms);
}

#define SEPAY(amount, type)                                                          \
    "{\"id\":1,\"transactionDate\":\"2026-11-23 08:15:02\",\"accountNumber\":\"1\"," \
    "\"transferType\":\"" type "\",\"transferAmount\":" amount ",\"content\":\"x\"}"

static void test_sepay__amounts_that_are_no_whole_money_are_refused(void **state)
{
    (void)state;
    struct bank_credit credit;
    static const char *const bad[] = {SEPAY("0", "in"),
                                      SEPAY("2.5", "in"),
                                      SEPAY("25000.0", "in"),
                                      SEPAY("\"25000\"", "in"),
                                      SEPAY("null", "in"),
                                      SEPAY("1e5", "in"),
                                      SEPAY("9999999999999999", "in")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_not_equal(read_sepay(bad[i], &credit), 0);
    }
    ok(read_sepay(SEPAY("-5000", "in"), &credit));
    assert_true(credit.out && credit.amount_vnd == 5000);
    ok(read_sepay(SEPAY("5000", "out"), &credit));
    assert_true(credit.out);
    assert_int_not_equal(read_sepay(SEPAY("5000", "sideways"), &credit), 0);
    assert_int_not_equal(read_sepay(SEPAY("5000,\"currency\":\"USD\"", "in"), &credit), 0);
    assert_int_not_equal(read_sepay(SEPAY("5000,\"currency\":704", "in"), &credit), 0);
    ok(read_sepay(SEPAY("5000,\"currency\":\"VND\"", "in"), &credit));
    ok(read_sepay(SEPAY("5000,\"currency\":null", "in"), &credit));
}

static void test_sepay__long_content_is_cut_between_characters(void **state)
{
    (void)state;
    char body[8192];
    struct out out;
    struct bank_credit credit;
    out_init(&out, body, sizeof body);
    out_add_c(&out, "{\"id\":\"6e1c\",\"transactionDate\":\"2026-11-23 08:15:02\","
                    "\"accountNumber\":\"1\",\"transferType\":\"in\",\"transferAmount\":5,"
                    "\"content\":\"x");
    for (int i = 0; i < 600; i++) {
        out_add_c(&out, "ồ");
    }
    out_add_c(&out, "\"}");
    ok(read_sepay(body, &credit));
    assert_string_equal(credit.provider_tx, "6e1c");
    assert_true(str_is_utf8(str_c(credit.content)));
    assert_true(strlen(credit.content) > CREDIT_CONTENT_CAP - 5);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        T(test_payment__quote_is_the_fee_and_a_promise),
        T(test_payment__what_was_paid_before_is_taken_off),
        T(test_payment__grace_after_payment_ends_to_the_millisecond),
        T(test_payment__paid_under_a_promise_is_enough_until_the_promise_ends),
        T(test_payment__no_tariff_or_an_absurd_time_takes_no_fee),
        T(test_payment__exact_completes),
        T(test_payment__under_asks_for_the_rest_and_payments_add_up),
        T(test_payment__over_completes_and_owes_the_rest_back),
        T(test_payment__same_transaction_again_does_nothing),
        T(test_payment__same_id_with_other_content_is_an_alarm_and_nothing_else),
        T(test_payment__second_transfer_after_paid_is_refunded_and_paid_stays),
        T(test_payment__within_the_promise_the_tariff_may_move_on),
        T(test_payment__booked_before_the_exit_asked_what_was_due_then_is_enough),
        T(test_payment__after_the_promise_it_is_priced_anew_at_booking),
        T(test_payment__late_booking_within_the_grace_is_accepted),
        T(test_payment__booked_on_the_next_bank_day_it_is_priced_when_it_was_told),
        T(test_payment__from_the_page_before_any_exit),
        T(test_payment__booked_in_the_second_of_the_entry_it_pays_the_first_fee),
        T(test_payment__after_exit_it_settles_the_debt),
        T(test_payment__after_exit_with_nothing_open_it_is_refunded),
        T(test_payment__unknown_or_mangled_code_goes_to_suspense),
        T(test_payment__wrong_account_never_opens),
        T(test_payment__money_out_is_a_reversal_for_a_person),
        T(test_payment__no_whole_amount_above_zero_is_rejected),
        T(test_payment__two_codes_are_split_by_hand),
        T(test_payment__a_free_stay_that_was_paid_is_refunded),
        T(test_payment__while_it_drives_out_the_fee_is_fixed),
        T(test_payment__a_stay_without_a_price_waits_for_a_person),
        T(test_payment__pieces_always_add_up),
        T(test_sepay__notice_becomes_a_credit),
        T(test_sepay__amounts_that_are_no_whole_money_are_refused),
        T(test_sepay__long_content_is_cut_between_characters)};
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, load, unload);
}
