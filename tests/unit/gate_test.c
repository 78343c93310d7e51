#include "gate/core/gate.h"
#include "tests/harness/harness.h"

/* The gate is large; one for all tests of a run, made anew by each. */
static struct gate gate;
static struct gate_effects effects;
static struct gate_config config;
static mono_t now;
static uint8_t salt;

static struct gate_event event_of(enum gate_event_type type, int lane)
{
    struct gate_event event;
    memset(&event, 0, sizeof event);
    event.type = type;
    event.lane = lane;
    return event;
}

static void feed(struct gate_event *event)
{
    event->now = now;
    event->wall.ms = INT64_C(1772416500000) + now.ms;
    event->clock = CLOCK_SYNCED;
    for (int i = 0; i < GATE_RANDOM_SIZE; i++) {
        event->random[i] = (uint8_t)(salt + i * 7);
    }
    salt++;
    gate_step(&gate, event, &effects);
}

static void start(int64_t last, int64_t acked)
{
    struct gate_event event = event_of(GATE_EV_START, 0);
    event.start.generation = 1;
    event.start.last_seq = last;
    event.start.acked_seq = acked;
    event.start.boot = 3;
    feed(&event);
}

/* Lane 1 is an entry, lane 2 an exit, and so on. */
static void make(int lanes)
{
    memset(&config, 0, sizeof config);
    memcpy(config.gate, "hn-0001-g1", 11);
    memcpy(config.version, "1.2.3", 6);
    config.lane_count = lanes;
    for (int i = 0; i < lanes; i++) {
        lane_config_defaults(&config.lane[i]);
        config.lane[i].lane = i + 1;
        config.lane[i].direction = i % 2 ? LANE_EXIT : LANE_ENTRY;
    }
    now.ms = 1000;
    gate_init(&gate, &config);
}

static void set_input(int lane, enum input_role role, enum level level)
{
    struct gate_event event = event_of(GATE_EV_INPUT, lane);
    event.input.role = role;
    event.input.level = level;
    feed(&event);
}

static void learn(int lane)
{
    set_input(lane, INPUT_ARMING_LOOP, LEVEL_OFF);
    set_input(lane, INPUT_SAFETY_LOOP, LEVEL_OFF);
    set_input(lane, INPUT_OPENED, LEVEL_OFF);
    set_input(lane, INPUT_CLOSED, LEVEL_ON);
}

static void stored(int64_t seq)
{
    struct gate_event event = event_of(GATE_EV_STORED, 0);
    event.stored.seq = seq;
    feed(&event);
}

static void store_failed(int64_t seq)
{
    struct gate_event event = event_of(GATE_EV_STORE_FAILED, 0);
    event.stored.seq = seq;
    feed(&event);
}

static void link_is(bool connected)
{
    struct gate_event event = event_of(GATE_EV_LINK, 0);
    event.link.connected = connected;
    feed(&event);
}

static void time_out(void)
{
    struct gate_event event = event_of(GATE_EV_TIMEOUT, 0);
    if (gate_deadline(&gate).ms > now.ms) {
        now = gate_deadline(&gate);
    }
    feed(&event);
}

static void plate(int lane, const char *raw)
{
    struct gate_event event = event_of(GATE_EV_PLATE, lane);
    str_copy_cut(event.plate.raw, sizeof event.plate.raw, str_c(raw));
    event.plate.hint.vehicle = VEHICLE_CAR;
    event.plate.confidence = 960;
    feed(&event);
}

static void arrive(int lane)
{
    set_input(lane, INPUT_ARMING_LOOP, LEVEL_ON);
    plate(lane, "30F-123.45");
}

static const struct gate_effect *find(enum gate_effect_type type, int nth)
{
    for (int i = 0; i < effects.count; i++) {
        if (effects.effect[i].type == type && nth-- == 0) {
            return &effects.effect[i];
        }
    }
    return NULL;
}

static int count(enum gate_effect_type type)
{
    int n = 0;
    while (find(type, n)) {
        n++;
    }
    return n;
}

static const struct event *given(int nth)
{
    const struct gate_effect *effect = find(GATE_EFF_RECORD, nth);
    assert_non_null(effect);
    return &effect->record.event;
}

