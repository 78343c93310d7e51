#include "sim/court/court.h"

#include "proto/base/check.h"
#include "proto/lot.h"
#include "sim/run/image.h"
#include "sim/store/watch.h"

#include <stdlib.h>

enum { TOLERANCE_MS = 20000, SENTENCE_CAP = 512, STRUCK_TOLERANCE_MS = 15 * TIME_MINUTE_MS };

struct court {
    struct run_config *config;
    struct judge *judge;
    struct memory *memory; /* NULL: another store */
    const char *(*tariff)(void *context, int site, enum vehicle vehicle);
    void *context;
    char sentence[SENTENCE_CAP];
};

/* ---- what the store has committed ---- */

static void hear_event(void *context, const char *gate, int64_t generation, int64_t seq)
{
    judge_applied(((struct court *)context)->judge, gate, generation, seq);
}

static void hear_session(void *context, const struct session *session)
{
    judge_session(((struct court *)context)->judge, session);
}

static void hear_credit(void *context, const struct bank_credit *credit,
                        enum payment_verdict verdict)
{
    judge_credit(((struct court *)context)->judge, credit, verdict);
}

static void hear_tx(void *context, const struct ledger_tx *tx)
{
    judge_posted(((struct court *)context)->judge, tx);
}

/* ---- findings ---- */

static const char *sentence_of(struct court *court, const struct judge_finding *finding)
{
    char at[TIME_ISO_CAP];
    time_format_iso(finding->at, at);
    snprintf(court->sentence, sizeof court->sentence, "judge: %s: site %d, %s: %s",
             judge_rule_text(finding->rule), finding->site, at, finding->text);
    return court->sentence;
}

static const char *verdict(struct court *court)
{
    const struct judge_finding *finding = NULL;
    return judge_findings(court->judge, &finding) > 0 ? sentence_of(court, &finding[0]) : NULL;
}

const char *court_finding(const struct court *court, int number)
{
    static char text[SENTENCE_CAP];
    const struct judge_finding *finding = NULL;
    if (number >= judge_findings(court->judge, &finding)) {
        return NULL;
    }
    snprintf(text, sizeof text, "%s: %s", judge_rule_text(finding[number].rule),
             finding[number].text);
    return text;
}

void court_report(const struct court *court, struct judge_report *ret_report)
{
    judge_get_report(court->judge, ret_report);
}

/* Letters and digits alone. */
static void strip(const char *raw, char out[PLATE_RAW_CAP])
{
    size_t n = 0;
    for (; *raw; raw++) {
        if ((*raw >= '0' && *raw <= '9') || (*raw >= 'A' && *raw <= 'Z')) {
            out[n++] = *raw;
        }
    }
    out[n] = '\0';
}

static void hear_reading(struct court *court, const struct run *run, int site, int lane,
                         const char *raw)
{
    const struct world *world = run_world(run, site);
    char read_as[PLATE_RAW_CAP];
    char key[PERSON_KEY_CAP];
    if (!world || lane < 1 || lane > world->lanes || world->lane[lane - 1].on < 0) {
        return;
    }
    const struct visit *visit = &world->visit[world->lane[lane - 1].on];
    strip(raw, read_as);
    visit_key(visit, key);
    if (read_as[0] && strcmp(read_as, key) != 0) {
        judge_misread(court->judge, site, visit->person.key, read_as);
    }
}

static void hear_gate_event(struct court *court, const struct run *run, int site,
                            const struct gate_event *event)
{
    if (event->type == GATE_EV_PLATE) {
        hear_reading(court, run, site, event->lane, event->plate.raw);
    } else if (event->type == GATE_EV_INPUT) {
        judge_input(court->judge, site, event->lane, event->input.role, event->input.level);
    } else if (event->type == GATE_EV_BUS) {
        judge_bus(court->judge, site, event->lane, event->bus.reachable);
    } else if (event->type == GATE_EV_START) {
        judge_gate_started(court->judge, site);
    }
}

static void look_at_queues(struct court *court, const struct run *run, int site)
{
    const struct gate *gate = run_gate(run, site);
    if (!gate) {
        return;
    }
    for (int i = 0; i < gate->config.lane_count; i++) {
        judge_queue(court->judge, site, "a lane's unstored records", gate->lane[i].unstored,
                    LANE_RECORDS_MAX);
    }
    judge_queue(court->judge, site, "the gate's list of who is inside", gate->inside.count,
                INSIDE_MAX);
}

/* ---- after a crash: what the gate knows again is what its disk has ---- */

struct known {
    int64_t generation, last;
    int inside_count;
    uint64_t inside;
    bool permitted[MSG_LANES_MAX + 1];
    char session[MSG_LANES_MAX + 1][ULID_CAP];
};

