#include "proto/io/sheet.h"
#include "tests/harness/harness.h"

static const char *const columns[] = {"Biển số", "Số tiền"};
static const struct sheet_about about = {"Đối soát", {1772416500000}, columns, 2};

/* A table with all that could go wrong in a cell. */
static char *make(enum sheet_format format, size_t *ret_n)
{
    static const char *const cells[] = {"30F-123.45", "=1+1", "-5",   "+84",  "@x",
                                        "\tx",        "a,b",  "a\"b", "a\nb", ""};
    struct sheet *sheet;
    char *bytes = NULL;
    ok(sheet_open_memory(format, &about, &sheet));
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        sheet_text(sheet, cells[i]);
        sheet_vnd(sheet, (int64_t)i * 25000 - 25000);
        sheet_end_row(sheet);
    }
    sheet_time(sheet, (wall_t){1772416500000});
    sheet_count(sheet, 3);
    sheet_end_row(sheet);
    ok(sheet_close_memory(sheet, &bytes, ret_n));
    return bytes;
}

static void test_sheet__csv_is_quoted_and_no_cell_is_a_formula(void **state)
{
    (void)state;
    size_t n = 0;
    char *csv = make(SHEET_CSV, &n);
    const char *wanted = "\xEF\xBB\xBF"
                         "Biển số,Số tiền\r\n30F-123.45,-25000\r\n\"'=1+1\",0\r\n\"'-5\",25000\r\n"
                         "\"'+84\",50000\r\n\"'@x\",75000\r\n\"'\tx\",100000\r\n\"a,b\",125000\r\n"
                         "\"a\"\"b\",150000\r\n\"a\nb\",175000\r\n,200000\r\n"
                         "2026-03-02 08:55:00,3\r\n";
    assert_int_equal(n, strlen(wanted));
    assert_memory_equal(csv, wanted, n);
    free(csv);
}

static void test_sheet__xlsx_made_twice_is_the_same_bytes(void **state)
{
    (void)state;
    size_t n1 = 0, n2 = 0;
    char *one = make(SHEET_XLSX, &n1);
    char *two = make(SHEET_XLSX, &n2);
    assert_true(n1 > 1000 && n1 == n2);
    assert_memory_equal(one, "PK", 2);
    assert_memory_equal(one, two, n1);
    free(one);
    free(two);
}

static void test_sheet__text_that_is_no_utf8_fails_and_frees(void **state)
{
    (void)state;
    for (int format = SHEET_CSV; format <= SHEET_XLSX; format++) {
        struct sheet *sheet;
        char *bytes = NULL;
        size_t n;
        ok(sheet_open_memory((enum sheet_format)format, &about, &sheet));
        sheet_text(sheet, "\xff\xfe");
        sheet_text(sheet, "behind it nothing is written");
        assert_int_equal(sheet_close_memory(sheet, &bytes, &n), DX_E_FORMAT);
        assert_null(bytes);
    }
}

static void test_sheet__a_path_that_cannot_be_made_is_said(void **state)
{
    (void)state;
    struct sheet *sheet = NULL;
    assert_int_equal(sheet_open("/nowhere/x.csv", SHEET_CSV, &about, &sheet), DX_E_IO);
    assert_int_equal(sheet_open("/nowhere/x.xlsx", SHEET_XLSX, &about, &sheet), DX_E_IO);
    assert_null(sheet);
}

TESTS(T(test_sheet__csv_is_quoted_and_no_cell_is_a_formula),
      T(test_sheet__xlsx_made_twice_is_the_same_bytes),
      T(test_sheet__text_that_is_no_utf8_fails_and_frees),
      T(test_sheet__a_path_that_cannot_be_made_is_said))
