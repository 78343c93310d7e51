#include "sim/live/modbus_module.h"

#include "proto/base/check.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"

#include <errno.h>
#include <fcntl.h>
#include <modbus.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

enum {
    REGISTERS = MODULE_DISPLAY_LINES * MODULE_DISPLAY_COLUMNS / 2,
    SETTLE_MS = 40, /* a master may write a display line by line */
    RESTART_MS = 400,
    GATEWAY_TARGET_FAILED = 11,
    UNIT_AT = 6 /* of a Modbus TCP request */
};

struct modbus_module {
    struct modbus_module_config config;
    modbus_t *protocol;
    modbus_mapping_t *bits;
    modbus_mapping_t *display[MODULE_DISPLAYS];
    char shown[MODULE_DISPLAYS][MODULE_TEXT_CAP];
    bool touched[MODULE_DISPLAYS];
    mono_t touched_at;
    int listener, port;
    int client[MODULE_CLIENTS_MAX];
    int client_count;
    int wake[2]; /* a pipe: somebody wants something */
    pthread_t thread;
    bool running;
    pthread_mutex_t lock; /* of what follows, and of bits->tab_input_bits */
    bool stop, restart;
    mono_t silent_until;
    int64_t answered;
};

/* ---- sockets ---- */

static int split_address(const char *listen, char host[64], char port[8])
{
    const char *colon = strrchr(listen, ':');
    if (!colon || colon == listen) {
        return DX_E_CONFIG;
    }
    int64_t number = 0; /* getaddrinfo would take 99999 and cut it */
    int error = str_copy(host, 64, (struct str){listen, (size_t)(colon - listen)});
    if (error || str_parse_i64(str_c(colon + 1), 0, 65535, &number) ||
        str_copy(port, 8, str_c(colon + 1))) {
        return DX_E_CONFIG;
    }
    return 0;
}

static int open_listener(const char *address, int *ret_fd, int *ret_port)
{
    char host[64];
    char service[8];
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (split_address(address, host, service) || getaddrinfo(host, service, &hints, &found) != 0) {
        return DX_E_CONFIG;
    }
    int yes = 1;
    struct sockaddr_in bound;
    socklen_t size = sizeof bound;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int error = 0;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 8) != 0 ||
        getsockname(fd, (struct sockaddr *)&bound, &size) != 0) {
        error = DX_E_IO;
    }
    freeaddrinfo(found);
    if (error) {
        if (fd >= 0) {
            close(fd);
        }
        return error;
    }
    *ret_fd = fd;
    *ret_port = ntohs(bound.sin_port);
    return 0;
}

static void accept_client(struct modbus_module *module)
{
    int yes = 1;
    int fd = accept(module->listener, NULL, NULL);
    if (fd < 0) {
        return;
    }
    if (module->client_count == MODULE_CLIENTS_MAX) {
        close(fd); /* modules have few places; a master tries again */
        return;
    }
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) != 0) {
        log_warn("module.nodelay", "errno=%d", errno);
    }
    module->client[module->client_count++] = fd;
}

static void drop_client(struct modbus_module *module, int index)
{
    close(module->client[index]);
    module->client[index] = module->client[--module->client_count];
}

static void wake(struct modbus_module *module)
{
    char byte = 1;
    if (write(module->wake[1], &byte, 1) < 0 && errno != EAGAIN) {
        log_warn("module.wake", "errno=%d", errno);
    }
}

/* ---- what masters write ---- */

static void tell_coils(struct modbus_module *module, const uint8_t *before)
{
    for (int i = 0; i < MODULE_BITS; i++) {
        bool on = module->bits->tab_bits[i] != 0;
        if (on != (before[i] != 0)) {
            module->config.on_coil(module->config.context, i, on);
        }
    }
}

static char printable(unsigned byte)
{
    return byte >= 0x20 && byte < 0x7F ? (char)byte : ' ';
}

static void read_text(const modbus_mapping_t *map, char out[MODULE_TEXT_CAP])
{
    size_t n = 0;
    for (int line = 0; line < MODULE_DISPLAY_LINES; line++) {
        size_t start = n;
        for (int column = 0; column < MODULE_DISPLAY_COLUMNS; column++) {
            uint16_t two = map->tab_registers[(line * MODULE_DISPLAY_COLUMNS + column) / 2];
            out[n++] = printable(column % 2 ? two & 0xFFu : (unsigned)two >> 8);
        }
        while (n > start && out[n - 1] == ' ') {
            n--;
        }
        out[n++] = line + 1 < MODULE_DISPLAY_LINES ? '\n' : '\0';
    }
}

