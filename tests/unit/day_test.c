#include "server/core/day.h"
#include "tests/harness/harness.h"

static void test_day__every_transfer_has_one_class(void **state)
{
    (void)state;
    static const struct {
        struct day_transfer transfer;
        enum day_class wanted;
    } rows[] = {
        {{.verdict = "exact", .by_webhook = true}, DAY_MATCHED},
        {{.verdict = "under", .by_webhook = true, .by_poll = true}, DAY_MATCHED},
        {{.verdict = "late", .by_webhook = true}, DAY_MATCHED},
        {{.verdict = "exact", .by_poll = true}, DAY_MISSED_WEBHOOK},
        {{.verdict = "exact", .by_statement = true, .statement_covers = true}, DAY_MISSED_WEBHOOK},
        {{.verdict = "exact", .by_webhook = true, .by_statement = true, .statement_covers = true},
         DAY_MATCHED},
        {{.verdict = "exact", .by_webhook = true, .statement_covers = true}, DAY_NOT_IN_STATEMENT},
        {{.verdict = "unmatched", .by_webhook = true, .statement_covers = true},
         DAY_NOT_IN_STATEMENT},
        {{.verdict = "over", .by_webhook = true}, DAY_OVER},
        {{.verdict = "duplicate_payment", .by_poll = true}, DAY_DUPLICATE},
        {{.verdict = "unmatched", .by_webhook = true}, DAY_UNEXPLAINED},
        {{.verdict = "wrong_account", .by_webhook = true}, DAY_UNEXPLAINED},
        {{.verdict = "two_codes", .by_webhook = true, .resolved = true}, DAY_RESOLVED},
        {{.verdict = "exact", .by_webhook = true, .taken_back = true}, DAY_TAKEN_BACK},
        {{.verdict = "exact", .by_webhook = true, .differs = true}, DAY_DIFFERS},
        {{.out = true, .verdict = "reversal", .pays_refund = true}, DAY_REFUND_PAID},
        {{.out = true, .verdict = "reversal", .reverses = true}, DAY_REVERSAL},
        {{.out = true, .verdict = "reversal", .resolved = true}, DAY_OUT_RESOLVED},
        {{.out = true, .verdict = "reversal"}, DAY_OUT_UNEXPLAINED},
    };
    bool seen[DAY_CLASS_COUNT] = {false};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum day_class got = day_classify(&rows[i].transfer);
        if (got != rows[i].wanted) {
            fail_msg("row %zu: %s, not %s", i, day_class_text(got), day_class_text(rows[i].wanted));
        }
        seen[got] = true;
    }
    for (int i = 0; i < DAY_CLASS_COUNT; i++) {
        if (!seen[i]) {
            fail_msg("no row is %s", day_class_text((enum day_class)i));
        }
        assert_true(strlen(day_class_vi((enum day_class)i)) > 0);
    }
}

static void test_day__open_is_what_a_person_must_look_at(void **state)
{
    (void)state;
    assert_false(day_class_is_open(DAY_MATCHED));
    assert_true(day_class_is_open(DAY_UNEXPLAINED));
    assert_true(day_class_is_open(DAY_NOT_IN_STATEMENT));
    assert_true(day_class_is_open(DAY_OUT_UNEXPLAINED));
    assert_false(day_class_is_open(DAY_REFUND_PAID));
}

TESTS(T(test_day__every_transfer_has_one_class), T(test_day__open_is_what_a_person_must_look_at))
