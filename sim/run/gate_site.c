/* gate_site.c - a site's life: its gate is made, starts from the image, dies. */
#include "proto/io/lot_json.h"
#include "sim/run/run_parts.h"

enum { PAGE = 4096, LINK_MS = 300, LEARN_MS = 60, HOUSE_MS = 5000 };

mono_t site_mono(const struct site *site)
{
    return sim_clock_mono(&site->clock, site->run->now_ms);
}

wall_t site_wall(const struct site *site)
{
    return site->clock_unknown
               ? (wall_t){site->run->now_ms}
               : sim_clock_wall(&site->clock, site->run->config.start, site->run->now_ms);
}

static void fill_config(struct site *site)
{
    struct gate_config *config = &site->gate_config;
    const struct plan *plan = site->run->config.plan;
    memset(config, 0, sizeof *config);
    str_copy_cut(config->gate, sizeof config->gate, str_c(site->id));
    str_copy_cut(config->version, sizeof config->version, STR(DOXE_VERSION));
    config->pace = plan && plan->pace ? plan->pace : DELIVERY_PACE;
    config->lane_count = site->lane_count;
    for (int i = 0; i < site->lane_count; i++) {
        lane_config_defaults(&config->lane[i]);
        config->lane[i].lane = i + 1;
        config->lane[i].direction =
            (site->world ? site->world->lane[i].exit : i % 2 == 1) ? LANE_EXIT : LANE_ENTRY;
        if (plan && plan->answer_ms) {
            config->lane[i].answer_ms = plan->answer_ms;
        }
    }
    if (site->config->configure) {
        site->config->configure(site->config->context, site->index, config);
        site->lane_count = config->lane_count;
    }
}

/* The street of struct world, with people of the site's own. */
static void make_world(struct site *site)
{
    struct run *run = site->run;
    char name[32];
    struct people people;
    struct world_config world = site->config->world;
    world.pushed = true; /* a display that changes is looked at; nobody else costs a step */
    world.quiet = true;
    snprintf(name, sizeof name, "site %d", site->index);
    struct prng root = prng_fork(&run->root, name);
    site->world = calloc(1, sizeof *site->world);
    site->visits = calloc((size_t)site->config->visits, sizeof *site->visits);
    must(site->world && site->visits);
    if (site->config->people) {
        site->config->people(site->config->context, site->index, &run->root, &people, &root);
    } else {
        people_init(&people, &root, site->config->cars_percent, site->config->misbehave);
        people.wild = site->config->wild;
    }
    world_init(site->world, &world, &root, &people, site->visits, site->config->visits,
               (mono_t){SIM_CLOCK_BOOT_MS});
    if (!site->config->arrivals) {
        site->world->next_arrival = mono_never();
    }
}

void site_init(struct site *site, struct run *run, int index)
{
    char name[32];
    memset(site, 0, sizeof *site);
    site->run = run;
    site->index = index;
    site->config = &run->config.sites[index];
    site->lot = &run->config.app->lots[index];
    site->id = site->lot->gate[0];
    snprintf(name, sizeof name, "gate %d", index);
    site->dice = prng_fork(&run->root, name);
    snprintf(name, sizeof name, "devices %d", index);
    site->devices = prng_fork(&run->root, name);
    snprintf(name, sizeof name, "line %d", index);
    site->net_dice = prng_fork(&run->root, name);
    site->lane_count = site->config->world.lanes ? site->config->world.lanes : WORLD_LANES;
    if (!site->config->street.step) {
        make_world(site);
    }
    fill_config(site);
    int places = site->config->visits;
    site->lane = calloc((size_t)site->lane_count + 1, sizeof *site->lane);
    site->bills = calloc((size_t)places, sizeof *site->bills);
    site->transfers = calloc((size_t)site->config->transfers, sizeof *site->transfers);
    must(site->lane && site->bills && site->transfers);
    snprintf(name, sizeof name, "banks %d", index);
    struct prng banks = prng_fork(&run->root, name);
    bank_init(&site->bank, &banks, 1, 1 + (int64_t)index * 100000, site->transfers,
              site->config->transfers);
    site->bank.recycles = run->config.values; /* millions of transfers need not stay */
    site->street_at = site->bank_at = site->gate_at = INT64_MAX;
    site->line_up = true;
    must(topic_write(site->topic_up, site->lot->id, site->id, TOPIC_UP) == 0);
    must(topic_write(site->topic_down, site->lot->id, site->id, TOPIC_DOWN) == 0);
    must(topic_write(site->topic_status, site->lot->id, site->id, TOPIC_STATUS) == 0);
    image_init(&site->image, run->config.start);
    for (int lane = 1; lane <= site->lane_count; lane++) {
        for (int role = 0; role < INPUT_ROLE_COUNT; role++) {
            bool used = (site->gate_config.lane[lane - 1].inputs & 1u << role) != 0;
            site->lane[lane].level[role] = used ? LEVEL_OFF : LEVEL_UNKNOWN;
        }
        site->lane[lane].level[INPUT_CLOSED] = LEVEL_ON; /* arms are down */
        site->lane[lane].answers = true;
        scan_frame_init(&site->lane[lane].frame);
    }
    run_push(run, 10, index, RUN_EV_GATE_START, (struct sim_event){0});
    run_push(run, HOUSE_MS, index, RUN_EV_HOUSE, (struct sim_event){0});
}

