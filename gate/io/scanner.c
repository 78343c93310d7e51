#include "gate/io/scanner.h"

#include "gate/io/evdev_keys.h"
#include "proto/base/check.h"
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"
#include "proto/scan_frame.h"

#include <errno.h>
#include <linux/input.h>
#include <poll.h>

enum { PIECE_MAX = 240 }; /* ten input events */

struct scanner {
    struct scanner_config config;
    char name[SCANNER_PATH_CAP];
    char key[SCANNER_KEY_MAX];
    size_t key_n;
    int stop_pipe[2];
    pthread_t thread;
    struct scan_frame frame;
    struct evdev_keys keys;
    char piece[PIECE_MAX]; /* what was read; of an input event perhaps the beginning only */
    size_t piece_n;
    bool missing; /* as told last */
};

static void take_frame(struct scanner *s)
{
    struct identity identity = {.result = IDENTITY_REJECT};
    if (s->key_n) {
        struct str key = {s->key, s->key_n};
        must(identity_read(scan_frame_payload(&s->frame), key, clock_wall(), &identity) == 0);
    }
    scan_frame_wipe(&s->frame);
    if (identity.result == IDENTITY_CARD) {
        s->config.on_card(s->config.context, s->config.lane, identity.pseudonym, identity.last4);
    } else {
        s->config.on_other(s->config.context, s->config.lane);
    }
    dx_wipe(&identity, sizeof identity);
}

static void take_event(struct scanner *s, enum scan_frame_event event)
{
    switch (event) {
    case SCAN_FRAME_NONE:
    case SCAN_FRAME_REPEAT:
        break;
    case SCAN_FRAME_READY:
        take_frame(s);
        break;
    case SCAN_FRAME_TOO_LONG:
        s->config.on_other(s->config.context, s->config.lane);
        break;
    }
}

static void feed(struct scanner *s, struct str bytes, mono_t now)
{
    while (bytes.n) {
        enum scan_frame_event event;
        size_t taken = scan_frame_feed(&s->frame, bytes, now, &event);
        bytes = str_slice(bytes, taken, bytes.n);
        take_event(s, event);
    }
}

/* Milliseconds for poll, -1 for ever. */
static int wait_ms(const struct scanner *s)
{
    mono_t deadline = scan_frame_deadline(&s->frame);
    if (deadline.ms == mono_never().ms) {
        return -1;
    }
    int64_t ms = mono_diff(deadline, clock_mono());
    return ms < 0 ? 0 : ms > INT32_MAX ? INT32_MAX : (int)ms;
}

/* A code with a hole in it is no code. */
static void forget_frame(struct scanner *s)
{
    scan_frame_wipe(&s->frame);
    scan_frame_init(&s->frame);
    dx_wipe(&s->keys, sizeof s->keys);
}

/* Whole input events of the piece become characters; the beginning of one stays. */
static void feed_events(struct scanner *s, mono_t now)
{
    size_t used = 0;
    struct input_event event;
    for (; s->piece_n - used >= sizeof event; used += sizeof event) {
        char bytes[EVDEV_BYTES_MAX];
        memcpy(&event, s->piece + used, sizeof event);
        if (evdev_keys_is_gap(event.type, event.code)) {
            forget_frame(s);
        }
        size_t n = evdev_keys_feed(&s->keys, event.type, event.code, event.value, bytes);
        feed(s, (struct str){bytes, n}, now);
        dx_wipe(bytes, sizeof bytes);
    }
    dx_wipe(&event, sizeof event);
    memmove(s->piece, s->piece + used, s->piece_n - used);
    dx_wipe(s->piece + (s->piece_n - used), used);
    s->piece_n -= used;
}

/* False when the line has ended. */
static bool take_bytes(struct scanner *s, int fd)
{
    ssize_t n = read(fd, s->piece + s->piece_n, sizeof s->piece - s->piece_n);
    if (n <= 0) {
        return n < 0 && (errno == EAGAIN || errno == EINTR);
    }
    s->piece_n += (size_t)n;
    if (s->config.line.kind == SCANNER_EVDEV) {
        feed_events(s, clock_mono());
    } else {
        feed(s, (struct str){s->piece, s->piece_n}, clock_mono());
        dx_wipe(s->piece, s->piece_n);
        s->piece_n = 0;
    }
    return true;
}

