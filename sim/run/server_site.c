/* server_site.c - the server's life, its ports, and its turns. */
#include "proto/crypto/crypto.h"
#include "server/app/ask.h"
#include "server/app/values.h"
#include "sim/run/run_parts.h"

/* It looks each second; who has heard nothing for a while looks less often here, to save time. */
enum {
    BEAT_MS = 1000,
    QUIET_MS = 5000,
    SLOW_BEAT_MS = 20000,
    TURN_MS = 2,
    AGAIN_MS = 100,
    RESTART_MS = 3000,
    RETIRE_MS = 2 * TIME_HOUR_MS
};

wall_t server_wall(const struct run *run)
{
    return sim_clock_wall(&run->server_clock, run->config.start, run->now_ms);
}

static wall_t port_wall(void *context)
{
    return server_wall(context);
}

static mono_t port_mono(void *context)
{
    const struct run *run = context;
    return sim_clock_mono(&run->server_clock, run->now_ms);
}

static void port_random(void *context, void *bytes, size_t n)
{
    struct run *run = context;
    unsigned char *p = bytes;
    for (size_t i = 0; i < n; i += 8) {
        uint64_t word = prng_u64(&run->server_dice);
        for (size_t k = 0; k < 8 && i + k < n; k++) {
            p[i + k] = (unsigned char)(word >> 8 * k);
        }
    }
}

static int port_publish(void *context, const char *topic, struct str payload)
{
    struct run *run = context;
    return run->server_mute ? 0 : net_down(run, topic, payload);
}

static int port_publish_down(void *context, const char *gate, const struct down *down)
{
    struct run *run = context;
    return run->server_mute ? 0 : net_down_value(run, gate, down);
}

static int port_retain(void *context, const char *topic, struct str payload)
{
    struct run *run = context;
    return run->server_mute ? 0 : net_keep(run, topic, payload);
}

static void port_change(void *context, const struct change *change)
{
    struct run *run = context;
    run_note(run, RUN_SERVER, change->lane, "server", change_kind_text(change->kind), 0, 0,
             change->word);
    if (run->config.watch.change) {
        const char *why = run->config.watch.change(run->config.watch.context, run, change);
        if (why) {
            run_fail(run, why, change->word);
        }
    }
}

static void tell_life(struct run *run, bool up)
{
    const struct run_watch *watch = &run->config.watch;
    for (int i = 0; i < run->config.site_count; i++) {
        site_tell_up(&run->site[i]);
    }
    const char *why = watch->life ? watch->life(watch->context, run, RUN_SERVER, up) : NULL;
    if (why) {
        run_fail(run, why, "");
    }
}

int server_start(struct run *run, char *why, size_t cap)
{
    const struct app_ports ports = {.context = run,
                                    .wall = port_wall,
                                    .mono = port_mono,
                                    .random = port_random,
                                    .publish = port_publish,
                                    .publish_retained = run->config.values ? NULL : port_retain,
                                    .publish_down = run->config.values ? port_publish_down : NULL,
                                    .on_change = port_change,
                                    .single_thread = true};
    run->server_mute = false;
    int error = app_start(run->config.app, &ports, why, cap, &run->app);
    if (error) {
        return error;
    }
    run_note(run, RUN_SERVER, 0, "server", "starts", 0, 0, "");
    app_post_connected(run->app, true);
    server_wake(run);
    run_push(run, BEAT_MS, RUN_SERVER, RUN_EV_SERVER_BEAT,
             (struct sim_event){.life = run->server_life});
    tell_life(run, true);
    return 0;
}

/* Only what was committed is left. */
void server_kill(struct run *run)
{
    if (!run->app) {
        return;
    }
    run_note(run, RUN_SERVER, 0, "server", "dies", 0, 0, "");
    run->server_mute = true;
    run->count.crashes++;
    app_stop(run->app);
    run->app = NULL;
    run->server_life++;
    run->server_turn = false;
    server_store_revive(run);
    tell_life(run, false);
}

void server_dies(struct run *run)
{
    if (run->app) {
        server_kill(run);
        run_push(run, RESTART_MS, RUN_SERVER, RUN_EV_SERVER_START, (struct sim_event){0});
    }
}

