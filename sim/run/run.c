#include "sim/run/run_parts.h"

enum { LOOK_MS = 5000, HOUSE_MS = 5000, STANDING_MAX = 200000 };

void run_push(struct run *run, int64_t in_ms, int actor, enum run_happening kind,
              struct sim_event more)
{
    must(in_ms >= 0);
    more.at_ms = run->now_ms + in_ms;
    more.actor = actor;
    more.kind = (uint16_t)kind;
    must(sim_heap_push(&run->heap, &more) == 0);
}

void run_fail(struct run *run, const char *why, const char *detail)
{
    if (run->end == RUN_GOES_ON) {
        run->end = RUN_FAILED;
        run->why = why;
        snprintf(run->detail, sizeof run->detail, "%s", detail);
        run_note(run, RUN_CITY, 0, "run", "failed", 0, 0, "");
    }
}

void run_note(struct run *run, int site, int lane, const char *who, const char *what, int64_t a,
              int64_t b, const char *text)
{
    trace_add(&run->trace, run->now_ms, site, lane, who, what, a, b, text);
}

/* ---- life ---- */

static void plan_faults(struct run *run)
{
    const struct plan *plan = run->config.plan;
    run->fault_count = plan ? plan->count : 0;
    run->fault = calloc((size_t)run->fault_count + 1, sizeof *run->fault);
    run->is_active = calloc((size_t)run->fault_count + 1, sizeof *run->is_active);
    must(run->fault && run->is_active);
    for (int i = 0; i < run->fault_count; i++) {
        run->fault[i] = plan->fault[i];
        run_push(run, plan->fault[i].at_ms, RUN_CITY, RUN_EV_FAULT, (struct sim_event){.a = i});
        if (plan->fault[i].until_ms > plan->fault[i].at_ms) {
            run_push(run, plan->fault[i].until_ms, RUN_CITY, RUN_EV_FAULT_END,
                     (struct sim_event){.a = i});
        }
    }
    run->turn_ms = plan ? plan->turn_ms : 0;
}

static const char *check(const struct run_config *config)
{
    if (config->site_count < 1 || config->site_count != config->app->lot_count) {
        return "each site needs its lot";
    }
    for (int i = 0; i < config->site_count; i++) {
        if (config->app->lots[i].gate_count != 1 ||
            (i > 0 && strcmp(config->app->lots[i - 1].id, config->app->lots[i].id) >= 0) ||
            (i > 0 &&
             strcmp(config->app->lots[i - 1].gate[0], config->app->lots[i].gate[0]) >= 0)) {
            return "lots and gates stand in the order of their ids, one gate a lot";
        }
        if (config->sites[i].visits < 64 || config->sites[i].transfers < 1) {
            return "a site needs places for visits and transfers";
        }
    }
    return NULL;
}

int run_new(const struct run_config *config, char *why, size_t cap, struct run **ret_run)
{
    const char *wrong = check(config);
    if (wrong) {
        snprintf(why, cap, "%s", wrong);
        return DX_E_CONFIG;
    }
    struct run *run = calloc(1, sizeof *run);
    must(run);
    run->config = *config;
    run->message_times = 1;
    trace_init(&run->trace);
    prng_init(&run->root, config->seed);
    run->server_dice = prng_fork(&run->root, "server");
    plan_faults(run);
    run->site = calloc((size_t)config->site_count, sizeof *run->site);
    must(run->site);
    for (int i = 0; i < config->site_count; i++) {
        site_init(&run->site[i], run, i);
    }
    int error = server_start(run, why, cap);
    if (error) {
        run_free(run);
        return error;
    }
    server_store_init(run);
    for (int i = 0; i < config->site_count; i++) {
        site_wake_street(&run->site[i]);
        site_tell_up(&run->site[i]);
    }
    if (config->play_ms > 0) {
        run_push(run, config->play_ms, RUN_CITY, RUN_EV_CLOSE, (struct sim_event){0});
    }
    *ret_run = run;
    return 0;
}

void run_free(struct run *run)
{
    if (!run) {
        return;
    }
    run->server_mute = true;
    run->config.watch = (struct run_watch){.context = NULL};
    app_stop(run->app);
    server_store_revive(run);
    for (int i = 0; run->site && i < run->config.site_count; i++) {
        site_fini(&run->site[i]);
    }
    sim_heap_fini(&run->heap);
    free(run->site);
    free(run->fault);
    free(run->is_active);
    free(run->blank);
    free(run);
}

/* ---- the phases ---- */

