/*
 * The street's devices over real sockets and a real pseudo terminal: the Modbus module
 * read by a libmodbus master and by mbpoll, scanner frames as the gate cuts them, and a
 * bank's notice that the product's verifier accepts.
 */
#include "proto/base/check.h"
#include "proto/identity.h"
#include "proto/io/clock_os.h"
#include "proto/io/http_srv.h"
#include "proto/io/mailbox.h"
#include "proto/io/webhook_verify.h"
#include "proto/scan_frame.h"
#include "sim/bank.h"
#include "sim/live/http_client.h"
#include "sim/live/modbus_module.h"
#include "sim/live/scanner_pty.h"
#include "tests/harness/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <modbus.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>

enum { PATIENCE_MS = 5000 };

/* ---- the Modbus module ---- */

struct wire {
    int display; /* -1: a coil */
    int address;
    bool on;
    char text[MODULE_TEXT_CAP];
};

static void on_coil(void *context, int address, bool on)
{
    struct wire wire = {.display = -1, .address = address, .on = on};
    must(mailbox_post(context, &wire) == 0);
}

static void on_text(void *context, int display, const char *text)
{
    struct wire wire = {.display = display};
    snprintf(wire.text, sizeof wire.text, "%s", text);
    must(mailbox_post(context, &wire) == 0);
}

struct bench {
    struct mailbox *box;
    struct modbus_module *module;
    modbus_t *master;
};

static modbus_t *connect_master(int port, int unit)
{
    modbus_t *master = modbus_new_tcp("127.0.0.1", port);
    assert_non_null(master);
    modbus_set_response_timeout(master, 2, 0);
    modbus_set_slave(master, unit);
    ok(modbus_connect(master));
    return master;
}

static struct bench bench_start(void)
{
    struct bench bench = {0};
    ok(mailbox_new(sizeof(struct wire), 64, &bench.box));
    struct modbus_module_config config = {
        .listen = "127.0.0.1:0", .context = bench.box, .on_coil = on_coil, .on_text = on_text};
    ok(modbus_module_start(&config, &bench.module));
    bench.master = connect_master(modbus_module_port(bench.module), MODULE_UNIT);
    return bench;
}

static void hang_up(modbus_t *master)
{
    modbus_close(master);
    modbus_free(master);
}

static void bench_stop(struct bench *bench)
{
    hang_up(bench->master);
    modbus_module_stop(bench->module);
    mailbox_free(bench->box);
}

static struct wire next_wire(struct bench *bench)
{
    struct wire wire;
    ok(mailbox_take(bench->box, mono_add(clock_mono(), PATIENCE_MS), &wire));
    return wire;
}

static void test_module__inputs_are_read_as_they_were_set(void **state)
{
    (void)state;
    struct bench bench = bench_start();
    uint8_t bits[MODULE_BITS];
    modbus_module_set_input(bench.module, 3, true);
    modbus_module_set_input(bench.module, 11, true);
    assert_int_equal(modbus_read_input_bits(bench.master, 0, MODULE_BITS, bits), MODULE_BITS);
    for (int i = 0; i < MODULE_BITS; i++) {
        assert_int_equal(bits[i], i == 3 || i == 11);
    }
    modbus_module_set_input(bench.module, 3, false);
    assert_int_equal(modbus_read_input_bits(bench.master, 3, 1, bits), 1);
    assert_int_equal(bits[0], 0);
    /* beyond the last one: illegal address, and the line lives on */
    assert_int_equal(modbus_read_input_bits(bench.master, 15, 2, bits), -1);
    assert_int_equal(errno, EMBXILADD);
    assert_int_equal(modbus_read_input_bits(bench.master, 11, 1, bits), 1);
    assert_int_equal(bits[0], 1);
    bench_stop(&bench);
}

