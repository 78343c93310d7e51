/*
 * modbus_module.h - the I/O module and the text displays of the street, as a Modbus TCP server.
 *
 * Unit 1 is the module: 16 discrete inputs, 16 coils.  Units 2 and 3 are text
 * displays: holding registers from 0, two ASCII characters each, high byte first,
 * 4 lines of 20 columns one after the other.  The addresses are those of
 * etc/gate.yaml: lane 1 has inputs 0 to 3 (arming loop, safety loop, opened,
 * closed) and coils 0 and 1 (open, close); lane 2 has 8 to 11, and 8 and 9.
 *
 * Several masters at once, one thread.  Nagle's algorithm is off on every
 * connection: a poll costs 0.1 ms, not 40.  Another unit answers exception 11,
 * an address outside exception 2, as modules do.
 *
 * It can be told to misbehave: to go silent (requests are swallowed, nothing is
 * answered) and to restart (connections closed, all coils off, and only then
 * back).  Coils that a restart lets go are edges like any other.
 *
 * Not here: arms and loops (sim/world.h): this is wires, not mechanics.
 */
#ifndef DOXE_SIM_MODBUS_MODULE_H
#define DOXE_SIM_MODBUS_MODULE_H

#include "proto/base/str.h"

enum {
    MODULE_UNIT = 1,
    MODULE_BITS = 16,
    MODULE_DISPLAYS = 2,
    MODULE_DISPLAY_LINES = 4,
    MODULE_DISPLAY_COLUMNS = 20,
    MODULE_CLIENTS_MAX = 16,
    /* four lines, with newlines between them, and NUL */
    MODULE_TEXT_CAP = MODULE_DISPLAY_LINES * (MODULE_DISPLAY_COLUMNS + 1) + 1
};

struct modbus_module;

struct modbus_module_config {
    const char *listen; /* "127.0.0.1:1502"; port 0 takes a free one (modbus_module_port) */
    void *context;
    /* A coil changed.  In the module's thread: be quick. */
    void (*on_coil)(void *context, int address, bool on);
    /* A display (0 for unit 2, 1 for unit 3) shows another text and has settled; may be NULL. */
    void (*on_text)(void *context, int display, const char *text);
};

/* DX_E_CONFIG: no address; DX_E_IO: the port is taken; DX_E_MEMORY. */
DX_MUST_USE int modbus_module_start(const struct modbus_module_config *config,
                                    struct modbus_module **ret_module);
/* NULL is fine. */
void modbus_module_stop(struct modbus_module *module);
int modbus_module_port(const struct modbus_module *module);

/* From any thread. */
void modbus_module_set_input(struct modbus_module *module, int address, bool on);
void modbus_module_silence(struct modbus_module *module, int64_t for_ms);
void modbus_module_restart(struct modbus_module *module);
/* Requests answered so far. */
int64_t modbus_module_answered(struct modbus_module *module);

#endif
