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

enum { ADDRESS_CAP = 256, HOST_CAP = 64, RAW_CAP = MODBUS_TCP_MAX_ADU_LENGTH };

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
    while (port->config.turnaround_ms && clock_mono().ms < port->rested_ms) {
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

static int read_block(struct modbus_port *port, const struct modbus_block *block,
                      uint16_t *ret_values)
{
    uint8_t bits[MODBUS_BITS_MAX];
    int error = begin(port, block->unit);
    if (error) {
        return error;
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

/* FC05 with a value of a board's own (0x0100, a time): the library knows on and off only. */
static int write_odd_coil(struct modbus_port *port, const struct modbus_write *write)
{
    uint8_t request[] = {(uint8_t)write->unit,           5,
                         (uint8_t)(write->address >> 8), (uint8_t)write->address,
                         (uint8_t)(write->value >> 8),   (uint8_t)write->value};
    uint8_t answer[RAW_CAP];
    if (modbus_send_raw_request(port->context, request, sizeof request) < 0) {
        return error_from_errno(errno);
    }
    int n = modbus_receive_confirmation(port->context, answer);
    if (n < 0) {
        return error_from_errno(errno);
    }
    int head = modbus_get_header_length(port->context);
    int tail =
        port->config.transport == TRANSPORT_TCP ? 0 : 2; /* the CRC, checked by the library */
    if (n > head && (answer[head] & 0x80) != 0) {
        return DX_E_DENIED;
    }
    bool same = n == head + 5 + tail && memcmp(answer + head, request + 1, 5) == 0;
    return same ? 0 : DX_E_CHECK;
}

int modbus_port_read(struct modbus_port *port, const struct modbus_block *block,
                     uint16_t *ret_values)
{
    return rest(port, read_block(port, block, ret_values));
}

static int write_one(struct modbus_port *port, const struct modbus_write *write)
{
    int error = begin(port, write->unit);
    if (error) {
        return error;
    }
    int n = -1;
    uint8_t bit = write->value != 0;
    switch (write->function) {
    case 5:
        if (write->value != 0 && write->value != 0xFF00) {
            return write_odd_coil(port, write);
        }
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
    return rest(port, write_one(port, write));
}

int modbus_port_write_words(struct modbus_port *port, int unit, int first, const uint16_t *words,
                            int count)
{
    int error = begin(port, unit);
    if (error) {
        return error;
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
