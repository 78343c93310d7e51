/*
 * bench_gate - how small, how quiet and how quick the real doxe-gate is, with real Modbus TCP
 * frames.
 *
 *     bench_gate [PASSAGES]       400 when not given, about two minutes; DOXE_GATE names the
 * program
 *
 * One run, the release program as a process of its own, four lanes at a 20 ms poll, a broker with
 * TLS and something that acknowledges.  In this process: a plain socket that is the module, and a
 * bare libmodbus client of the same module for comparison.
 *
 *   memory   resident pages when all is connected, and again after so many passages
 *   idle     share of one core in 10 s without vehicles
 *   edge     arming loop taken -> open coil written, through poll, core, journal (fsync), bus;
 *            at a random moment of the poll.  Promise, p99: a poll + two bare round trips + one
 *            fsync, all three taken in this run
 */
#include "proto/io/clock_os.h"
#include "proto/io/log.h"
#include "proto/io/mqtt_link.h"
#include "proto/msg.h"
#include "tests/harness/broker.h"
#include "tests/harness/harness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <modbus/modbus.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LANES = 4, POLL_MS = 20, BARE = 50000, EDGES_MAX = 20000, IDLE_MS = 10000 };

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void wait_us(int64_t us)
{
    struct timespec t = {us / 1000000, us % 1000000 * 1000};
    nanosleep(&t, NULL);
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int64_t percentile(int64_t *values, int count, int percent)
{
    qsort(values, (size_t)count, sizeof values[0], by_value);
    return values[(int64_t)count * percent / 100 < count ? count * percent / 100 : count - 1];
}

/* ---- the module: 8 inputs a lane (arming, safety, opened, closed), 2 coils a lane ---- */

static atomic_int input[LANES * 8];
static atomic_int coil[LANES * 2];
static atomic_llong opened_us[LANES]; /* when the open coil went on last */
static int module_port;

static void answer(int fd, const uint8_t *q)
{
    uint8_t a[260];
    int at = q[8] << 8 | q[9];
    int count = q[10] << 8 | q[11];
    int n = 12;
    memcpy(a, q, 12);
    if (q[7] == 2) {
        a[8] = (uint8_t)((count + 7) / 8);
        memset(a + 9, 0, a[8]);
        for (int i = 0; i < count && at + i < LANES * 8; i++) {
            a[9 + i / 8] |= (uint8_t)((atomic_load(&input[at + i]) != 0) << i % 8);
        }
        n = 9 + a[8];
    } else if (q[7] == 5 && at < LANES * 2) {
        bool on = q[10] != 0;
        if (on && at % 2 == 0) {
            atomic_store(&opened_us[at / 2], now_us());
        }
        atomic_store(&coil[at], on);
    }
    a[4] = 0;
    a[5] = (uint8_t)(n - 6);
    (void)!send(fd, a, (size_t)n, MSG_NOSIGNAL);
}

static void *serve(void *context)
{
    int fd = (int)(intptr_t)context;
    uint8_t q[300];
    while (recv(fd, q, 6, MSG_WAITALL) == 6 && q[4] == 0 &&
           recv(fd, q + 6, q[5], MSG_WAITALL) == q[5]) {
        answer(fd, q);
    }
    close(fd);
    return NULL;
}

static void *accept_all(void *context)
{
    int listener = *(int *)context;
    for (;;) {
        pthread_t thread;
        int yes = 1;
        int fd = accept(listener, NULL, NULL);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        ok(pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd));
        pthread_detach(thread);
    }
    return NULL;
}

static void start_module(void)
{
    static int listener;
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    pthread_t thread;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ok(bind(listener, (struct sockaddr *)&address, sizeof address));
    ok(listen(listener, 8));
    ok(getsockname(listener, (struct sockaddr *)&address, &size));
    module_port = ntohs(address.sin_port);
    ok(pthread_create(&thread, NULL, accept_all, &listener));
}

/* ---- the server: acknowledges ---- */

static struct mqtt_link *server_link;
static atomic_int server_up;
static atomic_llong seq_seen;

static void server_hears(void *context, struct str topic, struct str payload)
{
    char text[1024];
    struct out out;
    struct down down = {.type = DOWN_ACK};
    (void)context;
    (void)topic;
    const char *seq = strstr(payload.p, "\"seq\":");
    const char *generation = strstr(payload.p, "\"gen\":");
    if (!seq || !generation) {
        return;
    }
    down.seq = strtoll(seq + 6, NULL, 10);
    down.generation = strtoll(generation + 6, NULL, 10);
    atomic_store(&seq_seen, down.seq);
    out_init(&out, text, sizeof text);
    down_write(&out, &down);
    (void)!mqtt_link_publish(server_link, "doxe/1/lot/gate-1/down", out_str(&out), false);
}

