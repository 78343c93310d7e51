/*
 * gate_map_test.c - what each profile puts on the wire, byte by byte, and that a dry run said so.
 *
 * The device is a plain socket that keeps every request as it came and gives an answer of
 * zeros, or the echo of a write: no Modbus library is on this side.
 */
#include "gate/io/bus_config.h"
#include "gate/io/map_plan.h"
#include "proto/io/clock_os.h"
#include "proto/io/mailbox.h"
#include "proto/io/yaml.h"
#include "tests/harness/harness.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FRAMES_MAX = 4000, FRAME_CAP = 32 };

struct board {
    bool rtu;
    int listener, port;
    pthread_t thread;
    pthread_mutex_t lock;
    int count;
    struct {
        uint8_t bytes[FRAME_CAP];
        int n;
    } frame[FRAMES_MAX];
};

static bool take(int fd, uint8_t *bytes, int n)
{
    return recv(fd, bytes, (size_t)n, MSG_WAITALL) == n;
}

/* Modbus over serial line 1.02, appendix B: the table-free form. */
static int add_check(uint8_t *bytes, int n)
{
    unsigned crc = 0xFFFF;
    for (int i = 0; i < n; i++) {
        crc ^= bytes[i];
        for (int k = 0; k < 8; k++) {
            crc = crc & 1u ? crc >> 1 ^ 0xA001u : crc >> 1;
        }
    }
    bytes[n] = (uint8_t)crc;
    bytes[n + 1] = (uint8_t)(crc >> 8);
    return n + 2;
}

/* One request as it came; 0: the line has ended. */
static int take_frame(struct board *b, int fd, uint8_t *bytes)
{
    if (!b->rtu) {
        return take(fd, bytes, 6) && take(fd, bytes + 6, bytes[5]) ? 6 + bytes[5] : 0;
    }
    if (!take(fd, bytes, 7)) {
        return 0;
    }
    int more = bytes[1] >= 15 ? bytes[6] + 2 : 1;
    return take(fd, bytes + 7, more) ? 7 + more : 0;
}

static void give_answer(struct board *b, int fd, const uint8_t *request)
{
    uint8_t answer[300] = {0};
    int at = b->rtu ? 0 : 6;
    int function = request[at + 1];
    int count = request[at + 4] << 8 | request[at + 5];
    int n = at + 6;
    memcpy(answer, request, (size_t)n);
    if (function <= 4) {
        answer[at + 2] = (uint8_t)(function <= 2 ? (count + 7) / 8 : 2 * count);
        n = at + 3 + answer[at + 2];
        memset(answer + at + 3, 0, answer[at + 2]);
    }
    if (b->rtu) {
        n = add_check(answer, n);
    } else {
        answer[4] = 0;
        answer[5] = (uint8_t)(n - 6);
    }
    (void)!send(fd, answer, (size_t)n, MSG_NOSIGNAL);
}

static void *serve(void *context)
{
    struct board *b = context;
    int fd = accept(b->listener, NULL, NULL);
    uint8_t bytes[300];
    int n;
    while (fd >= 0 && (n = take_frame(b, fd, bytes)) > 0) {
        pthread_mutex_lock(&b->lock);
        if (b->count < FRAMES_MAX && n <= FRAME_CAP) {
            memcpy(b->frame[b->count].bytes, bytes, (size_t)n);
            b->frame[b->count++].n = n;
        }
        pthread_mutex_unlock(&b->lock);
        give_answer(b, fd, bytes);
    }
    close(fd);
    return NULL;
}

static void board_start(struct board *b, bool rtu)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    memset(b, 0, sizeof *b);
    b->rtu = rtu;
    pthread_mutex_init(&b->lock, NULL);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    b->listener = socket(AF_INET, SOCK_STREAM, 0);
    ok(bind(b->listener, (struct sockaddr *)&address, sizeof address));
    ok(listen(b->listener, 1));
    ok(getsockname(b->listener, (struct sockaddr *)&address, &size));
    b->port = ntohs(address.sin_port);
    ok(pthread_create(&b->thread, NULL, serve, b));
}

static void to_hex(const uint8_t *bytes, int n, char *out)
{
    for (int i = 0; i < n; i++) {
        snprintf(out + 3 * i, 4, "%02X ", bytes[i]);
    }
    out[3 * n - 1] = '\0';
}

