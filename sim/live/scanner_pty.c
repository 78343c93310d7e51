#include "sim/live/scanner_pty.h"

#include "proto/io/http_text.h"
#include "proto/io/log.h"
#include "sim/live/keyboard.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>

enum { PENDING_CAP = 1200, SPLIT_PER_MILLE = 300, TWICE_PER_MILLE = 150, GAP_MS = 15 };

enum line { LINE_SERIAL, LINE_KEYS, LINE_LISTEN };

struct scanner_pty {
    enum line line;
    struct prng prng;
    int listener;      /* LISTEN; master is the gate's connection then */
    int master, slave; /* the slave stays open: the line does not hang up when the gate goes */
    char path[256];
    char pending[PENDING_CAP]; /* the second piece */
    size_t pending_n;
    mono_t pending_at;
};

static int place_link(const char *target, const char *path)
{
    struct stat there;
    if (lstat(path, &there) == 0) {
        if (!S_ISLNK(there.st_mode)) {
            return DX_E_EXISTS;
        }
        unlink(path);
    }
    return symlink(target, path) == 0 ? 0 : DX_E_IO;
}

static int open_serial(struct scanner_pty *scanner, const char *path)
{
    struct termios raw;
    char name[128];
    if (openpty(&scanner->master, &scanner->slave, NULL, NULL, NULL) != 0 ||
        tcgetattr(scanner->slave, &raw) != 0 || ttyname_r(scanner->slave, name, sizeof name) != 0) {
        return DX_E_IO;
    }
    cfmakeraw(&raw);
    fcntl(scanner->master, F_SETFL, O_NONBLOCK);
    fcntl(scanner->master, F_SETFD, FD_CLOEXEC);
    fcntl(scanner->slave, F_SETFD, FD_CLOEXEC);
    return tcsetattr(scanner->slave, TCSANOW, &raw) != 0 ? DX_E_IO : place_link(name, path);
}

/* A pipe where /dev/input/event… would be. */
static int open_keys(struct scanner_pty *scanner, const char *path)
{
    struct stat there;
    if (lstat(path, &there) == 0) {
        if (!S_ISFIFO(there.st_mode)) {
            return DX_E_EXISTS;
        }
        unlink(path);
    }
    if (mkfifo(path, 0600) != 0) {
        return DX_E_IO;
    }
    scanner->master = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    return scanner->master < 0 ? DX_E_IO : 0;
}

static int open_listener(struct scanner_pty *scanner, const char *text)
{
    const int on = 1;
    struct http_address address;
    struct sockaddr_in in = {.sin_family = AF_INET};
    if (http_address_parse(text, &address) || address.is_v6) {
        return DX_E_CONFIG;
    }
    in.sin_port = htons((uint16_t)address.port);
    inet_pton(AF_INET, address.host, &in.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    scanner->listener = fd;
    bool fine = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                bind(fd, (struct sockaddr *)&in, sizeof in) == 0 && listen(fd, 4) == 0;
    return fine ? 0 : DX_E_IO;
}

int scanner_pty_open(const char *path, const struct prng *root, struct scanner_pty **ret_scanner)
{
    struct scanner_pty *scanner = calloc(1, sizeof *scanner);
    if (!scanner) {
        return DX_E_MEMORY;
    }
    scanner->master = scanner->slave = scanner->listener = -1;
    scanner->prng = prng_fork(root, path);
    scanner->pending_at = mono_never();
    int error = 0;
    if (str_starts(str_c(path), STR("evdev:"))) {
        scanner->line = LINE_KEYS;
        path += 6;
        error = open_keys(scanner, path);
    } else if (str_starts(str_c(path), STR("listen:"))) {
        scanner->line = LINE_LISTEN;
        error = open_listener(scanner, path + 7);
    } else {
        error = open_serial(scanner, path);
    }
    if (!error && scanner->line != LINE_LISTEN) {
        error = str_copy(scanner->path, sizeof scanner->path, str_c(path));
    }
    if (error) {
        scanner_pty_close(scanner);
        return error;
    }
    *ret_scanner = scanner;
    return 0;
}

void scanner_pty_close(struct scanner_pty *scanner)
{
    if (!scanner) {
        return;
    }
    if (scanner->path[0]) {
        unlink(scanner->path);
    }
    if (scanner->master >= 0) {
        close(scanner->master);
    }
    if (scanner->slave >= 0) {
        close(scanner->slave);
    }
    if (scanner->listener >= 0) {
        close(scanner->listener);
    }
    free(scanner);
}

/* The newest connection of the gate; the one before has ended or been replaced. */
static void take_connection(struct scanner_pty *scanner)
{
    int fd;
    while ((fd = accept(scanner->listener, NULL, NULL)) >= 0) {
        if (scanner->master >= 0) {
            close(scanner->master);
        }
        fcntl(fd, F_SETFD, FD_CLOEXEC);
        fcntl(fd, F_SETFL, O_NONBLOCK);
        scanner->master = fd;
    }
}

static void put(struct scanner_pty *scanner, const char *bytes, size_t n)
{
    bool fine;
    if (scanner->line == LINE_LISTEN) {
        take_connection(scanner);
    }
    if (scanner->line == LINE_KEYS) {
        fine = keyboard_type(scanner->master, (struct str){bytes, n});
    } else if (scanner->line == LINE_LISTEN) {
        fine = send(scanner->master, bytes, n, MSG_NOSIGNAL) == (ssize_t)n;
    } else {
        fine = write(scanner->master, bytes, n) == (ssize_t)n;
    }
    if (!fine) {
        log_warn("scanner.lost", "path=%s bytes=%zu errno=%d", scanner->path, n, errno);
    }
}

/* Settings that a reader sends to the scanner: taken and not obeyed. */
static void drain(struct scanner_pty *scanner)
{
    char bytes[256];
    while (read(scanner->master, bytes, sizeof bytes) > 0) {
    }
}

void scanner_pty_send(struct scanner_pty *scanner, const char *text, mono_t now)
{
    static const char *const endings[] = {"\r", "\n", "\r\n"};
    char frame[PENDING_CAP];
    const char *ending = endings[prng_range(&scanner->prng, 0, 2)];
    bool glued = prng_chance(&scanner->prng, TWICE_PER_MILLE);
    int n = snprintf(frame, sizeof frame, "%s%s%s%s", text, ending, glued ? text : "",
                     glued ? ending : "");
    if (n < 0 || (size_t)n >= sizeof frame) {
        log_warn("scanner.too_long", "path=%s", scanner->path);
        return;
    }
    size_t size = (size_t)n;
    if (scanner->line == LINE_SERIAL) {
        drain(scanner);
        tcflush(scanner->slave, TCIFLUSH);
    }
    scanner->pending_at = mono_never();
    if (size < 2 || scanner->line == LINE_KEYS || !prng_chance(&scanner->prng, SPLIT_PER_MILLE)) {
        put(scanner, frame, size);
        return;
    }
    size_t first = (size_t)prng_range(&scanner->prng, 1, (int64_t)size - 1);
    put(scanner, frame, first);
    scanner->pending_n = size - first;
    memcpy(scanner->pending, frame + first, scanner->pending_n);
    scanner->pending_at = mono_add(now, GAP_MS);
}

mono_t scanner_pty_advance(struct scanner_pty *scanner, mono_t now)
{
    if (mono_reached(now, scanner->pending_at)) {
        scanner->pending_at = mono_never();
        put(scanner, scanner->pending, scanner->pending_n);
    }
    return scanner->pending_at;
}
