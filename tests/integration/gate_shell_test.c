/* gate_shell_test.c - doxe-gate whole, in one process: a module, cameras, a scanner, a screen, a
 * broker. */
#include "gate/io/journal.h"
#include "gate/io/shell.h"
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/db.h"
#include "proto/io/json.h"
#include "proto/io/log.h"
#include "proto/io/mailbox.h"
#include "proto/io/mqtt_link.h"
#include "proto/io/msg_json.h"
#include "proto/io/yaml.h"
#include "tests/harness/broker.h"
#include "tests/harness/harness.h"
#include "tests/integration/modbus_peer.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __SANITIZE_ADDRESS__
size_t __sanitizer_get_current_allocated_bytes(void); /* gcc installs no header for it */
#endif

enum { ARMING = 0, SAFETY = 1, OPENED = 2, CLOSED = 3, OPEN = 0, CLOSE = 1, PATIENCE_MS = 15000 };

/* The numbers and the card are made up (see tests/vectors/cccd.json for how they are built). */
#define CARD "001090123456||NGUYEN VAN A|01011990|Nam|Hanoi|02022021"

struct rig {
    char *folder;
    char journal[128];
    struct modbus_peer *peer;
    struct broker broker;
    bool has_broker;
    struct gate_settings settings;
    struct shell *shell;
    pthread_t thread;
    int result;
    char url[64];
};

/* ---- the gate ---- */

static void write_settings(struct rig *r, const char *more)
{
    char text[4096];
    char error[YAML_ERROR_CAP];
    char mqtt[512] = "mqtt: {url: \"tcp://127.0.0.1:9\"}"; /* nobody is there */
    if (r->has_broker) {
        const char *dir = r->broker.dir;
        snprintf(mqtt, sizeof mqtt,
                 "mqtt:\n  url: ssl://127.0.0.1:%d\n  ca: %s/pki/ca.crt\n"
                 "  cert: %s/pki/gate-1.crt\n  key: %s/pki/gate-1.key",
                 r->broker.port, dir, dir, dir);
    }
    snprintf(text, sizeof text,
             "gate: {id: gate-1, lot: lot}\njournal: %s\npictures_keep: 3\n%s\n"
             "http: {listen: \"127.0.0.1:0\"}\n"
             "buses:\n  - {name: io, address: \"127.0.0.1:%d\", poll_ms: 10, timeout_ms: 300}\n"
             "lanes:\n  - lane: 1\n    direction: entry\n    inputs:\n"
             "      - {role: arming_loop, bus: io, address: 0, debounce_ms: 5}\n"
             "      - {role: safety_loop, bus: io, address: 1, debounce_ms: 5}\n"
             "      - {role: opened, bus: io, address: 2, debounce_ms: 5}\n"
             "      - {role: closed, bus: io, address: 3, debounce_ms: 5}\n"
             "    outputs:\n"
             "      - {role: open, bus: io, address: 0, pulse_ms: 50}\n"
             "      - {role: close, bus: io, address: 1, pulse_ms: 50}\n"
             "    camera: cam-in\n    display: {bus: io, unit: 2, register: 40}\n%s",
             r->journal, mqtt, modbus_peer_port(r->peer), more);
    if (gate_settings_read_text("test", str_c(text), &r->settings, error, sizeof error)) {
        fail_msg("%s", error);
    }
}

static void *run_shell(void *context)
{
    struct rig *r = context;
    r->result = shell_run(r->shell);
    return NULL;
}

static void gate_start(struct rig *r)
{
    ok(shell_start(&r->settings, &r->shell));
    snprintf(r->url, sizeof r->url, "http://127.0.0.1:%d", shell_http_port(r->shell));
    ok(pthread_create(&r->thread, NULL, run_shell, r));
}

static void gate_stop(struct rig *r)
{
    mono_t since = clock_mono();
    shell_stop(r->shell);
    pthread_join(r->thread, NULL);
    shell_free(r->shell);
    assert_int_equal(r->result, 0);
    assert_true(mono_diff(clock_mono(), since) < 2000);
}

