/*
 * bus_module_test.c - what the Modbus worker does about modules: who is it, its setup and its
 * watchdog, registers that are shared, counted edges, and interlocks that are data.
 */
#include "gate/io/bus_machine.h"
#include "tests/harness/harness.h"

enum { TIMEOUT_MS = 300, LOG_MAX = 400, MODEL = 211 };

/* One module of 32 registers of each kind and 16 bits; every request is kept. */
struct world {
    int64_t ms;
    uint16_t discrete[16], coil[16], holding[300], input[32];
    int errors_to_come; /* so many writes are not answered */
    int count;
    struct {
        char what; /* 'r', 'w' */
        int address, value;
        int64_t ms;
    } log[LOG_MAX];
    int report_count;
    struct bus_report report[LOG_MAX];
    struct interlock interlock;
    struct bus_machine *m;
};

static struct world w;

static void keep(char what, int address, int value)
{
    assert_true(w.count < LOG_MAX);
    w.log[w.count].what = what;
    w.log[w.count].address = address;
    w.log[w.count].value = value;
    w.log[w.count++].ms = w.ms;
    w.ms += 2;
}

static int line_open(void *context)
{
    (void)context;
    return 0;
}

static void line_nothing(void *context)
{
    (void)context;
}

static int line_read(void *context, const struct modbus_block *b, uint16_t *ret)
{
    const uint16_t *tables[] = {w.coil, w.discrete, w.input, w.holding};
    (void)context;
    if (b->table == MODBUS_HOLDING || b->table == MODBUS_COIL) {
        keep('r', b->first, b->count);
    } else {
        w.ms += 2; /* polls are not of interest */
    }
    memcpy(ret, tables[b->table] + b->first, (size_t)b->count * sizeof ret[0]);
    return 0;
}

static int line_write(void *context, const struct modbus_write *write)
{
    (void)context;
    keep('w', write->address, write->value);
    if (w.errors_to_come > 0) {
        w.errors_to_come--;
        w.ms += TIMEOUT_MS;
        return DX_E_TIMEOUT;
    }
    uint16_t *table = write->function == 5 || write->function == 15 ? w.coil : w.holding;
    table[write->address] = write->value;
    return 0;
}

static int line_words(void *context, int unit, int first, const uint16_t *words, int count)
{
    (void)context;
    (void)unit;
    (void)words;
    keep('w', first, count);
    return 0;
}

static mono_t line_now(void *context)
{
    (void)context;
    return (mono_t){w.ms};
}

static int line_report(void *context, const struct bus_report *report)
{
    (void)context;
    assert_true(w.report_count < LOG_MAX);
    w.report[w.report_count++] = *report;
    return 0;
}

static struct bus_machine_config one_lane(void)
{
    struct bus_machine_config c = {.poll_ms = 20, .timeout_ms = TIMEOUT_MS, .gap = 8};
    static const enum input_role roles[] = {INPUT_ARMING_LOOP, INPUT_SAFETY_LOOP, INPUT_BUTTON};
    static const enum output_role outputs[] = {OUTPUT_OPEN, OUTPUT_CLOSE, OUTPUT_STOP};
    for (int i = 0; i < 3; i++) {
        c.input[c.input_count++] = (struct bus_input){
            .lane = 1,
            .role = roles[i],
            .point = {.unit = 1, .table = MODBUS_DISCRETE, .address = i, .bit = -1}};
    }
    for (int i = 0; i < 3; i++) {
        c.output[c.output_count++] = (struct bus_output){.lane = 1,
                                                         .role = outputs[i],
                                                         .unit = 1,
                                                         .table = MODBUS_COIL,
                                                         .function = 5,
                                                         .address = i,
                                                         .on = 0xFF00,
                                                         .pulse_ms = 200,
                                                         .per_minute = 60};
    }
    return c;
}

static void begin(struct bus_machine_config config)
{
    struct bus_line line = {&w,         line_open,  line_nothing, line_nothing, line_read,
                            line_write, line_words, line_now,     line_nothing, line_report};
    memset(&w, 0, sizeof w);
    w.ms = 1000000;
    interlock_init(&w.interlock);
    config.interlock = &w.interlock;
    ok(bus_machine_new(&config, &line, &w.m));
}

