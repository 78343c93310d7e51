/*
 * What goes wrong in public projects, and what transfers' texts look like, as tests of their names:
 * each row of "What goes wrong" and each text pattern of the payment facts, through the real
 * inbox, matcher, ledger and lanes.  The rows of the decision table: tests/unit/payment_test.c.
 */
#include "proto/vietqr.h"
#include "tests/integration/server_world.h"

static struct world w;
static char code[PAYCODE_CAP];
static int transactions;

#define COUNT(table_and_where) world_number(&w, "SELECT count(*) FROM " table_and_where)

/* A car that stands at the exit and owes 25,000. */
static int setup(void **state)
{
    (void)state;
    world_init(&w);
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    world_ask(&w, "", "30F12345");
    world_code(&w, "A", code);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    assert_int_equal(world_ledger_faults(&w), 0);
    world_fini(&w);
    return 0;
}

static void verdict_is(const char *wanted)
{
    char text[64];
    world_text(&w, "SELECT verdict FROM bank_credit ORDER BY rowid DESC LIMIT 1", text,
               sizeof text);
    assert_string_equal(text, wanted);
}

static void pay(const char *content, int64_t amount)
{
    char tx[16];
    snprintf(tx, sizeof tx, "%d", ++transactions);
    assert_int_equal(world_pay(&w, tx, content, amount), 200);
}

static bool is_paid(void)
{
    return COUNT("session WHERE state = 'paid' AND paid_vnd = 25000") == 1;
}

/* ---- what goes wrong in public projects ---- */

static void test_facts__the_amount_in_the_qr_is_whole_digits(void **state)
{
    (void)state;
    const char *payload = world_last(&w, GATE_B, DOWN_QUOTE)->payload;
    assert_non_null(strstr(payload, "540525000"));
}

static void
test_facts__an_app_that_leaves_the_content_out_is_suggested_by_amount_time_and_lot(void **state)
{
    (void)state;
    pay("", 25000);
    verdict_is("unmatched");
    assert_false(is_paid());
    assert_int_equal(COUNT("review WHERE kind = 'bank_unmatched'"), 1);
}