/* Has this request come?  Without a transaction number. */
static bool board_has(struct board *b, const char *hex)
{
    bool found = false;
    pthread_mutex_lock(&b->lock);
    for (int i = 0; i < b->count && !found; i++) {
        char text[3 * FRAME_CAP];
        uint8_t bytes[FRAME_CAP];
        memcpy(bytes, b->frame[i].bytes, sizeof bytes);
        if (!b->rtu) {
            bytes[0] = bytes[1] = 0;
        }
        to_hex(bytes, b->frame[i].n, text);
        found = strstr(text, hex) != NULL;
    }
    pthread_mutex_unlock(&b->lock);
    return found;
}

static void board_wait(struct board *b, const char *hex)
{
    mono_t until = mono_add(clock_mono(), 10000);
    while (!board_has(b, hex)) {
        if (mono_reached(clock_mono(), until)) {
            fail_msg("the wire never saw %s", hex);
        }
        poll(NULL, 0, 5);
    }
}

/* ---- a lane on that board ---- */

static struct board board;
static struct gate_settings settings;

static void read_map(const char *bus, const char *points)
{
    char text[3000];
    char error[YAML_ERROR_CAP];
    snprintf(text, sizeof text,
             "gate: {id: g, lot: l}\njournal: /tmp/x.db\nmqtt: {url: \"tcp://127.0.0.1:1\"}\n"
             "buses:\n  - {name: io, address: \"127.0.0.1:%d\", poll_ms: 5, timeout_ms: 2000%s}\n"
             "lanes:\n  - lane: 1\n    direction: entry\n%s",
             board.port, bus, points);
    if (gate_settings_read_text("map", str_c(text), &settings, error, sizeof error)) {
        fail_msg("%s", error);
    }
}

static int post(void *context, const struct bus_report *report)
{
    return mailbox_post(context, report);
}

static void order(struct modbus_bus *bus, struct mailbox *box, enum output_role role)
{
    struct bus_report report = {.kind = BUS_REPORT_COUNT};
    ok(modbus_bus_order(bus, 1, role, ACT_PULSE));
    while (report.kind != BUS_REPORT_COIL) {
        ok(mailbox_take(box, mono_add(clock_mono(), 10000), &report));
    }
    assert_true(report.ok);
}

/* Everything that came was printed before. */
static void check_dry_run(void)
{
    char *text = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&text, &n);
    ok(map_plan_settings(file, &settings, false));
    fclose(file);
    for (int i = 0; i < board.count; i++) {
        char hex[3 * FRAME_CAP];
        if (!board.rtu) {
            board.frame[i].bytes[0] = board.frame[i].bytes[1] = 0;
        }
        to_hex(board.frame[i].bytes, board.frame[i].n, hex);
        if (!strstr(text, hex)) {
            fail_msg("the dry run did not say %s:\n%s", hex, text);
        }
    }
    free(text);
}

/* Opens the lane and waits for these bytes; then what was said before is compared. */
static void play(const char *bus_keys, const char *points, const char *const *expected)
{
    static struct interlock interlock;
    bool used[MSG_LANES_MAX + 1] = {false};
    struct mailbox *box;
    struct modbus_bus *bus;
    board_start(&board, strstr(bus_keys, "rtu_over_tcp") != NULL);
    read_map(bus_keys, points);
    interlock_init(&interlock);
    ok(mailbox_new(sizeof(struct bus_report), 4096, &box));
    struct modbus_bus_config *config = calloc(1, sizeof *config);
    bus_config_fill(&settings, 0, config, used);
    config->machine.interlock = &interlock;
    config->context = box;
    config->report = post;
    ok(modbus_bus_start(config, &bus));
    free(config);
    struct bus_report report = {.kind = BUS_REPORT_COUNT};
    while (report.kind != BUS_REPORT_LANE) {
        ok(mailbox_take(box, mono_add(clock_mono(), 10000), &report));
    }
    order(bus, box, OUTPUT_OPEN);
    for (; *expected; expected++) {
        board_wait(&board, *expected);
    }
    modbus_bus_stop(bus);
    pthread_join(board.thread, NULL);
    close(board.listener);
    check_dry_run();
    mailbox_free(box);
    interlock_fini(&interlock);
}