static bool opens(void)
{
    const struct gate_effect *effect = find(GATE_EFF_OUTPUT, 1);
    return effect && effect->output.role == OUTPUT_OPEN && effect->output.act == ACT_PULSE;
}

static void assert_sends(int64_t from, int64_t to)
{
    const struct gate_effect *effect = find(GATE_EFF_SEND, 0);
    assert_non_null(effect);
    assert_int_equal(effect->send.from, from);
    assert_int_equal(effect->send.to, to);
}

static void test_gate__start_records_the_boot_and_goes_on_in_the_sequence(void **state)
{
    (void)state;
    make(2);
    start(41, 40);
    const struct event *boot = given(0);
    assert_int_equal(boot->type, EVENT_BOOT);
    assert_int_equal(boot->seq, 42);
    assert_int_equal(boot->boot, 3);
    assert_int_equal(boot->generation, 1);
    assert_string_equal(boot->code, "1.2.3");
    assert_string_equal(boot->gate, "hn-0001-g1");
    assert_true(boot->offline);
    assert_int_equal(count(GATE_EFF_DISPLAY), 2);
    link_is(true);
    assert_sends(41, 41); /* what was there before; the boot is not durable yet */
    stored(42);
    assert_sends(42, 42);
}

static void test_gate__before_start_and_twice_started_means_nothing(void **state)
{
    (void)state;
    make(1);
    set_input(1, INPUT_ARMING_LOOP, LEVEL_ON);
    assert_int_equal(effects.count, 1);
    assert_int_equal(effects.effect[0].log.name, GATE_LOG_EVENT_IGNORED);
    assert_true(gate_deadline(&gate).ms == mono_never().ms);
    start(0, 0);
    start(0, 0);
    assert_int_equal(effects.count, 1);
    assert_int_equal(effects.effect[0].log.name, GATE_LOG_EVENT_IGNORED);
}

static void test_gate__record_that_fails_comes_again_the_same_and_opens_after(void **state)
{
    (void)state;
    static const int64_t waits[] = {1000, 2000, 5000, 10000, 30000, 30000};
    make(1);
    start(0, 0);
    stored(1);
    learn(1);
    arrive(1);
    struct event first = *given(0);
    assert_int_equal(first.seq, 2);
    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        store_failed(2);
        mono_t failed = now;
        assert_null(find(GATE_EFF_RECORD, 0));
        while (!find(GATE_EFF_RECORD, 0)) {
            assert_false(opens());
            time_out();
        }
        assert_int_equal(mono_diff(now, failed), waits[i]);
        assert_memory_equal(given(0), &first, sizeof first);
        assert_int_equal(count(GATE_EFF_RECORD), 1); /* the alarm behind it waits for it */
    }
    stored(2);
    assert_true(opens());
    assert_string_equal(given(0)->code, "journal.failed");
    assert_true(given(0)->raised);
    assert_int_equal(given(0)->seq, 3);
    stored(3);
    assert_false(given(0)->raised);
    assert_int_equal(given(0)->seq, 4);
}

static void test_gate__records_keep_their_order_over_a_failure(void **state)
{
    (void)state;
    make(4);
    start(0, 0);
    stored(1);
    for (int lane = 1; lane <= 4; lane++) {
        learn(lane);
    }
    arrive(1);
    arrive(2);
    arrive(3);
    assert_int_equal(given(0)->seq, 4);
    store_failed(2);
    store_failed(3); /* a shell may say so for each */
    store_failed(4);
    arrive(4); /* nothing new begins */
    assert_null(find(GATE_EFF_RECORD, 0));
    while (!find(GATE_EFF_RECORD, 0)) {
        time_out();
    }
    assert_int_equal(given(0)->seq, 2);
    assert_int_equal(count(GATE_EFF_RECORD), 1);
    stored(2); /* it works: the rest, in order, and the alarm behind them */
    for (int i = 0; i < 3; i++) {
        assert_int_equal(given(i)->seq, 3 + i);
    }
    assert_string_equal(given(2)->code, "journal.failed");
    stored(3);
    stored(4);
    assert_int_equal(gate.lane[0].state, LANE_OPENING);
    assert_int_equal(gate.lane[1].state, LANE_ASKING);
    assert_int_equal(gate.lane[2].state, LANE_OPENING);
}

