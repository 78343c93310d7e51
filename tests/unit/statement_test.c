/* Statements of banks: cells, character sets, dates, amounts, headers, sums. */
#include "proto/base/out.h"
#include "server/bank/bank.h"
#include "server/bank/charset.h"
#include "server/bank/mapping.h"
#include "tests/harness/harness.h"

static struct statement_mapping mapping;

static int setup(void **state)
{
    (void)state;
    char error[MAPPING_ERROR_CAP];
    if (mapping_load(DOXE_SOURCE_DIR "/etc/statements/generic.yaml", error, sizeof error,
                     &mapping)) {
        fail_msg("%s", error);
    }
    return 0;
}

static int read_text(const char *text, struct statement *s)
{
    return statement_read(str_c(text), &mapping, "0123456789", s);
}

static struct statement good(const char *text)
{
    struct statement s;
    int error = read_text(text, &s);
    if (error == DX_E_CHECK) {
        fail_msg("line %d: %s", s.mistake[0].line, s.mistake[0].why);
    }
    ok(error);
    return s;
}

/* The mistake of a file with exactly one. */
static void bad(const char *text, int line, const char *part)
{
    struct statement s;
    assert_int_equal(read_text(text, &s), DX_E_CHECK);
    assert_int_equal(s.mistake_count, 1);
    assert_int_equal(s.mistake[0].line, line);
    if (!strstr(s.mistake[0].why, part)) {
        fail_msg("'%s' is not in '%s'", part, s.mistake[0].why);
    }
    statement_fini(&s);
}

static wall_t at(const char *iso)
{
    wall_t wall;
    ok(time_parse_iso(str_c(iso), &wall));
    return wall;
}

/* ---- cells ---- */

static void test_csv__cells_in_quotes_keep_lines_delimiters_and_quotes(void **state)
{
    (void)state;
    struct csv csv;
    struct csv_record r;
    char space[200];
    csv_init(&csv, STR("a;\"b;\r\n\"\"c\"\"\"; =\"007\" ;=1+1\r\n\r\nx\"y;\"z\"w"), ';', space,
             sizeof space);
    ok(csv_next(&csv, &r));
    assert_int_equal(r.count, 4);
    assert_true(str_eq_c(r.cell[0], "a"));
    assert_true(str_eq_c(r.cell[1], "b;\n\"c\""));
    assert_true(str_eq_c(r.cell[2], "007"));
    assert_true(str_eq_c(r.cell[3], "=1+1"));
    ok(csv_next(&csv, &r));
    assert_true(csv_is_blank(&r) && r.line == 3);
    ok(csv_next(&csv, &r));
    assert_true(r.line == 4 && str_eq_c(r.cell[0], "x\"y") && str_eq_c(r.cell[1], "zw"));
    assert_int_equal(csv_next(&csv, &r), DX_E_NOT_FOUND);
    csv_init(&csv, STR("a\n\"b"), ',', space, sizeof space);
    ok(csv_next(&csv, &r));
    assert_int_equal(csv_next(&csv, &r), DX_E_FORMAT);
    assert_int_equal(r.line, 2);
}

/* ---- character sets ---- */

static void to_utf8(const char *bytes, size_t n, const char *name, const char *text)
{
    char *out = NULL;
    size_t size = 0;
    const char *found = "";
    const char *why = "";
    ok(charset_to_utf8((struct str){bytes, n}, &out, &size, &found, &why));
    assert_string_equal(found, name);
    assert_true(str_eq_c((struct str){out, size}, text));
    free(out);
}

static void test_charset__marks_of_order_and_windows_1258_become_utf8(void **state)
{
    (void)state;
    char *out = NULL;
    size_t size = 0;
    const char *name = "";
    const char *why = NULL;
    to_utf8("\xEF\xBB\xBFNgày", 8, "UTF-8", "Ngày");
    to_utf8("\xFF\xFEN\0g\0\xE0\0", 8, "UTF-16", "Ngà");
    to_utf8("Ng\xE0y s\xF4\xEC", 8, "Windows-1258", "Ngày số");
    static const struct str no_text[] = {
        {"PK\x03\x04....", 8}, {"%PDF-1.4", 8}, {"\xD0\xCF\x11\xE0", 4}, {"", 0}, {"N\0g\0", 4}};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(charset_to_utf8(no_text[i], &out, &size, &name, &why), DX_E_FORMAT);
        assert_non_null(why);
    }
}

/* ---- dates and amounts ---- */

