/*
 * delivery_week_test.c - seven days without a line at a site of four lanes, and the day after.
 *
 * DOXE_WEEK_PASSAGES in the environment: passages a lane and day (8 when not set; 1500 is a busy
 * street).  The figures are printed; those of the full size are in docs/PERFORMANCE.md.
 */
#include "proto/io/clock_os.h"
#include "proto/io/lot_json.h"
#include "tests/integration/rules_site.h"

#include <sys/stat.h>

enum { DAYS = 7, PARKED = 12 };

static struct world world;
static struct site site;
static struct lot lot; /* what the server told before the line went down */

static int retain(void *context, const char *topic, struct str payload)
{
    const char *why = "";
    int bucket = 0;
    (void)context;
    if (!str_starts(str_c(topic), STR("doxe/1/hn-0001/"))) {
        return 0;
    }
    ok(strstr(topic, "/inside/") ? lot_read_inside(payload, &lot, &bucket, &why)
                                 : lot_read_config(payload, &lot, &why));
    return 0;
}

static void begin(void)
{
    world_init(&world);
    world_stop(&world);
    world.ports.publish_retained = retain;
    world.lots[0].tariff_text[VEHICLE_CAR] = str_c(world_tariff_text());
    world.lots[0].offline_policy = LOT_OPEN;
    world.lots[0].offline_limit_vnd = INT64_C(100000000);
    str_copy_cut(lot.id, sizeof lot.id, STR("hn-0001"));
    world_start(&world);
    site_init(&site, &world);
    for (int i = 0; i < 5; i++) { /* turns with nothing to do: config is told */
        ok(app_turn(world.app, (mono_t){0}));
        site_run(&site, 2000);
    }
    assert_true(lot.version > 0);
    gate_use_lot(&site.gate, &lot);
    site.gate.delivery.pace = DELIVERY_PACE;
}

static void plate_of(int n, char plate[16])
{
    snprintf(plate, 16, "30F-%03d.%02d", 123 + n / 100 % 800, n % 100);
}

static int64_t file_size(const char *ending)
{
    char path[200];
    struct stat there;
    snprintf(path, sizeof path, "%s%s", site.journal_path, ending);
    return stat(path, &there) == 0 ? there.st_size : 0;
}

static int64_t resident_kib(void)
{
    long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*s %lld", &pages), 1);
    fclose(file);
    return pages * 4;
}

/* One at each entry, and at each exit one of those that came some time ago. */
static void one_round(int round, bool exits, int64_t pause_ms)
{
    char plate[16];
    for (int k = 0; k < 2; k++) {
        int n = 2 * round + k;
        plate_of(n, plate);
        if (!site_enter(&site, k ? 3 : 1, plate)) {
            fail_msg("%s is not let in", plate);
        }
        if (exits && n >= PARKED) {
            plate_of(n - PARKED, plate);
            if (!site_leave(&site, k ? 4 : 2, plate, 20000)) {
                fail_msg("%s is not let out", plate);
            }
        }
    }
    site_run(&site, pause_ms);
}

static void prune_all(void)
{
    int pruned = 1;
    wall_t before = wall_add(world.now, -30 * (int64_t)TIME_DAY_MS);
    ok(journal_db_flush(site.journal));
    while (pruned > 0) {
        ok(journal_db_prune(site.journal, before, 2000, &pruned));
    }
}

static void test_delivery_week__seven_days_without_a_line_come_up_in_order_and_whole(void **state)
{
    (void)state;
    const char *text = getenv("DOXE_WEEK_PASSAGES");
    int rounds = text ? (int)strtol(text, NULL, 10) : 8;
    begin();
    site_settle(&site, 10000);
    site_line(&site, false);
    int64_t rss = resident_kib();
    mono_t since = clock_mono();
    for (int i = 0; i < DAYS * rounds; i++) {
        one_round(i, true, TIME_DAY_MS / rounds - 60000 > 0 ? TIME_DAY_MS / rounds - 60000 : 0);
    }
    int64_t waiting = site.gate.delivery.last - site.gate.delivery.acked;
    int64_t size = file_size("") + file_size("-wal");
    print_message("%d passages in 7 days: %lld events wait, %lld KiB on the disk (%lld bytes an"
                  " event), %lld KiB more memory, %lld s\n",
                  DAYS * rounds * 4 - PARKED, (long long)waiting, (long long)size / 1024,
                  (long long)(file_size("") / waiting), (long long)(resident_kib() - rss),
                  (long long)mono_diff(clock_mono(), since) / 1000);
    assert_true(waiting >= DAYS * rounds * 4 * 2 - 2 * PARKED);
    assert_true(file_size("") / waiting < 2048);
    assert_int_equal(site_number(&site, "SELECT max(seq) - count(*) FROM journal"), 0);

    since = clock_mono();
    mono_t up = site.now;
    site_line(&site, true);
    site_settle(&site, (waiting / 100 + 60) * 1000);
    print_message("caught up in %lld s of the street's time, %lld s of the machine's\n",
                  (long long)mono_diff(site.now, up) / 1000,
                  (long long)mono_diff(clock_mono(), since) / 1000);
    assert_int_equal(site_compare(&site), 0);
    assert_int_equal(site_missing(&site), 0);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM parked"), 0);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 0);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM session WHERE state = 'inside'"),
                     PARKED);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM session"), DAYS * rounds * 2);
    assert_int_equal(world_number(&world, "SELECT max(seq) - count(*) FROM event"), 0);

    /* A month later what the server has is gone, and its room is used again. */
    size = file_size("") + file_size("-wal"); /* what the log holds goes into the file */
    site_run(&site, 31 * (int64_t)TIME_DAY_MS);
    site_settle(&site, 10000);
    prune_all();
    assert_true(site_number(&site, "SELECT count(*) FROM journal") < 20);
    int64_t last = site.gate.delivery.last;
    for (int i = 0; i < rounds; i++) {
        one_round(DAYS * rounds + i, false, 1000);
    }
    site_settle(&site, 60000);
    assert_true(site.gate.delivery.last > last);
    assert_true(file_size("") <= size);
    site_fini(&site);
    lot_fini(&lot);
    world_fini(&world);
}

TESTS(T(test_delivery_week__seven_days_without_a_line_come_up_in_order_and_whole))