static struct rig begin(bool with_broker, const char *more)
{
    struct rig r = {.folder = harness_temp_dir()};
    static const char *const clients[] = {"doxe-server", "gate-1", NULL};
    log_start("test", getenv("DOXE_TEST_LOG") ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR);
    ok(dx_crypto_start());
    snprintf(r.journal, sizeof r.journal, "%s/journal.db", r.folder);
    r.has_broker = with_broker;
    if (with_broker) {
        broker_start(&r.broker, clients);
    }
    r.peer = modbus_peer_start(PEER_TCP, NULL);
    modbus_peer_input(r.peer, CLOSED, true);
    write_settings(&r, more);
    return r;
}

static void end(struct rig *r)
{
    gate_stop(r);
    modbus_peer_stop(r->peer);
    if (r->has_broker) {
        broker_stop(&r->broker, false);
    }
    free(r->folder);
}

/* How many rows of the journal have this in their body; read beside the running gate. */
static int64_t count_rows(const struct rig *r, const char *sql, const char *pattern)
{
    struct db *db;
    int64_t n = -1;
    ok(db_open_reader(r->journal, &db));
    ok(db_query_i64(db, 0, &n, sql, "t", pattern));
    db_close(db);
    return n;
}

static int64_t count_events(const struct rig *r, const char *type)
{
    char pattern[64];
    snprintf(pattern, sizeof pattern, "%%\"type\":\"%s\"%%", type);
    return count_rows(r, "SELECT count(*) FROM journal WHERE body LIKE ?1", pattern);
}

/* ---- the screen: a client of the page's event stream ---- */

struct screen {
    int fd;
    char text[1 << 17];
    size_t n;
};

static void screen_open(struct screen *s, const struct rig *r)
{
    const char *request = "GET /lane/1/events HTTP/1.1\r\nHost: x\r\n\r\n";
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_port = htons((uint16_t)shell_http_port(r->shell));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->n = 0;
    s->fd = socket(AF_INET, SOCK_STREAM, 0);
    ok(connect(s->fd, (struct sockaddr *)&address, sizeof address));
    assert_int_equal(write(s->fd, request, strlen(request)), strlen(request));
}

/* Until the page shows this state; what came before it is forgotten. */
static void screen_wait(struct screen *s, const char *state)
{
    char mark[64];
    mono_t until = mono_add(clock_mono(), PATIENCE_MS);
    snprintf(mark, sizeof mark, "data-state=\"%s\"", state);
    for (;;) {
        s->text[s->n] = '\0';
        char *found = strstr(s->text, mark);
        if (found) {
            size_t used = (size_t)(found - s->text) + strlen(mark);
            memmove(s->text, s->text + used, s->n - used);
            s->n -= used;
            return;
        }
        struct pollfd wait = {.fd = s->fd, .events = POLLIN};
        if (mono_reached(clock_mono(), until) || poll(&wait, 1, PATIENCE_MS) <= 0) {
            fail_msg("the screen never showed '%s'", state);
        }
        if (s->n > sizeof s->text / 2) {
            memmove(s->text, s->text + s->n - 64, 64);
            s->n = 64;
        }
        ssize_t n = read(s->fd, s->text + s->n, sizeof s->text - s->n - 1);
        assert_true(n > 0);
        s->n += (size_t)n;
    }
}

/* ---- cameras, by curl ---- */

