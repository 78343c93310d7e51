/* lanes[].rules of the gate's configuration: what reaches the core, and what is refused. */
#include "gate/io/config.h"
#include "tests/harness/harness.h"

static char error[YAML_ERROR_CAP];

static const char top[] = "gate: {id: g1, lot: l1}\njournal: /tmp/j.db\n"
                          "mqtt: {url: \"tcp://127.0.0.1:1883\"}\n"
                          "buses:\n  - {name: io, address: \"127.0.0.1:1502\"}\nlanes:\n";

/* Lane `number` with the inputs and rules given; its addresses begin at ten times its number. */
static void add_lane(struct out *out, int number, const char *inputs, const char *rules)
{
    out_fmt(out,
            "  - lane: %d\n    direction: entry\n    inputs:\n"
            "      - {role: arming_loop, bus: io, address: %d0}\n"
            "      - {role: safety_loop, bus: io, address: %d1}\n"
            "      - {role: closed, bus: io, address: %d2}\n"
            "%s    outputs:\n"
            "      - {role: open, bus: io, address: %d0}\n"
            "      - {role: close, bus: io, address: %d1}\n%s",
            number, number, number, number, inputs, number, number, rules);
}

static int read_lanes(const char *inputs, const char *rules, const char *rules_of_2,
                      struct gate_config *ret_config)
{
    char text[4096];
    struct out out;
    struct gate_settings settings;
    out_init(&out, text, sizeof text);
    out_add_c(&out, top);
    add_lane(&out, 1, inputs, rules);
    if (rules_of_2) {
        add_lane(&out, 2, "", rules_of_2);
    }
    int failed =
        gate_settings_read_text("gate.yaml", out_str(&out), &settings, error, sizeof error);
    if (!failed) {
        gate_settings_core(&settings, ret_config);
    }
    return failed;
}

#define BACK "      - {role: arming_back, bus: io, address: 19}\n"

static void test_gate_rules__what_is_not_said_is_as_built_in(void **state)
{
    (void)state;
    struct gate_config config;
    struct lane_config built_in;
    if (read_lanes("", "", NULL, &config)) {
        fail_msg("%s", error);
    }
    lane_config_defaults(&built_in);
    const struct lane_config *lane = &config.lane[0];
    assert_int_equal(lane->passback, built_in.passback);
    assert_true(lane->passback_ms == built_in.passback_ms);
    assert_true(lane->interlock_ms == built_in.interlock_ms);
    assert_true(lane->blocked_ms == built_in.blocked_ms);
    assert_true(lane->barrier.slow_ms == built_in.barrier.slow_ms);
    assert_true(lane->push_ms == built_in.push_ms);
    assert_true(lane->alarm_ms == built_in.alarm_ms);
    assert_true(lane->emergency_return_ms == built_in.emergency_return_ms);
    assert_false(lane->reversible || lane->second || lane->group != 0);
}

static void test_gate_rules__what_is_said_reaches_the_core(void **state)
{
    (void)state;
    struct gate_config config;
    if (read_lanes(BACK,
                   "    rules:\n      passback: timed\n      passback_for: 20min\n"
                   "      reversible: true\n      emergency_return: 5min\n      slow_after: 4s\n"
                   "      schedule:\n        - {from: \"06:30\", direction: entry}\n"
                   "        - {from: \"16:00\", direction: exit}\n"
                   "      group: 3\n",
                   "    rules: {group: 3, second: true}\n", &config)) {
        fail_msg("%s", error);
    }
    const struct lane_config *lane = &config.lane[0];
    assert_int_equal(lane->passback, PASSBACK_TIMED);
    assert_true(lane->passback_ms == 20 * TIME_MINUTE_MS);
    assert_true(lane->reversible);
    assert_true(lane->emergency_return_ms == 5 * TIME_MINUTE_MS);
    assert_true(lane->barrier.slow_ms == 4000);
    assert_int_equal(lane->schedule_count, 2);
    assert_int_equal(lane->schedule[0].minute, 390);
    assert_int_equal(lane->schedule[1].direction, LANE_EXIT);
    assert_int_equal(lane->group, 3);
    assert_true(config.lane[1].second);
}

static void test_gate_rules__what_cannot_work_is_refused_with_its_reason(void **state)
{
    (void)state;
    static const struct {
        const char *inputs, *rules, *second, *why;
    } cases[] = {
        {"", "    rules: {reversible: true}\n", NULL, "needs the input arming_back"},
        {"", "    rules: {passback: always}\n", NULL, "off, soft, hard, timed"},
        {"", "    rules: {second: true}\n", NULL, "a second arm is in one"},
        {"", "    rules: {schedule: [{from: \"06:00\", direction: exit}]}\n", NULL,
         "a schedule is for a reversible lane"},
        {BACK, "    rules: {reversible: true, schedule: [{from: \"6am\", direction: exit}]}\n",
         NULL, "an hour of the day"},
        {BACK,
         "    rules: {reversible: true, schedule: [{from: \"16:00\", direction: exit}, {from: "
         "\"06:00\", direction: entry}]}\n",
         NULL, "growing"},
        {"", "    rules: {group: 1, second: true}\n", "    rules: {group: 1, second: true}\n",
         "one of the two arms of a group is the first"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gate_config config;
        error[0] = '\0';
        assert_int_equal(read_lanes(cases[i].inputs, cases[i].rules, cases[i].second, &config),
                         DX_E_CONFIG);
        if (!strstr(error, cases[i].why)) {
            fail_msg("'%s' does not say '%s'", error, cases[i].why);
        }
    }
}

static void test_gate_rules__group_has_two_lanes_with_a_lower_switch(void **state)
{
    (void)state;
    struct gate_config config;
    const char *why = "";
    int lane = 0;
    if (read_lanes("", "    rules: {group: 1}\n", "    rules: {group: 1}\n", &config)) {
        fail_msg("%s", error);
    }
    config.lane[2] = config.lane[1];
    config.lane[2].lane = 3;
    config.lane_count = 3;
    assert_int_equal(gate_config_check(&config, &why, &lane), DX_E_CONFIG);
    assert_string_equal(why, "a group has two lanes");
    assert_int_equal(lane, 3);
    config.lane_count = 1; /* alone it would never be interlocked */
    assert_int_equal(gate_config_check(&config, &why, &lane), DX_E_CONFIG);
    assert_string_equal(why, "a group has two lanes");
    config.lane_count = 2;
    config.lane[1].inputs &= ~(1u << INPUT_CLOSED);
    config.lane[1].barrier.has_closed = false;
    assert_int_equal(gate_config_check(&config, &why, &lane), DX_E_CONFIG);
    assert_non_null(strstr(why, "need the input closed"));
}

TESTS(T(test_gate_rules__what_is_not_said_is_as_built_in),
      T(test_gate_rules__what_is_said_reaches_the_core),
      T(test_gate_rules__what_cannot_work_is_refused_with_its_reason),
      T(test_gate_rules__group_has_two_lanes_with_a_lower_switch))