static void test_module__coils_are_edges_in_order(void **state)
{
    (void)state;
    struct bench bench = bench_start();
    uint8_t both[2] = {0, 1};
    assert_int_equal(modbus_write_bit(bench.master, 0, 1), 1);
    assert_int_equal(modbus_write_bit(bench.master, 0, 1), 1); /* no edge */
    assert_int_equal(modbus_write_bits(bench.master, 0, 2, both), 2);
    static const struct {
        int address;
        bool on;
    } expected[] = {{0, true}, {0, false}, {1, true}};
    for (size_t i = 0; i < 3; i++) {
        struct wire wire = next_wire(&bench);
        assert_int_equal(wire.display, -1);
        assert_int_equal(wire.address, expected[i].address);
        assert_int_equal(wire.on, expected[i].on);
    }
    assert_int_equal(mailbox_count(bench.box), 0);
    bench_stop(&bench);
}

static void write_line(modbus_t *master, int line, const char *text)
{
    uint16_t words[MODULE_DISPLAY_COLUMNS / 2];
    char padded[MODULE_DISPLAY_COLUMNS + 1];
    snprintf(padded, sizeof padded, "%-20s", text);
    for (int i = 0; i < MODULE_DISPLAY_COLUMNS / 2; i++) {
        words[i] = (uint16_t)((unsigned char)padded[2 * i] << 8 | (unsigned char)padded[2 * i + 1]);
    }
    int first = line * MODULE_DISPLAY_COLUMNS / 2;
    assert_int_equal(modbus_write_registers(master, first, MODULE_DISPLAY_COLUMNS / 2, words),
                     MODULE_DISPLAY_COLUMNS / 2);
}

static void test_module__a_display_is_told_once_and_whole(void **state)
{
    (void)state;
    struct bench bench = bench_start();
    modbus_t *display = connect_master(modbus_module_port(bench.module), 3);
    write_line(display, 0, "30F-123.45");
    write_line(display, 1, "25.000 d");
    write_line(display, 3, "Moi quet ma QR");
    struct wire wire = next_wire(&bench);
    assert_int_equal(wire.display, 1); /* unit 3 is the exit's */
    assert_string_equal(wire.text, "30F-123.45\n25.000 d\n\nMoi quet ma QR");
    uint16_t word = 0;
    assert_int_equal(modbus_read_registers(display, 0, 1, &word), 1);
    assert_int_equal(word, '3' << 8 | '0');
    hang_up(display);
    bench_stop(&bench);
}

static void test_module__another_unit_is_refused(void **state)
{
    (void)state;
    struct bench bench = bench_start();
    uint8_t bit;
    modbus_set_slave(bench.master, 9);
    assert_int_equal(modbus_read_input_bits(bench.master, 0, 1, &bit), -1);
    assert_int_equal(errno, EMBXGTAR);
    bench_stop(&bench);
}

static void test_module__several_masters_at_once_without_delay(void **state)
{
    (void)state;
    struct bench bench = bench_start();
    modbus_t *other = connect_master(modbus_module_port(bench.module), MODULE_UNIT);
    uint8_t bit;
    mono_t start = clock_mono();
    for (int i = 0; i < 50; i++) {
        assert_int_equal(modbus_read_input_bits(bench.master, 0, 1, &bit), 1);
        assert_int_equal(modbus_read_input_bits(other, 0, 1, &bit), 1);
    }
    /* Nagle and delayed acknowledgements would make it 40 ms each */
    assert_true(mono_diff(clock_mono(), start) < 100 * 20);
    assert_true(modbus_module_answered(bench.module) >= 100);
    hang_up(other);
    bench_stop(&bench);
}

