/* doxe-server - one city's sessions, fees, payments, ledger and pages: doxe-server(1). */
#include "proto/base/out.h"
#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "proto/io/log.h"
#include "server/api/auth.h"
#include "server/app/inbox.h"
#include "server/io/offline_cli.h"
#include "server/io/bank_cli.h"
#include "server/io/books.h"
#include "server/io/cases_cli.h"
#include "server/io/config.h"
#include "server/io/etc_cli.h"
#include "server/io/etc_sender.h"
#include "server/io/invoice_cli.h"
#include "server/io/invoice_sender.h"
#include "server/io/ledger_cli.h"
#include "server/io/pass_cli.h"
#include "server/io/mqtt_in.h"
#include "server/io/poller.h"
#include "server/io/privacy_cli.h"
#include "server/io/report_cli.h"
#include "server/io/rollup_cli.h"
#include "server/io/writer.h"
#include "server/web/web.h"

#include <errno.h>
#include <semaphore.h>
#include <stdatomic.h>

static const char summary_head[] = "one city: sessions, fees, payments, ledger, pages\n\nalso:\n";
static char summary[4096]; /* made of the table of commands, once */

struct program {
    const struct server_config *config;
    struct auth_user user[SERVER_USERS_MAX];
    struct mqtt_in *mqtt;
    struct app *app;
    struct web *web; /* NULL until it listens; the writer starts later */
    struct writer *writer;
    struct poller *poller; /* NULL: no list to ask */
    struct asker *invoices;
    struct asker *etc;
    struct asker *privacy;
    sem_t stop;
    atomic_bool broken;
};

/* ---- ports ---- */

static wall_t port_wall(void *context)
{
    (void)context;
    return clock_wall();
}

static mono_t port_mono(void *context)
{
    (void)context;
    return clock_mono();
}

static void port_random(void *context, void *bytes, size_t n)
{
    (void)context;
    dx_random(bytes, n);
}

static int port_retain(void *context, const char *topic, struct str payload)
{
    const struct program *program = context;
    return mqtt_in_retain(program->mqtt, topic, payload);
}

static int port_publish(void *context, const char *topic, struct str payload)
{
    const struct program *program = context;
    return mqtt_in_publish(program->mqtt, topic, payload);
}

static void port_change(void *context, const struct change *change)
{
    const struct program *program = context;
    web_changed(program->web, change);
}

static void on_polled(void *context)
{
    const struct program *program = context;
    app_bank_news(program->app);
}

/* ---- life ---- */

static int start_poller(struct program *program, char *why, size_t cap)
{
    int error = poller_new(program->config, NULL, app_inbox(program->app), on_polled, program,
                           &program->poller);
    if (error == DX_E_NOT_FOUND) {
        return 0; /* no key, no list */
    }
    error = error ? error : poller_start(program->poller);
    if (error) {
        snprintf(why, cap, "polling the providers' lists: %s", dx_error_text(error));
    }
    return error;
}

static void on_stop(void *context)
{
    struct program *program = context;
    sem_post(&program->stop);
}

static void on_broken(void *context)
{
    struct program *program = context;
    atomic_store(&program->broken, true);
    sem_post(&program->stop);
}

static int start_web(struct program *program, char *why, size_t cap)
{
    const struct server_config *c = program->config;
    for (int i = 0; i < c->user_count; i++) {
        struct auth_user *user = &program->user[i];
        str_copy_cut(user->name, sizeof user->name, str_c(c->user[i].name));
        user->role = c->user[i].role == 0 ? ROLE_OPERATOR : ROLE_CITY;
        memcpy(user->password_hash, c->user[i].password_hash, sizeof user->password_hash);
    }
    const struct web_config config = {.listen = c->listen,
                                      .behind_proxy = c->behind_proxy,
                                      .tls_cert = c->tls_cert[0] ? c->tls_cert : NULL,
                                      .tls_key = c->tls_key[0] ? c->tls_key : NULL,
                                      .database = c->database,
                                      .public_url = c->public_url,
                                      .office = &c->app,
                                      .mappings = c->bank.statements,
                                      .city = c->city,
                                      .vat = &c->vat,
                                      .operators = c->operators,
                                      .operator_count = c->operator_count,
                                      .users = program->user,
                                      .user_count = c->user_count,
                                      .app = program->app};
    return web_start(&config, why, cap, &program->web);
}