void site_fini(struct site *site)
{
    lot_fini(&site->known);
    image_fini(&site->image);
    for (int i = 0; i <= LOT_BUCKETS; i++) {
        free(site->kept[i].bytes);
    }
    free(site->gate);
    free(site->world);
    free(site->visits);
    free(site->bills);
    free(site->transfers);
    free(site->lane);
}

/*
 * A gate is 1.2 MB, most of it zero for ever: what gate_init makes is made in one place, and only
 * the pages with something in them are written, so that a city of gates fits into memory.
 */
static struct gate *new_gate(struct run *run, const struct gate_config *config)
{
    static const char zero[PAGE];
    char *gate = calloc(1, sizeof(struct gate));
    must(gate);
    if (!run->blank) {
        run->blank = malloc(sizeof *run->blank);
        must(run->blank);
    }
    gate_init(run->blank, config);
    const char *from = (const char *)run->blank;
    for (size_t i = 0; i < sizeof(struct gate); i += PAGE) {
        size_t n = sizeof(struct gate) - i < PAGE ? sizeof(struct gate) - i : PAGE;
        if (memcmp(from + i, zero, n) != 0) {
            memcpy(gate + i, from + i, n);
        }
    }
    return (struct gate *)(void *)gate;
}

/* A crash may have come between a camera's answer and the core. */
static void take_left_reads(struct site *site)
{
    enum { FRESH_MS = 30000 };
    wall_t since = wall_add(site_wall(site), -FRESH_MS);
    int64_t last = site->image.places;
    for (int64_t place = last - IMAGE_READS_MAX + 1; place <= last; place++) {
        const struct image_read *read =
            &site->image.read[(place > 0 ? place : 0) % IMAGE_READS_MAX];
        if (place > site->image.taken && read->place == place && read->received.ms > since.ms) {
            struct gate_plate plate = read->plate;
            int lane = read->lane;
            image_read_taken(&site->image, place);
            site_take_plate(site, lane, &plate);
        }
    }
}

static void tell_life(struct site *site, bool up)
{
    const struct run_watch *watch = &site->run->config.watch;
    site_tell_up(site);
    const char *why = watch->life ? watch->life(watch->context, site->run, site->index, up) : NULL;
    if (why) {
        run_fail(site->run, why, "");
    }
}

void site_gate_start(struct site *site)
{
    struct run *run = site->run;
    struct gate_event start;
    if (site->alive) {
        return;
    }
    site->gate = new_gate(run, &site->gate_config);
    image_open(&site->image, site_wall(site), &start);
    image_restore(&site->image, site->gate);
    site_restore_lot(site);
    site->alive = true;
    site->journal_failed = false;
    run_note(run, site->index, 0, "gate", "starts", site->image.generation, site->image.boot, "");
    run->event = start;
    site_step(site, GATE_EV_START);
    take_left_reads(site);
    for (int lane = 1; lane <= site->lane_count && site->alive; lane++) {
        site->lane[lane].told = false;
        run_push(run, LEARN_MS, site->index, RUN_EV_BUS,
                 (struct sim_event){
                     .lane = (uint16_t)lane, .a = site->lane[lane].answers, .life = site->life});
    }
    run_push(run, LINK_MS, site->index, RUN_EV_LINK,
             (struct sim_event){.a = 1, .life = site->life});
    tell_life(site, true);
}

void site_gate_kill(struct site *site)
{
    struct run *run = site->run;
    if (!site->alive) {
        return;
    }
    run_note(run, site->index, 0, "gate", "dies", site->image.last, site->image.acked_stored, "");
    run->count.crashes++;
    net_lose(site);
    free(site->gate);
    site->gate = NULL;
    site->alive = false;
    site->asleep = false;
    site->life++;
    site->gate_at = INT64_MAX;
    site->send_to = 0;
    run->outcome_count = 0;
    for (int lane = 1; lane <= site->lane_count; lane++) {
        memset(&site->lane[lane].display, 0, sizeof site->lane[lane].display);
        scan_frame_wipe(&site->lane[lane].frame);
        scan_frame_init(&site->lane[lane].frame);
        site->lane[lane].bus_ms = 0;
    }
    tell_life(site, false);
}

void site_gate_dies(struct site *site)
{
    enum { AGAIN_MS = 2000 };
    if (site->alive) {
        site_gate_kill(site);
        run_push(site->run, AGAIN_MS, site->index, RUN_EV_GATE_START, (struct sim_event){0});
    }
}

/* Behind the last one every lane comes to rest; one that is in fault does not. */
static bool lanes_rest(const struct gate *gate)
{
    for (int i = 0; i < gate->config.lane_count; i++) {
        enum lane_state state = gate->lane[i].state;
        if (state != LANE_IDLE && state != LANE_CLOSED && state != LANE_RAISED) {
            return false;
        }
    }
    return true;
}

bool site_is_idle(const struct site *site, const char **ret_why)
{
    const char *why = NULL;
    if (!site->alive) {
        why = "a gate is dead";
    } else if (site->world && world_present(site->world) > 0) {
        why = "vehicles are still there";
    } else if (site->bank.open > 0 || site->late_payments > 0) {
        why = "words of banks are still to come";
    } else if (!lanes_rest(site->gate)) {
        why = "a lane has not come to rest";
    } else if (site->gate->journal.count > 0) {
        why = "records of a gate are not stored";
    } else if (site->gate->delivery.acked < site->gate->delivery.last) {
        why = "the server has not acknowledged all events of a gate";
    } else if (site->on_the_way > 0) {
        why = "messages are on the way";
    }
    *ret_why = why;
    return why == NULL;
}
