#include "sim/live/modbus_twin.h"

#include "proto/io/clock_os.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TICK_MS = 10, HEADER = 6 };

struct twin_server {
    struct twin *twin;
    bool rtu;
    int listener, port;
    int stop[2];
    pthread_t thread;
    pthread_mutex_t lock;
};

/* Modbus over serial line 1.02, 6.2.2. */
static unsigned check_bytes(const uint8_t *bytes, int n)
{
    unsigned crc = 0xFFFF;
    for (int i = 0; i < n; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc & 1u ? crc >> 1 ^ 0xA001u : crc >> 1;
        }
    }
    return crc;
}

/* Waits; pulses end meanwhile.  False: stop. */
static bool wait_readable(struct twin_server *s, int fd)
{
    for (;;) {
        struct pollfd wait[2] = {{.fd = fd, .events = POLLIN},
                                 {.fd = s->stop[0], .events = POLLIN}};
        int n = poll(wait, 2, TICK_MS);
        twin_lock(s);
        twin_tick(s->twin, clock_mono());
        twin_unlock(s);
        if (wait[1].revents || (n > 0 && wait[0].revents)) {
            return !wait[1].revents;
        }
    }
}

static bool take(int fd, uint8_t *bytes, int n)
{
    return recv(fd, bytes, (size_t)n, MSG_WAITALL) == n;
}

/* Unit, function, data of the next request; 0: the line has ended. */
static int take_request(const struct twin_server *s, int fd, uint8_t *head, uint8_t *request)
{
    if (!s->rtu) {
        return take(fd, head, HEADER) && head[5] <= TWIN_FRAME_MAX - 7 && take(fd, request, head[5])
                   ? head[5]
                   : 0;
    }
    if (!take(fd, request, 7)) {
        return 0;
    }
    int n = request[1] >= 15 ? 7 + request[6] + 2 : 8;
    if (n > TWIN_FRAME_MAX || !take(fd, request + 7, n - 7)) {
        return 0;
    }
    unsigned crc = check_bytes(request, n - 2);
    bool right = request[n - 2] == (crc & 0xFFu) && request[n - 1] == crc >> 8;
    return right ? n - 2 : 0;
}

static void give(const struct twin_server *s, int fd, const uint8_t *head, uint8_t *answer, int n,
                 bool damaged)
{
    uint8_t frame[TWIN_FRAME_MAX + 8];
    int length = n;
    if (s->rtu) {
        unsigned crc = check_bytes(answer, n) ^ (damaged ? 0xFFu : 0u);
        memcpy(frame, answer, (size_t)n);
        frame[n] = (uint8_t)crc;
        frame[n + 1] = (uint8_t)(crc >> 8);
        length += 2;
    } else {
        memcpy(frame, head, HEADER);
        frame[0] = (uint8_t)(head[0] ^ (damaged ? 0x55 : 0));
        frame[4] = (uint8_t)(n >> 8);
        frame[5] = (uint8_t)n;
        memcpy(frame + HEADER, answer, (size_t)n);
        length += HEADER;
    }
    (void)!send(fd, frame, (size_t)length, MSG_NOSIGNAL);
}

static bool serve_one(struct twin_server *s, int fd)
{
    uint8_t head[HEADER] = {0};
    uint8_t request[TWIN_FRAME_MAX];
    uint8_t answer[TWIN_FRAME_MAX];
    int n = take_request(s, fd, head, request);
    if (n == 0) {
        return false;
    }
    twin_lock(s);
    struct twin_faults *f = &s->twin->faults;
    int delay_ms = f->delay_ms;
    bool silent = f->silent > 0;
    bool damaged = !silent && f->damaged > 0;
    f->silent -= silent;
    f->damaged -= damaged;
    int length = silent ? 0 : twin_answer(s->twin, request, n, clock_mono(), answer);
    twin_unlock(s);
    if (delay_ms) {
        poll(NULL, 0, delay_ms);
    }
    if (length > 0) {
        give(s, fd, head, answer, length, damaged);
    }
    return true;
}

static void *run(void *context)
{
    struct twin_server *s = context;
    while (wait_readable(s, s->listener)) {
        int on = 1;
        int fd = accept(s->listener, NULL, NULL);
        if (fd < 0) {
            continue;
        }
        (void)!setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        bool going = true;
        while (going && (going = wait_readable(s, fd))) {
            if (!serve_one(s, fd)) {
                break;
            }
        }
        close(fd);
        if (!going) {
            break;
        }
    }
    return NULL;
}

int twin_serve(struct twin *twin, const char *listen_at, bool rtu, struct twin_server **ret_server)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int yes = 1;
    int64_t port = 0;
    if (strncmp(listen_at, "127.0.0.1:", 10) != 0 ||
        str_parse_i64(str_c(listen_at + 10), 0, 65535, &port)) {
        return DX_E_CONFIG;
    }
    struct twin_server *s = calloc(1, sizeof *s);
    if (!s) {
        return DX_E_MEMORY;
    }
    s->twin = twin;
    s->rtu = rtu;
    pthread_mutex_init(&s->lock, NULL);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)port);
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s->listener < 0 || pipe(s->stop) != 0 ||
        setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(s->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(s->listener, 1) != 0 ||
        getsockname(s->listener, (struct sockaddr *)&address, &size) != 0 ||
        pthread_create(&s->thread, NULL, run, s) != 0) {
        close(s->listener);
        pthread_mutex_destroy(&s->lock);
        free(s);
        return DX_E_IO;
    }
    s->port = ntohs(address.sin_port);
    *ret_server = s;
    return 0;
}

int twin_port(const struct twin_server *s)
{
    return s->port;
}

void twin_stop(struct twin_server *s)
{
    if (!s) {
        return;
    }
    (void)!write(s->stop[1], "x", 1);
    pthread_join(s->thread, NULL);
    close(s->listener);
    close(s->stop[0]);
    close(s->stop[1]);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

void twin_lock(struct twin_server *s)
{
    pthread_mutex_lock(&s->lock);
}

void twin_unlock(struct twin_server *s)
{
    pthread_mutex_unlock(&s->lock);
}