static void tell_texts(struct modbus_module *module, mono_t now)
{
    if (mono_diff(now, module->touched_at) < SETTLE_MS) {
        return;
    }
    for (int i = 0; i < MODULE_DISPLAYS; i++) {
        char text[MODULE_TEXT_CAP];
        if (!module->touched[i]) {
            continue;
        }
        module->touched[i] = false;
        read_text(module->display[i], text);
        if (strcmp(text, module->shown[i]) != 0) {
            memcpy(module->shown[i], text, sizeof text);
            if (module->config.on_text) {
                module->config.on_text(module->config.context, i, text);
            }
        }
    }
}

/* ---- requests ---- */

static bool is_silent(struct modbus_module *module)
{
    pthread_mutex_lock(&module->lock);
    bool silent = !mono_reached(clock_mono(), module->silent_until);
    module->answered += !silent;
    pthread_mutex_unlock(&module->lock);
    return silent;
}

static int reply(struct modbus_module *module, const uint8_t *request, int size)
{
    int unit = request[UNIT_AT];
    uint8_t before[MODULE_BITS];
    if (unit == MODULE_UNIT) {
        memcpy(before, module->bits->tab_bits, sizeof before);
        pthread_mutex_lock(&module->lock);
        int rc = modbus_reply(module->protocol, request, size, module->bits);
        pthread_mutex_unlock(&module->lock);
        tell_coils(module, before);
        return rc;
    }
    int display = unit - MODULE_UNIT - 1;
    if (display >= 0 && display < MODULE_DISPLAYS) {
        module->touched[display] = true;
        module->touched_at = clock_mono();
        return modbus_reply(module->protocol, request, size, module->display[display]);
    }
    return modbus_reply_exception(module->protocol, request, GATEWAY_TARGET_FAILED);
}

/* One request of one master.  False: it is gone. */
static bool serve(struct modbus_module *module, int fd)
{
    uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
    modbus_set_socket(module->protocol, fd);
    int size = modbus_receive(module->protocol, request);
    if (size < 0) {
        return false;
    }
    if (size == 0 || is_silent(module)) {
        return true;
    }
    return reply(module, request, size) >= 0;
}

static void restart(struct modbus_module *module)
{
    uint8_t before[MODULE_BITS];
    while (module->client_count) {
        drop_client(module, 0);
    }
    memcpy(before, module->bits->tab_bits, sizeof before);
    memset(module->bits->tab_bits, 0, MODULE_BITS);
    tell_coils(module, before);
    for (int i = 0; i < MODULE_DISPLAYS; i++) {
        memset(module->display[i]->tab_registers, 0, REGISTERS * sizeof(uint16_t));
        module->touched[i] = true;
    }
    module->touched_at = clock_mono();
    modbus_module_silence(module, RESTART_MS);
}

/* What other threads asked for; false: stop. */
static bool obey(struct modbus_module *module)
{
    char bytes[64];
    while (read(module->wake[0], bytes, sizeof bytes) > 0) {
    }
    pthread_mutex_lock(&module->lock);
    bool stop = module->stop;
    bool wants_restart = module->restart;
    module->restart = false;
    pthread_mutex_unlock(&module->lock);
    if (wants_restart && !stop) {
        restart(module);
    }
    return !stop;
}

static void *run(void *argument)
{
    struct modbus_module *module = argument;
    for (;;) {
        struct pollfd fds[MODULE_CLIENTS_MAX + 2] = {{.fd = module->wake[0], .events = POLLIN},
                                                     {.fd = module->listener, .events = POLLIN}};
        int clients = module->client_count;
        for (int i = 0; i < clients; i++) {
            fds[i + 2] = (struct pollfd){.fd = module->client[i], .events = POLLIN};
        }
        bool settling = module->touched[0] || module->touched[1];
        poll(fds, (nfds_t)clients + 2, settling ? SETTLE_MS : -1);
        if (fds[0].revents && !obey(module)) {
            return NULL;
        }
        for (int i = clients - 1; i >= 0 && module->client_count == clients; i--) {
            if (fds[i + 2].revents && !serve(module, module->client[i])) {
                drop_client(module, i);
                break; /* the places have moved: look again */
            }
        }
        if (fds[1].revents) {
            accept_client(module);
        }
        tell_texts(module, clock_mono());
    }
}

