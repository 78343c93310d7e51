/* gate_config_test.c - the gate's configuration: the shipped file, and every cross check's message.
 */
#include "gate/io/config.h"
#include "proto/io/yaml.h"
#include "tests/harness/harness.h"

static char error[YAML_ERROR_CAP];

#define TOP                     \
    "gate: {id: g1, lot: l1}\n" \
    "journal: /tmp/j.db\n"      \
    "mqtt: {url: \"tcp://127.0.0.1:1883\"}\n"
#define BUS "buses:\n  - {name: io, address: \"127.0.0.1:1502\"}\n"
#define INPUTS                                           \
    "    inputs:\n"                                      \
    "      - {role: arming_loop, bus: io, address: 0}\n" \
    "      - {role: safety_loop, bus: io, address: 1}\n"
#define OUTPUTS                                   \
    "    outputs:\n"                              \
    "      - {role: open, bus: io, address: 0}\n" \
    "      - {role: close, bus: io, address: 1}\n"
#define LANE  "lanes:\n  - lane: 1\n    direction: entry\n"
#define WHOLE TOP BUS LANE INPUTS OUTPUTS

static int read_text(const char *text, struct gate_settings *ret)
{
    return gate_settings_read_text("gate.yaml", str_c(text), ret, error, sizeof error);
}

static void test_gate_config__shipped_file_is_right(void **state)
{
    (void)state;
    struct gate_settings s;
    if (gate_settings_read(DOXE_SOURCE_DIR "/etc/gate.yaml", &s, error, sizeof error)) {
        fail_msg("%s", error);
    }
    assert_string_equal(s.id, "hn-0001-g1");
    assert_int_equal(s.lane_count, 2);
    assert_int_equal(s.bus_count, 1);
    assert_int_equal(s.bus[0].poll_ms, 20);
    assert_int_equal(s.lane[0].input_count, 4);
    assert_int_equal(s.lane[0].input[0].table, MODBUS_DISCRETE);
    assert_int_equal(s.lane[0].input[0].unit, 1);
    assert_int_equal(s.lane[0].output[0].on, 0xFF00);
    assert_int_equal(s.lane[0].output[0].function, 5);
    assert_int_equal(s.lane[0].display.present, 1);
    assert_int_equal(s.lane[0].display.unit, 2);
    assert_string_equal(s.lane[1].camera, "cam-out");
    assert_int_equal(s.lane[1].direction, LANE_EXIT);
    assert_string_equal(s.pictures, "/var/lib/doxe-gate/journal.db.pictures");
    struct gate_config core;
    const char *why = "";
    int lane = 0;
    gate_settings_core(&s, &core);
    assert_int_equal(gate_config_check(&core, &why, &lane), 0);
    assert_string_equal(core.gate, "hn-0001-g1");
    assert_true(core.lane[0].barrier.has_opened);
    assert_false(core.lane[0].barrier.hold);
}

static void test_gate_config__smallest_file_has_defaults(void **state)
{
    (void)state;
    struct gate_settings s;
    if (read_text(WHOLE, &s)) {
        fail_msg("%s", error);
    }
    assert_string_equal(s.http_listen, "127.0.0.1:8081");
    assert_int_equal(s.pictures_keep, 1000);
    assert_true(s.journal_keep_ms == INT64_C(30) * TIME_DAY_MS);
    assert_int_equal(s.lane[0].input[0].debounce_ms, 20);
    assert_int_equal(s.lane[0].input[0].debounce_off_ms, 20);
    assert_int_equal(s.lane[0].input[0].bit, -1);
    assert_int_equal(s.lane[0].output[0].pulse_ms, 500);
    assert_int_equal(s.lane[0].display.present, 0);
    assert_int_equal(s.bus[0].timeout_ms, 300);
}

static void test_gate_config__printed_sample_loads(void **state)
{
    (void)state;
    char *text = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&text, &n);
    assert_non_null(file);
    gate_settings_print_sample(file);
    fclose(file);
    struct gate_settings s;
    if (gate_settings_read_text("sample", (struct str){text, n}, &s, error, sizeof error)) {
        fail_msg("%s", error);
    }
    assert_non_null(strstr(text, "debounce_off_ms")); /* every key, not only those of the file */
    free(text);
}

