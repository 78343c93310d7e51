/* The close of a day over a real ledger: classes, totals, signed once, the same bytes again. */
#include "proto/io/daemon.h"
#include "server/io/report_cli.h"
#include "tests/integration/server_world.h"

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
    world_init(&w); /* 2 March 2026, 9:00 */
    FILE *file = fopen(config, "w");
    assert_non_null(file);
    fprintf(file,
            "server: {database: %s, public_url: http://localhost}\n"
            "mqtt: {url: tcp://127.0.0.1:1883}\n"
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

/* report day with up to four more words; its exit status. */
static int day(const char *a, const char *b, const char *c, const char *d)
{
    const char *words[] = {"report", "day",   "--config", config,  "--operator",
                           "op",     "--out", out,        "--day", "2026-03-02",
                           a,        b,       c,          d,       NULL};
    char *argv[16] = {NULL};
    int argc = 0;
    for (; words[argc] && argc < 15; argc++) {
        argv[argc] = strdup(words[argc]);
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

static void has(const char *part, bool wanted)
{
    char *csv = text();
    if ((strstr(csv, part) != NULL) != wanted) {
        fprintf(stderr, "%s\n", csv);
        free(csv);
        fail_msg("%s: %s", wanted ? "not there" : "there", part);
    }
    free(csv);
}

/* A car parks half an hour, pays 25,000 and `more`, and goes. */
static void visit(const char *session, const char *plate, int64_t more)
{
    char code[PAYCODE_CAP];
    char tx[32];
    world_enter(&w, session, plate);
    world_pass(&w, 30);
    world_ask(&w, session, plate);
    world_code(&w, session, code);
    snprintf(tx, sizeof tx, "%d", session[0]);
    world_pay(&w, tx, code, 25000 + more);
    struct event e = world_event_b(&w, EVENT_EXIT_PERMITTED, session);
    e.permit = PERMIT_PAID;
    world_send(&w, &e);
    e = world_event_b(&w, EVENT_LEFT, session);
    world_send(&w, &e);
}

static void change(const char *sql)
{
    struct db *db;
    ok(db_open(w.database, &db));
    ok(db_exec(db, sql, ""));
    db_close(db);
    w.tampered = true;
}

static void test_dayclose__each_transfer_has_its_class_and_totals_agree(void **state)
{
    (void)state;
    visit("A", "30F12345", 0);
    visit("B", "30F12346", 7000);
    world_pay(&w, "500", "chuyen tien", 40000);
    assert_int_equal(day(NULL, NULL, NULL, NULL), EXIT_OK);
    has("Khớp,1,25000\r\n", true);
    has("\"Trả thừa, hoàn phần thừa\",1,32000\r\n", true);
    has("Chưa rõ nội dung,1,40000\r\n", true);
    has("bank:970436-0123456789,0,97000,0,97000\r\n", true);
    has("revenue:hn-0001,0,0,50000,-50000\r\n", true);
    has(",2,2,50000,0,0,0,0\r\n", true);
    has("Tổng thu trừ chi qua ngân hàng,97000\r\n", true);
    has("Hoàn tiền đang chờ,1,7000\r\n", true);
    has("Việc cần người xem,1\r\n", true);
    has("LỆCH", false);
    has("Bản nháp", true);
    has("30F", false); /* no plate */
}

static void test_dayclose__what_the_statement_does_not_have_is_an_alarm(void **state)
{
    (void)state;
    visit("A", "30F12345", 0);
    change("INSERT INTO bank_statement(digest, bin, account, file, mapping, imported_ms, rows,"
           " in_vnd, out_vnd, first_ms, last_ms, opening_vnd, closing_vnd, gaps) SELECT 'x',"
           " '970436', '0123456789', 'sk.csv', 'auto', 1, 0, 0, 0, booked_ms - 1, booked_ms + 1,"
           " 500, 400, 1 FROM bank_credit");
    assert_int_equal(day(NULL, NULL, NULL, NULL), EXIT_FAILED); /* its balances do not agree */
    has("Không có trong sao kê,1,25000\r\n", true);
    has("Việc cần người xem,1\r\n", true);
    has("sk.csv,500,400,100,LỆCH\r\n", true);
    has("Tổng bị lệch,2\r\n", true);
}

static void drawer(enum event_type type, const char *session, int64_t vnd, const char *receipt)
{
    struct event e = world_event_b(&w, type, session);
    world_session_id("S", e.shift);
    snprintf(e.by, sizeof e.by, "lan");
    snprintf(e.receipt, sizeof e.receipt, "%s", receipt);
    e.amount_vnd = e.counted_vnd = vnd;
    e.lane = type == EVENT_CASH_TAKEN ? e.lane : 0;
    world_send(&w, &e);
}

static void test_dayclose__cash_told_after_the_close_is_a_difference(void **state)
{
    (void)state;
    drawer(EVENT_SHIFT_OPENED, "", 100000, "");
    drawer(EVENT_SHIFT_CLOSED, "", 100000, "");
    visit("A", "30F12345", 0);
    drawer(EVENT_CASH_TAKEN, "A", 5000, "g-1");
    assert_int_equal(day(NULL, NULL, NULL, NULL), EXIT_OK);
    has(",1,5000,105000,100000,-5000\r\n", true);
}

static void test_dayclose__a_file_called_xlsx_is_one(void **state)
{
    (void)state;
    size_t length = strlen(out);
    snprintf(out + length, sizeof out - length, ".XLSX");
    assert_int_equal(day(NULL, NULL, NULL, NULL), EXIT_OK);
    char *bytes = text();
    assert_memory_equal(bytes, "PK", 2);
    free(bytes);
    out[length] = '\0';
}

static void test_dayclose__signed_it_comes_out_the_same_whatever_came_later(void **state)
{
    (void)state;
    visit("A", "30F12345", 0);
    assert_int_equal(day("--sign", "--by", "lan", NULL), EXIT_OK);
    has("Chốt lần 1, người chốt: lan", true);
    char *signed_ = text();
    visit("B", "30F12346", 0); /* of the same day, told later than the close */
    change("UPDATE bank_credit SET received_ms = 9999999999999 WHERE provider_tx = '66'");
    change("UPDATE event SET received_ms = 9999999999999 WHERE session GLOB '*B'");
    assert_int_equal(day("--table", "0", NULL, NULL), EXIT_OK);
    char *again = text();
    assert_string_equal(signed_, again);
    assert_int_equal(day("--table", "1", NULL, NULL), EXIT_FAILED);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM day_close"), 1);
    /* who touches the books of that moment is found out */
    change("UPDATE bank_credit SET amount_vnd = 24000 WHERE provider_tx = '65'");
    assert_int_equal(day("--table", "0", NULL, NULL), EXIT_FAILED);
    free(signed_);
    free(again);
}

static void test_dayclose__a_second_close_holds_what_came_later(void **state)
{
    (void)state;
    visit("A", "30F12345", 0);
    assert_int_equal(day("--sign", "--by", "lan", NULL), EXIT_OK);
    visit("B", "30F12346", 0);
    assert_int_equal(day("--sign", "--by", "huong", NULL), EXIT_OK);
    has("Chốt lần 2, người chốt: huong", true);
    has("Khớp,2,50000\r\n", true);
    assert_int_equal(day("--sign", "--by", NULL, NULL), EXIT_USAGE);
    assert_int_equal(day("--day", "2026-02-30", NULL, NULL), EXIT_USAGE);
    assert_int_equal(day("--day", "2999-01-01", "--sign", "--by"), EXIT_USAGE);
}

#define U(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TESTS(U(test_dayclose__each_transfer_has_its_class_and_totals_agree),
      U(test_dayclose__what_the_statement_does_not_have_is_an_alarm),
      U(test_dayclose__cash_told_after_the_close_is_a_difference),
      U(test_dayclose__a_file_called_xlsx_is_one),
      U(test_dayclose__signed_it_comes_out_the_same_whatever_came_later),
      U(test_dayclose__a_second_close_holds_what_came_later))
