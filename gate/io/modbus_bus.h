/*
 * modbus_bus.h - one worker thread that owns one Modbus bus.
 *
 * The thread runs a bus machine (bus_machine.h: what is done, in which order,
 * and every interlock) over a port (modbus_port.h).  Orders and texts go in
 * through a bounded queue; levels, outcomes and the state of lanes come out
 * through `report`, which is called in the worker's thread and must only put the
 * value into a mailbox: not 0 means "no room", and it is said again.
 */
#ifndef DOXE_GATE_IO_MODBUS_BUS_H
#define DOXE_GATE_IO_MODBUS_BUS_H

#include "gate/io/bus_machine.h"

struct modbus_bus;

struct modbus_bus_config {
    struct modbus_port_config port;
    struct bus_machine_config machine;
    void *context;
    int (*report)(void *context, const struct bus_report *report);
};

/* DX_E_CONFIG, DX_E_MEMORY, DX_E_IO (no thread).  The interlock must outlive the bus. */
DX_MUST_USE int modbus_bus_start(const struct modbus_bus_config *config,
                                 struct modbus_bus **ret_bus);
/*
 * Ends pulses and closing, closes the line, waits for the thread: at most the
 * request under way and one more for each output, and frees.  NULL is fine.
 */
void modbus_bus_stop(struct modbus_bus *bus);
/* DX_E_FULL; else exactly one COIL report follows.  Never blocks. */
DX_MUST_USE int modbus_bus_order(struct modbus_bus *bus, int lane, enum output_role role,
                                 enum output_act act);
/* What the lane's display shows; DX_E_FULL.  Never blocks. */
DX_MUST_USE int modbus_bus_text(struct modbus_bus *bus, int lane, const uint16_t *words, int count);

#endif
