/* Requests for invoices to a provider over real HTTP that falls silent, and what is written in the
 * end. */
#include "server/app/invoices.h"
#include "proto/io/daemon.h"
#include "server/io/invoice_cli.h"
#include "server/io/invoice_sender.h"
#include "server/io/writer.h"
#include "sim/live/invoice_provider.h"
#include "tests/integration/server_world.h"

#include <poll.h>

static struct world w;
static struct server_config *config;
static struct invoice_provider *provider;

static void broken(void *context)
{
    (void)context;
    fail_msg("the database broke");
}

static void start(int silent_permille)
{
    const struct invoice_provider_options options = {"127.0.0.1:0", "k3y", silent_permille, 3};
    world_init(&w);
    world_stop(&w);
    config = calloc(1, sizeof *config);
    assert_non_null(config);
    config->vat = (struct vat_rates){.count = 1, .row = {{{1}, {VAT_PERCENT, 8}}}};
    w.config.vat = &config->vat;
    snprintf(w.operators[0].tax_code, sizeof w.operators[0].tax_code, "0100000000");
    snprintf(w.operators[0].series, sizeof w.operators[0].series, "C26MAA");
    config->operators[0] = w.operators[0];
    config->operator_count = 1;
    config->lot[0].lot = w.lots[0];
    config->lot_count = 1;
    snprintf(config->database, sizeof config->database, "%s", w.database);
    snprintf(config->invoice_key, sizeof config->invoice_key, "k3y");
    ok(invoice_provider_start(&options, &provider));
    snprintf(config->invoice_url, sizeof config->invoice_url, "http://127.0.0.1:%d/",
             invoice_provider_port(provider));
    world_start(&w);
}

static void stop(void)
{
    invoice_provider_stop(provider);
    world_fini(&w);
    free(config);
}

/* `count` stays, each paid and with an invoice asked for. */
static void pay_stays(int count)
{
    const struct invoice_buyer nobody = {{0}, {0}, {0}, {0}};
    for (int i = 0; i < count; i++) {
        char letter[2] = {(char)('A' + i), '\0'};
        char plate[16], code[PAYCODE_CAP], tx[16], token[64], sql[96], id[ULID_CAP];
        int asked = 0;
        snprintf(plate, sizeof plate, "30F123%02d", i + 10);
        world_enter(&w, letter, plate);
        world_pass(&w, 30);
        world_ask(&w, letter, plate);
        world_code(&w, letter, code);
        snprintf(tx, sizeof tx, "%d", i + 1);
        world_pay(&w, tx, code, 25000);
        world_session_id(letter, id);
        snprintf(sql, sizeof sql, "SELECT token FROM session WHERE id = '%s'", id);
        world_text(&w, sql, token, sizeof token);
        ok(app_invoice_request(w.app, str_c(token), &nobody, &asked));
        assert_int_equal(asked, 1);
    }
}

/* Until all are answered: silence waits a minute, so the world's clock is moved on by hand. */
static void run_sender(const char *until)
{
    struct writer *writer = NULL;
    struct asker *sender = NULL;
    w.ports.single_thread = false;
    world_stop(&w);
    world_start(&w);
    ok(writer_start(w.app, broken, NULL, &writer));
    ok(invoice_sender_start(config, w.app, &sender));
    for (int i = 0; i < 600 && world_number(&w, until) > 0; i++) {
        struct db *db; /* what waits for its minute is due at once */
        poll(NULL, 0, 50);
        if (db_open(w.database, &db) == 0) {
            ok(db_exec(db, "UPDATE invoice SET next_ms = 1 WHERE state = 'unknown'", ""));
            db_close(db);
        }
    }
    asker_stop(sender);
    writer_stop(writer);
}

static void test_invoice_sender__silence_makes_no_second_invoice(void **state)
{
    (void)state;
    int issued = 0, asked = 0;
    start(600);
    pay_stays(8);
    run_sender("SELECT count(*) FROM invoice WHERE state <> 'issued'");
    invoice_provider_count(provider, &issued, &asked);
    assert_int_equal(issued, 8);
    assert_true(asked > 8); /* it was silent at times */
    assert_int_equal(world_number(&w, "SELECT count(*) FROM invoice WHERE state = 'issued'"), 8);
    assert_int_equal(world_number(&w, "SELECT count(DISTINCT number) FROM invoice"), 8);
    assert_int_equal(world_number(&w, "SELECT max(number) FROM invoice"), 8);
    stop();
}

