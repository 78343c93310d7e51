/*
 * gate_twin_test.c - the gate's bus against each shipped profile's twin (sim/live/modbus_twin.h):
 * two readers of one file that share no code must agree, on Modbus TCP and on RTU over TCP.
 */
#include "gate/io/bus_config.h"
#include "proto/io/clock_os.h"
#include "proto/io/mailbox.h"
#include "proto/io/yaml.h"
#include "sim/live/modbus_twin.h"
#include "tests/harness/harness.h"

#include <poll.h>

struct rig {
    struct twin twin;
    struct twin_server *server;
    struct interlock interlock;
    struct mailbox *box;
    struct modbus_bus *bus;
};

static struct rig r;
static struct gate_settings settings;

static int post(void *context, const struct bus_report *report)
{
    return mailbox_post(context, report);
}

static struct bus_report wait_for(enum bus_report_kind kind)
{
    struct bus_report report = {.kind = BUS_REPORT_COUNT};
    mono_t until = mono_add(clock_mono(), 20000);
    while (report.kind != kind) {
        if (mailbox_take(r.box, until, &report)) {
            fail_msg("no report of kind %d", (int)kind);
        }
    }
    return report;
}

static void wait_lane(bool reachable)
{
    while (wait_for(BUS_REPORT_LANE).ok != reachable) {
    }
}

static bool relay_is(int channel, bool on)
{
    twin_lock(r.server);
    bool is = r.twin.relay[channel];
    twin_unlock(r.server);
    return is == on;
}

static void wait_relay(int channel, bool on)
{
    mono_t until = mono_add(clock_mono(), 10000);
    while (!relay_is(channel, on)) {
        if (mono_reached(clock_mono(), until)) {
            fail_msg("%s: relay %d never was %s", r.twin.profile.name, channel + 1,
                     on ? "on" : "off");
        }
        poll(NULL, 0, 2);
    }
}

static void start_bus(const char *bus_keys, const char *points)
{
    char text[3000];
    char error[YAML_ERROR_CAP];
    bool used[MSG_LANES_MAX + 1];
    snprintf(text, sizeof text,
             "gate: {id: g, lot: l}\njournal: /tmp/x.db\nmqtt: {url: \"tcp://127.0.0.1:1\"}\n"
             "buses:\n  - {name: io, address: \"127.0.0.1:%d\", poll_ms: 5, gap: 0%s}\n"
             "lanes:\n  - lane: 1\n    direction: entry\n%s",
             twin_port(r.server), bus_keys, points);
    if (gate_settings_read_text("map", str_c(text), &settings, error, sizeof error)) {
        fail_msg("%s", error);
    }
    interlock_init(&r.interlock);
    ok(mailbox_new(sizeof(struct bus_report), 4096, &r.box));
    struct modbus_bus_config *config = calloc(1, sizeof *config);
    bus_config_fill(&settings, 0, config, used);
    config->machine.interlock = &r.interlock;
    config->context = r.box;
    config->report = post;
    ok(modbus_bus_start(config, &r.bus));
    free(config);
}

static void start_twin(const char *profile, bool rtu)
{
    char path[300];
    char error[YAML_ERROR_CAP];
    memset(&r, 0, sizeof r);
    snprintf(path, sizeof path, "%s%s%s", profile[0] == '/' ? "" : DOXE_SOURCE_DIR "/etc/profiles/",
             profile, profile[0] == '/' ? "" : ".yaml");
    if (twin_init(&r.twin, path, error, sizeof error)) {
        fail_msg("%s", error);
    }
    ok(twin_serve(&r.twin, "127.0.0.1:0", rtu, &r.server));
}

static void stop(void)
{
    modbus_bus_stop(r.bus);
    twin_stop(r.server);
    mailbox_free(r.box);
    interlock_fini(&r.interlock);
}

/* Inputs 1 and 2 of the board; where it has none, its relays 7 and 8 (or 3 and 4) read back. */
static void write_points(char *out, size_t cap, const char *pulse)
{
    const struct twin_points *o = &r.twin.profile.outputs;
    if (r.twin.profile.inputs.count) {
        snprintf(out, cap,
                 "    inputs:\n      - {role: arming_loop, bus: io, channel: 1}\n"
                 "      - {role: safety_loop, bus: io, channel: 2}\n");
    } else {
        const char *table = o->table ? "holding" : "coil";
        snprintf(out, cap,
                 "    inputs:\n      - {role: arming_loop, bus: io, table: %s, address: %d}\n"
                 "      - {role: safety_loop, bus: io, table: %s, address: %d}\n",
                 table, o->first + o->count - 2, table, o->first + o->count - 1);
    }
    size_t n = strlen(out);
    snprintf(out + n, cap - n,
             "    outputs:\n      - {role: open, bus: io, channel: 1, %s}\n"
             "      - {role: close, bus: io, channel: 2, %s}\n",
             pulse, pulse);
}

