/* gate_modbus_test.c - the gate's Modbus worker against libmodbus as a device: TCP, RTU, RTU over
 * TCP. */
#include "gate/io/modbus_bus.h"
#include "proto/io/clock_os.h"
#include "proto/io/mailbox.h"
#include "tests/harness/harness.h"
#include "proto/base/check.h"
#include "tests/integration/modbus_peer.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <termios.h>

enum { POLL_MS = 10, TIMEOUT_MS = 150, ARMING = 0, SAFETY = 1, OPEN = 0, CLOSE = 1, TEXT = 40 };

/* An adapter that hears what it sends: between the gate's end of a pty and the line. */
struct echo {
    pthread_t thread;
    int gate, held, line, stop[2]; /* held: so that the line lives while nobody has it open */
    char device[128];
};

/* A bus, its device, and the mailbox between. */
struct rig {
    struct modbus_peer *peer;
    struct pty_pair pty;
    struct echo *echo; /* NULL: the adapter does not */
    char *folder;
    struct interlock interlock;
    struct mailbox *box;
    struct modbus_bus *bus;
    char address[160];
};

static void *hear_itself(void *context)
{
    struct echo *e = context;
    char bytes[256];
    for (;;) {
        struct pollfd wait[3] = {{.fd = e->gate, .events = POLLIN},
                                 {.fd = e->line, .events = POLLIN},
                                 {.fd = e->stop[0], .events = POLLIN}};
        if (poll(wait, 3, -1) < 0 || wait[2].revents) {
            return NULL;
        }
        ssize_t n = wait[0].revents & POLLIN ? read(e->gate, bytes, sizeof bytes) : 0;
        if (n > 0) {
            must(write(e->gate, bytes, (size_t)n) == n && write(e->line, bytes, (size_t)n) == n);
        }
        n = wait[1].revents & POLLIN ? read(e->line, bytes, sizeof bytes) : 0;
        if (n > 0) {
            must(write(e->gate, bytes, (size_t)n) == n);
        }
    }
}

static void make_raw(int fd)
{
    struct termios line;
    ok(tcgetattr(fd, &line));
    cfmakeraw(&line);
    ok(tcsetattr(fd, TCSANOW, &line));
}

static struct echo *echo_start(const char *line)
{
    struct echo *e = calloc(1, sizeof *e);
    must(e);
    ok(openpty(&e->gate, &e->held, e->device, NULL, NULL));
    make_raw(e->held);
    e->line = open(line, O_RDWR | O_NOCTTY);
    assert_true(e->line >= 0);
    make_raw(e->line);
    ok(pipe(e->stop));
    ok(pthread_create(&e->thread, NULL, hear_itself, e));
    return e;
}

static void echo_stop(struct echo *e)
{
    if (e) {
        must(write(e->stop[1], "x", 1) == 1);
        pthread_join(e->thread, NULL);
        close(e->gate);
        close(e->held);
        close(e->line);
        close(e->stop[0]);
        close(e->stop[1]);
        free(e);
    }
}

static int post(void *context, const struct bus_report *report)
{
    return mailbox_post(context, report);
}

static struct modbus_bus_config make_config(struct rig *r, enum modbus_transport transport)
{
    struct modbus_bus_config c = {
        .port = {.transport = transport,
                 .address = r->address,
                 .timeout_ms = TIMEOUT_MS,
                 .baud = 115200,
                 .parity = 'N',
                 .data_bits = 8,
                 .stop_bits = 1},
        .machine = {.poll_ms = POLL_MS, .timeout_ms = TIMEOUT_MS, .interlock = &r->interlock},
        .context = r->box,
        .report = post};
    static const enum input_role inputs[] = {INPUT_ARMING_LOOP, INPUT_SAFETY_LOOP};
    for (int i = 0; i < 2; i++) {
        /* a hundred apart: two questions with answers that look alike; every reading counts */
        c.machine.input[c.machine.input_count++] = (struct bus_input){
            .lane = 1,
            .role = inputs[i],
            .point = {.unit = 1, .table = MODBUS_DISCRETE, .address = i * 100, .bit = -1},
        };
    }
    for (int i = 0; i < 2; i++) {
        c.machine.output[c.machine.output_count++] =
            (struct bus_output){.lane = 1,
                                .role = i ? OUTPUT_CLOSE : OUTPUT_OPEN,
                                .unit = 1,
                                .table = MODBUS_COIL,
                                .function = 5,
                                .address = i,
                                .on = 0xFF00,
                                .pulse_ms = 100,
                                .per_minute = 60};
    }
    return c;
}