static size_t drop(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

struct push {
    const char *plate, *uuid, *type;
    size_t picture; /* bytes */
};

static void write_xml(const struct push *p, char *xml, size_t cap)
{
    snprintf(xml, cap,
             "<?xml version=\"1.0\"?><EventNotificationAlert><eventType>%s</eventType><ANPR>"
             "<licensePlate>%s</licensePlate><confidenceLevel>97</confidenceLevel>"
             "<vehicleType>SUVMPV</vehicleType></ANPR><UUID>%s</UUID></EventNotificationAlert>",
             p->type, p->plate, p->uuid);
}

/* A form as the camera sends it; the answer's status. */
static long push_form(const struct rig *r, const char *camera, const struct push *p)
{
    char xml[1024];
    char url[128];
    long status = 0;
    write_xml(p, xml, sizeof xml);
    snprintf(url, sizeof url, "%s/camera/%s", r->url, camera);
    CURL *curl = curl_easy_init();
    curl_mime *form = curl_mime_init(curl);
    curl_mimepart *part = curl_mime_addpart(form);
    curl_mime_name(part, "anpr.xml");
    curl_mime_filename(part, "anpr.xml");
    curl_mime_type(part, "application/xml");
    curl_mime_data(part, xml, CURL_ZERO_TERMINATED);
    char *picture = calloc(1, p->picture + 4);
    assert_non_null(picture);
    if (p->picture) {
        memcpy(picture, "\xff\xd8\xff", 3);
        part = curl_mime_addpart(form);
        curl_mime_name(part, "detectionPicture.jpg");
        curl_mime_type(part, "application/octet-stream");
        curl_mime_data(part, picture, p->picture);
    }
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_MIMEPOST, form);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    assert_int_equal(curl_easy_perform(curl), CURLE_OK);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_mime_free(form);
    curl_easy_cleanup(curl);
    free(picture);
    return status;
}

static long fetch(const struct rig *r, const char *path, const char *body)
{
    char url[128];
    long status = 0;
    snprintf(url, sizeof url, "%s%s", r->url, path);
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url);
    if (body) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    }
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    assert_int_equal(curl_easy_perform(curl), CURLE_OK);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    return status;
}

#define UUID "0b6f52a0-0000-4000-8000-00000000000"

static void wait_coil(struct rig *r, int address)
{
    struct peer_write write;
    do {
        assert_true(modbus_peer_wait_write(r->peer, PATIENCE_MS, &write));
    } while (write.function != 5 || write.address != address || write.value != 0xFF00);
}

/* So many polls later the gate has seen what the module's inputs are. */
static void let_it_see(struct rig *r)
{
    int until = modbus_peer_requests(r->peer) + 12;
    while (modbus_peer_requests(r->peer) < until) {
        poll(NULL, 0, 5);
    }
}

/* Past the barrier, which comes down behind it. */
static void drive_through(struct rig *r, struct screen *s)
{
    modbus_peer_input(r->peer, CLOSED, false);
    modbus_peer_input(r->peer, OPENED, true);
    screen_wait(s, "go");
    modbus_peer_input(r->peer, SAFETY, true);
    let_it_see(r);
    modbus_peer_input(r->peer, ARMING, false);
    let_it_see(r);
    modbus_peer_input(r->peer, SAFETY, false);
    wait_coil(r, CLOSE);
    modbus_peer_input(r->peer, OPENED, false);
    modbus_peer_input(r->peer, CLOSED, true);
    screen_wait(s, "ready");
}

/* A car comes and is let in; the order rule is looked at on the way. */
static void arrive(struct rig *r, struct screen *s, const struct push *p)
{
    modbus_peer_input(r->peer, ARMING, true);
    screen_wait(s, "reading");
    int64_t arrivals = count_events(r, "arrived");
    assert_int_equal(push_form(r, "cam-in", p), 200);
    wait_coil(r, OPEN);
    assert_int_equal(count_events(r, "arrived"), arrivals + 1); /* durable before the arm moves */
}

static void test_gate_shell__car_is_read_recorded_and_let_in(void **state)
{
    (void)state;
    struct rig r = begin(false, "");
    struct screen s;
    const struct push car = {"30F-123.45", UUID "1", "ANPR", 20000};
    gate_start(&r);
    screen_open(&s, &r);
    screen_wait(&s, "ready");
    arrive(&r, &s, &car);
    drive_through(&r, &s);
    assert_int_equal(count_events(&r, "entered"), 1);
    assert_int_equal(count_rows(&r, "SELECT count(*) FROM open_session WHERE key = ?1", "30F12345"),
                     1);
    close(s.fd);
    end(&r);
}

