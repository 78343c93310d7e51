#include "gate/io/config_points.h"

#include "gate/io/config_schema.h"

static bool has(struct ynode point, const char *key)
{
    return ynode_exists(ynode_get(point, key));
}

int config_load_profile(struct ynode node, struct bus_settings *bus)
{
    char why[YAML_ERROR_CAP];
    if (!bus->profile_name[0]) {
        return 0;
    }
    if (profile_read(bus->profile_name, &bus->profile, why, sizeof why)) {
        return ynode_fail(ynode_get(node, "profile"), "%s", why);
    }
    return 0;
}

/* A written address, as the bus counts.  Manual numbers say the table too. */
static int place_address(struct ynode node, const struct bus_settings *bus, int *address,
                         int *ret_table)
{
    static const int tables[] = {MODBUS_COIL, MODBUS_DISCRETE, -1, MODBUS_INPUT, MODBUS_HOLDING};
    if (bus->numbering == NUMBERING_MANUAL) {
        int digit = *address / 10000;
        int number = *address % 10000;
        if (digit > 4 || tables[digit] < 0 || number == 0) {
            return ynode_fail(ynode_get(node, "address"),
                              "%05d is no number of a manual; 00001 to 09999 coils, 10001 "
                              "discrete inputs, 30001 input registers, 40001 holding registers",
                              *address);
        }
        *address = number - 1;
        *ret_table = tables[digit];
        return 0;
    }
    *address -= bus->base;
    return *address >= 0
               ? 0
               : ynode_fail(ynode_get(node, "address"), "0 is not allowed on a bus with base: 1; "
                                                        "a whole number from 1 to 65535");
}

static int need_channel(struct ynode node, const struct bus_settings *bus, int channel, int count,
                        const char *what)
{
    if (channel && !bus->profile_name[0]) {
        return ynode_fail(ynode_get(node, "channel"),
                          "bus '%s' has no profile; give it one, or an address here", bus->name);
    }
    if (channel > count) {
        return ynode_fail(ynode_get(node, "channel"),
                          "profile '%s' has %d %s; from 1 to %d, or an address", bus->profile.name,
                          count, what, count);
    }
    if (!channel && !has(node, "address")) {
        return ynode_fail(node, "'address' is missing; a whole number from 0 to 65535, or a "
                                "channel of the bus's profile");
    }
    return 0;
}

int config_place_input(struct ynode node, const struct bus_settings *bus, struct input_settings *in)
{
    const struct profile_inputs *from = &bus->profile.inputs;
    int error = need_channel(node, bus, in->channel, from->count, "inputs");
    int table = -1;
    if (error || has(node, "address")) {
        error = error ? error : place_address(node, bus, &in->address, &table);
        if (table >= 0) {
            in->table = (enum modbus_table)table;
        }
        return error;
    }
    in->table = has(node, "table") ? in->table : from->table;
    in->active_low = has(node, "active") ? in->active_low : from->active_low;
    if (from->bit >= 0) {
        in->address = from->first;
        in->bit = from->bit + in->channel - 1;
    } else {
        in->address = from->first + (in->channel - 1) * from->step;
    }
    return 0;
}

/* The words that make a pulse of the module's own. */
static int place_pulse(struct ynode node, const struct bus_settings *bus,
                       struct output_settings *out)
{
    const struct profile_pulse *pulse = &bus->profile.pulse;
    int units = out->pulse_ms / pulse->unit_ms;
    if (out->pulse_ms > pulse->longest_ms || units < 1 || units * pulse->unit_ms != out->pulse_ms ||
        pulse->add + units > 65535) {
        return ynode_fail(node, "the module makes pulses of %d to %d ms in steps of %d ms",
                          pulse->unit_ms, pulse->longest_ms, pulse->unit_ms);
    }
    out->function = pulse->function;
    out->table = pulse->function == 5 ? 0 : 1;
    out->address = pulse->first + (out->channel - 1) * pulse->step;
    out->words = pulse->mode >= 0 ? 2 : 1;
    out->on = pulse->mode >= 0 ? pulse->mode : pulse->add + units;
    out->second = pulse->add + units;
    return 0;
}

int config_place_output(struct ynode node, const struct bus_settings *bus,
                        struct output_settings *out)
{
    const struct profile_outputs *from = &bus->profile.outputs;
    int error = need_channel(node, bus, out->channel, from->count, "outputs");
    int table = -1;
    out->words = 1;
    if (error || has(node, "address")) {
        error = error ? error : place_address(node, bus, &out->address, &table);
        if (!error && table >= 0 && table != MODBUS_COIL && table != MODBUS_HOLDING) {
            return ynode_fail(ynode_get(node, "address"), "an input cannot be written");
        }
        out->table = table < 0 ? out->table : table == MODBUS_HOLDING;
        return error;
    }
    if (out->hardware_pulse && bus->profile.pulse.present) {
        return place_pulse(node, bus, out);
    }
    if (out->hardware_pulse && !has(node, "on")) {
        return ynode_fail(ynode_get(node, "hardware_pulse"),
                          "profile '%s' makes no pulse by itself; false, or an 'on' that does",
                          bus->profile.name);
    }
    out->table = has(node, "table") ? out->table : from->table;
    out->function = has(node, "function") ? out->function : from->function;
    out->on = has(node, "on") ? out->on : from->on;
    out->off = has(node, "off") ? out->off : from->off;
    out->address = from->first + (out->channel - 1) * from->step;
    return 0;
}
