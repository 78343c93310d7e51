#include "tests/bench/gate_site.h"

#include "proto/io/log.h"
#include "proto/io/mqtt_link.h"
#include "proto/msg.h"
#include "tests/harness/broker.h"
#include "tests/harness/harness.h"
#include "tests/harness/http_client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct site_lane site_lane[SITE_LANES];
int site_module_port;
char site_dir[200];

static struct {
    struct broker broker;
    char config[256];
    pid_t pid;
    int http_port, console_port, scanner_port[SITE_LANES];
} site;

int64_t site_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void site_wait_us(int64_t us)
{
    struct timespec t = {us / 1000000, us % 1000000 * 1000};
    nanosleep(&t, NULL);
}

void site_urgent(int level)
{
    struct sched_param param = {.sched_priority = level};
    if (sched_setscheduler(0, SCHED_FIFO, &param) != 0) {
        (void)!setpriority(PRIO_PROCESS, 0, -10);
    }
}

/* ---- the module: 8 inputs a lane, 2 coils a lane; displays are units 2 and up ---- */

/* Notes when the gate (unit 255 is the bare client) is told of a vehicle at an arming loop. */
static int answer_inputs(const uint8_t *q, uint8_t *a)
{
    int at = q[8] << 8 | q[9];
    int count = q[10] << 8 | q[11];
    a[8] = (uint8_t)((count + 7) / 8);
    memset(a + 9, 0, a[8]);
    for (int i = 0; i < count && at + i < SITE_LANES * SITE_INPUTS; i++) {
        struct site_lane *lane = &site_lane[(at + i) / SITE_INPUTS];
        int k = (at + i) % SITE_INPUTS;
        bool on = atomic_load(&lane->input[k]) != 0;
        long long none = 0;
        a[9 + i / 8] |= (uint8_t)(on << i % 8);
        if (on && k == SITE_ARMING && q[6] != 0xFF) {
            atomic_compare_exchange_strong(&lane->answered_us, &none, site_us());
        }
    }
    return 9 + a[8];
}

static void answer(int fd, const uint8_t *q)
{
    uint8_t a[260];
    int at = q[8] << 8 | q[9];
    int n = 12;
    memcpy(a, q, 12);
    if (q[7] == 2) {
        n = answer_inputs(q, a);
    } else if (q[7] == 5 && at < SITE_LANES * 2) {
        struct site_lane *lane = &site_lane[at / 2];
        bool on = q[10] != 0;
        if (on) {
            atomic_store(at % 2 ? &lane->closed_us : &lane->opened_us, site_us());
        }
    }
    a[4] = 0;
    a[5] = (uint8_t)(n - 6);
    (void)!send(fd, a, (size_t)n, MSG_NOSIGNAL);
}

static void *serve(void *context)
{
    int fd = (int)(intptr_t)context;
    uint8_t q[300];
    site_urgent(SITE_URGENT_MODULE); /* a real one does not share this machine's processor */
    while (recv(fd, q, 6, MSG_WAITALL) == 6 && q[4] == 0 &&
           recv(fd, q + 6, q[5], MSG_WAITALL) == q[5]) {
        answer(fd, q);
    }
    close(fd);
    return NULL;
}

/* A scanner that is never used: its line is there. */
static void *serve_scanner(void *context)
{
    char byte;
    while (recv((int)(intptr_t)context, &byte, 1, 0) > 0) {
    }
    return NULL;
}

struct listener {
    int fd;
    void *(*serve)(void *);
};

static void *accept_all(void *context)
{
    const struct listener *of = context;
    for (;;) {
        pthread_t thread;
        int yes = 1;
        int fd = accept(of->fd, NULL, NULL);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        ok(pthread_create(&thread, NULL, of->serve, (void *)(intptr_t)fd));
        pthread_detach(thread);
    }
    return NULL;
}

static int start_listener(struct listener *of)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    pthread_t thread;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    of->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ok(bind(of->fd, (struct sockaddr *)&address, sizeof address));
    ok(listen(of->fd, 8));
    ok(getsockname(of->fd, (struct sockaddr *)&address, &size));
    ok(pthread_create(&thread, NULL, accept_all, of));
    return ntohs(address.sin_port);
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

static void start_server(void)
{
    const struct broker *broker = &site.broker;
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
        site_wait_us(10000);
    }
}

/* ---- the gate ---- */

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

static void write_lane(FILE *f, int i)
{
    static const char *const roles[] = {"arming_loop", "safety_loop", "opened", "closed"};
    fprintf(f, "  - lane: %d\n    direction: entry\n    camera: cam-%d\n", i + 1, i + 1);
    fprintf(f, "    scanner: \"tcp:127.0.0.1:%d\"\n", site.scanner_port[i]);
    fprintf(f, "    display: {bus: io, unit: %d, lines: 4, columns: 20}\n", i + 2);
    fprintf(f, "    rules: {clear_for: %dms}\n    inputs:\n", SITE_CLEAR_MS);
    for (int k = 0; k < 4; k++) {
        fprintf(f, "      - {role: %s, bus: io, address: %d, debounce_ms: 0}\n", roles[k],
                i * SITE_INPUTS + k);
    }
    fprintf(f,
            "    outputs:\n"
            "      - {role: open, bus: io, address: %d, pulse_ms: 100, per_minute: 240}\n"
            "      - {role: close, bus: io, address: %d, pulse_ms: 100, per_minute: 240}\n",
            i * 2, i * 2 + 1);
}