/* Two requests in one segment: with Nagle the second answer waits for a delayed acknowledgement. */
static void test_module__two_answers_in_a_row_do_not_wait(void **state)
{
    (void)state;
    struct bench bench = bench_start();
    static const uint8_t two[24] = {0, 1, 0, 0, 0, 6, MODULE_UNIT, 2, 0, 0, 0, 8,
                                    0, 2, 0, 0, 0, 6, MODULE_UNIT, 2, 0, 0, 0, 8};
    int fd = modbus_get_socket(bench.master);
    mono_t start = clock_mono();
    for (int round = 0; round < 60; round++) {
        uint8_t answers[20]; /* 10 bytes each: header, function, count, one byte of bits */
        size_t n = 0;
        assert_int_equal(send(fd, two, sizeof two, 0), sizeof two);
        while (n < sizeof answers) {
            struct pollfd readable = {.fd = fd, .events = POLLIN};
            assert_int_equal(poll(&readable, 1, PATIENCE_MS), 1);
            ssize_t got = recv(fd, answers + n, sizeof answers - n, 0);
            assert_true(got > 0);
            n += (size_t)got;
        }
        assert_int_equal(answers[11], 2);
    }
    assert_true(mono_diff(clock_mono(), start) < 60 * 20);
    bench_stop(&bench);
}

static void test_module__silent_then_back_and_restarted_with_coils_off(void **state)
{
    (void)state;
    struct bench bench = bench_start();
    uint8_t bit;
    modbus_set_response_timeout(bench.master, 0, 150000);
    modbus_module_silence(bench.module, 200);
    assert_int_equal(modbus_read_input_bits(bench.master, 0, 1, &bit), -1);
    mono_t end = mono_add(clock_mono(), PATIENCE_MS);
    int got = -1;
    while (got != 1 && !mono_reached(clock_mono(), end)) {
        modbus_flush(bench.master);
        got = modbus_read_input_bits(bench.master, 0, 1, &bit);
    }
    assert_int_equal(got, 1);
    assert_int_equal(modbus_write_bit(bench.master, 8, 1), 1);
    assert_true(next_wire(&bench).on);
    modbus_module_restart(bench.module);
    struct wire wire = next_wire(&bench); /* the restart lets the coil go */
    assert_int_equal(wire.address, 8);
    assert_false(wire.on);
    assert_int_equal(modbus_read_input_bits(bench.master, 0, 1, &bit), -1); /* hung up */
    bench_stop(&bench);
}

static void test_module__mbpoll_reads_and_writes_it(void **state)
{
    (void)state;
    if (access("/usr/bin/mbpoll", X_OK) != 0) {
        print_message("SKIPPED LOUDLY: mbpoll is not installed\n");
        skip();
    }
    struct bench bench = bench_start();
    char command[256];
    char line[256];
    bool on = false;
    modbus_module_set_input(bench.module, 2, true);
    /* -0: first address is 0; -t 1: discrete inputs; -1: once; -c 4: lane 1 */
    snprintf(command, sizeof command,
             "mbpoll -m tcp -p %d -a 1 -0 -t 1 -r 0 -c 4 -1 -q 127.0.0.1 2>&1",
             modbus_module_port(bench.module));
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    while (fgets(line, sizeof line, pipe)) {
        on = on || strstr(line, "[2]: \t1") != NULL;
    }
    ok(pclose(pipe));
    assert_true(on);
    snprintf(command, sizeof command,
             "mbpoll -m tcp -p %d -a 1 -0 -t 0 -r 9 -1 -q 127.0.0.1 1 >/dev/null 2>&1",
             modbus_module_port(bench.module));
    ok(system(command));
    struct wire wire = next_wire(&bench);
    assert_int_equal(wire.address, 9);
    assert_true(wire.on);
    bench_stop(&bench);
}

static void test_module__a_port_that_is_taken(void **state)
{
    (void)state;
    struct bench bench = bench_start();
    char listen[32];
    struct modbus_module *second = NULL;
    snprintf(listen, sizeof listen, "127.0.0.1:%d", modbus_module_port(bench.module));
    struct modbus_module_config config = {.listen = listen, .on_coil = on_coil};
    assert_int_equal(modbus_module_start(&config, &second), DX_E_IO);
    static const char *const wrong[] = {"nowhere", "127.0.0.1:99999", "127.0.0.1:", ":502"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        config.listen = wrong[i];
        assert_int_equal(modbus_module_start(&config, &second), DX_E_CONFIG);
    }
    assert_null(second);
    bench_stop(&bench);
}

