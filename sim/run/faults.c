/* faults.c - the plan's faults begin, strike and end. */
#include "sim/run/run_parts.h"

static struct plan_fault *fault_at(struct run *run, int index)
{
    return &run->fault[index];
}

static bool concerns(const struct plan_fault *fault, int site, int lane)
{
    return (fault->site < 0 || fault->site == site) && (fault->lane == 0 || fault->lane == lane);
}

struct plan_fault *fault_strikes(struct run *run, enum plan_class class_, int site, int lane)
{
    if (run->active_of[class_] == 0) {
        return NULL;
    }
    for (int i = 0; i < run->fault_count; i++) {
        struct plan_fault *fault = fault_at(run, i);
        if (!run->is_active[i] || fault->class_ != class_ || !concerns(fault, site, lane)) {
            continue;
        }
        bool instant = fault->until_ms == fault->at_ms;
        if (instant) { /* armed until it strikes once */
            run->is_active[i] = false;
            run->active_of[class_]--;
            run->active--;
        } else if (!prng_chance(&fault->prng, fault->per_mille)) {
            continue;
        }
        run->count.faults++;
        run_note(run, site, lane, "fault", plan_class_text(class_), fault->number, fault->size, "");
        return fault;
    }
    return NULL;
}

bool fault_is_on(const struct run *run, enum plan_class class_, int site, int lane)
{
    for (int i = 0; run->active_of[class_] > 0 && i < run->fault_count; i++) {
        if (run->is_active[i] && run->fault[i].class_ == class_ &&
            concerns(&run->fault[i], site, lane)) {
            return true;
        }
    }
    return false;
}

static void each_lane(struct site *site, int lane, void (*act)(struct site *site, int lane))
{
    for (int i = 1; i <= site->lane_count; i++) {
        if (lane == 0 || lane == i) {
            act(site, i);
        }
    }
}

static void silence(struct site *site, int lane)
{
    site_set_answers(site, lane, false);
}

static void answer(struct site *site, int lane)
{
    if (!fault_is_on(site->run, PLAN_BUS_SILENT, site->index, lane)) {
        site_set_answers(site, lane, true);
    }
}

/* Outputs go off, and the worker learns the inputs anew: short enough that nobody misses it. */
static void restart_module(struct site *site, int lane)
{
    if (site->lane[lane].answers && site->alive) {
        run_push(site->run, 40, site->index, RUN_EV_BUS,
                 (struct sim_event){.lane = (uint16_t)lane, .a = 0, .b = 1, .life = site->life});
        run_push(site->run, 1200, site->index, RUN_EV_BUS,
                 (struct sim_event){.lane = (uint16_t)lane, .a = 1, .b = 1, .life = site->life});
    }
}

/* Boot time goes on while it sleeps; nothing is read and nothing is answered. */
static void fall_asleep(struct site *site)
{
    if (site->alive) {
        site->asleep = true;
    }
}

static void wake_up(struct site *site)
{
    if (!site->asleep) {
        return;
    }
    site->asleep = false;
    site->gate_at = INT64_MAX;
    if (!site->alive) {
        return;
    }
    if (site->connected) { /* the broker gave it up meanwhile, or what it said was not heard */
        net_disconnect(site);
    }
    for (int lane = 1; lane <= site->lane_count && site->alive; lane++) {
        run_push(
            site->run, 50, site->index, RUN_EV_BUS,
            (struct sim_event){
                .lane = (uint16_t)lane, .a = site->lane[lane].answers, .b = 1, .life = site->life});
    }
    if (site->alive) {
        site_wake_gate(site);
    }
}

static void restart_broker(struct run *run, bool down)
{
    run->broker_down = down;
    for (int i = 0; i < run->config.site_count; i++) {
        if (down) {
            net_disconnect(&run->site[i]);
        }
    }
    if (!down && run->app) {
        app_post_connected(run->app, true);
        server_wake(run);
    }
}