enum adapter { QUIET, ECHOES, ECHOES_UNTOLD };

/* False: this machine lacks socat. */
static bool rig_start_at(struct rig *r, enum peer_line line, int more_texts, enum adapter adapter)
{
    memset(r, 0, sizeof *r);
    r->folder = harness_temp_dir();
    enum modbus_transport transport = line == PEER_TCP   ? TRANSPORT_TCP
                                      : line == PEER_RTU ? TRANSPORT_RTU
                                                         : TRANSPORT_RTU_OVER_TCP;
    if (line == PEER_RTU) {
        if (!pty_pair_start(&r->pty, r->folder)) {
            free(r->folder);
            return false;
        }
        r->echo = adapter == QUIET ? NULL : echo_start(r->pty.a);
        snprintf(r->address, sizeof r->address, "%s", r->echo ? r->echo->device : r->pty.a);
    }
    r->peer = modbus_peer_start(line, r->pty.b);
    if (line != PEER_RTU) {
        snprintf(r->address, sizeof r->address, "127.0.0.1:%d", modbus_peer_port(r->peer));
    }
    interlock_init(&r->interlock);
    ok(mailbox_new(sizeof(struct bus_report), 256, &r->box));
    struct modbus_bus_config c = make_config(r, transport);
    c.port.echo = adapter == ECHOES;
    if (adapter == ECHOES) { /* and something for all units of the line */
        c.machine.output[c.machine.output_count++] = (struct bus_output){.lane = 1,
                                                                         .role = OUTPUT_LIGHT,
                                                                         .table = MODBUS_COIL,
                                                                         .function = 5,
                                                                         .address = 6,
                                                                         .on = 0xFF00};
    }
    if (more_texts) {
        c.machine.text[c.machine.text_count++] =
            (struct bus_text){1, line == PEER_RTU ? 1 : 2, TEXT, 4};
    }
    ok(modbus_bus_start(&c, &r->bus));
    return true;
}

static bool rig_start(struct rig *r, enum peer_line line, int more_texts)
{
    return rig_start_at(r, line, more_texts, QUIET);
}

static void rig_stop(struct rig *r)
{
    modbus_bus_stop(r->bus);
    echo_stop(r->echo);
    modbus_peer_stop(r->peer);
    pty_pair_stop(&r->pty);
    mailbox_free(r->box);
    interlock_fini(&r->interlock);
    free(r->folder);
}

/* The next report of this kind; fails the test after 10 s. */
static struct bus_report wait_for(struct rig *r, enum bus_report_kind kind)
{
    struct bus_report report;
    mono_t until = mono_add(clock_mono(), 10000);
    while (mailbox_take(r->box, until, &report) == 0) {
        if (report.kind == kind) {
            return report;
        }
    }
    fail_msg("no report of kind %d", (int)kind);
    return report;
}

static void wait_lane(struct rig *r, bool reachable)
{
    while (wait_for(r, BUS_REPORT_LANE).ok != reachable) {
    }
}

static void wait_input(struct rig *r, enum input_role role, enum level level)
{
    for (;;) {
        struct bus_report report = wait_for(r, BUS_REPORT_INPUT);
        if (report.input == role && report.level == level) {
            return;
        }
    }
}

