#include "proto/io/yaml.h"
#include "sim/city/city_parts.h"

enum { PLACES_MAX = 20000, VISITS_MAX = 200000, PER_MILLE = 1000, CITY_VISITS_MAX = 100000000 };

static const char *const tariff_keys[VEHICLE_COUNT] = {
    [VEHICLE_CAR] = "tariff_car", [VEHICLE_MOTORBIKE] = "tariff_motorbike"};
static const char *const place_keys[VEHICLE_COUNT] = {
    [VEHICLE_CAR] = "cars", [VEHICLE_MOTORBIKE] = "motorbikes"};

static int check_keys(struct ynode map, const char *allowed)
{
    int error = ynode_expect(map, YNODE_MAP);
    for (struct ynode at = ynode_first(map); !error && ynode_exists(at); at = ynode_next(at)) {
        if (yaml_word_index(allowed, ynode_key(at)) < 0) {
            error = ynode_fail(at, "unknown key; allowed are %s", allowed);
        }
    }
    return error;
}

/* Absent: `otherwise`. */
static int take_int(struct ynode map, const char *key, int64_t min, int64_t max, int64_t otherwise,
                    int *ret_value)
{
    struct ynode node = ynode_get(map, key);
    int64_t value = otherwise;
    int error = ynode_exists(node) ? ynode_int(node, min, max, NULL, &value) : 0;
    *ret_value = (int)value;
    return error;
}

static int take_list(struct ynode map, const char *key, int count, int *ret_values)
{
    struct ynode list = ynode_get(map, key);
    if (!ynode_exists(list)) {
        return ynode_fail(map, "'%s' is missing", key);
    }
    int error = ynode_expect(list, YNODE_LIST);
    if (!error && ynode_count(list) != count) {
        error = ynode_fail(list, "%d numbers are wanted", count);
    }
    struct ynode at = ynode_first(list);
    for (int i = 0; i < count && !error; i++, at = ynode_next(at)) {
        int64_t value = 0;
        error = ynode_int(at, 0, PER_MILLE, NULL, &value);
        ret_values[i] = (int)value;
    }
    return error;
}

/* One number, or [least, most]; absent: 0. */
static int take_range(struct ynode map, const char *key, int64_t max, struct city_range *ret_range)
{
    struct ynode node = ynode_get(map, key);
    struct city_range range = {0, 0};
    int error = 0;
    if (ynode_kind(node) == YNODE_LIST) {
        struct ynode first = ynode_first(node);
        if (ynode_count(node) != 2) {
            return ynode_fail(node, "a number, or the least and the most");
        }
        error = ynode_int(first, 0, max, NULL, &range.from);
        error = error ? error : ynode_int(ynode_next(first), range.from, max, NULL, &range.to);
    } else if (ynode_exists(node)) {
        error = ynode_int(node, 0, max, NULL, &range.from);
        range.to = range.from;
    }
    *ret_range = range;
    return error;
}

static int take_date(struct ynode map, const char *key, int64_t *ret_day)
{
    struct ynode node = ynode_get(map, key);
    struct str text = ynode_text(node);
    int64_t year;
    int64_t month;
    int64_t day;
    if (!ynode_exists(node)) {
        return ynode_fail(map, "'%s' is missing", key);
    }
    if (text.n != 10 || str_parse_i64(str_slice(text, 0, 4), 1970, 9999, &year) ||
        str_parse_i64(str_slice(text, 5, 7), 1, 12, &month) ||
        str_parse_i64(str_slice(text, 8, 10), 1, 31, &day) ||
        !time_is_date((int)year, (int)month, (int)day)) {
        return ynode_fail(node, "a date is wanted, as 2026-03-02");
    }
    *ret_day = time_days_from_date((int)year, (int)month, (int)day);
    return 0;
}

