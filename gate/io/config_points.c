#include "gate/io/config_points.h"

#include "gate/io/bus_machine.h"
#include "gate/io/config_schema.h"

static bool has(struct ynode point, const char *key)
{
    return ynode_exists(ynode_get(point, key));
}

static struct ynode child(struct ynode list, int i)
{
    struct ynode node = ynode_first(list);
    while (i-- > 0) {
        node = ynode_next(node);
    }
    return node;
}

static int load_profile(struct ynode node, const char *name, struct profile *ret_profile)
{
    char why[YAML_ERROR_CAP];
    if (name[0] && profile_read(name, ret_profile, why, sizeof why)) {
        return ynode_fail(ynode_get(node, "profile"), "%s", why);
    }
    return 0;
}

int config_load_profiles(struct ynode node, struct bus_settings *bus)
{
    int error = load_profile(node, bus->profile_name, &bus->profile);
    for (int i = 0; i < bus->device_count && !error; i++) {
        struct device_settings *device = &bus->device[i];
        struct ynode at = child(ynode_get(node, "devices"), i);
        error = load_profile(at, device->profile_name, &device->profile);
        for (int k = 0; k < i && !error; k++) {
            if (bus->device[k].unit == device->unit) {
                error = ynode_fail(ynode_get(at, "unit"), "%d is there twice; each unit once",
                                   device->unit);
            }
        }
    }
    for (int i = 0; i < bus->setup_count && !error; i++) {
        struct profile_setup *setup = &bus->setup[i];
        struct ynode at = child(ynode_get(node, "setup"), i);
        setup->unit = setup->unit ? setup->unit : bus->unit;
        if (setup->function != 5 && setup->function != 6 && setup->function != 15 &&
            setup->function != 16) {
            error = ynode_fail(ynode_get(at, "function"), "%d is not allowed; 5, 6, 15 or 16",
                               setup->function);
        }
    }
    return error;
}

