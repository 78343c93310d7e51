#include "gate/io/modbus_port.h"

#include "proto/io/clock_os.h"
#include "proto/io/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <modbus/modbus.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

enum { ADDRESS_CAP = 256, HOST_CAP = 64, RAW_CAP = MODBUS_TCP_MAX_ADU_LENGTH + 8 };

struct modbus_port {
    struct modbus_port_config config;
    char address[ADDRESS_CAP];
    char host[HOST_CAP];
    int tcp_port;
    modbus_t *context;
    bool open;
    int64_t rested_ms; /* monotonic; end of the rest after the last answer */
};

int modbus_split_address(struct str address, char *ret_host, size_t cap, int *ret_port)
{
    size_t colon = address.n;
    while (colon > 0 && address.p[colon - 1] != ':') {
        colon--;
    }
    int64_t port;
    struct in_addr unused;
    char host[HOST_CAP];
    if (colon == 0 || str_copy(host, sizeof host, str_slice(address, 0, colon - 1)) ||
        inet_pton(AF_INET, host, &unused) != 1 ||
        str_parse_i64(str_slice(address, colon, address.n), 1, 65535, &port) ||
        strlen(host) >= cap) {
        return DX_E_FORMAT;
    }
    str_copy_cut(ret_host, cap, str_c(host));
    *ret_port = (int)port;
    return 0;
}

static int error_from_errno(int code)
{
    switch (code) {
    case ETIMEDOUT:
        return DX_E_TIMEOUT;
    case EMBBADCRC:
    case EMBBADDATA:
    case EMBBADEXC:
    case EMBBADSLAVE:
    case EMBMDATA:
    case EMBUNKEXC:
        return DX_E_CHECK;
    default:
        /* The exception codes of the protocol are numbered one after another. */
        return code >= EMBXILFUN && code <= EMBXGTAR ? DX_E_DENIED : DX_E_LINK;
    }
}

static modbus_t *make_context(const struct modbus_port *port)
{
    const struct modbus_port_config *c = &port->config;
    if (c->transport == TRANSPORT_TCP) {
        return modbus_new_tcp(port->host, port->tcp_port);
    }
    if (c->transport == TRANSPORT_RTU) {
        return modbus_new_rtu(port->address, c->baud, c->parity, c->data_bits, c->stop_bits);
    }
    return modbus_new_rtu("tcp", 9600, 'N', 8, 1); /* never opened: gets our socket */
}

int modbus_port_new(const struct modbus_port_config *config, struct modbus_port **ret_port)
{
    struct modbus_port *port = calloc(1, sizeof *port);
    if (!port) {
        return DX_E_MEMORY;
    }
    port->config = *config;
    int error = str_copy(port->address, sizeof port->address, str_c(config->address));
    port->config.address = port->address;
    if (!error && config->transport != TRANSPORT_RTU) {
        error = modbus_split_address(str_c(config->address), port->host, sizeof port->host,
                                     &port->tcp_port);
    }
    if (error || config->timeout_ms < 1) {
        free(port);
        return DX_E_CONFIG;
    }
    port->context = make_context(port);
    if (!port->context) {
        free(port);
        return errno == ENOMEM ? DX_E_MEMORY : DX_E_CONFIG;
    }
    modbus_set_error_recovery(port->context, MODBUS_ERROR_RECOVERY_NONE);
    modbus_set_response_timeout(port->context, (uint32_t)config->timeout_ms / 1000,
                                (uint32_t)config->timeout_ms % 1000 * 1000);
    /* Zero: the response timeout then bounds the whole answer, not each byte anew. */
    modbus_set_byte_timeout(port->context, 0, (uint32_t)config->frame_ms * 1000);
    *ret_port = port;
    return 0;
}

void modbus_port_free(struct modbus_port *port)
{
    if (port) {
        modbus_port_close(port);
        modbus_free(port->context);
        free(port);
    }
}

