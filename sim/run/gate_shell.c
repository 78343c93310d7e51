/* gate_shell.c - a gate's loop in virtual time: gate/io/shell_loop.c without sockets and files. */
#include "proto/io/lot_json.h"
#include "proto/io/msg_json.h"
#include "sim/run/run_parts.h"

enum { TEXT_EACH = 64 }; /* where values pass, so many-th goes as text all the same */

static void add_outcome(struct run *run, struct site_outcome outcome)
{
    must(run->outcome_count < SITE_OUTCOMES_MAX);
    run->outcome[(run->outcome_first + run->outcome_count++) % SITE_OUTCOMES_MAX] = outcome;
}

/* ---- effects ---- */

static void tell_stored(struct site *site, const struct event *event)
{
    const struct run_watch *watch = &site->run->config.watch;
    const char *why =
        watch->stored ? watch->stored(watch->context, site->run, site->index, event) : NULL;
    if (why) {
        run_fail(site->run, why, "");
    }
}

/* The journal's answer to one call; the site may die before or after it. */
static int append(struct site *site, const struct gate_record *const *records, int count)
{
    struct run *run = site->run;
    if (site->journal_error) {
        return site->journal_error;
    }
    if (fault_strikes(run, PLAN_JOURNAL_BUSY, site->index, 0)) {
        return DX_E_BUSY;
    }
    if (fault_strikes(run, PLAN_JOURNAL_FULL, site->index, 0)) {
        return DX_E_FULL;
    }
    enum sweep_act act = sweep_strikes(run, SWEEP_JOURNAL);
    if (act == SWEEP_FAIL) {
        return DX_E_IO;
    }
    if (act == SWEEP_CRASH || fault_strikes(run, PLAN_JOURNAL_TAIL, site->index, 0)) {
        site->dying = true;
        return DX_E_IO;
    }
    int error = image_append(&site->image, records, count);
    for (int i = 0; !error && i < count; i++) {
        tell_stored(site, &records[i]->event);
    }
    if (act == SWEEP_CRASH_AFTER || fault_strikes(run, PLAN_JOURNAL_CRASH, site->index, 0)) {
        site->dying = true;
    }
    return error;
}

/* Records that stand one after another are one transaction: all or none. */
static int store(struct site *site, int from)
{
    struct run *run = site->run;
    const struct gate_record *records[GATE_EFFECTS_MAX] = {NULL};
    int count = 0;
    while (from + count < run->effects.count &&
           run->effects.effect[from + count].type == GATE_EFF_RECORD) {
        records[count] = &run->effects.effect[from + count].record;
        count++;
    }
    int error = append(site, records, count);
    site->journal_failed = error != 0;
    for (int i = 0; i < (error ? 1 : count); i++) {
        add_outcome(run,
                    (struct site_outcome){.type = error ? GATE_EV_STORE_FAILED : GATE_EV_STORED,
                                          .seq = records[i]->event.seq});
    }
    return count;
}

static void send_rows(struct site *site, int64_t from, int64_t to)
{
    struct run *run = site->run;
    for (int64_t seq = from; seq <= to; seq++) {
        const struct event *event = image_row(&site->image, seq);
        struct out out;
        if (!event) {
            continue; /* acknowledged and gone */
        }
        if (run->config.values && seq % TEXT_EACH != 0) {
            if (net_up_event(site, event)) {
                return;
            }
            continue;
        }
        out_init(&out, run->text, sizeof run->text);
        event_write(&out, event);
        must(!out_failed(&out));
        if (net_up(site, RUN_EV_UP, out_str(&out))) {
            return; /* the core sends it again */
        }
    }
}

static void send_waiting(struct site *site)
{
    if (site->send_to != 0) {
        send_rows(site, site->send_from, site->send_to);
        site->send_to = 0;
    }
}