static void test_statement__dates_as_banks_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text, *time, *iso;
        bool only;
    } rows[] = {{"23/11/2026", "", "2026-11-23T00:00:00+07:00", true},
                {"3/1/2026", "", "2026-01-03T00:00:00+07:00", true},
                {"23-11-2026 08:15", "", "2026-11-23T08:15:00+07:00", false},
                {"23/11/2026\n08:15:02", "", "2026-11-23T08:15:02+07:00", false},
                {"2026-11-23 08:15:02", "", "2026-11-23T08:15:02+07:00", false},
                {"23/11/26", "08:15", "2026-11-23T08:15:00+07:00", false},
                {"23.11.2026", "", "2026-11-23T00:00:00+07:00", true}};
    static const char *const none[] = {
        "",          "23/11",     "31/02/2026",  "11/23/2026", "23/11/2026 8",
        "23/11/026", "yesterday", "23/11/20265", "1.234.567",  "0000/00/00"};
    wall_t wall;
    bool only = false;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ok(statement_date(str_c(rows[i].text), str_c(rows[i].time), STATEMENT_DMY, &wall, &only));
        assert_true(wall.ms == at(rows[i].iso).ms);
        assert_int_equal(only, rows[i].only);
    }
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        if (statement_date(str_c(none[i]), STR(""), STATEMENT_DMY, &wall, &only) == 0) {
            fail_msg("'%s' is taken for a day", none[i]);
        }
    }
}

static void test_statement__amounts_as_banks_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t vnd;
    } rows[] = {{"1.234.567", 1234567},
                {"1,234,567", 1234567},
                {"1234567", 1234567},
                {"1,234,567.00", 1234567},
                {"1.234.567,00", 1234567},
                {"25000.0", 25000},
                {"+25,000", 25000},
                {"-25.000", -25000},
                {"25.000-", -25000},
                {"(25.000)", -25000},
                {"25 000", 25000},
                {"25.000 VND", 25000},
                {"25.000đ", 25000},
                {"", 0},
                {"-", 0},
                {"0", 0},
                {"0.00", 0},
                {" 5,000 ", 5000}};
    static const char *const none[] = {"1.2345",    "1,23,456", "1.234,567", "25.5",
                                       "25,50",     "2.5.0",    "1e5",       "abc",
                                       "--5",       "+-5",      "=1+1",      "12.34.567",
                                       "1.234.56",  ".",        "0.500",     "9999999999999999999",
                                       "1,234.567", "5.000.",   "VND"};
    int64_t vnd = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (statement_amount(str_c(rows[i].text), &vnd) != 0 || vnd != rows[i].vnd) {
            fail_msg("'%s' is not read as %lld", rows[i].text, (long long)rows[i].vnd);
        }
    }
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        if (statement_amount(str_c(none[i]), &vnd) == 0) {
            fail_msg("'%s' is read as %lld", none[i], (long long)vnd);
        }
    }
}

/* ---- files ---- */

/* clang-format off */
#define BILINGUAL \
    "NGÂN HÀNG TMCP;;;;;\r\nSAO KÊ TÀI KHOẢN;;;;;\r\n" \
    "Số tài khoản: 0123456789;;;;;\r\n;;;;;\r\n" \
    "Số dư đầu kỳ / Opening balance:;;;;1.000.000;\r\n" \
    "Ngày GD / TNX Date;Số CT / Doc No;Số tiền ghi nợ / Debit;" \
    "Số tiền ghi có / Credit;Số dư / Balance;" \
    "Nội dung chi tiết / Transactions in detail\r\n(1);(2);(3);(4);(5);(6)\r\n"
/* clang-format on */

static void test_statement__a_bilingual_file_with_everything_around_it(void **state)
{
    (void)state;
    struct statement s =
        good(BILINGUAL "23/11/2026;FT1;;25.000;1.025.000;\"CT DEN\nDX7K3M9Q2X\"\r\n"
                       "23/11/2026;FT2;5.000;;1.020.000;phi\r\n"
                       "24/11/2026;FT3;;+1.230.000;2.250.000;=HYPERLINK(x)\r\n"
                       "Tổng cộng / Total;;5.000;1.255.000;;\r\n"
                       "Số dư cuối kỳ;;;;2.250.000;\r\nTrang 1/1;;;;;\r\n");
    assert_int_equal(s.count, 3);
    assert_int_equal(s.delimiter, ';');
    assert_int_equal(s.header_line, 6);
    assert_true(s.row[0].amount_vnd == 25000 && !s.row[0].out && s.row[0].date_only);
    assert_true(str_eq_c(s.row[0].content, "CT DEN\nDX7K3M9Q2X") && s.row[0].line == 8);
    assert_true(str_eq_c(s.row[0].ref, "FT1") && s.row[0].proven);
    assert_true(s.row[1].out && s.row[1].amount_vnd == 5000);
    assert_true(s.row[2].line == 11 && str_eq_c(s.row[2].content, "=HYPERLINK(x)"));
    assert_true(s.in_vnd == 1255000 && s.out_vnd == 5000 && s.gaps == 0);
    assert_true(s.has_opening && s.opening_vnd == 1000000 && s.closing_vnd == 2250000);
    assert_true(statement_mentions(STR(BILINGUAL), &s, "0123456789"));
    assert_false(statement_mentions(STR(BILINGUAL), &s, "123456789"));
    statement_fini(&s);
}

