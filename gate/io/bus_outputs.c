#include "gate/io/bus_inside.h"

#include "proto/base/check.h"

static bool is_motor(enum output_role role)
{
    return role == OUTPUT_OPEN || role == OUTPUT_CLOSE || role == OUTPUT_STOP;
}

static int find_output(const struct bus_machine *m, int lane, enum output_role role)
{
    for (int i = 0; i < m->config.output_count; i++) {
        if (m->config.output[i].lane == lane && m->config.output[i].role == role) {
            return i;
        }
    }
    return -1;
}

static bool is_held(const struct bus_output *out)
{
    return out->pulse_ms == 0;
}

/* A relay whose driver took the word and did nothing: seen, not assumed. */
static int read_back(struct bus_machine *m, const struct bus_output *out, uint16_t value)
{
    struct modbus_block block = {out->unit, out->table, out->address, 1};
    uint16_t found = 0;
    int error = m->line.read(m->line.context, &block, &found);
    bus_note(m, error);
    bool same = out->table == MODBUS_COIL ? (found != 0) == (value != 0) : found == value;
    return error ? error : same ? 0 : DX_E_CHECK;
}

/* The register write itself.  What it holds after an error is not known. */
static int write_output(struct bus_machine *m, int i, bool on)
{
    const struct bus_output *out = &m->config.output[i];
    struct output_state *state = &m->output[i];
    struct modbus_write write = {out->unit, out->function, out->address, on ? out->on : out->off};
    const uint16_t words[2] = {out->on, out->second};
    int error = on && out->words == 2
                    ? m->line.write_words(m->line.context, out->unit, out->address, words, 2)
                    : m->line.write(m->line.context, &write);
    bus_note(m, error);
    if (!error && out->read_back && !out->hardware_pulse) {
        error = read_back(m, out, write.value);
    }
    if (!error) {
        state->state = on ? LEVEL_ON : LEVEL_OFF;
        state->unsettled = false;
        state->refresh = false;
    } else if (error != DX_E_DENIED) {
        state->state = LEVEL_UNKNOWN;
    }
    return error;
}

/* Off, unless it is known to be off.  A module that ends pulses by itself cannot be told to. */
static int make_off(struct bus_machine *m, int i)
{
    struct output_state *state = &m->output[i];
    if (m->config.output[i].hardware_pulse) {
        return state->state == LEVEL_OFF ? 0 : DX_E_BUSY;
    }
    if (state->state == LEVEL_OFF) {
        return 0;
    }
    int error = write_output(m, i, false);
    if (!error) {
        state->off_at = mono_never();
    }
    return error;
}

/* A fresh reading of the lane's safety inputs, then the interlock's word. */
static bool may_close(struct bus_machine *m, int lane)
{
    for (int b = 0; b < m->block_count; b++) {
        bool has = false;
        for (int k = 0; k < m->config.input_count; k++) {
            const struct bus_input *in = &m->config.input[k];
            has = has || (in->lane == lane && interlock_is_safety(in->role) &&
                          modbus_block_has(&m->block[b], &in->point));
        }
        if (has && bus_read_block(m, b)) {
            return false;
        }
    }
    return interlock_may_close(m->config.interlock, lane, bus_now(m), BUS_INTERLOCK_AGE_MS);
}

/* Not more than so many a minute; a move that is allowed is counted. */
static bool take_move(const struct bus_output *out, struct output_state *state, mono_t now)
{
    must(out->per_minute > 0 && out->per_minute <= BUS_MOVES_PER_MINUTE_MAX);
    mono_t *oldest = &state->moves[state->move];
    if (out->gap_ms && state->on_at.ms != 0 && mono_diff(now, state->on_at) < out->gap_ms) {
        return false;
    }
    state->on_at = now;
    if (oldest->ms != 0 && mono_diff(now, *oldest) < TIME_MINUTE_MS) {
        return false;
    }
    *oldest = now;
    state->move = (state->move + 1) % out->per_minute;
    return true;
}