static int read_special(struct ynode list, struct arrivals *arrivals)
{
    int error = ynode_exists(list) ? ynode_expect(list, YNODE_LIST) : 0;
    for (struct ynode at = ynode_first(list); !error && ynode_exists(at); at = ynode_next(at)) {
        if (arrivals->special_count == ARRIVALS_SPECIAL_MAX) {
            return ynode_fail(at, "at most %d", ARRIVALS_SPECIAL_MAX);
        }
        int i = arrivals->special_count++;
        error = check_keys(at, "name|from|until|percent");
        error = error ? error : take_date(at, "from", &arrivals->special[i].from_day);
        error = error ? error : take_date(at, "until", &arrivals->special[i].until_day);
        error = error ? error
                      : take_int(at, "percent", 0, PER_MILLE, 100, &arrivals->special[i].percent);
    }
    return error;
}

static int read_profile(struct ynode node, struct city *city)
{
    if (city->profile_count == CITY_PROFILES_MAX) {
        return ynode_fail(node, "at most %d profiles", CITY_PROFILES_MAX);
    }
    struct city_profile *profile = &city->profile[city->profile_count++];
    int error = check_keys(node, "name|hours|weekdays|stay_percent|special");
    error = error ? error : ynode_string(ynode_get(node, "name"), 1, profile->name, CITY_NAME_CAP);
    error = error ? error : take_list(node, "hours", ARRIVALS_HOURS, profile->arrivals.hour);
    error =
        error ? error : take_list(node, "weekdays", ARRIVALS_WEEKDAYS, profile->arrivals.weekday);
    error = error ? error : take_int(node, "stay_percent", 1, 2000, 100, &profile->stay_percent);
    error = error ? error : read_special(ynode_get(node, "special"), &profile->arrivals);
    if (!error && !arrivals_are_right(&profile->arrivals)) {
        error = ynode_fail(ynode_get(node, "hours"), "the hours are shares that add up to 1000");
    }
    return error;
}

static int read_people(struct ynode node, struct city_people *people)
{
    static const struct city_people ordinary = {.misbehave = 50, .early = 150};
    *people = ordinary;
    if (!ynode_exists(node)) {
        return 0;
    }
    int error = check_keys(node, "misbehave|wild|early|confuse|mistaken|dishonest");
    error = error ? error : take_int(node, "misbehave", 0, PER_MILLE, 50, &people->misbehave);
    error = error ? error : take_int(node, "wild", 0, PER_MILLE, 0, &people->wild);
    error = error ? error : take_int(node, "early", 0, PER_MILLE, 150, &people->early);
    error = error ? error : take_int(node, "confuse", 0, PER_MILLE, 0, &people->confuse);
    error = error ? error : take_int(node, "mistaken", 0, PER_MILLE, 0, &people->mistaken);
    return error ? error : take_int(node, "dishonest", 0, PER_MILLE, 0, &people->dishonest);
}

static int find_profile(const struct city *city, struct ynode node, int *ret_profile)
{
    struct str name = ynode_text(node);
    for (int i = 0; i < city->profile_count; i++) {
        if (str_eq_c(name, city->profile[i].name)) {
            *ret_profile = i;
            return 0;
        }
    }
    return ynode_fail(node, "no profile has this name");
}

static int read_lanes(struct ynode list, struct city_site *site)
{
    char text[64] = "";
    struct str joined;
    int error = ynode_expect(list, YNODE_LIST);
    if (error) {
        return error;
    }
    size_t n = 0;
    for (struct ynode at = ynode_first(list); ynode_exists(at); at = ynode_next(at)) {
        struct str word = ynode_text(at);
        if (n + word.n + 2 > sizeof text) {
            return ynode_fail(at, "at most %d lanes", WORLD_LANES_MAX);
        }
        if (n) {
            text[n++] = '+';
        }
        memcpy(text + n, word.p, word.n);
        n += word.n;
    }
    joined = (struct str){text, n};
    return city_parse_lanes(joined, site)
               ? 0
               : ynode_fail(list, "1 to %d of entry, exit, reversible; a way in and a way out",
                            WORLD_LANES_MAX);
}

