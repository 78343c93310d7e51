/* gate_offline_test.c - the whole core at an exit while the server is silent. */
#include "gate/core/gate.h"
#include "proto/io/tariff_file.h"
#include "tests/harness/harness.h"

static const char tariff[] =
    "tariff: test-car\nversions:\n  - version: \"1\"\n    title: {vi: \"Thử\", en: \"Test\"}\n"
    "    status: unverified\n    legal: [\"none\"]\n    notes: [\"made up\"]\n"
    "    valid_from: 2018-01-01\n    on_version_change: entry\n"
    "    rounding: {unit_vnd: 1000, rule: half_up}\n    grace_after_payment: 10min\n"
    "    elements:\n      - when: {vehicles: [car]}\n        time:\n"
    "          - {block: 1h, price_vnd: 25000}\n";

#define T0 INT64_C(1772416500000)

static struct gate gate;
static struct gate_effects effects;
static struct lot lot;
static struct lot_stay stay = {.session = "01JD8Q4Z8R0000000000000001",
                               .kind = SUBJECT_PLATE,
                               .vehicle = VEHICLE_CAR,
                               .key = "30F12345",
                               .entered = {T0 - 90 * (int64_t)TIME_MINUTE_MS},
                               .paycode = "DX7K3M9Q2X"};
static mono_t now;
static uint8_t dice;
static int64_t stored_up_to;

static void feed(struct gate_event *event)
{
    event->now = now;
    event->wall.ms = T0 + now.ms;
    event->clock = CLOCK_SYNCED;
    for (int i = 0; i < GATE_RANDOM_SIZE; i++) {
        event->random[i] = ++dice;
    }
    gate_step(&gate, event, &effects);
}

static const struct event *recorded(enum event_type type)
{
    for (int i = 0; i < effects.count; i++) {
        const struct gate_effect *effect = &effects.effect[i];
        if (effect->type == GATE_EFF_RECORD && effect->record.event.type == type) {
            return &effect->record.event;
        }
    }
    return NULL;
}

static void input(enum input_role role, enum level level)
{
    struct gate_event event = {.type = GATE_EV_INPUT, .lane = 1};
    event.input.role = role;
    event.input.level = level;
    feed(&event);
}

/* All that is handed out becomes durable, what is due happens; the first record of this type. */
static bool settle(enum event_type wanted, struct event *ret_event)
{
    bool found = false;
    for (int i = 0; i < 20; i++) {
        const struct event *event = recorded(wanted);
        if (event && !found) {
            *ret_event = *event;
            found = true;
        }
        struct gate_event next = {.type = GATE_EV_TIMEOUT};
        if (stored_up_to < gate.journal.given) {
            next.type = GATE_EV_STORED;
            next.stored.seq = ++stored_up_to;
        } else if (gate_deadline(&gate).ms > now.ms) {
            break;
        }
        feed(&next);
    }
    return found;
}