/* What was on the way comes later, mixed up, as a broker does that kept it. */
static void reorder(struct run *run, struct site *site, struct plan_fault *fault)
{
    enum { MIXED_MAX = 32 };
    struct sim_event later[MIXED_MAX];
    int count = 0;
    for (size_t i = 0; i < run->heap.count && count < MIXED_MAX; i++) {
        const struct sim_event *event = &run->heap.event[i];
        bool message = event->kind == RUN_EV_UP || event->kind == RUN_EV_DOWN;
        if (event->actor == site->index && message && event->life == site->session) {
            later[count] = *event;
            later[count].life = site->session + 2; /* of the connection that follows */
            later[count].bytes = malloc(event->n + 1);
            must(later[count].bytes);
            memcpy(later[count++].bytes, event->bytes, event->n);
        }
    }
    for (int i = 0; i < count; i++) {
        run_push(run, prng_range(&fault->prng, 1500, 4000), site->index,
                 (enum run_happening)later[i].kind, later[i]);
    }
    net_disconnect(site);
}

/* Instants: what is done once.  Those of stores and journals wait for the next operation. */
static void strike(struct run *run, struct plan_fault *fault)
{
    struct site *site = fault->site >= 0 ? &run->site[fault->site] : NULL;
    switch ((int)fault->class_) {
    case PLAN_CLOCK_OFFSET:
    case PLAN_CLOCK_STEP:
        site->clock.offset_ms += fault->size;
        break;
    case PLAN_MODULE_RESTART:
        each_lane(site, fault->lane, restart_module);
        break;
    case PLAN_NET_SESSION:
        net_disconnect(site);
        break;
    case PLAN_NET_REORDER:
        reorder(run, site, fault);
        break;
    case PLAN_GATE_CRASH:
        site_gate_dies(site);
        break;
    case PLAN_SERVER_CRASH:
        server_dies(run);
        break;
    default:
        return;
    }
    run->count.faults++;
    int index = (int)(fault - run->fault);
    if (run->is_active[index]) {
        run->is_active[index] = false;
        run->active_of[fault->class_]--;
        run->active--;
    }
}

void fault_begin(struct run *run, int index)
{
    struct plan_fault *fault = fault_at(run, index);
    struct site *site = fault->site >= 0 ? &run->site[fault->site] : NULL;
    if (run->calm) {
        return;
    }
    run->is_active[index] = true;
    run->active_of[fault->class_]++;
    run->active++;
    run_note(run, fault->site, fault->lane, "plan", plan_class_text(fault->class_), fault->number,
             fault->until_ms - fault->at_ms, "");
    switch ((int)fault->class_) {
    case PLAN_CLOCK_DRIFT:
        sim_clock_drift(&site->clock, fault->size, run->now_ms);
        break;
    case PLAN_CLOCK_SUSPEND:
        fall_asleep(site);
        break;
    case PLAN_BUS_SILENT:
        each_lane(site, fault->lane, silence);
        break;
    case PLAN_NET_PARTITION:
        net_line(site, false);
        break;
    case PLAN_NET_RESTART:
        restart_broker(run, true);
        break;
    default:
        if (fault->until_ms == fault->at_ms) {
            strike(run, fault);
        }
        break;
    }
    if (site) {
        site_tell_up(site);
    }
}

void fault_end(struct run *run, int index)
{
    struct plan_fault *fault = fault_at(run, index);
    struct site *site = fault->site >= 0 ? &run->site[fault->site] : NULL;
    if (!run->is_active[index]) {
        return;
    }
    run->is_active[index] = false;
    run->active_of[fault->class_]--;
    run->active--;
    switch ((int)fault->class_) {
    case PLAN_CLOCK_DRIFT:
        sim_clock_drift(&site->clock, 0, run->now_ms);
        break;
    case PLAN_CLOCK_SUSPEND:
        wake_up(site);
        break;
    case PLAN_BUS_SILENT:
        each_lane(site, fault->lane, answer);
        break;
    case PLAN_NET_PARTITION:
        net_line(site, true);
        break;
    case PLAN_NET_RESTART:
        restart_broker(run, false);
        break;
    default:
        break;
    }
    if (site) {
        site_tell_up(site);
    }
}

void fault_end_all(struct run *run)
{
    for (int i = 0; i < run->fault_count; i++) {
        fault_end(run, i);
    }
    for (int i = 0; i < run->config.site_count; i++) {
        run->site[i].clock.offset_ms = 0;
    }
}