void server_wake(struct run *run)
{
    run->server_heard_ms = run->now_ms;
    if (run->app && !run->server_turn) {
        run->server_turn = true;
        run_push(run, run->turn_ms ? run->turn_ms : TURN_MS, RUN_SERVER, RUN_EV_SERVER_TURN,
                 (struct sim_event){.life = run->server_life});
    }
}

void server_hear(struct run *run, const char *topic, struct str bytes)
{
    if (run->app) {
        (void)!app_post_message(run->app, str_c(topic), bytes);
        server_wake(run);
    }
}

void server_hear_event(struct run *run, const struct event *event)
{
    if (run->app) {
        (void)!app_post_event(run->app, event);
        server_wake(run);
    }
}

/* The database refused: the group is kept and tried again. */
static void try_again(struct run *run, int error)
{
    run_note(run, RUN_SERVER, 0, "server", "refused", error, 0, "");
    if (server_store_is_down(run)) {
        server_dies(run);
        return;
    }
    if (dx_error_class(error) == DX_CLASS_FATAL) {
        run_fail(run, "the server's turn ended with a fatal error", dx_error_name(error));
        return;
    }
    run->server_turn = true;
    run_push(run, AGAIN_MS, RUN_SERVER, RUN_EV_SERVER_TURN,
             (struct sim_event){.life = run->server_life});
}

static void turn(struct run *run)
{
    int error = 0;
    run->server_turn = false;
    do {
        error = server_store_prepare(run) ? DX_E_BUSY : app_turn(run->app, (mono_t){0});
        run->count.server_turns++;
        if (!error && run->config.watch.server) {
            const char *why = run->config.watch.server(run->config.watch.context, run);
            if (why) {
                run_fail(run, why, "");
            }
        }
        if (server_store_is_down(run)) {
            error = DX_E_IO;
        }
    } while (!error && app_has_work(run->app));
    if (error) {
        try_again(run, error);
    }
}

void server_turn(struct run *run)
{
    if (run->app) {
        turn(run);
    }
}

void server_beat(struct run *run)
{
    if (run->app) {
        bool quiet = run->now_ms - run->server_heard_ms > QUIET_MS;
        run_push(run, quiet ? SLOW_BEAT_MS : BEAT_MS, RUN_SERVER, RUN_EV_SERVER_BEAT,
                 (struct sim_event){.life = run->server_life});
        if (!run->server_turn) {
            turn(run);
        }
        const struct run_store *store = run->config.store;
        if (run->config.values && store && store->retire && run->now_ms >= run->retire_ms) {
            run->retire_ms = run->now_ms + TIME_HOUR_MS;
            (void)!store->retire(store->context, wall_add(server_wall(run), -RETIRE_MS));
        }
    }
}

/* ---- notices of banks ---- */

struct headers {
    const char *const *line;
    int count;
};

static struct str find_header(void *context, const char *name)
{
    const struct headers *headers = context;
    size_t n = strlen(name);
    for (int i = 0; i < headers->count; i++) {
        const char *line = headers->line[i];
        if (strncmp(line, name, n) == 0 && line[n] == ':') {
            return str_trim(str_c(line + n + 1));
        }
    }
    return (struct str){0};
}

int server_webhook(struct run *run, const char *provider, const char *const *headers, int count,
                   struct str body)
{
    struct headers found = {headers, count};
    if (!run->app) {
        return 0;
    }
    trace_fold_bytes(&run->trace, body);
    if (run->config.watch.message) {
        const char *why = run->config.watch.message(run->config.watch.context, run, RUN_SERVER,
                                                    STR("webhook"), body);
        if (why) {
            run_fail(run, why, "");
        }
    }
    int status = app_bank_webhook(run->app, provider, find_header, &found, body);
    if (server_store_is_down(run)) {
        server_dies(run);
        return 0;
    }
    server_wake(run);
    return status;
}

bool server_is_idle(const struct run *run, const char **ret_why)
{
    const char *why = NULL;
    if (!run->app) {
        why = "the server is dead";
    } else if (app_has_work(run->app)) {
        why = "the server has work";
    } else if (app_deadline(run->app).ms != 0) {
        why = "the server still repeats messages";
    }
    *ret_why = why;
    return why == NULL;
}