/* A connected socket, non-blocking until connected so that a silent address costs one timeout. */
static int connect_socket(const struct modbus_port *port, int *ret_socket)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_port = htons((uint16_t)port->tcp_port);
    if (inet_pton(AF_INET, port->host, &address.sin_addr) != 1) {
        return DX_E_LINK;
    }
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return DX_E_LINK;
    }
    int on = 1;
    int failed = 0;
    socklen_t size = sizeof failed;
    int error = 0;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        struct pollfd wait = {.fd = fd, .events = POLLOUT};
        if (errno != EINPROGRESS) {
            error = DX_E_LINK;
        } else if (poll(&wait, 1, port->config.timeout_ms) <= 0) {
            error = DX_E_TIMEOUT;
        } else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &size) != 0 || failed) {
            error = DX_E_LINK;
        }
    }
    /* The library reads after select and writes small frames: it expects a blocking socket. */
    if (!error && fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK) != 0) {
        error = DX_E_LINK;
    }
    if (error) {
        close(fd);
        return error;
    }
    *ret_socket = fd;
    return 0;
}

int modbus_port_open(struct modbus_port *port)
{
    modbus_port_close(port);
    if (port->config.transport == TRANSPORT_RTU) {
        if (modbus_connect(port->context) != 0) {
            return DX_E_LINK;
        }
        if (port->config.rs485 &&
            modbus_rtu_set_serial_mode(port->context, MODBUS_RTU_RS485) != 0) {
            log_warn("bus.rs485", "device=%s reason=\"the driver has no direction line\"",
                     port->address);
        }
    } else {
        int fd;
        int error = connect_socket(port, &fd);
        if (error) {
            return error;
        }
        modbus_set_socket(port->context, fd);
    }
    port->open = true;
    modbus_port_flush(port);
    return 0;
}

void modbus_port_close(struct modbus_port *port)
{
    if (port->open) {
        modbus_close(port->context);
        port->open = false;
    }
}

bool modbus_port_is_open(const struct modbus_port *port)
{
    return port->open;
}

void modbus_port_flush(struct modbus_port *port)
{
    if (!port->open) {
        return;
    }
    if (port->config.transport == TRANSPORT_RTU) {
        modbus_flush(port->context);
        return;
    }
    char waste[256];
    while (recv(modbus_get_socket(port->context), waste, sizeof waste, MSG_DONTWAIT) > 0) {
    }
}

/* Addresses the device.  What lies unread on a serial line cannot be an answer to come. */
static int begin(struct modbus_port *port, int unit)
{
    if (!port->open) {
        return DX_E_LINK;
    }
    while (port->rested_ms && clock_mono().ms < port->rested_ms) {
        poll(NULL, 0, (int)(port->rested_ms - clock_mono().ms) + 1);
    }
    if (port->config.transport != TRANSPORT_TCP) {
        modbus_port_flush(port);
    }
    return modbus_set_slave(port->context, unit) == 0 ? 0 : DX_E_INVAL;
}

/* The line rests from the end of an answer on. */
static int rest(struct modbus_port *port, int error)
{
    if (port->config.turnaround_ms) {
        port->rested_ms = clock_mono().ms + port->config.turnaround_ms;
    }
    return error;
}

/* ---- requests of our own: what the library has no words for ---- */

/* What was sent comes back first, from an adapter that hears itself. */
static int swallow_echo(struct modbus_port *port, const uint8_t *sent, int n)
{
    enum { CRC = 2 };
    uint8_t heard[RAW_CAP];
    int64_t until = clock_mono().ms + port->config.timeout_ms;
    for (int got = 0; got < n + CRC;) {
        struct pollfd wait = {.fd = modbus_get_socket(port->context), .events = POLLIN};
        int64_t left = until - clock_mono().ms;
        if (left <= 0 || poll(&wait, 1, (int)left) <= 0) {
            return DX_E_TIMEOUT;
        }
        ssize_t more = read(wait.fd, heard + got, (size_t)(n + CRC - got));
        if (more <= 0) {
            return more < 0 && errno == EINTR ? DX_E_TIMEOUT : DX_E_LINK;
        }
        got += (int)more;
    }
    return memcmp(heard, sent, (size_t)n) == 0 ? 0 : DX_E_CHECK; /* no echo, or not only ours */
}

