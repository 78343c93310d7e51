/* bank_poll.c - `doxe-server bank poll`: the providers' lists, asked from a terminal. */
#include "proto/io/daemon.h"
#include "server/app/inbox.h"
#include "server/io/bank_cli.h"
#include "server/io/poller.h"
#include "server/store/store_bank.h"

#include <errno.h>
#include <semaphore.h>

enum { WAIT_TURNS = 1500, BUSY_MS = 5000 };

static sem_t stop;

static void on_stop(void *context)
{
    (void)context;
    sem_post(&stop);
}

static void nothing(void *context)
{
    (void)context;
}

static bool is_applied(void *context)
{
    bool has = true;
    return store_has_notice(context, &has) == 0 && !has;
}

/* What was found is applied, here or by the server. */
static int apply(const struct server_config *config, struct bank_beside *beside)
{
    struct store *store;
    int error = store_open_another(config->database, BUSY_MS, &store);
    if (!error) {
        error = bank_beside_wait(beside, is_applied, store, WAIT_TURNS);
        store_close(store);
    }
    return error;
}

static int poll_once(const struct server_config *config, struct poller *poller,
                     struct bank_beside *beside)
{
    int count = 0;
    struct poller_result results[POLLER_PROVIDERS_MAX];
    int failed = poller_once(poller, results, &count);
    for (int i = 0; i < count; i++) {
        printf("%-6s %d questions, %d rows, %d new%s%s\n", results[i].provider, results[i].asked,
               results[i].rows, results[i].added, results[i].why[0] ? "; " : "", results[i].why);
    }
    int error = apply(config, beside);
    if (error) {
        fprintf(stderr, "%s: %s\n", config->database, dx_error_text(error));
    }
    return failed || error ? EXIT_FAILED : EXIT_OK;
}

/* Beside a server that does not poll; without one, nobody would apply what comes. */
static int poll_on(struct poller *poller, const struct bank_beside *beside)
{
    if (beside->app) {
        fprintf(stderr, "no server runs with this database; doxe-server bank poll --once, or start "
                        "the server: it polls by itself\n");
        return EXIT_FAILED;
    }
    if (sem_init(&stop, 0, 0) != 0 || daemon_on_stop(on_stop, NULL) != 0 ||
        poller_start(poller) != 0) {
        return EXIT_START;
    }
    printf("polling; Ctrl-C ends it\n");
    fflush(stdout);
    while (sem_wait(&stop) != 0 && errno == EINTR) {
    }
    poller_stop(poller);
    return EXIT_OK;
}

int bank_poll(const struct server_config *config, const struct bank_options *options)
{
    char why[512] = "";
    struct bank_beside beside;
    struct poller *poller = NULL;
    const char *only = options->provider;
    if (only && strcmp(only, "sepay") != 0 && strcmp(only, "casso") != 0) {
        fprintf(stderr, "--provider %s is not allowed; sepay or casso\n", only);
        return EXIT_USAGE;
    }
    if (bank_beside_open(config, why, sizeof why, &beside) != 0) {
        fprintf(stderr, "%s\n", why);
        return EXIT_START;
    }
    int status = EXIT_START;
    int error =
        poller_new(config, only, beside.app ? app_inbox(beside.app) : NULL, nothing, NULL, &poller);
    if (error == DX_E_NOT_FOUND) {
        fprintf(stderr, "no list to ask: bank.sepay_token_file or bank.casso_key_file names a "
                        "key\n");
        status = EXIT_CONFIGURATION;
    } else if (error) {
        fprintf(stderr, "%s: %s\n", config->database, dx_error_text(error));
    } else {
        status = options->once ? poll_once(config, poller, &beside) : poll_on(poller, &beside);
    }
    poller_free(poller);
    bank_beside_close(&beside);
    return fflush(stdout) == EOF ? EXIT_FAILED : status;
}