/* Everything that must hold before a motor's output goes on. */
static int clear_motor(struct bus_machine *m, int i)
{
    const struct bus_output *out = &m->config.output[i];
    static const enum output_role motors[] = {OUTPUT_OPEN, OUTPUT_CLOSE, OUTPUT_STOP};
    for (int k = 0; k < 3; k++) {
        int other = motors[k] == out->role ? -1 : find_output(m, out->lane, motors[k]);
        int error = other < 0 ? 0 : make_off(m, other);
        if (other >= 0 && !error) {
            m->output[other].want = LEVEL_OFF;
        }
        if (error) {
            return error;
        }
    }
    struct bus_report report = {.lane = out->lane, .output = out->role};
    if (out->role == OUTPUT_CLOSE && !may_close(m, out->lane)) {
        report.kind = BUS_REPORT_INTERLOCK;
        bus_tell(m, &report);
        return DX_E_STATE;
    }
    if (!take_move(out, &m->output[i], bus_now(m))) {
        report.kind = BUS_REPORT_RATE;
        bus_tell(m, &report);
        return DX_E_BUSY;
    }
    return 0;
}

static int switch_on(struct bus_machine *m, int i, bool pulse)
{
    const struct bus_output *out = &m->config.output[i];
    struct output_state *state = &m->output[i];
    int error = is_motor(out->role) ? clear_motor(m, i) : 0;
    if (error) {
        return error;
    }
    if (!is_motor(out->role) && !pulse && state->state == LEVEL_ON) {
        return 0;
    }
    error = write_output(m, i, true);
    mono_t now = bus_now(m);
    if (!error) {
        state->off_at = pulse ? mono_add(now, out->pulse_ms) : mono_never();
    } else if (error != DX_E_DENIED) {
        state->off_at = now; /* it may be on although nobody said so */
        state->want = LEVEL_OFF;
    }
    return error;
}

static int perform(struct bus_machine *m, int i, enum output_act act)
{
    const struct bus_output *out = &m->config.output[i];
    struct output_state *state = &m->output[i];
    if (act == ACT_OFF) {
        state->want = LEVEL_OFF;
        return out->hardware_pulse ? 0 : make_off(m, i);
    }
    bool pulse = !is_held(out) && (act == ACT_PULSE || out->hardware_pulse);
    state->want = pulse ? LEVEL_OFF : LEVEL_ON;
    return switch_on(m, i, pulse);
}

static void answer(struct bus_machine *m, int i, int error)
{
    const struct bus_output *out = &m->config.output[i];
    struct bus_report report = {.kind = BUS_REPORT_COIL,
                                .lane = out->lane,
                                .output = out->role,
                                .ok = error == 0,
                                .error = error};
    if (m->owed_count > 0 || m->line.report(m->line.context, &report) != 0) {
        must(m->owed_count < BUS_ORDERS_MAX); /* an order is taken only while there is room */
        m->owed[m->owed_count++] = report;
    }
}

static struct order take_order(struct bus_machine *m)
{
    struct order order = m->order[m->order_first];
    m->order_first = (m->order_first + 1) % BUS_ORDERS_MAX;
    m->order_count--;
    return order;
}

void bus_orders_fail(struct bus_machine *m, int error, bool only_old)
{
    int64_t age_max = 2 * m->config.timeout_ms + 500;
    while (m->order_count > 0 && m->owed_count < BUS_ORDERS_MAX) {
        const struct order *order = &m->order[m->order_first];
        if (only_old && mono_diff(bus_now(m), order->asked) <= age_max) {
            break;
        }
        answer(m, take_order(m).output, error);
    }
}

static void end_pulses(struct bus_machine *m)
{
    for (int i = 0; i < m->config.output_count && !bus_is_barred(m); i++) {
        struct output_state *state = &m->output[i];
        if (!mono_reached(bus_now(m), state->off_at)) {
            continue;
        }
        if (m->config.output[i].hardware_pulse) {
            state->state = LEVEL_OFF;
            state->off_at = mono_never();
        } else if (write_output(m, i, false) == 0) {
            state->off_at = mono_never();
        } else {
            state->off_at = mono_add(bus_now(m), m->config.poll_ms);
        }
    }
}

