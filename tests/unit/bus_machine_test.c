/* bus_machine_test.c - the Modbus worker's machine against a made-up module and a made-up clock. */
#include "gate/io/bus_machine.h"
#include "tests/harness/harness.h"

enum { POLL_MS = 20, TIMEOUT_MS = 300, PULSE_MS = 500, PER_MINUTE = 20, REPORTS_MAX = 512 };

/* Inputs 0 arming, 1 safety; coils 0 open, 1 close, 2 light.  Unit 1 is the module, 2 a display. */
struct world {
    int64_t ms;
    bool connected, refuse;
    bool dead[8]; /* by unit: no answer */
    int late;     /* so many requests are answered with an error */
    int late_error;
    bool deny_writes;
    uint16_t discrete[16], coil[16], holding[64];
    int requests, reads, writes, flushes, opens, text_writes;
    int close_on;   /* how often close was written on */
    bool both_seen; /* open and close were on together */
    bool bad_close; /* close went on while the safety loop was taken */
    mono_t last_error;
    bool early; /* a request came before the line had been quiet long enough */
    struct bus_report report[REPORTS_MAX];
    int report_count;
    bool full; /* nobody takes reports */
    struct bus_machine *m;
    struct interlock interlock;
    int between_order; /* an order that comes between two requests; -1 none */
};

static struct world *w; /* of the running test */

static int request(struct world *x, int unit)
{
    x->requests++;
    x->ms += 2;
    if (x->last_error.ms >= 0 && x->ms - x->last_error.ms < TIMEOUT_MS) {
        x->early = true;
    }
    x->last_error.ms = -1;
    int error = 0;
    if (!x->connected) {
        return DX_E_LINK;
    }
    if (x->late > 0) {
        x->late--;
        error = x->late_error;
    } else if (x->dead[unit]) {
        error = DX_E_TIMEOUT;
    }
    if (error == DX_E_TIMEOUT) {
        x->ms += TIMEOUT_MS;
    }
    if (error == DX_E_TIMEOUT || error == DX_E_CHECK) {
        x->last_error.ms = x->ms;
    }
    return error;
}

static int line_open(void *context)
{
    struct world *x = context;
    x->opens++;
    x->last_error.ms = -1;
    if (x->refuse) {
        return DX_E_LINK;
    }
    x->connected = true;
    return 0;
}

static void line_close(void *context)
{
    ((struct world *)context)->connected = false;
}

static void line_flush(void *context)
{
    ((struct world *)context)->flushes++;
}

static int line_read(void *context, const struct modbus_block *block, uint16_t *ret)
{
    struct world *x = context;
    int error = request(x, block->unit);
    x->reads++;
    for (int i = 0; i < block->count && !error; i++) {
        ret[i] =
            block->table == MODBUS_COIL ? x->coil[block->first + i] : x->discrete[block->first + i];
    }
    return error;
}

static int line_write(void *context, const struct modbus_write *write)
{
    struct world *x = context;
    int error = request(x, write->unit);
    x->writes++;
    if (x->deny_writes && !error) {
        return DX_E_DENIED;
    }
    if (!error) {
        x->coil[write->address] = write->value != 0;
        x->close_on += write->address == 1 && write->value;
        x->both_seen = x->both_seen || (x->coil[0] && x->coil[1]);
        x->bad_close = x->bad_close || (write->address == 1 && write->value && x->discrete[1]);
    }
    return error;
}

static int line_words(void *context, int unit, int first, const uint16_t *words, int count)
{
    struct world *x = context;
    int error = request(x, unit);
    x->text_writes++;
    for (int i = 0; i < count && !error; i++) {
        x->holding[first + i] = words[i];
    }
    return error;
}

static mono_t line_now(void *context)
{
    return (mono_t){((struct world *)context)->ms};
}

static void line_between(void *context)
{
    struct world *x = context;
    if (x->between_order >= 0) {
        ok(bus_machine_order(x->m, 1, (enum output_role)x->between_order, ACT_PULSE));
        x->between_order = -1;
    }
}

static int line_report(void *context, const struct bus_report *report)
{
    struct world *x = context;
    if (x->full) {
        return DX_E_FULL;
    }
    assert_true(x->report_count < REPORTS_MAX);
    x->report[x->report_count++] = *report;
    return 0;
}

