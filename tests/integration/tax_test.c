/* Form 01/TTGD of a real ledger, by the command an accountant types. */
#include "proto/io/daemon.h"
#include "server/io/report_cli.h"
#include "tests/integration/server_world.h"

#include <getopt.h>

static struct world w;
static char dir[200], config[256], out[256];

static int setup(void **state)
{
    (void)state;
    char *temp = harness_temp_dir();
    snprintf(dir, sizeof dir, "%s", temp);
    free(temp);
    snprintf(config, sizeof config, "%s/server.yaml", dir);
    snprintf(out, sizeof out, "%s/out.csv", dir);
    world_init(&w); /* 2 March 2026 */
    FILE *file = fopen(config, "w");
    assert_non_null(file);
    fprintf(
        file,
        "server: {database: %s, public_url: http://localhost}\n"
        "mqtt: {url: tcp://127.0.0.1:1883}\n"
        "tax: {rates: [{from: \"2000-01-01\", rate: 10%%}, {from: \"2026-03-03\", rate: 8%%}]}\n"
        "operators: [{id: op, name: Công ty, tax_code: \"0100000000\"}]\n"
        "lots: [{id: hn-0001, operator: op, name: Bãi, address: Phố, ward: Phường,"
        " bin: \"970436\", account: \"0123456789\", account_name: BAI, gates: [%s]}]\n",
        w.database, GATE_A);
    fclose(file);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_fini(&w);
    return 0;
}

/* report ttgd with up to four more words; its exit status. */
static int ttgd(const char *a, const char *b, const char *c, const char *d)
{
    const char *words[] = {"report", "ttgd",  "--config", config,    "--operator",
                           "op",     "--out", out,        "--month", "2026-03",
                           a,        b,       c,          d,         NULL};
    char *argv[16] = {NULL};
    int argc = 0;
    for (size_t i = 0; words[i] && i < 15; i++) {
        argv[argc++] = strdup(words[i]);
    }
    int status = report_command(argc, argv);
    for (int i = 0; i < argc; i++) {
        free(argv[i]);
    }
    return status;
}

static char *text(void)
{
    return harness_read_file(out, NULL);
}

/* A car parks for this many minutes, pays what it is asked and `more`, and goes. */
static void visit(const char *session, const char *plate, int minutes, int64_t more)
{
    char code[PAYCODE_CAP];
    char tx[32];
    world_enter(&w, session, plate);
    world_pass(&w, minutes);
    world_ask(&w, session, plate);
    int64_t due = world_last(&w, GATE_B, DOWN_QUOTE)->amount_vnd;
    world_code(&w, session, code);
    snprintf(tx, sizeof tx, "%d", session[0]);
    world_pay(&w, tx, code, due + more);
    struct event e = world_event_b(&w, EVENT_EXIT_PERMITTED, session);
    e.permit = PERMIT_PAID;
    world_send(&w, &e);
    e = world_event_b(&w, EVENT_LEFT, session);
    world_send(&w, &e);
}

static void has(const char *part, bool wanted)
{
    char *csv = text();
    bool there = strstr(csv, part) != NULL;
    free(csv);
    if (there != wanted) {
        fail_msg("%s: %s", wanted ? "not there" : "there", part);
    }
}

static void test_tax__a_month_is_handed_in_once_and_what_came_later_amends_it(void **state)
{
    (void)state;
    visit("A", "30F12345", 30, 0);    /* 25,000 at 10 % */
    visit("B", "30F12346", 90, 7000); /* 50,000, and 7,000 too much: no sale */
    world_pass(&w, 24 * 60);          /* 3 March: 8 % */
    visit("C", "30F12347", 30, 0);
    ok(ttgd(NULL, NULL, NULL, NULL));
    has("Lần đầu [X]", true);
    has("[05] Mã số thuế: 0100000000", true);
    has("Dịch vụ trông giữ xe ô tô,22727,10%,2273,25000,Mới", true);
    has("Dịch vụ trông giữ xe ô tô,45455,10%,4545,50000,Mới", true);
    has("Dịch vụ trông giữ xe ô tô,23148,8%,1852,25000,Mới", true);
    has("Tổng cộng,,,,91330,,8670,100000\r\n", true);
    char *draft = text();
    assert_int_equal(ttgd("--issue", "--by", "lan", NULL), EXIT_OK);
    char *issued = text();
    assert_string_equal(draft, issued);
    /* a transfer of the same month that the bank told later */
    char code[PAYCODE_CAP];
    world_enter(&w, "D", "30F12348");
    world_pass(&w, 30);
    world_ask(&w, "D", "30F12348");
    world_code(&w, "D", code);
    world_pay(&w, "99", code, 25000);
    ok(ttgd(NULL, NULL, NULL, NULL));
    has("Bổ sung lần thứ [1]", true);
    has(",Điều chỉnh,", true);
    has("30F12345", false); /* no plate in a tax table */
    has("Tổng cộng,,,,23148,,1852,25000\r\n", true);
    assert_int_equal(ttgd("--issue", "--by", "lan", NULL), EXIT_OK);
    assert_int_equal(ttgd("--issue", "--by", "lan", NULL),
                     EXIT_FAILED); /* nothing has come since */
    ok(ttgd("--table", "0", NULL, NULL));
    char *again = text();
    assert_string_equal(again, issued);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM tax_row"), 4);
    assert_int_equal(ttgd("--table", "2", NULL, NULL), EXIT_FAILED);
    free(draft);
    free(issued);
    free(again);
}

static void test_tax__sales_and_what_waits_add_up_to_what_the_bank_told(void **state)
{
    (void)state;
    visit("A", "30F12345", 30, 5000);
    world_pay(&w, "98", "chuyen tien", 40000);
    assert_int_equal(
        world_number(&w, "SELECT -sum(amount_vnd) FROM ledger_entry WHERE account GLOB 'prepaid:*'"
                         " OR account GLOB 'receivable:*' OR account GLOB 'revenue:*'"),
        25000);
    ok(ttgd(NULL, NULL, NULL, NULL));
    has("Tổng cộng,,,,22727,,2273,25000\r\n", true);
    assert_int_equal(world_number(&w, "SELECT sum(amount_vnd) FROM bank_credit") -
                         world_number(&w, "SELECT -sum(amount_vnd) FROM ledger_entry WHERE account"
                                          " GLOB 'refund_due:*' OR account GLOB 'suspense:*'"),
                     25000);
}

static void test_tax__wrong_words_are_told(void **state)
{
    (void)state;
    assert_int_equal(ttgd("--month", "2026-13", NULL, NULL), EXIT_USAGE);
    assert_int_equal(ttgd("--month", "202603", NULL, NULL), EXIT_USAGE);
    assert_int_equal(ttgd("--issue", NULL, NULL, NULL), EXIT_USAGE);
    assert_int_equal(ttgd("--table", "-1", NULL, NULL), EXIT_USAGE);
    assert_int_equal(ttgd("--operator", "nobody", NULL, NULL), EXIT_USAGE);
    assert_int_equal(ttgd("--format", "pdf", NULL, NULL), EXIT_USAGE);
    assert_int_equal(ttgd("--out", "/nowhere/x", NULL, NULL), EXIT_FAILED);
    /* a month that has not ended is not handed in */
    assert_int_equal(ttgd("--month", "2999-01", "--issue", "--by"), EXIT_USAGE);
}

#define U(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TESTS(U(test_tax__a_month_is_handed_in_once_and_what_came_later_amends_it),
      U(test_tax__sales_and_what_waits_add_up_to_what_the_bank_told),
      U(test_tax__wrong_words_are_told))
