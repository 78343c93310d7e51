/* gate_cameras_test.c - one car let in by each maker's camera: real HTTP, MQTT, Modbus, journal. */
#include "gate/io/journal.h"
#include "gate/io/shell.h"
#include "proto/base/check.h"
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/db.h"
#include "proto/io/log.h"
#include "proto/io/mqtt_link.h"
#include "proto/io/yaml.h"
#include "sim/live/camera_server.h"
#include "sim/live/http_client.h"
#include "proto/io/mailbox.h"
#include "tests/harness/broker.h"
#include "tests/harness/harness.h"
#include "tests/integration/modbus_peer.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ARMING, SAFETY, OPENED, CLOSED, OPEN = 0, CLOSE = 1, PATIENCE_MS = 20000 };

struct rig {
    char *folder;
    char journal[128], pictures[128], url[64];
    struct modbus_peer *peer;
    struct gate_settings settings;
    struct shell *shell;
    pthread_t thread;
    struct http_client *http;
    struct mailbox *answers;
};

static void write_file(const struct rig *r, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", r->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void *run_shell(void *context)
{
    struct rig *r = context;
    ok(shell_run(r->shell));
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
    assert_true(mono_diff(clock_mono(), since) < 4000);
}

static void on_answer(void *context, struct http_answer *answer)
{
    must(mailbox_post(context, answer) == 0);
}

/* What the folder must have in it before the gate starts is written by the caller in between. */
static struct rig begin(void)
{
    struct rig r = {.folder = harness_temp_dir()};
    log_start("test", getenv("DOXE_TEST_LOG") ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR);
    ok(dx_crypto_start());
    snprintf(r.journal, sizeof r.journal, "%s/journal.db", r.folder);
    r.peer = modbus_peer_start(PEER_TCP, NULL);
    modbus_peer_input(r.peer, CLOSED, true);
    ok(mailbox_new(sizeof(struct http_answer), 64, &r.answers));
    ok(http_client_start(1, r.answers, on_answer, &r.http));
    return r;
}

static void start(struct rig *r, const char *cameras)
{
    char text[4096];
    char error[YAML_ERROR_CAP];
    snprintf(text, sizeof text,
             "gate: {id: gate-1, lot: lot}\njournal: %s\npictures_keep: 9\n"
             "mqtt: {url: \"tcp://127.0.0.1:9\"}\nhttp: {listen: \"127.0.0.1:0\"}\n"
             "buses:\n  - {name: io, address: \"127.0.0.1:%d\", poll_ms: 10, timeout_ms: 300}\n"
             "%s\nlanes:\n  - lane: 1\n    direction: entry\n    camera: cam-in\n"
             "    read_ms: 60000\n    inputs:\n"
             "      - {role: arming_loop, bus: io, address: 0, debounce_ms: 5}\n"
             "      - {role: safety_loop, bus: io, address: 1, debounce_ms: 5}\n"
             "      - {role: opened, bus: io, address: 2, debounce_ms: 5}\n"
             "      - {role: closed, bus: io, address: 3, debounce_ms: 5}\n    outputs:\n"
             "      - {role: open, bus: io, address: 0, pulse_ms: 50}\n"
             "      - {role: close, bus: io, address: 1, pulse_ms: 50}\n",
             r->journal, modbus_peer_port(r->peer), cameras);
    if (gate_settings_read_text("test", str_c(text), &r->settings, error, sizeof error)) {
        fail_msg("%s", error);
    }
    gate_start(r);
}

static void end(struct rig *r)
{
    gate_stop(r);
    http_client_stop(r->http);
    mailbox_free(r->answers);
    modbus_peer_stop(r->peer);
    free(r->folder);
}

/* ---- what the gate says and keeps ---- */

static int64_t count(const struct rig *r, const char *sql, const char *like)
{
    struct db *db;
    int64_t n = -1;
    ok(db_open_reader(r->journal, &db));
    ok(db_query_i64(db, 0, &n, sql, "t", like));
    db_close(db);
    return n;
}

static int64_t count_events(const struct rig *r, const char *like)
{
    return count(r, "SELECT count(*) FROM journal WHERE body LIKE ?1", like);
}

static int64_t count_reads(const struct rig *r, const char *plate)
{
    return count(r, "SELECT count(*) FROM read WHERE upper(raw) = ?1", plate);
}

static void wait_reads(const struct rig *r, const char *plate, int64_t n)
{
    mono_t until = mono_add(clock_mono(), PATIENCE_MS);
    while (count_reads(r, plate) != n) {
        assert_false(mono_reached(clock_mono(), until));
        poll(NULL, 0, 10);
    }
}

static int request(struct rig *r, const char *path, const char *header, struct str body, char *text,
                   size_t cap)
{
    struct http_call call = {.body = body, .timeout_ms = PATIENCE_MS};
    struct http_answer answer;
    snprintf(call.url, sizeof call.url, "%s%s", r->url, path);
    snprintf(call.header[0], sizeof call.header[0], "%s", header);
    ok(http_client_call(r->http, &call));
    ok(mailbox_take(r->answers, mono_add(clock_mono(), PATIENCE_MS), &answer));
    if (text) {
        str_copy_cut(text, cap, (struct str){answer.body, answer.size});
    }
    free(answer.body);
    return answer.status;
}

static void wait_state(struct rig *r, const char *state)
{
    char text[4096];
    char wanted[64];
    mono_t until = mono_add(clock_mono(), PATIENCE_MS);
    snprintf(wanted, sizeof wanted, "\"state\":\"%s\"", state);
    while (request(r, "/health", "", (struct str){NULL, 0}, text, sizeof text) != 200 ||
           !strstr(text, wanted)) {
        assert_false(mono_reached(clock_mono(), until));
        poll(NULL, 0, 20);
    }
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

/* ---- a car ---- */

static void wait_coil(struct rig *r, int address)
{
    struct peer_write write;
    do {
        assert_true(modbus_peer_wait_write(r->peer, PATIENCE_MS, &write));
    } while (write.function != 5 || write.address != address || write.value != 0xFF00);
}

static void let_it_see(struct rig *r)
{
    int until = modbus_peer_requests(r->peer) + 12;
    while (modbus_peer_requests(r->peer) < until) {
        poll(NULL, 0, 5);
    }
}

static void arrive(struct rig *r)
{
    wait_state(r, "idle");
    modbus_peer_input(r->peer, ARMING, true);
    let_it_see(r);
}

/* Read by now: the arm goes up, the car passes, the arm comes down; once in the books. */
static void pass(struct rig *r, const char *plate)
{
    char like[128];
    wait_coil(r, OPEN);
    modbus_peer_input(r->peer, CLOSED, false);
    modbus_peer_input(r->peer, OPENED, true);
    let_it_see(r);
    modbus_peer_input(r->peer, SAFETY, true);
    let_it_see(r);
    modbus_peer_input(r->peer, ARMING, false);
    let_it_see(r);
    modbus_peer_input(r->peer, SAFETY, false);
    wait_coil(r, CLOSE);
    modbus_peer_input(r->peer, OPENED, false);
    modbus_peer_input(r->peer, CLOSED, true);
    wait_state(r, "idle");
    snprintf(like, sizeof like, "%%\"type\":\"arrived\"%%\"key\":\"%s\"%%", plate);
    assert_int_equal(count_events(r, like), 1);
    assert_int_equal(count_events(r, "%\"type\":\"arrived\"%"), 1);
    assert_int_equal(count_events(r, "%\"type\":\"entered\"%"), 1);
}

static struct camera_shot shot_of(const char *plate, const char *uuid)
{
    struct camera_shot shot = {
        .lane = 1, .text = plate, .vehicle = VEHICLE_CAR, .taken = clock_wall()};
    str_copy_cut(shot.uuid, sizeof shot.uuid, str_c(uuid));
    return shot;
}

#define UUID  "0b6f52a0-1111-4222-8333-444444444444"
#define TOKEN "0123456789abcdefTOKEN"

static int push(struct rig *r, enum maker maker, const struct camera_shot *shot, unsigned variant,
                const char *path)
{
    char space[CAMERA_BODY_CAP];
    char type[CAMERA_TYPE_CAP];
    char header[CAMERA_TYPE_CAP + 16];
    struct out out;
    out_init(&out, space, sizeof space);
    maker_write_push(maker, shot, variant, &out, type);
    snprintf(header, sizeof header, "Content-Type: %s", type);
    return request(r, path, header, out_str(&out), NULL, 0);
}

static void check_push(enum maker maker, const char *kind, const char *raw)
{
    struct rig r = begin();
    char cameras[512];
    snprintf(cameras, sizeof cameras,
             "cameras:\n  - {name: cam-in, kind: %s, token_file: %s/token, from: 127.0.0.1}\n",
             kind, r.folder);
    write_file(&r, "token", TOKEN "\n");
    start(&r, cameras);
    arrive(&r);
    struct camera_shot shot = shot_of("30F12345", UUID);
    assert_int_equal(push(&r, maker, &shot, 0, "/camera/cam-in"), 403);
    assert_int_equal(push(&r, maker, &shot, 0, "/camera/cam-in/0123456789abcdefTOKEM"), 403);
    assert_int_equal(count_reads(&r, raw), 0);
    assert_int_equal(push(&r, maker, &shot, 1, "/camera/cam-in/" TOKEN), 200);
    assert_int_equal(count_reads(&r, raw), 1); /* stored, then answered */
    assert_int_equal(push(&r, maker, &shot, 1, "/camera/cam-in/" TOKEN), 200);
    pass(&r, "30F12345");
    gate_stop(&r);
    gate_start(&r); /* known across a restart too */
    assert_int_equal(push(&r, maker, &shot, 1, "/camera/cam-in/" TOKEN), 200);
    assert_int_equal(count_reads(&r, raw), 1);
    end(&r);
}

static void test_cameras__hikvision_lets_a_car_in_once(void **state)
{
    (void)state;
    check_push(MAKER_HIKVISION, "hikvision", "30F12345");
}

static void test_cameras__plate_recognizer_lets_a_car_in_once(void **state)
{
    (void)state;
    check_push(MAKER_PLATERECOGNIZER, "platerecognizer", "30F12345");
}

static void test_cameras__openalpr_lets_a_car_in_once(void **state)
{
    (void)state;
    check_push(MAKER_OPENALPR, "openalpr", "30F12345");
}

/* ---- those that are asked ---- */

static struct camera_server *serve(void)
{
    struct camera_server *server;
    struct camera_server_config config = {
        .listen = "127.0.0.1:0", .user = "gate", .password = "s3cret"};
    ok(camera_server_start(&config, &server));
    return server;
}

/* Nobody hears it before the gate's line is up. */
static void shoot(struct camera_server *server, enum maker maker, const struct camera_shot *shot,
                  unsigned variant)
{
    mono_t until = mono_add(clock_mono(), PATIENCE_MS);
    while (!camera_server_shoot(server, maker, shot, variant)) {
        assert_false(mono_reached(clock_mono(), until));
        poll(NULL, 0, 20);
    }
}

static void check_asked(enum maker maker, const char *kind, const char *path, int pictures)
{
    struct rig r = begin();
    char cameras[512];
    struct camera_server *server = serve();
    snprintf(cameras, sizeof cameras,
             "cameras:\n  - {name: cam-in, kind: %s, url: \"http://127.0.0.1:%d%s\", user: gate, "
             "password_file: %s/password}\n",
             kind, camera_server_port(server), path, r.folder);
    write_file(&r, "password", "s3cret\n");
    start(&r, cameras);
    arrive(&r);
    struct camera_shot shot = shot_of("30F12345", UUID);
    shoot(server, maker, &shot, 0);
    wait_reads(&r, "30F12345", 1);
    shoot(server, maker, &shot, 0); /* again */
    pass(&r, "30F12345");
    camera_server_cut(server); /* it restarts: the line is made anew and the next one is heard */
    shot = shot_of("29A67890", "0b6f52a0-5555-4666-8777-888888888888");
    /* What goes into the old line is lost with it: it is told again until it is heard. */
    mono_t until = mono_add(clock_mono(), 3 * PATIENCE_MS);
    while (count_reads(&r, "29A67890") == 0) {
        assert_false(mono_reached(clock_mono(), until));
        shoot(server, maker, &shot, 1);
        poll(NULL, 0, 200);
    }
    assert_int_equal(count_reads(&r, "29A67890"), 1);
    assert_int_equal(count_reads(&r, "30F12345"), 1);
    until = mono_add(clock_mono(), PATIENCE_MS);
    while (count_pictures(&r) < pictures && !mono_reached(clock_mono(), until)) {
        poll(NULL, 0, 10);
    }
    assert_int_equal(count_pictures(&r), pictures);
    end(&r);
    camera_server_stop(server);
}

static void test_cameras__dahua_lets_a_car_in_once(void **state)
{
    (void)state;
    check_asked(MAKER_DAHUA, "dahua", "", 2);
}

static void test_cameras__onvif_lets_a_car_in_once(void **state)
{
    (void)state;
    check_asked(MAKER_ONVIF, "onvif", "/onvif/1/event_service", 2);
}

static void test_cameras__a_wrong_password_hears_nothing_and_is_not_hammered(void **state)
{
    (void)state;
    struct rig r = begin();
    char cameras[512];
    struct camera_server *server = serve();
    snprintf(cameras, sizeof cameras,
             "cameras:\n  - {name: cam-in, kind: dahua, url: \"http://127.0.0.1:%d\", user: gate, "
             "password_file: %s/password}\n",
             camera_server_port(server), r.folder);
    write_file(&r, "password", "wrong\n");
    start(&r, cameras);
    wait_state(&r, "idle");
    struct camera_shot shot = shot_of("30F12345", UUID);
    let_it_see(&r);
    assert_false(camera_server_shoot(server, MAKER_DAHUA, &shot, 0));
    assert_int_equal(count_reads(&r, "30F12345"), 0);
    assert_int_equal(camera_server_requests(server), 0);
    end(&r);
    camera_server_stop(server);
}

/* ---- Frigate ---- */

#define JPEG(what) STR("\xff\xd8\xff\xe0 " what " \xff\xd9")

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t n = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ok(bind(fd, (struct sockaddr *)&address, sizeof address));
    ok(getsockname(fd, (struct sockaddr *)&address, &n));
    close(fd);
    return ntohs(address.sin_port);
}

/* The site's broker, as it is shipped: TLS, a login for Frigate and one for the gate. */
static void start_site_broker(struct broker *broker)
{
    char command[1200];
    char *dir = harness_temp_dir();
    snprintf(broker->dir, sizeof broker->dir, "%s", dir);
    free(dir);
    broker->port = free_port();
    snprintf(command, sizeof command,
             "cd %s && %s/etc/pki/make-keys pki broker && : >passwords && chmod 600 passwords && "
             "mosquitto_passwd -b passwords frigate fpass && "
             "mosquitto_passwd -b passwords gate gpass && "
             "sed -e 's|@PORT@|%d|' -e 's|@PKI@|%s/pki|' -e 's|@PASSWORDS@|%s/passwords|' "
             "-e \"s|@USER@|$(id -un)|\" %s/etc/mosquitto/site.conf.in >broker.conf",
             broker->dir, DOXE_SOURCE_DIR, broker->port, broker->dir, broker->dir, DOXE_SOURCE_DIR);
    ok(system(command));
    broker_restart(broker);
}

static void ignore_message(void *context, struct str topic, struct str payload)
{
    (void)context;
    (void)topic;
    (void)payload;
}

/* A picture of what Frigate calls `label`, kept by its broker as Frigate asks it to. */
static void publish_picture(struct mqtt_link *link, const char *camera, const char *label,
                            struct str jpeg)
{
    char topic[96];
    snprintf(topic, sizeof topic, "frigate/%s/%s/snapshot", camera, label);
    ok(mqtt_link_publish(link, topic, jpeg, true));
}

static void wait_pictures(const struct rig *r, int wanted)
{
    mono_t until = mono_add(clock_mono(), PATIENCE_MS);
    while (count_pictures(r) < wanted && !mono_reached(clock_mono(), until)) {
        poll(NULL, 0, 10);
    }
    assert_int_equal(count_pictures(r), wanted);
}

static void publish(struct mqtt_link *link, const struct camera_shot *shot, int score)
{
    char space[CAMERA_BODY_CAP];
    struct out out;
    out_init(&out, space, sizeof space);
    maker_write_frigate_new(shot, "gate_in_1", &out); /* what it is, before its plate */
    ok(mqtt_link_publish(link, "frigate/events", out_str(&out), false));
    out_init(&out, space, sizeof space);
    maker_write_frigate(shot, "gate_in_1", score, &out);
    ok(mqtt_link_publish(link, "frigate/tracked_object_update", out_str(&out), false));
}

static void test_cameras__frigate_lets_a_car_in_once_and_its_better_reading_counts(void **state)
{
    (void)state;
    struct rig r = begin();
    struct broker broker;
    struct mqtt_link *link;
    char url[64];
    char ca[128];
    char cameras[1024];
    if (!broker_is_here()) {
        print_message("SKIPPED: no mosquitto\n");
        skip();
    }
    start_site_broker(&broker);
    snprintf(url, sizeof url, "ssl://127.0.0.1:%d", broker.port);
    snprintf(ca, sizeof ca, "%s/pki/ca.crt", broker.dir);
    snprintf(cameras, sizeof cameras,
             "cameras:\n  - {name: cam-in, kind: frigate, source: gate_in_1}\n"
             "frigate: {url: \"%s\", ca: %s, user: gate, password_file: %s/password}\n",
             url, ca, r.folder);
    write_file(&r, "password", "gpass\n");
    start(&r, cameras);
    struct mqtt_config config = {.url = url,
                                 .client_id = "frigate",
                                 .ca = ca,
                                 .user = "frigate",
                                 .password = "fpass",
                                 .on_message = ignore_message};
    ok(mqtt_link_start(&config, &link));
    mono_t until = mono_add(clock_mono(), PATIENCE_MS);
    arrive(&r);
    struct camera_shot weak = shot_of("30F12346", "1772416500.12-ab12cd");
    struct camera_shot sure = shot_of("30F12345", "1772416500.12-ab12cd");
    while (count_reads(&r, "30F12346") == 0) { /* until both are at the broker */
        assert_false(mono_reached(clock_mono(), until));
        if (mqtt_link_is_connected(link)) {
            publish(link, &weak, 300);
        }
        poll(NULL, 0, 50);
    }
    assert_int_equal(count_events(&r, "%\"type\":\"arrived\"%"), 0); /* too weak by itself */
    assert_int_equal(count_pictures(&r), 0);
    publish_picture(link, "gate_in_1", "person", JPEG("a driver"));
    publish_picture(link, "yard", "car", JPEG("another camera's"));
    publish_picture(link, "gate_in_1", "car", STR("no picture"));
    publish_picture(link, "gate_in_1", "car", JPEG("a car"));
    wait_pictures(&r, 1); /* of the event that was read just now */
    publish(link, &sure, 990);
    publish_picture(link, "gate_in_1", "car", JPEG("a car, again"));
    publish(link, &sure, 990);
    pass(&r, "30F12345");
    assert_int_equal(count_reads(&r, "30F12345"), 1);
    assert_int_equal(count_reads(&r, "30F12346"), 0); /* the same event, amended */
    publish_picture(link, "gate_in_1", "motorcycle", JPEG("before its plate is read"));
    struct camera_shot next = shot_of("29A67890", "1772416511.12-ef34ab");
    publish(link, &next, 990);
    wait_reads(&r, "29A67890", 1);
    wait_pictures(&r, 2);
    gate_stop(&r); /* what the broker has kept is no picture of who comes after a restart */
    gate_start(&r);
    struct camera_shot last = shot_of("51G11111", "1772416522.12-ab56cd");
    until = mono_add(clock_mono(), PATIENCE_MS);
    while (count_reads(&r, "51G11111") == 0) {
        assert_false(mono_reached(clock_mono(), until));
        publish(link, &last, 990);
        poll(NULL, 0, 50);
    }
    assert_int_equal(count_pictures(&r), 2);
    mqtt_link_stop(link);
    end(&r);
    broker_stop(&broker, false);
}

TESTS(T(test_cameras__hikvision_lets_a_car_in_once),
      T(test_cameras__plate_recognizer_lets_a_car_in_once),
      T(test_cameras__openalpr_lets_a_car_in_once), T(test_cameras__dahua_lets_a_car_in_once),
      T(test_cameras__onvif_lets_a_car_in_once),
      T(test_cameras__a_wrong_password_hears_nothing_and_is_not_hammered),
      T(test_cameras__frigate_lets_a_car_in_once_and_its_better_reading_counts))
