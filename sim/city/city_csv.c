#include "sim/city/city_parts.h"

#include <stdio.h>

/* One site a line; the first line names the columns. */
static const char *const columns =
    "lot,class,lanes,cars,motorbikes,visits,tariff_car,tariff_motorbike";

enum { COLUMNS = 8, LINE_CAP = 512, PLACES_MAX = 20000, VISITS_MAX = 200000 };

struct csv {
    const char *path;
    int line;
    char *error;
};

static int wrong(const struct csv *csv, const char *what)
{
    snprintf(csv->error, CITY_ERROR_CAP, "%s:%d: %s", csv->path, csv->line, what);
    return DX_E_CONFIG;
}

static int split(struct str line, struct str ret_field[COLUMNS])
{
    int count = 0;
    while (count < COLUMNS) {
        size_t end = count == COLUMNS - 1 ? line.n : str_index(line, ',');
        ret_field[count++] = str_trim(str_slice(line, 0, end));
        if (end >= line.n) {
            break;
        }
        line = str_slice(line, end + 1, line.n);
    }
    return count;
}

static int read_site(const struct csv *csv, const struct str field[COLUMNS], struct city *city)
{
    struct city_group group = {.count = 1, .like = {.cars_percent = -1}};
    struct prng unused;
    int class_ = 0;
    prng_init(&unused, 1);
    while (class_ < CITY_CLASS_COUNT &&
           !str_eq_c(field[1], city_class_text((enum city_class)class_))) {
        class_++;
    }
    if (class_ == CITY_CLASS_COUNT) {
        return wrong(csv, "class is street, school, hospital, market, mall, home, office or relic");
    }
    group.like.class_ = (enum city_class)class_;
    if (!city_parse_lanes(field[2], &group.like)) {
        return wrong(
            csv, "lanes are 1 to 4 of entry, exit, reversible with + between; a way in and out");
    }
    if (str_parse_i64(field[3], 0, PLACES_MAX, &group.places[VEHICLE_CAR].from) ||
        str_parse_i64(field[4], 0, PLACES_MAX, &group.places[VEHICLE_MOTORBIKE].from) ||
        str_parse_i64(field[5], 0, VISITS_MAX, &group.visits.from)) {
        return wrong(csv, "places are 0 to 20000, visits a day 0 to 200000");
    }
    for (int i = 0; i < VEHICLE_COUNT; i++) {
        group.places[i].to = group.places[i].from;
    }
    group.visits.to = group.visits.from;
    if (str_copy(group.like.tariff[VEHICLE_CAR], CITY_NAME_CAP, field[6]) ||
        str_copy(group.like.tariff[VEHICLE_MOTORBIKE], CITY_NAME_CAP, field[7]) ||
        field[0].n == 0 || field[0].n >= CITY_NAME_CAP - 3) {
        return wrong(csv, "a name is too long or missing");
    }
    int error = city_add_group(city, &group, &unused);
    if (error) {
        return wrong(csv, "too many sites");
    }
    struct city_site *site = &city->site[city->site_count - 1];
    str_copy_cut(site->lot, sizeof site->lot, field[0]);
    snprintf(site->gate, sizeof site->gate, "%s-g1", site->lot);
    return 0;
}

static int read_lines(struct csv *csv, FILE *file, struct city *city)
{
    char text[LINE_CAP];
    struct str field[COLUMNS];
    while (fgets(text, sizeof text, file)) {
        struct str line = str_trim(str_c(text));
        csv->line++;
        if (strlen(text) == sizeof text - 1 && text[sizeof text - 2] != '\n') {
            return wrong(csv, "the line is too long");
        }
        if (csv->line == 1) {
            if (!str_eq_c(line, columns)) {
                return wrong(csv,
                             "the first line is "
                             "lot,class,lanes,cars,motorbikes,visits,tariff_car,tariff_motorbike");
            }
            continue;
        }
        if (line.n == 0 || line.p[0] == '#') {
            continue;
        }
        if (split(line, field) != COLUMNS) {
            return wrong(csv, "a site has eight columns");
        }
        int error = read_site(csv, field, city);
        if (error) {
            return error;
        }
    }
    return city->site_count ? 0 : wrong(csv, "no site");
}

int city_read_csv(const char *path, char *error, struct city *city)
{
    struct csv csv = {path, 0, error};
    FILE *file = fopen(path, "r");
    if (!file) {
        snprintf(error, CITY_ERROR_CAP, "%s: cannot be read", path);
        return DX_E_NOT_FOUND;
    }
    snprintf(city->name, sizeof city->name, "list");
    city->start.ms = (time_days_from_date(2026, 3, 2) * 24 - 7) * TIME_HOUR_MS;
    city->profile_count = 1;
    city_plain_profile(&city->profile[0]);
    int status = read_lines(&csv, file, city);
    fclose(file);
    return status;
}