static void test_gate__lanes_are_told_one_by_one_that_storing_works_again(void **state)
{
    (void)state;
    make(MSG_LANES_MAX);
    start(0, 0);
    store_failed(1);
    for (int i = 1; i <= MSG_LANES_MAX; i++) {
        learn(i);
        arrive(i);
        assert_int_equal(gate.lane[i - 1].state, LANE_ARMED);
    }
    while (!find(GATE_EFF_RECORD, 0)) {
        time_out();
    }
    stored(1);
    for (int i = 0; i < MSG_LANES_MAX; i++) {
        assert_true(gate_deadline(&gate).ms <= now.ms);
        time_out();
        assert_true(gate.lane[i].state == LANE_RECORDING || gate.lane[i].state == LANE_ASKING);
    }
    assert_true(gate_deadline(&gate).ms > now.ms);
}

static void
test_gate__only_durable_records_are_sent_and_only_the_server_moves_the_cursor(void **state)
{
    (void)state;
    make(2);
    start(0, 0);
    link_is(true);
    assert_null(find(GATE_EFF_SEND, 0));
    stored(1);
    assert_sends(1, 1);
    learn(2);
    arrive(2);
    stored(2);
    assert_sends(2, 2);
    struct gate_event ack = event_of(GATE_EV_DOWN, 0);
    ack.down.type = DOWN_ACK;
    ack.down.generation = 2; /* of another journal */
    ack.down.seq = 2;
    feed(&ack);
    assert_int_equal(gate.delivery.acked, 0);
    ack.down.generation = 1;
    ack.down.seq = 1;
    feed(&ack);
    assert_int_equal(gate.delivery.acked, 1);
    now.ms += DELIVERY_STALL_MS;
    struct gate_event timeout = event_of(GATE_EV_TIMEOUT, 0);
    feed(&timeout);
    assert_sends(2, 2); /* no answer: again from the cursor */
    struct gate_event gap = ack;
    gap.down.type = DOWN_GAP;
    gap.down.seq = 2;
    feed(&gap);
    assert_sends(2, 2);
    link_is(false);
    assert_null(find(GATE_EFF_SEND, 0));
    link_is(true);
    assert_sends(2, 2);
}

static void test_gate__offline_is_marked_on_what_happens_while_the_line_is_down(void **state)
{
    (void)state;
    make(2);
    start(0, 0);
    learn(1);
    learn(2);
    link_is(true);
    arrive(1);
    assert_false(given(0)->offline);
    link_is(false);
    arrive(2);
    assert_true(given(0)->offline);
}

static void test_gate__kill_and_restart_with_what_was_stored(void **state)
{
    (void)state;
    make(2);
    start(0, 0);
    stored(1);
    learn(1);
    arrive(1);
    struct lane_context context = find(GATE_EFF_RECORD, 0)->record.context;
    char session[ULID_CAP];
    memcpy(session, given(0)->session, sizeof session);
    stored(2);
    make(2);
    gate_restore_lane(&gate, 1, &context);
    gate_restore_lane(&gate, 9, &context); /* a lane that is not configured any more */
    start(2, 0);
    set_input(1, INPUT_ARMING_LOOP, LEVEL_ON);
    set_input(1, INPUT_SAFETY_LOOP, LEVEL_OFF);
    set_input(1, INPUT_OPENED, LEVEL_OFF);
    set_input(1, INPUT_CLOSED, LEVEL_ON);
    assert_true(opens());
    assert_string_equal(gate.lane[0].visit.session, session);
}

static void test_gate__alarms_of_two_lanes_after_a_restart_have_ids_of_their_own(void **state)
{
    (void)state;
    struct lane_context context;
    memset(&context, 0, sizeof context);
    context.alarms = 1u << ALARM_BARRIER_STUCK;
    make(2);
    gate_restore_lane(&gate, 1, &context);
    gate_restore_lane(&gate, 2, &context);
    start(0, 0);
    assert_int_equal(count(GATE_EFF_RECORD), 1); /* nothing can be said about an arm yet */
    learn(1);
    assert_string_equal(given(0)->code, "barrier.stuck");
    assert_false(given(0)->raised);
}