static void test_gate_shell__same_push_twice_is_one_reading_and_a_better_one_amends(void **state)
{
    (void)state;
    struct rig r = begin(false, "    read_ms: 60000\n");
    struct screen s;
    const char *rows = "SELECT count(*) FROM read WHERE vendor_id = ?1";
    const struct push blind = {"unknown", UUID "2", "ANPR", 0};
    const struct push better = {"30F-123.45", UUID "2", "ANPR", 0}; /* the same event */
    const struct push late = {"29A-678.90", UUID "2", "ANPR", 0};   /* and no better */
    gate_start(&r);
    screen_open(&s, &r);
    screen_wait(&s, "ready");
    modbus_peer_input(r.peer, ARMING, true);
    screen_wait(&s, "reading");
    assert_int_equal(push_form(&r, "cam-in", &blind), 200);
    assert_int_equal(push_form(&r, "cam-in", &blind), 200);
    assert_int_equal(count_rows(&r, rows, UUID "2"), 1);
    assert_int_equal(count_events(&r, "arrived"), 0);
    assert_int_equal(push_form(&r, "cam-in", &better), 200);
    wait_coil(&r, OPEN);
    assert_int_equal(push_form(&r, "cam-in", &late), 200);
    assert_int_equal(count_rows(&r, rows, UUID "2"), 1);
    const char *like = "SELECT count(*) FROM journal WHERE body LIKE ?1";
    assert_true(count_rows(&r, like, "%30F12345%") > 0);
    assert_int_equal(count_rows(&r, like, "%29A67890%"), 0);
    assert_int_equal(count_events(&r, "arrived"), 1);
    close(s.fd);
    end(&r);
}

static int count_pictures(const struct rig *r)
{
    int n = 0;
    DIR *dir = opendir(r->settings.pictures);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        n += entry->d_name[0] != '.';
    }
    closedir(dir);
    return n;
}

static void test_gate_shell__pictures_of_12_megabytes_are_kept_and_bounded(void **state)
{
    (void)state;
    struct rig r = begin(false, "");
    char uuid[64];
    gate_start(&r);
    for (int i = 0; i < 5; i++) {
        snprintf(uuid, sizeof uuid, "%s%d", UUID, i);
        struct push car = {"30F-123.45", uuid, "ANPR", i == 0 ? 12u << 20 : 1000};
        assert_int_equal(push_form(&r, "cam-in", &car), 200);
        assert_int_equal(count_pictures(&r), i < 3 ? i + 1 : 3);
    }
    end(&r);
}

static void test_gate_shell__nonsense_is_answered_and_stores_nothing(void **state)
{
    (void)state;
    struct rig r = begin(false, "");
    const struct push motion = {"30F-123.45", UUID "3", "VMD", 0};
    gate_start(&r);
    assert_int_equal(push_form(&r, "cam-in", &motion), 200);
    assert_int_equal(fetch(&r, "/camera/cam-in", "no form at all"), 200);
    assert_int_equal(push_form(&r, "cam-none", &motion), 404);
    assert_int_equal(fetch(&r, "/camera/cam-in", NULL), 405);
    assert_int_equal(count_rows(&r, "SELECT count(*) FROM read WHERE raw <> ?1", ""), 0);
    assert_int_equal(fetch(&r, "/lane/1", NULL), 200);
    assert_int_equal(fetch(&r, "/lane/1/display.json", NULL), 200);
    assert_int_equal(fetch(&r, "/lane/2", NULL), 404);
    assert_int_equal(fetch(&r, "/assets/lane.css", NULL), 200);
    assert_int_equal(fetch(&r, "/health", NULL), 200);
    assert_int_equal(fetch(&r, "/nowhere", NULL), 404);
    end(&r);
}

static void test_gate_shell__module_without_power_shows_stopped_and_recovers(void **state)
{
    (void)state;
    struct rig r = begin(false, "");
    struct screen s;
    gate_start(&r);
    screen_open(&s, &r);
    screen_wait(&s, "ready");
    modbus_peer_pause(r.peer);
    screen_wait(&s, "stopped");
    modbus_peer_resume(r.peer);
    screen_wait(&s, "ready");
    close(s.fd);
    end(&r);
}

static void wait_rows(const struct rig *r, const char *sql, const char *pattern, int64_t wanted)
{
    mono_t until = mono_add(clock_mono(), 2 * PATIENCE_MS);
    while (count_rows(r, sql, pattern) != wanted) {
        assert_false(mono_reached(clock_mono(), until));
        poll(NULL, 0, 50);
    }
}

