#include "tests/integration/modbus_peer.h"

#include "proto/io/clock_os.h"
#include "proto/io/mailbox.h"
#include "tests/harness/harness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <modbus/modbus.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAP_SIZE = 600 };

struct modbus_peer {
    enum peer_line line;
    char device[128];
    int listener, port;
    int stop_pipe[2];
    modbus_t *context;
    modbus_mapping_t *map;
    struct mailbox *writes;
    pthread_t thread;
    pthread_mutex_t lock; /* guards the map and what follows */
    bool silent;
    int late_ms, requests;
};

static void wait_ms(int ms)
{
    poll(NULL, 0, ms);
}

/* What a request wrote, for the test to see. */
static void note_write(struct modbus_peer *p, const uint8_t *request, int head)
{
    const uint8_t *r = request + head;
    struct peer_write write = {.unit = request[head - 1], .function = r[0]};
    write.address = r[1] << 8 | r[2];
    write.value = r[3] << 8 | r[4];
    if (write.function == 5 || write.function == 6 || write.function == 15 ||
        write.function == 16) {
        (void)!mailbox_post(p->writes, &write);
    }
}

static void answer(struct modbus_peer *p, modbus_t *context, const uint8_t *request, int n)
{
    pthread_mutex_lock(&p->lock);
    int late = p->late_ms;
    bool silent = p->silent;
    p->late_ms = 0;
    p->requests++;
    pthread_mutex_unlock(&p->lock);
    if (late) {
        wait_ms(late);
    }
    if (silent) {
        return;
    }
    pthread_mutex_lock(&p->lock);
    modbus_reply(context, request, n, p->map);
    pthread_mutex_unlock(&p->lock);
    note_write(p, request, modbus_get_header_length(context));
}

/* Serves one open line until it ends or the peer is stopped; true to go on. */
static bool serve(struct modbus_peer *p, modbus_t *context)
{
    uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
    for (;;) {
        struct pollfd wait[2] = {{.fd = modbus_get_socket(context), .events = POLLIN},
                                 {.fd = p->stop_pipe[0], .events = POLLIN}};
        poll(wait, 2, -1);
        if (wait[1].revents) {
            return false;
        }
        int n = modbus_receive(context, request);
        if (n > 0) {
            answer(p, context, request, n);
        } else if (n < 0 && p->line != PEER_RTU) {
            return true; /* the client has gone */
        }
    }
}

static void *work(void *argument)
{
    struct modbus_peer *p = argument;
    bool going = true;
    while (going && p->line == PEER_RTU) {
        going = serve(p, p->context);
    }
    while (going) {
        struct pollfd wait[2] = {{.fd = p->listener, .events = POLLIN},
                                 {.fd = p->stop_pipe[0], .events = POLLIN}};
        poll(wait, 2, -1);
        if (wait[1].revents) {
            break;
        }
        int fd = accept(p->listener, NULL, NULL);
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        modbus_set_socket(p->context, fd);
        going = serve(p, p->context);
        close(fd);
    }
    return NULL;
}

static void listen_on(struct modbus_peer *p)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)p->port)};
    socklen_t size = sizeof address;
    int on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    p->listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(p->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ok(bind(p->listener, (struct sockaddr *)&address, sizeof address));
    ok(listen(p->listener, 4));
    ok(getsockname(p->listener, (struct sockaddr *)&address, &size));
    p->port = ntohs(address.sin_port);
}

void modbus_peer_resume(struct modbus_peer *p)
{
    memset(p->map->tab_bits, 0, MAP_SIZE);
    ok(pipe(p->stop_pipe));
    if (p->line == PEER_TCP) {
        p->context = modbus_new_tcp("127.0.0.1", 1502);
    } else {
        p->context = modbus_new_rtu(p->device, 115200, 'N', 8, 1);
        modbus_set_slave(p->context, 1);
    }
    assert_non_null(p->context);
    if (p->line == PEER_RTU) {
        ok(modbus_connect(p->context));
    } else {
        listen_on(p);
    }
    ok(pthread_create(&p->thread, NULL, work, p));
}

