#include "proto/banks.h"
#include "proto/io/bank_file.h"
#include "tests/harness/harness.h"

#define HEADER "bin,short_name,name,vietqr,state\n"

static struct bank_list list;
static struct bank_list other;

static void test_banks__the_shipped_list_is_good_and_knows_the_banks_of_hanoi(void **state)
{
    (void)state;
    static const char *known[][2] = {
        {"970436", "Vietcombank"},
        {"970415", "VietinBank"},
        {"970418", "BIDV"},
        {"970405", "Agribank"},
        {"970407", "Techcombank"},
        {"970422", "MB Bank"},
        {"970416", "ACB"},
        {"970432", "VPBank"},
        {"970423", "TPBank"},
        {"970403", "Sacombank"},
        {"970441", "VIB"},
        {"970443", "SHB"},
        {"970437", "HDBank"},
        {"970426", "MSB"},
        {"970448", "OCB Bank"},
        {"970440", "SeABank"},
        {"970449", "LPBank"},
        {"970431", "Eximbank"},
        {"970452", "KienlongBank"},
        {"970429", "SCB"},
        {"971025", "MoMo"},
        {"970454", "BVBank"},
        {"546034", "CAKE by VPBank"},
        {"963388", "Timo"},
        {"970406", "Vikki Bank"},
        {"970414", "MBV"},
    };
    char error[BANK_FILE_ERROR_CAP] = "";
    if (bank_file_load(DOXE_SOURCE_DIR "/etc/banks.csv", &list, error)) {
        fail_msg("%s", error);
    }
    assert_true(list.count >= 62);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const struct bank *bank = banks_find(&list, known[i][0]);
        assert_non_null(bank);
        assert_string_equal(bank->short_name, known[i][1]);
        assert_false(bank->former);
    }
    assert_null(banks_find(&list, "970499"));
    assert_true(banks_find(&list, "970436")->can_transfer);
    assert_false(banks_find(&list, "458761")->can_transfer);
}

static void test_banks__quotes_comments_and_line_ends(void **state)
{
    (void)state;
    int line = 0;
    const char *why = NULL;
    ok(banks_read(STR("\xEF\xBB\xBF# note, \"with\" everything\r\n\r\n" HEADER
                      "\"970436\",\"A, \"\"B\"\"\",Ngân hàng,transfer,former\r\n"
                      "970436,C,D,receive,current"),
                  &list, &line, &why));
    assert_int_equal(list.count, 2);
    assert_string_equal(list.bank[0].short_name, "A, \"B\"");
    assert_string_equal(banks_find(&list, "970436")->short_name, "C");
}

static void test_banks__a_bad_list_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int line;
    } rows[] = {
        {"", 1},
        {"# only a comment\n", 1},
        {HEADER, 1},
        {"bin,name\n970436,A\n", 1},
        {HEADER "970436,A,B,transfer\n", 2},
        {HEADER "970436,A,B,transfer,current,x\n", 2},
        {HEADER "970436,A,B,transfer,current,\n", 2},
        {HEADER "#\n97043,A,B,transfer,current\n", 3},
        {HEADER "97043x,A,B,transfer,current\n", 2},
        {HEADER "-70436,A,B,transfer,current\n", 2},
        {HEADER "9704360,A,B,transfer,current\n", 2},
        {HEADER "970436,,B,transfer,current\n", 2},
        {HEADER "970436,A,,transfer,current\n", 2},
        {HEADER "970436,A,B,yes,current\n", 2},
        {HEADER "970436,A,B,transfer,old\n", 2},
        {HEADER "970436,\"A,B,transfer,current\n", 2},
        {HEADER "970436,\"A\"x,B,transfer,current\n", 2},
        {HEADER "970436,A\xff,B,transfer,current\n", 2},
        {HEADER "970436,A,B,transfer,current\n970436,C,D,transfer,current\n", 3},
        {HEADER "970436,123456789012345678901234567890123456789012345678,B,transfer,current\n", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int line = 0;
        const char *why = NULL;
        if (banks_read(str_c(rows[i].text), &list, &line, &why) == 0 || line != rows[i].line) {
            fail_msg("row %zu: line %d: %s", i, line, why ? why : "accepted");
        }
        assert_int_equal(list.count, 0);
        assert_non_null(why);
    }
    static char many[BANKS_MAX * 40 + 100];
    size_t n = (size_t)snprintf(many, sizeof many, HEADER);
    for (int i = 0; i <= BANKS_MAX; i++) {
        n += (size_t)snprintf(many + n, sizeof many - n, "%06d,A,B,transfer,current\n", i);
    }
    int line = 0;
    const char *why = NULL;
    assert_int_equal(banks_read((struct str){many, n}, &list, &line, &why), DX_E_RANGE);
    assert_int_equal(line, BANKS_MAX + 2);
}

static void test_banks__what_an_update_changes_is_counted_in_bins(void **state)
{
    (void)state;
    int line = 0;
    const char *why = NULL;
    ok(banks_read(STR(HEADER "000001,A,A,transfer,current\n000002,B,B,transfer,current\n"
                             "000003,C,C,transfer,current\n000003,C0,C0,transfer,former\n"),
                  &list, &line, &why));
    ok(banks_read(STR(HEADER "000002,B,B,transfer,current\n000003,C2,C2,transfer,current\n"
                             "000003,C,C,transfer,former\n000004,D,D,receive,current\n"),
                  &other, &line, &why));
    struct banks_change change = banks_compare(&list, &other);
    assert_int_equal(change.added, 1);
    assert_int_equal(change.removed, 1);
    assert_int_equal(change.renamed, 1);
    change = banks_compare(&list, &list);
    assert_int_equal(change.added + change.removed + change.renamed, 0);
}

static void test_banks__install_replaces_whole_or_not_at_all(void **state)
{
    (void)state;
    char *folder = harness_temp_dir();
    char to[200];
    char error[BANK_FILE_ERROR_CAP] = "";
    snprintf(to, sizeof to, "%s/banks.csv", folder);
    ok(bank_file_install(DOXE_SOURCE_DIR "/etc/banks.csv", to, error));
    ok(bank_file_install(DOXE_SOURCE_DIR "/etc/banks.csv", to, error));
    ok(bank_file_load(to, &list, error));
    assert_true(list.count >= 62);
    ok(setenv("DOXE_BANKS", to, 1));
    char found[BANK_FILE_PATH_CAP];
    ok(bank_file_find(found));
    assert_string_equal(found, to);
    snprintf(to, sizeof to, "%s/none/banks.csv", folder);
    assert_int_equal(bank_file_install(DOXE_SOURCE_DIR "/etc/banks.csv", to, error), DX_E_IO);
    assert_true(error[0] != '\0');
    assert_int_equal(bank_file_load(to, &list, error), DX_E_NOT_FOUND);
    assert_int_equal(list.count, 0);
    free(folder);
}

TESTS(T(test_banks__the_shipped_list_is_good_and_knows_the_banks_of_hanoi),
      T(test_banks__quotes_comments_and_line_ends),
      T(test_banks__a_bad_list_is_refused_with_its_line),
      T(test_banks__what_an_update_changes_is_counted_in_bins),
      T(test_banks__install_replaces_whole_or_not_at_all))
