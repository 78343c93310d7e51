/*
 * bench_gate - how small, how quiet and how quick the real doxe-gate is, with real Modbus TCP
 * frames.
 *
 *     bench_gate [--passages N] [--repeat N]
 *
 * 400 passages, once, when not given: about a minute.  10,000 take eleven: the interlock lets an
 * arm move 240 times a minute, and a lane's passages are paced for it.  DOXE_GATE names the
 * program.
 *
 * One run, the release program as a process of its own: four lanes at a 20 ms poll with cameras,
 * scanners, displays, console and journal, a broker with TLS and something that acknowledges.  In
 * this process: the module, and a bare libmodbus client of it for comparison.
 *
 *   memory   resident pages when all is connected, and again after the passages; the growth in
 *            them, and the growth of what is the program's own by a straight line through its
 *            second half (the first fills caches up to their limits)
 *   idle     share of one core in 10 s without vehicles; and with a browser's event streams
 *   edge     arming loop taken -> open coil written, through poll, core, journal (fsync), bus; at a
 *            random moment of the poll, vehicles in all four lanes at once.  Promise, p99: a poll +
 *            two bare round trips + one fsync.  Those are timed in the same minutes, beside the
 *            vehicles.  `answered` is the edge's part that ends with the module's answer
 */
#include "proto/io/log.h"
#include "tests/bench/gate_site.h"
#include "tests/harness/broker.h"
#include "tests/harness/harness.h"

#include <fcntl.h>
#include <modbus/modbus.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

enum { BARE = 100000, EDGES_MAX = 40000, SAMPLES_MAX = 2000, IDLE_MS = 10000 };

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static double percentile_ms(int64_t *values, int count, int percent)
{
    int at = (int)((int64_t)count * percent / 100);
    qsort(values, (size_t)count, sizeof values[0], by_value);
    return count ? (double)values[at < count ? at : count - 1] / 1000 : 0;
}

/* ---- the table ---- */

static int failures;
static long pace_ms = 1000;

static void row(const char *what, double value, const char *unit, double limit)
{
    bool good = value <= limit;
    failures += !good;
    printf("  %-48s %9.2f %-6s at most %9.2f   %s\n", what, value, unit, limit,
           good ? "ok" : "TOO MUCH");
}

/* ---- one vehicle ---- */

static atomic_llong plates;

static bool wait_until(atomic_llong *happened, int64_t ms)
{
    for (int64_t end = site_us() + ms * 1000; site_us() < end;) {
        if (atomic_load(happened) != 0) {
            return true;
        }
        site_wait_us(500);
    }
    return false;
}

struct edge {
    int64_t answered_us, opened_us; /* after the edge */
};

/* False: it was not let in, or the arm did not come down behind it. */
static bool pass(struct site_lane *lane, int number, int64_t phase_us, struct edge *ret_edge)
{
    enum { STEP_US = SITE_POLL_MS * 1000 * 5 / 4 };
    site_see_plate(number, atomic_fetch_add(&plates, 1) + 1);
    site_wait_us(phase_us);
    int64_t edge = site_us();
    atomic_store(&lane->opened_us, 0);
    atomic_store(&lane->answered_us, 0);
    atomic_store(&lane->input[SITE_ARMING], 1);
    if (!wait_until(&lane->opened_us, 5000)) {
        return false;
    }
    int64_t opened = atomic_load(&lane->opened_us);
    *ret_edge = (struct edge){atomic_load(&lane->answered_us) - edge, opened - edge};
    atomic_store(&lane->input[SITE_CLOSED], 0);
    atomic_store(&lane->input[SITE_OPENED], 1);
    site_wait_us(STEP_US);
    atomic_store(&lane->input[SITE_SAFETY], 1);
    site_wait_us(STEP_US);
    atomic_store(&lane->input[SITE_ARMING], 0);
    site_wait_us(STEP_US);
    atomic_store(&lane->closed_us, 0);
    atomic_store(&lane->input[SITE_SAFETY], 0);
    if (!wait_until(&lane->closed_us, 5000)) {
        return false;
    }
    atomic_store(&lane->input[SITE_OPENED], 0);
    atomic_store(&lane->input[SITE_CLOSED], 1);
    site_wait_us(STEP_US);
    return true;
}

