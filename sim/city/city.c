#include "proto/base/check.h"
#include "sim/city/city_parts.h"

#include <stdlib.h>

enum { LANE_BOOK = WORLD_QUEUE_MAX + 2, BOOK_SPARE = 64, LOTS_PER_OPERATOR = 40 };

const char *city_class_text(enum city_class class_)
{
    static const char *const text[CITY_CLASS_COUNT] = {
#define X(name, word) word,
        CITY_CLASSES(X)
#undef X
    };
    return class_ >= 0 && class_ < CITY_CLASS_COUNT ? text[class_] : "?";
}

void city_plain_profile(struct city_profile *ret_profile)
{
    *ret_profile =
        (struct city_profile){.name = "plain",
                              .stay_percent = 100,
                              .arrivals = {.hour = {4,  2,  2,  2,  4,  14, 46, 88, 86, 64, 56, 54,
                                                    50, 52, 56, 58, 64, 86, 78, 56, 38, 22, 12, 6},
                                           .weekday = {100, 100, 100, 100, 105, 95, 80}}};
}

bool city_parse_lanes(struct str text, struct city_site *site)
{
    static const char *const words[] = {"entry", "exit", "reversible"};
    site->lanes = 0;
    while (text.n && site->lanes < WORLD_LANES_MAX) {
        size_t end = str_index(text, '+');
        struct str word = str_trim(str_slice(text, 0, end));
        int kind = 0;
        while (kind < 3 && !str_eq_c(word, words[kind])) {
            kind++;
        }
        if (kind == 3) {
            return false;
        }
        site->lane[site->lanes++] = (enum world_lane_kind)kind;
        text = str_slice(text, end + 1, text.n);
    }
    bool in = false;
    bool out = false;
    for (int i = 0; i < site->lanes; i++) {
        in = in || site->lane[i] != WORLD_LANE_EXIT;
        out = out || site->lane[i] != WORLD_LANE_ENTRY;
    }
    return text.n == 0 && in && out;
}

static int draw(struct prng *prng, struct city_range range)
{
    return (int)prng_range(prng, range.from, range.to);
}

/* Names and the account by its number: one operator for forty lots in a row. */
static void name_site(struct city_site *site, int number)
{
    int operator_ = (number - 1) / LOTS_PER_OPERATOR + 1;
    snprintf(site->lot, sizeof site->lot, "hn-%04d", number);
    snprintf(site->gate, sizeof site->gate, "hn-%04d-g1", number);
    snprintf(site->operator_id, sizeof site->operator_id, "op-%03d", operator_);
    snprintf(site->account, sizeof site->account, "10%08d", operator_);
}

int city_add_group(struct city *city, const struct city_group *group, struct prng *prng)
{
    int count = city->site_count + group->count;
    if (group->count < 0 || count > CITY_SITES_MAX) {
        return DX_E_RANGE;
    }
    struct city_site *sites = realloc(city->site, ((size_t)count + 1) * sizeof *sites);
    if (!sites) {
        return DX_E_MEMORY;
    }
    city->site = sites;
    for (; city->site_count < count; city->site_count++) {
        struct city_site *site = &sites[city->site_count];
        *site = group->like;
        for (int i = 0; i < VEHICLE_COUNT; i++) {
            site->places[i] = draw(prng, group->places[i]);
        }
        site->visits_a_day = draw(prng, group->visits);
        name_site(site, city->lots_before + city->site_count + 1);
        int all = site->places[VEHICLE_CAR] + site->places[VEHICLE_MOTORBIKE];
        if (site->cars_percent < 0) {
            site->cars_percent = all ? site->places[VEHICLE_CAR] * 100 / all : 0;
        }
    }
    return 0;
}

int64_t city_visits(const struct city *city)
{
    int64_t sum = 0;
    for (int i = 0; i < city->site_count; i++) {
        sum += city->site[i].visits_a_day;
    }
    return sum;
}

/* What the shares leave over goes to the first ones, one each. */
void city_scale(struct city *city, int64_t visits_a_day)
{
    int64_t sum = city_visits(city);
    for (int i = 0; sum > 0 && i < city->site_count; i++) {
        struct city_site *site = &city->site[i];
        site->visits_a_day = (int)(site->visits_a_day * visits_a_day / sum);
    }
    int64_t left = visits_a_day - city_visits(city);
    for (int i = 0; sum > 0 && left > 0; i = (i + 1) % city->site_count, left--) {
        city->site[i].visits_a_day++;
    }
}

void city_world(const struct city *city, int number, wall_t wall, struct world_config *ret_config)
{
    must(number >= 0 && number < city->site_count);
    const struct city_site *site = &city->site[number];
    const struct city_profile *profile = &city->profile[site->profile];
    struct world_config *config = ret_config;
    *config = (struct world_config){.speed = 1,
                                    .rate = 1,
                                    .attendant = true,
                                    .confuse = city->people.confuse,
                                    .stuck_ms = 5 * TIME_MINUTE_MS,
                                    .last_return = mono_never(),
                                    .lanes = site->lanes,
                                    .arrivals = &profile->arrivals,
                                    .visits_a_day = site->visits_a_day,
                                    .wall = wall,
                                    .stay_percent = profile->stay_percent,
                                    .mistaken = city->people.mistaken,
                                    .dishonest = city->people.dishonest,
                                    .pushed = true,
                                    .quiet = true};
    memcpy(config->lane, site->lane, sizeof config->lane);
    memcpy(config->places, site->places, sizeof config->places);
}

int city_book_size(const struct city_site *site)
{
    return site->places[VEHICLE_CAR] + site->places[VEHICLE_MOTORBIKE] + site->lanes * LANE_BOOK +
           BOOK_SPARE;
}

void city_people(const struct city *city, int site, const struct prng *root,
                 struct people *ret_people, struct prng *ret_stream)
{
    const struct city_people *people = &city->people;
    *ret_stream = prng_fork(root, city->site[site].lot);
    people_init(ret_people, ret_stream, city->site[site].cars_percent, people->misbehave);
    ret_people->wild = people->wild;
    ret_people->early = people->early;
}

int city_read(const char *path, char *error, struct city *ret_city)
{
    struct city city = {.people = {.early = 150}};
    size_t n = strlen(path);
    bool csv = n > 4 && strcmp(path + n - 4, ".csv") == 0;
    error[0] = '\0';
    int status = csv ? city_read_csv(path, error, &city) : city_read_yaml(path, error, &city);
    if (status) {
        city_free(&city);
        return status;
    }
    *ret_city = city;
    return 0;
}

void city_free(struct city *city)
{
    free(city->site);
    city->site = NULL;
    city->site_count = 0;
}
