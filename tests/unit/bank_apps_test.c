#include "proto/bank_apps.h"
#include "proto/io/bank_file.h"
#include "tests/harness/harness.h"

#define HEADER "bin,code,app,link\n"
#define LINK   "https://pay.example/go?a={account}@{bank}&m={amount}&t={content}&n={holder}"

static struct bank_app_list list;

static void test_bank_apps__the_shipped_links_are_filled_in(void **state)
{
    (void)state;
    static const struct bank_app_pay pay = {.bin = "970436",
                                            .account = "0123456789",
                                            .holder = "BAI XE MAU",
                                            .content = "DX7K3M9QWF",
                                            .amount_vnd = 85000};
    char error[BANK_FILE_ERROR_CAP] = "";
    char url[BANK_APP_URL_CAP];
    char host[64];
    int links = 0;
    setenv("DOXE_BANK_APPS", DOXE_SOURCE_DIR "/etc/bank_apps.csv", 1);
    if (bank_file_load_apps(&list, error)) {
        fail_msg("%s", error);
    }
    for (int i = 0; i < list.count; i++) {
        if (bank_app_link(&list, &list.app[i], &pay, url) == 0) {
            links++;
            assert_non_null(
                strstr(url, "ba=0123456789@vcb&am=85000&tn=DX7K3M9QWF&bn=BAI%20XE%20MAU"));
            assert_null(strchr(url, '{'));
            bank_app_host(&list.app[i], host, sizeof host);
            assert_string_equal(host, "dl.vietqr.io");
        }
    }
    assert_int_equal(links, 5);
    struct bank_app_pay nobody = pay;
    nobody.bin = "123456";
    assert_int_equal(bank_app_link(&list, &list.app[1], &nobody, url), DX_E_NOT_FOUND);
    unsetenv("DOXE_BANK_APPS");
}

static void test_bank_apps__what_is_put_in_cannot_leave_its_place(void **state)
{
    (void)state;
    int line = 0;
    const char *why = NULL;
    char url[BANK_APP_URL_CAP];
    ok(bank_apps_read(STR(HEADER "970415,icb,App," LINK "&x={other}&y={\n"), &list, &line, &why));
    const struct bank_app_pay pay = {.bin = "970415",
                                     .account = "1&am=9",
                                     .holder = "A\"><b>é",
                                     .content = "x{amount}#",
                                     .amount_vnd = 1};
    ok(bank_app_link(&list, &list.app[0], &pay, url));
    assert_string_equal(url, "https://pay.example/go?a=1%26am%3D9@icb&m=1&t=x%7Bamount%7D%23"
                             "&n=A%22%3E%3Cb%3E%C3%A9&x={other}&y={");
    char much[400];
    memset(much, '\xC3', sizeof much - 1);
    much[sizeof much - 1] = '\0';
    struct bank_app_pay large = pay;
    large.holder = much;
    assert_int_equal(bank_app_link(&list, &list.app[0], &large, url), DX_E_SPACE);
}

static void test_bank_apps__a_bad_line_is_named_and_nothing_is_taken(void **state)
{
    (void)state;
    static const struct {
        const char *csv;
        int line;
    } rows[] = {
        {"", 0},
        {"bin,code\n", 1},
        {HEADER "970415,icb,App\n", 2},
        {HEADER "970415,icb,App,https://a.example,more\n", 2},
        {HEADER "97041,icb,,\n", 2},
        {HEADER "970415,ICB,,\n", 2},
        {HEADER "970415,icb,App,\n", 2},
        {HEADER "970415,icb,,https://a.example/\n", 2},
        {HEADER "970415,icb,App,javascript:alert(1)\n", 2},
        {HEADER "970415,icb,App,http://a.example/\n", 2},
        {HEADER "970415,icb,App,https:///x\n", 2},
        {HEADER "970415,icb,App,https://a.example/\"x\n", 2},
        {HEADER "970415,icb,,\n# a word\n970415,vcb,,\n", 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int line = -1;
        const char *why = NULL;
        int error = bank_apps_read(str_c(rows[i].csv), &list, &line, &why);
        if (error != DX_E_FORMAT || line != rows[i].line || !why || list.count != 0) {
            fail_msg("row %zu: %d at line %d, %s", i, error, line, why ? why : "no reason");
        }
    }
}

TESTS(T(test_bank_apps__the_shipped_links_are_filled_in),
      T(test_bank_apps__what_is_put_in_cannot_leave_its_place),
      T(test_bank_apps__a_bad_line_is_named_and_nothing_is_taken))
