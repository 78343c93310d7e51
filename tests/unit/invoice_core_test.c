#include "server/core/invoice.h"
#include "tests/harness/harness.h"

#define ID "01JAAAAAAAAAAAAAAAAAAAAAAA"

static const struct invoice_seller seller = {"0100000000", "Công ty", "1 TQK", "C26MAA", 1};
static const wall_t now = {1795000000000}; /* November 2026 */

static struct vat_rates rates(void)
{
    struct vat_rates r = {.count = 1};
    r.row[0].from.ms = 1;
    r.row[0].rate.percent = 8;
    return r;
}

static struct invoice made(int64_t gross, const char *tax_code)
{
    const struct vat_rates r = rates();
    struct invoice_payment payment = {.tx = "credit:sepay:1",
                                      .plate = "30F-123.45",
                                      .vehicle = VEHICLE_CAR,
                                      .gross_vnd = gross,
                                      .paid = now};
    struct invoice_buyer buyer = {{0}, {0}, {0}, {0}};
    struct invoice v;
    if (tax_code) {
        snprintf(buyer.name, sizeof buyer.name, "Công ty B");
        snprintf(buyer.tax_code, sizeof buyer.tax_code, "%s", tax_code);
        snprintf(buyer.address, sizeof buyer.address, "2 TQK");
    }
    ok(invoice_make(ID, &payment, &seller, &r, &buyer, now, &v));
    return v;
}

static void test_invoice__adds_up_and_names_series_of_its_year(void **state)
{
    (void)state;
    for (int64_t gross = 1; gross < 200000; gross += 37) {
        struct invoice v = made(gross, NULL);
        assert_int_equal(v.split.net_vnd + v.split.vat_vnd, gross);
        assert_int_equal(v.quantity * v.price_vnd, v.split.net_vnd);
    }
    struct invoice v = made(25000, NULL);
    assert_string_equal(v.series, "C26MAA");
    assert_string_equal(v.service, "Dịch vụ trông giữ xe ô tô, BKS 30F-123.45");
    const struct vat_rates r = rates();
    const struct invoice_buyer nobody = {{0}, {0}, {0}, {0}};
    ok(invoice_make(ID, &v.payment, &seller, &r, &nobody, wall_add(now, 60 * (int64_t)TIME_DAY_MS),
                    &v));
    assert_string_equal(v.series, "C27MAA"); /* numbers begin anew each year */
    v.payment.gross_vnd = 0;
    assert_int_equal(invoice_make(ID, &v.payment, &seller, &r, &nobody, now, &v), DX_E_RANGE);
}

static void test_invoice__silence_is_unknown_and_asked_again_for_ever(void **state)
{
    (void)state;
    struct invoice v = made(25000, NULL);
    const struct invoice_answer silence = {.reply = INVOICE_REPLY_NONE, .text = "no answer"};
    wall_t at = now;
    int64_t last = 0;
    for (int i = 0; i < 100; i++) {
        ok(invoice_take_answer(&v, &silence, at));
        assert_int_equal(v.state, INVOICE_UNKNOWN);
        assert_true(v.next.ms > at.ms && v.next.ms - at.ms >= last);
        last = v.next.ms - at.ms;
        at = v.next;
    }
    assert_int_equal(last, TIME_HOUR_MS);
    const struct invoice_answer issued = {.reply = INVOICE_REPLY_ISSUED, .number = 7, .code = "M1"};
    ok(invoice_take_answer(&v, &issued, at));
    assert_int_equal(v.state, INVOICE_ISSUED);
    /* a late or second word changes nothing */
    const struct invoice_answer refused = {.reply = INVOICE_REPLY_REFUSED};
    struct invoice before = v;
    assert_int_equal(invoice_take_answer(&v, &refused, at), DX_E_STATE);
    assert_memory_equal(&v, &before, sizeof v);
}

static void test_invoice__buyers_that_cannot_stand_on_one(void **state)
{
    (void)state;
    static const struct {
        struct invoice_buyer buyer;
        const char *bad;
    } rows[] = {{{"", "", "", ""}, NULL},
                {{"Lan", "", "", ""}, NULL},
                {{"Lan", "", "", "lan@example.com"}, NULL},
                {{"Cty", "0100000000", "1 TQK", ""}, NULL},
                {{"Cty", "0100000000-001", "1 TQK", ""}, NULL},
                {{"Cty", "001099012345", "1 TQK", ""}, NULL},
                {{"", "0100000000", "1 TQK", ""}, "name"},
                {{"Cty", "0100000000", "", ""}, "address"},
                {{"Cty", "010000000", "1 TQK", ""}, "tax_code"},
                {{"Cty", "0100000000-01", "1 TQK", ""}, "tax_code"},
                {{"Cty", "01000000O0", "1 TQK", ""}, "tax_code"},
                {{"a\nb", "", "", ""}, "name"},
                {{"Lan", "", "", "lan@"}, "email"},
                {{"Lan", "", "", "@x.vn"}, "email"},
                {{"Lan", "", "", "a@b@c.vn"}, "email"},
                {{"Lan", "", "", "a b@c.vn"}, "email"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *bad = invoice_find_bad_member(&rows[i].buyer);
        if (rows[i].bad ? !bad || strcmp(bad, rows[i].bad) != 0 : bad != NULL) {
            fail_msg("row %zu: %s", i, bad ? bad : "good");
        }
    }
}

static void test_invoice__the_request_holds_every_field(void **state)
{
    (void)state;
    char space[4096];
    struct out out;
    struct invoice v = made(25000, "0100000000");
    out_init(&out, space, sizeof space);
    invoice_write(&out, &v, &seller, "Bãi", "Phố");
    assert_false(out_failed(&out));
    static const char *const parts[] = {
        "\"id\":\"" ID "\"",
        "\"replaces\":null",
        "\"series\":\"C26MAA\"",
        "\"unit\":\"lượt\"",
        "\"quantity\":1,\"price_vnd\":23148,\"net_vnd\":23148,\"vat\":\"8%\",\"vat_vnd\":1852,"
        "\"total_vnd\":25000,\"method\":\"CK\"",
        "\"buyer\":{\"name\":\"Công ty B\",\"tax_code\":\"0100000000\"",
        "\"lot\":\"Bãi\""};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!strstr(space, parts[i])) {
            fail_msg("%s is not in %s", parts[i], space);
        }
    }
}

TESTS(T(test_invoice__adds_up_and_names_series_of_its_year),
      T(test_invoice__silence_is_unknown_and_asked_again_for_ever),
      T(test_invoice__buyers_that_cannot_stand_on_one),
      T(test_invoice__the_request_holds_every_field))