static void end(void)
{
    bus_machine_free(w.m);
    interlock_fini(&w.interlock);
}

static void run(int64_t ms)
{
    int64_t until = w.ms + ms;
    while (w.ms < until) {
        mono_t next = bus_machine_work(w.m);
        int64_t to = next.ms < until ? next.ms : until;
        w.ms = to > w.ms ? to : w.ms;
    }
}

static void order(enum output_role role)
{
    ok(bus_machine_order(w.m, 1, role, ACT_PULSE));
}

static int writes_of(int address, int value)
{
    int n = 0;
    for (int i = 0; i < w.count; i++) {
        n += w.log[i].what == 'w' && w.log[i].address == address && w.log[i].value == value;
    }
    return n;
}

/* When this was written last; -1: never. */
static int64_t written_at(int address, int value)
{
    for (int i = w.count - 1; i >= 0; i--) {
        if (w.log[i].what == 'w' && w.log[i].address == address && w.log[i].value == value) {
            return w.log[i].ms;
        }
    }
    return -1;
}

static const struct bus_report *last(enum bus_report_kind kind)
{
    for (int i = w.report_count - 1; i >= 0; i--) {
        if (w.report[i].kind == kind) {
            return &w.report[i];
        }
    }
    return NULL;
}

static void test_bus_module__another_module_is_never_written_to(void **state)
{
    (void)state;
    struct bus_machine_config c = one_lane();
    c.identity[c.identity_count++] =
        (struct bus_identity){1, MODBUS_HOLDING, MODEL, 0x6060, 0xFFFF};
    c.setup[c.setup_count++] = (struct bus_setup){.write = {1, 6, 100, 50}};
    begin(c);
    w.holding[MODEL] = 0x6051;
    run(3000);
    assert_false(last(BUS_REPORT_MODULE)->ok);
    order(OUTPUT_OPEN);
    run(1000);
    assert_false(last(BUS_REPORT_COIL)->ok);
    assert_int_equal(last(BUS_REPORT_COIL)->error, DX_E_STATE);
    bus_machine_stop(w.m);
    for (int i = 0; i < w.count; i++) {
        assert_int_equal(w.log[i].what, 'r');
    }
    end();
}

static void test_bus_module__the_right_module_is_found_later_and_set_up_first(void **state)
{
    (void)state;
    struct bus_machine_config c = one_lane();
    c.identity[c.identity_count++] =
        (struct bus_identity){1, MODBUS_HOLDING, MODEL, 0x6000, 0xFF00};
    c.setup[c.setup_count++] = (struct bus_setup){.write = {1, 6, 100, 50}};
    begin(c);
    run(1000);
    assert_int_equal(writes_of(100, 50), 0);
    w.holding[MODEL] = 0x6051; /* somebody has changed the module; the low byte is its firmware */
    run(3000);
    assert_true(last(BUS_REPORT_MODULE)->ok);
    assert_true(last(BUS_REPORT_LANE)->ok);
    assert_int_equal(writes_of(100, 50), 1);
    assert_true(written_at(100, 50) < written_at(0, 0)); /* before the motors are written off */
    end();
}

static void test_bus_module__its_watchdog_is_fed_and_nothing_else_is_written(void **state)
{
    (void)state;
    struct bus_machine_config c = one_lane();
    c.setup[c.setup_count++] = (struct bus_setup){.write = {1, 6, 100, 50}};
    c.setup[c.setup_count++] = (struct bus_setup){.write = {1, 6, 101, 1}, .each_ms = 1000};
    begin(c);
    run(10500);
    assert_int_equal(writes_of(100, 50), 1);
    assert_in_range(writes_of(101, 1), 10, 11);
    int others = 0;
    for (int i = 0; i < w.count; i++) {
        others += w.log[i].what == 'w' && w.log[i].address < 100;
    }
    assert_int_equal(others, 3); /* open, close and stop off, once; a write of 0 does go out */
    end();
}

