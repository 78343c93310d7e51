#include "gate/console/console.h"
#include "gate/console/page.h"
#include "proto/io/json.h"
#include "tests/harness/harness.h"

static struct lane_display paying(void)
{
    struct lane_display display = {.kind = DISPLAY_PAY, .exit = true, .amount_vnd = 85000};
    display.fee_vnd = 85000;
    display.valid_until = (wall_t){1772416500000};
    display.subject = (struct subject){.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR};
    snprintf(display.subject.key, sizeof display.subject.key, "30F12345");
    snprintf(display.subject.raw, sizeof display.subject.raw, "30F-123.45");
    snprintf(display.paycode, sizeof display.paycode, "DX7K3M9Q2X");
    snprintf(display.payload, sizeof display.payload, "000201010212");
    return display;
}

static void write_body(const struct lane_display *display, char *space, size_t cap)
{
    struct out out;
    struct page_lane lane = {.lane = 2, .exit = true, .name = "Làn ra 1", .display = *display};
    out_init(&out, space, cap);
    page_lane_body(&out, &lane);
    assert_false(out_failed(&out));
}

static void test_console__the_amount_and_the_qr_are_on_the_page(void **state)
{
    (void)state;
    static char page[CONSOLE_PAGE_CAP];
    struct lane_display display = paying();
    write_body(&display, page, sizeof page);
    assert_non_null(strstr(page, "85.000 đ"));
    assert_non_null(strstr(page, "85,000 VND"));
    assert_non_null(strstr(page, "<svg"));
    assert_non_null(strstr(page, "DX7K3M9Q2X"));
    assert_non_null(strstr(page, "30F-123.45"));
}

static void test_console__the_payee_is_who_the_banking_app_will_show(void **state)
{
    (void)state;
    static char page[CONSOLE_PAGE_CAP];
    struct lane_display display = paying();
    struct vietqr code = {.dynamic = true, .amount_vnd = 85000};
    snprintf(code.bin, sizeof code.bin, "970436");
    snprintf(code.account, sizeof code.account, "0123456789");
    snprintf(code.purpose, sizeof code.purpose, "DX7K3M9Q2X");
    snprintf(code.merchant_name, sizeof code.merchant_name, "BAI XE MAU");
    ok(vietqr_build(&code, display.payload, sizeof display.payload));
    write_body(&display, page, sizeof page);
    assert_non_null(strstr(page, "BAI XE MAU · 0123456789"));
    display.kind = DISPLAY_GO;
    write_body(&display, page, sizeof page);
    assert_non_null(strstr(page, "Đã trả 85.000 đ"));
    assert_non_null(strstr(page, "Paid 85,000 VND"));
    assert_null(strstr(page, "0123456789"));
}

static void test_console__a_plate_never_becomes_markup(void **state)
{
    (void)state;
    static char page[CONSOLE_PAGE_CAP];
    struct lane_display display = paying();
    snprintf(display.subject.raw, sizeof display.subject.raw, "<script>alert('x')</script>");
    write_body(&display, page, sizeof page);
    assert_null(strstr(page, "<script"));
    assert_non_null(strstr(page, "&lt;script&gt;alert(&#39;x&#39;)"));
}

static void test_console__every_state_has_words_in_both_languages(void **state)
{
    (void)state;
    static char page[CONSOLE_PAGE_CAP];
    for (int kind = 0; kind < DISPLAY_KIND_COUNT; kind++) {
        for (int hold = 0; hold < HOLD_COUNT; hold++) {
            struct lane_display display = paying();
            display.kind = (enum display_kind)kind;
            display.hold = (enum hold)hold;
            write_body(&display, page, sizeof page);
            assert_non_null(strstr(page, "class=\"lead\""));
            assert_non_null(strstr(page, "<span lang=\"en\">"));
        }
    }
}

static void test_console__the_display_as_data(void **state)
{
    (void)state;
    char space[4096];
    struct out out;
    struct jdoc *root;
    struct str text;
    int64_t number = 0;
    struct lane_display display = paying();
    out_init(&out, space, sizeof space);
    console_lane_json(&out, 2, &display);
    assert_false(out_failed(&out));
    ok(jdoc_read(out_str(&out), &root, NULL));
    ok(jdoc_get_str(root, "state", &text));
    assert_true(str_eq_c(text, "pay"));
    ok(jdoc_get_str(root, "plate", &text));
    assert_true(str_eq_c(text, "30F-123.45"));
    ok(jdoc_get_i64(root, "amount_vnd", &number));
    assert_int_equal(number, 85000);
    jdoc_release(root);
    /* A card's pseudonym is nobody's business on a public screen. */
    display.subject = (struct subject){.kind = SUBJECT_CARD};
    snprintf(display.subject.key, sizeof display.subject.key, "9f86d081884c7d65");
    out_init(&out, space, sizeof space);
    console_lane_json(&out, 2, &display);
    assert_null(strstr(space, "9f86d081"));
}

TESTS(T(test_console__the_amount_and_the_qr_are_on_the_page),
      T(test_console__the_payee_is_who_the_banking_app_will_show),
      T(test_console__a_plate_never_becomes_markup),
      T(test_console__every_state_has_words_in_both_languages),
      T(test_console__the_display_as_data))