static int start_all(struct program *program, char *why, size_t cap)
{
    const struct server_config *c = program->config;
    const struct app_ports ports = {.context = program,
                                    .wall = port_wall,
                                    .mono = port_mono,
                                    .random = port_random,
                                    .publish = port_publish,
                                    .publish_retained = port_retain,
                                    .on_change = port_change};
    const struct mqtt_in_config mqtt = {c->mqtt_url, c->mqtt_ca, c->mqtt_cert, c->mqtt_key};
    int error = writer_lock(c->database);
    if (error) {
        snprintf(why, cap, "%s.lock: %s", c->database,
                 error == DX_E_BUSY ? "another doxe-server has this database" : "cannot be made");
        return error;
    }
    error = mqtt_in_new(&program->mqtt);
    error = error ? error : app_start(&c->app, &ports, why, cap, &program->app);
    error = error ? error : start_web(program, why, cap);
    if (error) {
        return error;
    }
    error = mqtt_in_start(program->mqtt, &mqtt, program->app);
    if (error) {
        snprintf(why, cap, "broker %s: %s", c->mqtt_url, dx_error_text(error));
        return error;
    }
    error = writer_start(program->app, on_broken, program, &program->writer);
    if (error) {
        snprintf(why, cap, "the writer's thread: %s", dx_error_text(error));
        return error;
    }
    error = etc_sender_start(c, program->app, &program->etc);
    error = error ? error : invoice_sender_start(c, program->app, &program->invoices);
    error = error ? error : privacy_keeper_start(c, program->app, &program->privacy);
    if (error) {
        snprintf(why, cap, "the senders to providers: %s", dx_error_text(error));
    }
    return error ? error : start_poller(program, why, cap);
}

/* The writer first, so that nobody is told anything any more; then those who asked it. */
static void stop_all(struct program *program)
{
    poller_stop(program->poller);
    asker_stop(program->invoices);
    asker_stop(program->etc);
    asker_stop(program->privacy);
    writer_stop(program->writer);
    if (program->app) {
        app_close(program->app);
    }
    if (program->mqtt) {
        mqtt_in_stop(program->mqtt);
    }
    if (program->web) {
        web_stop(program->web);
    }
    app_stop(program->app);
    poller_free(program->poller);
    mqtt_in_free(program->mqtt);
}

static int run(struct program *program)
{
    char why[512] = "";
    int status = EXIT_OK;
    if (sem_init(&program->stop, 0, 0) != 0 || daemon_on_stop(on_stop, program) != 0 ||
        dx_crypto_start() != 0) {
        log_error("server.failed", "reason=\"no signals or no random numbers\"");
        return EXIT_START;
    }
    int error = start_all(program, why, sizeof why);
    if (error) {
        log_error("server.failed", "error=%s reason=\"%s\"", dx_error_name(error), why);
        stop_all(program);
        return EXIT_START;
    }
    log_info("server.ready", "version=%s lots=%d listen=%s", DOXE_VERSION,
             program->config->lot_count, program->config->listen);
    daemon_ready();
    while (sem_wait(&program->stop) != 0 && errno == EINTR) {
    }
    daemon_stopping();
    log_info("server.stopping", "broken=%d", atomic_load(&program->broken) ? 1 : 0);
    stop_all(program);
    status = atomic_load(&program->broken) ? EXIT_FAILED : EXIT_OK;
    log_info("server.stopped", "status=%d", status);
    return status;
}

/* ---- commands ---- */

static int hash_password(int argc, char **argv)
{
    (void)argv;
    if (argc != 1) {
        fprintf(stderr, "doxe-server password: no arguments; the password on standard input\n");
        return EXIT_USAGE;
    }
    char password[256];
    char hash[PASSWORD_HASH_CAP];
    setvbuf(stdin, NULL, _IONBF, 0);
    size_t n = fread(password, 1, sizeof password, stdin);
    struct str text = {password, n};
    while (text.n > 0 && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r')) {
        text.n--;
    }
    int status = EXIT_OK;
    if (text.n == 0 || text.n > AUTH_PASSWORD_MAX) {
        fprintf(stderr, "doxe-server password: 1 to %d bytes on standard input\n",
                AUTH_PASSWORD_MAX);
        status = EXIT_USAGE;
    } else if (dx_crypto_start() != 0 || dx_password_hash(hash, text) != 0) {
        fprintf(stderr, "doxe-server password: no memory or no random numbers\n");
        status = EXIT_FAILED;
    } else {
        printf("%s\n", hash);
    }
    dx_wipe(password, sizeof password);
    return status;
}