void run_calm(struct run *run)
{
    if (run->calm) {
        return;
    }
    run_note(run, RUN_CITY, 0, "run", "calm", 0, 0, "");
    fault_end_all(run);
    run->calm = true;
    run->calm_since_ms = run->now_ms;
    for (int i = 0; i < run->config.site_count; i++) {
        struct site *site = &run->site[i];
        if (site->world) {
            world_close(site->world,
                        (mono_t){SIM_CLOCK_BOOT_MS + run->now_ms + run->config.calm_ms / 3});
            site_wake_street(site);
        }
        site_tell_up(site);
    }
    run->look_ms = run->now_ms + LOOK_MS;
}

bool run_is_idle(const struct run *run, const char **ret_why)
{
    for (int i = 0; i < run->config.site_count; i++) {
        if (!site_is_idle(&run->site[i], ret_why)) {
            return false;
        }
    }
    return server_is_idle(run, ret_why);
}

/* Words of banks and payments from home that come hours or days later, and nothing else. */
static bool banks_are_late(const struct run *run)
{
    bool late = false;
    for (int i = 0; i < run->config.site_count; i++) {
        const struct site *site = &run->site[i];
        if (!site->alive || (site->world && world_present(site->world) > 0)) {
            return false;
        }
        late = late || site->bank.open > 0 || site->late_payments > 0;
    }
    return late;
}

/* In the calm: is it settled, or is the time over? */
static void look_at_end(struct run *run)
{
    const char *why = NULL;
    run->look_ms = run->now_ms + LOOK_MS;
    if (run_is_idle(run, &why)) {
        const struct run_watch *watch = &run->config.watch;
        const char *wrong = watch->settled ? watch->settled(watch->context, run) : NULL;
        if (wrong) {
            run_fail(run, wrong, "");
        } else if (run->end == RUN_GOES_ON) {
            run->end = RUN_SETTLED;
        }
    } else if (banks_are_late(run)) {
        run->calm_since_ms = run->now_ms; /* nobody here can hasten them */
    } else if (run->now_ms - run->calm_since_ms > run->config.calm_ms) {
        run_fail(run, "not settled in time", why);
    }
}

/* ---- the loop ---- */

static bool is_stale(const struct run *run, const struct sim_event *event)
{
    uint32_t life = event->actor >= 0 ? run->site[event->actor].life : run->server_life;
    switch ((enum run_happening)event->kind) {
    case RUN_EV_GATE_WAKE:
    case RUN_EV_INPUT:
    case RUN_EV_BUS:
    case RUN_EV_WRITE:
    case RUN_EV_WRITTEN:
    case RUN_EV_SCAN_END:
    case RUN_EV_LINK:
    case RUN_EV_SERVER_TURN:
    case RUN_EV_SERVER_BEAT:
        return event->life != life;
    case RUN_EV_STREET_WAKE:
    case RUN_EV_HOUSE:
    case RUN_EV_PICTURE:
    case RUN_EV_SCAN:
    case RUN_EV_LOOK:
    case RUN_EV_PAGE:
    case RUN_EV_HOLD:
    case RUN_EV_ATTEND:
    case RUN_EV_PAY:
    case RUN_EV_BANK_WAKE:
    case RUN_EV_UP:
    case RUN_EV_STATUS:
    case RUN_EV_DOWN:
    case RUN_EV_LOT:
    case RUN_EV_GATE_START:
    case RUN_EV_SERVER_START:
    case RUN_EV_FAULT:
    case RUN_EV_FAULT_END:
    case RUN_EV_CLOSE:
    case RUN_EV_COUNT:
        break;
    }
    return false;
}

static void wake_street(struct site *site, const struct sim_event *event)
{
    if (event->at_ms != site->street_at) {
        return; /* an earlier one came meanwhile */
    }
    site->street_at = INT64_MAX;
    site_street(site, (struct world_event){.kind = WORLD_EV_TICK});
}

static void wake_gate(struct site *site, const struct sim_event *event)
{
    if (event->at_ms != site->gate_at) {
        return;
    }
    site->gate_at = INT64_MAX;
    if (site->alive && mono_reached(site_mono(site), gate_deadline(site->gate))) {
        (void)site_event(site, 0);
        site_step(site, GATE_EV_TIMEOUT);
    } else {
        site_wake_gate(site);
    }
}

static void keep_house(struct site *site)
{
    site_keep_house(site);
    run_push(site->run, HOUSE_MS, site->index, RUN_EV_HOUSE, (struct sim_event){0});
}

