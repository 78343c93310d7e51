#include "gate/io/scanner_serial.h"

#include "proto/base/check.h"
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"
#include "proto/scan_frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>

enum { PATH_CAP = 256, PIECE_MAX = 256 };

struct scanner_serial {
    struct scanner_config config;
    char device[PATH_CAP];
    char key[SCANNER_KEY_MAX];
    size_t key_n;
    int stop_pipe[2];
    pthread_t thread;
    struct scan_frame frame;
};

static int open_device(const char *path)
{
    int fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    struct termios line;
    if (fd >= 0 && tcgetattr(fd, &line) == 0) {
        cfmakeraw(&line);
        line.c_cflag |= CLOCAL | CREAD;
        cfsetispeed(&line, B115200);
        cfsetospeed(&line, B115200);
        if (tcsetattr(fd, TCSANOW, &line) != 0) {
            close(fd);
            return -1;
        }
        tcflush(fd, TCIFLUSH); /* a code held up before we listened is nobody's now */
    }
    return fd;
}

static void take_frame(struct scanner_serial *s)
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

static void take_event(struct scanner_serial *s, enum scan_frame_event event)
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

static void feed(struct scanner_serial *s, struct str bytes, mono_t now)
{
    while (bytes.n) {
        enum scan_frame_event event;
        size_t taken = scan_frame_feed(&s->frame, bytes, now, &event);
        bytes = str_slice(bytes, taken, bytes.n);
        take_event(s, event);
    }
}

/* Milliseconds for poll, -1 for ever. */
static int wait_ms(const struct scanner_serial *s)
{
    mono_t deadline = scan_frame_deadline(&s->frame);
    if (deadline.ms == mono_never().ms) {
        return -1;
    }
    int64_t ms = mono_diff(deadline, clock_mono());
    return ms < 0 ? 0 : ms > INT32_MAX ? INT32_MAX : (int)ms;
}

/* Reads until the device is gone (true) or the scanner is stopped (false). */
static bool hear(struct scanner_serial *s, int fd)
{
    for (;;) {
        struct pollfd wait[2] = {{.fd = fd, .events = POLLIN},
                                 {.fd = s->stop_pipe[0], .events = POLLIN}};
        int ready = poll(wait, 2, wait_ms(s));
        if (ready < 0 && errno != EINTR) {
            return true;
        }
        if (wait[1].revents) {
            return false;
        }
        take_event(s, scan_frame_timeout(&s->frame, clock_mono()));
        if (ready <= 0 || !wait[0].revents) {
            continue;
        }
        char piece[PIECE_MAX];
        ssize_t n = read(fd, piece, sizeof piece);
        if (n > 0) {
            feed(s, (struct str){piece, (size_t)n}, clock_mono());
        }
        dx_wipe(piece, sizeof piece);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
            return true;
        }
    }
}

static void *work(void *context)
{
    struct scanner_serial *s = context;
    bool going = true;
    bool told = false; /* that it is missing */
    while (going) {
        int fd = open_device(s->device);
        if (fd < 0) {
            if (!told) {
                log_warn("scanner.missing", "lane=%d device=\"%s\"", s->config.lane, s->device);
                told = true;
            }
            struct pollfd wait = {.fd = s->stop_pipe[0], .events = POLLIN};
            going = poll(&wait, 1, SCANNER_RETRY_MS) == 0;
            continue;
        }
        log_info("scanner.found", "lane=%d device=\"%s\"", s->config.lane, s->device);
        scan_frame_init(&s->frame);
        going = hear(s, fd);
        scan_frame_wipe(&s->frame);
        close(fd);
        if (going) {
            log_warn("scanner.lost", "lane=%d device=\"%s\"", s->config.lane, s->device);
            struct pollfd wait = {.fd = s->stop_pipe[0], .events = POLLIN};
            going = poll(&wait, 1, SCANNER_RETRY_MS) == 0;
            told = true;
        }
    }
    return NULL;
}

int scanner_serial_start(const struct scanner_config *config, struct scanner_serial **ret_scanner)
{
    struct scanner_serial *s = calloc(1, sizeof *s);
    if (!s) {
        return DX_E_MEMORY;
    }
    s->config = *config;
    s->config.key = (struct str){NULL, 0};
    s->key_n = config->key.n;
    int error = config->key.n > sizeof s->key
                    ? DX_E_INVAL
                    : str_copy(s->device, sizeof s->device, str_c(config->device));
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

void scanner_serial_stop(struct scanner_serial *s)
{
    if (!s) {
        return;
    }
    must(write(s->stop_pipe[1], "x", 1) == 1);
    pthread_join(s->thread, NULL);
    close(s->stop_pipe[0]);
    close(s->stop_pipe[1]);
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