static void test_bus_module__a_bit_of_a_register_leaves_the_others(void **state)
{
    (void)state;
    struct bus_machine_config c = one_lane();
    for (int i = 0; i < 3; i++) {
        c.output[i].table = MODBUS_HOLDING;
        c.output[i].function = 6;
        c.output[i].address = 7;
        c.output[i].on = 1;
        c.output[i].mask = (uint16_t)(1u << (i + 4));
    }
    begin(c);
    w.holding[7] = 0xA05F;
    run(200);
    assert_int_equal(w.holding[7], 0xA00F);
    order(OUTPUT_OPEN);
    run(50);
    assert_int_equal(w.holding[7], 0xA01F);
    run(300);
    assert_int_equal(w.holding[7], 0xA00F);
    end();
}

static void test_bus_module__a_counted_edge_between_two_polls_is_told(void **state)
{
    (void)state;
    struct bus_machine_config c = one_lane();
    c.input[0].counted = true;
    c.input[0].off_ms = 100;
    c.input[0].counter = (struct modbus_point){
        .unit = 1, .table = MODBUS_INPUT, .address = 4, .bit = -1, .wide = true, .low_first = true};
    begin(c);
    w.input[4] = 0xFFFF; /* what was counted before us is no edge */
    run(500);
    assert_int_equal(last(BUS_REPORT_INPUT)->level, LEVEL_OFF);
    int before = w.report_count;
    w.input[4] = 0;
    w.input[5] = 1;
    run(500);
    assert_int_equal(w.report_count, before + 2);
    assert_int_equal(w.report[before].level, LEVEL_ON);
    assert_int_equal(w.report[before + 1].level, LEVEL_OFF);
    end();
}

static void
test_bus_module__an_order_without_an_answer_is_tried_again_but_not_for_ever(void **state)
{
    (void)state;
    struct bus_machine_config c = one_lane();
    c.retries = 1;
    c.output[0].per_minute = 1; /* the second try is the same move */
    begin(c);
    run(200);
    w.errors_to_come = 1;
    order(OUTPUT_OPEN);
    run(1000);
    assert_int_equal(writes_of(0, 0xFF00), 2);
    assert_true(last(BUS_REPORT_COIL)->ok);
    end();
    begin(c);
    run(200);
    w.errors_to_come = 2;
    order(OUTPUT_OPEN);
    run(3000);
    assert_int_equal(writes_of(0, 0xFF00), 2);
    assert_false(last(BUS_REPORT_COIL)->ok);
    end();
}

static void test_bus_module__not_while_holds_an_output_back(void **state)
{
    (void)state;
    struct bus_machine_config c = one_lane();
    c.output[0].not_while = 1u << INPUT_BUTTON;
    begin(c);
    w.discrete[2] = 1;
    run(200);
    order(OUTPUT_OPEN);
    run(100);
    assert_false(last(BUS_REPORT_COIL)->ok);
    assert_non_null(last(BUS_REPORT_INTERLOCK));
    assert_int_equal(writes_of(0, 0xFF00), 0);
    w.discrete[2] = 0;
    run(100);
    order(OUTPUT_OPEN);
    run(100);
    assert_true(last(BUS_REPORT_COIL)->ok);
    end();
}

static void test_bus_module__an_arm_rests_and_is_stopped_before_it_turns_round(void **state)
{
    (void)state;
    struct bus_machine_config c = one_lane();
    c.output[0].reverse_ms = 400;
    c.output[0].stop_first = true;
    begin(c);
    run(1000);
    order(OUTPUT_CLOSE);
    run(50);
    assert_int_equal(w.coil[1], 0xFF00);
    order(OUTPUT_OPEN);
    run(2000);
    assert_true(last(BUS_REPORT_COIL)->ok);
    assert_int_equal(last(BUS_REPORT_COIL)->output, OUTPUT_OPEN);
    int64_t closed_off = written_at(1, 0);
    assert_true(written_at(2, 0xFF00) >= closed_off);       /* stop, when close is off */
    assert_true(written_at(0, 0xFF00) >= closed_off + 400); /* and the arm has rested */
    assert_true(written_at(0, 0xFF00) >= written_at(2, 0));
    assert_int_equal(writes_of(0, 0xFF00), 1);
    end();
}