static void handle_devices(struct site *site, const struct sim_event *event)
{
    int lane = event->lane;
    struct str bytes = {event->bytes, event->n};
    switch ((int)event->kind) {
    case RUN_EV_INPUT:
        site_take_input(site, lane, (enum input_role)event->a, (enum level)event->b);
        break;
    case RUN_EV_BUS:
        if (event->b || site->lane[lane].answers == (event->a != 0)) {
            site_take_bus(site, lane, event->a != 0);
        } /* else it has changed again before anybody noticed */
        break;
    case RUN_EV_WRITE:
        site_carry_out(site, lane, (enum output_role)event->a, (enum output_act)event->b);
        break;
    case RUN_EV_WRITTEN:
        site_written(site, lane, (enum output_role)event->a, event->b != 0);
        break;
    case RUN_EV_PICTURE:
        site_take_picture(site, event);
        break;
    case RUN_EV_SCAN:
        site_take_scan(site, lane, bytes);
        break;
    case RUN_EV_SCAN_END:
        site_end_scan(site, lane);
        break;
    default:
        must(!"a happening of devices");
    }
}

static void handle_site(struct site *site, const struct sim_event *event)
{
    switch ((enum run_happening)event->kind) {
    case RUN_EV_STREET_WAKE:
        wake_street(site, event);
        break;
    case RUN_EV_GATE_WAKE:
        wake_gate(site, event);
        break;
    case RUN_EV_HOUSE:
        keep_house(site);
        break;
    case RUN_EV_LOOK:
        site_look(site, event->a, event->lane);
        break;
    case RUN_EV_PAGE:
        site_open_page(site, event->a);
        break;
    case RUN_EV_HOLD:
        site_hold(site, event->lane);
        break;
    case RUN_EV_ATTEND:
        site_attend(site, event->lane, event->a, (enum world_effect_kind)event->life, event->b,
                    event->bytes);
        break;
    case RUN_EV_PAY:
        site_pay_late(site, event);
        break;
    case RUN_EV_BANK_WAKE:
        if (event->at_ms == site->bank_at) {
            site->bank_at = INT64_MAX;
            site_bank(site);
        }
        break;
    case RUN_EV_LINK:
        if (event->a) {
            net_connect(site);
        } else if (!site->line_up) {
            net_disconnect(site);
        }
        break;
    case RUN_EV_UP:
    case RUN_EV_STATUS:
    case RUN_EV_DOWN:
    case RUN_EV_LOT:
        net_take(site, event);
        break;
    case RUN_EV_GATE_START:
        site_gate_start(site);
        break;
    case RUN_EV_INPUT:
    case RUN_EV_BUS:
    case RUN_EV_WRITE:
    case RUN_EV_WRITTEN:
    case RUN_EV_PICTURE:
    case RUN_EV_SCAN:
    case RUN_EV_SCAN_END:
        handle_devices(site, event);
        break;
    case RUN_EV_SERVER_TURN:
    case RUN_EV_SERVER_BEAT:
    case RUN_EV_SERVER_START:
    case RUN_EV_FAULT:
    case RUN_EV_FAULT_END:
    case RUN_EV_CLOSE:
    case RUN_EV_COUNT:
        must(!"a happening of a site");
    }
}

static void handle_city(struct run *run, const struct sim_event *event)
{
    switch ((int)event->kind) {
    case RUN_EV_SERVER_TURN:
        server_turn(run);
        break;
    case RUN_EV_SERVER_BEAT:
        server_beat(run);
        break;
    case RUN_EV_SERVER_START:
        run_server_start(run);
        break;
    case RUN_EV_FAULT:
        fault_begin(run, event->a);
        break;
    case RUN_EV_FAULT_END:
        fault_end(run, event->a);
        break;
    case RUN_EV_CLOSE:
        run_calm(run);
        break;
    default:
        must(!"a happening of the city");
    }
}

bool run_next(struct run *run, int64_t until_ms)
{
    struct sim_event event;
    if (sim_heap_next(&run->heap) > until_ms) {
        run->now_ms = until_ms > run->now_ms ? until_ms : run->now_ms;
        return false;
    }
    must(sim_heap_pop(&run->heap, &event));
    run->standing = event.at_ms > run->now_ms ? 0 : run->standing + 1;
    run->now_ms = event.at_ms; /* time moves only here */
    run->count.steps++;
    if (run->standing > STANDING_MAX) {
        run_fail(run, "time stands still", "");
    }
    if (!is_stale(run, &event)) {
        trace_fold(&run->trace, event.at_ms << 8 ^ event.kind);
        if (event.actor >= 0) {
            handle_site(&run->site[event.actor], &event);
        } else {
            handle_city(run, &event);
        }
    }
    free(event.bytes);
    if (run->calm && run->now_ms >= run->look_ms) {
        look_at_end(run);
    }
    return true;
}

enum run_end run_play(struct run *run)
{
    while (run->end == RUN_GOES_ON && run_next(run, INT64_MAX)) {
    }
    return run->end;
}
