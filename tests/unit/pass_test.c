#include "server/core/pass.h"
#include "proto/base/prng.h"
#include "tests/harness/harness.h"

static wall_t at(const char *iso)
{
    wall_t t;
    ok(time_parse_iso(str_c(iso), &t));
    return t;
}

static void test_pass__a_month_ends_on_the_same_day(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        int months;
        const char *until;
    } rows[] = {{"2026-03-01T00:00:00", 1, "2026-04-01T00:00:00"},
                {"2026-03-15T13:45:00", 1, "2026-04-15T00:00:00"},
                {"2026-12-15T00:00:00", 1, "2027-01-15T00:00:00"},
                {"2026-01-31T00:00:00", 1, "2026-03-01T00:00:00"}, /* never shorter */
                {"2026-01-31T00:00:00", 2, "2026-03-31T00:00:00"},
                {"2028-01-29T00:00:00", 1, "2028-02-29T00:00:00"}, /* a leap year */
                {"2026-05-31T00:00:00", 1, "2026-07-01T00:00:00"},
                {"2026-02-28T00:00:00", 24, "2028-02-28T00:00:00"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        wall_t until = pass_months_after(at(rows[i].from), rows[i].months);
        assert_int_equal(until.ms, at(rows[i].until).ms);
    }
}

static struct tariff_span span(int64_t from, int64_t until)
{
    return (struct tariff_span){{from}, {until}};
}

static void test_pass__renewals_join_and_suspensions_cut(void **state)
{
    (void)state;
    struct tariff_span got[4];
    struct pass_facts f = {.period_count = 2, .plate_count = 1};
    f.period[0] = span(200, 300);
    f.period[1] = span(100, 200);
    f.plate[0] = span(0, INT64_MAX);
    assert_int_equal(pass_spans(&f, span(0, 1000), got, 4), 1);
    assert_true(got[0].from.ms == 100 && got[0].until.ms == 300);
    f.hold[f.hold_count++] = span(150, 180);
    assert_int_equal(pass_spans(&f, span(120, 1000), got, 4), 2);
    assert_true(got[0].from.ms == 120 && got[0].until.ms == 150);
    assert_true(got[1].from.ms == 180 && got[1].until.ms == 300);
    f.plate[0] = span(0, 250); /* this plate was taken off */
    assert_int_equal(pass_spans(&f, span(120, 1000), got, 1), 1);
    assert_int_equal(pass_spans(&f, span(250, 1000), got, 4), 0);
    assert_int_equal(pass_spans(&f, span(5, 5), got, 4), 0);
}

/* Against a millisecond-by-millisecond reading of the same sentence. */
static void test_pass__spans_agree_with_counting_each_instant(void **state)
{
    (void)state;
    struct prng dice;
    prng_init(&dice, 3);
    for (int round = 0; round < 2000; round++) {
        struct pass_facts f = {.period_count = 3, .hold_count = 2, .plate_count = 2};
        struct tariff_span got[16];
        bool covered[64] = {false};
        for (int i = 0; i < 3; i++) {
            int64_t a = prng_range(&dice, 0, 60);
            f.period[i] = span(a, a + prng_range(&dice, 0, 20));
            a = prng_range(&dice, 0, 60);
            f.hold[i] = span(a, a + prng_range(&dice, 0, 10));
            a = prng_range(&dice, 0, 60);
            f.plate[i] = span(a, a + prng_range(&dice, 0, 40));
        }
        for (int64_t t = 0; t < 64; t++) {
            bool in[3] = {false, false, false};
            for (int i = 0; i < 3; i++) {
                in[0] |= f.period[i].from.ms <= t && t < f.period[i].until.ms;
                in[1] |= i < 2 && f.hold[i].from.ms <= t && t < f.hold[i].until.ms;
                in[2] |= i < 2 && f.plate[i].from.ms <= t && t < f.plate[i].until.ms;
            }
            covered[t] = in[0] && !in[1] && in[2];
        }
        int count = pass_spans(&f, span(0, 64), got, 16);
        for (int64_t t = 0; t < 64; t++) {
            bool in = false;
            for (int i = 0; i < count; i++) {
                in |= got[i].from.ms <= t && t < got[i].until.ms;
            }
            assert_int_equal(in, covered[t]);
        }
        for (int i = 1; i < count; i++) {
            assert_true(got[i].from.ms > got[i - 1].until.ms); /* apart from each other */
        }
    }
}