static int64_t answered[EDGES_MAX], opened[EDGES_MAX], ours[EDGES_MAX];
static atomic_int edges;

struct driver {
    int lane, count, failed;
};

static void *drive(void *context)
{
    struct driver *d = context;
    unsigned dice = (unsigned)d->lane + 1;
    for (int i = 0; i < d->count; i++) {
        struct edge edge;
        int64_t began = site_us();
        dice = dice * 1103515245u + 12345u;
        bool good = pass(&site_lane[d->lane], d->lane, dice / 65536 % (SITE_POLL_MS * 1000), &edge);
        d->failed += !good;
        int at = good ? atomic_fetch_add(&edges, 1) : EDGES_MAX;
        if (at < EDGES_MAX) {
            answered[at] = edge.answered_us;
            opened[at] = edge.opened_us;
            ours[at] = edge.opened_us - edge.answered_us;
        }
        int64_t left = began + pace_ms * 1000 - site_us();
        if (left > 0) {
            site_wait_us(left);
        }
    }
    return NULL;
}

static int run_vehicles(int passages)
{
    pthread_t thread[SITE_LANES];
    struct driver driver[SITE_LANES];
    int failed = 0;
    for (int i = 0; i < SITE_LANES; i++) {
        driver[i] = (struct driver){i, passages / SITE_LANES, 0};
        ok(pthread_create(&thread[i], NULL, drive, &driver[i]));
    }
    for (int i = 0; i < SITE_LANES; i++) {
        pthread_join(thread[i], NULL);
        failed += driver[i].failed;
    }
    return failed;
}

/* ---- what it is compared with, and how it grows: beside the vehicles ---- */

static struct {
    atomic_bool stop;
    int count;
    int64_t trip[BARE], sync[BARE];
} bare;

/* So that both see the same neighbours on this machine. */
static void *measure_bare(void *context)
{
    uint8_t bits[SITE_LANES * SITE_INPUTS];
    char path[256];
    char page[4120];
    (void)context;
    site_urgent(SITE_URGENT_BARE); /* as the gate's own threads */
    memset(page, 'x', sizeof page);
    snprintf(path, sizeof path, "%s/fsync", site_dir);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    modbus_t *client = modbus_new_tcp("127.0.0.1", site_module_port);
    ok(modbus_connect(client));
    while (bare.count < BARE && !atomic_load(&bare.stop)) {
        int64_t began = site_us();
        assert_int_equal(modbus_read_input_bits(client, 0, sizeof bits, bits), sizeof bits);
        int64_t between = site_us();
        assert_int_equal(write(fd, page, sizeof page), sizeof page);
        ok(fsync(fd));
        bare.sync[bare.count] = site_us() - between;
        bare.trip[bare.count++] = between - began;
        site_wait_us(20000);
    }
    modbus_close(client);
    modbus_free(client);
    close(fd);
    return NULL;
}

static struct {
    int count;
    double at[SAMPLES_MAX], kib[SAMPLES_MAX]; /* passages so far; the program's own memory */
} sample;

static void *watch_memory(void *context)
{
    (void)context;
    for (int64_t i = 0; !atomic_load(&bare.stop); i++) {
        if (i % 10 == 0 && sample.count < SAMPLES_MAX) {
            sample.at[sample.count] = (double)atomic_load(&plates);
            sample.kib[sample.count++] = (double)site_memory_kib("Anonymous:");
        }
        site_wait_us(100000);
    }
    return NULL;
}

/* Bytes a passage, by the line of least squares through the second half. */
static double growth_bytes(void)
{
    double n = 0;
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    for (int i = sample.count / 2; i < sample.count; i++) {
        n += 1;
        x += sample.at[i];
        y += sample.kib[i];
        xx += sample.at[i] * sample.at[i];
        xy += sample.at[i] * sample.kib[i];
    }
    double under = n * xx - x * x;
    return under > 0 ? 1024 * (n * xy - x * y) / under : 0;
}

/* ---- the measures ---- */

