/*
 * modbus_port.h - one line to Modbus devices: TCP, RTU, or RTU frames over TCP.
 *
 * The only file of the gate that sees libmodbus is modbus_port.c.  Every call
 * ends within the time given in the configuration: error recovery is off (the
 * library's own sleeps, and can retry for ever), connecting is bounded, and one
 * answer has one deadline however slowly its bytes drip in.  TCP_NODELAY is set.
 *
 * A port belongs to one thread.  It does not retry, count or decide: that is
 * modbus_bus.h.  In particular, after any error the caller must keep the line
 * quiet for one timeout and then call modbus_port_flush: an RTU answer carries
 * no number, so a late one would be taken for the answer to the next question.
 *
 * An adapter that echoes, not told to be one: its echo of a write is taken for the answer, which
 * looks the same; its echo of a read is damaged, so the unit is never up and moves nothing.  One
 * that was told to echo and does not: damaged too.
 *
 * Errors: DX_E_TIMEOUT nobody answered; DX_E_CHECK an answer that is damaged or
 * not to this question; DX_E_DENIED the device refused (a Modbus exception: it
 * is alive, the register map is wrong); DX_E_LINK the line itself is gone.
 */
#ifndef DOXE_GATE_MODBUS_PORT_H
#define DOXE_GATE_MODBUS_PORT_H

#include "gate/io/modbus_map.h"

struct modbus_port;

enum modbus_transport { TRANSPORT_TCP, TRANSPORT_RTU, TRANSPORT_RTU_OVER_TCP };

enum {
    MODBUS_TEXT_WORDS_MAX = 123, /* of one FC16 request (Modbus application protocol 6.12) */
    MODBUS_TO_ALL_MS = 20        /* the line rests at least so long after a write to all */
};

struct modbus_port_config {
    enum modbus_transport transport;
    const char *address; /* "192.0.2.7:502", numeric; or "/dev/ttyUSB0" */
    int timeout_ms;      /* for connecting and for one answer */
    int baud;            /* RTU only, as the next three */
    char parity;         /* 'N', 'E', 'O' */
    int data_bits, stop_bits;
    int turnaround_ms; /* rest after an answer */
    int frame_ms;      /* between two bytes; 0: timeout_ms bounds the whole answer */
    bool rs485;        /* RTU: the driver drives the direction line; not fatal when it cannot */
    bool echo;         /* RTU frames: what is sent comes back before the answer, and is taken off */
};

/* What an output gets: one coil or one register. */
struct modbus_write {
    int unit;     /* 0, RTU frames only: all of them, and nobody answers */
    int function; /* 5, 6, 15, 16 */
    int address;
    uint16_t value; /* FC05: 0xFF00 on, 0 off, or what an odd board wants; FC15: 0 or not 0 */
};

/* Copies the configuration.  DX_E_CONFIG: the address is none; DX_E_MEMORY. */
DX_MUST_USE int modbus_port_new(const struct modbus_port_config *config,
                                struct modbus_port **ret_port);
void modbus_port_free(struct modbus_port *port);
/* DX_E_LINK, DX_E_TIMEOUT.  An open port is closed first. */
DX_MUST_USE int modbus_port_open(struct modbus_port *port);
void modbus_port_close(struct modbus_port *port);
bool modbus_port_is_open(const struct modbus_port *port);
/* Throw away what has arrived. */
void modbus_port_flush(struct modbus_port *port);

/* One value per address; bits are 0 or 1. */
DX_MUST_USE int modbus_port_read(struct modbus_port *port, const struct modbus_block *block,
                                 uint16_t *ret_values);
DX_MUST_USE int modbus_port_write(struct modbus_port *port, const struct modbus_write *write);
/* FC16 */
DX_MUST_USE int modbus_port_write_words(struct modbus_port *port, int unit, int first,
                                        const uint16_t *words, int count);

/* The connected socket's TCP_NODELAY, for a test: 1, 0, or -1 for a serial line. */
int modbus_port_nodelay(const struct modbus_port *port);

/* "192.0.2.7:502" taken apart: host (cap bytes) and port.  DX_E_FORMAT. */
DX_MUST_USE int modbus_split_address(struct str address, char *ret_host, size_t cap, int *ret_port);

#endif