static void test_statement__every_delimiter_and_the_hint_of_spreadsheets(void **state)
{
    (void)state;
    static const char *const files[] = {"Date,Amount,Description\n23/11/2026,\"25,000\",x\n",
                                        "Date\tAmount\tDescription\n23/11/2026\t25,000\tx\n",
                                        "Date|Amount|Description\n23/11/2026|25.000|x\n",
                                        "sep=;\nDate;Amount;Description\n23/11/2026;+25.000;x\n",
                                        "Date;Amount;D/C;Description\n23/11/2026;25.000;C;x\n",
                                        "Date;Time;Credit;Description\n23/11/2026;08:15;25.000;x"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct statement s = good(files[i]);
        assert_int_equal(s.count, 1);
        assert_true(s.row[0].amount_vnd == 25000 && !s.row[0].out);
        statement_fini(&s);
    }
    struct statement s = good("Date;Amount;Nợ/Có;Description\n23/11/2026;25.000;Nợ;x\n");
    assert_true(s.row[0].out);
    statement_fini(&s);
}

static void test_statement__the_newest_first_is_turned_around(void **state)
{
    (void)state;
    struct statement s = good("Date;Debit;Credit;Balance;Description\n"
                              "24/11/2026;;7.000;112.000;c\n24/11/2026;;5.000;105.000;b\n"
                              "23/11/2026;;100.000;100.000;a\n");
    assert_true(str_eq_c(s.row[0].content, "a") && str_eq_c(s.row[2].content, "c"));
    assert_true(s.gaps == 0 && s.row[2].proven && s.opening_vnd == 0 && s.closing_vnd == 112000);
    statement_fini(&s);
    s = good("Date;Credit;Balance;Description\n" /* one day: only the balance says */
             "24/11/2026;7.000;112.000;c\n24/11/2026;5.000;105.000;b\n24/11/2026;5;100.000;a\n");
    assert_true(str_eq_c(s.row[0].content, "a") && s.gaps == 0);
    statement_fini(&s);
}

static void test_statement__a_gap_in_the_balance_is_told_and_proves_nothing(void **state)
{
    (void)state;
    struct statement s = good("Date;Credit;Balance;Description\n24/11/2026;5.000;105.000;a\n"
                              "24/11/2026;7.000;999.000;b\n24/11/2026;1.000;1.000.000;c\n");
    assert_int_equal(s.gaps, 1);
    assert_int_equal(s.gap_line, 3);
    assert_false(s.row[1].proven);
    assert_true(s.row[2].proven);
    statement_fini(&s);
}

static void test_statement__equal_rows_keep_a_place_among_each_other(void **state)
{
    (void)state;
    static const char file[] = "Date;Doc No;Credit;Description\n24/11/2026;R;5.000;a\n"
                               "24/11/2026;R;5.000;a\n24/11/2026;R;5.000;b\n24/11/2026;R;5.000;a\n";
    struct statement s = good(file);
    struct statement again = good(file);
    assert_int_equal(s.count, 4);
    assert_int_equal(s.candidates, 2);
    assert_true(s.row[0].occurrence == 0 && s.row[1].occurrence == 1 && s.row[3].occurrence == 2);
    assert_string_not_equal(s.row[0].id, s.row[1].id);
    assert_string_equal(s.row[3].id, again.row[3].id);
    statement_fini(&s);
    statement_fini(&again);
}