/* Reads until the line has ended (true) or the scanner is stopped (false). */
static bool hear(struct scanner *s, int fd)
{
    for (;;) {
        struct pollfd wait[3] = {{.fd = fd, .events = POLLIN},
                                 {.fd = s->stop_pipe[0], .events = POLLIN},
                                 {.fd = s->config.line.listener, .events = POLLIN}};
        int ready = poll(wait, 3, wait_ms(s));
        if (ready < 0 && errno != EINTR) {
            return true;
        }
        if (wait[1].revents) {
            return false;
        }
        take_event(s, scan_frame_timeout(&s->frame, clock_mono()));
        if (ready > 0 && ((wait[0].revents && !take_bytes(s, fd)) || wait[2].revents)) {
            return true; /* its end, or the scanner has connected anew */
        }
    }
}

static void tell_missing(struct scanner *s, bool missing)
{
    if (s->missing == missing) {
        return;
    }
    s->missing = missing;
    log_line(missing ? LOG_LEVEL_WARN : LOG_LEVEL_INFO,
             missing ? "scanner.missing" : "scanner.found", "lane=%d device=\"%s\"", s->config.lane,
             s->name);
    if (s->config.fault) {
        char device[32];
        snprintf(device, sizeof device, "scanner-%d", s->config.lane);
        s->config.fault(s->config.context, device, DEVICE_SCANNER_MISSING, missing, 0);
    }
}

/* True when it is to go on. */
static bool wait_a_while(const struct scanner *s)
{
    struct pollfd wait = {.fd = s->stop_pipe[0], .events = POLLIN};
    return poll(&wait, 1, scanner_line_retry_ms(&s->config.line)) == 0;
}

static void *work(void *context)
{
    struct scanner *s = context;
    bool going = true;
    while (going) {
        int fd = scanner_line_open(&s->config.line, s->stop_pipe[0]);
        if (fd < 0) {
            tell_missing(s, true);
            going = wait_a_while(s);
            continue;
        }
        tell_missing(s, false);
        forget_frame(s);
        going = hear(s, fd);
        scan_frame_wipe(&s->frame);
        dx_wipe(s->piece, sizeof s->piece);
        s->piece_n = 0;
        close(fd);
        bool again = s->config.line.kind == SCANNER_LISTEN;
        if (going && !again) {
            tell_missing(s, true);
            going = wait_a_while(s);
        }
    }
    return NULL;
}

int scanner_start(const struct scanner_config *config, struct scanner **ret_scanner)
{
    struct scanner *s = calloc(1, sizeof *s);
    if (!s) {
        return DX_E_MEMORY;
    }
    s->config = *config;
    s->config.key = (struct str){NULL, 0};
    s->key_n = config->key.n;
    s->missing = false;
    int error = config->key.n > sizeof s->key
                    ? DX_E_INVAL
                    : str_copy(s->name, sizeof s->name, str_c(config->name));
    if (!error && s->key_n) {
        memcpy(s->key, config->key.p, s->key_n);
    }
    if (!error && pipe(s->stop_pipe) != 0) {
        error = DX_E_IO;
    } else if (!error && pthread_create(&s->thread, NULL, work, s) != 0) {
        close(s->stop_pipe[0]);
        close(s->stop_pipe[1]);
        error = DX_E_IO;
    }
    if (error) {
        dx_wipe(s, sizeof *s);
        free(s);
        return error == DX_E_SPACE ? DX_E_INVAL : error;
    }
    *ret_scanner = s;
    return 0;
}

void scanner_stop(struct scanner *s)
{
    if (!s) {
        return;
    }
    must(write(s->stop_pipe[1], "x", 1) == 1);
    pthread_join(s->thread, NULL);
    close(s->stop_pipe[0]);
    close(s->stop_pipe[1]);
    scanner_line_close(&s->config.line);
    dx_wipe(s, sizeof *s);
    free(s);
}

int scanner_read_key(const char *path, char *space, struct str *ret_key)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return errno == ENOENT ? DX_E_NOT_FOUND : DX_E_IO;
    }
    setvbuf(file, NULL, _IONBF, 0); /* no copy of the key in the library */
    size_t n = fread(space, 1, SCANNER_KEY_MAX, file);
    int error = ferror(file) ? DX_E_IO : !feof(file) && fgetc(file) != EOF ? DX_E_SPACE : 0;
    fclose(file);
    while (n && (space[n - 1] == '\n' || space[n - 1] == '\r')) {
        n--;
    }
    if (!error && n < IDENTITY_KEY_MIN) {
        error = DX_E_RANGE;
    }
    if (error) {
        dx_wipe(space, SCANNER_KEY_MAX);
        return error;
    }
    *ret_key = (struct str){space, n};
    return 0;
}