static uint64_t fold(uint64_t hash, const struct inside_entry *entry)
{
    for (const char *p = entry->session; *p; p++) {
        hash = (hash ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
    }
    return (hash ^ (uint64_t)entry->entered.ms) * UINT64_C(0x100000001b3);
}

static void know_image(const struct image *image, struct known *known)
{
    memset(known, 0, sizeof *known);
    known->generation = image->generation;
    known->last = image->last;
    known->inside_count = image->inside_count;
    for (int i = 0; i < image->inside_count; i++) {
        known->inside = fold(known->inside, &image->inside[i]);
    }
    for (int i = 1; i <= MSG_LANES_MAX; i++) {
        if (image->has_context[i]) {
            known->permitted[i] = image->context[i].permitted;
            memcpy(known->session[i], image->context[i].session, ULID_CAP);
        }
    }
}

static void know_gate(const struct gate *gate, struct known *known)
{
    memset(known, 0, sizeof *known);
    known->generation = gate->generation;
    known->last = gate->journal.last;
    known->inside_count = gate->inside.count;
    for (int i = 0; i < gate->inside.count; i++) {
        known->inside = fold(known->inside, &gate->inside.entry[i]);
    }
    for (int i = 0; i < gate->config.lane_count; i++) {
        struct lane_context context;
        lane_get_context(&gate->lane[i], &context);
        known->permitted[gate->lane[i].config.lane] = context.permitted;
        memcpy(known->session[gate->lane[i].config.lane], context.session, ULID_CAP);
    }
}

/* In the step of START: nothing has been seen yet, and its own records are not durable. */
static void compare_replay(struct court *court, const struct run *run, int site)
{
    struct known before;
    struct known after;
    const struct gate *gate = run_gate(run, site);
    if (!gate) {
        return;
    }
    know_image(run_image(run, site), &before);
    know_gate(gate, &after);
    after.last -= gate->journal.count;
    judge_restored(court->judge, site, &before, sizeof before, &after, sizeof after);
}

/* ---- hooks ---- */

/* Orders to arms count after the records of the same step are durable: that is the core's word. */
static const char *on_gate(void *context, const struct run *run, int site,
                           const struct gate_event *event, const struct gate_effects *effects)
{
    struct court *court = context;
    judge_now(court->judge, run_wall(run));
    hear_gate_event(court, run, site, event);
    judge_queue(court->judge, site, "the effects of a step", effects->count, GATE_EFFECTS_MAX);
    for (int i = 0; i < effects->count; i++) {
        const struct gate_effect *effect = &effects->effect[i];
        if (effect->type == GATE_EFF_OUTPUT) {
            judge_output(court->judge, site, effect->lane, effect->output.role, effect->output.act);
        }
    }
    look_at_queues(court, run, site);
    if (event->type == GATE_EV_START) {
        compare_replay(court, run, site);
    }
    return verdict(court);
}

/* Did it pass while the gate's computer slept?  Nobody saw it, and nothing tells which way it went.
 */
static bool slept_at(const struct court *court, int site, wall_t at)
{
    enum { AROUND_MS = 15000 };
    const struct plan *plan = court->config->plan;
    int64_t ms = wall_diff(at, court->config->start);
    for (int i = 0; plan && i < plan->count; i++) {
        const struct plan_fault *fault = &plan->fault[i];
        if (fault->class_ == PLAN_CLOCK_SUSPEND && (fault->site < 0 || fault->site == site) &&
            ms >= fault->at_ms - AROUND_MS && ms <= fault->until_ms + AROUND_MS) {
            return true;
        }
    }
    return false;
}

static void hear_closed(struct court *court, int site, const struct world *world, int number)
{
    const struct visit *visit = &world->visit[number];
    if (slept_at(court, site, visit->left) || slept_at(court, site, visit->entered)) {
        judge_misread(court->judge, site, visit->person.key, "");
    }
    judge_visit(court->judge, site, number);
}

static const char *on_street(void *context, const struct run *run, int site,
                             const struct world_event *event, const struct world_effects *effects)
{
    struct court *court = context;
    const struct world *world = run_world(run, site);
    (void)event;
    judge_now(court->judge, run_wall(run));
    for (int i = 0; world && i < effects->count; i++) {
        const struct world_effect *effect = &effects->effect[i];
        if (effect->kind == WORLD_EFF_CLOSED) {
            hear_closed(court, site, world, effect->visit);
        } else if (effect->kind == WORLD_EFF_CARD) {
            judge_card(court->judge, &world->visit[effect->visit].person);
        }
    }
    if (world) {
        judge_notes(court->judge, site);
    }
    return verdict(court);
}

static const char *on_server(void *context, const struct run *run)
{
    struct court *court = context;
    judge_now(court->judge, run_wall(run));
    return verdict(court);
}

static const char *on_message(void *context, const struct run *run, int site, struct str topic,
                              struct str bytes)
{
    struct court *court = context;
    judge_now(court->judge, run_wall(run));
    judge_bytes(court->judge, site, JUDGE_BYTES_TOPIC, topic);
    judge_bytes(court->judge, site, JUDGE_BYTES_MESSAGE, bytes);
    return verdict(court);
}

static const char *on_stored(void *context, const struct run *run, int site,
                             const struct event *event)
{
    struct court *court = context;
    judge_now(court->judge, run_wall(run));
    judge_stored(court->judge, site, event);
    return verdict(court);
}

static const char *on_transfer(void *context, const struct run *run, int site,
                               const struct transfer *transfer)
{
    struct court *court = context;
    judge_now(court->judge, run_wall(run));
    judge_transfer(court->judge, site, transfer, transfer->paycode);
    return verdict(court);
}

/* ---- the end ---- */

static void reread(void *context, const struct ledger_tx *tx)
{
    judge_ledger_row(((struct court *)context)->judge, tx);
}

static const char *on_settled(void *context, const struct run *run)
{
    struct court *court = context;
    const struct run_config *config = run_configuration(run);
    if (!court->memory) {
        return verdict(court);
    }
    for (int i = 0; i < config->site_count; i++) {
        const struct gate *gate = run_gate(run, i);
        for (int k = 0; gate && k < gate->inside.count; k++) {
            judge_gate_inside(court->judge, i, &gate->inside.entry[k]);
        }
        if (gate) {
            judge_settle(court->judge, i, gate->generation, gate->journal.last,
                         gate->delivery.last - gate->delivery.acked);
        }
    }
    memory_each_tx(court->memory, reread, court);
    judge_end(court->judge, memory_ledger_is_whole(court->memory));
    return verdict(court);
}

/* ---- life ---- */

static int64_t may_owe(const struct app_lot *lot)
{
    return lot->offline_policy == LOT_OPEN ? lot->offline_limit_vnd : 0;
}

static void add_sites(struct court *court, struct run *run)
{
    const struct run_config *config = court->config;
    for (int i = 0; i < config->site_count; i++) {
        const struct app_lot *lot = &config->app->lots[i];
        struct judge_site site = {.gate = lot->gate[0],
                                  .lot = lot->id,
                                  .world = run_world(run, i),
                                  .tolerance_ms = TOLERANCE_MS,
                                  .promise_ms = config->app->quote_valid_s * 1000,
                                  .may_owe_vnd = may_owe(lot)};
        for (int v = 0; v < VEHICLE_COUNT; v++) {
            const char *name = court->tariff(court->context, i, (enum vehicle)v);
            site.fee[v] = name ? fee_of_tariff(name) : FEE_NOT_KNOWN;
        }
        (void)judge_add_site(court->judge, &site);
    }
}

/* Faults that make a gate's own times worthless, or late: judged against each other only. */
static void know_faults(struct court *court)
{
    const struct plan *plan = court->config->plan;
    for (int i = 0; plan && i < plan->count; i++) {
        const struct plan_fault *fault = &plan->fault[i];
        for (int site = 0; site < court->config->site_count; site++) {
            if (fault->site < 0 || fault->site == site) {
                judge_clock_is_wrong(court->judge, site);
            }
        }
    }
}

struct court *court_new(struct run_config *config,
                        const char *(*tariff)(void *context, int site, enum vehicle vehicle),
                        void *context)
{
    struct court *court = calloc(1, sizeof *court);
    must(court);
    court->config = config;
    court->judge = judge_new();
    court->tariff = tariff;
    court->context = context;
    config->watch = (struct run_watch){.context = court,
                                       .gate = on_gate,
                                       .street = on_street,
                                       .server = on_server,
                                       .message = on_message,
                                       .stored = on_stored,
                                       .transfer = on_transfer,
                                       .settled = on_settled};
    return court;
}

void court_sit(struct court *court, struct run *run)
{
    const struct memory_watch watch = {court, hear_event, hear_session, hear_credit, hear_tx};
    const char *path = court->config->app->database;
    judge_now(court->judge, court->config->start);
    add_sites(court, run);
    know_faults(court);
    if (strncmp(path, MEMORY_PREFIX, strlen(MEMORY_PREFIX)) == 0 &&
        memory_find(path, &court->memory) == 0) {
        memory_set_watch(court->memory, &watch);
    }
}

void court_free(struct court *court)
{
    if (court) {
        judge_free(court->judge);
        free(court);
    }
}