static int read_tariffs(struct ynode node, struct city_site *site)
{
    int error = 0;
    for (int i = 0; i < VEHICLE_COUNT && !error; i++) {
        struct ynode name = tariff_keys[i] ? ynode_get(node, tariff_keys[i]) : (struct ynode){0};
        if (tariff_keys[i] && ynode_exists(name)) {
            error = ynode_string(name, 1, site->tariff[i], CITY_NAME_CAP);
        }
    }
    return error;
}

static int read_group(struct ynode node, struct city *city, struct prng *prng)
{
    struct city_group group = {.count = 1};
    struct city_site *like = &group.like;
    int class_ = 0;
    int error = check_keys(node, "name|sites|class|profile|lanes|cars|motorbikes|cars_percent|"
                                 "visits|tariff_car|tariff_motorbike");
    error = error ? error : take_int(node, "sites", 0, CITY_SITES_MAX, 1, &group.count);
    error = error ? error
                  : ynode_enum(ynode_get(node, "class"),
                               "street|school|hospital|market|mall|home|office|relic", &class_);
    error = error ? error : find_profile(city, ynode_get(node, "profile"), &like->profile);
    error = error ? error : read_lanes(ynode_get(node, "lanes"), like);
    error = error ? error : take_int(node, "cars_percent", 0, 100, -1, &like->cars_percent);
    for (int i = 0; i < VEHICLE_COUNT && !error; i++) {
        error = place_keys[i] ? take_range(node, place_keys[i], PLACES_MAX, &group.places[i]) : 0;
    }
    error = error ? error : take_range(node, "visits", VISITS_MAX, &group.visits);
    error = error ? error : read_tariffs(node, like);
    like->class_ = (enum city_class)class_;
    if (!error && city_add_group(city, &group, prng) != 0) {
        error = ynode_fail(node, "more than %d sites in all", CITY_SITES_MAX);
    }
    return error;
}

static int read_root(struct ynode root, struct city *city)
{
    int64_t day = 0;
    int visits = 0;
    struct prng prng;
    int error = check_keys(root, "world|start|people|profiles|groups|visits_a_day|first_lot");
    error = error ? error : ynode_string(ynode_get(root, "world"), 1, city->name, CITY_NAME_CAP);
    error = error ? error : take_date(root, "start", &day);
    error = error ? error : read_people(ynode_get(root, "people"), &city->people);
    int first = 1;
    error = error ? error : take_int(root, "first_lot", 1, 9000, 1, &first);
    city->lots_before = first - 1;
    city->start.ms = (day * 24 - 7) * TIME_HOUR_MS;
    struct ynode list = ynode_get(root, "profiles");
    error = error ? error : ynode_expect(list, YNODE_LIST);
    for (struct ynode at = ynode_first(list); !error && ynode_exists(at); at = ynode_next(at)) {
        error = read_profile(at, city);
    }
    list = ynode_get(root, "groups");
    error = error ? error : ynode_expect(list, YNODE_LIST);
    prng_init(&prng, 20260302);
    for (struct ynode at = ynode_first(list); !error && ynode_exists(at); at = ynode_next(at)) {
        struct prng own = prng_fork(&prng, city->name);
        struct prng moved = prng;
        (void)prng_u64(&moved);
        error = read_group(at, city, &own);
        prng_init(&prng, prng_u64(&moved)); /* each group has a stream of its own */
    }
    error = error ? error : take_int(root, "visits_a_day", 0, CITY_VISITS_MAX, 0, &visits);
    if (!error && city->site_count == 0) {
        error = ynode_fail(list, "no site");
    }
    if (!error && visits) {
        city_scale(city, visits);
    }
    return error;
}

int city_read_yaml(const char *path, char *error, struct city *city)
{
    struct ydoc *doc = NULL;
    int status = ydoc_load_file(path, error, CITY_ERROR_CAP, &doc);
    if (status == 0) {
        status = read_root(ydoc_root(doc), city);
        ydoc_free(doc);
    }
    return status;
}
