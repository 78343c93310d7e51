/* run_look.c - what others may see of a run, and what they may do by hand between two events. */
#include "sim/run/run_parts.h"

int64_t run_now_ms(const struct run *run)
{
    return run->now_ms;
}

bool run_is_over(const struct run *run)
{
    return run->end != RUN_GOES_ON;
}

wall_t run_wall(const struct run *run)
{
    return wall_add(run->config.start, run->now_ms);
}

const struct run_config *run_configuration(const struct run *run)
{
    return &run->config;
}

struct trace *run_trace(struct run *run)
{
    return &run->trace;
}

bool run_is_disturbed(const struct run *run, int site)
{
    const struct site *s = site >= 0 ? &run->site[site] : NULL;
    if (!run->app || run->broker_down || run->store_error ||
        (s && (!s->alive || s->asleep || !s->connected || s->journal_error))) {
        return true;
    }
    for (int i = 0; run->active > 0 && i < run->fault_count; i++) {
        const struct plan_fault *fault = &run->fault[i];
        if (run->is_active[i] && (fault->site < 0 || fault->site == site)) {
            return true;
        }
    }
    return false;
}

const struct gate *run_gate(const struct run *run, int site)
{
    return run->site[site].gate;
}

const struct image *run_image(const struct run *run, int site)
{
    return &run->site[site].image;
}

const struct world *run_world(const struct run *run, int site)
{
    return run->site[site].world;
}

const struct bank *run_bank(const struct run *run, int site)
{
    return &run->site[site].bank;
}

struct app *run_app(const struct run *run)
{
    return run->app;
}

const struct lane_display *run_display(const struct run *run, int site, int lane)
{
    return &run->site[site].lane[lane].display;
}

void run_get_report(const struct run *run, struct run_report *ret_report)
{
    struct run_report report = run->count;
    report.end = run->end;
    report.why = run->why;
    memcpy(report.detail, run->detail, sizeof report.detail);
    report.hash = run->trace.hash;
    report.now_ms = run->now_ms;
    for (int i = 0; i < run->config.site_count; i++) {
        const struct world *world = run->site[i].world;
        if (world) {
            report.arrived += world->people.made;
            report.left += world->left;
            report.gone += world->gone;
            report.turned_away += world->turned_away;
        }
    }
    memcpy(report.swept, run->swept, sizeof report.swept);
    report.swept[SWEEP_STORE] = server_store_operations(run);
    *ret_report = report;
}

/* ---- by hand ---- */

void run_input(struct run *run, int site, int lane, enum input_role role, bool on)
{
    site_set_input(&run->site[site], lane, role, on);
}

void run_reading(struct run *run, int site, int lane, const struct gate_plate *plate)
{
    struct site *s = &run->site[site];
    if (s->alive && !s->asleep) {
        struct gate_plate copy = *plate;
        site_take_plate(s, lane, &copy);
    }
}

void run_card(struct run *run, int site, int lane, enum subject_kind kind, const char *key,
              const char *last4)
{
    struct gate_event *event = site_event(&run->site[site], lane);
    event->card.kind = kind;
    str_copy_cut(event->card.key, sizeof event->card.key, str_c(key));
    str_copy_cut(event->card.last4, sizeof event->card.last4, str_c(last4));
    site_step(&run->site[site], GATE_EV_CARD);
}

void run_scan(struct run *run, int site, int lane, struct str bytes)
{
    site_take_scan(&run->site[site], lane, bytes);
}

void run_bus(struct run *run, int site, int lane, bool answers)
{
    site_set_answers(&run->site[site], lane, answers);
}

void run_order(struct run *run, int site, const struct down *command)
{
    struct gate_event *event = site_event(&run->site[site], command->lane);
    event->down = *command;
    site_step(&run->site[site], GATE_EV_DOWN);
}

void run_desk(struct run *run, int site, const struct event *desk)
{
    struct gate_event *event = site_event(&run->site[site], desk->lane);
    event->desk = *desk;
    site_step(&run->site[site], GATE_EV_DESK);
}

int run_command(struct run *run, const struct app_command *command)
{
    char id[ULID_CAP];
    int error = run->app ? app_command(run->app, command, id) : DX_E_STATE;
    if (run->app && server_store_is_down(run)) {
        server_dies(run);
    }
    server_wake(run);
    return error;
}

void run_gate_kill(struct run *run, int site)
{
    site_gate_kill(&run->site[site]);
}

void run_gate_start(struct run *run, int site)
{
    site_gate_start(&run->site[site]);
}

void run_server_kill(struct run *run)
{
    server_kill(run);
}

void run_server_start(struct run *run)
{
    enum { AGAIN_MS = 3000 };
    char why[512] = "";
    int error = run->app ? 0 : server_start(run, why, sizeof why);
    if (error && dx_error_class(error) == DX_CLASS_RETRY) { /* its supervisor goes on trying */
        run_note(run, RUN_SERVER, 0, "server", "no start", error, 0, "");
        server_store_revive(run);
        run_push(run, AGAIN_MS, RUN_SERVER, RUN_EV_SERVER_START, (struct sim_event){0});
    } else if (error) {
        run_fail(run, "the server does not start again", why);
    }
}

void run_line(struct run *run, int site, bool up)
{
    struct site *s = &run->site[site];
    s->line_up = up;
    if (!up) {
        net_disconnect(s);
    }
}

void run_messages(struct run *run, int times)
{
    run->message_times = times;
}

void run_server_store(struct run *run, int error)
{
    run->store_error = error;
    server_wake(run);
}

void run_journal(struct run *run, int site, int error)
{
    run->site[site].journal_error = error;
}

void run_gate_clock(struct run *run, int site, int64_t offset_ms, bool unknown)
{
    run->site[site].clock.offset_ms = offset_ms;
    run->site[site].clock_unknown = unknown;
}
