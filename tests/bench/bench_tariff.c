/*
 * How many stays are priced in a second, on one core, with lines in both
 * languages and the time of the next change.  Build with the release preset:
 *
 *     build/release/bench/bench_tariff [seconds per row]
 *
 * The promise is two million Hanoi car stays on one core.  What is measured is
 * the time this process was on a core, so that neighbours do not count.
 */
#include "proto/base/prng.h"
#include "proto/io/tariff_file.h"

enum { STAYS = 4096 };

static struct tariff_set set;
static struct tariff_stay stays[STAYS];

static int64_t cpu_us(void)
{
    return (int64_t)clock() * 1000000 / CLOCKS_PER_SEC;
}

static void draw_stays(enum vehicle vehicle, int64_t longest_ms)
{
    struct prng prng;
    prng_init(&prng, 1);
    for (int i = 0; i < STAYS; i++) {
        int64_t entry = INT64_C(1772384400000) + prng_range(&prng, 0, 365) * TIME_DAY_MS +
                        prng_range(&prng, 0, TIME_DAY_MS - 1);
        stays[i].vehicle = vehicle;
        stays[i].entry.ms = entry;
        stays[i].exit.ms = entry + prng_range(&prng, 1, longest_ms);
    }
}

static int run(const char *name, enum vehicle vehicle, int64_t longest_ms, int64_t seconds)
{
    static struct tariff_price price;
    char path[512];
    char error[512];
    if (tariff_file_find(name, path, sizeof path) ||
        tariff_file_load(path, &set, error, sizeof error)) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    draw_stays(vehicle, longest_ms);
    int64_t count = 0;
    int64_t sum = 0;
    int64_t lines = 0;
    int64_t start = cpu_us();
    int64_t end = start + seconds * 1000000;
    while (cpu_us() < end) {
        for (int i = 0; i < STAYS; i++) {
            if (tariff_price_stay(&set, &stays[i], &price)) {
                fputs("a stay could not be priced\n", stderr);
                return 1;
            }
            sum += price.total.vnd;
            lines += price.line_count;
        }
        count += STAYS;
    }
    int64_t us = cpu_us() - start;
    printf("%-24s %-10s up to %3lld h  %9lld stays/s  %5lld ns  (mean %lld đ, %lld.%lld lines)\n",
           name, vehicle_text(vehicle), (long long)(longest_ms / TIME_HOUR_MS),
           (long long)(count * 1000000 / us), (long long)(us * 1000 / count),
           (long long)(sum / count), (long long)(lines / count),
           (long long)(lines * 10 / count % 10));
    return 0;
}

int main(int argc, char **argv)
{
    int64_t seconds = 1;
    if (argc > 1 && str_parse_i64(str_c(argv[1]), 1, 600, &seconds)) {
        fputs("usage: bench_tariff [seconds per row]\n", stderr);
        return 2;
    }
    return run("hanoi-car-c2", VEHICLE_CAR, INT64_C(12) * TIME_HOUR_MS, seconds) ||
           run("hanoi-car-c2", VEHICLE_CAR, INT64_C(720) * TIME_HOUR_MS, seconds) ||
           run("hanoi-two-wheel-z1", VEHICLE_MOTORBIKE, INT64_C(48) * TIME_HOUR_MS, seconds) ||
           run("hcmc-car-area1", VEHICLE_CAR, INT64_C(48) * TIME_HOUR_MS, seconds) ||
           run("danang-automated", VEHICLE_CAR, INT64_C(720) * TIME_HOUR_MS, seconds);
}