static struct bus_output coil(enum output_role role, int address, int pulse_ms)
{
    return (struct bus_output){.lane = 1,
                               .role = role,
                               .unit = 1,
                               .table = MODBUS_COIL,
                               .function = 5,
                               .address = address,
                               .on = 0xFF00,
                               .pulse_ms = pulse_ms,
                               .per_minute = PER_MINUTE};
}

static struct bus_input contact(enum input_role role, int address)
{
    return (struct bus_input){
        .lane = 1,
        .role = role,
        .point = {.unit = 1, .table = MODBUS_DISCRETE, .address = address, .bit = -1},
        .on_ms = 20,
        .off_ms = 40};
}

/* One lane on unit 1; pulse_ms 0 makes open and close held. */
static struct bus_machine_config one_lane(int pulse_ms)
{
    struct bus_machine_config c = {.poll_ms = POLL_MS, .timeout_ms = TIMEOUT_MS};
    c.input[c.input_count++] = contact(INPUT_ARMING_LOOP, 0);
    c.input[c.input_count++] = contact(INPUT_SAFETY_LOOP, 1);
    c.output[c.output_count++] = coil(OUTPUT_OPEN, 0, pulse_ms);
    c.output[c.output_count++] = coil(OUTPUT_CLOSE, 1, pulse_ms);
    c.output[c.output_count++] = coil(OUTPUT_LIGHT, 2, 0);
    return c;
}

static void begin(struct bus_machine_config config)
{
    static const struct bus_line calls = {NULL,         line_open,  line_close, line_flush,
                                          line_read,    line_write, line_words, line_now,
                                          line_between, line_report};
    struct bus_line line = calls;
    w = calloc(1, sizeof *w);
    assert_non_null(w);
    w->ms = 1000000;
    w->last_error.ms = -1;
    w->between_order = -1;
    w->late_error = DX_E_TIMEOUT;
    interlock_init(&w->interlock);
    config.interlock = &w->interlock;
    line.context = w;
    ok(bus_machine_new(&config, &line, &w->m));
}

static void end(void)
{
    assert_false(w->early);     /* in no test a request on a line that is to be quiet */
    assert_false(w->both_seen); /* in no test open and close together */
    assert_false(w->bad_close); /* in no test a close onto a vehicle */
    bus_machine_free(w->m);
    interlock_fini(&w->interlock);
    free(w);
}

/* Lets the machine work as a thread would, until so much later. */
static void run(int64_t ms)
{
    int64_t until = w->ms + ms;
    int rounds = 0;
    while (w->ms < until) {
        assert_true(rounds++ < 100000);
        mono_t next = bus_machine_work(w->m);
        int64_t jump = next.ms < until ? next.ms : until;
        w->ms = jump > w->ms ? jump : w->ms;
        if (next.ms >= until) {
            w->ms = until > w->ms ? until : w->ms;
        }
    }
}

static const struct bus_report *last(enum bus_report_kind kind)
{
    for (int i = w->report_count - 1; i >= 0; i--) {
        if (w->report[i].kind == kind) {
            return &w->report[i];
        }
    }
    return NULL;
}

static int count(enum bus_report_kind kind)
{
    int n = 0;
    for (int i = 0; i < w->report_count; i++) {
        n += w->report[i].kind == kind;
    }
    return n;
}

static void order(enum output_role role, enum output_act act)
{
    ok(bus_machine_order(w->m, 1, role, act));
}

static void test_bus_machine__start_settles_outputs_then_tells_lane_then_inputs(void **state)
{
    (void)state;
    begin(one_lane(PULSE_MS));
    w->coil[0] = w->coil[1] = 1; /* left on by a program that was killed; hardware allows it */
    w->discrete[0] = 1;
    run(200);
    assert_int_equal(w->coil[0], 0);
    assert_int_equal(w->coil[1], 0);
    assert_int_equal(count(BUS_REPORT_LANE), 1);
    assert_int_equal(w->report[0].kind, BUS_REPORT_LINK);
    assert_int_equal(w->report[1].kind, BUS_REPORT_LANE);
    assert_true(w->report[1].ok);
    assert_int_equal(count(BUS_REPORT_INPUT), 2);
    assert_int_equal(w->report[2].level, LEVEL_ON);
    assert_int_equal(w->report[3].level, LEVEL_OFF);
    w->both_seen = false; /* that was the world before us */
    end();
}

