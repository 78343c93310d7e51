/* scanner_test.c - the gate's scanners on every kind of line: codes come out, and come back. */
#include "gate/io/evdev_keys.h"
#include "gate/io/scanner.h"
#include "proto/base/check.h"
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"
#include "proto/io/mailbox.h"
#include "tests/harness/harness.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <errno.h>
#include <linux/input.h>
#include <poll.h>
#include <pty.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

enum { PATIENCE_MS = 15000 };

/* The number and the card are made up (see tests/vectors/cccd.json for how they are built). */
#define CARD  "001090123456||NGUYEN VAN A|01011990|Nam|Hanoi|02022021"
#define CARD2 "001090123457||NGUYEN VAN B|01011990|Nam|Hanoi|02022021"

enum said { SAID_CARD, SAID_OTHER, SAID_MISSING, SAID_FOUND };

struct word {
    enum said said;
    char last4[5];
};

struct rig {
    char *folder;
    char path[128];
    struct mailbox *box;
    struct scanner *scanner;
};

static void on_card(void *context, int lane, const char *pseudonym, const char *last4)
{
    struct word word = {.said = SAID_CARD};
    must(lane == 3 && strlen(pseudonym) == 32);
    str_copy_cut(word.last4, sizeof word.last4, str_c(last4));
    must(mailbox_post(context, &word) == 0);
}

static void on_other(void *context, int lane)
{
    struct word word = {.said = SAID_OTHER};
    (void)lane;
    must(mailbox_post(context, &word) == 0);
}

static void on_fault(void *context, const char *device, enum device_fault fault, bool there,
                     int64_t value)
{
    struct word word = {.said = there ? SAID_MISSING : SAID_FOUND};
    (void)value;
    must(strcmp(device, "scanner-3") == 0 && fault == DEVICE_SCANNER_MISSING);
    must(mailbox_post(context, &word) == 0);
}

static struct rig begin(void)
{
    struct rig r = {.folder = harness_temp_dir()};
    log_start("test", getenv("DOXE_TEST_LOG") ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR);
    ok(dx_crypto_start());
    ok(mailbox_new(sizeof(struct word), 64, &r.box));
    snprintf(r.path, sizeof r.path, "%s/scanner", r.folder);
    return r;
}

static void listen_on(struct rig *r, const char *line, const char *from)
{
    struct scanner_config config = {.lane = 3,
                                    .name = line,
                                    .key = STR("0123456789abcdef0123456789abcdef"),
                                    .context = r->box,
                                    .on_card = on_card,
                                    .on_other = on_other,
                                    .fault = on_fault};
    ok(scanner_line_parse(line, &config.line));
    str_copy_cut(config.line.from, sizeof config.line.from, str_c(from));
    ok(scanner_start(&config, &r->scanner));
}

static void end(struct rig *r)
{
    scanner_stop(r->scanner);
    mailbox_free(r->box);
    free(r->folder);
}

static void expect_word(struct rig *r, enum said said, const char *last4)
{
    struct word word;
    ok(mailbox_take(r->box, mono_add(clock_mono(), PATIENCE_MS), &word));
    assert_int_equal(word.said, said);
    assert_string_equal(word.last4, last4);
}

/* ---- serial ---- */

/* A terminal, raw as a scanner's line is, under the link r->path. */
static void plug_pty(struct rig *r, int *ret_master, int *ret_slave)
{
    char name[64];
    struct termios raw;
    assert_int_equal(openpty(ret_master, ret_slave, name, NULL, NULL), 0);
    ok(tcgetattr(*ret_slave, &raw));
    cfmakeraw(&raw);
    ok(tcsetattr(*ret_slave, TCSANOW, &raw));
    unlink(r->path);
    ok(symlink(name, r->path));
}

