#include "server/core/vat.h"
#include "tests/harness/harness.h"

static const struct vat_rate eight = {VAT_PERCENT, 8};

static void test_vat__net_and_tax_add_up_to_the_posted_price(void **state)
{
    (void)state;
    for (int percent = 0; percent < 100; percent++) {
        const struct vat_rate rate = {VAT_PERCENT, percent};
        for (int64_t gross = -3000; gross <= 300000; gross += gross < 1000 ? 1 : 500) {
            struct vat_split s = vat_split(gross, rate);
            assert_int_equal(s.net_vnd + s.vat_vnd, gross);
            /* the nearest: |net * (100 + p) - gross * 100| is at most half a step */
            int64_t off = s.net_vnd * (100 + percent) - gross * 100;
            assert_true(2 * (off < 0 ? -off : off) <= 100 + percent);
            struct vat_split back = vat_split(-gross, rate);
            assert_int_equal(back.net_vnd, -s.net_vnd);
        }
    }
}

static void test_vat__known_prices(void **state)
{
    (void)state;
    static const struct {
        int64_t gross, net;
    } rows[] = {{5000, 4630},   {25000, 23148}, {85000, 78704},  {3000, 2778},
                {1, 1},         {0, 0},         {108, 100},      {27, 25},
                {54000, 50000}, {-5000, -4630}, {900000, 833333}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(vat_split(rows[i].gross, eight).net_vnd, rows[i].net);
    }
    struct vat_split none = vat_split(5000, (struct vat_rate){VAT_NOT_SUBJECT, 0});
    assert_int_equal(none.net_vnd, 5000);
    assert_int_equal(none.vat_vnd, 0);
}

static void test_vat__rates_are_words_and_days(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "%", "8", "8 %", "-1%", "100%", "8.5%", "kct", "8%%"};
    static const char *const good[] = {"0%", "5%", "8%", "10%", "KCT", "KKKNT"};
    struct vat_rate rate;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(vat_rate_parse(str_c(bad[i]), &rate), DX_E_FORMAT);
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char text[VAT_WORD_CAP];
        ok(vat_rate_parse(str_c(good[i]), &rate));
        vat_rate_text(rate, text);
        assert_string_equal(text, good[i]);
    }
    struct vat_rates rates = {.count = 2};
    rates.row[0].from.ms = 1000;
    rates.row[0].rate.percent = 10;
    rates.row[1].from.ms = 2000;
    rates.row[1].rate.percent = 8;
    assert_int_equal(vat_rate_at(&rates, (wall_t){999}, &rate), DX_E_NOT_FOUND);
    ok(vat_rate_at(&rates, (wall_t){1999}, &rate));
    assert_int_equal(rate.percent, 10);
    ok(vat_rate_at(&rates, (wall_t){2000}, &rate)); /* half open: the first day is the new rate's */
    assert_int_equal(rate.percent, 8);
}

TESTS(T(test_vat__net_and_tax_add_up_to_the_posted_price), T(test_vat__known_prices),
      T(test_vat__rates_are_words_and_days))
