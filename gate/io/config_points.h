/*
 * config_points.h - where a point of the register map is: from the file, or from the bus's profile.
 *
 * A point names an address, or a channel of its bus's profile (profile.h).  What is
 * written at the point wins over the profile.  Written addresses count as the bus
 * says: from 0 as on the wire, from 1 (base: 1), or as a manual prints them
 * (numbering: manual), where the first digit is the table: 0 coil, 1 discrete input,
 * 3 input register, 4 holding register, and the rest counts from 1.  Addresses of a
 * profile are always those of the wire.
 */
#ifndef DOXE_GATE_IO_CONFIG_POINTS_H
#define DOXE_GATE_IO_CONFIG_POINTS_H

#include "gate/io/config.h"
#include "proto/io/yaml.h"

/* The bus's profile and those of its devices; units of its setup.  `node` is the bus. */
DX_MUST_USE int config_load_profiles(struct ynode node, struct bus_settings *bus);
/* What the transport of the bus does not know. */
DX_MUST_USE int config_check_bus(struct ynode node, const struct bus_settings *bus);
/* Of this unit; an empty one (name "") without. */
const struct profile *config_profile(const struct bus_settings *bus, int unit);
/* Fills address, table and the rest; `node` is the point.  `bus` is set already. */
DX_MUST_USE int config_place_input(struct ynode node, const struct bus_settings *bus,
                                   struct input_settings *in);
/* What binds an output to the rest of its lane; after all points are placed. */
DX_MUST_USE int config_check_output(struct ynode node, const struct lane_settings *lane,
                                    const struct output_settings *out);
DX_MUST_USE int config_place_output(struct ynode node, const struct bus_settings *bus,
                                    struct output_settings *out);

#endif