static const char channels[] = "    inputs:\n"
                               "      - {role: arming_loop, bus: io, channel: 1}\n"
                               "      - {role: safety_loop, bus: io, channel: 2}\n"
                               "    outputs:\n"
                               "      - {role: open, bus: io, channel: 1, pulse_ms: 500%s}\n"
                               "      - {role: close, bus: io, channel: 2, pulse_ms: 500%s}\n";

/* A board without inputs: the loops are on another unit, as registers' bits or coils. */
static const char apart[] = "    inputs:\n"
                            "      - {role: arming_loop, bus: io, unit: 2, table: input,"
                            " address: 7, bit: 3}\n"
                            "      - {role: safety_loop, bus: io, unit: 2, table: holding,"
                            " address: 7, bit: 4}\n"
                            "    outputs:\n"
                            "      - {role: open, bus: io, channel: 1, pulse_ms: %d%s}\n"
                            "      - {role: close, bus: io, channel: 2, pulse_ms: %d%s}\n";

static void test_map__waveshare_ends_the_pulse_itself(void **state)
{
    (void)state;
    char points[900];
    static const char *const wire[] = {"00 00 00 00 00 06 01 02 00 00 00 02",
                                       "00 00 00 00 00 06 01 05 02 00 00 05", NULL};
    snprintf(points, sizeof points, channels, ", hardware_pulse: true", ", hardware_pulse: true");
    play(", profile: waveshare-relay-8-inputs", points, wire);
    assert_false(board_has(&board, "01 05 02 00 00 00")); /* off is never written */
}

static void test_map__adam_inputs_are_coils(void **state)
{
    (void)state;
    char points[900];
    static const char *const wire[] = {"06 01 01 00 00 00 02", "06 01 05 00 10 FF 00",
                                       "06 01 05 00 10 00 00", NULL};
    snprintf(points, sizeof points, channels, "", "");
    play(", profile: adam-6060", points, wire);
}

static void test_map__lc_pulse_is_a_block_of_registers(void **state)
{
    (void)state;
    char points[900];
    static const char *const wire[] = {"01 10 00 03 00 02 04 00 02 00 05", NULL};
    snprintf(points, sizeof points, channels, ", hardware_pulse: true", ", hardware_pulse: true");
    play(", profile: lc-relay-8", points, wire);
}

static void test_map__function_6_boards_count_from_1_and_take_seconds(void **state)
{
    (void)state;
    char points[900];
    static const char *const momentary[] = {"01 06 00 01 06 02", "02 04 00 07 00 01",
                                            "02 03 00 07 00 01", NULL};
    static const char *const plain[] = {"01 06 00 01 02 00", "01 06 00 01 01 00", NULL};
    const char *hard = ", hardware_pulse: true";
    snprintf(points, sizeof points, apart, 2000, hard, 2000, hard);
    play(", profile: fc06-relay-8", points, momentary);
    snprintf(points, sizeof points, apart, 500, "", 500, "");
    play(", profile: fc06-relay-8", points, plain);
}

static void test_map__boards_that_want_0100(void **state)
{
    (void)state;
    char points[900];
    static const char *const wire[] = {"01 05 00 01 01 00", "01 05 00 01 00 00", NULL};
    snprintf(points, sizeof points, apart, 100, "", 100, "");
    play(", profile: on-0100-relay-4", points, wire);
}

static void test_map__rtu_frames_over_tcp_have_check_bytes_and_no_header(void **state)
{
    (void)state;
    char points[900];
    static const char *const wire[] = {"01 02 00 00 00 02 F9 CB", "01 05 00 00 FF 00 8C 3A", NULL};
    snprintf(points, sizeof points, channels, "", "");
    play(", transport: rtu_over_tcp, profile: waveshare-relay-8-inputs, turnaround_ms: 3", points,
         wire);
}

