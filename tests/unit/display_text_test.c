/* display_text_test.c - sentences on displays of few lines and plain letters. */
#include "gate/io/display_text.h"

#include "gate/io/lane_display.h"
#include "tests/harness/harness.h"

static const char *fold(const char *text)
{
    static char out[DISPLAY_TEXT_CAP];
    display_text_fold(out, sizeof out, str_c(text));
    return out;
}

static struct display_text lay(int lines, int columns, const char *const *sentences)
{
    struct display_text display = {.lines = lines, .columns = columns};
    struct str texts[8];
    int count = 0;
    while (sentences[count]) {
        texts[count] = str_c(sentences[count]);
        count++;
    }
    display_text_lay(&display, texts, count);
    return display;
}

static void test_display_text__vietnamese_becomes_plain_capitals(void **state)
{
    (void)state;
    assert_string_equal(fold("Quét mã QR để trả tiền"), "QUET MA QR DE TRA TIEN");
    assert_string_equal(fold("Đỗ xe, ỨỪỬỮỰ ưăâêôơ"), "DO XE, UUUUU UAAEOO");
    assert_string_equal(fold("25.000 đ"), "25.000 D");
    assert_string_equal(fold("25.000 ₫"), "25.000 D");
    assert_string_equal(fold("CCCD …1234 – 30F•••45"), "CCCD .1234 - 30F***45");
    assert_string_equal(fold("tie\xcc\x82\xcc\x80n"), "TIEN"); /* marks of their own */
    assert_string_equal(fold("a\nb\x01"
                             "c"),
                        "A B C");
    assert_string_equal(fold("車\xff"), "??");
}

static void test_display_text__sentences_get_lines_in_order(void **state)
{
    (void)state;
    const char *const sentences[] = {"Kính chào quý khách", "", "Mời xe vào", NULL};
    struct display_text d = lay(4, 20, sentences);
    assert_string_equal(d.line[0], "KINH CHAO QUY KHACH");
    assert_string_equal(d.line[1], "MOI XE VAO");
    assert_string_equal(d.line[2], "");
}

static void test_display_text__long_sentence_wraps_while_lines_are_left(void **state)
{
    (void)state;
    const char *const help[] = {"Không đọc được biển số", "Xin gọi nhân viên", NULL};
    struct display_text d = lay(4, 20, help);
    assert_string_equal(d.line[0], "KHONG DOC DUOC BIEN");
    assert_string_equal(d.line[1], "SO");
    assert_string_equal(d.line[2], "XIN GOI NHAN VIEN");
    const char *const pay[] = {"Quét mã QR để trả tiền", "25.000 đ", "DX7K2M9QAB", "30F-123.45",
                               NULL};
    d = lay(4, 20, pay);
    assert_string_equal(d.line[0], "QUET MA QR DE TRA"); /* no line left: cut after a word */
    assert_string_equal(d.line[1], "25.000 D");
    assert_string_equal(d.line[3], "30F-123.45");
}

static void test_display_text__what_has_no_line_is_left_out(void **state)
{
    (void)state;
    const char *const pay[] = {"25.000 đ", "DX7K2M9QAB", "Quét mã", NULL};
    struct display_text d = lay(2, 8, pay);
    assert_string_equal(d.line[0], "25.000 D");
    assert_string_equal(d.line[1], "DX7K2M9Q"); /* a word longer than the line */
}

static void test_display_text__two_letters_a_register_high_byte_first(void **state)
{
    (void)state;
    const char *const sentences[] = {"xam", "b", NULL};
    struct display_text d = lay(2, 5, sentences);
    uint16_t words[8] = {0};
    assert_int_equal(display_text_pack(&d, words), 6); /* an odd line is filled up */
    assert_int_equal(words[0], 'X' << 8 | 'A');
    assert_int_equal(words[1], 'M' << 8 | ' ');
    assert_int_equal(words[2], ' ' << 8 | ' ');
    assert_int_equal(words[3], 'B' << 8 | ' ');
    d = lay(4, 20, sentences);
    uint16_t many[40];
    assert_int_equal(display_text_pack(&d, many), 40);
    assert_int_equal(many[10], 'B' << 8 | ' ');
}

static struct lane_display paying(void)
{
    struct lane_display display = {.kind = DISPLAY_PAY, .exit = true, .amount_vnd = 25000};
    display.subject = (struct subject){.kind = SUBJECT_PLATE, .raw = "29-M1\n123.45"};
    str_copy_cut(display.paycode, sizeof display.paycode, STR("DX7K2M9QAB"));
    return display;
}

static void test_lane_display__small_display_shows_amount_and_code_first(void **state)
{
    (void)state;
    struct lane_display display = paying();
    struct display_text two = {.lines = 2, .columns = 16};
    lane_display_lines(&display, &two);
    assert_string_equal(two.line[0], "25.000 D");
    assert_string_equal(two.line[1], "DX7K2M9QAB");
    struct display_text four = {.lines = 4, .columns = 20};
    lane_display_lines(&display, &four);
    assert_string_equal(four.line[1], "25.000 D");
    assert_string_equal(four.line[2], "DX7K2M9QAB");
    assert_string_equal(four.line[3], "29-M1 123.45");
}

static void test_lane_display__every_state_says_something_that_fits(void **state)
{
    (void)state;
    for (int kind = 0; kind < DISPLAY_KIND_COUNT; kind++) {
        for (int hold = 0; hold < HOLD_COUNT; hold++) {
            struct lane_display display = paying();
            struct display_text text = {.lines = 4, .columns = 20};
            display.kind = (enum display_kind)kind;
            display.hold = (enum hold)hold;
            lane_display_lines(&display, &text);
            assert_true(text.line[0][0] != '\0');
            for (int i = 0; i < text.lines; i++) {
                assert_null(strchr(text.line[i], '?')); /* every letter has a plain form */
            }
        }
    }
}

static void test_lane_display__the_words_to_pay_fit_twenty_columns(void **state)
{
    (void)state;
    struct lane_display display = {.kind = DISPLAY_PAY, .exit = true, .amount_vnd = 85000};
    for (int language = DISPLAY_VI; language <= DISPLAY_EN; language++) {
        char line[DISPLAY_LINE_CAP];
        display_line(&display, (enum display_language)language, 0, line, sizeof line);
        assert_true(strlen(fold(line)) <= 20); /* all four lines are used: nothing can wrap */
    }
}

TESTS(T(test_display_text__vietnamese_becomes_plain_capitals),
      T(test_display_text__sentences_get_lines_in_order),
      T(test_display_text__long_sentence_wraps_while_lines_are_left),
      T(test_display_text__what_has_no_line_is_left_out),
      T(test_display_text__two_letters_a_register_high_byte_first),
      T(test_lane_display__small_display_shows_amount_and_code_first),
      T(test_lane_display__the_words_to_pay_fit_twenty_columns),
      T(test_lane_display__every_state_says_something_that_fits))