static void test_gate__command_for_a_lane_that_is_not_here_is_answered_once(void **state)
{
    (void)state;
    make(1);
    start(0, 0);
    struct gate_event event = event_of(GATE_EV_DOWN, 0);
    event.down.type = DOWN_COMMAND;
    event.down.lane = 7;
    memcpy(event.down.id, "01JD8Q4Z8R0000000000000009", ULID_CAP);
    feed(&event);
    assert_int_equal(given(0)->type, EVENT_COMMAND_DONE);
    assert_int_equal(given(0)->outcome, OUTCOME_IMPOSSIBLE);
    assert_string_equal(given(0)->cause, event.down.id);
    assert_int_equal(given(0)->lane, 0);
    feed(&event);
    assert_null(find(GATE_EFF_RECORD, 0));
}

static void test_gate__nonsense_changes_nothing_and_leaves_a_log(void **state)
{
    (void)state;
    make(1);
    start(0, 0);
    learn(1);
    struct gate_event bad[12];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        bad[i] = event_of(GATE_EV_DOWN, 1);
    }
    bad[0].type = GATE_EV_COUNT;
    bad[1].type = (enum gate_event_type)77;
    bad[2] = event_of(GATE_EV_INPUT, 0);
    bad[3] = event_of(GATE_EV_INPUT, 17);
    bad[4] = event_of(GATE_EV_INPUT, 1);
    bad[4].input.role = INPUT_ROLE_COUNT;
    bad[5] = event_of(GATE_EV_COIL, 1);
    bad[5].coil.role = (enum output_role) - 1;
    bad[6] = event_of(GATE_EV_PLATE, 1);
    memset(bad[6].plate.raw, 'A', sizeof bad[6].plate.raw); /* no end */
    bad[7].down.type = DOWN_TYPE_COUNT;
    bad[8].down.type = DOWN_QUOTE;
    bad[8].down.state = QUOTE_STATE_COUNT;
    bad[9].down.type = DOWN_PAID;
    bad[9].down.amount_vnd = -1;
    bad[10].down.type = DOWN_QUOTE;
    bad[10].down.valid_until.ms = INT64_MAX;
    bad[11] = event_of(GATE_EV_STORED, 0);
    bad[11].stored.seq = 99;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        feed(&bad[i]);
        if (effects.count != 1 || effects.effect[0].type != GATE_EFF_LOG ||
            gate.lane[0].state != LANE_IDLE) {
            fail_msg("nonsense %zu was taken", i);
        }
    }
}

static void test_gate__inside_table_follows_the_edges_and_is_restored(void **state)
{
    (void)state;
    make(2);
    struct inside_entry entry = {SUBJECT_PLATE, VEHICLE_CAR, "30F12345",
                                 "01JD8Q4Z8R0000000000000001", {0}};
    gate_restore_inside(&gate, &entry);
    start(0, 0);
    stored(1);
    learn(2);
    arrive(2);
    assert_string_equal(given(0)->session, entry.session);
    struct inside *inside = calloc(1, sizeof *inside);
    assert_non_null(inside);
    inside_init(inside);
    for (int i = 0; i <= INSIDE_MAX; i++) { /* one more than there is room for */
        snprintf(entry.key, sizeof entry.key, "K%d", i);
        snprintf(entry.session, sizeof entry.session, "S%d", i);
        inside_add(inside, &entry);
    }
    assert_int_equal(inside->count, INSIDE_MAX);
    struct subject subject = {.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .key = "K0"};
    assert_string_equal(inside_find(inside, &subject), ""); /* the oldest gave way */
    memcpy(subject.key, "K1", 3);
    assert_string_equal(inside_find(inside, &subject), "S1");
    subject.vehicle = VEHICLE_MOTORBIKE; /* the same letters on another class */
    assert_string_equal(inside_find(inside, &subject), "");
    inside_remove(inside, "S1");
    subject.vehicle = VEHICLE_CAR;
    assert_string_equal(inside_find(inside, &subject), "");
    assert_int_equal(inside->count, INSIDE_MAX - 1);
    free(inside);
}