static void test_bus_machine__edge_is_told_within_poll_and_debounce(void **state)
{
    (void)state;
    begin(one_lane(PULSE_MS));
    run(200);
    int before = w->report_count;
    w->discrete[0] = 1;
    run(20 + 2 * POLL_MS + 8);
    assert_int_equal(w->report_count, before + 1);
    assert_int_equal(last(BUS_REPORT_INPUT)->input, INPUT_ARMING_LOOP);
    assert_int_equal(last(BUS_REPORT_INPUT)->level, LEVEL_ON);
    w->discrete[0] = 0; /* bounces for less than debounce off */
    run(30);
    w->discrete[0] = 1;
    run(300);
    assert_int_equal(w->report_count, before + 1);
    end();
}

static void test_bus_machine__pulse_goes_on_and_off_by_itself(void **state)
{
    (void)state;
    begin(one_lane(PULSE_MS));
    run(200);
    order(OUTPUT_OPEN, ACT_PULSE);
    run(5);
    assert_int_equal(w->coil[0], 1);
    assert_true(last(BUS_REPORT_COIL)->ok);
    run(PULSE_MS - 10);
    assert_int_equal(w->coil[0], 1);
    run(20);
    assert_int_equal(w->coil[0], 0);
    assert_int_equal(count(BUS_REPORT_COIL), 1); /* the end is not an answer */
    end();
}

static void test_bus_machine__order_goes_before_the_rest_of_a_poll(void **state)
{
    (void)state;
    struct bus_machine_config c = one_lane(PULSE_MS);
    for (int i = 0; i < 6; i++) { /* far apart: each a block of its own */
        struct bus_input in = contact(INPUT_PHOTOCELL, 100 * i + 100);
        in.lane = i + 2;
        in.point.table = MODBUS_COIL; /* of no interest; the world has few coils */
        in.point.address = 0;
        in.point.unit = 3 + i % 4;
        c.input[c.input_count++] = in;
    }
    begin(c);
    run(200);
    w->between_order = OUTPUT_OPEN;
    int requests = w->requests;
    while (w->coil[0] == 0) {
        mono_t next = bus_machine_work(w->m);
        w->ms = next.ms > w->ms ? next.ms : w->ms;
        assert_true(w->requests < requests + 12);
    }
    /* one read, then the order: not all the blocks first */
    assert_true(last(BUS_REPORT_COIL)->ok);
    end();
}

static void test_bus_machine__close_is_refused_while_safety_is_taken(void **state)
{
    (void)state;
    begin(one_lane(PULSE_MS));
    run(200);
    w->discrete[1] = 1; /* since this moment: no poll has seen it yet */
    order(OUTPUT_CLOSE, ACT_PULSE);
    run(5);
    assert_int_equal(w->coil[1], 0);
    assert_false(last(BUS_REPORT_COIL)->ok);
    assert_non_null(last(BUS_REPORT_INTERLOCK));
    run(100);
    w->discrete[1] = 0;
    order(OUTPUT_CLOSE, ACT_PULSE); /* clear, but not for long enough to be believed */
    run(5);
    assert_int_equal(w->coil[1], 0);
    run(100);
    order(OUTPUT_CLOSE, ACT_PULSE);
    run(8);
    assert_int_equal(w->coil[1], 1);
    end();
}

static void test_bus_machine__close_is_refused_when_safety_is_unknown(void **state)
{
    (void)state;
    begin(one_lane(PULSE_MS));
    run(200);
    w->late = 1; /* the fresh reading before the write finds no answer */
    order(OUTPUT_CLOSE, ACT_PULSE);
    run(350);
    assert_int_equal(w->coil[1], 0);
    assert_false(last(BUS_REPORT_COIL)->ok);
    assert_non_null(last(BUS_REPORT_INTERLOCK));
    end();
}

static void test_bus_machine__closing_stops_when_safety_is_taken(void **state)
{
    (void)state;
    begin(one_lane(0)); /* held: it would stay on */
    run(200);
    order(OUTPUT_CLOSE, ACT_ON);
    run(100);
    assert_int_equal(w->coil[1], 1);
    w->discrete[1] = 1;
    run(POLL_MS + 8);
    assert_int_equal(w->coil[1], 0);
    assert_true(last(BUS_REPORT_INTERLOCK)->ok);
    end();
}