struct modbus_peer *modbus_peer_start(enum peer_line line, const char *device)
{
    struct modbus_peer *p = calloc(1, sizeof *p);
    assert_non_null(p);
    p->line = line;
    snprintf(p->device, sizeof p->device, "%s", device && device[0] ? device : "none");
    p->map = modbus_mapping_new(MAP_SIZE, MAP_SIZE, MAP_SIZE, MAP_SIZE);
    assert_non_null(p->map);
    ok(mailbox_new(sizeof(struct peer_write), 1024, &p->writes));
    pthread_mutex_init(&p->lock, NULL);
    signal(SIGPIPE, SIG_IGN);
    modbus_peer_resume(p);
    return p;
}

void modbus_peer_pause(struct modbus_peer *p)
{
    assert_int_equal(write(p->stop_pipe[1], "x", 1), 1);
    pthread_join(p->thread, NULL);
    if (p->line == PEER_RTU) {
        modbus_close(p->context);
    } else {
        close(p->listener);
    }
    modbus_free(p->context);
    close(p->stop_pipe[0]);
    close(p->stop_pipe[1]);
}

void modbus_peer_stop(struct modbus_peer *p)
{
    modbus_peer_pause(p);
    modbus_mapping_free(p->map);
    mailbox_free(p->writes);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

int modbus_peer_port(const struct modbus_peer *p)
{
    return p->port;
}

void modbus_peer_input(struct modbus_peer *p, int address, bool on)
{
    pthread_mutex_lock(&p->lock);
    p->map->tab_input_bits[address] = on;
    pthread_mutex_unlock(&p->lock);
}

bool modbus_peer_coil(struct modbus_peer *p, int address)
{
    pthread_mutex_lock(&p->lock);
    bool on = p->map->tab_bits[address] != 0;
    pthread_mutex_unlock(&p->lock);
    return on;
}

int modbus_peer_register(struct modbus_peer *p, int address)
{
    pthread_mutex_lock(&p->lock);
    int value = p->map->tab_registers[address];
    pthread_mutex_unlock(&p->lock);
    return value;
}

void modbus_peer_silent(struct modbus_peer *p, bool silent)
{
    pthread_mutex_lock(&p->lock);
    p->silent = silent;
    pthread_mutex_unlock(&p->lock);
}

void modbus_peer_late(struct modbus_peer *p, int ms)
{
    pthread_mutex_lock(&p->lock);
    p->late_ms = ms;
    pthread_mutex_unlock(&p->lock);
}

int modbus_peer_requests(struct modbus_peer *p)
{
    pthread_mutex_lock(&p->lock);
    int requests = p->requests;
    pthread_mutex_unlock(&p->lock);
    return requests;
}

bool modbus_peer_wait_write(struct modbus_peer *p, int ms, struct peer_write *ret_write)
{
    return mailbox_take(p->writes, mono_add(clock_mono(), ms), ret_write) == 0;
}

/* ---- a line made of two pseudo-terminals ---- */

bool pty_pair_start(struct pty_pair *pair, const char *folder)
{
    char left[192];
    char right[192];
    snprintf(pair->a, sizeof pair->a, "%s/a", folder);
    snprintf(pair->b, sizeof pair->b, "%s/b", folder);
    snprintf(left, sizeof left, "pty,raw,echo=0,link=%s", pair->a);
    snprintf(right, sizeof right, "pty,raw,echo=0,link=%s", pair->b);
    pair->pid = fork();
    assert_true(pair->pid >= 0);
    if (pair->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM); /* a test that fails leaves nothing behind */
        execlp("socat", "socat", left, right, (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 500; i++) {
        if (access(pair->a, R_OK) == 0 && access(pair->b, R_OK) == 0) {
            return true;
        }
        if (waitpid(pair->pid, NULL, WNOHANG) == pair->pid) {
            printf("SKIPPED: socat is not installed\n");
            pair->pid = 0;
            return false;
        }
        wait_ms(10);
    }
    fail_msg("socat made no devices");
    return false;
}

void pty_pair_stop(struct pty_pair *pair)
{
    if (pair->pid > 0) {
        kill(pair->pid, SIGTERM);
        waitpid(pair->pid, NULL, 0);
        pair->pid = 0;
    }
}
