/*
 * export_test.c - a history played over the store in memory becomes a real server's database.
 *
 * One lot, a hundred visits: paid by transfer, by cash, not at all, backed out.  Half of them are
 * forgotten by the store in between and written at once.  Then the file is asked what the server
 * asks it: chain, books, counts; and a real server could go on with it.
 */
#include "proto/io/tariff_file.h"
#include "server/app/inbox.h"
#include "server/app/values.h"
#include "server/store/query_audit.h"
#include "server/store/query_ledger.h"
#include "sim/export/export.h"
#include "tests/harness/harness.h"

#define IMAGE "memory:export"
#define GATE  "hn-0001-g1"
enum { VISITS = 100 };

static struct {
    struct app_lot lot;
    struct app_operator operator_row;
    struct tariff_set tariff;
    struct app_config config;
    struct app_ports ports;
    struct app *app;
    wall_t now;
    uint64_t dice;
    int64_t seq, ids, transfers;
    char code[PAYCODE_CAP];
    int64_t due_vnd;
} s;

static wall_t port_wall(void *context)
{
    (void)context;
    return s.now;
}

static mono_t port_mono(void *context)
{
    (void)context;
    return (mono_t){s.now.ms - 1772000000000};
}

static void port_random(void *context, void *bytes, size_t n)
{
    (void)context;
    for (size_t i = 0; i < n; i++) {
        s.dice = s.dice * 6364136223846793005u + 1442695040888963407u;
        ((unsigned char *)bytes)[i] = (unsigned char)(s.dice >> 33);
    }
}

static int port_publish(void *context, const char *topic, struct str payload)
{
    (void)context;
    (void)topic;
    (void)payload;
    return 0;
}

static int port_publish_down(void *context, const char *gate, const struct down *down)
{
    (void)context;
    (void)gate;
    if (down->type == DOWN_QUOTE) {
        memcpy(s.code, down->paycode, sizeof s.code);
        s.due_vnd = down->amount_vnd;
    }
    return 0;
}

static void set_up(void)
{
    char why[300];
    s.now = (wall_t){1772416800000};
    s.operator_row = (struct app_operator){.id = "op", .name = "Công ty"};
    s.lot = (struct app_lot){.id = "hn-0001",
                             .operator_id = "op",
                             .name = "Bãi xe",
                             .address = "1 TQK",
                             .ward = "HK",
                             .bin = "970436",
                             .account = "0123456789",
                             .account_name = "BAI",
                             .capacity_car = 60,
                             .gate_count = 1,
                             .gate = {GATE}};
    ok(tariff_file_load(DOXE_SOURCE_DIR "/etc/tariffs/hanoi-car-c2.yaml", &s.tariff, why,
                        sizeof why));
    s.lot.tariff[VEHICLE_CAR] = &s.tariff;
    s.config = (struct app_config){.database = IMAGE,
                                   .public_url = "http://x",
                                   .prefix = "DX",
                                   .quote_valid_s = 600,
                                   .late_grace_s = 600,
                                   .operators = &s.operator_row,
                                   .operator_count = 1,
                                   .lots = &s.lot,
                                   .lot_count = 1};
    s.ports = (struct app_ports){.wall = port_wall,
                                 .mono = port_mono,
                                 .random = port_random,
                                 .publish = port_publish,
                                 .publish_down = port_publish_down,
                                 .single_thread = true};
    ok(app_start(&s.config, &s.ports, why, sizeof why, &s.app));
}

static void run(void)
{
    while (app_has_work(s.app)) {
        ok(app_turn(s.app, (mono_t){0}));
    }
}

static struct event event(enum event_type type, int visit)
{
    struct event e = {.type = type,
                      .boot = 1,
                      .generation = 1,
                      .clock = CLOCK_SYNCED,
                      .lane = type == EVENT_ARRIVED || type == EVENT_ENTERED ? 1 : 2,
                      .wall = s.now,
                      .gate = GATE};
    snprintf(e.id, sizeof e.id, "01JE%022lld", (long long)++s.ids);
    snprintf(e.session, sizeof e.session, "01JS%022d", visit);
    e.seq = ++s.seq;
    e.subject = (struct subject){.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .confidence = 900};
    snprintf(e.subject.key, sizeof e.subject.key, "30F%05d", visit);
    snprintf(e.subject.raw, sizeof e.subject.raw, "30F-%05d", visit);
    return e;
}

static void post(const struct event *e)
{
    ok(app_post_event(s.app, e));
    run();
}

static void say(enum event_type type, int visit)
{
    struct event e = event(type, visit);
    post(&e);
}

static void transfer(void)
{
    char body[600];
    char when[TIME_ISO_CAP];
    int added = 0;
    s.transfers++;
    time_format_iso(s.now, when);
    when[10] = ' ';
    when[19] = '\0';
    snprintf(body, sizeof body,
             "{\"id\":%lld,\"gateway\":\"Vietcombank\",\"transactionDate\":\"%s\","
             "\"accountNumber\":\"0123456789\",\"code\":null,\"content\":\"%s\","
             "\"transferType\":\"in\",\"transferAmount\":%lld,\"accumulated\":0,"
             "\"referenceCode\":\"FT%lld\",\"description\":\"\"}",
             (long long)s.transfers, when, s.code, (long long)s.due_vnd, (long long)s.transfers);
    const struct store_inbox_row row = {.provider = "sepay",
                                        .source = CREDIT_WEBHOOK,
                                        .received = s.now,
                                        .body = str_c(body),
                                        .digest = ""};
    ok(inbox_add(app_inbox(s.app), &row, 1, NULL, 0, &added));
    run();
}