static void play(const char *profile, bool rtu, bool hard)
{
    char keys[300];
    char points[900];
    start_twin(profile, rtu);
    write_points(points, sizeof points,
                 hard ? "pulse_ms: 1000, hardware_pulse: true" : "pulse_ms: 60");
    snprintf(keys, sizeof keys, ", profile: %s%s", profile, rtu ? ", transport: rtu_over_tcp" : "");
    start_bus(keys, points);
    wait_lane(true);
    if (r.twin.profile.inputs.count) {
        twin_lock(r.server);
        r.twin.input[0] = true;
        twin_unlock(r.server);
        struct bus_report report = wait_for(BUS_REPORT_INPUT);
        while (report.input != INPUT_ARMING_LOOP || report.level != LEVEL_ON) {
            report = wait_for(BUS_REPORT_INPUT);
        }
    }
    ok(modbus_bus_order(r.bus, 1, OUTPUT_OPEN, ACT_PULSE));
    assert_true(wait_for(BUS_REPORT_COIL).ok);
    wait_relay(0, false); /* the end of the pulse, ours or the module's */
    assert_int_equal(r.twin.switched_on[0], 1);
    assert_true(relay_is(1, false));
    assert_int_equal(r.twin.refused, 0);
    stop();
}

static void play_all(bool rtu)
{
    static const char *const profiles[] = {
        "waveshare-relay-8-inputs", "adam-6060",    "adam-6051",      "lc-relay-8",
        "waveshare-relay-8",        "fc06-relay-8", "on-0100-relay-4"};
    for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        play(profiles[i], rtu, false);
    }
}

static void test_twin__each_profile_over_modbus_tcp(void **state)
{
    (void)state;
    play_all(false);
}

static void test_twin__each_profile_as_rtu_over_tcp(void **state)
{
    (void)state;
    play_all(true);
}

static void test_twin__pulses_of_the_modules_own_end_by_themselves(void **state)
{
    (void)state;
    play("waveshare-relay-8-inputs", false, true);
    play("lc-relay-8", false, true);
    play("fc06-relay-8", true, true);
}

static const char two_channels[] =
    "    inputs:\n      - {role: arming_loop, bus: io, channel: 1}\n"
    "      - {role: safety_loop, bus: io, channel: 2}\n"
    "    outputs:\n      - {role: open, bus: io, channel: 1, pulse_ms: 50}\n"
    "      - {role: close, bus: io, channel: 2, pulse_ms: 50}\n";

static void change(void (*how)(struct twin *twin))
{
    twin_lock(r.server);
    how(&r.twin);
    twin_unlock(r.server);
}

static void be_silent(struct twin *twin)
{
    twin->faults.silent = 5;
}

static void be_damaged(struct twin *twin)
{
    twin->faults.damaged = 5;
}

static void stick(struct twin *twin)
{
    twin->stuck[1] = 1;
}

static void refuse_once(struct twin *twin)
{
    twin->faults.exception = 4;
    twin->faults.exceptions = 8;
}

/* Silence and damaged frames lose the lane, and it comes back; a stuck loop keeps the arm up. */
static void test_twin__it_misbehaves_on_demand(void **state)
{
    (void)state;
    for (int rtu = 0; rtu < 2; rtu++) {
        start_twin("lc-relay-8", rtu != 0);
        start_bus(rtu ? ", profile: lc-relay-8, timeout_ms: 80, transport: rtu_over_tcp"
                      : ", profile: lc-relay-8, timeout_ms: 80",
                  two_channels);
        wait_lane(true);
        change(be_silent);
        wait_lane(false);
        wait_lane(true);
        change(be_damaged);
        wait_lane(false);
        wait_lane(true);
        change(refuse_once);
        wait_lane(false);
        wait_lane(true);
        change(stick);
        struct bus_report report = wait_for(BUS_REPORT_INPUT);
        while (report.input != INPUT_SAFETY_LOOP || report.level != LEVEL_ON) {
            report = wait_for(BUS_REPORT_INPUT);
        }
        ok(modbus_bus_order(r.bus, 1, OUTPUT_CLOSE, ACT_PULSE));
        assert_false(wait_for(BUS_REPORT_COIL).ok);
        stop();
    }
}

static void write_file(const char *folder, const char *model, char *path, size_t cap)
{
    snprintf(path, cap, "%s/board-%s.yaml", folder, model);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "profile: board\nversion: 1\ninputs: {count: 4}\noutputs: {count: 4}\n"
            "identity: {address: 210, value: %s, mask: 65280}\n"
            "setup: [{address: 100, value: 50}, {address: 101, value: 1, each_ms: 100}]\n",
            model);
    fclose(file);
}

/* A profile of one's own, with identity and setup; the wrong module behind it moves nothing. */
static void test_twin__the_wrong_module_moves_nothing(void **state)
{
    (void)state;
    char *folder = harness_temp_dir();
    char right[200];
    char wrong[200];
    char keys[300];
    write_file(folder, "24672", right, sizeof right); /* 0x6060 */
    write_file(folder, "20560", wrong, sizeof wrong);
    snprintf(keys, sizeof keys, ", profile: %s", right);
    start_twin(right, false);
    start_bus(keys, two_channels);
    wait_lane(true);
    assert_int_equal(r.twin.setup[0], 50);
    stop();
    start_twin(wrong, false);
    start_bus(keys, two_channels);
    assert_false(wait_for(BUS_REPORT_MODULE).ok);
    wait_lane(false);
    ok(modbus_bus_order(r.bus, 1, OUTPUT_OPEN, ACT_PULSE));
    assert_false(wait_for(BUS_REPORT_COIL).ok);
    assert_false(r.twin.relay[0]);
    assert_int_equal(r.twin.setup[0], 0);
    stop();
    free(folder);
}

TESTS(T(test_twin__each_profile_over_modbus_tcp), T(test_twin__each_profile_as_rtu_over_tcp),
      T(test_twin__pulses_of_the_modules_own_end_by_themselves),
      T(test_twin__it_misbehaves_on_demand), T(test_twin__the_wrong_module_moves_nothing))