static void test_gate_config__words_of_roles_are_the_cores(void **state)
{
    (void)state;
    for (int i = 0; i < INPUT_ROLE_COUNT; i++) {
        char text[2048];
        struct gate_settings s;
        const char *word = input_role_text((enum input_role)i);
        snprintf(text, sizeof text,
                 TOP BUS LANE "    inputs:\n      - {role: %s, bus: io, address: 9}\n"
                              "%s%s" OUTPUTS,
                 word,
                 i == INPUT_ARMING_LOOP ? "" : "      - {role: arming_loop, bus: io, address: 0}\n",
                 i == INPUT_SAFETY_LOOP ? ""
                                        : "      - {role: safety_loop, bus: io, address: 1}\n");
        if (read_text(text, &s)) {
            fail_msg("%s", error);
        }
        assert_int_equal(s.lane[0].input[0].role, i);
    }
    for (int i = 0; i < OUTPUT_ROLE_COUNT; i++) {
        char text[2048];
        struct gate_settings s;
        const char *word = output_role_text((enum output_role)i);
        snprintf(text, sizeof text,
                 TOP BUS LANE INPUTS "    outputs:\n      - {role: %s, bus: io, address: 9}\n"
                                     "%s%s",
                 word, i == OUTPUT_OPEN ? "" : "      - {role: open, bus: io, address: 0}\n",
                 i == OUTPUT_CLOSE ? "" : "      - {role: close, bus: io, address: 1}\n");
        if (read_text(text, &s)) {
            fail_msg("%s", error);
        }
        assert_int_equal(s.lane[0].output[0].role, i);
    }
}

static void test_gate_config__base_1_is_subtracted(void **state)
{
    (void)state;
    struct gate_settings s;
    if (read_text(TOP "buses:\n  - {name: io, address: \"127.0.0.1:1502\", base: 1}\n" LANE
                      "    inputs:\n"
                      "      - {role: arming_loop, bus: io, address: 1}\n"
                      "      - {role: safety_loop, bus: io, address: 2}\n"
                      "    outputs:\n"
                      "      - {role: open, bus: io, address: 1}\n"
                      "      - {role: close, bus: io, address: 2}\n",
                  &s)) {
        fail_msg("%s", error);
    }
    assert_int_equal(s.lane[0].input[0].address, 0);
    assert_int_equal(s.lane[0].output[1].address, 1);
}

