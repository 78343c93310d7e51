/* Traffic accounts against a played provider over real HTTP that falls silent. */
#include "proto/io/daemon.h"
#include "server/app/etc.h"
#include "server/io/etc_cli.h"
#include "server/io/etc_sender.h"
#include "server/io/writer.h"
#include "sim/live/etc_provider.h"
#include "tests/integration/server_world.h"

#include <poll.h>

#define TAG "E28011700000020A12345678"

static struct world w;
static struct server_config *config;
static struct etc_provider *provider;
static char dir[200], yaml[256];

static void broken(void *context)
{
    (void)context;
    fail_msg("the database broke");
}

static void start(int silent_permille)
{
    static const struct etc_account accounts[] = {
        {"30F12345", TAG, 100000}, {"30F12346", "", 1000}, {"30F12347", TAG, 100000}};
    const struct etc_provider_options options = {"127.0.0.1:0", "k3y", silent_permille, 5,
                                                 accounts,      3};
    char *temp = harness_temp_dir();
    snprintf(dir, sizeof dir, "%s", temp);
    free(temp);
    world_init(&w);
    world_stop(&w);
    snprintf(w.lots[0].etc, sizeof w.lots[0].etc, "vetc");
    config = calloc(1, sizeof *config);
    assert_non_null(config);
    snprintf(config->database, sizeof config->database, "%s", w.database);
    ok(etc_provider_start(&options, &provider));
    config->etc_count = 1;
    snprintf(config->etc[0].id, sizeof config->etc[0].id, "vetc");
    snprintf(config->etc[0].key, sizeof config->etc[0].key, "k3y");
    snprintf(config->etc[0].url, sizeof config->etc[0].url, "http://127.0.0.1:%d/",
             etc_provider_port(provider));
    snprintf(yaml, sizeof yaml, "%s/server.yaml", dir);
    FILE *file = fopen(yaml, "w");
    fprintf(file,
            "server: {database: %s, public_url: http://localhost}\n"
            "mqtt: {url: tcp://127.0.0.1:1883}\n"
            "etc: [{id: vetc, url: \"http://127.0.0.1:1/\"}]\n"
            "operators: [{id: op, name: Công ty}]\n"
            "lots: [{id: hn-0001, operator: op, name: Bãi, address: Phố, ward: Phường, etc: vetc,"
            " bin: \"970436\", account: \"0123456789\", account_name: BAI, gates: [%s]}]\n",
            w.database, GATE_A);
    fclose(file);
    world_start(&w);
}

static void stop(void)
{
    assert_int_equal(world_ledger_faults(&w), 0);
    etc_provider_stop(provider);
    world_fini(&w);
    free(config);
}

/* etc WORD ... with its configuration; its status. */
static int etc(const char *word, const char *a, const char *b, const char *c, const char *d)
{
    const char *words[] = {"etc",  word, "--config", yaml, "--by", "lan", "--provider",
                           "vetc", a,    b,          c,    d,      NULL};
    char *argv[16] = {NULL};
    int argc = 0;
    for (; words[argc]; argc++) {
        argv[argc] = strdup(words[argc]);
    }
    int status = etc_command(argc, argv);
    for (int i = 0; i < argc; i++) {
        free(argv[i]);
    }
    return status;
}

static void link_plate(const char *plate, const char *tag)
{
    char p[64], t[64];
    snprintf(p, sizeof p, "--plate=%s", plate);
    snprintf(t, sizeof t, "--tag=%s", tag);
    assert_int_equal(etc("link", p, "--vehicle=car", tag[0] ? t : NULL, NULL), EXIT_OK);
}

/* Half an hour later it stands at the exit, and a tag reader there saw `tag`. */
static void ask(const char *session, const char *plate, const char *tag)
{
    struct event e;
    world_enter(&w, session, plate);
    world_pass(&w, 30);
    e = world_event_b(&w, EVENT_EXIT_ASKED, session);
    world_plate(&e, plate, VEHICLE_CAR);
    snprintf(e.tag, sizeof e.tag, "%s", tag);
    world_send(&w, &e);
}