/* argv[0] stands for the command; the rest are options. */
static int with_config(int argc, char **argv, const char *name,
                       int (*command)(const struct server_config *config))
{
    struct daemon_options options;
    struct server_config *config = NULL;
    char why[512];
    int status = daemon_read_options(argc, argv, name, summary, &options);
    if (status >= 0) {
        return status;
    }
    if (!options.config) {
        fprintf(stderr, "%s: needs --config FILE\n", name);
        return EXIT_USAGE;
    }
    if (server_config_load(options.config, why, sizeof why, &config) != 0) {
        fprintf(stderr, "%s\n", why);
        return EXIT_CONFIGURATION;
    }
    status = command(config);
    server_config_free(config);
    return status;
}

static int serve(const struct server_config *config)
{
    static struct program program;
    program.config = config;
    return run(&program);
}

static int check(const struct server_config *config)
{
    int gates = 0;
    daemon_note_file("doxe-server", "mqtt.ca", config->mqtt_ca);
    daemon_note_file("doxe-server", "mqtt.cert", config->mqtt_cert);
    daemon_note_file("doxe-server", "mqtt.key", config->mqtt_key);
    daemon_note_file("doxe-server", "http.cert", config->tls_cert);
    daemon_note_file("doxe-server", "http.key", config->tls_key);
    for (int i = 0; i < config->lot_count; i++) {
        gates += config->lot[i].lot.gate_count;
    }
    printf("good: %d lots, %d gates, %d tariffs, %d users\n", config->lot_count, gates,
           config->tariff_count, config->user_count);
    return EXIT_OK;
}

static int audit(int argc, char **argv)
{
    return with_config(argc, argv, "doxe-server audit", books_audit);
}

/* One row a command; argv[0] of `run` is the word itself.  Exit codes as daemon.h. */
static const struct {
    const char *word;
    int (*run)(int argc, char **argv);
    const char *help;
} commands[] = {
    {"password", hash_password, "a password on standard input, its hash out"},
    {"audit", audit, "sums of the database, one JSON object: --config FILE"},
    {"ledger", ledger_command, "the books: verify, head, balance, list; --help"},
    {"pass", pass_command,
     "monthly passes: add, list, show, renew, suspend, resume, plates; --help"},
    {"shift", shift_command, "attendants' drawers: list, show, hand-in, bank; --help"},
    {"bank", bank_command, "statements, providers' lists, what came in: bank --help"},
    {"review", review_command, "transfers that need two persons: review --help"},
    {"refund", refund_command, "money that goes back: refund --help"},
    {"list", list_command, "vehicles not let in, always let in, or exempt: list --help"},
    {"acl", acl_command, "the broker's access list for the gates: --config FILE"},
    {"etc", etc_command, "traffic accounts: link, unlink, list, import; etc --help"},
    {"privacy", privacy_command, "personal data: retention, hold, look, export, erase; --help"},
    {"invoice", invoice_command, "requests for invoices: list, replace; invoice --help"},
    {"rollup", rollup_command, "the city's figures against the rows: check, rebuild; --help"},
    {"report", report_command, "tables for accountants and authorities: report --help"},
};

static void make_summary(void)
{
    struct out out;
    out_init(&out, summary, sizeof summary);
    out_add_c(&out, summary_head);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        out_fmt(&out, "%s  doxe-server %-10s %s", i ? "\n" : "", commands[i].word,
                commands[i].help);
    }
}

int main(int argc, char **argv)
{
    struct daemon_options options;
    make_summary();
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argv[1], commands[i].word) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    int status = daemon_read_options(argc, argv, "doxe-server", summary, &options);
    if (status >= 0) {
        return status;
    }
    if (options.print_sample) {
        server_config_print_sample(stdout);
        return EXIT_OK;
    }
    log_start("doxe-server", options.verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO);
    return with_config(argc, argv, "doxe-server", options.check ? check : serve);
}