static void server_connected(void *context, bool yes)
{
    (void)context;
    atomic_store(&server_up, yes);
}

static void start_server(const struct broker *broker)
{
    char url[64];
    char ca[128];
    char cert[128];
    char key[128];
    snprintf(url, sizeof url, "ssl://127.0.0.1:%d", broker->port);
    broker_path(broker, "ca", "crt", ca, sizeof ca);
    broker_path(broker, "doxe-server", "crt", cert, sizeof cert);
    broker_path(broker, "doxe-server", "key", key, sizeof key);
    struct mqtt_config config = {.url = url,
                                 .client_id = "doxe-server",
                                 .ca = ca,
                                 .cert = cert,
                                 .key = key,
                                 .subscribe = {"doxe/1/+/+/up"},
                                 .on_message = server_hears,
                                 .on_connected = server_connected};
    ok(mqtt_link_start(&config, &server_link));
    while (!atomic_load(&server_up)) {
        wait_us(10000);
    }
}

/* ---- the gate ---- */

static struct {
    char dir[200], config[256];
    pid_t pid;
    int port;
} gate;

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ok(bind(fd, (struct sockaddr *)&address, sizeof address));
    ok(getsockname(fd, (struct sockaddr *)&address, &size));
    close(fd);
    return ntohs(address.sin_port);
}

static void write_config(const struct broker *broker)
{
    char ca[128];
    char cert[128];
    char key[128];
    FILE *f = fopen(gate.config, "w");
    assert_non_null(f);
    gate.port = free_port();
    broker_path(broker, "ca", "crt", ca, sizeof ca);
    broker_path(broker, "gate-1", "crt", cert, sizeof cert);
    broker_path(broker, "gate-1", "key", key, sizeof key);
    fprintf(f,
            "gate: {id: gate-1, lot: lot}\njournal: %s/journal.db\npictures_keep: 0\n"
            "mqtt: {url: \"ssl://127.0.0.1:%d\", ca: %s, cert: %s, key: %s}\n"
            "http: {listen: \"127.0.0.1:%d\"}\n"
            "buses:\n  - {name: io, address: \"127.0.0.1:%d\", poll_ms: %d, timeout_ms: 300}\n"
            "lanes:\n",
            gate.dir, broker->port, ca, cert, key, gate.port, module_port, POLL_MS);
    for (int i = 0; i < LANES; i++) {
        static const char *const roles[] = {"arming_loop", "safety_loop", "opened", "closed"};
        fprintf(f, "  - lane: %d\n    direction: entry\n    camera: cam-%d\n    inputs:\n", i + 1,
                i + 1);
        for (int k = 0; k < 4; k++) {
            fprintf(f, "      - {role: %s, bus: io, address: %d, debounce_ms: 0}\n", roles[k],
                    i * 8 + k);
        }
        fprintf(f,
                "    outputs:\n"
                "      - {role: open, bus: io, address: %d, pulse_ms: 100, per_minute: 240}\n"
                "      - {role: close, bus: io, address: %d, pulse_ms: 100, per_minute: 240}\n",
                i * 2, i * 2 + 1);
    }
    fclose(f);
}

static void start_gate(const char *program)
{
    gate.pid = fork();
    if (gate.pid == 0) {
        char log[256];
        snprintf(log, sizeof log, "%s/gate.log", gate.dir);
        int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(fd, 2);
        execl(program, "doxe-gate", "--config", gate.config, (char *)NULL);
        _exit(127);
    }
}

/* "VmRSS:", in KiB; -1: it is gone. */
static long resident_kib(void)
{
    char path[64];
    char line[256];
    long kib = -1;
    snprintf(path, sizeof path, "/proc/%d/status", (int)gate.pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f)) {
        if (strncmp(line, "VmRSS:", 6) == 0) {
            kib = strtol(line + 6, NULL, 10);
        }
    }
    if (f) {
        fclose(f);
    }
    return kib;
}

/* User and system time so far, in ticks. */
static long cpu_ticks(void)
{
    char path[64];
    char text[1024] = "";
    long user = 0;
    long system_time = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)gate.pid);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_non_null(fgets(text, sizeof text, f));
    fclose(f);
    char *rest = strrchr(text, ')');
    assert_non_null(rest);
    for (int i = 0; i < 12 && rest; i++) {
        rest = strchr(rest + 1, ' ');
    }
    assert_non_null(rest);
    user = strtol(rest, &rest, 10);
    system_time = strtol(rest, &rest, 10);
    return user + system_time;
}