static void test_bus_machine__open_switches_close_off_first_and_the_reverse(void **state)
{
    (void)state;
    begin(one_lane(0));
    run(200);
    order(OUTPUT_CLOSE, ACT_ON);
    run(50);
    assert_int_equal(w->coil[1], 1);
    order(OUTPUT_OPEN, ACT_ON);
    run(10);
    assert_int_equal(w->coil[0], 1);
    assert_int_equal(w->coil[1], 0);
    order(OUTPUT_CLOSE, ACT_ON);
    run(10);
    assert_int_equal(w->coil[0], 0);
    assert_int_equal(w->coil[1], 1);
    end(); /* the world watched every write for both together */
}

static void test_bus_machine__open_is_not_written_when_close_cannot_be_switched_off(void **state)
{
    (void)state;
    begin(one_lane(0));
    run(200);
    order(OUTPUT_CLOSE, ACT_ON);
    run(50);
    w->late = 1;
    order(OUTPUT_OPEN, ACT_ON);
    run(310);
    assert_int_equal(w->coil[0], 0);
    assert_false(last(BUS_REPORT_COIL)->ok);
    end();
}

static void test_bus_machine__motor_moves_are_limited_in_a_minute(void **state)
{
    (void)state;
    begin(one_lane(PULSE_MS));
    run(200);
    for (int i = 0; i < PER_MINUTE; i++) {
        order(OUTPUT_OPEN, ACT_PULSE);
        run(100);
        assert_true(last(BUS_REPORT_COIL)->ok);
    }
    order(OUTPUT_OPEN, ACT_PULSE);
    run(100);
    assert_false(last(BUS_REPORT_COIL)->ok);
    assert_non_null(last(BUS_REPORT_RATE));
    order(OUTPUT_LIGHT, ACT_ON); /* no motor */
    run(20);
    assert_true(last(BUS_REPORT_COIL)->ok);
    run(60000);
    order(OUTPUT_OPEN, ACT_PULSE);
    run(20);
    assert_true(last(BUS_REPORT_COIL)->ok);
    end();
}

static void test_bus_machine__error_makes_the_line_quiet_then_flushed(void **state)
{
    (void)state;
    begin(one_lane(PULSE_MS));
    run(200);
    int flushes = w->flushes;
    w->late = 1;
    w->late_error = DX_E_CHECK;
    run(2000);
    assert_int_equal(w->flushes, flushes + 1);
    assert_int_equal(w->opens, 1);               /* one error is no reason to reconnect */
    assert_int_equal(count(BUS_REPORT_LANE), 1); /* nor to alarm anybody */
    end();                                       /* early would have been set */
}

static void test_bus_machine__three_errors_reconnect_and_learn_anew(void **state)
{
    (void)state;
    begin(one_lane(PULSE_MS));
    run(200);
    int inputs = count(BUS_REPORT_INPUT);
    w->dead[1] = true;
    run(3000);
    assert_false(last(BUS_REPORT_LANE)->ok);
    assert_true(w->opens >= 2);
    w->dead[1] = false;
    w->coil[0] = w->coil[1] = w->coil[2] = 0; /* it had no power */
    w->discrete[0] = 1;
    run(9000); /* within one back-off */
    assert_true(last(BUS_REPORT_LANE)->ok);
    assert_int_equal(count(BUS_REPORT_INPUT), inputs + 2); /* both, changed or not */
    end();
}

static void test_bus_machine__never_connected_is_told_and_tried_for_ever_with_back_off(void **state)
{
    (void)state;
    begin(one_lane(PULSE_MS));
    w->refuse = true;
    run(60000);
    assert_int_equal(count(BUS_REPORT_LANE), 1);
    assert_false(last(BUS_REPORT_LANE)->ok);
    assert_in_range(w->opens, 12, 20); /* 0.1 0.2 0.4 … 5 5 5 */
    w->refuse = false;
    run(6000);
    assert_true(last(BUS_REPORT_LANE)->ok);
    end();
}

static void test_bus_machine__orders_on_a_dead_line_fail_at_once_and_are_not_kept(void **state)
{
    (void)state;
    begin(one_lane(PULSE_MS));
    w->refuse = true;
    run(100);
    order(OUTPUT_OPEN, ACT_PULSE);
    run(10);
    assert_false(last(BUS_REPORT_COIL)->ok);
    w->refuse = false;
    run(10000);
    assert_int_equal(w->coil[0], 0);
    assert_int_equal(count(BUS_REPORT_COIL), 1);
    end();
}