static void begin(enum lot_policy policy, bool connected)
{
    static struct gate_config config;
    char why[512];
    memset(&config, 0, sizeof config);
    memcpy(config.gate, "hn-0001-g1", 11);
    config.lane_count = 1;
    lane_config_defaults(&config.lane[0]);
    config.lane[0].direction = LANE_EXIT;
    memset(&lot, 0, sizeof lot);
    lot.version = 3;
    memcpy(lot.prefix, "DX", 3);
    memcpy(lot.bin, "970436", 7);
    memcpy(lot.account, "0123456789", 11);
    lot.quote_valid_ms = 600000;
    lot.policy = policy;
    lot.limit_vnd = 100000;
    lot.tariff[VEHICLE_CAR] = malloc(sizeof *lot.tariff[VEHICLE_CAR]);
    ok(tariff_file_load_text("t", str_c(tariff), lot.tariff[VEHICLE_CAR], why, sizeof why));
    lot.bucket[1] = (struct lot_bucket){.version = T0, .count = 1, .stay = &stay};
    gate_init(&gate, &config);
    gate_use_lot(&gate, &lot);
    stored_up_to = 0;
    now.ms = 1000;
    struct gate_event start = {.type = GATE_EV_START};
    start.start.generation = start.start.boot = 1;
    feed(&start);
    struct event boot;
    assert_true(settle(EVENT_BOOT, &boot));
    struct gate_event link = {.type = GATE_EV_LINK};
    link.link.connected = connected;
    feed(&link);
    input(INPUT_ARMING_LOOP, LEVEL_OFF);
    input(INPUT_SAFETY_LOOP, LEVEL_OFF);
    input(INPUT_OPENED, LEVEL_OFF);
    input(INPUT_CLOSED, LEVEL_ON);
    input(INPUT_ARMING_LOOP, LEVEL_ON);
    struct gate_event plate = {.type = GATE_EV_PLATE, .lane = 1};
    memcpy(plate.plate.raw, "30F-123.45", 11);
    plate.plate.hint.vehicle = VEHICLE_CAR;
    plate.plate.confidence = 960;
    feed(&plate);
    assert_non_null(recorded(EVENT_EXIT_ASKED));
}

static void end(void)
{
    free(lot.tariff[VEHICLE_CAR]);
}

static void test_gate_offline__cut_line_shows_the_amount_after_its_record(void **state)
{
    (void)state;
    struct event quoted;
    struct lane_display display;
    begin(LOT_WAIT, false);
    assert_true(settle(EVENT_QUOTED, &quoted));
    assert_int_equal(quoted.fee_vnd, 50000);
    assert_true(quoted.offline);
    assert_int_equal(gate.lane[0].state, LANE_QUOTED);
    ok(gate_display(&gate, 1, &display));
    assert_int_equal(display.kind, DISPLAY_PAY);
    assert_int_equal(display.amount_vnd, 50000);
    assert_string_equal(display.paycode, "DX7K3M9Q2X");
    end();
}

static void test_gate_offline__open_with_debt_permits_and_raises(void **state)
{
    (void)state;
    struct event permitted;
    begin(LOT_OPEN, false);
    assert_true(settle(EVENT_EXIT_PERMITTED, &permitted));
    assert_int_equal(permitted.permit, PERMIT_DEBT);
    assert_int_equal(gate.lane[0].state, LANE_OPENING);
    end();
}

static void test_gate_offline__confirm_holds_until_a_person_allows_it(void **state)
{
    (void)state;
    struct event event;
    begin(LOT_CONFIRM, false);
    assert_true(settle(EVENT_HELD, &event));
    assert_int_equal(event.hold, HOLD_CONFIRM);
    struct lane_display display;
    ok(gate_display(&gate, 1, &display)); /* he may pay, and cash may be taken */
    assert_int_equal(display.kind, DISPLAY_PAY);
    assert_int_equal(display.amount_vnd, 50000);
    struct gate_event order = {.type = GATE_EV_DOWN, .lane = 1};
    order.down.type = DOWN_COMMAND;
    order.down.lane = 1;
    order.down.action = COMMAND_ALLOW_DEBT;
    order.down.deadline.ms = T0 + TIME_HOUR_MS;
    memcpy(order.down.id, "01JD8Q4Z8R0000000000000009", ULID_CAP);
    memcpy(order.down.by, "an", 3);
    feed(&order);
    assert_true(settle(EVENT_EXIT_PERMITTED, &event));
    assert_int_equal(event.permit, PERMIT_DEBT);
    assert_string_equal(event.by, "an");
    end();
}

static void test_gate_offline__silent_server_is_waited_for_and_then_not(void **state)
{
    (void)state;
    struct event event;
    begin(LOT_OPEN, true);
    assert_false(settle(EVENT_QUOTED, &event));
    now.ms += gate.lane[0].config.answer_ms;
    struct gate_event timeout = {.type = GATE_EV_TIMEOUT};
    feed(&timeout);
    assert_true(settle(EVENT_EXIT_PERMITTED, &event));
    assert_int_equal(event.permit, PERMIT_DEBT);
    end();
}

