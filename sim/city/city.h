/*
 * city.h - a world from a file: its sites, their lanes, places and tariffs, and who comes when.
 *
 * Two forms, told apart by the name of the file:
 *   NAME.yaml  profiles of a day and a week, special days, people, and groups of sites.  A group of
 *              one is a site as it is written; a group of 639 is drawn within its ranges, the same
 *              ones each time: the draw depends on the file alone.
 *   NAME.csv   a line a site: lot,class,lanes,cars,motorbikes,visits,tariff_car,tariff_motorbike
 *              (lanes as entry+exit+reversible); the day is an ordinary one.
 * etc/worlds has the planned city and small ones; docs/SIMULATION.md shows the keys.
 *
 * `first_lot` is the number of the first lot (1: hn-0001).  With `visits_a_day` the sites' visits
 * are scaled so that they add up to it, to the visit.
 *
 * A shell: it reads files and its list is on the heap.  Not here: tariffs' prices
 * (etc/tariffs), a run over the sites (sim/run).
 */
#ifndef DOXE_SIM_CITY_H
#define DOXE_SIM_CITY_H

#include "sim/world.h"

enum {
    CITY_NAME_CAP = 33,
    CITY_PROFILES_MAX = 12,
    CITY_SITES_MAX = 20000,
    CITY_ERROR_CAP = 512,
    CITY_ACCOUNT_CAP = 20
};

#define CITY_CLASSES(X)     \
    X(STREET, "street")     \
    X(SCHOOL, "school")     \
    X(HOSPITAL, "hospital") \
    X(MARKET, "market")     \
    X(MALL, "mall")         \
    X(HOME, "home")         \
    X(OFFICE, "office")     \
    X(RELIC, "relic")
enum city_class {
#define X(name, word) CITY_##name,
    CITY_CLASSES(X)
#undef X
        CITY_CLASS_COUNT
};
const char *city_class_text(enum city_class class_);

struct city_profile {
    char name[CITY_NAME_CAP];
    struct arrivals arrivals;
    int stay_percent; /* of the length of an ordinary stay */
};

struct city_site {
    char lot[CITY_NAME_CAP], gate[CITY_NAME_CAP], operator_id[CITY_NAME_CAP];
    char account[CITY_ACCOUNT_CAP]; /* at bank 970436; one of the operator's */
    enum city_class class_;
    int lanes;
    enum world_lane_kind lane[WORLD_LANES_MAX];
    int places[VEHICLE_COUNT];
    int visits_a_day, cars_percent;
    int profile;
    char tariff[VEHICLE_COUNT][CITY_NAME_CAP]; /* "" no price for this class */
};

/* Of a thousand. */
struct city_people {
    int misbehave, wild, early, confuse, mistaken, dishonest;
};

struct city {
    char name[CITY_NAME_CAP];
    wall_t start; /* 00:00 in Hanoi */
    struct city_people people;
    int profile_count;
    struct city_profile profile[CITY_PROFILES_MAX];
    int lots_before; /* the first lot has the next number */
    int site_count;
    struct city_site *site; /* on the heap */
};

/*
 * DX_E_NOT_FOUND, DX_E_IO, DX_E_MEMORY, or DX_E_CONFIG with "FILE:LINE: …" in `error` (of
 * CITY_ERROR_CAP bytes).  city_free ends it; after a failure there is nothing to free.
 */
DX_MUST_USE int city_read(const char *path, char *error, struct city *ret_city);
void city_free(struct city *city);

/* Visits of all sites on an ordinary day. */
int64_t city_visits(const struct city *city);
/*
 * What world_init wants for a site; borrows the profile.  `wall` is the true time then.
 * The book of visits must have city_book_size() places.
 */
void city_world(const struct city *city, int site, wall_t wall, struct world_config *ret_config);
int city_book_size(const struct city_site *site);
/* The people of a site, from a stream of its own name. */
void city_people(const struct city *city, int site, const struct prng *root,
                 struct people *ret_people, struct prng *ret_stream);

#endif
