#include "sim/cli/run_setup.h"

#include "proto/base/check.h"
#include "proto/io/tariff_file.h"
#include "sim/cli/run_world.h"

#include <stdlib.h>

enum {
    CALM_MS = 2 * TIME_HOUR_MS,
    WORLD_CALM_MS = 12 * TIME_HOUR_MS,
    SMALL_VISITS_MIN = 30,
    SMALL_VISITS_MAX = 60
};

static const uint8_t case_key[APP_CASE_KEY] = {1, 2, 3};

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return NULL;
    }
    char *text = calloc(1, 1 << 17);
    size_t n = text ? fread(text, 1, (1 << 17) - 1, file) : 0;
    fclose(file);
    if (text && n == 0) {
        free(text);
        return NULL;
    }
    return text;
}

/* A tariff is read once, whoever uses it. */
static const struct setup_tariff *find_tariff(struct run_setup *setup, const char *name, char *why,
                                              size_t cap)
{
    char path[512];
    for (int i = 0; i < setup->tariff_count; i++) {
        if (strcmp(setup->tariff[i].name, name) == 0) {
            return &setup->tariff[i];
        }
    }
    if (setup->tariff_count == SETUP_TARIFFS_MAX) {
        snprintf(why, cap, "more than %d tariffs", SETUP_TARIFFS_MAX);
        return NULL;
    }
    struct setup_tariff *tariff = &setup->tariff[setup->tariff_count];
    snprintf(tariff->name, sizeof tariff->name, "%s", name);
    tariff->set = malloc(sizeof *tariff->set);
    must(tariff->set);
    if (tariff_file_find(name, path, sizeof path) != 0 ||
        tariff_file_load(path, tariff->set, why, cap) != 0) {
        free(tariff->set);
        tariff->set = NULL;
        return NULL;
    }
    tariff->text = read_text(path);
    setup->tariff_count++;
    return tariff;
}

int run_setup_tariff(struct run_setup *setup, struct app_lot *lot, enum vehicle vehicle,
                     const char *name, char *why, size_t cap)
{
    const struct setup_tariff *tariff = find_tariff(setup, name, why, cap);
    if (!tariff || !tariff->text) {
        return DX_E_NOT_FOUND;
    }
    lot->tariff[vehicle] = tariff->set;
    lot->tariff_text[vehicle] = str_c(tariff->text);
    return 0;
}

static void fill_lot(struct app_lot *lot, int index)
{
    *lot = (struct app_lot){.operator_id = "op-hn",
                            .name = "Bãi xe mô phỏng",
                            .address = "1 Trần Quang Khải",
                            .ward = "Hoàn Kiếm",
                            .bin = "970436",
                            .account_name = "BAI XE MO PHONG",
                            .capacity_car = 200,
                            .capacity_motorbike = 400,
                            .gate_count = 1,
                            .offline_policy = LOT_CONFIRM};
    snprintf(lot->id, sizeof lot->id, "hn-%05d", index + 1);
    snprintf(lot->gate[0], sizeof lot->gate[0], "hn-%05d-g1", index + 1);
    snprintf(lot->account, sizeof lot->account, "10%08d", index + 1);
}

/* A lot as a seed wants it: a few lanes, a few dozen visits, everything at its extremes. */
static int make_small(const struct run_options *options, struct run_setup *setup, char *why,
                      size_t cap)
{
    struct prng root;
    prng_init(&root, options->seed);
    struct prng dice = prng_fork(&root, "small");
    setup->site_count = 1;
    setup->lots = calloc(1, sizeof *setup->lots);
    setup->sites = calloc(1, sizeof *setup->sites);
    must(setup->lots && setup->sites);
    struct run_site *site = &setup->sites[0];
    struct app_lot *lot = &setup->lots[0];
    static const int entries[] = {1, 1, 2, 1, 2};
    static const int lanes[] = {2, 2, 3, 3, 4};
    int shape = (int)prng_range(&dice, 0, 4);
    int rate = (int)prng_range(&dice, 1, 4);
    int64_t visits = prng_range(&dice, SMALL_VISITS_MIN, SMALL_VISITS_MAX);
    fill_lot(lot, 0);
    int error = run_setup_tariff(setup, lot, VEHICLE_CAR, "hanoi-car-c2", why, cap);
    error = error ? error
                  : run_setup_tariff(setup, lot, VEHICLE_MOTORBIKE, "hanoi-two-wheel-z1", why, cap);
    if (error) {
        return error;
    }
    lot->offline_policy = (int)prng_range(&dice, 0, 2);
    lot->offline_limit_vnd = prng_chance(&dice, 500) ? 0 : 50000;
    *site = (struct run_site){.world = {.speed = 1,
                                        .rate = rate,
                                        .attendant = true,
                                        .stuck_ms = 10 * TIME_MINUTE_MS,
                                        .last_return = mono_never(),
                                        .bank_patience_ms = 4 * TIME_MINUTE_MS,
                                        .lanes = lanes[shape]},
                              .cars_percent = (int)prng_range(&dice, 0, 100),
                              .misbehave = 80,
                              .visits = 512,
                              .transfers = 4096,
                              .arrivals = true};
    for (int i = 0; i < lanes[shape]; i++) {
        site->world.lane[i] = i < entries[shape] ? WORLD_LANE_ENTRY : WORLD_LANE_EXIT;
    }
    setup->config.play_ms =
        options->minutes ? options->minutes * TIME_MINUTE_MS : visits * TIME_MINUTE_MS / rate;
    return 0;
}

