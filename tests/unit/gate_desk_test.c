/* gate_desk_test.c - records of persons at the gate's console, through the core. */
#include "gate/core/gate.h"
#include "tests/harness/harness.h"

#define SESSION "01J00000000000000000000AAA"

static struct gate gate;
static struct gate_effects effects;
static int64_t now_ms;
static uint8_t salt;

static void feed(struct gate_event *event)
{
    event->now.ms = ++now_ms;
    event->wall.ms = INT64_C(1772416500000) + now_ms;
    event->clock = CLOCK_SYNCED;
    for (int i = 0; i < GATE_RANDOM_SIZE; i++) {
        event->random[i] = (uint8_t)(salt + i * 7);
    }
    salt++;
    gate_step(&gate, event, &effects);
}

static void outcome(enum gate_event_type type, int64_t seq)
{
    struct gate_event event = {.type = type};
    event.stored.seq = seq;
    feed(&event);
}

/* One entry and one exit, everything stored. */
static void begin(void)
{
    static struct gate_config config;
    struct gate_event event = {.type = GATE_EV_START};
    memset(&config, 0, sizeof config);
    memcpy(config.gate, "hn-0001-g1", 11);
    memcpy(config.version, "1.2.3", 6);
    config.lane_count = 2;
    for (int i = 0; i < 2; i++) {
        lane_config_defaults(&config.lane[i]);
        config.lane[i].lane = i + 1;
        config.lane[i].direction = i ? LANE_EXIT : LANE_ENTRY;
    }
    now_ms = 1000;
    gate_init(&gate, &config);
    event.start.generation = 1;
    event.start.boot = 1;
    feed(&event);
    outcome(GATE_EV_STORED, 1);
}

static struct event of_type(enum event_type type, int lane)
{
    struct event event = {.type = type, .lane = lane};
    memcpy(event.by, "an", 3);
    memcpy(event.code, "papers", 7);
    return event;
}

/* The record that came of it, or NULL. */
static const struct gate_record *desk(const struct event *half)
{
    struct gate_event event = {.type = GATE_EV_DESK, .lane = half->lane};
    event.desk = *half;
    feed(&event);
    for (int i = 0; i < effects.count; i++) {
        if (effects.effect[i].type == GATE_EFF_RECORD) {
            return &effects.effect[i].record;
        }
    }
    return NULL;
}

static void name(struct event *event, const char *key)
{
    memcpy(event->session, SESSION, sizeof SESSION);
    event->subject.kind = SUBJECT_PLATE;
    event->subject.vehicle = VEHICLE_CAR;
    str_copy_cut(event->subject.key, sizeof event->subject.key, str_c(key));
}

static void test_gate_desk__a_half_filled_record_is_completed_in_its_place(void **state)
{
    (void)state;
    begin();
    struct event half = of_type(EVENT_DESK_ACTION, 0);
    memcpy(half.code, "lookup", 7);
    const struct gate_record *record = desk(&half);
    assert_non_null(record);
    assert_int_equal(record->event.seq, 2);
    assert_string_equal(record->event.gate, "hn-0001-g1");
    assert_string_equal(record->event.by, "an");
    assert_true(ulid_is_valid(str_c(record->event.id)));
    assert_true(record->event.offline);
    char first[ULID_CAP];
    memcpy(first, record->event.id, sizeof first);
    half.lane = 2;
    record = desk(&half);
    assert_int_equal(record->event.seq, 3);
    assert_string_not_equal(record->event.id, first);
    outcome(GATE_EV_STORED, 2);
    outcome(GATE_EV_STORED, 3);
    assert_int_equal(gate.journal.count, 0);
}

static void test_gate_desk__what_the_server_would_refuse_is_not_recorded(void **state)
{
    (void)state;
    begin();
    struct event bad[8];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        bad[i] = of_type(EVENT_DESK_ACTION, 0);
    }
    bad[0].type = EVENT_LEFT;               /* no console may say that */
    bad[1].type = EVENT_CASH_TAKEN;         /* nor that: a command does */
    memset(bad[2].by, 0, sizeof bad[2].by); /* nobody */
    memset(bad[3].code, 0, sizeof bad[3].code);
    memcpy(bad[4].text, "\xff\xfe", 3);
    memcpy(bad[5].session, "not a ulid", 11);
    bad[6].type = EVENT_SHIFT_OPENED; /* without its shift */
    bad[7].lane = 9;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_null(desk(&bad[i]));
    }
    assert_int_equal(gate.journal.last, 1);
}

static void test_gate_desk__a_declared_entry_is_inside_an_amended_one_renamed(void **state)
{
    (void)state;
    begin();
    struct event declared = of_type(EVENT_ENTRY_DECLARED, 2);
    name(&declared, "30F12345");
    declared.entered.ms = INT64_C(1772416000000);
    const struct gate_record *record = desk(&declared);
    assert_non_null(record);
    assert_int_equal(record->change, INSIDE_ADD);
    assert_string_equal(inside_find(&gate.inside, &declared.subject), SESSION);
    outcome(GATE_EV_STORED, 2);
    struct event amended = of_type(EVENT_AMENDED, 0);
    name(&amended, "30F12346");
    record = desk(&amended);
    assert_int_equal(record->change, INSIDE_ADD);
    assert_string_equal(inside_find(&gate.inside, &declared.subject), "");
    assert_string_equal(inside_find(&gate.inside, &amended.subject), SESSION);
    assert_int_equal(gate.inside.count, 1);
    outcome(GATE_EV_STORED, 3);
    memcpy(amended.session, "01J00000000000000000000BBB", ULID_CAP); /* not inside */
    record = desk(&amended);
    assert_int_equal(record->change, INSIDE_NONE);
    assert_int_equal(gate.inside.count, 1);
}

static void test_gate_desk__nothing_new_is_taken_while_the_journal_fails(void **state)
{
    (void)state;
    begin();
    struct event half = of_type(EVENT_DESK_ACTION, 0);
    assert_non_null(desk(&half));
    outcome(GATE_EV_STORE_FAILED, 2);
    int64_t last = gate.journal.last;
    assert_null(desk(&half));
    assert_int_equal(gate.journal.last, last);
}

TESTS(T(test_gate_desk__a_half_filled_record_is_completed_in_its_place),
      T(test_gate_desk__what_the_server_would_refuse_is_not_recorded),
      T(test_gate_desk__a_declared_entry_is_inside_an_amended_one_renamed),
      T(test_gate_desk__nothing_new_is_taken_while_the_journal_fails))