/* Not only a log line: an event that goes up, and a history that a restart does not forget. */
static void test_gate_shell__a_silent_module_is_an_alarm_with_a_history(void **state)
{
    (void)state;
    static const char open_faults[] =
        "SELECT count(*) FROM device_fault WHERE cleared_ms = 0 AND code = ?1";
    static const char all_faults[] = "SELECT count(*) FROM device_fault WHERE code = ?1";
    static const char events[] = "SELECT count(*) FROM journal WHERE body LIKE ?1";
    struct rig r = begin(false, "");
    gate_start(&r);
    wait_rows(&r, events, "%\"boot\"%", 1);
    modbus_peer_pause(r.peer);
    wait_rows(&r, open_faults, "bus.lost", 1);
    wait_rows(&r, events, "%\"bus.lost\"%", 1);
    gate_stop(&r);
    gate_start(&r); /* still without power: no second alarm, no second row */
    wait_rows(&r, open_faults, "bus.lost", 1);
    modbus_peer_resume(r.peer);
    wait_rows(&r, open_faults, "bus.lost", 0);
    wait_rows(&r, all_faults, "bus.lost", 1);
    wait_rows(&r, events, "%\"bus.lost\"%", 2);
    wait_rows(&r, "SELECT count(*) FROM device_alarm WHERE code = ?1", "bus.lost", 0);
    end(&r);
}

static void test_gate_shell__restart_in_the_middle_of_a_visit_goes_on(void **state)
{
    (void)state;
    struct rig r = begin(false, "");
    struct screen s;
    const struct push car = {"30F-123.45", UUID "4", "ANPR", 0};
    gate_start(&r);
    screen_open(&s, &r);
    screen_wait(&s, "ready");
    arrive(&r, &s, &car);
    modbus_peer_input(r.peer, CLOSED, false);
    modbus_peer_input(r.peer, OPENED, true);
    screen_wait(&s, "go");
    close(s.fd);
    gate_stop(&r);
    gate_start(&r);
    screen_open(&s, &r);
    drive_through(&r, &s); /* shows "go": permitted and there, it knows */
    assert_int_equal(count_events(&r, "arrived"), 1);
    assert_int_equal(count_events(&r, "entered"), 1);
    assert_int_equal(count_events(&r, "boot"), 2);
    close(s.fd);
    end(&r);
}

static void test_gate_shell__second_program_on_the_same_journal_does_not_start(void **state)
{
    (void)state;
    struct rig r = begin(false, "");
    struct shell *second;
    gate_start(&r);
    assert_int_equal(shell_start(&r.settings, &second), DX_E_EXISTS);
    end(&r);
}

/* ---- what must hold whatever happens ---- */

static void allow_files(rlim_t bytes)
{
    struct rlimit limit = {bytes, RLIM_INFINITY};
    signal(SIGXFSZ, SIG_IGN);
    ok(setrlimit(RLIMIT_FSIZE, &limit));
}

static void test_gate_shell__full_disk_moves_nothing_and_loses_nothing(void **state)
{
    (void)state;
    struct rig r = begin(false, "    read_ms: 60000\n");
    struct screen s;
    const struct push car = {"30F-123.45", UUID "6", "ANPR", 0};
    gate_start(&r);
    screen_open(&s, &r);
    screen_wait(&s, "ready");
    modbus_peer_input(r.peer, ARMING, true);
    screen_wait(&s, "reading");
    allow_files(0); /* no file may grow: as a disk that is full */
    assert_int_equal(push_form(&r, "cam-in", &car), 503);
    assert_false(modbus_peer_coil(r.peer, OPEN));
    allow_files(RLIM_INFINITY);
    assert_int_equal(push_form(&r, "cam-in", &car), 200); /* the camera tries again */
    wait_coil(&r, OPEN);
    assert_int_equal(count_events(&r, "arrived"), 1);
    drive_through(&r, &s);
    allow_files(0); /* and now with a record under way */
    modbus_peer_pause(r.peer);
    screen_wait(&s, "stopped");
    allow_files(RLIM_INFINITY);
    modbus_peer_resume(r.peer);
    screen_wait(&s, "ready");
    assert_int_equal(count_rows(&r, "SELECT max(seq) - count(*) FROM journal WHERE body <> ?1", ""),
                     0); /* no gap */
    assert_true(count_events(&r, "alarm") >= 2);
    close(s.fd);
    end(&r);
}