static void put(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

/* What is written before the gate has opened the line is flushed: written until it is heard. */
static void scan_until_heard(struct rig *r, int fd, const char *code, const char *last4)
{
    struct word word;
    mono_t until = mono_add(clock_mono(), PATIENCE_MS);
    for (;;) {
        put(fd, code);
        if (mailbox_take(r->box, mono_add(clock_mono(), 100), &word) == 0) {
            break;
        }
        assert_false(mono_reached(clock_mono(), until));
    }
    assert_int_equal(word.said, SAID_CARD);
    assert_string_equal(word.last4, last4);
}

static void test_scanner__serial_line_comes_back_under_another_node(void **state)
{
    (void)state;
    struct rig r = begin();
    int master[2];
    int slave[2];
    listen_on(&r, r.path, "");
    expect_word(&r, SAID_MISSING, "");
    plug_pty(&r, &master[0], &slave[0]);
    expect_word(&r, SAID_FOUND, "");
    scan_until_heard(&r, master[0], CARD "\r", "3456");
    plug_pty(&r, &master[1], &slave[1]); /* plugged in elsewhere: the by-id link points there */
    close(slave[0]);
    close(master[0]);
    expect_word(&r, SAID_MISSING, "");
    expect_word(&r, SAID_FOUND, "");
    scan_until_heard(&r, master[1], CARD2 "\r\n", "3457");
    end(&r);
    close(master[1]);
    close(slave[1]);
}

/* ---- TCP ---- */

static int listen_free(int *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t n = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ok(bind(fd, (struct sockaddr *)&address, sizeof address));
    ok(getsockname(fd, (struct sockaddr *)&address, &n));
    ok(listen(fd, 4));
    *ret_port = ntohs(address.sin_port);
    return fd;
}

static void test_scanner__the_gate_connects_and_connects_again(void **state)
{
    (void)state;
    struct rig r = begin();
    char line[64];
    int port;
    int listener = listen_free(&port);
    snprintf(line, sizeof line, "tcp:127.0.0.1:%d", port);
    listen_on(&r, line, "");
    int fd = accept(listener, NULL, NULL);
    put(fd, CARD);
    put(fd, "\r\nWHAT IS THIS\r");
    expect_word(&r, SAID_CARD, "3456");
    expect_word(&r, SAID_OTHER, "");
    close(fd);
    expect_word(&r, SAID_MISSING, "");
    fd = accept(listener, NULL, NULL);
    expect_word(&r, SAID_FOUND, "");
    put(fd, CARD2); /* no terminator: silence ends it */
    expect_word(&r, SAID_CARD, "3457");
    end(&r);
    close(fd);
    close(listener);
}

static int connect_to(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    mono_t until = mono_add(clock_mono(), PATIENCE_MS);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (;;) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
            return fd;
        }
        close(fd);
        assert_false(mono_reached(clock_mono(), until));
        poll(NULL, 0, 10);
    }
}

static void test_scanner__the_scanner_connects_and_a_new_line_replaces_the_old(void **state)
{
    (void)state;
    struct rig r = begin();
    char line[64];
    int port;
    close(listen_free(&port));
    snprintf(line, sizeof line, "listen:127.0.0.1:%d", port);
    listen_on(&r, line, "127.0.0.1");
    int fd = connect_to(port);
    put(fd, CARD "\n");
    struct word word;
    do { /* nobody there yet may have been told before */
        ok(mailbox_take(r.box, mono_add(clock_mono(), PATIENCE_MS), &word));
    } while (word.said != SAID_CARD);
    assert_string_equal(word.last4, "3456");
    int again = connect_to(port); /* switched off and on: the old line never said goodbye */
    put(again, CARD2 "\n");
    expect_word(&r, SAID_CARD, "3457");
    end(&r);
    close(fd);
    close(again);
}

static void test_scanner__a_stranger_is_not_heard(void **state)
{
    (void)state;
    struct rig r = begin();
    char line[64];
    char byte;
    int port;
    close(listen_free(&port));
    snprintf(line, sizeof line, "listen:127.0.0.1:%d", port);
    listen_on(&r, line, "192.0.2.9");
    int fd = connect_to(port);
    put(fd, CARD "\n");
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    assert_int_equal(poll(&wait, 1, PATIENCE_MS), 1);
    assert_true(read(fd, &byte, 1) <= 0); /* hung up */
    struct word word;
    while (mailbox_take(r.box, clock_mono(), &word) == 0) {
        assert_true(word.said == SAID_MISSING);
    }
    close(fd);
    end(&r);
}

/* ---- evdev, through a pipe; the kernel's word about EVIOCGRAB is ours (gate.cmake: --wrap) ----
 */

enum { GRAB_OF_THE_KERNEL, GRAB_BUSY, GRAB_GIVEN };
static atomic_int grab_mode, grabs;

int __real_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...)
{
    va_list list;
    va_start(list, request);
    void *argument = va_arg(list, void *);
    va_end(list);
    int mode = atomic_load(&grab_mode);
    if (request != EVIOCGRAB || mode == GRAB_OF_THE_KERNEL) {
        return __real_ioctl(fd, request, argument);
    }
    must((intptr_t)argument == 1); /* taken, not given back */
    atomic_fetch_add(&grabs, 1);
    errno = EBUSY;
    return mode == GRAB_GIVEN ? 0 : -1;
}

static void add_event(struct input_event *events, size_t *n, unsigned type, unsigned code,
                      int value)
{
    events[(*n)++] = (struct input_event){
        .type = (unsigned short)type, .code = (unsigned short)code, .value = value};
}

