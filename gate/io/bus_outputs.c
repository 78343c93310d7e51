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
    bool same = out->table == MODBUS_COIL ? (found != 0) == (value != 0)
                : out->mask               ? (found & out->mask) == (value & out->mask)
                                          : found == value;
    return error ? error : same ? 0 : DX_E_CHECK;
}

/* A register whose other bits are not ours: read, changed, written; this worker is its only master.
 */
static int mix_word(struct bus_machine *m, const struct bus_output *out, uint16_t *value)
{
    struct modbus_block block = {out->unit, out->table, out->address, 1};
    uint16_t found = 0;
    int error = m->line.read(m->line.context, &block, &found);
    bus_note(m, error);
    unsigned rest = found & ~(unsigned)out->mask;
    *value = (uint16_t)(*value ? rest | out->mask : rest);
    return error;
}

/* The register write itself.  What it holds after an error is not known. */
static int write_output(struct bus_machine *m, int i, bool on)
{
    const struct bus_output *out = &m->config.output[i];
    struct output_state *state = &m->output[i];
    struct modbus_write write = {out->unit, out->function, out->address, on ? out->on : out->off};
    const uint16_t words[2] = {out->on, out->second};
    if (!bus_find_unit(m, out->unit)->known) {
        return DX_E_STATE; /* nobody knows what it is */
    }
    int error = out->mask ? mix_word(m, out, &write.value) : 0;
    if (error) {
        return error;
    }
    error = on && out->words == 2
                ? m->line.write_words(m->line.context, out->unit, out->address, words, 2)
                : m->line.write(m->line.context, &write);
    bus_note(m, error);
    state->written = bus_now(m);
    if (!error && out->read_back && !out->hardware_pulse) {
        error = read_back(m, out, write.value);
    }
    if (!error) {
        state->state = on ? LEVEL_ON : LEVEL_OFF;
        state->off_since = on ? state->off_since : state->written;
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
static bool may_close(struct bus_machine *m, const struct bus_output *out)
{
    int lane = out->lane;
    for (int b = 0; b < m->block_count; b++) {
        bool has = false;
        for (int k = 0; k < m->config.input_count; k++) {
            const struct bus_input *in = &m->config.input[k];
            has = has || (in->lane == lane &&
                          (interlock_is_safety(in->role) || (out->not_while >> in->role & 1u)) &&
                          modbus_block_has(&m->block[b], &in->point));
        }
        if (has && bus_read_block(m, b)) {
            return false;
        }
    }
    return interlock_may_close(m->config.interlock, lane, bus_now(m), BUS_INTERLOCK_AGE_MS);
}

/* Every input that forbids it is known to be off. */
static bool is_free(const struct bus_machine *m, const struct bus_output *out)
{
    for (int k = 0; k < m->config.input_count; k++) {
        const struct debounce *d = &m->input[k].debounce;
        if (m->config.input[k].lane == out->lane &&
            (out->not_while >> m->config.input[k].role & 1u) &&
            (!d->known || d->stable || d->raw)) {
            return false;
        }
    }
    return true;
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
    if (out->role == OUTPUT_CLOSE && (!may_close(m, out) || !is_free(m, out))) {
        report.kind = BUS_REPORT_INTERLOCK;
        bus_tell(m, &report);
        return DX_E_STATE;
    }
    if (!m->again && !take_move(out, &m->output[i], bus_now(m))) {
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
    if (out->role != OUTPUT_CLOSE && !is_free(m, out)) {
        struct bus_report held = {
            .kind = BUS_REPORT_INTERLOCK, .lane = out->lane, .output = out->role};
        bus_tell(m, &held);
        return DX_E_STATE;
    }
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

static struct order *order_at(struct bus_machine *m, int k)
{
    return &m->order[(m->order_first + k) % BUS_ORDERS_MAX];
}

/* The k-th one; those behind it move up. */
static struct order take_order(struct bus_machine *m, int k)
{
    struct order order = *order_at(m, k);
    for (; k + 1 < m->order_count; k++) {
        *order_at(m, k) = *order_at(m, k + 1);
    }
    m->order_count--;
    return order;
}

static void put_back(struct bus_machine *m, struct order order)
{
    m->order_first = (m->order_first + BUS_ORDERS_MAX - 1) % BUS_ORDERS_MAX;
    m->order_count++;
    order.tries++;
    m->order[m->order_first] = order;
}

void bus_orders_fail(struct bus_machine *m, int error, bool only_old)
{
    int64_t age_max = 2 * m->config.timeout_ms + 500;
    while (m->order_count > 0 && m->owed_count < BUS_ORDERS_MAX) {
        const struct order *order = &m->order[m->order_first];
        if (only_old && mono_diff(bus_now(m), order->asked) <= age_max) {
            break;
        }
        answer(m, take_order(m, 0).output, error);
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
            state->off_since = state->off_at;
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

/*
 * An arm that turns round: the other motor is off for reverse_ms, and with stop_first it was
 * told to stop.  A lane that waits is asked again; the order's age does not grow meanwhile.
 */
static bool must_rest(struct bus_machine *m, struct order *order)
{
    const struct bus_output *out = &m->config.output[order->output];
    bool turns = order->act != ACT_OFF && order->tries == 0 &&
                 (out->role == OUTPUT_OPEN || out->role == OUTPUT_CLOSE);
    int other =
        turns && (out->reverse_ms || out->stop_first)
            ? find_output(m, out->lane, out->role == OUTPUT_OPEN ? OUTPUT_CLOSE : OUTPUT_OPEN)
            : -1;
    mono_t until = {0};
    if (other >= 0) {
        if (m->output[other].state != LEVEL_OFF && !m->config.output[other].hardware_pulse &&
            make_off(m, other)) {
            return false; /* the order fails for the same reason */
        }
        m->output[other].want = LEVEL_OFF;
        until = m->output[other].state == LEVEL_OFF ? m->output[other].off_since
                                                    : m->output[other].off_at;
        until = until.ms ? mono_add(until, out->reverse_ms) : until;
    }
    int stop = turns && out->stop_first ? find_output(m, out->lane, OUTPUT_STOP) : -1;
    if (stop >= 0 && !order->stopped) {
        order->stopped = true;
        if (write_output(m, stop, true)) {
            return false;
        }
        m->output[stop].want = LEVEL_OFF;
        m->output[stop].off_at = mono_add(bus_now(m), m->config.output[stop].pulse_ms);
    }
    if (stop >= 0 && m->output[stop].off_at.ms != mono_never().ms) {
        mono_t end = m->output[stop].off_at;
        until = mono_reached(end, until) ? end : until;
    }
    if (mono_reached(bus_now(m), until)) {
        return false;
    }
    order->asked = bus_now(m);
    m->order_wakeup = mono_min(m->order_wakeup, until);
    return true;
}

void bus_outputs_work(struct bus_machine *m)
{
    bus_orders_fail(m, DX_E_STALE, true);
    guard_closing(m);
    m->order_wakeup = mono_never();
    unsigned waiting = 0; /* lanes; nothing overtakes within one */
    for (int k = 0; k < m->order_count && m->owed_count < BUS_ORDERS_MAX && !bus_is_barred(m);) {
        unsigned lane = 1u << m->config.output[order_at(m, k)->output].lane;
        if ((waiting & lane) || must_rest(m, order_at(m, k))) {
            waiting |= lane;
            k++;
            continue;
        }
        struct order order = take_order(m, k);
        m->again = order.tries > 0;
        int error = perform(m, order.output, order.act);
        m->again = false;
        bool unheard = error == DX_E_TIMEOUT || error == DX_E_CHECK;
        if (unheard && m->open && order.tries < m->config.retries) {
            put_back(m, order);
            k = 0;
        } else {
            answer(m, order.output, error);
        }
    }
    end_pulses(m);
}

int bus_output_settle(struct bus_machine *m, int i)
{
    const struct bus_output *out = &m->config.output[i];
    struct output_state *state = &m->output[i];
    int start = is_motor(out->role) ? AT_STOP_USUAL : out->at_start;
    if (state->want == LEVEL_UNKNOWN && (start == AT_STOP_OFF || start == AT_STOP_ON)) {
        state->want = start == AT_STOP_ON ? LEVEL_ON : LEVEL_OFF;
    }
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
    mono_t deadline = m->order_wakeup;
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
        (struct order){.output = i, .act = act, .asked = bus_now(m)};
    return 0;
}