/* Milliseconds of processor time that this process has used. */
static int64_t used_ms(void)
{
    struct rusage usage;
    ok(getrusage(RUSAGE_SELF, &usage));
    return ((int64_t)usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
           (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

static void test_gate_shell__edge_is_answered_at_once_and_waiting_costs_little(void **state)
{
    (void)state;
    struct rig r = begin(false, "");
    struct screen s;
    const struct push car = {"30F-123.45", UUID "7", "ANPR", 0};
    gate_start(&r);
    screen_open(&s, &r);
    screen_wait(&s, "ready");
    assert_int_equal(push_form(&r, "cam-in", &car), 200); /* read before the loop is taken */
    mono_t since = clock_mono();
    modbus_peer_input(r.peer, ARMING, true);
    wait_coil(&r, OPEN);
    int64_t took_ms = mono_diff(clock_mono(), since);
    print_message("edge to barrier: %lld ms\n", (long long)took_ms);
    /* Poll 10, debounce 5, one commit; the rest is room for a busy machine with sanitizers. */
    assert_true(took_ms < 500);
    modbus_peer_input(r.peer, OPENED, true);
    modbus_peer_input(r.peer, CLOSED, false);
    let_it_see(&r);
    since = clock_mono();
    int64_t before_ms = used_ms();
    int until = modbus_peer_requests(r.peer) + 100; /* a second of polling, the peer's work too */
    while (modbus_peer_requests(r.peer) < until) {
        poll(NULL, 0, 50);
    }
    int64_t used = used_ms() - before_ms;
    int64_t passed = mono_diff(clock_mono(), since);
    print_message("waiting: %lld ms of %lld ms\n", (long long)used, (long long)passed);
    assert_true(used * 2 < passed);
    close(s.fd);
    end(&r);
}

/* ---- memory ---- */

/*
 * Bytes from the heap, without what the databases hold: their caches fill up to a limit of their
 * own, which is looked at apart.
 */
static int64_t heap_bytes(void)
{
#ifdef __SANITIZE_ADDRESS__
    int64_t all = (int64_t)__sanitizer_get_current_allocated_bytes();
#else
    int64_t all = (int64_t)mallinfo2().uordblks;
#endif
    return all - db_memory_used();
}

static void quick_see(struct rig *r)
{
    int until = modbus_peer_requests(r->peer) + 4;
    while (modbus_peer_requests(r->peer) < until) {
        poll(NULL, 0, 2);
    }
}

static void pass_quickly(struct rig *r, int number)
{
    char plate[16];
    char uuid[40];
    const struct push car = {plate, uuid, "ANPR", 0};
    snprintf(plate, sizeof plate, "30F-%05d", 10000 + number);
    snprintf(uuid, sizeof uuid, "0b6f52a0-0000-4000-8000-%012d", number);
    assert_int_equal(push_form(r, "cam-in", &car), 200);
    modbus_peer_input(r->peer, ARMING, true);
    wait_coil(r, OPEN);
    modbus_peer_input(r->peer, CLOSED, false);
    modbus_peer_input(r->peer, OPENED, true);
    quick_see(r);
    modbus_peer_input(r->peer, SAFETY, true);
    quick_see(r);
    modbus_peer_input(r->peer, ARMING, false);
    quick_see(r);
    modbus_peer_input(r->peer, SAFETY, false);
    wait_coil(r, CLOSE);
    modbus_peer_input(r->peer, OPENED, false);
    modbus_peer_input(r->peer, CLOSED, true);
    quick_see(r);
}

/* What a passage keeps, it would keep ten thousand times.  A connection ends a moment later. */
static void test_gate_shell__passages_leave_nothing_on_the_heap(void **state)
{
    enum { WARM = 6, COUNTED = 20, KEPT_MAX = 2048, CACHES_MAX = 1024 * 1024 };
    (void)state;
    struct rig r = begin(false, "    rules: {clear_for: 20ms}\n");
    gate_start(&r);
    for (int i = 0; i < WARM; i++) {
        pass_quickly(&r, i);
    }
    int64_t before = heap_bytes();
    for (int i = 0; i < COUNTED; i++) {
        pass_quickly(&r, WARM + i);
    }
    mono_t until = mono_add(clock_mono(), PATIENCE_MS);
    int64_t kept = heap_bytes() - before;
    while (kept >= KEPT_MAX && !mono_reached(clock_mono(), until)) {
        poll(NULL, 0, 20);
        kept = heap_bytes() - before;
    }
    print_message("%d passages keep %lld bytes; databases hold %lld\n", COUNTED, (long long)kept,
                  (long long)db_memory_used());
    assert_int_equal(count_events(&r, "entered"), WARM + COUNTED);
    assert_true(kept < KEPT_MAX);
    assert_true(db_memory_used() < CACHES_MAX);
    end(&r);
}

/* ---- scanner ---- */

static void scan(const char *device, const char *text)
{
    int fd = open(device, O_WRONLY | O_NOCTTY);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void test_gate_shell__scanner_comes_goes_and_comes_back(void **state)
{
    (void)state;
    char more[512];
    char key_file[160];
    struct rig r = begin(false, "");
    struct pty_pair pair;
    struct screen s;
    if (!pty_pair_start(&pair, r.folder)) {
        gate_start(&r);
        end(&r);
        skip();
    }
    snprintf(key_file, sizeof key_file, "%s/identity.key", r.folder);
    FILE *file = fopen(key_file, "w");
    assert_non_null(file);
    fputs("0123456789abcdef0123456789abcdef\n", file);
    fclose(file);
    snprintf(more, sizeof more,
             "    read_ms: 60000\n    scanner: %s\n"
             "identity: {enabled: true, key_file: %s}\n",
             pair.a, key_file);
    write_settings(&r, more);
    gate_start(&r);
    screen_open(&s, &r);
    screen_wait(&s, "ready");
    modbus_peer_input(r.peer, ARMING, true);
    screen_wait(&s, "reading");
    scan(pair.b, "https://example.invalid/menu\r");
    screen_wait(&s, "not_a_code");
    screen_wait(&s, "reading");
    pty_pair_stop(&pair); /* unplugged */
    assert_true(pty_pair_start(&pair, r.folder));
    /* It looks once a second; until it has opened the line, what is scanned is lost. */
    for (int i = 0; i < 50 && count_events(&r, "arrived") == 0; i++) {
        scan(pair.b, CARD "\r\n");
        poll(NULL, 0, 200);
    }
    wait_coil(&r, OPEN);
    assert_int_equal(count_events(&r, "arrived"), 1);
    /* Nothing of the card but a pseudonym and four digits is anywhere in the journal. */
    assert_int_equal(count_events(&r, "%001090123456%"), 0);
    assert_int_equal(count_rows(&r, "SELECT count(*) FROM journal WHERE body LIKE ?1", "%NGUYEN%"),
                     0);
    assert_int_equal(
        count_rows(&r, "SELECT count(*) FROM journal WHERE body LIKE ?1", "%\"last4\":\"3456\"%"),
        1);
    pty_pair_stop(&pair);
    close(s.fd);
    end(&r);
}

/* ---- broker ---- */

struct city {
    struct mailbox *box; /* struct note */
    struct mqtt_link *link;
};

struct note {
    bool is_status;
    char text[2048];
};

static void on_message(void *context, struct str topic, struct str payload)
{
    struct city *city = context;
    struct note note = {.is_status = str_eq_c(topic, "doxe/1/lot/gate-1/status")};
    str_copy_cut(note.text, sizeof note.text, payload);
    (void)!mailbox_post(city->box, &note);
}

static void on_connected(void *context, bool connected)
{
    (void)context;
    (void)connected;
}

static void city_join(struct city *city, const struct broker *broker)
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
                                 .subscribe = {"doxe/1/+/+/up", "doxe/1/+/+/status"},
                                 .context = city,
                                 .on_message = on_message,
                                 .on_connected = on_connected};
    ok(mailbox_new(sizeof(struct note), 256, &city->box));
    ok(mqtt_link_start(&config, &city->link));
}

static struct event next_event(struct city *city)
{
    struct note note;
    struct event event;
    const char *why;
    do {
        ok(mailbox_take(city->box, mono_add(clock_mono(), PATIENCE_MS), &note));
    } while (note.is_status);
    ok(event_read(str_c(note.text), &event, &why));
    return event;
}

static struct status next_status(struct city *city)
{
    struct note note;
    struct status status;
    const char *why;
    do {
        ok(mailbox_take(city->box, mono_add(clock_mono(), PATIENCE_MS), &note));
    } while (!note.is_status);
    ok(status_read(str_c(note.text), &status, &why));
    return status;
}

static void test_gate_shell__events_are_sent_again_until_the_server_itself_has_them(void **state)
{
    (void)state;
    if (!broker_is_here()) {
        print_message("SKIPPED: no mosquitto on this machine\n");
        skip();
    }
    struct rig r = begin(true, "");
    struct city city;
    char text[512];
    struct out out;
    struct down ack = {.type = DOWN_ACK};
    gate_start(&r);
    city_join(&city, &r.broker);
    struct event boot = next_event(&city);
    assert_int_equal(boot.type, EVENT_BOOT);
    assert_int_equal(boot.seq, 1);
    struct event again = next_event(&city); /* the broker had it; the server said nothing */
    assert_string_equal(again.id, boot.id);
    ack.generation = boot.generation;
    ack.seq = 1;
    out_init(&out, text, sizeof text);
    down_write(&out, &ack);
    ok(mqtt_link_publish(city.link, "doxe/1/lot/gate-1/down", out_str(&out), false));
    modbus_peer_pause(r.peer); /* makes an alarm: the next event */
    struct event alarm;
    do {
        alarm = next_event(&city);
    } while (alarm.seq == 1);
    assert_int_equal(alarm.seq, 2);
    assert_int_equal(alarm.type, EVENT_ALARM);
    assert_true(next_event(&city).seq > 1); /* sent again from the server's word on */
    modbus_peer_resume(r.peer);
    mqtt_link_stop(city.link);
    mailbox_free(city.box);
    end(&r);
}

static void test_gate_shell__status_is_retained_and_goes_offline(void **state)
{
    (void)state;
    if (!broker_is_here()) {
        print_message("SKIPPED: no mosquitto on this machine\n");
        skip();
    }
    struct rig r = begin(true, "");
    struct city city;
    gate_start(&r);
    city_join(&city, &r.broker);
    struct status status = next_status(&city);
    while (!status.online) {
        status = next_status(&city); /* retained from nobody, or the first */
    }
    assert_string_equal(status.gate, "gate-1");
    assert_int_equal(status.lane_count, 1);
    gate_stop(&r);
    do {
        status = next_status(&city);
    } while (status.online);
    mqtt_link_stop(city.link);
    mailbox_free(city.box);
    gate_start(&r);
    end(&r);
}

TESTS(T(test_gate_shell__car_is_read_recorded_and_let_in),
      T(test_gate_shell__same_push_twice_is_one_reading_and_a_better_one_amends),
      T(test_gate_shell__pictures_of_12_megabytes_are_kept_and_bounded),
      T(test_gate_shell__nonsense_is_answered_and_stores_nothing),
      T(test_gate_shell__module_without_power_shows_stopped_and_recovers),
      T(test_gate_shell__a_silent_module_is_an_alarm_with_a_history),
      T(test_gate_shell__restart_in_the_middle_of_a_visit_goes_on),
      T(test_gate_shell__second_program_on_the_same_journal_does_not_start),
      T(test_gate_shell__full_disk_moves_nothing_and_loses_nothing),
      T(test_gate_shell__edge_is_answered_at_once_and_waiting_costs_little),
      T(test_gate_shell__passages_leave_nothing_on_the_heap),
      T(test_gate_shell__scanner_comes_goes_and_comes_back),
      T(test_gate_shell__events_are_sent_again_until_the_server_itself_has_them),
      T(test_gate_shell__status_is_retained_and_goes_offline))