/* `request` begins with the unit; nobody answers one to all. */
static int send_request(struct modbus_port *port, const uint8_t *request, int n)
{
    if (modbus_send_raw_request(port->context, request, n) < 0) {
        return error_from_errno(errno);
    }
    return port->config.echo ? swallow_echo(port, request, n) : 0;
}

/* The answer from its function on, without its check; *ret_n bytes of it. */
static int ask(struct modbus_port *port, const uint8_t *request, int request_n,
               uint8_t answer[RAW_CAP], const uint8_t **ret_pdu, int *ret_n)
{
    int error = send_request(port, request, request_n);
    if (error) {
        return error;
    }
    int n = modbus_receive_confirmation(port->context, answer);
    if (n < 0) {
        return error_from_errno(errno);
    }
    int head = modbus_get_header_length(port->context);
    int tail = port->config.transport == TRANSPORT_TCP ? 0 : 2; /* checked by the library */
    if (n < head + 2 + tail || answer[head - 1] != request[0]) {
        return DX_E_CHECK;
    }
    if (answer[head] & 0x80) {
        return answer[head] == (request[1] | 0x80) ? DX_E_DENIED : DX_E_CHECK;
    }
    *ret_pdu = answer + head;
    *ret_n = n - head - tail;
    return answer[head] == request[1] ? 0 : DX_E_CHECK;
}

/* Function, address and value, or count, come back as they were sent. */
static int ask_write(struct modbus_port *port, const uint8_t *request, int n)
{
    uint8_t answer[RAW_CAP];
    const uint8_t *pdu = NULL;
    int got = 0;
    if (request[0] == 0) {
        return send_request(port, request, n);
    }
    int error = ask(port, request, n, answer, &pdu, &got);
    return error ? error : got == 5 && memcmp(pdu, request + 1, 5) == 0 ? 0 : DX_E_CHECK;
}

static int write_raw(struct modbus_port *port, const struct modbus_write *write)
{
    uint8_t request[9] = {(uint8_t)write->unit, (uint8_t)write->function,
                          (uint8_t)(write->address >> 8), (uint8_t)write->address};
    uint8_t high = (uint8_t)(write->value >> 8);
    uint8_t low = (uint8_t)write->value;
    if (write->function == 5 || write->function == 6) {
        request[4] = high;
        request[5] = low;
        return ask_write(port, request, 6);
    }
    request[5] = 1; /* one coil, or one register */
    request[6] = write->function == 15 ? 1 : 2;
    request[7] = write->function == 15 ? write->value != 0 : high;
    request[8] = low;
    return ask_write(port, request, write->function == 15 ? 8 : 9);
}

static int write_words_raw(struct modbus_port *port, int unit, int first, const uint16_t *words,
                           int count)
{
    uint8_t request[7 + 2 * MODBUS_TEXT_WORDS_MAX] = {(uint8_t)unit,         16,
                                                      (uint8_t)(first >> 8), (uint8_t)first,
                                                      (uint8_t)(count >> 8), (uint8_t)count,
                                                      (uint8_t)(2 * count)};
    if (count < 1 || count > MODBUS_TEXT_WORDS_MAX) {
        return DX_E_INVAL;
    }
    for (int i = 0; i < count; i++) {
        request[7 + 2 * i] = (uint8_t)(words[i] >> 8);
        request[8 + 2 * i] = (uint8_t)words[i];
    }
    return ask_write(port, request, 7 + 2 * count);
}

static int read_raw(struct modbus_port *port, const struct modbus_block *block,
                    uint16_t *ret_values)
{
    static const uint8_t functions[] = {1, 2, 4, 3};
    uint8_t request[6] = {(uint8_t)block->unit,         functions[block->table],
                          (uint8_t)(block->first >> 8), (uint8_t)block->first,
                          (uint8_t)(block->count >> 8), (uint8_t)block->count};
    uint8_t answer[RAW_CAP];
    const uint8_t *pdu = NULL;
    int n = 0;
    bool bits = modbus_table_is_bits(block->table);
    int bytes = bits ? (block->count + 7) / 8 : 2 * block->count;
    int error = ask(port, request, sizeof request, answer, &pdu, &n);
    if (error || n != 2 + bytes || pdu[1] != bytes) {
        return error ? error : DX_E_CHECK;
    }
    for (int i = 0; i < block->count; i++) {
        int value = bits ? pdu[2 + i / 8] >> (i % 8) & 1 : pdu[2 + 2 * i] << 8 | pdu[3 + 2 * i];
        ret_values[i] = (uint16_t)value;
    }
    return 0;
}