const struct profile *config_profile(const struct bus_settings *bus, int unit)
{
    for (int i = 0; i < bus->device_count; i++) {
        if (bus->device[i].unit == unit) {
            return &bus->device[i].profile;
        }
    }
    return &bus->profile;
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

static int need_channel(struct ynode node, const struct bus_settings *bus,
                        const struct profile *profile, int channel, int count, const char *what)
{
    if (channel && !profile->name[0]) {
        return ynode_fail(ynode_get(node, "channel"),
                          "bus '%s' has no profile; give it one, or an address here", bus->name);
    }
    if (channel > count) {
        return ynode_fail(ynode_get(node, "channel"),
                          "profile '%s' has %d %s; from 1 to %d, or an address", profile->name,
                          count, what, count);
    }
    if (!channel && !has(node, "address")) {
        return ynode_fail(node, "'address' is missing; a whole number from 0 to 65535, or a "
                                "channel of the bus's profile");
    }
    return 0;
}

/* What a register's number needs; safety inputs are read with each poll. */
static int check_number(struct ynode node, const struct bus_settings *bus,
                        struct input_settings *in)
{
    bool is_bits = modbus_table_is_bits(in->table);
    if (is_bits && (in->mask || in->above || in->wide || in->swap)) {
        return ynode_fail(node, "mask, above, type and bytes belong to a register; "
                                "table: input or holding");
    }
    if (in->bit > 15 && !in->wide) {
        return ynode_fail(ynode_get(node, "bit"),
                          "%d is not allowed; from 0 to 15, or type: double", in->bit);
    }
    if (in->bit >= 0 && (in->mask || in->above)) {
        return ynode_fail(ynode_get(node, "bit"),
                          "a bit needs neither mask nor above; one of them");
    }
    if (in->period_ms && interlock_is_safety(in->role)) {
        return ynode_fail(ynode_get(node, "period_ms"),
                          "'%s' keeps an arm up: it is read with each poll; 0",
                          input_role_text(in->role));
    }
    if (in->counter >= 0 && (in->counter -= bus->base) < 0) {
        return ynode_fail(ynode_get(node, "counter"), "0 is not allowed on a bus with base: 1");
    }
    return 0;
}

int config_place_input(struct ynode node, const struct bus_settings *bus, struct input_settings *in)
{
    const struct profile *profile = config_profile(bus, in->unit);
    const struct profile_inputs *from = &profile->inputs;
    int error = need_channel(node, bus, profile, in->channel, from->count, "inputs");
    int table = -1;
    if (error) {
        return error;
    }
    if (has(node, "address")) {
        error = place_address(node, bus, &in->address, &table);
        in->table = table >= 0 ? (enum modbus_table)table : in->table;
        return error ? error : check_number(node, bus, in);
    }
    in->table = has(node, "table") ? in->table : from->table;
    in->active_low = has(node, "active") ? in->active_low : from->active_low;
    if (from->bit >= 0) {
        in->address = from->first;
        in->bit = from->bit + in->channel - 1;
    } else {
        in->address = from->first + (in->channel - 1) * from->step;
    }
    return check_number(node, bus, in);
}

/* The words that make a pulse of the module's own. */
static int place_pulse(struct ynode node, const struct profile_pulse *pulse,
                       struct output_settings *out)
{
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

/* Nobody answers: nothing is known of what was done, so it must be of no weight. */
static int check_broadcast(struct ynode node, const struct bus_settings *bus,
                           const struct output_settings *out)
{
    struct ynode at = ynode_get(node, "broadcast");
    if (!out->broadcast) {
        return 0;
    }
    if (!bus->broadcast) {
        return ynode_fail(at, "bus '%s' does not allow it; broadcast: true there", bus->name);
    }
    if (out->role == OUTPUT_OPEN || out->role == OUTPUT_CLOSE || out->role == OUTPUT_STOP ||
        out->role == OUTPUT_HOLD) {
        return ynode_fail(at, "'%s' moves an arm, and nobody answers a broadcast; false",
                          output_role_text(out->role));
    }
    if (out->read_back || out->bit >= 0) {
        return ynode_fail(at, "read_back and bit need an answer; false");
    }
    return 0;
}

int config_check_bus(struct ynode node, const struct bus_settings *bus)
{
    if (bus->transport == TRANSPORT_TCP && (bus->echo || bus->broadcast)) {
        return ynode_fail(ynode_get(node, bus->echo ? "echo" : "broadcast"),
                          "there is none over tcp; transport: rtu or rtu_over_tcp, or false");
    }
    return 0;
}

int config_place_output(struct ynode node, const struct bus_settings *bus,
                        struct output_settings *out)
{
    const struct profile *profile = config_profile(bus, out->unit);
    const struct profile_outputs *from = &profile->outputs;
    int error = need_channel(node, bus, profile, out->channel, from->count, "outputs");
    int table = -1;
    out->words = 1;
    error = error ? error : check_broadcast(node, bus, out);
    if (error || has(node, "address")) {
        error = error ? error : place_address(node, bus, &out->address, &table);
        if (!error && table >= 0 && table != MODBUS_COIL && table != MODBUS_HOLDING) {
            return ynode_fail(ynode_get(node, "address"), "an input cannot be written");
        }
        out->table = table < 0 ? out->table : table == MODBUS_HOLDING;
        return error;
    }
    if (out->hardware_pulse && profile->pulse.present) {
        return place_pulse(node, &profile->pulse, out);
    }
    if (out->hardware_pulse && !has(node, "on")) {
        return ynode_fail(ynode_get(node, "hardware_pulse"),
                          "profile '%s' makes no pulse by itself; false, or an 'on' that does",
                          profile->name);
    }
    out->table = has(node, "table") ? out->table : from->table;
    out->function = has(node, "function") ? out->function : from->function;
    out->on = has(node, "on") ? out->on : from->on;
    out->off = has(node, "off") ? out->off : from->off;
    if (from->bit >= 0 && !has(node, "bit")) {
        out->bit = from->bit + out->channel - 1;
        out->address = from->first;
    } else {
        out->address = from->first + (out->channel - 1) * from->step;
    }
    return 0;
}

static bool lane_has_input(const struct lane_settings *lane, int role, int bus)
{
    for (int k = 0; k < lane->input_count; k++) {
        if ((int)lane->input[k].role == role && lane->input[k].bus == bus) {
            return true;
        }
    }
    return false;
}

int config_check_output(struct ynode node, const struct lane_settings *lane,
                        const struct output_settings *out)
{
    bool turns = out->role == OUTPUT_OPEN || out->role == OUTPUT_CLOSE;
    bool is_motor = turns || out->role == OUTPUT_STOP;
    if (out->bit >= 0 && out->table == 0) {
        return ynode_fail(ynode_get(node, "bit"), "a bit belongs to a register; table: holding");
    }
    if (!turns && (out->reverse_ms || out->stop_first)) {
        return ynode_fail(node, "reverse_ms and stop_first are for open and close");
    }
    if (is_motor && (out->at_start != AT_STOP_USUAL || out->refresh_ms)) {
        return ynode_fail(node,
                          "open, close and stop are always written off at the start, and never "
                          "by the clock; at_start: usual, refresh_ms: 0");
    }
    for (int role = 0; role < INPUT_ROLE_COUNT; role++) {
        if ((out->not_while >> role & 1u) && !lane_has_input(lane, role, out->bus)) {
            return ynode_fail(ynode_get(node, "not_while"),
                              "this lane has no '%s' on the bus of this output",
                              input_role_text((enum input_role)role));
        }
    }
    if (!out->stop_first) {
        return 0;
    }
    for (int k = 0; k < lane->output_count; k++) {
        const struct output_settings *stop = &lane->output[k];
        if (stop->role == OUTPUT_STOP && stop->bus == out->bus && stop->pulse_ms > 0) {
            return 0;
        }
    }
    return ynode_fail(ynode_get(node, "stop_first"),
                      "this lane has no 'stop' that is a pulse on the "
                      "bus of this output");
}