static void test_invoice_sender__what_answers_mean(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        enum invoice_reply reply;
    } rows[] = {{200, "{\"number\":7,\"code\":\"c\"}", INVOICE_REPLY_ISSUED},
                {200, "{\"number\":0}", INVOICE_REPLY_NONE},
                {200, "{}", INVOICE_REPLY_NONE},
                {200, "<html>", INVOICE_REPLY_NONE},
                {422, "{\"message\":\"no\"}", INVOICE_REPLY_REFUSED},
                {400, "", INVOICE_REPLY_REFUSED},
                {401, "", INVOICE_REPLY_NONE}, /* our key is wrong: not the buyer's fault */
                {404, "", INVOICE_REPLY_NONE},
                {429, "", INVOICE_REPLY_NONE},
                {503, "", INVOICE_REPLY_NONE},
                {0, "", INVOICE_REPLY_NONE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct invoice_answer answer;
        invoice_read_answer(rows[i].status, str_c(rows[i].body), &answer);
        if (answer.reply != rows[i].reply) {
            fail_msg("row %zu", i);
        }
    }
}

/* `invoice WORD …` with a configuration of its own; its status. */
static int command(const char *word, const char *a, const char *b, const char *c)
{
    char path[300];
    char *dir = harness_temp_dir();
    snprintf(path, sizeof path, "%s/server.yaml", dir);
    FILE *file = fopen(path, "w");
    fprintf(file,
            "server: {database: %s, public_url: http://localhost}\n"
            "mqtt: {url: tcp://127.0.0.1:1883}\n"
            "tax: {rates: [{from: \"2000-01-01\", rate: 8%%}]}\n"
            "operators: [{id: op, name: Công ty, tax_code: \"0100000000\", address: Phố,"
            " series: C26MAA}]\n"
            "lots: [{id: hn-0001, operator: op, name: Bãi, address: Phố, ward: Phường,"
            " bin: \"970436\", account: \"0123456789\", account_name: BAI, gates: [%s]}]\n",
            w.database, GATE_A);
    fclose(file);
    free(dir);
    char config_option[320];
    snprintf(config_option, sizeof config_option, "--config=%s", path);
    const char *words[] = {"invoice", word, config_option, a, b, c, NULL};
    char *argv[8] = {NULL};
    int argc = 0;
    for (; words[argc]; argc++) {
        argv[argc] = strdup(words[argc]);
    }
    int status = invoice_command(argc, argv);
    for (int i = 0; i < argc; i++) {
        free(argv[i]);
    }
    return status;
}

static void test_invoice_sender__a_wrong_invoice_is_replaced_from_a_terminal(void **state)
{
    (void)state;
    char id[64];
    start(0);
    pay_stays(1);
    world_text(&w, "SELECT id FROM invoice", id, sizeof id);
    assert_int_equal(command("replace", id, NULL, NULL), EXIT_FAILED); /* not issued yet */
    run_sender("SELECT count(*) FROM invoice WHERE state <> 'issued'");
    assert_int_equal(command("list", NULL, NULL, NULL), EXIT_OK);
    assert_int_equal(command("replace", id, "--tax-code=12", "--name=B"), EXIT_USAGE);
    assert_int_equal(command("replace", "nobody", NULL, NULL), EXIT_FAILED);
    assert_int_equal(command("replace", id, "--name=Lan", NULL), EXIT_OK);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM invoice WHERE state = 'replaced'"), 1);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM invoice WHERE state = 'requested' AND"
                                      " buyer_name = 'Lan' AND replaces <> ''"),
                     1);
    assert_int_equal(command("forget", NULL, NULL, NULL), EXIT_USAGE);
    stop();
}

TESTS(T(test_invoice_sender__a_wrong_invoice_is_replaced_from_a_terminal),
      T(test_invoice_sender__silence_makes_no_second_invoice),
      T(test_invoice_sender__what_answers_mean))