static void make_plan(const struct run_options *options, struct run_setup *setup)
{
    if (!options->faults) {
        return;
    }
    struct plan *plan = &setup->plan;
    plan_draw(plan, options->seed, setup->site_count, WORLD_LANES, setup->config.play_ms);
    setup->config.plan = plan;
    for (int i = 0; i < setup->site_count; i++) {
        struct run_site *site = &setup->sites[i];
        site->misbehave = plan->misbehave;
        site->wild = plan->wild;
        site->world.confuse = plan->confuse;
    }
}

int run_setup_make(const struct run_options *options, struct run_setup *ret_setup, char *why,
                   size_t cap)
{
    struct run_setup *setup = ret_setup;
    memset(setup, 0, sizeof *setup);
    setup->operator_ = (struct app_operator){
        .id = "op-hn", .name = "Công ty trông giữ xe mẫu", .address = "1 Trần Quang Khải"};
    must(time_parse_iso(STR("2026-03-02T08:00:00+07:00"), &setup->config.start) == 0);
    int error = options->world ? run_world_make(options, setup, why, cap)
                               : make_small(options, setup, why, cap);
    if (!error && options->only) {
        make_plan(options, setup);
        error = plan_keep(&setup->plan, str_c(options->only));
        if (error) {
            snprintf(why, cap, "--only-faults %s: numbers such as 3,7,12-20", options->only);
        }
    } else if (!error) {
        make_plan(options, setup);
    }
    if (error) {
        run_setup_free(setup);
        return error;
    }
    setup->app =
        (struct app_config){.database = options->database ? options->database : "memory:run",
                            .public_url = "https://doxe.example",
                            .prefix = "DX",
                            .quote_valid_s = 600,
                            .late_grace_s = 600,
                            .refund_erase_days = 30,
                            .case_key = case_key,
                            .sepay_secret = "whsec_simulated_city",
                            .operators = setup->operators ? setup->operators : &setup->operator_,
                            .operator_count = setup->operators ? setup->operator_count : 1,
                            .lots = setup->lots,
                            .lot_count = setup->site_count};
    setup->config.seed = options->seed;
    /* A lot that is full at midnight needs hours to empty through its exits. */
    setup->config.calm_ms = options->world ? WORLD_CALM_MS : CALM_MS;
    setup->config.site_count = setup->site_count;
    setup->config.sites = setup->sites;
    setup->config.app = &setup->app;
    setup->config.sweep = options->sweep;
    return 0;
}

const char *run_setup_tariff_name(void *context, int site, enum vehicle vehicle)
{
    const struct run_setup *setup = context;
    const struct tariff_set *set = setup->lots[site].tariff[vehicle];
    for (int i = 0; set && i < setup->tariff_count; i++) {
        if (setup->tariff[i].set == set) {
            return setup->tariff[i].name;
        }
    }
    return NULL;
}

void run_setup_free(struct run_setup *setup)
{
    for (int i = 0; i < setup->tariff_count; i++) {
        free(setup->tariff[i].set);
        free(setup->tariff[i].text);
    }
    if (setup->city.site) {
        city_free(&setup->city);
    }
    free(setup->operators);
    free(setup->lots);
    free(setup->sites);
    memset(setup, 0, sizeof *setup);
}