static const struct {
    const char *text, *where, *what;
} wrong_files[] = {
    {TOP LANE INPUTS OUTPUTS, "gate.yaml:1", "'buses' is missing"},
    {TOP BUS LANE "    inputs:\n"
                  "      - {role: arming_loop, bus: oi, address: 0}\n"
                  "      - {role: safety_loop, bus: io, address: 1}\n" OUTPUTS,
     "gate.yaml:10: key 'lanes[0].inputs[0].bus'", "there is no bus 'oi'; one of: io"},
    {TOP BUS LANE "    inputs:\n      - {role: arming_loop, bus: io, address: 0}\n" OUTPUTS,
     "gate.yaml:9: key 'lanes[0].inputs'", "'safety_loop' is missing"},
    {TOP BUS LANE INPUTS "    outputs:\n      - {role: open, bus: io, address: 0}\n",
     "gate.yaml:12: key 'lanes[0].outputs'", "'close' is missing"},
    {WHOLE "      - {role: open, bus: io, address: 5}\n",
     "gate.yaml:15: key 'lanes[0].outputs[2].role'", "'open' is there twice"},
    {TOP BUS LANE "    inputs:\n"
                  "      - {role: arming_loop, bus: io, address: 4}\n"
                  "      - {role: safety_loop, bus: io, address: 4}\n" OUTPUTS,
     "gate.yaml:7: key 'lanes[0]'",
     "'safety_loop' is at discrete 4 of unit 1 on bus 'io', where 'arming_loop' of lane 1 is"},
    {WHOLE "  - lane: 1\n    direction: exit\n" INPUTS OUTPUTS, "gate.yaml:15: key 'lanes[1].lane'",
     "1 is there twice"},
    {WHOLE "    camera: Cam\n", "gate.yaml:15: key 'lanes[0].camera'", "a-z, 0-9"},
    {WHOLE "    camera: c\n  - lane: 2\n    direction: exit\n    camera: c\n" INPUTS OUTPUTS,
     "gate.yaml:18: key 'lanes[1].camera'", "'c' is the camera of lane 1"},
    {WHOLE "  - lane: 17\n    direction: exit\n" INPUTS OUTPUTS,
     "gate.yaml:15: key 'lanes[1].lane'", "1 to 16"},
    {WHOLE "identity: {enabled: true}\n", "gate.yaml:15: key 'identity'", "'key_file'"},
    {WHOLE "    display: {bus: io, unit: 2, lines: 8, columns: 40}\n",
     "gate.yaml:15: key 'lanes[0].display'", "at most 123 registers"},
    {TOP "buses:\n  - {name: io, address: \"gate.example:502\"}\n" LANE INPUTS OUTPUTS,
     "gate.yaml:5: key 'buses[0].address'", "an IPv4 address and a port"},
    {TOP BUS "  - {name: io, address: \"127.0.0.1:1503\"}\n" LANE INPUTS OUTPUTS,
     "gate.yaml:6: key 'buses[1].name'", "'io' is used twice"},
    {TOP BUS "  - {name: oi, address: \"127.0.0.1:1502\"}\n" LANE INPUTS OUTPUTS,
     "gate.yaml:6: key 'buses[1].address'", "the address of bus 'io' too"},
    {TOP BUS LANE INPUTS "    outputs:\n"
                         "      - {role: open, bus: io, address: 0, pulse_ms: 0}\n"
                         "      - {role: close, bus: io, address: 1}\n",
     "gate.yaml:12: key 'lanes[0].outputs'", "pulse_ms 0 for both or for none"},
    {TOP BUS LANE INPUTS "    outputs:\n"
                         "      - {role: open, bus: io, address: 0, function: 6}\n"
                         "      - {role: close, bus: io, address: 1}\n",
     "gate.yaml:13: key 'lanes[0].outputs[0].function'", "6 does not write a coil; 5 or 15"},
    {TOP BUS LANE INPUTS "    outputs:\n"
                         "      - {role: open, bus: io, address: 0, unit: 250}\n"
                         "      - {role: close, bus: io, address: 1}\n",
     "gate.yaml:13: key 'lanes[0].outputs[0].bus'", "unit 250 is not allowed"},
    {TOP "buses:\n  - {name: io, address: \"127.0.0.1:1502\", base: 1}\n" LANE INPUTS OUTPUTS,
     "gate.yaml:10: key 'lanes[0].inputs[0].address'", "1 to 65535"},
    {TOP "buses:\n  - {name: io, address: \"127.0.0.1:1502\", pol_ms: 5}\n" LANE INPUTS OUTPUTS,
     "gate.yaml:5: key 'buses[0].pol_ms'", "did you mean 'poll_ms'?"},
    {"gate: {id: g1, lot: l1}\njournal: /tmp/j.db\n"
     "mqtt: {url: \"http://127.0.0.1:1883\"}\n" BUS LANE INPUTS OUTPUTS,
     "gate.yaml:3: key 'mqtt.url'", "ssl://host:port, or tcp://127.0.0.1:port"},
    {"gate: {id: g1, lot: l1}\njournal: /tmp/j.db\n"
     "mqtt: {url: \"tcp://192.0.2.1:1883\"}\n" BUS LANE INPUTS OUTPUTS,
     "gate.yaml:3: key 'mqtt.url'", "ssl://host:port, or tcp://127.0.0.1:port"},
    {"gate: {id: g1, lot: l1}\njournal: /tmp/j.db\n"
     "mqtt: {url: \"ssl://broker.example\"}\n" BUS LANE INPUTS OUTPUTS,
     "gate.yaml:3: key 'mqtt.url'", "ssl://host:port, or tcp://127.0.0.1:port"},
    {"gate: {id: g1, lot: l1}\njournal: /tmp/j.db\n"
     "mqtt: {url: \"ssl://broker.example:8883\", ca: /ca}\n" BUS LANE INPUTS OUTPUTS,
     "gate.yaml:3: key 'mqtt'", "ca, cert and key are needed with ssl://"},
    {WHOLE "http: {listen: \"127.0.0.1:99999\"}\n", "gate.yaml:15: key 'http.listen'",
     "an address and a port"},
};

static void test_gate_config__wrong_files_name_line_key_and_what_is_allowed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong_files / sizeof wrong_files[0]; i++) {
        struct gate_settings s = {.lane_count = 77};
        assert_int_equal(read_text(wrong_files[i].text, &s), DX_E_CONFIG);
        if (strncmp(error, wrong_files[i].where, strlen(wrong_files[i].where)) != 0 ||
            !strstr(error, wrong_files[i].what)) {
            fail_msg("row %zu: '%s' lacks '%s' or '%s'", i, error, wrong_files[i].where,
                     wrong_files[i].what);
        }
        assert_int_equal(s.lane_count, 77);
    }
}

TESTS(T(test_gate_config__shipped_file_is_right), T(test_gate_config__smallest_file_has_defaults),
      T(test_gate_config__printed_sample_loads), T(test_gate_config__words_of_roles_are_the_cores),
      T(test_gate_config__base_1_is_subtracted),
      T(test_gate_config__wrong_files_name_line_key_and_what_is_allowed))
