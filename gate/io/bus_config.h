/* bus_config.h - what the configuration says of a bus, as its worker wants it. */
#ifndef DOXE_GATE_IO_BUS_CONFIG_H
#define DOXE_GATE_IO_BUS_CONFIG_H

#include "gate/io/config.h"
#include "gate/io/modbus_bus.h"

/*
 * Fills port and machine of `config` (zero before) but the interlock and the report;
 * lane_used[n] (MSG_LANES_MAX + 1) becomes true for lanes with a point on this bus.
 * The address is borrowed from `settings`.
 */
void bus_config_fill(const struct gate_settings *settings, int bus,
                     struct modbus_bus_config *config, bool *lane_used);

#endif
