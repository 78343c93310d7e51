#include "server/core/suggest.h"
#include "tests/harness/harness.h"

static struct suggest_candidate candidate(const char *session, const char *code, int64_t asked,
                                          int64_t apart_min)
{
    struct suggest_candidate c = {
        .asked_vnd = asked, .apart_ms = apart_min * 60000, .same_lot = true};
    str_copy_cut(c.session, sizeof c.session, str_c(session));
    str_copy_cut(c.code, sizeof c.code, str_c(code));
    return c;
}

static void test_suggest__amount_and_time_come_before_the_lot_alone(void **state)
{
    (void)state;
    struct suggestion best[SUGGEST_MAX];
    const struct suggest_candidate list[] = {
        candidate("A", "DX7K3M9Q2X", 50000, 5),   /* only near in time */
        candidate("B", "DX1111111A", 25000, 400), /* only the amount */
        candidate("C", "DX2222222B", 25000, 14),  /* both */
        candidate("D", "DX3333333C", 90000, 700), /* the lot alone is no reason */
    };
    assert_int_equal(suggest_rank("chuyen tien", 25000, list, 4, best), 3);
    assert_true(best[0].index == 2 && best[1].index == 1 && best[2].index == 0);
    assert_int_equal(best[0].reasons,
                     1u << SUGGEST_AMOUNT | 1u << SUGGEST_TIME | 1u << SUGGEST_LOT);
    struct suggest_candidate late = candidate("E", "DX4444444D", 25000, 15);
    late.apart_ms++;
    assert_int_equal(suggest_rank("x", 25000, &late, 1, best), 1);
    assert_false(best[0].reasons & 1u << SUGGEST_TIME); /* 15 minutes, to the millisecond */
}

static void test_suggest__a_truncated_or_mistyped_code_is_a_reason(void **state)
{
    (void)state;
    struct suggestion best[SUGGEST_MAX];
    const struct suggest_candidate list[] = {candidate("A", "DX7K3M9Q2X", 1, 999)};
    static const char *const near[] = {"tien xe dx7k3m9q", "DX7K-3M9Q 2Y", "xDX7K3N9Q2Xx"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(suggest_rank(near[i], 25000, list, 1, best), 1);
        assert_true(best[0].reasons & 1u << SUGGEST_CODE_NEAR);
    }
    assert_int_equal(suggest_rank("DX7K3M", 25000, list, 1, best), 0);
    assert_int_equal(suggest_rank("", 25000, list, 1, best), 0);
}

static void test_suggest__equal_ones_have_one_order(void **state)
{
    (void)state;
    struct suggestion one[SUGGEST_MAX];
    struct suggestion two[SUGGEST_MAX];
    struct suggest_candidate list[5];
    for (int i = 0; i < 5; i++) {
        char id[2] = {(char)('A' + i), '\0'};
        list[i] = candidate(id, "DX7K3M9Q2X", 25000, 3);
    }
    assert_int_equal(suggest_rank("x", 25000, list, 5, one), 3);
    struct suggest_candidate other[5] = {list[4], list[2], list[0], list[3], list[1]};
    assert_int_equal(suggest_rank("x", 25000, other, 5, two), 3);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(list[one[i].index].session, other[two[i].index].session);
    }
}

static void test_suggest__the_payer_s_account_is_found_where_banks_write_it(void **state)
{
    (void)state;
    char account[CREDIT_ACCOUNT_CAP];
    assert_true(suggest_payer("MBVCB.1.2.x.CT tu 0071000123456 NGUYEN VAN A toi 0123", account));
    assert_string_equal(account, "0071000123456");
    assert_false(suggest_payer("toi tu 12", account));
    assert_false(suggest_payer("STU 123456789", account));
    assert_false(suggest_payer("", account));
}

TESTS(T(test_suggest__amount_and_time_come_before_the_lot_alone),
      T(test_suggest__a_truncated_or_mistyped_code_is_a_reason),
      T(test_suggest__equal_ones_have_one_order),
      T(test_suggest__the_payer_s_account_is_found_where_banks_write_it))
