/* health_test.c - faults of devices become alarms in the journal, and come back after a restart. */
#include "gate/core/gate.h"
#include "tests/harness/harness.h"

static struct gate gate;
static struct gate_effects effects;
static mono_t now;
static uint8_t salt;

static void feed(struct gate_event *event)
{
    event->now = now;
    event->wall.ms = INT64_C(1772416500000) + now.ms;
    event->clock = CLOCK_SYNCED;
    memset(event->random, salt++, sizeof event->random);
    gate_step(&gate, event, &effects);
}

static struct gate_event event_of(enum gate_event_type type)
{
    struct gate_event event;
    memset(&event, 0, sizeof event);
    event.type = type;
    return event;
}

/* A device's; the lane itself misses its inputs. */
static const struct event *alarm_of(const struct gate_effects *all)
{
    for (int i = 0; i < all->count; i++) {
        if (all->effect[i].type == GATE_EFF_RECORD &&
            all->effect[i].record.event.type == EVENT_ALARM &&
            strcmp(all->effect[i].record.event.code, "io.unreachable") != 0) {
            return &all->effect[i].record.event;
        }
    }
    return NULL;
}

static void store(int64_t seq)
{
    struct gate_event event = event_of(GATE_EV_STORED);
    event.stored.seq = seq;
    feed(&event);
}

static void start(const char *restored)
{
    struct gate_config config;
    memset(&config, 0, sizeof config);
    memcpy(config.gate, "g1", 3);
    config.lane_count = 1;
    lane_config_defaults(&config.lane[0]);
    config.lane[0].lane = 1;
    now.ms = 1000;
    gate_init(&gate, &config);
    if (restored) {
        gate_restore_alarm(&gate, 1, restored);
    }
    struct gate_event event = event_of(GATE_EV_START);
    event.start.generation = event.start.boot = 1;
    feed(&event);
    store(1);
}

static void say(const char *device, const char *code, bool there)
{
    struct gate_event event = event_of(GATE_EV_DEVICE);
    event.device.lane = 1;
    event.device.there = there;
    str_copy_cut(event.device.device, sizeof event.device.device, str_c(device));
    str_copy_cut(event.device.code, sizeof event.device.code, str_c(code));
    feed(&event);
}

static void time_out(void)
{
    struct gate_event event = event_of(GATE_EV_TIMEOUT);
    feed(&event);
}

static void test_health__a_fault_is_an_alarm_raised_and_cleared(void **state)
{
    (void)state;
    start(NULL);
    say("cam-in", "camera.silent", true);
    const struct event *event = alarm_of(&effects);
    assert_non_null(event);
    assert_true(event->raised);
    assert_int_equal(event->lane, 1);
    assert_string_equal(event->code, "camera.silent");
    assert_string_equal(event->text, "cam-in");
    store(2);
    say("cam-in", "camera.silent", true); /* said again: nothing new */
    assert_null(alarm_of(&effects));
    now.ms += HEALTH_REST_MS;
    say("cam-in", "camera.silent", false);
    event = alarm_of(&effects);
    assert_non_null(event);
    assert_false(event->raised);
}

static void test_health__a_plug_with_a_bad_contact_does_not_fill_the_journal(void **state)
{
    (void)state;
    int records = 0;
    int64_t seq = 2;
    start(NULL);
    for (int i = 0; i < 600; i++) { /* a minute of it, ten times a second */
        say("scan", "scanner.missing", i % 2 == 0);
        if (alarm_of(&effects)) {
            records++;
            store(seq++);
        }
        now.ms += 100;
    }
    assert_in_range(records, 2, 8);
    say("scan", "scanner.missing", false);
    now.ms += HEALTH_REST_MS;
    time_out();
    assert_int_equal(health_deadline(&gate.health).ms, mono_never().ms); /* settled, and cleared */
    assert_false(gate.health.alarm[0].recorded);
}

static void test_health__the_last_of_two_devices_clears(void **state)
{
    (void)state;
    start(NULL);
    say("io/1", "module.silent", true);
    store(2);
    say("io/2", "module.silent", true);
    now.ms += HEALTH_REST_MS;
    say("io/1", "module.silent", false);
    assert_null(alarm_of(&effects));
    say("io/2", "module.silent", false);
    assert_non_null(alarm_of(&effects));
    assert_false(alarm_of(&effects)->raised);
}

static void test_health__what_the_journal_holds_is_cleared_after_a_restart(void **state)
{
    (void)state;
    start("camera.silent"); /* and the device is not there any more */
    time_out();
    assert_null(alarm_of(&effects));
    while (!alarm_of(&effects) && now.ms < 200000) {
        now.ms += 500;
        time_out();
    }
    assert_non_null(alarm_of(&effects));
    assert_false(alarm_of(&effects)->raised);
    assert_true(now.ms >= HEALTH_LEARN_MS);
    start("camera.silent"); /* it is still silent: neither raised nor cleared again */
    say("cam-in", "camera.silent", true);
    now.ms += 2 * HEALTH_LEARN_MS;
    time_out();
    assert_null(alarm_of(&effects));
    say("cam-in", "camera.silent", false);
    assert_non_null(alarm_of(&effects));
}

static void test_health__a_broken_journal_keeps_the_alarm_for_later(void **state)
{
    (void)state;
    start(NULL);
    struct gate_event event = event_of(GATE_EV_STORE_FAILED);
    say("cam-in", "camera.silent", true);
    event.stored.seq = 2;
    feed(&event);
    say("scan", "scanner.missing", true);
    assert_null(alarm_of(&effects));
    assert_true(health_deadline(&gate.health).ms > now.ms); /* no busy loop meanwhile */
    assert_int_equal(health_code_severity("module.silent"), HEALTH_CRITICAL);
    assert_int_equal(health_code_severity("camera.silent"), HEALTH_WARNING);
}

TESTS(T(test_health__a_fault_is_an_alarm_raised_and_cleared),
      T(test_health__a_plug_with_a_bad_contact_does_not_fill_the_journal),
      T(test_health__the_last_of_two_devices_clears),
      T(test_health__what_the_journal_holds_is_cleared_after_a_restart),
      T(test_health__a_broken_journal_keeps_the_alarm_for_later))