/* The sender and the writer in their own threads until `sql` counts nothing any more. */
static void run_until_none(const char *sql)
{
    struct writer *writer = NULL;
    struct asker *sender = NULL;
    w.ports.single_thread = false;
    world_stop(&w);
    world_start(&w);
    ok(writer_start(w.app, broken, NULL, &writer));
    ok(etc_sender_start(config, w.app, &sender));
    for (int i = 0; i < 1200 && world_number(&w, sql) > 0; i++) {
        struct db *db; /* the world's clock stands still: what waits is due at once */
        poll(NULL, 0, 25);
        ok(db_open(w.database, &db));
        ok(db_exec(db, "UPDATE etc_charge SET next_ms = 1 WHERE next_ms IS NOT NULL", ""));
        ok(db_exec(db, "UPDATE etc_refund SET next_ms = 1 WHERE next_ms IS NOT NULL", ""));
        db_close(db);
    }
    asker_stop(sender);
    writer_stop(writer);
    assert_int_equal(world_number(&w, sql), 0);
    w.ports.single_thread = true;
    world_stop(&w);
    world_start(&w);
}

#define LIVE "SELECT count(*) FROM etc_charge WHERE next_ms IS NOT NULL"

static void test_etc_app__an_account_pays_and_the_lane_opens(void **state)
{
    (void)state;
    start(0);
    link_plate("30F-123.45", TAG);
    ask("A", "30F12345", TAG);
    assert_int_equal(world_last(&w, GATE_B, DOWN_QUOTE)->state, QUOTE_DUE); /* the QR is there */
    run_until_none(LIVE);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM etc_charge WHERE state = 'captured'"
                                      " AND applied_vnd = 25000"),
                     1);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM session WHERE state = 'paid'"), 1);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM outbox WHERE type = 'paid'"), 1);
    assert_int_equal(world_number(&w, "SELECT sum(amount_vnd) FROM ledger_entry WHERE account ="
                                      " 'etc:op'"),
                     25000);
    assert_int_equal(etc_provider_balance(provider, "30F12345"), 75000);
    stop();
}

static void test_etc_app__a_plate_that_disagrees_with_the_tag_pays_by_qr(void **state)
{
    (void)state;
    int64_t taken, refunded;
    int asked;
    start(0);
    link_plate("30F-123.45", TAG);
    ask("A", "30F12345", "E28011700000020A00000000"); /* another tag stands in the lane */
    assert_int_equal(world_number(&w, "SELECT count(*) FROM etc_charge WHERE state = 'declined'"
                                      " AND answer LIKE 'mismatch%'"),
                     1);
    etc_provider_count(provider, &taken, &refunded, &asked);
    assert_int_equal(asked, 0); /* the provider was not even asked */
    assert_int_equal(world_last(&w, GATE_B, DOWN_QUOTE)->state, QUOTE_DUE);
    assert_true(world_last(&w, GATE_B, DOWN_QUOTE)->payload[0] != '\0');
    stop();
}

static void test_etc_app__declined_leaves_the_qr(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    start(0);
    link_plate("30F-123.46", ""); /* 1,000 đồng are on it */
    ask("A", "30F12346", "");
    run_until_none(LIVE);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM etc_charge WHERE state = 'declined'"
                                      " AND answer = 'insufficient'"),
                     1);
    world_code(&w, "A", code);
    assert_int_equal(world_pay(&w, "1", code, 25000), 200);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM session WHERE state = 'paid'"), 1);
    stop();
}

static void test_etc_app__silence_takes_the_money_once(void **state)
{
    (void)state;
    int64_t taken, refunded;
    int asked;
    start(600);
    link_plate("30F-123.45", TAG);
    link_plate("30F-123.47", TAG);
    ask("A", "30F12345", "");
    ask("B", "30F12347", TAG);
    run_until_none(LIVE);
    etc_provider_count(provider, &taken, &refunded, &asked);
    assert_int_equal(taken, 50000);
    assert_int_equal(refunded, 0);
    assert_true(asked > 4);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM session WHERE state = 'paid'"), 2);
    stop();
}

static void test_etc_app__paid_by_qr_meanwhile_it_is_voided_or_goes_back(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    int64_t taken, refunded;
    int asked;
    start(0);
    link_plate("30F-123.45", TAG);
    ask("A", "30F12345", "");
    world_code(&w, "A", code);
    world_pay(&w, "1", code, 25000); /* the driver was faster */
    run_until_none(LIVE);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM etc_charge WHERE state = 'voided'"), 1);
    assert_int_equal(etc_provider_balance(provider, "30F12345"), 100000);
    /* and when it had been captured already, it goes back by a refund of its own */
    const struct etc_answer captured = {ETC_REPLY_CAPTURED, "ETCX", ""};
    ask("B", "30F12345", "");
    char id[64];
    world_text(&w, "SELECT id FROM etc_charge WHERE next_ms IS NOT NULL", id, sizeof id);
    world_code(&w, "B", code);
    world_pay(&w, "2", code, 25000);
    ok(app_etc_answer(w.app, id, &captured));
    assert_int_equal(world_number(&w, "SELECT count(*) FROM etc_refund WHERE amount_vnd = 25000"),
                     1);
    char refund[64];
    world_text(&w, "SELECT id FROM etc_refund", refund, sizeof refund);
    ok(app_etc_refund_answer(w.app, refund, false, false, "", "no answer"));
    ok(app_etc_refund_answer(w.app, refund, true, false, "ETCR", ""));
    assert_int_equal(app_etc_refund_answer(w.app, refund, true, false, "ETCR", ""), DX_E_STATE);
    assert_int_equal(world_number(&w, "SELECT coalesce(sum(amount_vnd), 0) FROM ledger_entry"
                                      " WHERE account GLOB 'etc*'"),
                     0);
    etc_provider_count(provider, &taken, &refunded, &asked);
    assert_int_equal(taken, 0);
    stop();
}