static void test_bus_module__lamps_start_as_configured_and_held_ones_are_refreshed(void **state)
{
    (void)state;
    struct bus_machine_config c = one_lane();
    c.output[c.output_count++] = (struct bus_output){.lane = 1,
                                                     .role = OUTPUT_SIGN,
                                                     .unit = 1,
                                                     .table = MODBUS_COIL,
                                                     .function = 5,
                                                     .address = 8,
                                                     .on = 0xFF00,
                                                     .at_start = AT_STOP_ON,
                                                     .refresh_ms = 1000,
                                                     .per_minute = 60};
    begin(c);
    run(500);
    assert_int_equal(writes_of(8, 0xFF00), 1);
    run(3200);
    assert_in_range(writes_of(8, 0xFF00), 3, 4);
    end();
}

static void test_bus_module__slow_points_are_read_in_blocks_of_their_own(void **state)
{
    (void)state;
    struct bus_machine_config c = one_lane();
    struct bus_input slow = {.lane = 1,
                             .role = INPUT_DOOR,
                             .point = {.unit = 1,
                                       .table = MODBUS_HOLDING,
                                       .address = 200,
                                       .bit = -1,
                                       .above = 5,
                                       .period_ms = 1000}};
    c.input[c.input_count++] = slow;
    begin(c);
    w.holding[200] = 6;
    run(5000);
    int reads = 0;
    for (int i = 0; i < w.count; i++) {
        reads += w.log[i].what == 'r' && w.log[i].address == 200;
    }
    assert_in_range(reads, 5, 6);
    assert_int_equal(last(BUS_REPORT_INPUT)->level, LEVEL_ON);
    end();
}

static void test_modbus_map__numbers_in_both_word_orders_and_swapped(void **state)
{
    (void)state;
    struct modbus_block block = {1, MODBUS_INPUT, 10, 2};
    struct modbus_point p = {
        .unit = 1, .table = MODBUS_INPUT, .address = 10, .bit = -1, .wide = true};
    const uint16_t words[] = {0x1234, 0x5678};
    assert_int_equal(modbus_number(&block, &p, words), 0x12345678);
    p.low_first = true;
    assert_int_equal(modbus_number(&block, &p, words), 0x56781234);
    p.swap = true;
    assert_int_equal(modbus_number(&block, &p, words), 0x78563412);
    p.low_first = false;
    assert_int_equal(modbus_number(&block, &p, words), 0x34127856);
    p.above = 0x34127855;
    assert_true(modbus_level(&block, &p, words));
    p.above = 0x34127856;
    assert_false(modbus_level(&block, &p, words));
    p.mask = 0x0F;
    p.above = 5;
    assert_true(modbus_level(&block, &p, words));
    p.bit = 28; /* the nibble is 3 */
    assert_true(modbus_level(&block, &p, words));
    p.bit = 31;
    assert_false(modbus_level(&block, &p, words));
    p.active_low = true;
    assert_true(modbus_level(&block, &p, words));
    struct modbus_block plan[MODBUS_BLOCKS_MAX];
    int n = 0;
    ok(modbus_plan(&p, 1, 0, plan, &n));
    assert_int_equal(plan[0].count, 2);
}

TESTS(T(test_bus_module__another_module_is_never_written_to),
      T(test_bus_module__the_right_module_is_found_later_and_set_up_first),
      T(test_bus_module__its_watchdog_is_fed_and_nothing_else_is_written),
      T(test_bus_module__a_bit_of_a_register_leaves_the_others),
      T(test_bus_module__a_counted_edge_between_two_polls_is_told),
      T(test_bus_module__an_order_without_an_answer_is_tried_again_but_not_for_ever),
      T(test_bus_module__not_while_holds_an_output_back),
      T(test_bus_module__an_arm_rests_and_is_stopped_before_it_turns_round),
      T(test_bus_module__lamps_start_as_configured_and_held_ones_are_refreshed),
      T(test_bus_module__slow_points_are_read_in_blocks_of_their_own),
      T(test_modbus_map__numbers_in_both_word_orders_and_swapped))
