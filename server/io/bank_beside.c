/* bank_beside.c - the application for a command: the server's, or one of its own for a moment. */
#include "proto/io/clock_os.h"
#include "proto/io/log.h"
#include "proto/io/mailbox.h"
#include "server/io/bank_cli.h"
#include "server/io/writer.h"

enum { MOMENT_MS = 200 };

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

/* No broker here: what is to be said to a gate waits in the outbox for the server. */
static int port_publish(void *context, const char *topic, struct str payload)
{
    (void)context;
    (void)topic;
    (void)payload;
    return DX_E_LINK;
}

int bank_beside_open(const struct server_config *config, char *why, size_t cap,
                     struct bank_beside *ret_beside)
{
    struct bank_beside beside = {.config = config};
    const struct app_ports ports = {.wall = port_wall,
                                    .mono = port_mono,
                                    .random = port_random,
                                    .publish = port_publish,
                                    .single_thread = true};
    log_start("doxe-server bank", LOG_LEVEL_WARN);
    int error = dx_crypto_start();
    error = error ? error : writer_lock(config->database);
    if (error == 0) {
        error = app_start(&config->app, &ports, why, cap, &beside.app);
    } else if (error == DX_E_BUSY) {
        error = 0; /* a server has it: it applies */
    } else {
        snprintf(why, cap, "%s: %s", config->database, dx_error_text(error));
    }
    if (!error) {
        *ret_beside = beside;
    }
    return error;
}

/* Until a clock says so; nothing comes. */
static void wait_moment(void)
{
    struct mailbox *box;
    int nothing = 0;
    if (mailbox_new(sizeof nothing, 1, &box) == 0) {
        (void)!mailbox_take(box, mono_add(clock_mono(), MOMENT_MS), &nothing);
        mailbox_free(box);
    }
}

int bank_beside_wait(struct bank_beside *beside, bool (*done)(void *context), void *context,
                     int turns)
{
    for (int i = 0; i < turns; i++) {
        if (done(context)) {
            return 0;
        }
        if (!beside->app) {
            wait_moment();
            continue;
        }
        app_bank_news(beside->app);
        int error = app_turn(beside->app, (mono_t){0});
        if (error && dx_error_class(error) != DX_CLASS_RETRY) {
            return error;
        }
    }
    return done(context) ? 0 : DX_E_TIMEOUT;
}

void bank_beside_close(struct bank_beside *beside)
{
    if (beside->app) {
        app_close(beside->app);
        app_stop(beside->app);
    }
}