static void test_gate__effects_and_ids_stay_within_their_bounds_in_the_worst_steps(void **state)
{
    (void)state;
    struct lane_context context;
    memset(&context, 0, sizeof context);
    context.held = true;
    context.kind = VISIT_EXIT;
    memcpy(context.ask, "01JD8Q4Z8R0000000000000001", ULID_CAP);
    memcpy(context.held_id, "01JD8Q4Z8R0000000000000002", ULID_CAP);
    memcpy(context.command, "01JD8Q4Z8R0000000000000003", ULID_CAP);
    make(MSG_LANES_MAX);
    for (int i = 1; i <= MSG_LANES_MAX; i++) {
        gate_restore_lane(&gate, i, &context);
    }
    start(0, 0);
    int most = effects.count;
    assert_true(most >= MSG_LANES_MAX + 2); /* all displays, the boot, the status */
    for (int i = 1; i <= MSG_LANES_MAX; i++) {
        set_input(i, INPUT_ARMING_LOOP, LEVEL_OFF);
        set_input(i, INPUT_SAFETY_LOOP, LEVEL_OFF);
        set_input(i, INPUT_OPENED, LEVEL_ON);
        set_input(i, INPUT_CLOSED, LEVEL_OFF); /* answered, released, backed off, closing … */
        most = effects.count > most ? effects.count : most;
    }
    assert_true(most <= GATE_EFFECTS_MAX - JOURNAL_BATCH); /* and room for a batch of old records */
}

static void test_gate__status_and_display_can_be_asked_at_any_time(void **state)
{
    (void)state;
    struct status status;
    struct lane_display display;
    make(2);
    start(5, 5);
    learn(1);
    gate_status(&gate, (wall_t){7}, &status);
    assert_true(status.online);
    assert_int_equal(status.lane_count, 2);
    assert_int_equal(status.seq, 6);
    assert_string_equal(status.lane[0].direction, "entry");
    assert_string_equal(status.lane[0].state, "idle");
    assert_string_equal(status.lane[0].barrier, "closed");
    assert_string_equal(status.lane[1].state, "learning");
    ok(gate_display(&gate, 1, &display));
    assert_int_equal(display.kind, DISPLAY_READY);
    assert_int_equal(gate_display(&gate, 3, &display), DX_E_NOT_FOUND);
}

static void test_gate__two_lanes_with_one_number_are_refused(void **state)
{
    (void)state;
    const char *why = NULL;
    int lane = 0;
    make(2);
    ok(gate_config_check(&config, &why, &lane));
    config.lane[1].lane = 1;
    assert_int_equal(gate_config_check(&config, &why, &lane), DX_E_CONFIG);
    assert_int_equal(lane, 1);
    memcpy(config.gate, "HN 1", 5);
    assert_int_equal(gate_config_check(&config, &why, &lane), DX_E_CONFIG);
}

TESTS(T(test_gate__start_records_the_boot_and_goes_on_in_the_sequence),
      T(test_gate__before_start_and_twice_started_means_nothing),
      T(test_gate__record_that_fails_comes_again_the_same_and_opens_after),
      T(test_gate__records_keep_their_order_over_a_failure),
      T(test_gate__lanes_are_told_one_by_one_that_storing_works_again),
      T(test_gate__only_durable_records_are_sent_and_only_the_server_moves_the_cursor),
      T(test_gate__offline_is_marked_on_what_happens_while_the_line_is_down),
      T(test_gate__kill_and_restart_with_what_was_stored),
      T(test_gate__alarms_of_two_lanes_after_a_restart_have_ids_of_their_own),
      T(test_gate__command_for_a_lane_that_is_not_here_is_answered_once),
      T(test_gate__nonsense_changes_nothing_and_leaves_a_log),
      T(test_gate__inside_table_follows_the_edges_and_is_restored),
      T(test_gate__effects_and_ids_stay_within_their_bounds_in_the_worst_steps),
      T(test_gate__status_and_display_can_be_asked_at_any_time),
      T(test_gate__two_lanes_with_one_number_are_refused))