/* The key strokes of a text, with the reports between them, as a scanner in keyboard mode. */
static size_t type_text(const char *text, struct input_event *events)
{
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        unsigned code = 0;
        bool shift = false;
        must(evdev_keys_find(*p, &code, &shift));
        if (shift) {
            add_event(events, &n, EV_KEY, KEY_LEFTSHIFT, 1);
        }
        add_event(events, &n, EV_MSC, MSC_SCAN, 7);
        add_event(events, &n, EV_KEY, code, 1);
        add_event(events, &n, EV_SYN, SYN_REPORT, 0);
        add_event(events, &n, EV_KEY, code, 0);
        if (shift) {
            add_event(events, &n, EV_KEY, KEY_LEFTSHIFT, 0);
        }
        add_event(events, &n, EV_SYN, SYN_REPORT, 0);
    }
    return n;
}

static void write_events(int fd, const struct input_event *events, size_t n, size_t piece)
{
    const char *p = (const char *)events;
    size_t left = n * sizeof *events;
    while (left) {
        size_t size = left < piece ? left : piece;
        assert_int_equal(write(fd, p, size), size);
        p += size;
        left -= size;
    }
}

static void test_scanner__key_strokes_are_a_code_and_the_device_comes_back(void **state)
{
    (void)state;
    struct rig r = begin();
    char line[160];
    static struct input_event events[1024];
    snprintf(line, sizeof line, "evdev:%s", r.path);
    listen_on(&r, line, "");
    expect_word(&r, SAID_MISSING, "");
    ok(mkfifo(r.path, 0600));
    int fd = open(r.path, O_RDWR);
    expect_word(&r, SAID_FOUND, "");
    write_events(fd, events, type_text(CARD "\r", events), 100); /* cut inside events */
    expect_word(&r, SAID_CARD, "3456");
    size_t n = type_text(CARD2 "\r", events);
    events[20] = (struct input_event){.type = EV_SYN, .code = SYN_DROPPED};
    write_events(fd, events, n, 1200);
    expect_word(&r, SAID_OTHER, ""); /* a hole in it: no card */
    ok(unlink(r.path));
    close(fd);
    expect_word(&r, SAID_MISSING, "");
    ok(mkfifo(r.path, 0600));
    fd = open(r.path, O_RDWR);
    expect_word(&r, SAID_FOUND, "");
    write_events(fd, events, type_text(CARD2 "\r", events), 1200);
    expect_word(&r, SAID_CARD, "3457");
    end(&r);
    close(fd);
}

/* A pipe is let through without a grab, so here it is a file: no input device, or one that is. */
static void test_scanner__a_device_is_taken_for_ourselves_or_not_read(void **state)
{
    (void)state;
    struct rig r = begin();
    char line[160];
    static struct input_event events[1024];
    size_t n = type_text(CARD "\r", events);
    int fd = open(r.path, O_RDWR | O_CREAT, 0600);
    write_events(fd, events, n, 4096);
    snprintf(line, sizeof line, "evdev:%s", r.path);
    listen_on(&r, line, "");
    expect_word(&r, SAID_MISSING, ""); /* the kernel: ENOTTY */
    atomic_store(&grab_mode, GRAB_BUSY);
    while (atomic_load(&grabs) < 2) { /* another program has it: tried again and again */
        poll(NULL, 0, 20);
    }
    assert_int_equal(mailbox_count(r.box), 0); /* and not a key of it was read */
    atomic_store(&grab_mode, GRAB_GIVEN);
    expect_word(&r, SAID_FOUND, "");
    expect_word(&r, SAID_CARD, "3456");
    expect_word(&r, SAID_MISSING, ""); /* unplugged: its end */
    ok(unlink(r.path));
    int before = atomic_load(&grabs);
    close(fd);
    fd = open(r.path, O_RDWR | O_CREAT, 0600); /* another node */
    write_events(fd, events, type_text(CARD2 "\r", events), 4096);
    expect_word(&r, SAID_FOUND, "");
    assert_true(atomic_load(&grabs) > before); /* taken anew */
    expect_word(&r, SAID_CARD, "3457");
    atomic_store(&grab_mode, GRAB_OF_THE_KERNEL);
    end(&r);
    close(fd);
}

static void test_scanner__waiting_costs_nothing(void **state)
{
    (void)state;
    struct rig r = begin();
    char line[64];
    int port;
    close(listen_free(&port));
    snprintf(line, sizeof line, "listen:127.0.0.1:%d", port);
    listen_on(&r, line, "");
    clock_t before = clock(); /* the processor's time, not the wall's */
    poll(NULL, 0, 1500);
    assert_true((clock() - before) / (CLOCKS_PER_SEC / 1000) < 150); /* ms, in 1.5 s */
    end(&r);
}