static void see_plate(int lane, int64_t number)
{
    char xml[600];
    char request[1000];
    char reply[512];
    struct sockaddr_in address = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_port = htons((uint16_t)gate.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    snprintf(xml, sizeof xml,
             "<?xml version=\"1.0\"?><EventNotificationAlert><eventType>ANPR</eventType><ANPR>"
             "<licensePlate>%02lldF%05lld</licensePlate><confidenceLevel>97</confidenceLevel>"
             "<vehicleType>SUVMPV</vehicleType></ANPR><UUID>u-%lld</UUID>"
             "</EventNotificationAlert>",
             (long long)(29 + number / 99990 % 5), (long long)(number * 7919 % 90000 + 10000),
             (long long)number);
    snprintf(request, sizeof request,
             "POST /camera/cam-%d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
             "Content-Type: application/xml\r\nContent-Length: %zu\r\n\r\n%s",
             lane + 1, strlen(xml), xml);
    ok(connect(fd, (struct sockaddr *)&address, sizeof address));
    assert_int_equal(send(fd, request, strlen(request), 0), strlen(request));
    ssize_t n = recv(fd, reply, sizeof reply - 1, 0);
    reply[n > 0 ? n : 0] = '\0';
    if (!strstr(reply, " 200 ")) {
        fail_msg("a reading was answered: %s", reply);
    }
    while (recv(fd, reply, sizeof reply, 0) > 0) {
    }
    close(fd);
}

static bool wait_coil(int at, int64_t ms)
{
    for (int64_t end = now_us() + ms * 1000; now_us() < end;) {
        if (atomic_load(&coil[at])) {
            return true;
        }
        wait_us(500);
    }
    return false;
}

static atomic_llong plates;

/* One vehicle; microseconds from the edge to the open coil, or -1. */
static int64_t pass(int lane, int64_t phase_us)
{
    atomic_int *in = &input[lane * 8];
    see_plate(lane, atomic_fetch_add(&plates, 1) + 1);
    wait_us(phase_us);
    int64_t edge = now_us();
    atomic_store(&opened_us[lane], 0);
    atomic_store(&in[0], 1);
    for (int64_t end = edge + 5000000; atomic_load(&opened_us[lane]) == 0 && now_us() < end;) {
        wait_us(200);
    }
    int64_t opened = atomic_load(&opened_us[lane]);
    if (!opened) {
        return -1;
    }
    atomic_store(&in[3], 0);
    atomic_store(&in[2], 1);
    wait_us(2 * POLL_MS * 1000);
    atomic_store(&in[1], 1);
    wait_us(2 * POLL_MS * 1000);
    atomic_store(&in[0], 0);
    wait_us(2 * POLL_MS * 1000);
    atomic_store(&in[1], 0);
    if (!wait_coil(lane * 2 + 1, 5000)) {
        return -1;
    }
    atomic_store(&in[2], 0);
    atomic_store(&in[3], 1);
    wait_us(3 * POLL_MS * 1000);
    return opened - edge;
}

struct driver {
    int lane, count, failed;
};

/* ---- what it is compared with ---- */

static struct {
    atomic_bool stop;
    int count;
    int64_t trip[BARE], sync[BARE];
} bare;

/* While vehicles pass, so that both see the same neighbours on this machine. */
static void *measure_bare(void *context)
{
    uint8_t bits[LANES * 8];
    char path[256];
    char page[4120];
    (void)context;
    memset(page, 'x', sizeof page);
    snprintf(path, sizeof path, "%s/fsync", gate.dir);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    modbus_t *client = modbus_new_tcp("127.0.0.1", module_port);
    ok(modbus_connect(client));
    while (bare.count < BARE && !atomic_load(&bare.stop)) {
        int64_t began = now_us();
        assert_int_equal(modbus_read_input_bits(client, 0, LANES * 8, bits), LANES * 8);
        int64_t between = now_us();
        assert_int_equal(write(fd, page, sizeof page), sizeof page);
        ok(fsync(fd));
        bare.sync[bare.count] = now_us() - between;
        bare.trip[bare.count++] = between - began;
        wait_us(20000);
    }
    modbus_close(client);
    modbus_free(client);
    close(fd);
    return NULL;
}

/* ---- the table ---- */

static int failures;

static void row(const char *what, double value, const char *unit, double limit)
{
    bool good = value <= limit;
    failures += !good;
    printf("  %-44s %9.2f %-6s at most %9.2f   %s\n", what, value, unit, limit,
           good ? "ok" : "TOO MUCH");
}

static void measure_idle(void)
{
    int64_t began = now_us();
    long ticks = cpu_ticks();
    wait_us(IDLE_MS * 1000);
    double seconds = (double)(now_us() - began) / 1e6;
    double used = (double)(cpu_ticks() - ticks) / (double)sysconf(_SC_CLK_TCK);
    row("idle, four lanes at a 20 ms poll", 100 * used / seconds, "% core", 3);
}

static int64_t took[EDGES_MAX];
static atomic_int took_count;

static void report_edges(void)
{
    int good = atomic_load(&took_count) < EDGES_MAX ? atomic_load(&took_count) : EDGES_MAX;
    int64_t trip = percentile(bare.trip, bare.count, 99);
    int64_t sync = percentile(bare.sync, bare.count, 99);
    int64_t limit = POLL_MS * 1000 + 2 * trip + sync;
    int64_t p50 = percentile(took, good, 50);
    int64_t p99 = percentile(took, good, 99);
    printf("  bare libmodbus round trip p99 %.2f ms, fsync p99 %.2f ms, edges %d, p50 %.2f ms\n",
           (double)trip / 1000, (double)sync / 1000, good, (double)p50 / 1000);
    row("edge to coil, p99", (double)p99 / 1000, "ms", (double)limit / 1000);
}

static void *drive(void *context)
{
    struct driver *d = context;
    unsigned dice = (unsigned)d->lane + 1;
    for (int i = 0; i < d->count; i++) {
        dice = dice * 1103515245u + 12345u;
        int64_t us = pass(d->lane, dice / 65536 % (POLL_MS * 1000));
        d->failed += us < 0;
        int at = us < 0 ? EDGES_MAX : atomic_fetch_add(&took_count, 1);
        if (at < EDGES_MAX) {
            took[at] = us;
        }
    }
    return NULL;
}

static void measure_passages(int passages)
{
    pthread_t thread[LANES];
    struct driver driver[LANES];
    int failed = 0;
    for (int warm = 0; warm < 2; warm++) {
        long before = resident_kib();
        for (int i = 0; i < LANES; i++) {
            driver[i] = (struct driver){i, (warm ? passages : 40) / LANES, 0};
            ok(pthread_create(&thread[i], NULL, drive, &driver[i]));
        }
        for (int i = 0; i < LANES; i++) {
            pthread_join(thread[i], NULL);
            failed += driver[i].failed;
        }
        if (warm) {
            printf("  %d passages, %d not let in\n", passages, failed);
            row("growth of resident memory in them", (double)(resident_kib() - before), "KiB", 512);
            row("resident memory after them", (double)resident_kib() / 1024, "MiB", 16);
        }
    }
    failures += failed > 0;
}

int main(int argc, char **argv)
{
    static const char *const clients[] = {"doxe-server", "gate-1", NULL};
    const char *program = getenv("DOXE_GATE");
    struct broker broker;
    int passages = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 400;
    if (!broker_is_here() || passages < LANES) {
        printf("SKIPPED: no mosquitto, or usage: bench_gate [PASSAGES]\n");
        return 0;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGPIPE, SIG_IGN);
    log_start("bench", LOG_LEVEL_ERROR);
    char *folder = harness_temp_dir();
    snprintf(gate.dir, sizeof gate.dir, "%s", folder);
    snprintf(gate.config, sizeof gate.config, "%s/gate.yaml", folder);
    for (int i = 0; i < LANES; i++) {
        atomic_store(&input[i * 8 + 3], 1);
    }
    broker_start(&broker, clients);
    start_module();
    start_server(&broker);
    write_config(&broker);
    start_gate(program ? program : DOXE_GATE_PROGRAM);
    while (atomic_load(&seq_seen) == 0) {
        wait_us(20000);
    }
    wait_us(2000000);
    row("resident memory, connected", (double)resident_kib() / 1024, "MiB", 16);
    measure_idle();
    pthread_t beside;
    ok(pthread_create(&beside, NULL, measure_bare, NULL));
    measure_passages(passages);
    atomic_store(&bare.stop, true);
    pthread_join(beside, NULL);
    report_edges();
    kill(gate.pid, SIGTERM);
    waitpid(gate.pid, NULL, 0);
    mqtt_link_stop(server_link);
    broker_stop(&broker, false);
    free(folder);
    return failures ? 1 : 0;
}
