#include "sim/cli/run_world.h"

#include "proto/base/check.h"

#include <stdlib.h>

static int by_lot(const void *a, const void *b)
{
    const struct city_site *x = a;
    const struct city_site *y = b;
    return strcmp(x->lot, y->lot);
}

static void add_operator(struct run_setup *setup, const char *id)
{
    for (int i = 0; i < setup->operator_count; i++) {
        if (strcmp(setup->operators[i].id, id) == 0) {
            return;
        }
    }
    struct app_operator *o = &setup->operators[setup->operator_count++];
    str_copy_cut(o->id, sizeof o->id, str_c(id));
    snprintf(o->name, sizeof o->name, "Công ty trông giữ xe %s", id);
    str_copy_cut(o->address, sizeof o->address, STR("Hà Nội"));
}

static int make_lot(struct run_setup *setup, int i, char *why, size_t cap)
{
    const struct city_site *site = &setup->city.site[i];
    struct app_lot *lot = &setup->lots[i];
    int error = 0;
    *lot = (struct app_lot){.bin = "970436",
                            .account_name = "BAI XE MO PHONG",
                            .capacity_car = site->places[VEHICLE_CAR],
                            .capacity_motorbike = site->places[VEHICLE_MOTORBIKE],
                            .gate_count = 1,
                            .offline_policy = LOT_CONFIRM,
                            .offline_limit_vnd = 50000};
    str_copy_cut(lot->id, sizeof lot->id, str_c(site->lot));
    str_copy_cut(lot->operator_id, sizeof lot->operator_id, str_c(site->operator_id));
    str_copy_cut(lot->account, sizeof lot->account, str_c(site->account));
    str_copy_cut(lot->gate[0], sizeof lot->gate[0], str_c(site->gate));
    snprintf(lot->name, sizeof lot->name, "Bãi xe %s (%s)", site->lot,
             city_class_text(site->class_));
    snprintf(lot->address, sizeof lot->address, "số %d", i + 1);
    snprintf(lot->ward, sizeof lot->ward, "Hoàn Kiếm");
    add_operator(setup, site->operator_id);
    for (int v = 0; v < VEHICLE_COUNT && !error; v++) {
        if (site->tariff[v][0]) {
            error = run_setup_tariff(setup, lot, (enum vehicle)v, site->tariff[v], why, cap);
        }
    }
    return error;
}

static void people_of(void *context, int site, const struct prng *root, struct people *ret_people,
                      struct prng *ret_stream)
{
    city_people(context, site, root, ret_people, ret_stream);
}

static void make_site(const struct run_options *options, struct run_setup *setup, int i)
{
    enum { TRANSFERS_OPEN = 512, TRANSFERS_SPARE = 1024 };
    const struct city *city = &setup->city;
    const struct city_site *site = &city->site[i];
    struct run_site *out = &setup->sites[i];
    *out = (struct run_site){.cars_percent = site->cars_percent,
                             .misbehave = city->people.misbehave,
                             .wild = city->people.wild,
                             .visits = city_book_size(site),
                             .arrivals = true};
    out->visits = out->visits < 64 ? 64 : out->visits;
    /* Where values pass, what is over is forgotten, and the book stays small whatever the days. */
    int64_t days = options->days ? options->days : 1;
    out->transfers = setup->config.values ? TRANSFERS_OPEN
                                          : (int)(site->visits_a_day * days * 2 + TRANSFERS_SPARE);
    city_world(city, i, setup->config.start, &out->world);
    out->world.bank_patience_ms = 4 * TIME_MINUTE_MS;
    if (!options->faults) {
        out->people = people_of;
        out->context = &setup->city;
    }
}

int run_world_make(const struct run_options *options, struct run_setup *setup, char *why,
                   size_t cap)
{
    char sentence[CITY_ERROR_CAP] = "";
    int error = city_read(options->world, sentence, &setup->city);
    if (error) {
        snprintf(why, cap, "%s", sentence[0] ? sentence : dx_error_text(error));
        return error;
    }
    struct city *city = &setup->city;
    size_t count = (size_t)city->site_count;
    /* A lot is found by its id: they stand in their order. */
    qsort(city->site, count, sizeof *city->site, by_lot);
    setup->site_count = city->site_count;
    setup->lots = calloc(count, sizeof *setup->lots);
    setup->sites = calloc(count, sizeof *setup->sites);
    setup->operators = calloc(count, sizeof *setup->operators);
    must(setup->lots && setup->sites && setup->operators);
    setup->config.start = options->start.ms ? options->start : city->start;
    setup->config.play_ms = (options->days ? options->days : 1) * (int64_t)TIME_DAY_MS;
    setup->config.values = !options->faults; /* an export writes the text of what came as a value */
    for (int i = 0; i < setup->site_count && !error; i++) {
        error = make_lot(setup, i, why, cap);
        make_site(options, setup, i);
    }
    return error;
}