static void test_statement__a_mistake_is_named_with_its_line(void **state)
{
    (void)state;
#define HEAD "Date;Debit;Credit;Balance;Description\n"
    bad(HEAD "24/11/2026;;5,5;;a\n", 2, "no number");
    bad(HEAD "24/11/2026;5.000;5.000;;a\n", 2, "more than one amount");
    bad(HEAD "24/11/2026;;;;a\n", 2, "no amount");
    bad(HEAD "24/11/2026;;1.000;;a\n31/02/2026;;5.000;;b\n", 3, "no day");
    bad(HEAD ";;5.000;;a\n", 2, "no day");
    bad(HEAD ";;5.000;;CONG TY TNHH chuyen tien\n", 2, "no day");
    bad(HEAD "24/11/2026;;5.000;x;a\n", 2, "balance");
    bad(HEAD "24/11/2026;;5.000;;a\nTotal;0;6.000;;\n", 3, "total of credit");
    bad("Opening balance;1.000\n" HEAD "24/11/2026;;5.000;;a\nClosing balance;5.000\n", 0,
        "closing balance");
    bad(HEAD "24/11/2026;;5.000;;\"a\n", 2, "never closed");
    bad(HEAD "24/11/2026;;9.999.999.999.999.999;;a\n", 2, "no number");
    bad(HEAD, 1, "no transfer");
#undef HEAD
    struct statement s;
    assert_int_equal(read_text("Họ tên;Điểm\nA;5\n", &s), DX_E_NOT_FOUND);
    assert_int_equal(read_text("", &s), DX_E_NOT_FOUND);
}

static int keep_credit(void *context, const struct bank_credit *credit)
{
    *(struct bank_credit *)context = *credit;
    return 0;
}

static void test_statement__a_row_written_down_is_read_as_the_same_credit(void **state)
{
    (void)state;
    char body[4096];
    struct out out;
    struct bank_credit c;
    const char *why = NULL;
    const struct bank_visitor visitor = {&c, keep_credit, NULL};
    struct statement s =
        good("Date;Doc No;Debit;Credit;Balance;Description\n23/11/2026;R0;;5;100;x\n"
             "24/11/2026 08:15;R1;25;;75;trả \"tiền\"\n");
    out_init(&out, body, sizeof body);
    statement_write_row(&s.row[1], "0123456789", &out);
    assert_false(out_failed(&out));
    ok(bank_read_all("statement", CREDIT_STATEMENT, out_str(&out), &visitor, &why));
    assert_true(c.out && c.amount_vnd == 25 && !c.date_only && c.has_balance);
    assert_true(c.balance_vnd == 75 && c.booked.ms == at("2026-11-24T08:15:00+07:00").ms);
    assert_string_equal(c.bank_ref, "R1");
    assert_string_equal(c.content, "trả \"tiền\"");
    assert_string_equal(c.account, "0123456789");
    statement_fini(&s);
}

/* ---- mappings ---- */

static void test_mapping__all_that_are_installed_load_the_bank_s_own_first(void **state)
{
    (void)state;
    char error[MAPPING_ERROR_CAP];
    struct statement_mapping *all = NULL;
    int count = 0;
    ok(mapping_load_all("", NULL, error, sizeof error, &all, &count));
    assert_true(count >= 5);
    free(all);
    ok(mapping_load_all("", "970436", error, sizeof error, &all, &count));
    assert_int_equal(count, 2);
    assert_string_equal(all[0].name, "vietcombank");
    assert_string_equal(all[1].name, "generic");
    free(all);
    assert_int_equal(mapping_load_all("/nowhere", NULL, error, sizeof error, &all, &count),
                     DX_E_NOT_FOUND);
    struct statement_mapping m;
    assert_int_equal(mapping_load_text("x", STR("statement: {name: x, columns: {datum: [a]}}"),
                                       error, sizeof error, &m),
                     DX_E_CONFIG);
    assert_non_null(strstr(error, "datum"));
}

#define C(name) cmocka_unit_test_setup(name, setup)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        C(test_csv__cells_in_quotes_keep_lines_delimiters_and_quotes),
        C(test_charset__marks_of_order_and_windows_1258_become_utf8),
        C(test_statement__dates_as_banks_write_them),
        C(test_statement__amounts_as_banks_write_them),
        C(test_statement__a_bilingual_file_with_everything_around_it),
        C(test_statement__every_delimiter_and_the_hint_of_spreadsheets),
        C(test_statement__the_newest_first_is_turned_around),
        C(test_statement__a_gap_in_the_balance_is_told_and_proves_nothing),
        C(test_statement__equal_rows_keep_a_place_among_each_other),
        C(test_statement__a_mistake_is_named_with_its_line),
        C(test_statement__a_row_written_down_is_read_as_the_same_credit),
        C(test_mapping__all_that_are_installed_load_the_bank_s_own_first)};
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