static int read_block(struct modbus_port *port, const struct modbus_block *block,
                      uint16_t *ret_values)
{
    uint8_t bits[MODBUS_BITS_MAX];
    int error = begin(port, block->unit);
    if (error || port->config.echo) {
        return error ? error : read_raw(port, block, ret_values);
    }
    if (modbus_table_is_bits(block->table)) {
        int n = block->table == MODBUS_COIL
                    ? modbus_read_bits(port->context, block->first, block->count, bits)
                    : modbus_read_input_bits(port->context, block->first, block->count, bits);
        if (n != block->count) {
            return n < 0 ? error_from_errno(errno) : DX_E_CHECK;
        }
        for (int i = 0; i < n; i++) {
            ret_values[i] = bits[i];
        }
        return 0;
    }
    uint16_t words[MODBUS_WORDS_MAX];
    int n = block->table == MODBUS_HOLDING
                ? modbus_read_registers(port->context, block->first, block->count, words)
                : modbus_read_input_registers(port->context, block->first, block->count, words);
    if (n != block->count) {
        return n < 0 ? error_from_errno(errno) : DX_E_CHECK;
    }
    memcpy(ret_values, words, (size_t)n * sizeof words[0]);
    return 0;
}

int modbus_port_read(struct modbus_port *port, const struct modbus_block *block,
                     uint16_t *ret_values)
{
    return rest(port, read_block(port, block, ret_values));
}

static int write_one(struct modbus_port *port, const struct modbus_write *write)
{
    int error = begin(port, write->unit);
    bool odd = write->function == 5 && write->value != 0 && write->value != 0xFF00;
    bool to_all = write->unit == 0 && port->config.transport != TRANSPORT_TCP;
    if (error || odd || to_all || port->config.echo) {
        return error ? error : write_raw(port, write);
    }
    int n = -1;
    uint8_t bit = write->value != 0;
    switch (write->function) {
    case 5:
        n = modbus_write_bit(port->context, write->address, bit);
        break;
    case 6:
        n = modbus_write_register(port->context, write->address, write->value);
        break;
    case 15:
        n = modbus_write_bits(port->context, write->address, 1, &bit);
        break;
    case 16:
        n = modbus_write_registers(port->context, write->address, 1, &write->value);
        break;
    default:
        return DX_E_INVAL;
    }
    return n == 1 ? 0 : n < 0 ? error_from_errno(errno) : DX_E_CHECK;
}

int modbus_port_write(struct modbus_port *port, const struct modbus_write *write)
{
    int error = rest(port, write_one(port, write));
    if (write->unit == 0) { /* nobody answers: each takes its time */
        port->rested_ms = clock_mono().ms + (port->config.turnaround_ms > MODBUS_TO_ALL_MS
                                                 ? port->config.turnaround_ms
                                                 : MODBUS_TO_ALL_MS);
    }
    return error;
}

int modbus_port_write_words(struct modbus_port *port, int unit, int first, const uint16_t *words,
                            int count)
{
    int error = begin(port, unit);
    if (error) {
        return error;
    }
    if (port->config.echo) {
        return rest(port, write_words_raw(port, unit, first, words, count));
    }
    int n = modbus_write_registers(port->context, first, count, words);
    return rest(port, n == count ? 0 : n < 0 ? error_from_errno(errno) : DX_E_CHECK);
}

int modbus_port_nodelay(const struct modbus_port *port)
{
    int on = 0;
    socklen_t size = sizeof on;
    if (!port->open || port->config.transport == TRANSPORT_RTU ||
        getsockopt(modbus_get_socket(port->context), IPPROTO_TCP, TCP_NODELAY, &on, &size) != 0) {
        return -1;
    }
    return on != 0;
}