/* A closing output must not stay on when the way is not known to be clear. */
static void guard_closing(struct bus_machine *m)
{
    for (int i = 0; i < m->config.output_count && !bus_is_barred(m); i++) {
        const struct bus_output *out = &m->config.output[i];
        struct output_state *state = &m->output[i];
        if (out->role != OUTPUT_CLOSE || out->hardware_pulse || state->state == LEVEL_OFF ||
            state->unsettled ||
            interlock_may_close(m->config.interlock, out->lane, bus_now(m), BUS_INTERLOCK_AGE_MS)) {
            continue;
        }
        state->want = LEVEL_OFF;
        if (write_output(m, i, false) == 0) {
            state->off_at = mono_never();
            struct bus_report report = {
                .kind = BUS_REPORT_INTERLOCK, .lane = out->lane, .output = out->role, .ok = true};
            bus_tell(m, &report);
        }
    }
}

void bus_outputs_work(struct bus_machine *m)
{
    bus_orders_fail(m, DX_E_STALE, true);
    guard_closing(m);
    while (m->order_count > 0 && m->owed_count < BUS_ORDERS_MAX && !bus_is_barred(m)) {
        struct order order = take_order(m);
        answer(m, order.output, perform(m, order.output, order.act));
    }
    end_pulses(m);
}

int bus_output_settle(struct bus_machine *m, int i)
{
    const struct bus_output *out = &m->config.output[i];
    struct output_state *state = &m->output[i];
    if (out->hardware_pulse || (!is_motor(out->role) && state->want == LEVEL_UNKNOWN)) {
        state->unsettled = false; /* nothing that could be written, or was ever ordered */
        state->refresh = false;
        return 0;
    }
    /* A held "open" may be an arm over a vehicle: it stays up.  No motor else goes on by itself. */
    bool on = state->want == LEVEL_ON && (out->role == OUTPUT_OPEN || !is_motor(out->role));
    int error = write_output(m, i, on);
    if (error == DX_E_DENIED) {
        state->unsettled = false; /* alive; orders will say what it does not take */
        state->refresh = false;
    }
    return error;
}

void bus_outputs_forget(struct bus_machine *m)
{
    for (int i = 0; i < m->config.output_count; i++) {
        struct output_state *state = &m->output[i];
        state->state = m->config.output[i].hardware_pulse ? LEVEL_OFF : LEVEL_UNKNOWN;
        state->unsettled = true;
        state->off_at = mono_never();
    }
}

mono_t bus_outputs_deadline(const struct bus_machine *m)
{
    mono_t deadline = mono_never();
    for (int i = 0; i < m->config.output_count; i++) {
        deadline = mono_min(deadline, m->output[i].off_at);
    }
    return deadline;
}

void bus_outputs_stop(struct bus_machine *m)
{
    for (int i = 0; i < m->config.output_count && !bus_is_barred(m); i++) {
        const struct bus_output *out = &m->config.output[i];
        bool pulsing = m->output[i].off_at.ms != mono_never().ms;
        bool stays = !is_motor(out->role) || (out->role == OUTPUT_OPEN && !pulsing);
        if (out->at_stop != AT_STOP_USUAL && !out->hardware_pulse) {
            stays = out->at_stop != AT_STOP_OFF;
            if (out->at_stop == AT_STOP_ON && out->role != OUTPUT_CLOSE) {
                (void)!write_output(m, i, true);
            }
        }
        if (!stays && !out->hardware_pulse && m->output[i].state != LEVEL_OFF) {
            (void)!write_output(m, i, false);
        }
    }
}

int bus_machine_order(struct bus_machine *m, int lane, enum output_role role, enum output_act act)
{
    int i = find_output(m, lane, role);
    if (i < 0) {
        return DX_E_NOT_FOUND;
    }
    if (m->order_count == BUS_ORDERS_MAX) {
        return DX_E_FULL;
    }
    m->order[(m->order_first + m->order_count++) % BUS_ORDERS_MAX] =
        (struct order){i, act, bus_now(m)};
    return 0;
}