static void test_etc_app__a_settlement_file_agrees_once_and_its_payout_is_found(void **state)
{
    (void)state;
    char path[256];
    start(0);
    link_plate("30F-123.45", TAG);
    ask("A", "30F12345", "");
    run_until_none(LIVE);
    char *text = etc_provider_settlement(provider, 300, "VETC-20260302-77");
    snprintf(path, sizeof path, "%s/settlement.csv", dir);
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    free(text);
    assert_int_equal(etc("import", "--operator=op", path, NULL, NULL), EXIT_OK);
    assert_int_equal(etc("import", "--operator=op", path, NULL, NULL), EXIT_OK); /* nothing more */
    assert_int_equal(world_number(&w, "SELECT count(*) FROM etc_settlement_row"), 3);
    /* the bank's line, with the reference as banks leave it */
    world_pay(&w, "900", "CT DEN:0123 VETC 20260302 77 thanh toan", 24700);
    assert_int_equal(world_number(&w, "SELECT sum(amount_vnd) FROM ledger_entry WHERE account ="
                                      " 'etc:op'"),
                     0);
    assert_int_equal(world_number(&w, "SELECT sum(amount_vnd) FROM ledger_entry WHERE account ="
                                      " 'etc_fee:op'"),
                     300);
    /* another file with the same row again, and one nobody knows: candidates for a person */
    file = fopen(path, "w");
    fputs("kind,reference,amount,time\ncapture,ETC00000001,25000,2026-03-02 12:00:00\n"
          "capture,ETC99999999,5000,2026-03-02 12:00:00\n",
          file);
    fclose(file);
    assert_int_equal(etc("import", "--operator=op", path, NULL, NULL), EXIT_FAILED);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM etc_settlement_row WHERE verdict IN"
                                      " ('candidate', 'unknown')"),
                     2);
    file = fopen(path, "w");
    fputs("kind,reference,amount,time\ncapture,ETC1,25.000,yesterday\n", file);
    fclose(file);
    assert_int_equal(etc("import", "--operator=op", path, NULL, NULL), EXIT_FAILED);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM etc_settlement"), 2);
    stop();
}

static void test_etc_app__one_vehicle_has_one_account(void **state)
{
    (void)state;
    start(0);
    assert_int_equal(etc("link", "--plate=30F-123.45", "--vehicle=car", "--provider=vect", NULL),
                     EXIT_FAILED);
    link_plate("30F-123.45", TAG);
    assert_int_equal(etc("link", "--plate=30F-123.45", "--vehicle=car", NULL, NULL), EXIT_FAILED);
    assert_int_equal(etc("unlink", "--plate=30F-123.45", "--vehicle=car", NULL, NULL), EXIT_OK);
    assert_int_equal(etc("unlink", "--plate=30F-123.45", "--vehicle=car", NULL, NULL), EXIT_FAILED);
    assert_int_equal(etc("link", "--plate=hello", "--vehicle=car", NULL, NULL), EXIT_USAGE);
    assert_int_equal(etc("link", "--plate=30F-123.45", "--vehicle=car", "--tag=12", NULL),
                     EXIT_USAGE);
    assert_int_equal(etc("list", NULL, NULL, NULL, NULL), EXIT_OK);
    stop();
}

TESTS(T(test_etc_app__an_account_pays_and_the_lane_opens),
      T(test_etc_app__a_plate_that_disagrees_with_the_tag_pays_by_qr),
      T(test_etc_app__declined_leaves_the_qr), T(test_etc_app__silence_takes_the_money_once),
      T(test_etc_app__paid_by_qr_meanwhile_it_is_voided_or_goes_back),
      T(test_etc_app__a_settlement_file_agrees_once_and_its_payout_is_found),
      T(test_etc_app__one_vehicle_has_one_account))