static void check_pulse(struct rig *r, enum output_role role, int coil)
{
    struct peer_write write;
    ok(modbus_bus_order(r->bus, 1, role, ACT_PULSE));
    assert_true(wait_for(r, BUS_REPORT_COIL).ok);
    while (modbus_peer_wait_write(r->peer, 5000, &write) &&
           (write.address != coil || write.value != 0xFF00)) {
    }
    assert_int_equal(write.value, 0xFF00);
    assert_true(modbus_peer_wait_write(r->peer, 5000, &write)); /* the end of the pulse */
    assert_int_equal(write.address, coil);
    assert_int_equal(write.value, 0);
}

static void check_line(enum peer_line line)
{
    struct rig r;
    if (!rig_start(&r, line, 0)) {
        return;
    }
    wait_lane(&r, true);
    wait_input(&r, INPUT_SAFETY_LOOP, LEVEL_OFF);
    modbus_peer_input(r.peer, ARMING, true);
    wait_input(&r, INPUT_ARMING_LOOP, LEVEL_ON);
    check_pulse(&r, OUTPUT_OPEN, OPEN);
    check_pulse(&r, OUTPUT_CLOSE, CLOSE);
    modbus_peer_input(r.peer, SAFETY * 100, true);
    wait_input(&r, INPUT_SAFETY_LOOP, LEVEL_ON);
    ok(modbus_bus_order(r.bus, 1, OUTPUT_CLOSE, ACT_PULSE));
    assert_false(wait_for(&r, BUS_REPORT_COIL).ok);
    assert_false(modbus_peer_coil(r.peer, CLOSE));
    rig_stop(&r);
}

static void test_gate_modbus__tcp_reads_pulses_and_refuses(void **state)
{
    (void)state;
    check_line(PEER_TCP);
}

static void test_gate_modbus__rtu_over_a_pty_reads_pulses_and_refuses(void **state)
{
    (void)state;
    check_line(PEER_RTU);
}

static void test_gate_modbus__what_an_adapter_echoes_is_taken_off(void **state)
{
    (void)state;
    struct rig r;
    struct peer_write write;
    if (!rig_start_at(&r, PEER_RTU, 1, ECHOES)) {
        return;
    }
    wait_lane(&r, true);
    modbus_peer_input(r.peer, ARMING, true);
    wait_input(&r, INPUT_ARMING_LOOP, LEVEL_ON);
    check_pulse(&r, OUTPUT_OPEN, OPEN);
    static const uint16_t words[] = {0x5855, 0x4920, 0x5455, 0x4F4E};
    ok(modbus_bus_text(r.bus, 1, words, 4));
    assert_true(wait_for(&r, BUS_REPORT_TEXT).ok);
    assert_int_equal(modbus_peer_register(r.peer, TEXT + 3), 0x4F4E);
    /* To all: it is carried out, and nobody answers. */
    while (modbus_peer_wait_write(r.peer, 0, &write)) {
    }
    ok(modbus_bus_order(r.bus, 1, OUTPUT_LIGHT, ACT_ON));
    assert_true(wait_for(&r, BUS_REPORT_COIL).ok);
    assert_true(modbus_peer_wait_write(r.peer, 5000, &write));
    assert_int_equal(write.unit, 0);
    assert_int_equal(write.address, 6);
    assert_true(modbus_peer_coil(r.peer, 6));
    modbus_peer_input(r.peer, SAFETY * 100, true); /* and the line goes on */
    wait_input(&r, INPUT_SAFETY_LOOP, LEVEL_ON);
    modbus_peer_silent(r.peer, true); /* an echo is no answer */
    wait_lane(&r, false);
    rig_stop(&r);
}

/* Its echo of a write looks like the answer; of a read it does not, so no lane is ever worked. */
static void test_gate_modbus__an_adapter_that_echoes_untold_moves_nothing(void **state)
{
    (void)state;
    struct rig r;
    struct bus_report report;
    if (!rig_start_at(&r, PEER_RTU, 0, ECHOES_UNTOLD)) {
        return;
    }
    do {
        report = wait_for(&r, BUS_REPORT_LANE);
    } while (report.ok);
    assert_false(report.ok);
    rig_stop(&r);
}

