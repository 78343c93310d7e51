#include "gate/io/bus_config.h"

#include "gate/io/config_points.h"

static void add_points(const struct gate_settings *s, int bus, struct bus_machine_config *m,
                       bool *lane_used)
{
    for (int i = 0; i < s->lane_count; i++) {
        const struct lane_settings *lane = &s->lane[i];
        for (int k = 0; k < lane->input_count; k++) {
            const struct input_settings *in = &lane->input[k];
            if (in->bus == bus) {
                lane_used[lane->lane] = true;
                m->input[m->input_count++] = (struct bus_input){
                    .lane = lane->lane,
                    .role = in->role,
                    .point = {.unit = in->unit,
                              .table = in->table,
                              .address = in->address,
                              .bit = in->bit,
                              .active_low = in->active_low != 0,
                              .wide = in->wide != 0,
                              .low_first = in->low_first != 0,
                              .swap = in->swap != 0,
                              .mask = in->mask,
                              .above = in->above,
                              .period_ms = in->period_ms},
                    .counted = in->counter >= 0,
                    .counter = {.unit = in->unit,
                                .table = in->counter_table ? MODBUS_HOLDING : MODBUS_INPUT,
                                .address = in->counter,
                                .bit = -1,
                                .wide = in->wide != 0,
                                .low_first = in->low_first != 0,
                                .swap = in->swap != 0},
                    .on_ms = in->debounce_ms,
                    .off_ms = in->debounce_off_ms,
                    .stuck_on_ms = in->stuck_on_ms,
                    .stuck_off_ms = in->stuck_off_ms};
            }
        }
        for (int k = 0; k < lane->output_count; k++) {
            const struct output_settings *out = &lane->output[k];
            if (out->bus == bus) {
                lane_used[lane->lane] = true;
                m->output[m->output_count++] =
                    (struct bus_output){.lane = lane->lane,
                                        .role = out->role,
                                        .unit = out->broadcast ? 0 : out->unit,
                                        .table = out->table ? MODBUS_HOLDING : MODBUS_COIL,
                                        .function = out->function,
                                        .address = out->address,
                                        .on = (uint16_t)out->on,
                                        .off = (uint16_t)out->off,
                                        .words = out->words,
                                        .second = (uint16_t)out->second,
                                        .gap_ms = out->gap_ms,
                                        .read_back = out->read_back,
                                        .at_stop = out->at_stop,
                                        .at_start = out->at_start,
                                        .refresh_ms = out->refresh_ms,
                                        .mask = (uint16_t)(out->bit >= 0 ? 1u << out->bit : 0u),
                                        .not_while = out->not_while,
                                        .reverse_ms = out->reverse_ms,
                                        .stop_first = out->stop_first,
                                        .pulse_ms = out->pulse_ms,
                                        .per_minute = out->per_minute,
                                        .hardware_pulse = out->hardware_pulse};
            }
        }
        const struct display_settings *d = &lane->display;
        if (d->present && d->bus == bus) {
            m->text[m->text_count++] =
                (struct bus_text){lane->lane, d->unit, d->first, d->lines * ((d->columns + 1) / 2)};
        }
    }
}

static void add_setup(struct bus_machine_config *m, int unit, const struct profile_setup *setup)
{
    if (m->setup_count < BUS_SETUP_MAX) {
        m->setup[m->setup_count++] = (struct bus_setup){
            .write = {unit, setup->function, setup->address, (uint16_t)setup->value},
            .each_ms = setup->each_ms};
    }
}

/* What each unit's profile says of the module as a whole, and what the bus says. */
static void add_units(const struct bus_settings *bus, struct bus_machine_config *m)
{
    bool seen[256] = {false};
    for (int i = 0; i < m->input_count + m->output_count; i++) {
        int unit = i < m->input_count ? m->input[i].point.unit : m->output[i - m->input_count].unit;
        const struct profile *p = config_profile(bus, unit);
        if (seen[unit]) {
            continue;
        }
        seen[unit] = true;
        if (p->identity.present && m->identity_count < BUS_UNITS_MAX) {
            m->identity[m->identity_count++] =
                (struct bus_identity){unit, p->identity.table, p->identity.address,
                                      (uint16_t)p->identity.value, (uint16_t)p->identity.mask};
        }
        for (int k = 0; k < p->setup_count; k++) {
            add_setup(m, unit, &p->setup[k]);
        }
        for (int k = 0; k < bus->setup_count; k++) {
            if (bus->setup[k].unit == unit) {
                add_setup(m, unit, &bus->setup[k]);
            }
        }
    }
}

void bus_config_fill(const struct gate_settings *s, int i, struct modbus_bus_config *config,
                     bool *lane_used)
{
    static const char parities[] = {'N', 'E', 'O'};
    const struct bus_settings *bus = &s->bus[i];
    config->port = (struct modbus_port_config){.transport = bus->transport,
                                               .address = bus->address,
                                               .timeout_ms = bus->timeout_ms,
                                               .baud = bus->baud,
                                               .parity = parities[bus->parity],
                                               .data_bits = bus->data_bits,
                                               .stop_bits = bus->stop_bits,
                                               .turnaround_ms = bus->turnaround_ms,
                                               .frame_ms = bus->frame_ms,
                                               .rs485 = bus->rs485,
                                               .echo = bus->echo};
    config->machine.poll_ms = bus->poll_ms;
    config->machine.idle_poll_ms = bus->idle_poll_ms;
    config->machine.timeout_ms = bus->timeout_ms;
    config->machine.gap = bus->gap;
    config->machine.retries = bus->retries;
    add_points(s, i, &config->machine, lane_used);
    add_units(bus, &config->machine);
}