/* Rows that follow one another are one reading of the journal. */
static void send_later(struct site *site, int64_t from, int64_t to)
{
    if (site->send_to != 0 && from != site->send_to + 1) {
        send_waiting(site);
    }
    site->send_from = site->send_to != 0 ? site->send_from : from;
    site->send_to = to;
}

void site_publish_status(struct site *site, bool online)
{
    struct run *run = site->run;
    struct status status;
    struct out out;
    if (run->config.values && ++site->statuses % TEXT_EACH != 1) {
        return; /* the last one counts, and nothing is decided by it */
    }
    gate_status(site->gate, site_wall(site), &status);
    status.online = online;
    status.lane_count = online ? status.lane_count : 0;
    out_init(&out, run->text, sizeof run->text);
    status_write(&out, &status);
    must(!out_failed(&out));
    (void)!net_up(site, RUN_EV_STATUS, out_str(&out));
}

static void publish_query(struct site *site, const struct query *query)
{
    struct run *run = site->run;
    struct out out;
    if (run->config.values && ++site->queries % TEXT_EACH != 0) {
        return; /* lost, which is no harm */
    }
    out_init(&out, run->text, sizeof run->text);
    query_write(&out, query);
    if (!out_failed(&out)) {
        (void)!net_up(site, RUN_EV_UP, out_str(&out));
    }
}

/* Those up to the next record: an arm does not wait for a screen, a log line or the broker. */
static void move_arms(struct site *site, int from)
{
    const struct gate_effects *effects = &site->run->effects;
    for (int i = from; i < effects->count && effects->effect[i].type != GATE_EFF_RECORD; i++) {
        const struct gate_effect *effect = &effects->effect[i];
        if (effect->type == GATE_EFF_OUTPUT && !site->dying) {
            site_order(site, effect->lane, effect->output.role, effect->output.act);
        }
    }
}

static void show(struct site *site, int lane, const struct lane_display *display)
{
    if (lane >= 1 && lane <= site->lane_count) {
        site->lane[lane].display = *display;
        site_see_lane(site, lane);
    }
}

static void perform_one(struct site *site, const struct gate_effect *effect)
{
    switch (effect->type) {
    case GATE_EFF_DISPLAY:
        show(site, effect->lane, &effect->display);
        break;
    case GATE_EFF_SEND:
        send_later(site, effect->send.from, effect->send.to);
        break;
    case GATE_EFF_STATUS:
        site_publish_status(site, true);
        break;
    case GATE_EFF_QUERY:
        publish_query(site, &effect->query);
        break;
    case GATE_EFF_KEEP:
    case GATE_EFF_RECORD:
    case GATE_EFF_OUTPUT:
    case GATE_EFF_LOG:
    case GATE_EFF_COUNT:
        break;
    }
}

/* Before the outputs of the same step. */
static void keep_contexts(struct site *site)
{
    const struct gate_effects *effects = &site->run->effects;
    for (int i = 0; i < effects->count; i++) {
        if (effects->effect[i].type == GATE_EFF_KEEP && !site->journal_error) {
            image_keep_context(&site->image, effects->effect[i].lane, &effects->effect[i].keep);
        }
    }
}

static bool failure_is_to_be_told(const struct run *run)
{
    for (int i = 0; i < run->outcome_count; i++) {
        int at = (run->outcome_first + i) % SITE_OUTCOMES_MAX;
        if (run->outcome[at].type == GATE_EV_STORE_FAILED) {
            return true;
        }
    }
    return false;
}

/* Records, then outputs, then the rest, each in order: as the shell does it. */
static void perform(struct site *site)
{
    struct run *run = site->run;
    bool failed = failure_is_to_be_told(run);
    keep_contexts(site);
    move_arms(site, 0);
    for (int i = 0; i < run->effects.count && !site->dying; i++) {
        if (run->effects.effect[i].type == GATE_EFF_RECORD) {
            if (!failed) {
                i += store(site, i) - 1;
                failed = site->journal_failed;
            }
            if (!site->dying) {
                move_arms(site, i + 1);
            }
        } else {
            perform_one(site, &run->effects.effect[i]);
        }
    }
}