static void test_gate_modbus__rtu_over_tcp_reads_pulses_and_refuses(void **state)
{
    (void)state;
    check_line(PEER_RTU_OVER_TCP);
}

/*
 * The trap of RTU: an answer that comes late is taken for the answer to the next
 * question, and from then on every reading is the one before, with success.
 */
static void check_late(enum peer_line line)
{
    struct rig r;
    if (!rig_start(&r, line, 0)) {
        return;
    }
    modbus_peer_input(r.peer, ARMING, true); /* one on, one off: a swap would show */
    wait_lane(&r, true);
    wait_input(&r, INPUT_ARMING_LOOP, LEVEL_ON);
    for (int i = 0; i < 3; i++) {
        int before = modbus_peer_requests(r.peer);
        modbus_peer_late(r.peer, TIMEOUT_MS + 60);
        while (modbus_peer_requests(r.peer) < before + 40) {
            struct bus_report report;
            if (mailbox_take(r.box, mono_add(clock_mono(), 20), &report) == 0) {
                assert_int_not_equal(report.kind,
                                     BUS_REPORT_LANE); /* one late answer is no fault */
                bool right = report.kind != BUS_REPORT_INPUT ||
                             (report.input == INPUT_ARMING_LOOP) == (report.level == LEVEL_ON);
                assert_true(right);
            }
        }
    }
    rig_stop(&r);
}

static void test_gate_modbus__late_rtu_answer_is_not_taken_for_the_next(void **state)
{
    (void)state;
    check_late(PEER_RTU);
}

static void test_gate_modbus__late_answer_over_tcp_is_not_taken_for_the_next(void **state)
{
    (void)state;
    check_late(PEER_TCP);
    check_late(PEER_RTU_OVER_TCP);
}

static void test_gate_modbus__device_without_power_is_told_and_found_again(void **state)
{
    (void)state;
    struct rig r;
    assert_true(rig_start(&r, PEER_TCP, 0));
    wait_lane(&r, true);
    modbus_peer_pause(r.peer);
    wait_lane(&r, false);
    ok(modbus_bus_order(r.bus, 1, OUTPUT_OPEN, ACT_PULSE));
    assert_false(wait_for(&r, BUS_REPORT_COIL).ok);
    modbus_peer_input(r.peer, ARMING, true);
    modbus_peer_resume(r.peer);
    wait_lane(&r, true);
    wait_input(&r, INPUT_ARMING_LOOP, LEVEL_ON);
    rig_stop(&r);
}

static void test_gate_modbus__silent_device_is_told_within_bounds(void **state)
{
    (void)state;
    struct rig r;
    assert_true(rig_start(&r, PEER_TCP, 0));
    wait_lane(&r, true);
    mono_t since = clock_mono();
    modbus_peer_silent(r.peer, true);
    wait_lane(&r, false);
    /* three answers and two silences of one timeout each, and some slack for a busy machine */
    assert_true(mono_diff(clock_mono(), since) < 5 * TIMEOUT_MS + 2000);
    modbus_peer_silent(r.peer, false);
    wait_lane(&r, true);
    rig_stop(&r);
}

static void test_gate_modbus__text_reaches_the_registers(void **state)
{
    (void)state;
    struct rig r;
    const uint16_t words[4] = {0x5841, 0x4D20, 0x2020, 0x2021};
    assert_true(rig_start(&r, PEER_TCP, 1));
    wait_lane(&r, true);
    ok(modbus_bus_text(r.bus, 1, words, 4));
    assert_true(wait_for(&r, BUS_REPORT_TEXT).ok);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(modbus_peer_register(r.peer, TEXT + i), words[i]);
    }
    rig_stop(&r);
}

static void test_gate_modbus__stop_ends_a_pulse(void **state)
{
    (void)state;
    struct rig r;
    assert_true(rig_start(&r, PEER_TCP, 0));
    wait_lane(&r, true);
    ok(modbus_bus_order(r.bus, 1, OUTPUT_OPEN, ACT_PULSE));
    assert_true(wait_for(&r, BUS_REPORT_COIL).ok);
    modbus_bus_stop(r.bus);
    r.bus = NULL;
    assert_false(modbus_peer_coil(r.peer, OPEN));
    rig_stop(&r);
}