/* ---- scanners ---- */

/*
 * Reads until a whole frame is there; returns its text.  The line's time is counted, not looked at:
 * a busy machine makes no pause between two pieces that the scanner did not make.
 */
static void read_frame(int fd, struct scanner_pty *scanner, struct scan_frame *frame, char *out,
                       size_t cap)
{
    enum { STEP_MS = 5 };
    mono_t end = mono_add(clock_mono(), PATIENCE_MS);
    mono_t now = clock_mono();
    char bytes[2048];
    for (;;) {
        assert_false(mono_reached(clock_mono(), end));
        mono_t due = scanner_pty_advance(scanner, now);
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        poll(&poll_fd, 1, STEP_MS);
        ssize_t n = poll_fd.revents ? read(fd, bytes, sizeof bytes) : 0;
        struct str rest = {bytes, n > 0 ? (size_t)n : 0};
        while (rest.n) {
            enum scan_frame_event event;
            rest = str_slice(rest, scan_frame_feed(frame, rest, now, &event), rest.n);
            if (event == SCAN_FRAME_READY) {
                ok(str_copy(out, cap, scan_frame_payload(frame)));
                return;
            }
        }
        if (n <= 0) {
            now = mono_min(due, mono_add(now, STEP_MS));
        }
    }
}

static void test_scanner__whole_split_and_glued_codes_are_one_scan_each(void **state)
{
    (void)state;
    static const char card[] = "001087012345|012345678|Nguyễn Văn Mẫu|05091987|Nam|"
                               "Số 12, Ngõ 34, Quảng An, Tây Hồ, Hà Nội|15082021";
    char *folder = harness_temp_dir();
    char path[128];
    snprintf(path, sizeof path, "%s/scanner", folder);
    for (unsigned seed = 0; seed < 40; seed++) {
        struct prng root;
        struct scanner_pty *scanner;
        struct scan_frame frame;
        char got[1200];
        prng_init(&root, seed);
        ok(scanner_pty_open(path, &root, &scanner));
        int fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
        assert_true(fd >= 0);
        struct termios line;
        ok(tcgetattr(fd, &line));
        assert_int_equal(line.c_lflag & (ICANON | ECHO), 0);
        assert_int_equal(line.c_iflag & (ICRNL | INLCR | IGNCR), 0);
        scan_frame_init(&frame);
        scanner_pty_send(scanner, card, clock_mono());
        read_frame(fd, scanner, &frame, got, sizeof got);
        assert_string_equal(got, card);
        close(fd);
        scanner_pty_close(scanner);
        assert_int_not_equal(access(path, F_OK), 0); /* the link is gone */
    }
    free(folder);
}

static void test_scanner__what_nobody_read_is_lost_as_on_a_line(void **state)
{
    (void)state;
    char *folder = harness_temp_dir();
    char path[128];
    struct prng root;
    struct scanner_pty *scanner;
    struct scan_frame frame;
    char got[1200];
    snprintf(path, sizeof path, "%s/scanner", folder);
    prng_init(&root, 3);
    ok(scanner_pty_open(path, &root, &scanner));
    for (int i = 0; i < 100; i++) { /* more than a terminal keeps */
        scanner_pty_send(scanner, "an old code that was held to it while the gate was dead",
                         clock_mono());
    }
    scanner_pty_send(scanner, "NEW", clock_mono());
    int fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
    assert_true(fd >= 0);
    scan_frame_init(&frame);
    read_frame(fd, scanner, &frame, got, sizeof got);
    assert_string_equal(got, "NEW");
    close(fd);
    scanner_pty_close(scanner);
    free(folder);
}