/* ---- keys alone ---- */

static void test_evdev_keys__shift_caps_and_alt_numbers(void **state)
{
    (void)state;
    struct evdev_keys keys = {.number = 0};
    char out[EVDEV_BYTES_MAX];
    assert_int_equal(evdev_keys_feed(&keys, EV_KEY, KEY_A, 1, out), 1);
    assert_int_equal(out[0], 'a');
    assert_int_equal(evdev_keys_feed(&keys, EV_KEY, KEY_A, 2, out), 0); /* repeats */
    assert_int_equal(evdev_keys_feed(&keys, EV_KEY, KEY_A, 0, out), 0);
    (void)evdev_keys_feed(&keys, EV_KEY, KEY_CAPSLOCK, 1, out);
    (void)evdev_keys_feed(&keys, EV_KEY, KEY_CAPSLOCK, 0, out);
    assert_int_equal(evdev_keys_feed(&keys, EV_KEY, KEY_A, 1, out), 1);
    assert_int_equal(out[0], 'A');
    (void)evdev_keys_feed(&keys, EV_KEY, KEY_RIGHTSHIFT, 1, out);
    assert_int_equal(evdev_keys_feed(&keys, EV_KEY, KEY_BACKSLASH, 1, out), 1);
    assert_int_equal(out[0], '|');
    assert_int_equal(evdev_keys_feed(&keys, EV_KEY, KEY_A, 1, out), 1);
    assert_int_equal(out[0], 'a'); /* caps and shift */
    (void)evdev_keys_feed(&keys, EV_KEY, KEY_RIGHTSHIFT, 0, out);
    static const unsigned pad[] = {KEY_KP7, KEY_KP8, KEY_KP7, KEY_KP3}; /* U+1EC1, ề */
    (void)evdev_keys_feed(&keys, EV_KEY, KEY_LEFTALT, 1, out);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(evdev_keys_feed(&keys, EV_KEY, pad[i], 1, out), 0);
    }
    assert_int_equal(evdev_keys_feed(&keys, EV_KEY, KEY_LEFTALT, 0, out), 3);
    assert_memory_equal(out, "\xe1\xbb\x81", 3);
    (void)evdev_keys_feed(&keys, EV_KEY, KEY_LEFTALT, 1, out);
    assert_int_equal(evdev_keys_feed(&keys, EV_KEY, KEY_LEFTALT, 0, out), 0);
    assert_int_equal(evdev_keys_feed(&keys, EV_KEY, KEY_KP5, 1, out), 1);
    assert_int_equal(out[0], '5');
    assert_int_equal(evdev_keys_feed(&keys, EV_KEY, KEY_F1, 1, out), 0);
    assert_int_equal(evdev_keys_feed(&keys, EV_KEY, 60000, 1, out), 0);
    assert_int_equal(evdev_keys_feed(&keys, EV_REL, KEY_A, 1, out), 0);
}

static void test_scanner_line__forms(void **state)
{
    (void)state;
    struct scanner_line line;
    ok(scanner_line_parse("/dev/ttyACM0", &line));
    assert_int_equal(line.kind, SCANNER_SERIAL);
    ok(scanner_line_parse("evdev:/dev/input/by-id/x-event-kbd", &line));
    assert_string_equal(line.path, "/dev/input/by-id/x-event-kbd");
    ok(scanner_line_parse("listen:0.0.0.0:9101", &line));
    assert_int_equal(line.address.port, 9101);
    static const char *const bad[] = {"ttyACM0",         "evdev:event3",    "tcp:scanner.local:1",
                                      "tcp:127.0.0.1:0", "udp:127.0.0.1:5", ""};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(scanner_line_parse(bad[i], &line), DX_E_CONFIG);
    }
    line = (struct scanner_line){.kind = SCANNER_TCP, .listener = -1};
    static const int waits[] = {1000, 1000, 2000, 4000, 8000, 16000, 30000, 30000};
    for (line.tries = 0; line.tries < 8; line.tries++) {
        assert_int_equal(scanner_line_retry_ms(&line), waits[line.tries]);
    }
}

TESTS(T(test_scanner__serial_line_comes_back_under_another_node),
      T(test_scanner__the_gate_connects_and_connects_again),
      T(test_scanner__the_scanner_connects_and_a_new_line_replaces_the_old),
      T(test_scanner__a_stranger_is_not_heard),
      T(test_scanner__key_strokes_are_a_code_and_the_device_comes_back),
      T(test_scanner__a_device_is_taken_for_ourselves_or_not_read),
      T(test_scanner__waiting_costs_nothing), T(test_evdev_keys__shift_caps_and_alt_numbers),
      T(test_scanner_line__forms))
