#include "gate/io/scanner_line.h"

#include "proto/io/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>

enum { CONNECT_MS = 3000 };

int scanner_line_parse(const char *text, struct scanner_line *ret_line)
{
    struct scanner_line line = {.kind = SCANNER_SERIAL, .listener = -1};
    const char *rest = text;
    if (strncmp(text, "evdev:", 6) == 0) {
        line.kind = SCANNER_EVDEV;
        rest = text + 6;
    } else if (strncmp(text, "tcp:", 4) == 0) {
        line.kind = SCANNER_TCP;
        rest = text + 4;
    } else if (strncmp(text, "listen:", 7) == 0) {
        line.kind = SCANNER_LISTEN;
        rest = text + 7;
    }
    int error = 0;
    if (line.kind == SCANNER_TCP || line.kind == SCANNER_LISTEN) {
        error = http_address_parse(rest, &line.address);
        if (!error && line.kind == SCANNER_TCP && line.address.port == 0) {
            error = DX_E_CONFIG;
        }
    } else {
        error = rest[0] == '/' ? str_copy(line.path, sizeof line.path, str_c(rest)) : DX_E_CONFIG;
    }
    if (!error) {
        *ret_line = line;
    }
    return error;
}

static int open_serial(const char *path)
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

/* Nobody else reads a pipe; a program that plays the scanner writes into one. */
static bool is_pipe(int fd)
{
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISFIFO(about.st_mode);
}

/* What is typed must reach nobody else: no console, no other program.  What cannot be taken so,
 * because another has it or because it is no input device, is not read at all. */
static int open_evdev(const char *path)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && ioctl(fd, EVIOCGRAB, 1) != 0 && !is_pipe(fd)) {
        log_warn("scanner.not_ours", "device=\"%s\" errno=%d", path, errno);
        close(fd);
        return -1;
    }
    return fd;
}

static socklen_t write_address(const struct http_address *from, struct sockaddr_storage *to)
{
    memset(to, 0, sizeof *to);
    if (from->is_v6) {
        struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)to;
        six->sin6_family = AF_INET6;
        six->sin6_port = htons((uint16_t)from->port);
        inet_pton(AF_INET6, from->host, &six->sin6_addr);
        return sizeof *six;
    }
    struct sockaddr_in *four = (struct sockaddr_in *)(void *)to;
    four->sin_family = AF_INET;
    four->sin_port = htons((uint16_t)from->port);
    inet_pton(AF_INET, from->host, &four->sin_addr);
    return sizeof *four;
}

static int make_socket(const struct http_address *address)
{
    return socket(address->is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                  0);
}

/* A scanner whose cable is cut is noticed within half a minute, though nobody scans. */
static void keep_alive(int fd)
{
    const int on = 1, idle_s = 10, step_s = 5, count = 3;
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &step_s, sizeof step_s);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
}

/* Readable or writable within `ms`; false also when the stop came first. */
static bool wait_for(int fd, short events, int stop_fd, int ms)
{
    struct pollfd wait[2] = {{.fd = fd, .events = events}, {.fd = stop_fd, .events = POLLIN}};
    int ready;
    do {
        ready = poll(wait, 2, ms);
    } while (ready < 0 && errno == EINTR);
    return ready > 0 && !wait[1].revents;
}

static int open_tcp(struct scanner_line *line, int stop_fd)
{
    struct sockaddr_storage address;
    socklen_t n = write_address(&line->address, &address);
    int fd = make_socket(&line->address);
    if (fd < 0) {
        return -1;
    }
    int error = connect(fd, (struct sockaddr *)&address, n) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
        socklen_t size = sizeof error;
        if (!wait_for(fd, POLLOUT, stop_fd, CONNECT_MS) ||
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
            error = ETIMEDOUT;
        }
    }
    if (error) {
        close(fd);
        return -1;
    }
    keep_alive(fd);
    return fd;
}

static bool start_listening(struct scanner_line *line)
{
    const int on = 1;
    struct sockaddr_storage address;
    socklen_t n = write_address(&line->address, &address);
    int fd = make_socket(&line->address);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, (struct sockaddr *)&address, n) != 0 || listen(fd, 4) != 0) {
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    line->listener = fd;
    return true;
}

static bool is_allowed(const struct scanner_line *line, const struct sockaddr_storage *peer)
{
    char text[INET6_ADDRSTRLEN] = "";
    if (peer->ss_family == AF_INET6) {
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr, text,
                  sizeof text);
    } else {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)peer)->sin_addr, text,
                  sizeof text);
    }
    if (line->from[0] && strcmp(text, line->from) != 0) {
        log_warn("scanner.refused", "peer=%s", text);
        return false;
    }
    return true;
}

/* The newest of those that wait: the older ones are the same scanner before it was switched off. */
static int take_connection(struct scanner_line *line)
{
    int newest = -1;
    for (;;) {
        struct sockaddr_storage peer = {.ss_family = AF_UNSPEC};
        socklen_t n = sizeof peer;
        int fd = accept(line->listener, (struct sockaddr *)&peer, &n);
        if (fd < 0) {
            return newest;
        }
        fcntl(fd, F_SETFD, FD_CLOEXEC);
        if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0 || !is_allowed(line, &peer)) {
            close(fd);
            continue;
        }
        if (newest >= 0) {
            close(newest);
        }
        keep_alive(fd);
        newest = fd;
    }
}

int scanner_line_open(struct scanner_line *line, int stop_fd)
{
    int fd = -1;
    switch (line->kind) {
    case SCANNER_SERIAL:
        fd = open_serial(line->path);
        break;
    case SCANNER_EVDEV:
        fd = open_evdev(line->path);
        break;
    case SCANNER_TCP:
        fd = open_tcp(line, stop_fd);
        break;
    case SCANNER_LISTEN:
        if (line->listener >= 0 || start_listening(line)) {
            fd = wait_for(line->listener, POLLIN, stop_fd, SCANNER_RETRY_MS) ? take_connection(line)
                                                                             : -1;
        }
        break;
    }
    line->tries = fd >= 0 ? 0 : line->tries + 1;
    return fd;
}

int scanner_line_retry_ms(const struct scanner_line *line)
{
    if (line->kind == SCANNER_LISTEN && line->listener >= 0) {
        return 0; /* scanner_line_open waits */
    }
    if (line->kind != SCANNER_TCP || line->tries < 2) {
        return SCANNER_RETRY_MS;
    }
    int ms = line->tries > 6 ? SCANNER_RETRY_MS_MAX : SCANNER_RETRY_MS << (line->tries - 1);
    return ms > SCANNER_RETRY_MS_MAX ? SCANNER_RETRY_MS_MAX : ms;
}

void scanner_line_close(struct scanner_line *line)
{
    if (line->listener >= 0) {
        close(line->listener);
        line->listener = -1;
    }
}
