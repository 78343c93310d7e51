/*
 * How many events the server's writer applies in a second: whole visits (arrived, entered,
 * exit_asked, exit_permitted, left) of many gates over a real SQLite file, commits with FULL.
 * The broker is left out: what comes is posted as fast as the writer takes it.
 *
 *     bench_ingest [VISITS [GATES [FOLDER|values]]]
 *
 * "values": over memory, without the text of messages (server/app/values.h).
 */
#include "proto/io/clock_os.h"
#include "proto/io/msg_json.h"
#include "proto/io/tariff_file.h"
#include "server/app/values.h"
#include "tests/harness/harness.h"

enum { GATES_MAX = 16 };

static struct {
    struct app *app;
    long acks, quotes;
    int64_t seq[GATES_MAX];
    int64_t ids;
    wall_t now;
    uint64_t dice;
    bool values; /* events and answers as values, without text */
} bench;

static wall_t port_wall(void *context)
{
    (void)context;
    return bench.now;
}

static mono_t port_mono(void *context)
{
    (void)context;
    return clock_mono();
}

static void port_random(void *context, void *bytes, size_t n)
{
    (void)context;
    for (size_t i = 0; i < n; i++) {
        bench.dice = bench.dice * 6364136223846793005u + 1442695040888963407u;
        ((unsigned char *)bytes)[i] = (unsigned char)(bench.dice >> 33);
    }
}

static int port_publish(void *context, const char *topic, struct str payload)
{
    (void)context;
    (void)topic;
    char head[64];
    str_copy_cut(head, sizeof head, payload); /* a payload ends in no NUL */
    if (strstr(head, "\"ack\"")) {
        bench.acks++;
    } else {
        bench.quotes++;
    }
    return 0;
}

static int port_publish_down(void *context, const char *gate, const struct down *down)
{
    (void)context;
    (void)gate;
    if (down->type == DOWN_ACK) {
        bench.acks++;
    } else {
        bench.quotes++;
    }
    return 0;
}

static void post(int gate, enum event_type type, int64_t visit)
{
    char body[MSG_SIZE_MAX];
    char topic[96];
    struct out out;
    struct event e = {.type = type,
                      .boot = 1,
                      .generation = 1,
                      .clock = CLOCK_SYNCED,
                      .lane = 1,
                      .permit = PERMIT_MANUAL};
    snprintf(e.id, sizeof e.id, "01JE%022lld", (long long)++bench.ids);
    snprintf(e.session, sizeof e.session, "01JS%022lld", (long long)visit);
    snprintf(e.gate, sizeof e.gate, "hn-0001-g%d", gate + 1);
    e.seq = ++bench.seq[gate];
    /* An hour inside, so that each visit has a fee and the ledger its transaction. */
    bool comes = type == EVENT_ARRIVED || type == EVENT_ENTERED;
    e.wall = wall_add(bench.now, comes ? -(int64_t)TIME_HOUR_MS : 0);
    e.mono = clock_mono();
    e.subject = (struct subject){.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .confidence = 900};
    snprintf(e.subject.key, sizeof e.subject.key, "30F%lld", (long long)visit);
    if (bench.values) {
        while (app_post_event(bench.app, &e) == DX_E_FULL) {
            if (app_turn(bench.app, (mono_t){0}) != 0) {
                exit(1);
            }
        }
        return;
    }
    out_init(&out, body, sizeof body);
    event_write(&out, &e);
    snprintf(topic, sizeof topic, "doxe/1/hn-0001/%s/up", e.gate);
    while (app_post_message(bench.app, str_c(topic), out_str(&out)) == DX_E_FULL) {
        if (app_turn(bench.app, (mono_t){0}) != 0) {
            exit(1);
        }
    }
}

static void set_up(struct app_lot *lot, struct tariff_set *tariff, int gates, const char *path)
{
    static const struct app_operator operator_row = {.id = "op", .name = "op"};
    struct app_ports ports = {.wall = port_wall,
                              .mono = port_mono,
                              .random = port_random,
                              .publish = port_publish,
                              .single_thread = true};
    static struct app_config config;
    char why[512];
    ports.publish_down = bench.values ? port_publish_down : NULL;
    *lot = (struct app_lot){.id = "hn-0001",
                            .operator_id = "op",
                            .name = "n",
                            .address = "a",
                            .ward = "w",
                            .bin = "970436",
                            .account = "0123456789",
                            .gate_count = gates};
    for (int g = 0; g < gates; g++) {
        snprintf(lot->gate[g], sizeof lot->gate[g], "hn-0001-g%d", g + 1);
    }
    if (tariff_file_load(DOXE_SOURCE_DIR "/etc/tariffs/hanoi-car-c2.yaml", tariff, why,
                         sizeof why) != 0) {
        printf("%s\n", why);
        exit(1);
    }
    lot->tariff[VEHICLE_CAR] = tariff;
    config = (struct app_config){.database = path,
                                 .public_url = "http://x",
                                 .prefix = "DX",
                                 .quote_valid_s = 600,
                                 .late_grace_s = 600,
                                 .sepay_secret = "",
                                 .operators = &operator_row,
                                 .operator_count = 1,
                                 .lots = lot,
                                 .lot_count = 1};
    if (app_start(&config, &ports, why, sizeof why, &bench.app) != 0) {
        printf("%s\n", why);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    static const enum event_type visit_types[] = {EVENT_ARRIVED, EVENT_ENTERED, EVENT_EXIT_ASKED,
                                                  EVENT_EXIT_PERMITTED, EVENT_LEFT};
    static struct app_lot lot;
    int64_t visits = 4000;
    int64_t gates = 4;
    char path[512];
    if ((argc > 1 && str_parse_i64(str_c(argv[1]), 1, 10000000, &visits) != 0) ||
        (argc > 2 && str_parse_i64(str_c(argv[2]), 1, GATES_MAX, &gates) != 0)) {
        printf("usage: bench_ingest [VISITS [GATES [FOLDER]]]\n");
        return 2;
    }
    bench.values = argc > 3 && strcmp(argv[3], "values") == 0;
#ifdef BENCH_DATABASE
    snprintf(path, sizeof path, "%s", BENCH_DATABASE);
#else
    char *dir = argc > 3 ? strdup(argv[3]) : harness_temp_dir();
    snprintf(path, sizeof path, "%s/bench.db", dir);
    free(dir);
#endif
    struct tariff_set *tariff = malloc(sizeof *tariff);
    bench.now = (wall_t){1772416800000};
    set_up(&lot, tariff, (int)gates, path);
    mono_t began = clock_mono();
    for (int64_t v = 0; v < visits; v += 16) {
        for (size_t t = 0; t < sizeof visit_types / sizeof visit_types[0]; t++) {
            for (int64_t i = v; i < v + 16 && i < visits; i++) {
                post((int)(i % gates), visit_types[t], i + 1);
            }
        }
    }
    while (app_has_work(bench.app)) {
        if (app_turn(bench.app, (mono_t){0}) != 0) {
            return 1;
        }
    }
    int64_t took = mono_diff(clock_mono(), began);
    printf("{\"events\":%lld,\"gates\":%lld,\"ms\":%lld,\"events_per_s\":%lld,\"acks\":%ld,"
           "\"quotes\":%ld}\n",
           (long long)bench.ids, (long long)gates, (long long)took,
           (long long)(bench.ids * 1000 / (took ? took : 1)), bench.acks, bench.quotes);
    app_stop(bench.app);
    free(tariff);
    return 0;
}