static struct gate_event cash(int64_t amount_vnd, const char *id)
{
    struct gate_event order = {.type = GATE_EV_DOWN, .lane = 1};
    order.down.type = DOWN_COMMAND;
    order.down.lane = 1;
    order.down.action = COMMAND_TAKE_CASH;
    order.down.amount_vnd = amount_vnd;
    order.down.deadline.ms = T0 + TIME_HOUR_MS;
    str_copy_cut(order.down.id, sizeof order.down.id, str_c(id));
    str_copy_cut(order.down.receipt, sizeof order.down.receipt, STR("R-1"));
    memcpy(order.down.by, "an", 3);
    return order;
}

static void test_gate_offline__cash_in_part_is_taken_off_the_next_local_quote(void **state)
{
    (void)state;
    struct event event;
    struct lane_context context;
    begin(LOT_WAIT, false);
    assert_true(settle(EVENT_QUOTED, &event));
    struct gate_event order = cash(20000, "01JD8Q4Z8R0000000000000011");
    feed(&order);
    lane_get_context(&gate.lane[0], &context);
    assert_int_equal(context.taken_vnd, 20000); /* a restart keeps it */
    assert_true(settle(EVENT_QUOTED, &event));
    assert_int_equal(event.fee_vnd, 50000);
    assert_int_equal(event.amount_vnd, 30000);
    stay.paid_vnd = 20000; /* the lot's list has heard of it: not taken off twice */
    order = cash(10000, "01JD8Q4Z8R0000000000000012");
    feed(&order);
    assert_true(settle(EVENT_QUOTED, &event));
    assert_int_equal(event.amount_vnd, 20000);
    order = cash(20000, "01JD8Q4Z8R0000000000000013");
    feed(&order);
    assert_true(settle(EVENT_EXIT_PERMITTED, &event));
    assert_int_equal(event.permit, PERMIT_CASH);
    stay.paid_vnd = 0;
    end();
}

/* The question of an exit that waits: sent by itself, ahead of what is before it. */
static bool is_sent_alone(int64_t seq)
{
    for (int i = 0; i < effects.count; i++) {
        const struct gate_effect *effect = &effects.effect[i];
        if (effect->type == GATE_EFF_SEND && effect->send.from == seq && effect->send.to == seq) {
            return true;
        }
    }
    return false;
}

static void test_gate_offline__who_waited_for_the_line_is_asked_for_before_the_backlog(void **state)
{
    (void)state;
    struct event asked;
    begin(LOT_WAIT, false);
    assert_true(settle(EVENT_EXIT_ASKED, &asked));
    int64_t seq = stored_up_to;
    while (gate.ask_seq[0] == 0 || seq > gate.ask_seq[0]) {
        seq--;
        assert_true(seq > 0);
    }
    gate.delivery.acked = gate.delivery.sent = seq - 3 * DELIVERY_WINDOW; /* of last week */
    struct gate_event link = {.type = GATE_EV_LINK};
    link.link.connected = true;
    feed(&link);
    assert_true(is_sent_alone(seq));
    now.ms += 20 * TIME_SECOND_MS;
    struct gate_event timeout = {.type = GATE_EV_TIMEOUT};
    bool again = false;
    for (int i = 0; i < 50 && !again; i++) {
        feed(&timeout);
        again = is_sent_alone(seq);
    }
    assert_true(again); /* with each query, so that a server that started anew hears of it */
    end();
}

TESTS(T(test_gate_offline__cut_line_shows_the_amount_after_its_record),
      T(test_gate_offline__open_with_debt_permits_and_raises),
      T(test_gate_offline__confirm_holds_until_a_person_allows_it),
      T(test_gate_offline__silent_server_is_waited_for_and_then_not),
      T(test_gate_offline__cash_in_part_is_taken_off_the_next_local_quote),
      T(test_gate_offline__who_waited_for_the_line_is_asked_for_before_the_backlog))