static void test_map__a_manuals_numbers_and_a_base_of_1(void **state)
{
    (void)state;
    static const char *const wire[] = {"01 02 00 04 00 01", "01 04 00 00 00 01",
                                       "01 06 00 63 00 01", NULL};
    play(", numbering: manual",
         "    inputs:\n      - {role: arming_loop, bus: io, address: 10005}\n"
         "      - {role: safety_loop, bus: io, address: 30001, bit: 15}\n"
         "    outputs:\n      - {role: open, bus: io, address: 40100, pulse_ms: 100}\n"
         "      - {role: close, bus: io, address: 17, pulse_ms: 100}\n",
         wire);
    static const char *const base[] = {"01 02 00 00 00 02", "01 05 00 10 FF 00", NULL};
    play(", base: 1",
         "    inputs:\n      - {role: arming_loop, bus: io, address: 1}\n"
         "      - {role: safety_loop, bus: io, address: 2}\n"
         "    outputs:\n      - {role: open, bus: io, address: 17, pulse_ms: 100}\n"
         "      - {role: close, bus: io, address: 18, pulse_ms: 100}\n",
         base);
}

/* The board took the word and answers zeros ever after: the relay did not do it. */
static void test_map__what_does_not_read_back_was_not_done(void **state)
{
    (void)state;
    board_start(&board, false);
    read_map("", "    inputs:\n      - {role: arming_loop, bus: io, address: 1}\n"
                 "      - {role: safety_loop, bus: io, address: 2}\n"
                 "    outputs:\n"
                 "      - {role: open, bus: io, address: 1, pulse_ms: 100, read_back: true}\n"
                 "      - {role: close, bus: io, address: 2, pulse_ms: 100, gap_ms: 500}\n");
    static struct interlock interlock;
    bool used[MSG_LANES_MAX + 1] = {false};
    struct mailbox *box;
    struct modbus_bus *bus;
    struct bus_report report = {.kind = BUS_REPORT_COUNT};
    struct modbus_bus_config *config = calloc(1, sizeof *config);
    interlock_init(&interlock);
    ok(mailbox_new(sizeof report, 4096, &box));
    bus_config_fill(&settings, 0, config, used);
    config->machine.interlock = &interlock;
    config->context = box;
    config->report = post;
    ok(modbus_bus_start(config, &bus));
    free(config);
    ok(modbus_bus_order(bus, 1, OUTPUT_OPEN, ACT_PULSE));
    while (report.kind != BUS_REPORT_COIL) {
        ok(mailbox_take(box, mono_add(clock_mono(), 10000), &report));
    }
    assert_false(report.ok);
    assert_int_equal(report.error, DX_E_CHECK);
    modbus_bus_stop(bus);
    pthread_join(board.thread, NULL);
    close(board.listener);
    mailbox_free(box);
    interlock_fini(&interlock);
}

static void refuse(const char *bus, const char *points, const char *why)
{
    char text[3000];
    char error[YAML_ERROR_CAP] = "";
    snprintf(text, sizeof text,
             "gate: {id: g, lot: l}\njournal: /tmp/x.db\nmqtt: {url: \"tcp://127.0.0.1:1\"}\n"
             "buses:\n  - {name: io, address: \"127.0.0.1:502\"%s}\n"
             "lanes:\n  - lane: 1\n    direction: entry\n%s",
             bus, points);
    assert_int_equal(gate_settings_read_text("map", str_c(text), &settings, error, sizeof error),
                     DX_E_CONFIG);
    if (!strstr(error, why) || strncmp(error, "map:", 4) != 0) {
        fail_msg("'%s' does not say '%s'", error, why);
    }
}

/* No coils for its outputs: the word is read, one bit changed, the word written. */
static void test_map__adam_6051_outputs_are_bits_of_a_word(void **state)
{
    (void)state;
    char points[900];
    static const char *const wire[] = {"06 01 01 00 00 00 02", "06 01 03 01 2E 00 01",
                                       "06 01 06 01 2E 00 01", "06 01 06 01 2E 00 00", NULL};
    snprintf(points, sizeof points, channels, "", "");
    play(", profile: adam-6051", points, wire);
}