static void write_config(void)
{
    char ca[128];
    char cert[128];
    char key[128];
    FILE *f = fopen(site.config, "w");
    assert_non_null(f);
    site.http_port = free_port();
    site.console_port = free_port();
    broker_path(&site.broker, "ca", "crt", ca, sizeof ca);
    broker_path(&site.broker, "gate-1", "crt", cert, sizeof cert);
    broker_path(&site.broker, "gate-1", "key", key, sizeof key);
    fprintf(f,
            "gate: {id: gate-1, lot: lot}\njournal: %s/journal.db\n"
            "mqtt: {url: \"ssl://127.0.0.1:%d\", ca: %s, cert: %s, key: %s}\n"
            "http: {listen: \"127.0.0.1:%d\"}\nconsole: {listen: \"127.0.0.1:%d\"}\n"
            "buses:\n  - {name: io, address: \"127.0.0.1:%d\", poll_ms: %d, timeout_ms: 300}\n"
            "lanes:\n",
            site_dir, site.broker.port, ca, cert, key, site.http_port, site.console_port,
            site_module_port, SITE_POLL_MS);
    for (int i = 0; i < SITE_LANES; i++) {
        write_lane(f, i);
    }
    fclose(f);
}

static void start_gate(const char *program)
{
    site.pid = fork();
    if (site.pid == 0) {
        char log[256];
        snprintf(log, sizeof log, "%s/gate.log", site_dir);
        int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(fd, 2);
        execl(program, "doxe-gate", "--config", site.config, (char *)NULL);
        _exit(127);
    }
}

static void add_attendant(const char *program)
{
    char command[600];
    snprintf(command, sizeof command,
             "echo 918273 | '%s' attendant add an --config '%s' >/dev/null", program, site.config);
    ok(system(command)); /* NOLINT(cert-env33-c): our own program with our own words */
}

void site_start(const char *program)
{
    static const char *const clients[] = {"doxe-server", "gate-1", NULL};
    static struct listener module = {.serve = serve};
    static struct listener scanner[SITE_LANES];
    char *folder = harness_temp_dir();
    snprintf(site_dir, sizeof site_dir, "%s", folder);
    snprintf(site.config, sizeof site.config, "%s/gate.yaml", folder);
    free(folder);
    for (int i = 0; i < SITE_LANES; i++) {
        atomic_store(&site_lane[i].input[SITE_CLOSED], 1);
    }
    broker_start(&site.broker, clients);
    site_module_port = start_listener(&module);
    for (int i = 0; i < SITE_LANES; i++) {
        scanner[i].serve = serve_scanner;
        site.scanner_port[i] = start_listener(&scanner[i]);
    }
    start_server();
    write_config();
    add_attendant(program);
    start_gate(program);
    while (atomic_load(&seq_seen) == 0) {
        site_wait_us(20000);
    }
}

void site_stop(void)
{
    kill(site.pid, SIGTERM);
    waitpid(site.pid, NULL, 0);
    mqtt_link_stop(server_link);
    broker_stop(&site.broker, false);
}

/* ---- looking at the process ---- */

long site_memory_kib(const char *row)
{
    char path[64];
    char line[256];
    long kib = -1;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)site.pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f)) {
        if (strncmp(line, row, strlen(row)) == 0) {
            kib = strtol(line + strlen(row), NULL, 10);
        }
    }
    if (f) {
        fclose(f);
    }
    return kib;
}

double site_cpu_s(void)
{
    char path[64];
    char text[1024] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)site.pid);
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
    long user = strtol(rest, &rest, 10);
    long system_time = strtol(rest, &rest, 10);
    return (double)(user + system_time) / (double)sysconf(_SC_CLK_TCK);
}

/* ---- its clients ---- */

void site_open_browser(void)
{
    char request[512];
    struct http_reply in = http_client_ask(site.console_port, "POST", "/api/login",
                                           "X-Doxe-Token: 1\r\nContent-Type: application/json\r\n",
                                           "{\"name\":\"an\",\"secret\":\"918273\"}");
    char *cookie = http_reply_header(&in, "Set-Cookie");
    if (in.status != 200 || !cookie) {
        fail_msg("the console's login was answered %d: %s", in.status, in.body);
        return;
    }
    cookie[strcspn(cookie, ";")] = '\0';
    for (int i = 0; i <= SITE_LANES; i++) {
        int fd = http_client_connect(i ? site.http_port : site.console_port);
        char target[32] = "/events";
        if (i) {
            snprintf(target, sizeof target, "/lane/%d/events", i);
        }
        int n = snprintf(request, sizeof request,
                         "GET %s HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n", target, cookie);
        http_client_send(fd, request, (size_t)n);
        http_client_expect(fd, "event:");
        pthread_t thread;
        ok(pthread_create(&thread, NULL, serve_scanner, (void *)(intptr_t)fd));
        pthread_detach(thread);
    }
    free(cookie);
    http_reply_free(&in);
}

void site_see_plate(int lane, int64_t number)
{
    char xml[600];
    char request[1000];
    char reply[512];
    struct sockaddr_in address = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_port = htons((uint16_t)site.http_port);
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