static void test_bus_machine__a_write_that_was_not_answered_is_taken_back(void **state)
{
    (void)state;
    begin(one_lane(PULSE_MS));
    run(200);
    w->late = 1;
    order(OUTPUT_OPEN, ACT_PULSE);
    run(310);
    w->coil[0] = 1; /* the module did get it, only its answer was lost */
    assert_false(last(BUS_REPORT_COIL)->ok);
    run(700);
    assert_int_equal(w->coil[0], 0);
    end();
}

static void
test_bus_machine__held_open_and_light_come_back_after_a_restart_of_the_module(void **state)
{
    (void)state;
    begin(one_lane(0));
    run(200);
    order(OUTPUT_OPEN, ACT_ON);
    order(OUTPUT_LIGHT, ACT_ON);
    run(50);
    w->connected = false; /* reset: it comes back with everything off */
    w->coil[0] = w->coil[2] = 0;
    run(1000);
    assert_int_equal(w->coil[0], 1);
    assert_int_equal(w->coil[2], 1);
    order(OUTPUT_OPEN, ACT_OFF);
    run(50);
    order(OUTPUT_CLOSE, ACT_ON);
    run(50);
    assert_int_equal(w->coil[1], 1);
    w->connected = false;
    w->coil[1] = w->coil[2] = 0;
    run(1000);
    assert_int_equal(w->close_on, 1); /* closing never begins by itself */
    end();
}

static void test_bus_machine__short_silence_writes_held_outputs_again(void **state)
{
    (void)state;
    begin(one_lane(0));
    run(200);
    order(OUTPUT_OPEN, ACT_ON);
    run(50);
    w->late = 1;
    w->coil[0] = 0; /* a restart so short that only one request failed */
    run(2000);
    assert_int_equal(w->coil[0], 1);
    end();
}

static void test_bus_machine__dead_unit_does_not_take_the_others_along(void **state)
{
    (void)state;
    struct bus_machine_config c = one_lane(PULSE_MS);
    struct bus_input in = contact(INPUT_SAFETY_LOOP, 3);
    in.lane = 2;
    in.point.unit = 4;
    c.input[c.input_count++] = in;
    begin(c);
    run(500);
    assert_int_equal(count(BUS_REPORT_LANE), 2);
    w->dead[4] = true;
    run(20000);
    assert_int_equal(w->opens, 1);
    assert_int_equal(count(BUS_REPORT_LANE), 3);
    assert_int_equal(last(BUS_REPORT_LANE)->lane, 2);
    assert_false(last(BUS_REPORT_LANE)->ok);
    order(OUTPUT_OPEN, ACT_PULSE);
    run(900);
    assert_true(last(BUS_REPORT_COIL)->ok);
    w->dead[4] = false;
    int inputs = count(BUS_REPORT_INPUT);
    run(4000);
    assert_true(last(BUS_REPORT_LANE)->ok);
    assert_int_equal(count(BUS_REPORT_INPUT), inputs + 1); /* learnt anew */
    end();
}

static void test_bus_machine__unit_with_outputs_only_is_watched(void **state)
{
    (void)state;
    struct bus_machine_config c = one_lane(PULSE_MS);
    c.output[2].unit = 5; /* the light on a relay board of its own */
    begin(c);
    run(500);
    assert_true(last(BUS_REPORT_LANE)->ok);
    w->dead[5] = true;
    run(20000);
    assert_false(last(BUS_REPORT_LANE)->ok);
    w->dead[5] = false;
    run(5000);
    assert_true(last(BUS_REPORT_LANE)->ok);
    end();
}