static void test_facts__the_code_is_plain_capitals_and_digits(void **state)
{
    (void)state;
    for (const char *p = code; *p; p++) {
        assert_true((*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9'));
    }
}

static void test_facts__only_the_bank_proves_a_payment(void **state)
{
    (void)state;
    char body[256];
    snprintf(body, sizeof body, "{\"id\":1,\"content\":\"%s\",\"transferAmount\":25000}", code);
    assert_int_equal(world_webhook(&w, body, false), 401);
    assert_false(is_paid());
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 0);
}

static void test_facts__a_late_expiry_never_takes_paid_away(void **state)
{
    (void)state;
    pay(code, 25000);
    world_pass(&w, 24 * 60); /* far beyond the promise; the chores have run */
    world_run(&w);
    assert_true(is_paid());
    assert_int_equal(COUNT("stay_request WHERE state = 'paid'"), 1);
}

static void test_facts__any_paid_attempt_pays_the_session(void **state)
{
    (void)state;
    world_pass(&w, 11);
    world_ask(&w, "", "30F12345"); /* a second request takes the place of the first */
    assert_int_equal(COUNT("stay_request"), 2);
    pay(code, 25000); /* by the QR of either: it is the same code */
    assert_true(is_paid());
}

static void test_facts__a_second_notice_with_missing_fields_overwrites_nothing(void **state)
{
    (void)state;
    char tx[16];
    char body[256];
    pay(code, 25000);
    snprintf(tx, sizeof tx, "%d", transactions);
    snprintf(body, sizeof body,
             "{\"id\":%s,\"transactionDate\":\"2026-03-02 09:31:00\",\"accountNumber\":"
             "\"0123456789\",\"transferType\":\"in\",\"transferAmount\":25000,\"content\":\"\","
             "\"referenceCode\":\"\"}",
             tx);
    (void)!world_webhook(&w, body, true);
    world_run(&w);
    assert_true(is_paid());
    assert_int_equal(COUNT("bank_credit"), 1);
    assert_int_equal(COUNT("bank_credit WHERE content <> ''"), 1);
}

static void test_facts__an_empty_code_is_never_looked_up(void **state)
{
    (void)state;
    pay("   ", 25000);
    verdict_is("unmatched");
    assert_int_equal(COUNT("bank_credit WHERE session IS NOT NULL"), 0);
}

static void test_facts__a_reversal_of_a_matched_transfer_reopens_the_case(void **state)
{
    (void)state;
    char reference[32];
    pay(code, 25000);
    snprintf(reference, sizeof reference, "thu hoi FT%d %s", transactions, code);
    world_pay_to(&w, "900001", "0123456789", "out", reference, 25000);
    verdict_is("taken_back");
    assert_int_equal(COUNT("session WHERE state = 'quoted' AND paid_vnd = 0"), 1);
    assert_int_equal(COUNT("review WHERE kind = 'bank_taken_back'"), 1);
}

static void test_facts__a_notice_that_came_once_is_enough_and_eight_are_one(void **state)
{
    (void)state;
    char tx[16];
    pay(code, 25000);
    snprintf(tx, sizeof tx, "%d", transactions);
    for (int i = 0; i < 7; i++) {
        assert_int_equal(world_pay(&w, tx, code, 25000), 200);
    }
    assert_int_equal(COUNT("bank_credit"), 1);
    assert_int_equal(COUNT("outbox WHERE type = 'paid'"), 1);
}

static void test_facts__exact_under_and_over_are_three_tiers(void **state)
{
    (void)state;
    pay(code, 10000);
    verdict_is("under");
    assert_int_equal(COUNT("stay_request WHERE state = 'open' AND amount_vnd = 15000"), 1);
    pay(code, 20000);
    verdict_is("over");
    assert_true(is_paid());
    assert_int_equal(COUNT("refund WHERE amount_vnd = 5000"), 1);
}

static void test_facts__codes_of_one_day_are_all_different(void **state)
{
    (void)state;
    static const char letters[] = "BCDEFGHJKMNPQRSTVWXYZ";
    for (int i = 0; i < 20; i++) {
        char letter[2] = {letters[i], '\0'};
        char plate[16];
        snprintf(plate, sizeof plate, "30F2%04d", i);
        world_enter(&w, letter, plate);
    }
    assert_int_equal(world_number(&w, "SELECT count(DISTINCT code) FROM session"), 21);
}

static void test_facts__one_dong_less_is_less_and_money_after_the_end_is_in_the_queue(void **state)
{
    (void)state;
    pay(code, 24999); /* no tolerance */
    verdict_is("under");
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 0);
    pay(code, 1);
    assert_true(is_paid());
    struct event e = world_event_b(&w, EVENT_EXIT_PERMITTED, "A");
    world_send(&w, &e);
    e = world_event_b(&w, EVENT_LEFT, "A");
    world_send(&w, &e);
    pay(code, 25000);
    verdict_is("late");
    assert_int_equal(COUNT("refund WHERE cause = 'late' AND amount_vnd = 25000"), 1);
    assert_int_equal(COUNT("review WHERE kind = 'bank_late'"), 1);
}

/* ---- what the content looks like when it arrives ---- */

static void content_of(const char *pattern, char *out, size_t cap)
{
    struct out text;
    out_init(&text, out, cap); /* %s the code, %l in small letters, %d with blanks and dashes */
    for (const char *p = pattern; *p; p++) {
        if (*p != '%') {
            out_char(&text, *p);
            continue;
        }
        p++;
        for (size_t i = 0; code[i]; i++) {
            bool small = *p == 'l' && code[i] >= 'A';
            if (*p == 'd' && i > 0 && i % 3 == 0) {
                out_char(&text, i % 2 ? ' ' : '-');
            }
            out_char(&text, small ? (char)(code[i] + 32) : code[i]);
        }
    }
    assert_false(out_failed(&text));
}

