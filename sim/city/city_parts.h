/*
 * city_parts.h - what the files of sim/city share; nobody else includes it.
 *
 * city.c        the list of sites, groups drawn, what a world wants
 * city_yaml.c   NAME.yaml
 * city_csv.c    NAME.csv
 */
#ifndef DOXE_SIM_CITY_PARTS_H
#define DOXE_SIM_CITY_PARTS_H

#include "sim/city/city.h"

struct city_range {
    int64_t from, to;
};

/* Sites that are alike: `count` of them are drawn. */
struct city_group {
    int count;
    struct city_site like; /* without lot, gate, places, visits */
    struct city_range places[VEHICLE_COUNT], visits;
};

/* DX_E_MEMORY; DX_E_RANGE: too many. */
DX_MUST_USE int city_add_group(struct city *city, const struct city_group *group,
                               struct prng *prng);
/* The visits of all sites add up to this from now on. */
void city_scale(struct city *city, int64_t visits_a_day);
/* Hours and weekdays of nowhere in particular. */
void city_plain_profile(struct city_profile *ret_profile);
/* "entry+exit": the lanes into `site`.  False: not so. */
bool city_parse_lanes(struct str text, struct city_site *site);

DX_MUST_USE int city_read_yaml(const char *path, char *error, struct city *city);
DX_MUST_USE int city_read_csv(const char *path, char *error, struct city *city);

#endif
