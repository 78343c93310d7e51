#include "gate/io/bus_inside.h"

int bus_plan_blocks(const struct bus_input *input, int count, int gap,
                    struct modbus_block ret_blocks[MODBUS_BLOCKS_MAX],
                    int ret_period[MODBUS_BLOCKS_MAX], int *ret_count)
{
    struct modbus_point points[2 * BUS_INPUTS_MAX];
    int n = 0;
    for (int period = 0;;) { /* one plan for each period, the quickest first */
        int used = 0;
        int next = 0;
        for (int i = 0; i < count; i++) {
            int mine = input[i].point.period_ms;
            if (mine == period) {
                points[used++] = input[i].point;
                if (input[i].counted) {
                    points[used++] = input[i].counter;
                }
            }
            next = mine > period && (next == 0 || mine < next) ? mine : next;
        }
        struct modbus_block blocks[MODBUS_BLOCKS_MAX];
        int found = 0;
        if (modbus_plan(points, used, gap, blocks, &found) || n + found > MODBUS_BLOCKS_MAX) {
            return DX_E_SPACE;
        }
        for (int b = 0; b < found; b++, n++) {
            ret_blocks[n] = blocks[b];
            ret_period[n] = period;
        }
        if (next == 0) {
            *ret_count = n;
            return 0;
        }
        period = next;
    }
}

static int ask_identity(struct bus_machine *m, struct unit_state *unit,
                        const struct bus_identity *identity)
{
    struct modbus_block block = {identity->unit, identity->table, identity->address, 1};
    uint16_t found = 0;
    int error = m->line.read(m->line.context, &block, &found);
    bus_note(m, error);
    /* A module that has no such register is another one too. */
    bool wrong = error == DX_E_DENIED ||
                 (!error && (found & identity->mask) != (identity->value & identity->mask));
    if (error && !wrong) {
        return error;
    }
    if (wrong != unit->wrong) {
        struct bus_report report = {.kind = BUS_REPORT_MODULE, .unit = unit->unit, .ok = !wrong};
        if (m->line.report(m->line.context, &report) == 0) {
            unit->wrong = wrong;
        }
    }
    return wrong ? DX_E_STATE : 0;
}

static int write_setup(struct bus_machine *m, int i)
{
    const struct bus_setup *setup = &m->config.setup[i];
    int error = m->line.write(m->line.context, &setup->write);
    bus_note(m, error);
    m->setup_due[i] = setup->each_ms ? mono_add(bus_now(m), setup->each_ms) : mono_never();
    return error;
}

int bus_know_unit(struct bus_machine *m, struct unit_state *unit)
{
    int error = 0;
    for (int i = 0; i < m->config.identity_count && !error && !unit->known; i++) {
        if (m->config.identity[i].unit == unit->unit) {
            error = ask_identity(m, unit, &m->config.identity[i]);
        }
    }
    for (int i = 0; i < m->config.setup_count && !error && !unit->known; i++) {
        if (m->config.setup[i].write.unit == unit->unit) {
            error = write_setup(m, i);
        }
    }
    unit->known = unit->known || !error;
    return error;
}

void bus_feed_modules(struct bus_machine *m)
{
    for (int i = 0; i < m->config.setup_count && !bus_is_barred(m); i++) {
        const struct unit_state *unit = bus_find_unit(m, m->config.setup[i].write.unit);
        if (unit->known && unit->up && mono_reached(bus_now(m), m->setup_due[i])) {
            (void)!write_setup(m, i);
        }
    }
    for (int i = 0; i < m->config.output_count; i++) {
        struct output_state *state = &m->output[i];
        int refresh_ms = m->config.output[i].refresh_ms;
        if (refresh_ms && state->want != LEVEL_UNKNOWN && state->off_at.ms == mono_never().ms &&
            mono_diff(bus_now(m), state->written) >= refresh_ms) {
            state->refresh = true;
        }
    }
}

bool bus_missed_edge(struct input_state *state, int64_t edges, bool level)
{
    const struct debounce *d = &state->debounce;
    bool missed =
        state->counting && edges != state->edges && !level && !d->raw && d->known && !d->stable;
    state->counting = true;
    state->edges = edges;
    return missed;
}
