/* `doxe-server bank import` as a call: a file on the disk, the database, and what a person reads.
 */
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "server/io/bank_cli.h"
#include "server/io/writer.h"
#include "tests/integration/server_world.h"

static struct world w;
static struct server_config *config;
static char path[300];

#define COUNT(rest) world_number(&w, "SELECT count(*) FROM " rest)

static int setup(void **state)
{
    (void)state;
    ok(dx_crypto_start());
    world_init(&w);
    config = calloc(1, sizeof *config);
    str_copy_cut(config->database, sizeof config->database, str_c(w.database));
    config->app = w.config;
    config->lot_count = 2;
    config->lot[0].lot = w.lots[0];
    config->lot[1].lot = w.lots[1];
    snprintf(path, sizeof path, "%s.csv", w.database);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_fini(&w);
    free(config);
    return 0;
}

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    ok(fclose(file));
}

static int import(const char *account, bool dry_run)
{
    const struct bank_options options = {
        .file = path, .config = "test", .account = account, .dry_run = dry_run};
    return bank_import(config, &options);
}

static wall_t real_wall(void *context)
{
    (void)context;
    return clock_wall();
}

static mono_t real_mono(void *context)
{
    (void)context;
    return clock_mono();
}

static void on_broken(void *context)
{
    (void)context;
}

/* A server with its writer; the lock of its database is held until this process ends. */
static struct writer *start_server(void)
{
    struct writer *writer;
    int lock = writer_lock(w.database);
    assert_true(lock == 0 || lock == DX_E_BUSY);
    w.ports.wall = real_wall;
    w.ports.mono = real_mono;
    w.ports.single_thread = false;
    world_start(&w);
    ok(writer_start(w.app, on_broken, NULL, &writer));
    return writer;
}

#define ACCOUNT "970436-0123456789"
#define HEAD    "Ngày giao dịch;Số tham chiếu;Số tiền ghi có;Số dư;Mô tả\n"

static void test_bank_import__the_same_file_twice_changes_nothing(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    char text[400];
    world_enter(&w, "A", "30F12345");
    world_code(&w, "A", code);
    world_pass(&w, 5);
    world_ask(&w, "A", "30F12345");
    world_stop(&w); /* no server: it is applied by the command */
    snprintf(text, sizeof text,
             HEAD "02/03/2026;FT1;25.000;1.025.000;CT DEN %s\n"
                  "02/03/2026;FT2;5.000;1.030.000;gui xe\n02/03/2026;FT2;5.000;1.035.000;gui xe\n",
             code);
    write_file(text);
    assert_int_equal(import(ACCOUNT, true), EXIT_OK);
    assert_int_equal(COUNT("bank_inbox"), 0);
    assert_int_equal(import(ACCOUNT, false), EXIT_OK);
    assert_int_equal(COUNT("bank_credit"), 3);
    assert_int_equal(COUNT("bank_statement WHERE rows = 3 AND gaps = 0"), 1);
    assert_int_equal(world_number(&w, "SELECT paid_vnd FROM session"), 25000);
    assert_int_equal(import(ACCOUNT, false), EXIT_OK);
    assert_int_equal(COUNT("bank_inbox"), 3);
    assert_int_equal(COUNT("bank_credit"), 3);
    /* Another file that overlaps: only its new row is one. */
    snprintf(text, sizeof text,
             HEAD "02/03/2026;FT2;5.000;1.035.000;gui xe\n03/03/2026;FT3;7.000;1.042.000;x\n");
    write_file(text);
    struct writer *writer = start_server();
    assert_int_equal(import(ACCOUNT, false), EXIT_OK);
    assert_int_equal(COUNT("bank_credit"), 4);
    writer_stop(writer);
    assert_int_equal(world_ledger_faults(&w), 0);
}

static void test_bank_import__one_bad_row_refuses_the_whole_file(void **state)
{
    (void)state;
    write_file(HEAD "02/03/2026;FT1;25.000;;a\n02/03/2026;FT2;25,5;;b\n");
    assert_int_equal(import(ACCOUNT, false), EXIT_FAILED);
    write_file("Số tài khoản: 9876543210\n" HEAD "02/03/2026;FT1;25.000;;a\n");
    assert_int_equal(import(ACCOUNT, false), EXIT_FAILED); /* it is the other lot's */
    write_file("%PDF-1.7");
    assert_int_equal(import(ACCOUNT, false), EXIT_FAILED);
    assert_int_equal(import("970436-000", false), EXIT_USAGE);
    assert_int_equal(COUNT("bank_inbox"), 0);
    assert_int_equal(COUNT("bank_statement"), 0);
}

/* A server has the database: the file is put beside it, and the server applies it. */
static void test_bank_import__a_running_server_applies_it(void **state)
{
    (void)state;
    world_stop(&w);
    struct writer *writer = start_server();
    write_file(HEAD "02/03/2026;FT1;25.000;;a\n02/03/2026;FT2;25.000;;b\n");
    assert_int_equal(import(ACCOUNT, false), EXIT_OK);
    assert_int_equal(COUNT("bank_inbox WHERE state = 'new'"), 0);
    assert_int_equal(COUNT("bank_credit WHERE verdict = 'unmatched'"), 2);
    writer_stop(writer);
}

#define C(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {C(test_bank_import__the_same_file_twice_changes_nothing),
                                       C(test_bank_import__one_bad_row_refuses_the_whole_file),
                                       C(test_bank_import__a_running_server_applies_it)};
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