static void
test_bus_machine__text_is_written_when_it_changes_and_a_dead_display_is_told(void **state)
{
    (void)state;
    struct bus_machine_config c = one_lane(PULSE_MS);
    uint16_t words[4] = {0x4142, 0x4344, 0x2020, 0x2020};
    c.text[c.text_count++] = (struct bus_text){1, 2, 10, 4};
    begin(c);
    run(300);
    assert_int_equal(w->text_writes, 0);
    ok(bus_machine_text(w->m, 1, words, 4));
    run(100);
    assert_int_equal(w->holding[10], 0x4142);
    assert_int_equal(w->text_writes, 1);
    ok(bus_machine_text(w->m, 1, words, 4)); /* the same again */
    run(1000);
    assert_int_equal(w->text_writes, 1);
    assert_true(last(BUS_REPORT_TEXT)->ok);
    w->dead[2] = true;
    words[0] = 0x5A5A;
    ok(bus_machine_text(w->m, 1, words, 4));
    run(40000);
    assert_false(last(BUS_REPORT_TEXT)->ok);
    assert_int_equal(count(BUS_REPORT_LANE), 1); /* the lane works on */
    assert_int_equal(w->opens, 1);
    assert_true(w->text_writes <= 5);
    w->dead[2] = false;
    run(61000);
    assert_int_equal(w->holding[10], 0x5A5A);
    assert_true(last(BUS_REPORT_TEXT)->ok);
    end();
}

static void test_bus_machine__denied_order_fails_and_leaves_the_line_alone(void **state)
{
    (void)state;
    begin(one_lane(PULSE_MS));
    run(200);
    w->deny_writes = true;
    order(OUTPUT_OPEN, ACT_PULSE);
    run(1000);
    assert_false(last(BUS_REPORT_COIL)->ok);
    assert_int_equal(last(BUS_REPORT_COIL)->error, DX_E_DENIED);
    assert_int_equal(w->opens, 1);
    assert_int_equal(w->flushes, 0);
    end();
}

static void test_bus_machine__reports_wait_when_nobody_takes_them(void **state)
{
    (void)state;
    begin(one_lane(PULSE_MS));
    run(200);
    w->full = true;
    int before = w->report_count;
    w->discrete[0] = 1;
    order(OUTPUT_OPEN, ACT_PULSE);
    order(OUTPUT_LIGHT, ACT_ON);
    run(500);
    assert_int_equal(w->report_count, before);
    w->full = false;
    run(50);
    assert_int_equal(w->report_count, before + 3);
    assert_int_equal(last(BUS_REPORT_INPUT)->level, LEVEL_ON);
    assert_int_equal(count(BUS_REPORT_COIL), 2);
    end();
}

static void test_bus_machine__stop_ends_pulses_and_closing_but_not_a_held_open(void **state)
{
    (void)state;
    begin(one_lane(PULSE_MS));
    run(200);
    order(OUTPUT_OPEN, ACT_PULSE);
    run(50);
    bus_machine_stop(w->m);
    assert_int_equal(w->coil[0], 0);
    assert_false(w->connected);
    end();
    begin(one_lane(0));
    run(200);
    order(OUTPUT_OPEN, ACT_ON);
    run(50);
    bus_machine_stop(w->m);
    assert_int_equal(w->coil[0], 1);
    end();
}

static void test_bus_machine__hardware_pulse_is_never_written_off(void **state)
{
    (void)state;
    struct bus_machine_config c = one_lane(PULSE_MS);
    c.output[0].hardware_pulse = true;
    c.output[0].on = 5;
    c.output[1].hardware_pulse = true;
    begin(c);
    run(200);
    int writes = w->writes;
    order(OUTPUT_OPEN, ACT_PULSE);
    run(100);
    order(OUTPUT_CLOSE, ACT_PULSE); /* the other still pulses and cannot be told to end */
    run(100);
    assert_false(last(BUS_REPORT_COIL)->ok);
    w->coil[0] = 0; /* the module lets go */
    run(PULSE_MS);
    order(OUTPUT_CLOSE, ACT_PULSE);
    run(20);
    assert_true(last(BUS_REPORT_COIL)->ok);
    assert_int_equal(w->writes, writes + 2);
    end();
}