/* Several modules on one line; a double in two word orders; a counter; a module's watchdog. */
static void test_map__each_unit_its_profile_doubles_counters_and_setup(void **state)
{
    (void)state;
    static const char *const wire[] = {
        "06 02 02 00 00 00 01", /* unit 2: discrete of its profile */
        "06 01 04 00 0A 00 02",
        "06 01 03 00 14 00 02", /* doubles */
        "06 02 04 00 28 00 01", /* the counter */
        "06 01 06 00 64 00 32",
        "08 02 0F 00 65 00 01 01 01",             /* setup */
        "0B 02 10 00 03 00 02 04 00 02 00 05", /* the pulse of unit 2's profile */
        NULL};
    play(
        ", profile: adam-6060, gap: 0, devices: [{unit: 2, profile: lc-relay-8}], setup: "
        "[{address: 100, value: 50, each_ms: 60000}, "
        "{unit: 2, function: 15, address: 101, value: 65280}]",
        "    inputs:\n"
        "      - {role: arming_loop, bus: io, table: input, address: 10, type: double, above: 99}\n"
        "      - {role: safety_loop, bus: io, table: holding, address: 20, type: double, "
        "words: low_first, bytes: swapped, mask: 6}\n"
        "      - {role: button, bus: io, unit: 2, channel: 1, counter: 40, period_ms: 50}\n"
        "    outputs:\n"
        "      - {role: open, bus: io, unit: 2, channel: 1, hardware_pulse: true, not_while: "
        "[button]}\n"
        "      - {role: close, bus: io, unit: 2, channel: 2, hardware_pulse: true}\n",
        wire);
}

static void test_map__wrong_maps_are_told_with_their_line(void **state)
{
    (void)state;
    char points[900];
    snprintf(points, sizeof points, channels, "", "");
    refuse("", points, "map:10: key 'lanes[0].inputs[0].channel': bus 'io' has no profile");
    refuse(", profile: nothing", points, "one of: adam-6051, adam-6060");
    refuse(", profile: waveshare-relay-8", points, "has 0 inputs");
    snprintf(points, sizeof points, channels, ", hardware_pulse: true", "");
    refuse(", profile: adam-6060", points, "makes no pulse by itself");
    snprintf(points, sizeof points, apart, 1500, ", hardware_pulse: true", 1500, "");
    refuse(", profile: fc06-relay-8", points, "in steps of 1000 ms");
    refuse(", numbering: manual",
           "    inputs:\n      - {role: arming_loop, bus: io, address: 7}\n"
           "      - {role: safety_loop, bus: io, address: 20001}\n"
           "    outputs:\n      - {role: open, bus: io, address: 1}\n"
           "      - {role: close, bus: io, address: 2}\n",
           "20001 is no number of a manual");
    static const char *const wrong[][3] = {
        {", table: discrete, mask: 3", "", "belong to a register"},
        {", table: input, bit: 20", "", "from 0 to 15, or type: double"},
        {", table: input, bit: 2, above: 4", "", "a bit needs neither"},
        {", period_ms: 100", "", "keeps an arm up"},
        {"", ", bit: 3", "a bit belongs to a register; table: holding"},
        {"", ", at_start: on", "always written off at the start"},
        {"", ", not_while: [fire]", "has no 'fire' on the bus"},
        {"", ", stop_first: true", "has no 'stop' that is a pulse"},
        {"", ", broadcast: true", "bus 'io' does not allow it"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        snprintf(points, sizeof points,
                 "    inputs:\n      - {role: arming_loop, bus: io, address: 1}\n"
                 "      - {role: safety_loop, bus: io, address: 2%s}\n"
                 "    outputs:\n      - {role: open, bus: io, address: 1}\n"
                 "      - {role: close, bus: io, address: 2%s}\n",
                 wrong[i][0], wrong[i][1]);
        refuse("", points, wrong[i][2]);
    }
    refuse(", echo: true", points, "there is none over tcp");
    refuse(", broadcast: true", points, "there is none over tcp");
    refuse(", devices: [{unit: 2, profile: adam-6060}, {unit: 2, profile: adam-6051}]", points,
           "2 is there twice");
}

TESTS(T(test_map__waveshare_ends_the_pulse_itself), T(test_map__adam_inputs_are_coils),
      T(test_map__lc_pulse_is_a_block_of_registers),
      T(test_map__function_6_boards_count_from_1_and_take_seconds),
      T(test_map__boards_that_want_0100),
      T(test_map__rtu_frames_over_tcp_have_check_bytes_and_no_header),
      T(test_map__a_manuals_numbers_and_a_base_of_1),
      T(test_map__what_does_not_read_back_was_not_done),
      T(test_map__adam_6051_outputs_are_bits_of_a_word),
      T(test_map__each_unit_its_profile_doubles_counters_and_setup),
      T(test_map__wrong_maps_are_told_with_their_line))