/* ---- life ---- */

static int make_parts(struct modbus_module *module)
{
    module->protocol = modbus_new_tcp("127.0.0.1", 502); /* never connected: it frames and parses */
    module->bits = modbus_mapping_new(MODULE_BITS, MODULE_BITS, 0, 0);
    bool ok = module->protocol && module->bits;
    for (int i = 0; i < MODULE_DISPLAYS; i++) {
        module->display[i] = modbus_mapping_new(0, 0, REGISTERS, 0);
        ok = ok && module->display[i];
    }
    if (!ok) {
        return DX_E_MEMORY;
    }
    /* Half a request must not hold the others up for long. */
    modbus_set_indication_timeout(module->protocol, 0, 200000);
    modbus_set_byte_timeout(module->protocol, 0, 100000);
    modbus_set_response_timeout(module->protocol, 0, 1000);
    return 0;
}

int modbus_module_start(const struct modbus_module_config *config,
                        struct modbus_module **ret_module)
{
    struct modbus_module *module = calloc(1, sizeof *module);
    if (!module) {
        return DX_E_MEMORY;
    }
    module->config = *config;
    module->listener = module->wake[0] = module->wake[1] = -1;
    pthread_mutex_init(&module->lock, NULL);
    int error = make_parts(module);
    if (!error) {
        error = open_listener(config->listen, &module->listener, &module->port);
    }
    if (!error && (pipe(module->wake) != 0 || fcntl(module->wake[0], F_SETFL, O_NONBLOCK) != 0 ||
                   fcntl(module->wake[1], F_SETFL, O_NONBLOCK) != 0 ||
                   pthread_create(&module->thread, NULL, run, module) != 0)) {
        error = DX_E_IO;
    }
    module->running = !error;
    if (error) {
        modbus_module_stop(module);
        return error;
    }
    *ret_module = module;
    return 0;
}

static void close_fd(int fd)
{
    if (fd >= 0) {
        close(fd);
    }
}

void modbus_module_stop(struct modbus_module *module)
{
    if (!module) {
        return;
    }
    if (module->running) {
        pthread_mutex_lock(&module->lock);
        module->stop = true;
        pthread_mutex_unlock(&module->lock);
        wake(module);
        pthread_join(module->thread, NULL);
    }
    while (module->client_count) {
        drop_client(module, 0);
    }
    close_fd(module->listener);
    close_fd(module->wake[0]);
    close_fd(module->wake[1]);
    if (module->bits) {
        modbus_mapping_free(module->bits);
    }
    for (int i = 0; i < MODULE_DISPLAYS; i++) {
        if (module->display[i]) {
            modbus_mapping_free(module->display[i]);
        }
    }
    if (module->protocol) {
        modbus_set_socket(module->protocol, -1);
        modbus_free(module->protocol);
    }
    pthread_mutex_destroy(&module->lock);
    free(module);
}

int modbus_module_port(const struct modbus_module *module)
{
    return module->port;
}

void modbus_module_set_input(struct modbus_module *module, int address, bool on)
{
    must(address >= 0 && address < MODULE_BITS);
    pthread_mutex_lock(&module->lock);
    module->bits->tab_input_bits[address] = on;
    pthread_mutex_unlock(&module->lock);
}

void modbus_module_silence(struct modbus_module *module, int64_t for_ms)
{
    pthread_mutex_lock(&module->lock);
    module->silent_until = mono_add(clock_mono(), for_ms);
    pthread_mutex_unlock(&module->lock);
}

void modbus_module_restart(struct modbus_module *module)
{
    pthread_mutex_lock(&module->lock);
    module->restart = true;
    pthread_mutex_unlock(&module->lock);
    wake(module);
}

int64_t modbus_module_answered(struct modbus_module *module)
{
    pthread_mutex_lock(&module->lock);
    int64_t answered = module->answered;
    pthread_mutex_unlock(&module->lock);
    return answered;
}
