#include "sim/live/street.h"

#include "proto/base/check.h"
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "proto/io/log.h"
#include "proto/io/mailbox.h"
#include "sim/live/street_parts.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>

enum { IDLE_MS = 250, WAIT_BEFORE_MS = 20000 };

void street_say(struct street *street, const char *format, ...)
{
    struct civil at = time_civil(street->wall);
    va_list arguments;
    printf("%02d:%02d:%02d  ", at.hour, at.minute, at.second);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

/* ---- mail, from other threads ---- */

static void post(struct street *street, struct mail *mail)
{
    if (mailbox_post(street->box, mail) != 0) {
        log_error("street.mail", "lost kind=%d", (int)mail->kind);
        free(mail->answer.body);
    }
}

static void on_coil(void *context, int address, bool on)
{
    struct mail mail = {.kind = MAIL_COIL, .number = address, .on = on};
    post(context, &mail);
}

static void on_text(void *context, int display, const char *text)
{
    struct mail mail = {.kind = MAIL_TEXT, .number = display};
    snprintf(mail.text, sizeof mail.text, "%s", text);
    post(context, &mail);
}

static void on_answer(void *context, struct http_answer *answer)
{
    struct mail mail = {.kind = MAIL_ANSWER, .answer = *answer};
    post(context, &mail);
}

static void on_stop(void *context)
{
    struct mail mail = {.kind = MAIL_STOP};
    post(context, &mail);
}

/* ---- standard input ---- */

static void post_lines(struct street *street, char *text, size_t *n)
{
    for (;;) {
        char *end = memchr(text, '\n', *n);
        if (!end) {
            return;
        }
        struct mail mail = {.kind = MAIL_COMMAND};
        *end = '\0';
        str_copy_cut(mail.text, sizeof mail.text, str_c(text));
        post(street, &mail);
        *n -= (size_t)(end + 1 - text);
        memmove(text, end + 1, *n);
    }
}

static void *read_commands(void *argument)
{
    struct street *street = argument;
    char text[256];
    size_t n = 0;
    struct pollfd fds[2] = {{.fd = STDIN_FILENO, .events = POLLIN},
                            {.fd = street->reader_wake[0], .events = POLLIN}};
    for (;;) {
        poll(fds, 2, -1);
        if (fds[1].revents) {
            return NULL;
        }
        ssize_t got = read(STDIN_FILENO, text + n, sizeof text - n);
        if (got <= 0) {
            return NULL; /* nobody at the keyboard */
        }
        n += (size_t)got;
        post_lines(street, text, &n);
        if (n == sizeof text) {
            n = 0; /* no command is that long */
        }
    }
}

/* A program in the background must not read its terminal: it would be stopped. */
static bool may_read_input(void)
{
    return !isatty(STDIN_FILENO) || tcgetpgrp(STDIN_FILENO) == getpgrp();
}

/* ---- start and stop ---- */

static int make_memory(struct street *street)
{
    street->visits = calloc(STREET_VISITS, sizeof *street->visits);
    street->bills = calloc(STREET_VISITS, sizeof *street->bills);
    street->transfers = calloc(BANK_TRANSFERS_MAX, sizeof *street->transfers);
    street->sessions = calloc(AUDIT_SESSIONS_MAX, sizeof *street->sessions);
    bool ok = street->visits && street->bills && street->transfers && street->sessions;
    return ok ? 0 : DX_E_MEMORY;
}

static void make_world(struct street *street)
{
    const struct street_options *o = &street->options;
    struct prng root;
    struct people people;
    prng_init(&root, (uint64_t)o->seed);
    people_init(&people, &root, o->cars_percent, o->misbehave);
    struct world_config config = {.speed = o->speed,
                                  .rate = o->rate,
                                  .attendant = o->login[0] != '\0',
                                  .confuse = o->confuse,
                                  .stuck_ms = (int64_t)o->stuck_s * 1000,
                                  .last_return = mono_never()};
    world_init(&street->world, &config, &root, &people, street->visits, STREET_VISITS, street->now);
    street->world.next_arrival = mono_never(); /* until the street opens */
    /* A number that grows from run to run, for the ids of transfers: 100 a second are free. */
    int64_t first_id = (street->wall.ms - 1700000000000) / 10;
    bank_init(&street->bank, &root, o->speed, first_id, street->transfers, BANK_TRANSFERS_MAX);
    street->prng = prng_fork(&root, "cameras");
    street->audit.world = &street->world;
    street->audit.bank = &street->bank;
    street->audit.session = street->sessions;
}

static int complain(int error, const char *what, const char *name)
{
    if (error) {
        fprintf(stderr, "doxe-sim: %s %s: %s\n", what, name, dx_error_text(error));
    }
    return error;
}

static int start_devices(struct street *street)
{
    const struct street_options *o = &street->options;
    struct modbus_module_config module = {
        .listen = o->modbus, .context = street, .on_coil = on_coil, .on_text = on_text};
    int error =
        complain(modbus_module_start(&module, &street->module), "cannot listen on", o->modbus);
    for (int i = 0; !error && i < WORLD_LANES; i++) {
        if (o->scanner[i][0]) {
            error = complain(scanner_pty_open(o->scanner[i], &street->prng, &street->scanner[i]),
                             "cannot make the scanner", o->scanner[i]);
        }
    }
    error = error ? error
                  : complain(street_start_cameras(street), "cannot start the cameras at",
                             o->camera == MAKER_FRIGATE ? o->site_broker : o->camera_listen);
    if (!error && o->bank_list[0]) {
        error = complain(
            bank_list_start(o->bank_list, o->bank_secret, street->transfers, &street->bank_list),
            "cannot listen on", o->bank_list);
    }
    if (!error && o->truth[0]) {
        street->truth = fopen(o->truth, "w");
        error = complain(street->truth ? 0 : DX_E_IO, "cannot write", o->truth);
    }
    for (int i = 0; !error && i < WORLD_LANES; i++) {
        modbus_module_set_input(street->module, i * 8 + WORLD_CLOSED, true); /* arms are down */
    }
    return error;
}

static int start(struct street *street)
{
    int error = make_memory(street);
    if (!error) {
        error = mailbox_new(sizeof(struct mail), STREET_MAIL, &street->box);
    }
    if (error || daemon_on_stop(on_stop, street) || dx_crypto_start()) {
        return complain(DX_E_IO, "cannot", "start");
    }
    street->now = clock_mono();
    street->wall = clock_wall();
    make_world(street);
    error = start_devices(street);
    if (!error) {
        error = complain(http_client_start(STREET_WORKERS, street, on_answer, &street->http),
                         "cannot start", "HTTP");
    }
    if (!error && may_read_input() && pipe(street->reader_wake) == 0) {
        street->reading = pthread_create(&street->reader, NULL, read_commands, street) == 0;
    }
    return error;
}

static void stop(struct street *street)
{
    struct mail mail;
    if (street->reading) {
        if (write(street->reader_wake[1], "", 1) != 1) {
            log_warn("street.stop", "errno=%d", errno);
        }
        pthread_join(street->reader, NULL);
    }
    http_client_stop(street->http);
    modbus_module_stop(street->module);
    bank_list_stop(street->bank_list);
    for (int i = 0; i < WORLD_LANES; i++) {
        scanner_pty_close(street->scanner[i]);
    }
    street_stop_cameras(street);
    while (street->box && mailbox_take(street->box, (mono_t){0}, &mail) == 0) {
        free(mail.answer.body);
    }
    if (street->truth) {
        fclose(street->truth);
    }
    free(street->visits);
    free(street->bills);
    free(street->transfers);
    free(street->sessions);
}

/* ---- the loop ---- */

/* The first vehicle comes when the server's sums are known: they are what the end is held against.
 */
static void wait_for_server(struct street *street)
{
    bool audits = street->options.login[0] && street->options.for_s;
    bool late = mono_diff(street->now, street->started) > WAIT_BEFORE_MS;
    if (audits && !street->has_before && !late) {
        if (!street->before_asked && mono_reached(street->now, street->before_at)) {
            street->before_asked = true;
            street_get(street, TAG_BEFORE, 0, "/api/v1/audit");
        }
        return;
    }
    street->phase = PHASE_RUNNING;
    street->started = street->now;
    street->started_wall = street->wall;
    street->audit.from = street->wall;
    street->world.next_arrival = mono_add(street->now, 500);
    if (street->options.for_s) {
        int64_t for_ms = (int64_t)street->options.for_s * 1000;
        street->world.config.last_return = mono_add(street->now, for_ms * 7 / 10);
    }
    street_faults_start(street, street->options.for_s ? (int64_t)street->options.for_s * 600
                                                      : TIME_HOUR_MS);
}

static mono_t next_deadline(const struct street *street)
{
    mono_t next = mono_min(world_deadline(&street->world), bank_deadline(&street->bank));
    next = mono_min(next, street_faults_deadline(street));
    for (int i = 0; i < WORLD_LANES; i++) {
        const struct shot *shot = &street->shot[i];
        if (shot->active && !shot->under_way) {
            next = mono_min(next, shot->next);
        }
    }
    return mono_min(next, mono_add(street->now, IDLE_MS));
}

static void turn(struct street *street, mono_t *scanners_due)
{
    if (street->phase == PHASE_WAITING) {
        wait_for_server(street);
    }
    if (mono_reached(street->now, world_deadline(&street->world))) {
        street_step(street, (struct world_event){.kind = WORLD_EV_TICK});
    }
    street_faults_turn(street);
    street_send_shots(street);
    street_send_notices(street);
    street_ask_health(street);
    street_ask_lanes(street);
    street_watch_end(street);
    *scanners_due = mono_never();
    for (int i = 0; i < WORLD_LANES; i++) {
        if (street->scanner[i]) {
            mono_t due = scanner_pty_advance(street->scanner[i], street->now);
            *scanners_due = mono_min(*scanners_due, due);
        }
    }
}

static void loop(struct street *street)
{
    struct mail mail;
    mono_t scanners_due = mono_never();
    street->started = street->now;
    street->down_since = street->now;
    street->before_at = street->now;
    street_say(street, "%s", word_text(WORD_WAITING, street->options.language));
    while (!street->stopped && street->phase != PHASE_DONE) {
        int error = mailbox_take(street->box, mono_min(next_deadline(street), scanners_due), &mail);
        street->now = clock_mono();
        street->wall = clock_wall();
        if (error == 0) {
            street_hear(street, &mail);
        }
        turn(street, &scanners_due);
    }
    street_goodbye(street);
}

int street_run(const struct street_options *options)
{
    static struct street street; /* large, and one a program */
    street.options = *options;
    log_start("doxe-sim", options->verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO);
    int error = start(&street);
    if (!error) {
        daemon_ready();
        loop(&street);
        daemon_stopping();
    }
    stop(&street);
    return error ? EXIT_START : street.status;
}
