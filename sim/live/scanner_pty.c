#include "sim/live/scanner_pty.h"

#include "proto/io/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <sys/stat.h>
#include <termios.h>

enum { PENDING_CAP = 1200, SPLIT_PER_MILLE = 300, TWICE_PER_MILLE = 150, GAP_MS = 15 };

struct scanner_pty {
    struct prng prng;
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

int scanner_pty_open(const char *path, const struct prng *root, struct scanner_pty **ret_scanner)
{
    struct scanner_pty *scanner = calloc(1, sizeof *scanner);
    struct termios raw;
    char name[128];
    if (!scanner) {
        return DX_E_MEMORY;
    }
    scanner->master = scanner->slave = -1;
    scanner->prng = prng_fork(root, path);
    scanner->pending_at = mono_never();
    int error = 0;
    if (openpty(&scanner->master, &scanner->slave, NULL, NULL, NULL) != 0 ||
        tcgetattr(scanner->slave, &raw) != 0 || ttyname_r(scanner->slave, name, sizeof name) != 0) {
        error = DX_E_IO;
    }
    if (!error) {
        cfmakeraw(&raw);
        fcntl(scanner->master, F_SETFL, O_NONBLOCK);
        fcntl(scanner->master, F_SETFD, FD_CLOEXEC);
        fcntl(scanner->slave, F_SETFD, FD_CLOEXEC);
        error = tcsetattr(scanner->slave, TCSANOW, &raw) != 0 ? DX_E_IO : place_link(name, path);
    }
    if (!error) {
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
    free(scanner);
}

static void put(struct scanner_pty *scanner, const char *bytes, size_t n)
{
    ssize_t written = write(scanner->master, bytes, n);
    if (written < 0 || (size_t)written != n) {
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
    drain(scanner);
    tcflush(scanner->slave, TCIFLUSH);
    scanner->pending_at = mono_never();
    if (size < 2 || !prng_chance(&scanner->prng, SPLIT_PER_MILLE)) {
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