static void test_gate_modbus__sockets_do_not_wait_to_send(void **state)
{
    (void)state;
    struct modbus_peer *peer = modbus_peer_start(PEER_TCP, NULL);
    struct modbus_port *port;
    char address[64];
    snprintf(address, sizeof address, "127.0.0.1:%d", modbus_peer_port(peer));
    struct modbus_port_config config = {
        .transport = TRANSPORT_TCP, .address = address, .timeout_ms = TIMEOUT_MS};
    ok(modbus_port_new(&config, &port));
    ok(modbus_port_open(port));
    assert_int_equal(modbus_port_nodelay(port), 1);
    modbus_port_free(port);
    modbus_peer_stop(peer);
}

/* Boards that want other words than the standard's: 0x0100 for on, a time, a register. */
static void test_gate_modbus__odd_values_and_all_four_functions_are_written(void **state)
{
    (void)state;
    struct modbus_peer *peer = modbus_peer_start(PEER_TCP, NULL);
    struct modbus_port *port;
    struct peer_write seen;
    char address[64];
    snprintf(address, sizeof address, "127.0.0.1:%d", modbus_peer_port(peer));
    struct modbus_port_config config = {
        .transport = TRANSPORT_TCP, .address = address, .timeout_ms = 2000};
    ok(modbus_port_new(&config, &port));
    ok(modbus_port_open(port));
    static const struct modbus_write writes[] = {
        {1, 5, 7, 0xFF00}, {1, 5, 7, 0}, {1, 6, 8, 0x06AA}, {1, 15, 9, 1}, {1, 16, 10, 2}};
    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++) {
        ok(modbus_port_write(port, &writes[i]));
        assert_true(modbus_peer_wait_write(peer, 2000, &seen));
        assert_int_equal(seen.function, writes[i].function);
        assert_int_equal(seen.address, writes[i].address);
    }
    assert_int_equal(modbus_peer_register(peer, 8), 0x06AA);
    assert_int_equal(modbus_peer_register(peer, 10), 2);
    assert_true(modbus_peer_coil(peer, 9));
    /* this device keeps to the standard and refuses 0x0100 with an exception */
    assert_int_equal(modbus_port_write(port, &(struct modbus_write){1, 5, 7, 0x0100}), DX_E_DENIED);
    assert_true(modbus_peer_wait_write(peer, 2000, &seen));
    assert_int_equal(seen.value, 0x0100);
    struct modbus_block outside = {1, MODBUS_DISCRETE, 9000, 4};
    uint16_t values[4];
    assert_int_equal(modbus_port_read(port, &outside, values), DX_E_DENIED);
    modbus_port_free(port);
    modbus_peer_stop(peer);
}

TESTS(T(test_gate_modbus__tcp_reads_pulses_and_refuses),
      T(test_gate_modbus__rtu_over_a_pty_reads_pulses_and_refuses),
      T(test_gate_modbus__what_an_adapter_echoes_is_taken_off),
      T(test_gate_modbus__an_adapter_that_echoes_untold_moves_nothing),
      T(test_gate_modbus__rtu_over_tcp_reads_pulses_and_refuses),
      T(test_gate_modbus__late_rtu_answer_is_not_taken_for_the_next),
      T(test_gate_modbus__late_answer_over_tcp_is_not_taken_for_the_next),
      T(test_gate_modbus__device_without_power_is_told_and_found_again),
      T(test_gate_modbus__silent_device_is_told_within_bounds),
      T(test_gate_modbus__text_reaches_the_registers), T(test_gate_modbus__stop_ends_a_pulse),
      T(test_gate_modbus__sockets_do_not_wait_to_send),
      T(test_gate_modbus__odd_values_and_all_four_functions_are_written))