static void cash(int visit)
{
    struct event e = event(EVENT_CASH_TAKEN, visit);
    e.amount_vnd = s.due_vnd;
    snprintf(e.by, sizeof e.by, "huong");
    snprintf(e.shift, sizeof e.shift, "01JSHIFT000000000000000001");
    snprintf(e.receipt, sizeof e.receipt, "A%06lld", (long long)s.ids);
    post(&e);
}

/* Most pay by transfer, some in cash, some not at all; some back out. */
static void visit(int n)
{
    say(EVENT_ARRIVED, n);
    if (n % 20 == 7) {
        say(EVENT_BACKED_OUT, n);
        return;
    }
    say(EVENT_ENTERED, n);
    s.now = wall_add(s.now, 95 * 60000);
    say(EVENT_EXIT_ASKED, n);
    if (n % 10 == 3) {
        cash(n);
    } else if (n % 10 != 5) {
        transfer();
    }
    struct event e = event(EVENT_EXIT_PERMITTED, n);
    e.permit = n % 10 == 5 ? PERMIT_MANUAL : PERMIT_PAID;
    post(&e);
    say(EVENT_LEFT, n);
}

static void play(struct memory *memory)
{
    struct event e = event(EVENT_SHIFT_OPENED, 0);
    e.session[0] = '\0';
    e.subject = (struct subject){.kind = SUBJECT_NONE};
    snprintf(e.by, sizeof e.by, "huong");
    snprintf(e.shift, sizeof e.shift, "01JSHIFT000000000000000001");
    post(&e);
    for (int n = 1; n <= VISITS; n++) {
        visit(n);
        if (n == VISITS / 2) {
            int64_t rows = memory_rows(memory);
            ok(memory_retire(memory, wall_add(s.now, -6 * 3600000)));
            assert_true(memory_rows(memory) < rows / 2);
        }
    }
    say(EVENT_ARRIVED, VISITS + 1);
    say(EVENT_ENTERED, VISITS + 1); /* one is still inside */
}

static void print_fault(void *context, const struct books_fault *fault)
{
    ++*(int *)context;
    print_message("%s: %s %s\n", fault->rule, fault->what, fault->detail);
}

/* The file as it was written: a path to free(). */
static char *write_file(enum export_leave_out leave_out, struct export_counts *counts)
{
    struct memory *memory;
    struct export *export;
    char *dir = harness_temp_dir();
    char *path = malloc(strlen(dir) + 20);
    snprintf(path, strlen(dir) + 20, "%s/city.db", dir);
    free(dir);
    memset(&s, 0, sizeof s);
    ok(memory_find(IMAGE, &memory));
    ok(export_open(path, leave_out, (wall_t){1772416800000}, &export));
    export_begin(export, memory);
    set_up();
    play(memory);
    assert_int_equal(memory_trial_balance(memory), 0);
    ok(export_end(export, counts));
    app_stop(s.app);
    memory_forget(IMAGE);
    return path;
}

static void check_file(const char *path, struct audit *audit)
{
    struct db *db;
    struct ledger_head head;
    int faults = 0;
    ok(db_open_reader(path, &db));
    const struct ledger_walk walk = {.fault = print_fault, .context = &faults};
    ok(query_ledger_chain(db, &walk, &head));
    ok(query_books(db, print_fault, &faults));
    assert_int_equal(faults, 0);
    ok(query_audit(db, audit));
    db_close(db);
}

static void test_export__a_history_becomes_a_servers_database(void **state)
{
    (void)state;
    struct export_counts counts;
    static struct audit audit;
    char *path = write_file(EXPORT_ALL, &counts);
    check_file(path, &audit);
    assert_int_equal(counts.sessions, VISITS + 1);
    assert_int_equal(counts.left_out, 0);
    assert_int_equal(audit.events, s.seq);
    assert_int_equal(audit.trial_balance_vnd, 0);
    assert_int_equal(audit.ledger_transactions, counts.transactions);
    assert_int_equal(audit.uneven_transactions, 0);
    assert_int_equal(audit.inbox_waiting, 0);
    assert_true(audit.paid_vnd > 0 && audit.fee_vnd > audit.paid_vnd);
    free(path);
}

static void test_export__what_was_said_can_be_left_out(void **state)
{
    (void)state;
    struct export_counts counts;
    static struct audit audit;
    char *path = write_file(EXPORT_NO_MESSAGES, &counts);
    check_file(path, &audit);
    assert_int_equal(counts.sessions, VISITS + 1);
    assert_true(counts.left_out > 5 * VISITS);
    assert_int_equal(audit.events, 0);
    assert_int_equal(audit.ledger_transactions, counts.transactions);
    free(path);
}

static void test_export__a_file_that_is_there_stays(void **state)
{
    (void)state;
    struct export *export = NULL;
    char *dir = harness_temp_dir();
    assert_int_equal(export_open(dir, EXPORT_ALL, (wall_t){1}, &export), DX_E_EXISTS);
    free(dir);
}

TESTS(T(test_export__a_history_becomes_a_servers_database),
      T(test_export__what_was_said_can_be_left_out), T(test_export__a_file_that_is_there_stays))