/* ---- the trace ---- */

static void trace_effect(struct site *site, const struct gate_effect *effect)
{
    struct run *run = site->run;
    int lane = effect->lane;
    switch (effect->type) {
    case GATE_EFF_RECORD:
        run_note(run, site->index, lane, "record", event_type_text(effect->record.event.type),
                 effect->record.event.seq, effect->record.event.amount_vnd,
                 effect->record.event.id);
        break;
    case GATE_EFF_OUTPUT:
        run_note(run, site->index, lane, "output", output_role_text(effect->output.role),
                 effect->output.act, 0, "");
        break;
    case GATE_EFF_DISPLAY:
        run_note(run, site->index, lane, "display", display_kind_text(effect->display.kind),
                 effect->display.amount_vnd, effect->display.fee_vnd, effect->display.paycode);
        break;
    case GATE_EFF_SEND:
        run_note(run, site->index, lane, "gate", "send", effect->send.from, effect->send.to, "");
        break;
    case GATE_EFF_LOG:
        run_note(run, site->index, lane, "log", gate_log_text(effect->log.name), effect->log.n, 0,
                 effect->log.b[0] ? effect->log.b : effect->log.a);
        break;
    case GATE_EFF_KEEP:
    case GATE_EFF_QUERY:
    case GATE_EFF_STATUS:
    case GATE_EFF_COUNT:
        run_note(run, site->index, lane, "gate", gate_effect_text(effect->type), 0, 0, "");
        break;
    }
}

static void trace_step(struct site *site, const struct gate_event *event)
{
    struct run *run = site->run;
    int64_t a = 0;
    int64_t b = 0;
    if (event->type == GATE_EV_INPUT) {
        a = (int64_t)event->input.role;
        b = (int64_t)event->input.level;
    } else if (event->type == GATE_EV_STORED || event->type == GATE_EV_STORE_FAILED) {
        a = event->stored.seq;
    } else if (event->type == GATE_EV_COIL) {
        a = (int64_t)event->coil.role;
        b = event->coil.ok;
    } else if (event->type == GATE_EV_DOWN) {
        a = (int64_t)event->down.type;
        b = event->down.seq + event->down.amount_vnd;
    }
    run_note(run, site->index, event->lane, "gate", gate_event_text(event->type), a, b, "");
    for (int i = 0; i < run->effects.count; i++) {
        trace_effect(site, &run->effects.effect[i]);
    }
}

/* ---- events ---- */

static enum clock_quality clock_quality(const struct site *site)
{
    return site->clock_unknown ? CLOCK_UNKNOWN : CLOCK_SYNCED;
}

/* Fresh for each event; the bytes are the same on every machine. */
void site_draw(struct site *site, uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i += 8) {
        uint64_t word = prng_u64(&site->dice);
        for (size_t k = 0; k < 8 && i + k < n; k++) {
            bytes[i + k] = (uint8_t)(word >> 8 * k);
        }
    }
}

static void step_once(struct site *site, enum gate_event_type type)
{
    struct run *run = site->run;
    struct gate_event *event = &run->event;
    event->type = type;
    event->now = site_mono(site);
    event->wall = site_wall(site);
    event->clock = clock_quality(site);
    site_draw(site, event->random, sizeof event->random);
    gate_step(site->gate, event, &run->effects);
    run->count.gate_steps++;
    trace_step(site, event);
    if (run->config.watch.gate) {
        const char *why = run->config.watch.gate(run->config.watch.context, run, site->index, event,
                                                 &run->effects);
        if (why) {
            run_fail(run, why, "");
        }
    }
    perform(site);
    if (!site->dying) {
        image_acked(&site->image, site->gate->delivery.acked);
    }
}