static void say_memory(const char *when)
{
    long rss = site_memory_kib("Rss:");
    long own = site_memory_kib("Anonymous:");
    long dirty = site_memory_kib("Private_Dirty:") + site_memory_kib("Shared_Dirty:");
    row(when, (double)rss / 1024, "MiB", 16);
    printf("    of it the program's own (anonymous) %.2f MiB, written to %.2f MiB,"
           " the rest are pages of files\n",
           (double)own / 1024, (double)dirty / 1024);
}

static void measure_idle(const char *what)
{
    int64_t began = site_us();
    double used = site_cpu_s();
    site_wait_us(IDLE_MS * 1000);
    row(what, 100 * (site_cpu_s() - used) / ((double)(site_us() - began) / 1e6), "% core", 3);
}

static void report_edges(void)
{
    int good = atomic_load(&edges) < EDGES_MAX ? atomic_load(&edges) : EDGES_MAX;
    double trip = percentile_ms(bare.trip, bare.count, 99);
    double sync = percentile_ms(bare.sync, bare.count, 99);
    double limit = SITE_POLL_MS + 2 * trip + sync;
    printf("  bare, %d times: round trip p50 %.2f p99 %.2f ms, fsync p50 %.2f p99 %.2f ms\n",
           bare.count, percentile_ms(bare.trip, bare.count, 50), trip,
           percentile_ms(bare.sync, bare.count, 50), sync);
    printf("  %d edges: to the module's answer p50 %.2f p99 %.2f ms, from it to the coil p50 %.2f"
           " p99 %.2f ms; all p50 %.2f ms\n",
           good, percentile_ms(answered, good, 50), percentile_ms(answered, good, 99),
           percentile_ms(ours, good, 50), percentile_ms(ours, good, 99),
           percentile_ms(opened, good, 50));
    row("edge to coil, p99", percentile_ms(opened, good, 99), "ms", limit);
}

static void measure_passages(int passages)
{
    pthread_t beside[2];
    atomic_store(&edges, 0);
    atomic_store(&bare.stop, false);
    bare.count = sample.count = 0;
    long before = site_memory_kib("Rss:");
    ok(pthread_create(&beside[0], NULL, measure_bare, NULL));
    ok(pthread_create(&beside[1], NULL, watch_memory, NULL));
    int64_t began = site_us();
    int failed = run_vehicles(passages);
    double seconds = (double)(site_us() - began) / 1e6;
    atomic_store(&bare.stop, true);
    pthread_join(beside[0], NULL);
    pthread_join(beside[1], NULL);
    printf("  %d passages in %.0f s, %d not let in\n", passages, seconds, failed);
    failures += failed > 0;
    row("growth of resident memory in them", (double)(site_memory_kib("Rss:") - before), "KiB",
        512);
    if (passages >= 2000) {
        row("growth a passage, second half, by a line", growth_bytes(), "bytes", 16);
    }
    say_memory("resident memory after them");
    report_edges();
}

int main(int argc, char **argv)
{
    const char *program = getenv("DOXE_GATE");
    long passages = 400;
    long repeat = 1;
    for (int i = 1; i < argc; i++) {
        long *to = strcmp(argv[i], "--passages") == 0 ? &passages
                   : strcmp(argv[i], "--pace") == 0   ? &pace_ms
                   : strcmp(argv[i], "--repeat") == 0 ? &repeat
                                                      : NULL;
        *(to ? to : &passages) = to && i + 1 < argc ? strtol(argv[++i], NULL, 10) : 0;
    }
    if (!broker_is_here() || passages < SITE_LANES || repeat < 1) {
        printf(
            "SKIPPED: no mosquitto, or not bench_gate [--passages N] [--pace MS] [--repeat N]\n");
        return 0;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGPIPE, SIG_IGN);
    log_start("bench", LOG_LEVEL_ERROR);
    site_start(program ? program : DOXE_GATE_PROGRAM);
    site_wait_us(2000000);
    say_memory("resident memory, connected");
    measure_idle("idle, four lanes at a 20 ms poll");
    site_open_browser();
    measure_idle("idle, console and four screens open");
    say_memory("resident memory, console and screens open");
    (void)!run_vehicles(40); /* each path once */
    for (long i = 0; i < repeat; i++) {
        measure_passages((int)passages);
    }
    site_stop();
    return failures ? 1 : 0;
}