static void each_is(const char *const *patterns, size_t count, const char *wanted)
{
    for (size_t i = 0; i < count; i++) {
        char content[512];
        if (i > 0) {
            teardown(NULL);
            setup(NULL);
        }
        content_of(patterns[i], content, sizeof content);
        pay(content, 25000);
        char text[64];
        world_text(&w, "SELECT verdict FROM bank_credit", text, sizeof text);
        if (strcmp(text, wanted) != 0) {
            fail_msg("'%s' is %s, not %s", content, text, wanted);
        }
    }
}

static void test_facts__texts_that_banks_make_of_it_still_find_the_code(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "MBVCB.12345678901.098765.%s.CT tu 0071000123456 NGUYEN VAN A toi 0123456789 BAI XE tai "
        "VCB",
        "CT DEN:123456789012 %s",
        "%s chuyen FT26123456789012; tai Napas",
        "%s-CTLNhanh 6012 030226",
        "%s GD 123456-020326 09:31:05",
        "BankAPINotify %s",
        "SEVQR %s",
        "SEVQR%s",
        "%l",
        "tra tien %l cam on",
        "%d",
        "gui xe %d 30F12345",
        "Trả tiền gửi xe %s",
        "TRẢ TIỀN GỬI XE %l ĐỖ XE",
        "truoc%s",
        "%s sau",
        "%s %s",
    };
    each_is(patterns, sizeof patterns / sizeof patterns[0], "exact");
}

static void test_facts__texts_that_name_no_code_wait_for_two_persons(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "chuyen tien",
        "NGUYEN VAN A chuyen khoan",
        "MBVCB.12345678901.098765.CT tu 0071000123456 NGUYEN VAN A toi 0123456789",
        "123456789012345678901234567890",
        "30F-123.45",
        "gửi xe ngày 2/3",
        "DX",
        "DX12345678",
    };
    each_is(patterns, sizeof patterns / sizeof patterns[0], "unmatched");
}

/* The payer's app cut it off, or a character went wrong: no code, never somebody else's. */
static void test_facts__a_truncated_or_damaged_code_is_no_code(void **state)
{
    (void)state;
    char content[64];
    snprintf(content, sizeof content, "tien xe %.*s", (int)strlen(code) - 2, code);
    pay(content, 25000);
    verdict_is("unmatched");
    snprintf(content, sizeof content, "tien xe %s", code);
    char *last = &content[strlen(content) - 3];
    *last = *last == '7' ? '8' : '7';
    pay(content, 25000);
    verdict_is("unmatched");
    assert_false(is_paid());
}

#define W(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
TESTS(W(test_facts__the_amount_in_the_qr_is_whole_digits),
      W(test_facts__an_app_that_leaves_the_content_out_is_suggested_by_amount_time_and_lot),
      W(test_facts__the_code_is_plain_capitals_and_digits),
      W(test_facts__only_the_bank_proves_a_payment),
      W(test_facts__a_late_expiry_never_takes_paid_away),
      W(test_facts__any_paid_attempt_pays_the_session),
      W(test_facts__a_second_notice_with_missing_fields_overwrites_nothing),
      W(test_facts__an_empty_code_is_never_looked_up),
      W(test_facts__a_reversal_of_a_matched_transfer_reopens_the_case),
      W(test_facts__a_notice_that_came_once_is_enough_and_eight_are_one),
      W(test_facts__exact_under_and_over_are_three_tiers),
      W(test_facts__codes_of_one_day_are_all_different),
      W(test_facts__one_dong_less_is_less_and_money_after_the_end_is_in_the_queue),
      W(test_facts__texts_that_banks_make_of_it_still_find_the_code),
      W(test_facts__texts_that_name_no_code_wait_for_two_persons),
      W(test_facts__a_truncated_or_damaged_code_is_no_code))