static void test_scanner__a_file_in_the_way_is_not_touched(void **state)
{
    (void)state;
    char *folder = harness_temp_dir();
    char path[128];
    struct prng root;
    struct scanner_pty *scanner = NULL;
    snprintf(path, sizeof path, "%s/scanner", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    prng_init(&root, 3);
    assert_int_equal(scanner_pty_open(path, &root, &scanner), DX_E_EXISTS);
    assert_null(scanner);
    assert_int_equal(access(path, F_OK), 0);
    free(folder);
}

/* ---- HTTP: the bank's notice, and answers in general ---- */

enum { LONG_ANSWER = 300000 };
static const char bank_secret[] = "whsec_test_0001";

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    (void)context;
    struct webhook_header headers[2] = {
        {STR("X-SePay-Timestamp"), http_header(request, "X-SePay-Timestamp")},
        {STR("X-SePay-Signature"), http_header(request, "X-SePay-Signature")}};
    if (str_eq_c(request->path, "/long")) {
        static char text[LONG_ANSWER + 1];
        memset(text, 'x', LONG_ANSWER);
        http_answer(response, 200, "text/plain", (struct str){text, LONG_ANSWER});
        return;
    }
    if (str_eq_c(request->path, "/login")) {
        bool known = str_eq_c(http_header(request, "Authorization"), "Basic b3A6c2VjcmV0");
        http_answer_json(response, known ? 200 : 401, STR("{}"));
        return;
    }
    int error = webhook_verify(WEBHOOK_SEPAY, str_c(bank_secret), headers, 2, request->body,
                               clock_wall(), NULL);
    http_answer_json(response, error ? 401 : 200, STR("{\"success\":true}"));
}

static void on_answer(void *context, struct http_answer *answer)
{
    must(mailbox_post(context, answer) == 0);
}

struct office {
    struct http_srv *srv;
    struct http_client *client;
    struct mailbox *box;
};

static struct office office_open(void)
{
    struct office office = {0};
    struct http_config config = {
        .listen = "127.0.0.1:0", .body_max = 1 << 16, .connection_max = 16, .handle = handle};
    ok(http_srv_start(&config, &office.srv));
    ok(mailbox_new(sizeof(struct http_answer), 64, &office.box));
    ok(http_client_start(3, office.box, on_answer, &office.client));
    return office;
}

static void office_close(struct office *office)
{
    http_client_stop(office->client);
    if (office->srv) {
        http_srv_stop(office->srv);
    }
    mailbox_free(office->box);
}

static int take_status(struct office *office, int64_t *ret_subject)
{
    struct http_answer answer;
    ok(mailbox_take(office->box, mono_add(clock_mono(), PATIENCE_MS), &answer));
    assert_non_null(answer.body);
    assert_int_equal(strlen(answer.body), answer.size);
    free(answer.body);
    if (ret_subject) {
        *ret_subject = answer.subject;
    }
    return answer.status;
}

static struct http_call notice_call(int port, struct str body, const char *signature, int64_t at_s)
{
    struct http_call call = {.body = body, .timeout_ms = PATIENCE_MS};
    snprintf(call.url, sizeof call.url, "http://127.0.0.1:%d/webhook/sepay", port);
    snprintf(call.header[0], sizeof call.header[0], "Content-Type: application/json");
    snprintf(call.header[1], sizeof call.header[1], "X-SePay-Timestamp: %lld", (long long)at_s);
    snprintf(call.header[2], sizeof call.header[2], "X-SePay-Signature: %s", signature);
    return call;
}