static void test_modbus_map__near_points_share_a_read_and_far_ones_do_not(void **state)
{
    (void)state;
    const struct modbus_point points[] = {
        {.unit = 1, .table = MODBUS_DISCRETE, .address = 9, .bit = -1, .active_low = false},
        {.unit = 1, .table = MODBUS_DISCRETE, .address = 0, .bit = -1, .active_low = false},
        {.unit = 1, .table = MODBUS_DISCRETE, .address = 1, .bit = -1, .active_low = false},
        {.unit = 1, .table = MODBUS_COIL, .address = 0, .bit = -1, .active_low = false},
        {.unit = 2, .table = MODBUS_DISCRETE, .address = 2, .bit = -1, .active_low = false},
        {.unit = 1, .table = MODBUS_DISCRETE, .address = 30, .bit = -1, .active_low = false},
        {.unit = 1, .table = MODBUS_HOLDING, .address = 5, .bit = 3, .active_low = false},
        {.unit = 1, .table = MODBUS_HOLDING, .address = 5, .bit = 4, .active_low = false},
    };
    struct modbus_block blocks[MODBUS_BLOCKS_MAX];
    int n = 0;
    ok(modbus_plan(points, 8, MODBUS_GAP_USUAL, blocks, &n));
    assert_int_equal(n, 5);
    assert_int_equal(blocks[1].first, 0);
    assert_int_equal(blocks[1].count, 10);
    assert_int_equal(blocks[2].first, 30);
    assert_int_equal(blocks[3].table, MODBUS_HOLDING);
    assert_int_equal(blocks[3].count, 1);
    uint16_t words[1] = {0x0008};
    assert_true(modbus_level(&blocks[3], &points[6], words));
    assert_false(modbus_level(&blocks[3], &points[7], words));
}

static void test_interlock__unknown_old_or_missing_never_allows_closing(void **state)
{
    (void)state;
    struct interlock il;
    mono_t t = {1000};
    interlock_init(&il);
    assert_false(interlock_may_close(&il, 3, t, 500)); /* no safety input at all */
    interlock_use(&il, 3, INPUT_SAFETY_LOOP);
    interlock_use(&il, 3, INPUT_PHOTOCELL);
    interlock_use(&il, 3, INPUT_ARMING_LOOP); /* none of the interlock's business */
    interlock_note(&il, 3, INPUT_SAFETY_LOOP, LEVEL_OFF, t);
    assert_false(interlock_may_close(&il, 3, t, 500));
    interlock_note(&il, 3, INPUT_PHOTOCELL, LEVEL_OFF, t);
    assert_true(interlock_may_close(&il, 3, t, 500));
    assert_true(interlock_may_close(&il, 3, (mono_t){1500}, 500));
    assert_false(interlock_may_close(&il, 3, (mono_t){1501}, 500));
    interlock_note(&il, 3, INPUT_PHOTOCELL, LEVEL_ON, t);
    assert_false(interlock_may_close(&il, 3, t, 500));
    interlock_fini(&il);
}

TESTS(T(test_bus_machine__start_settles_outputs_then_tells_lane_then_inputs),
      T(test_bus_machine__edge_is_told_within_poll_and_debounce),
      T(test_bus_machine__pulse_goes_on_and_off_by_itself),
      T(test_bus_machine__order_goes_before_the_rest_of_a_poll),
      T(test_bus_machine__close_is_refused_while_safety_is_taken),
      T(test_bus_machine__close_is_refused_when_safety_is_unknown),
      T(test_bus_machine__closing_stops_when_safety_is_taken),
      T(test_bus_machine__open_switches_close_off_first_and_the_reverse),
      T(test_bus_machine__open_is_not_written_when_close_cannot_be_switched_off),
      T(test_bus_machine__motor_moves_are_limited_in_a_minute),
      T(test_bus_machine__error_makes_the_line_quiet_then_flushed),
      T(test_bus_machine__three_errors_reconnect_and_learn_anew),
      T(test_bus_machine__never_connected_is_told_and_tried_for_ever_with_back_off),
      T(test_bus_machine__orders_on_a_dead_line_fail_at_once_and_are_not_kept),
      T(test_bus_machine__a_write_that_was_not_answered_is_taken_back),
      T(test_bus_machine__held_open_and_light_come_back_after_a_restart_of_the_module),
      T(test_bus_machine__short_silence_writes_held_outputs_again),
      T(test_bus_machine__dead_unit_does_not_take_the_others_along),
      T(test_bus_machine__unit_with_outputs_only_is_watched),
      T(test_bus_machine__text_is_written_when_it_changes_and_a_dead_display_is_told),
      T(test_bus_machine__denied_order_fails_and_leaves_the_line_alone),
      T(test_bus_machine__reports_wait_when_nobody_takes_them),
      T(test_bus_machine__stop_ends_pulses_and_closing_but_not_a_held_open),
      T(test_bus_machine__hardware_pulse_is_never_written_off),
      T(test_modbus_map__near_points_share_a_read_and_far_ones_do_not),
      T(test_interlock__unknown_old_or_missing_never_allows_closing))
