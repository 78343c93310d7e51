#include "gate/io/bus_config.h"

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
                    .point = {in->unit, in->table, in->address, in->bit, in->active_low != 0},
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
                                        .unit = out->unit,
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
                                               .rs485 = bus->rs485};
    config->machine.poll_ms = bus->poll_ms;
    config->machine.idle_poll_ms = bus->idle_poll_ms;
    config->machine.timeout_ms = bus->timeout_ms;
    add_points(s, i, &config->machine, lane_used);
}