static void step_outcome(struct site *site)
{
    struct run *run = site->run;
    struct site_outcome outcome = run->outcome[run->outcome_first];
    run->outcome_first = (run->outcome_first + 1) % SITE_OUTCOMES_MAX;
    run->outcome_count--;
    struct gate_event *event = site_event(site, outcome.lane);
    if (outcome.type == GATE_EV_COIL) {
        event->coil.role = outcome.role;
        event->coil.ok = outcome.ok;
    } else {
        event->stored.seq = outcome.seq;
    }
    step_once(site, outcome.type);
}

struct gate_event *site_event(struct site *site, int lane)
{
    struct gate_event *event = &site->run->event;
    memset(event, 0, sizeof *event);
    event->lane = lane;
    return event;
}

void site_step(struct site *site, enum gate_event_type type)
{
    struct run *run = site->run;
    if (!site->alive || site->asleep) {
        return;
    }
    site->dying = false;
    step_once(site, type);
    while (run->outcome_count > 0 && !site->dying) {
        step_outcome(site);
    }
    if (!site->dying) {
        send_waiting(site);
    }
    run->outcome_count = 0;
    if (site->dying) {
        site_gate_dies(site);
        return;
    }
    if (site->gate->behind) { /* an old copy of its journal: it begins anew */
        site->image.renew = site->gate->behind_generation;
        site_gate_dies(site);
        return;
    }
    site_wake_gate(site);
}

/* One pending wake-up that is not later than the deadline. */
void site_wake_gate(struct site *site)
{
    struct run *run = site->run;
    if (!site->alive || site->asleep) {
        return;
    }
    int64_t due = sim_clock_when(&site->clock, gate_deadline(site->gate), run->now_ms);
    if (due < site->gate_at) {
        site->gate_at = due;
        run_push(run, due - run->now_ms, site->index, RUN_EV_GATE_WAKE,
                 (struct sim_event){.life = site->life});
    }
}

void site_take_down(struct site *site, struct str bytes)
{
    const char *why = "";
    struct gate_event *event = site_event(site, 0);
    if (down_read(bytes, &event->down, &why) == 0) {
        event->lane = event->down.lane;
        site_step(site, GATE_EV_DOWN);
    } else {
        run_fail(site->run, "the gate cannot read what the server said", why);
    }
}

/* ---- what the server tells about the lot: gate/io/shell_lot.c ---- */

static const char *read_lot(struct site *site, struct str bytes, bool inside)
{
    static char name[16]; /* the shell does the same */
    const char *why = "";
    int bucket = 0;
    int error = inside ? lot_read_inside(bytes, &site->known, &bucket, &why)
                       : lot_read_config(bytes, &site->known, &why);
    if (error) {
        run_note(site->run, site->index, 0, "lot", "refused", error, inside, why);
        return "";
    }
    snprintf(name, sizeof name, inside ? "inside/%c" : "config", lot_bucket_char(bucket));
    return name;
}

void site_take_lot(struct site *site, struct str bytes, bool inside)
{
    if (!site->alive || site->asleep) {
        return;
    }
    const char *name = read_lot(site, bytes, inside);
    if (name[0]) {
        image_keep(&site->image, name, bytes);
    }
    if (!inside) {
        gate_use_lot(site->gate, &site->known);
        site_publish_status(site, true);
    }
    site_wake_gate(site);
}

void site_restore_lot(struct site *site)
{
    lot_fini(&site->known);
    str_copy_cut(site->known.id, sizeof site->known.id, str_c(site->lot->id));
    for (int i = 0; i < site->image.kept_count; i++) {
        const struct image_kept *kept = &site->image.kept[i];
        (void)read_lot(site, (struct str){kept->bytes, kept->n}, strcmp(kept->name, "config") != 0);
    }
    gate_use_lot(site->gate, &site->known);
}

void site_keep_house(struct site *site)
{
    if (site->alive && !site->asleep && !site->journal_failed && !site->journal_error) {
        image_flush(&site->image);
    }
}
