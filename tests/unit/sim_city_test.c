/*
 * Worlds from files: the planned city has what was planned, small ones what they say, and what is
 * wrong in a file is named with its line.
 */
#include "sim/city/city.h"
#include "tests/harness/harness.h"

#include <stdio.h>
#include <unistd.h>

static void read_world(const char *path, struct city *city)
{
    char error[CITY_ERROR_CAP];
    int status = city_read(path, error, city);
    if (status) {
        print_error("%s\n", error);
    }
    ok(status);
}

static void test_sim_city__the_planned_city_has_what_was_planned(void **state)
{
    (void)state;
    struct city city;
    int points = 0;
    int64_t places = 0;
    read_world("etc/worlds/hanoi-planned.yaml", &city);
    assert_int_equal(city.site_count, 2259);
    assert_int_equal(city_visits(&city), 3000000);
    for (int i = 0; i < city.site_count; i++) {
        const struct city_site *site = &city.site[i];
        points += site->class_ == CITY_STREET;
        places += site->places[VEHICLE_CAR] + site->places[VEHICLE_MOTORBIKE];
        assert_true(site->places[VEHICLE_CAR] + site->places[VEHICLE_MOTORBIKE] > 0);
        assert_true(site->visits_a_day > 0);
    }
    assert_int_equal(points, 639);
    assert_in_range(places, 500000, 1500000);
    city_free(&city);
}

static void test_sim_city__every_shipped_world_can_be_read(void **state)
{
    (void)state;
    static const char *const worlds[] = {"one-lot", "street", "hospital", "tet", "pilot", "wild"};
    static const int sites[] = {1, 6, 2, 2, 99, 2};
    for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++) {
        char path[64];
        struct city city;
        struct city again;
        snprintf(path, sizeof path, "etc/worlds/%s.yaml", worlds[i]);
        read_world(path, &city);
        read_world(path, &again);
        assert_int_equal(city.site_count, sites[i]);
        assert_memory_equal(city.site, again.site, sizeof city.site[0] * (size_t)sites[i]);
        city_free(&again);
        city_free(&city);
    }
}

static void test_sim_city__a_list_is_a_world(void **state)
{
    (void)state;
    struct city city;
    read_world("etc/worlds/list.csv", &city);
    assert_int_equal(city.site_count, 3);
    assert_string_equal(city.site[1].lot, "hn-th-02");
    assert_string_equal(city.site[1].gate, "hn-th-02-g1");
    assert_int_equal(city.site[1].lanes, 3);
    assert_int_equal(city.site[1].lane[2], WORLD_LANE_REVERSIBLE);
    assert_int_equal(city.site[1].places[VEHICLE_MOTORBIKE], 300);
    assert_int_equal(city.site[1].cars_percent, 40 * 100 / 340);
    assert_string_equal(city.site[2].tariff[VEHICLE_MOTORBIKE], "hanoi-two-wheel-z2");
    assert_int_equal(city_visits(&city), 2260);
    city_free(&city);
}

static void test_sim_city__a_mistake_is_named_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *says;
    } files[] = {
        {"a.csv", "lot,class\n", ":1: the first line"},
        {"b.csv",
         "lot,class,lanes,cars,motorbikes,visits,tariff_car,tariff_motorbike\n"
         "x,street,entry,1,1,1,a,b\n",
         ":2: lanes are"},
        {"c.csv",
         "lot,class,lanes,cars,motorbikes,visits,tariff_car,tariff_motorbike\n"
         "x,street,entry+exit,1,-1,1,a,b\n",
         ":2: places are"},
        {"d.yaml", "world: x\nstart: 2026-02-30\n", ":2:"},
        {"e.yaml", "world: x\nstart: 2026-03-02\ncolour: red\n", ":3:"},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[128];
        char error[CITY_ERROR_CAP];
        struct city city;
        snprintf(path, sizeof path, "%s/%s", DOXE_BINARY_DIR, files[i].name);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(files[i].text, file);
        fclose(file);
        assert_int_equal(city_read(path, error, &city), DX_E_CONFIG);
        assert_non_null(strstr(error, files[i].says));
        unlink(path);
    }
}

/* A day of a market in its world, its lanes opened by hand as soon as somebody stands there. */
static void test_sim_city__a_site_of_a_world_makes_a_street(void **state)
{
    (void)state;
    struct city city;
    struct world_config config;
    struct people people;
    struct prng root;
    struct prng stream;
    read_world("etc/worlds/hospital.yaml", &city);
    prng_init(&root, 9);
    city_people(&city, 1, &root, &people, &stream);
    city_world(&city, 1, city.start, &config);
    int cap = city_book_size(&city.site[1]);
    struct visit *visits = calloc((size_t)cap, sizeof *visits);
    struct world *world = calloc(1, sizeof *world);
    assert_true(visits && world);
    world_init(world, &config, &stream, &people, visits, cap, (mono_t){0});
    static struct world_effects effects;
    int64_t steps = 0;
    for (mono_t now = {0}; now.ms < TIME_DAY_MS; steps++) {
        now = world_deadline(world);
        struct world_event event = {.kind = WORLD_EV_TICK, .now = now};
        event.wall = wall_add(city.start, now.ms);
        world_step(world, &event, &effects);
        for (int i = 0; i < world->lanes; i++) {
            bool open = world->lane[i].on >= 0 && world->visit[world->lane[i].on].edges < 0;
            bool close = world->lane[i].on < 0 && !world->lane[i].input[WORLD_CLOSED];
            if ((open && world->lane[i].arm.direction <= 0 &&
                 !world->lane[i].input[WORLD_OPENED]) ||
                (close && world->lane[i].arm.direction >= 0)) {
                event.kind = WORLD_EV_COIL;
                event.lane = i + 1;
                event.coil = open ? WORLD_COIL_OPEN : WORLD_COIL_CLOSE;
                event.on = true;
                world_step(world, &event, &effects);
            }
        }
    }
    assert_in_range(world->entered + world->gone + world->turned_away, 2000, 3000);
    assert_true(world->left > 1800);
    assert_in_range(steps / world->left, 5, 40);
    free(world);
    free(visits);
    city_free(&city);
}

TESTS(T(test_sim_city__the_planned_city_has_what_was_planned),
      T(test_sim_city__every_shipped_world_can_be_read), T(test_sim_city__a_list_is_a_world),
      T(test_sim_city__a_mistake_is_named_with_its_line),
      T(test_sim_city__a_site_of_a_world_makes_a_street))