static struct pass_period a_period(void)
{
    struct pass_period p = {
        .id = "01JPPPPPPPPPPPPPPPPPPPPPPP", .lot = "hn-0001", .months = 3, .price_vnd = 2700000};
    p.from = at("2026-03-01T00:00:00");
    p.until = at("2026-06-01T00:00:00");
    return p;
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

static struct payment_decision pay(struct pass_period *p, int64_t amount_vnd, const char *when)
{
    struct payment_decision d;
    struct bank_credit credit = {.provider = "sepay",
                                 .provider_tx = "7",
                                 .account = "0123456789",
                                 .amount_vnd = amount_vnd,
                                 .booked = at(when)};
    pass_pay(p, &credit, "970436", &d);
    assert_true(d.store && ledger_is_balanced(&d.tx));
    return d;
}

static void test_pass__paid_before_it_begins_covers_from_its_first_day(void **state)
{
    (void)state;
    struct pass_period p = a_period();
    struct payment_decision d = pay(&p, 2700000, "2026-02-20T10:00:00");
    assert_int_equal(d.verdict, PAYMENT_EXACT);
    assert_int_equal(p.covers.ms, p.from.ms);
    assert_string_equal(d.tx.kind, "pass");
    assert_true(entry(&d.tx, "bank:970436-0123456789") == 2700000);
    assert_true(entry(&d.tx, "pass_deferred:hn-0001") == -2700000);
}

static void test_pass__paid_late_covers_from_then_on(void **state)
{
    (void)state;
    struct pass_period p = a_period();
    pay(&p, 2700000, "2026-03-05T10:00:00");
    assert_int_equal(p.covers.ms, at("2026-03-05T10:00:00").ms);
}

static void test_pass__under_then_over_then_again(void **state)
{
    (void)state;
    struct pass_period p = a_period();
    struct payment_decision d = pay(&p, 700000, "2026-02-20T10:00:00");
    assert_true(d.verdict == PAYMENT_UNDER && p.covers.ms == 0 && d.review_count == 0);
    d = pay(&p, 2500000, "2026-02-20T11:00:00");
    assert_true(d.verdict == PAYMENT_OVER && entry(&d.tx, "refund_due:hn-0001") == -500000);
    assert_int_equal(d.review[0].kind, REVIEW_PASS_OVER);
    assert_int_equal(p.covers.ms, p.from.ms);
    d = pay(&p, 2700000, "2026-03-20T11:00:00");
    assert_true(d.verdict == PAYMENT_DUPLICATE && p.paid_vnd == 2700000);
    assert_true(entry(&d.tx, "refund_due:hn-0001") == -2700000);
    assert_int_equal(p.covers.ms, p.from.ms); /* as it was */
}

static void test_pass__each_month_is_earned_when_it_begins(void **state)
{
    (void)state;
    struct pass_period p = a_period();
    struct ledger_tx tx;
    int64_t sum = 0;
    p.price_vnd = 2700001; /* whole to the last đồng */
    assert_int_equal(pass_next_earning(&p).ms, 0);
    pay(&p, 2700001, "2026-02-20T10:00:00");
    assert_false(pass_is_earning(&p, at("2026-02-28T23:59:59")));
    for (int i = 0; i < 3; i++) {
        assert_true(pass_is_earning(&p, at("2026-05-01T00:00:00")));
        pass_earn(&p, &tx);
        assert_true(ledger_is_balanced(&tx));
        sum += entry(&tx, "pass_deferred:hn-0001");
    }
    assert_string_equal(tx.id, "pass_month:01JPPPPPPPPPPPPPPPPPPPPPPP:3");
    assert_int_equal(tx.at.ms, at("2026-05-01T00:00:00").ms);
    assert_int_equal(sum, 2700001);
    assert_false(pass_is_earning(&p, at("2027-01-01T00:00:00")));
}

TESTS(T(test_pass__a_month_ends_on_the_same_day), T(test_pass__renewals_join_and_suspensions_cut),
      T(test_pass__spans_agree_with_counting_each_instant),
      T(test_pass__paid_before_it_begins_covers_from_its_first_day),
      T(test_pass__paid_late_covers_from_then_on), T(test_pass__under_then_over_then_again),
      T(test_pass__each_month_is_earned_when_it_begins))