static void test_bank__a_notice_over_http_is_verified(void **state)
{
    (void)state;
    struct office office = office_open();
    struct prng root;
    struct bank bank;
    struct transfer transfer[1];
    char body[BANK_BODY_CAP];
    char signature[BANK_SIGNATURE_CAP];
    struct out out;
    int index = 0;
    int64_t now_s = clock_wall().ms / 1000;
    prng_init(&root, 8);
    bank_init(&bank, &root, 20, 77, transfer, 1);
    struct bank_order order = {.amount_vnd = 25000,
                               .account = "0123456789",
                               .words = "DX7K3M9Q2X",
                               .code = "DX7K3M9Q2X",
                               .payer = "TRAN THU",
                               .payer_account = "0009998887"};
    ok(bank_order(&bank, &order, clock_mono(), clock_wall(), &index));
    out_init(&out, body, sizeof body);
    bank_write_body(&transfer[0], &out);
    bank_sign(str_c(bank_secret), now_s, out_str(&out), signature);
    struct http_call call = notice_call(http_srv_port(office.srv), out_str(&out), signature, now_s);
    ok(http_client_call(office.client, &call));
    assert_int_equal(take_status(&office, NULL), 200);
    bank_sign(STR("another secret"), now_s, out_str(&out), signature);
    call = notice_call(http_srv_port(office.srv), out_str(&out), signature, now_s);
    ok(http_client_call(office.client, &call));
    assert_int_equal(take_status(&office, NULL), 401);
    office_close(&office);
}

static void test_client__login_many_at_once_and_nobody_there(void **state)
{
    (void)state;
    struct office office = office_open();
    struct http_call call = {.user = "op:secret", .timeout_ms = PATIENCE_MS};
    bool seen[20] = {false};
    int port = http_srv_port(office.srv);
    snprintf(call.url, sizeof call.url, "http://127.0.0.1:%d/login", port);
    for (int i = 0; i < 20; i++) {
        call.subject = i;
        ok(http_client_call(office.client, &call));
    }
    for (int i = 0; i < 20; i++) {
        int64_t subject = -1;
        assert_int_equal(take_status(&office, &subject), 200);
        assert_false(seen[subject]);
        seen[subject] = true;
    }
    call.user = NULL; /* a kept connection must not keep the login */
    ok(http_client_call(office.client, &call));
    assert_int_equal(take_status(&office, NULL), 401);
    http_srv_stop(office.srv);
    office.srv = NULL;
    ok(http_client_call(office.client, &call));
    assert_int_equal(take_status(&office, NULL), 0);
    office_close(&office);
}

static void test_client__a_long_answer_is_whole(void **state)
{
    (void)state;
    struct office office = office_open();
    struct http_call call = {.timeout_ms = PATIENCE_MS};
    struct http_answer answer;
    snprintf(call.url, sizeof call.url, "http://127.0.0.1:%d/long", http_srv_port(office.srv));
    ok(http_client_call(office.client, &call));
    ok(mailbox_take(office.box, mono_add(clock_mono(), PATIENCE_MS), &answer));
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.size, LONG_ANSWER);
    assert_int_equal(strspn(answer.body, "x"), LONG_ANSWER);
    free(answer.body);
    office_close(&office);
}

TESTS(T(test_module__inputs_are_read_as_they_were_set), T(test_module__coils_are_edges_in_order),
      T(test_module__a_display_is_told_once_and_whole), T(test_module__another_unit_is_refused),
      T(test_module__several_masters_at_once_without_delay),
      T(test_module__two_answers_in_a_row_do_not_wait),
      T(test_module__silent_then_back_and_restarted_with_coils_off),
      T(test_module__mbpoll_reads_and_writes_it), T(test_module__a_port_that_is_taken),
      T(test_scanner__whole_split_and_glued_codes_are_one_scan_each),
      T(test_scanner__what_nobody_read_is_lost_as_on_a_line),
      T(test_scanner__a_file_in_the_way_is_not_touched),
      T(test_bank__a_notice_over_http_is_verified), T(test_client__a_long_answer_is_whole),
      T(test_client__login_many_at_once_and_nobody_there))
