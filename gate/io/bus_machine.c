#include "gate/io/bus_inside.h"

mono_t bus_now(const struct bus_machine *m)
{
    return m->line.now(m->line.context);
}

bool bus_is_barred(const struct bus_machine *m)
{
    return !m->open || m->quiet;
}

/* A report that may be lost (for the log only). */
void bus_tell(struct bus_machine *m, const struct bus_report *report)
{
    (void)!m->line.report(m->line.context, report);
}

struct unit_state *bus_find_unit(struct bus_machine *m, int unit)
{
    for (int i = 0; i < m->unit_count; i++) {
        if (m->unit[i].unit == unit) {
            return &m->unit[i];
        }
    }
    return NULL;
}

/* ---- the link ---- */

/* Nothing that was known holds any more. */
static void forget(struct bus_machine *m)
{
    mono_t now = bus_now(m);
    for (int i = 0; i < m->unit_count; i++) {
        m->unit[i].up = false;
        m->unit[i].errors = 0;
        m->unit[i].probe = now;
        m->unit[i].tried = m->unit[i].failed = false;
        m->unit[i].known = false;
    }
    for (int i = 0; i < m->config.input_count; i++) {
        debounce_reset(&m->input[i].debounce);
        m->input[i].reported = LEVEL_UNKNOWN;
        m->input[i].counting = false;
        interlock_note(m->config.interlock, m->config.input[i].lane, m->config.input[i].role,
                       LEVEL_UNKNOWN, now);
    }
    for (int i = 0; i < m->config.text_count; i++) {
        m->text[i].dirty = m->text[i].wanted;
        m->text[i].due = now;
    }
    bus_outputs_forget(m);
    m->cursor = 0;
    m->next_pass = now;
    m->errors = 0;
    m->quiet = false;
}

static void back_off(struct bus_machine *m)
{
    m->failed = true;
    m->reconnect = mono_add(bus_now(m), m->backoff_ms);
    m->backoff_ms *= 2;
    if (m->backoff_ms > BUS_RECONNECT_MS_MAX) {
        m->backoff_ms = BUS_RECONNECT_MS_MAX;
    }
}

static void drop_link(struct bus_machine *m, int error)
{
    struct bus_report report = {.kind = BUS_REPORT_LINK, .ok = false, .error = error};
    m->line.close(m->line.context);
    m->open = false;
    back_off(m);
    forget(m);
    bus_tell(m, &report);
}

static void be_quiet(struct bus_machine *m)
{
    m->quiet = true;
    m->quiet_until = mono_add(bus_now(m), m->config.timeout_ms);
}

void bus_note(struct bus_machine *m, int error)
{
    if (error == 0 || error == DX_E_DENIED) {
        m->errors = 0;
        m->backoff_ms = BUS_RECONNECT_MS_MIN;
    } else if (error == DX_E_LINK || ++m->errors >= BUS_ERRORS_MAX) {
        drop_link(m, error);
    } else {
        be_quiet(m);
    }
}

static void connect_link(struct bus_machine *m)
{
    int error = m->line.open(m->line.context);
    if (error) {
        if (!m->failed) {
            struct bus_report lost = {.kind = BUS_REPORT_LINK, .error = error};
            bus_tell(m, &lost);
        }
        back_off(m);
        return;
    }
    forget(m);
    m->open = true;
    struct bus_report report = {.kind = BUS_REPORT_LINK, .ok = true};
    bus_tell(m, &report);
}

/* ---- reading ---- */

static void feed_input(struct bus_machine *m, int i, bool level, mono_t now)
{
    const struct bus_input *in = &m->config.input[i];
    struct debounce *d = &m->input[i].debounce;
    (void)debounce_feed(d, level, in->on_ms, in->off_ms, now);
    /* The interlock believes "taken" at once and "clear" only when it has settled. */
    bool taken = level || (d->known && d->stable);
    enum level safe = taken ? LEVEL_ON : d->known ? LEVEL_OFF : LEVEL_UNKNOWN;
    interlock_note(m->config.interlock, in->lane, in->role, safe, now);
}

/* On and off again between two polls: believed at once, because the module has seen it. */
static void count_edges(struct bus_machine *m, int i, const struct modbus_block *b,
                        const uint16_t *values, mono_t now)
{
    const struct bus_input *in = &m->config.input[i];
    struct debounce *d = &m->input[i].debounce;
    if (in->counted && modbus_block_has(b, &in->counter) &&
        bus_missed_edge(&m->input[i], modbus_number(b, &in->counter, values), d->raw)) {
        d->stable = true;
        d->pending = false;
        interlock_note(m->config.interlock, in->lane, in->role, LEVEL_ON, now);
    }
}

int bus_read_block(struct bus_machine *m, int block)
{
    uint16_t values[MODBUS_BITS_MAX];
    const struct modbus_block *b = &m->block[block];
    int error = m->line.read(m->line.context, b, values);
    bus_note(m, error);
    if (error) {
        return error;
    }
    mono_t now = bus_now(m);
    for (int i = 0; i < m->config.input_count; i++) {
        const struct modbus_point *point = &m->config.input[i].point;
        if (modbus_block_has(b, point)) {
            feed_input(m, i, modbus_level(b, point, values), now);
        }
        count_edges(m, i, b, values, now);
    }
    return 0;
}

/* ---- saying what is known ---- */

static bool lane_is_reachable(struct bus_machine *m, int lane)
{
    bool up = m->open;
    for (int i = 0; i < m->config.input_count && up; i++) {
        const struct bus_input *in = &m->config.input[i];
        if (in->lane == lane) {
            up = bus_find_unit(m, in->point.unit)->up && m->input[i].debounce.known;
        }
    }
    for (int i = 0; i < m->config.output_count && up; i++) {
        const struct bus_output *out = &m->config.output[i];
        if (out->lane == lane) {
            up = bus_find_unit(m, out->unit)->up && !m->output[i].unsettled;
        }
    }
    return up;
}

/* Has the lane failed, or has it only not been looked at yet? */
static bool lane_is_dead(struct bus_machine *m, int lane)
{
    bool dead = !m->open && m->failed;
    for (int i = 0; i < m->config.input_count && !dead; i++) {
        dead = m->config.input[i].lane == lane &&
               bus_find_unit(m, m->config.input[i].point.unit)->errors >= BUS_ERRORS_MAX;
    }
    for (int i = 0; i < m->config.output_count && !dead; i++) {
        dead = m->config.output[i].lane == lane &&
               bus_find_unit(m, m->config.output[i].unit)->errors >= BUS_ERRORS_MAX;
    }
    return dead;
}

static void tell_inputs(struct bus_machine *m, int lane)
{
    for (int i = 0; i < m->config.input_count; i++) {
        const struct debounce *d = &m->input[i].debounce;
        enum level level = !d->known ? LEVEL_UNKNOWN : d->stable ? LEVEL_ON : LEVEL_OFF;
        if (m->config.input[i].lane != lane || level == LEVEL_UNKNOWN ||
            level == m->input[i].reported) {
            continue;
        }
        struct bus_report report = {.kind = BUS_REPORT_INPUT,
                                    .lane = lane,
                                    .input = m->config.input[i].role,
                                    .level = level};
        if (m->line.report(m->line.context, &report) == 0) {
            m->input[i].reported = level;
        }
    }
}

static void tell_lane(struct bus_machine *m, int lane)
{
    enum level reachable = lane_is_reachable(m, lane) ? LEVEL_ON : LEVEL_OFF;
    if (m->lane_told[lane] == LEVEL_UNKNOWN && reachable == LEVEL_OFF && !lane_is_dead(m, lane)) {
        return;
    }
    if (reachable != m->lane_told[lane]) {
        struct bus_report report = {
            .kind = BUS_REPORT_LANE, .lane = lane, .ok = reachable == LEVEL_ON};
        if (m->line.report(m->line.context, &report) != 0) {
            return; /* the inputs must not come before it */
        }
        m->lane_told[lane] = reachable;
        for (int i = 0; i < m->config.input_count; i++) {
            if (m->config.input[i].lane == lane) {
                m->input[i].reported = LEVEL_UNKNOWN;
            }
        }
    }
    if (reachable == LEVEL_ON) {
        tell_inputs(m, lane);
    }
}

static void tell(struct bus_machine *m)
{
    while (m->owed_count > 0 && m->line.report(m->line.context, &m->owed[0]) == 0) {
        memmove(m->owed, m->owed + 1, (size_t)--m->owed_count * sizeof m->owed[0]);
    }
    for (int lane = 1; lane <= MSG_LANES_MAX; lane++) {
        if (m->lane_used[lane]) {
            tell_lane(m, lane);
        }
    }
}

/* ---- one pass over blocks, then over outputs that must be settled ---- */

static bool unit_is_due(const struct bus_machine *m, const struct unit_state *unit)
{
    return unit->up || mono_reached(bus_now(m), unit->probe);
}

static void count_answer(struct unit_state *unit, int error)
{
    unit->good = unit->good || error == 0;
    unit->timeouts += error == DX_E_TIMEOUT;
    unit->checks += error == DX_E_CHECK;
    unit->refusals += error == DX_E_DENIED;
}

static void do_item(struct bus_machine *m, int item)
{
    bool is_block = item < m->block_count;
    int output = item - m->block_count;
    struct unit_state *unit =
        bus_find_unit(m, is_block ? m->block[item].unit : m->config.output[output].unit);
    if (!unit_is_due(m, unit) ||
        (!is_block && !m->output[output].unsettled && !m->output[output].refresh)) {
        return;
    }
    if (is_block && m->is_probe[item] && unit->up && !mono_reached(bus_now(m), unit->probe)) {
        return; /* alive a moment ago */
    }
    if (is_block && m->block_period[item] && unit->up &&
        !mono_reached(bus_now(m), m->block_due[item])) {
        return;
    }
    int error = bus_know_unit(m, unit);
    bool is_known = !error;
    error = error ? error : is_block ? bus_read_block(m, item) : bus_output_settle(m, output);
    if (is_block && !error && m->block_period[item]) {
        m->block_due[item] = mono_add(bus_now(m), m->block_period[item]);
    }
    if (!m->open) {
        count_answer(unit, error);
        return; /* forgotten: the next pass begins anew */
    }
    bool is_probe = is_block && m->is_probe[item]; /* it need not be readable */
    count_answer(unit, is_probe && error == DX_E_DENIED ? 0 : error);
    bool fine =
        error == 0 || (error == DX_E_DENIED && is_known && (!is_block || m->is_probe[item]));
    unit->tried = true;
    unit->failed = unit->failed || !fine;
}

/* It may come back with its outputs off and its inputs moved. */
static void unit_went_down(struct bus_machine *m, struct unit_state *unit)
{
    unit->known = false;
    for (int k = 0; k < m->config.output_count; k++) {
        if (m->config.output[k].unit == unit->unit) {
            m->output[k].unsettled = true;
        }
    }
    for (int k = 0; k < m->config.input_count; k++) {
        if (m->config.input[k].point.unit == unit->unit) {
            debounce_reset(&m->input[k].debounce);
            m->input[k].counting = false;
        }
    }
}

/* It erred for a moment: it may have restarted, and then what was held is off. */
static void unit_hiccuped(struct bus_machine *m, const struct unit_state *unit)
{
    for (int k = 0; k < m->config.output_count; k++) {
        if (m->config.output[k].unit == unit->unit && m->output[k].want == LEVEL_ON) {
            m->output[k].refresh = true;
        }
    }
}

static void judge_unit(struct bus_machine *m, struct unit_state *unit, mono_t now)
{
    if (!unit->failed) {
        if (unit->up && unit->errors > 0) {
            unit_hiccuped(m, unit);
        }
        unit->up = true;
        unit->errors = 0;
        unit->probe = mono_add(now, BUS_PROBE_MS);
    } else if (++unit->errors >= BUS_ERRORS_MAX) {
        if (unit->up) {
            unit_went_down(m, unit);
        }
        unit->up = false;
        unit->probe = mono_add(now, BUS_PROBE_MS);
    }
}

/* Counts now and then, up and down at once; what finds no room is told with the next. */
static void tell_unit(struct bus_machine *m, struct unit_state *unit, mono_t now)
{
    enum level level = unit->up                         ? LEVEL_ON
                       : unit->errors >= BUS_ERRORS_MAX ? LEVEL_OFF
                                                        : unit->told;
    bool grown = unit->timeouts || unit->checks || unit->refusals || unit->good;
    bool turned = level != unit->told && (level == LEVEL_OFF || unit->told == LEVEL_OFF);
    if (unit->tell.ms == 0) {
        unit->tell = mono_add(now, BUS_COUNT_MS);
    }
    if (unit->unit == 0 || (!turned && (!grown || !mono_reached(now, unit->tell)))) {
        return;
    }
    struct bus_report report = {.kind = BUS_REPORT_UNIT,
                                .unit = unit->unit,
                                .ok = level != LEVEL_OFF,
                                .good = unit->good,
                                .timeouts = unit->timeouts,
                                .checks = unit->checks,
                                .refusals = unit->refusals};
    if (m->line.report(m->line.context, &report) == 0) {
        unit->told = level;
        unit->good = false;
        unit->timeouts = unit->checks = unit->refusals = 0;
        unit->tell = mono_add(now, BUS_COUNT_MS);
    }
}

/* An input that has not moved for too long: a loop that has lost its wire, a car that was parked.
 */
static void watch_input(struct bus_machine *m, int i, mono_t now)
{
    const struct bus_input *in = &m->config.input[i];
    struct input_state *state = &m->input[i];
    const struct debounce *d = &state->debounce;
    if (!d->known || d->stable != state->stable || state->since.ms == 0) {
        state->stable = d->stable;
        state->since = now;
    }
    int64_t limit = state->stable ? in->stuck_on_ms : in->stuck_off_ms;
    bool stuck = d->known && limit && mono_diff(now, state->since) >= limit;
    if (stuck != state->stuck) {
        struct bus_report report = {.kind = BUS_REPORT_STUCK,
                                    .lane = in->lane,
                                    .input = in->role,
                                    .level = state->stable ? LEVEL_ON : LEVEL_OFF,
                                    .ok = !stuck};
        if (m->line.report(m->line.context, &report) == 0) {
            state->stuck = stuck;
        }
    }
}

/* Slower while every input is off or a limit switch, and no order is under way. */
static int period(const struct bus_machine *m)
{
    bool busy = m->order_count > 0 || m->config.idle_poll_ms <= m->config.poll_ms;
    for (int i = 0; i < m->config.input_count && !busy; i++) {
        const struct debounce *d = &m->input[i].debounce;
        enum input_role role = m->config.input[i].role;
        busy =
            !d->known || d->pending || (d->stable && role != INPUT_OPENED && role != INPUT_CLOSED);
    }
    for (int i = 0; i < m->config.output_count && !busy; i++) {
        busy = m->output[i].off_at.ms != mono_never().ms;
    }
    return busy ? m->config.poll_ms : m->config.idle_poll_ms;
}

static void end_pass(struct bus_machine *m)
{
    mono_t now = bus_now(m);
    for (int i = 0; i < m->unit_count; i++) {
        if (m->unit[i].tried) {
            judge_unit(m, &m->unit[i], now);
        }
        m->unit[i].tried = m->unit[i].failed = false;
        tell_unit(m, &m->unit[i], now);
    }
    for (int i = 0; i < m->config.input_count; i++) {
        watch_input(m, i, now);
    }
    m->cursor = 0;
    m->next_pass = mono_add(m->pass, period(m));
}

static void pass(struct bus_machine *m)
{
    if (m->cursor == 0) {
        /* On the beat: waking a little late must not make every later reading late as well. */
        mono_t now = bus_now(m);
        bool late = mono_diff(now, m->next_pass) >= m->config.poll_ms;
        m->pass = late ? now : m->next_pass;
    }
    while (m->cursor < m->block_count + m->config.output_count) {
        do_item(m, m->cursor);
        if (!m->open) {
            return;
        }
        m->cursor++;
        if (m->quiet) {
            return; /* goes on after the silence, with the next unit's turn */
        }
        m->line.between(m->line.context);
        bus_outputs_work(m);
        if (bus_is_barred(m)) {
            return;
        }
    }
    end_pass(m);
}

/* ---- texts ---- */

static void tell_text(struct bus_machine *m, int i, bool ok)
{
    struct text_state *text = &m->text[i];
    struct bus_report report = {.kind = BUS_REPORT_TEXT, .lane = m->config.text[i].lane, .ok = ok};
    if ((!text->told || text->ok != ok) && m->line.report(m->line.context, &report) == 0) {
        text->told = true;
        text->ok = ok;
    }
}

static void write_text(struct bus_machine *m, int i)
{
    const struct bus_text *config = &m->config.text[i];
    struct text_state *text = &m->text[i];
    int error = m->line.write_words(m->line.context, config->unit, config->first, text->want,
                                    config->count);
    mono_t now = bus_now(m);
    if (!error) {
        bus_note(m, 0);
        text->errors = 0;
        text->dirty = false;
        text->due = mono_add(now, BUS_TEXT_REFRESH_MS);
        tell_text(m, i, true);
        return;
    }
    text->errors++;
    text->due =
        mono_add(now, text->errors < BUS_ERRORS_MAX ? BUS_TEXT_RETRY_MS : BUS_TEXT_REFRESH_MS);
    if (text->errors >= BUS_ERRORS_MAX || error == DX_E_DENIED) {
        tell_text(m, i, false);
    }
    if (error == DX_E_LINK) {
        drop_link(m, error);
    } else if (error != DX_E_DENIED) {
        be_quiet(m); /* but no error of the line: a dead display is not a dead lane */
    }
}

/* At most one, and none while an arm comes down: a silent display costs two timeouts. */
static void work_text(struct bus_machine *m)
{
    mono_t now = bus_now(m);
    for (int i = 0; i < m->config.output_count; i++) {
        if (m->config.output[i].role == OUTPUT_CLOSE && m->output[i].state == LEVEL_ON) {
            return;
        }
    }
    for (int i = 0; i < m->config.text_count; i++) {
        if (m->text[i].wanted && mono_reached(now, m->text[i].due)) {
            write_text(m, i);
            return;
        }
    }
}

int bus_machine_text(struct bus_machine *m, int lane, const uint16_t *words, int count)
{
    for (int i = 0; i < m->config.text_count; i++) {
        struct text_state *text = &m->text[i];
        if (m->config.text[i].lane != lane) {
            continue;
        }
        if (count != m->config.text[i].count) {
            return DX_E_INVAL;
        }
        size_t bytes = (size_t)count * sizeof words[0];
        if (!text->wanted || memcmp(text->want, words, bytes) != 0) {
            memcpy(text->want, words, bytes);
            text->wanted = text->dirty = true;
            if (text->errors == 0) {
                text->due = bus_now(m);
            }
        }
        return 0;
    }
    return DX_E_NOT_FOUND;
}

/* ---- life ---- */

static mono_t deadline(const struct bus_machine *m)
{
    if (!m->open) {
        return m->reconnect;
    }
    if (m->quiet) {
        return m->quiet_until;
    }
    mono_t next = m->cursor ? bus_now(m) : m->next_pass;
    return mono_min(next, bus_outputs_deadline(m));
}

mono_t bus_machine_work(struct bus_machine *m)
{
    if (!m->open && mono_reached(bus_now(m), m->reconnect)) {
        connect_link(m);
    }
    if (!m->open) {
        bus_orders_fail(m, DX_E_LINK, false);
    } else if (m->quiet && mono_reached(bus_now(m), m->quiet_until)) {
        m->line.flush(m->line.context);
        m->quiet = false;
    }
    if (m->quiet) {
        bus_orders_fail(m, DX_E_STALE, true);
    }
    if (!bus_is_barred(m)) {
        bus_outputs_work(m);
    }
    if (!bus_is_barred(m) && (m->cursor || mono_reached(bus_now(m), m->next_pass))) {
        pass(m);
    }
    tell(m); /* an edge goes on its way before a display gets its letters */
    if (!bus_is_barred(m) && m->cursor == 0) {
        work_text(m);
    }
    if (!bus_is_barred(m) && m->cursor == 0) {
        bus_feed_modules(m);
    }
    tell(m);
    return deadline(m);
}

void bus_machine_stop(struct bus_machine *m)
{
    if (m->open) {
        bus_outputs_stop(m);
        m->line.close(m->line.context);
        m->open = false;
    }
}

static int add_unit(struct bus_machine *m, int unit)
{
    if (bus_find_unit(m, unit)) {
        return 0;
    }
    if (m->unit_count == BUS_UNITS_MAX) {
        return DX_E_CONFIG;
    }
    m->unit[m->unit_count++] = (struct unit_state){.unit = unit};
    return 0;
}

/* Units and blocks; a unit with outputs only gets a block to see whether it is alive. */
static int make_plan(struct bus_machine *m)
{
    int error = 0;
    for (int i = 0; i < m->config.input_count && !error; i++) {
        m->lane_used[m->config.input[i].lane] = true;
        interlock_use(m->config.interlock, m->config.input[i].lane, m->config.input[i].role);
        error = add_unit(m, m->config.input[i].point.unit);
    }
    if (!error && bus_plan_blocks(m->config.input, m->config.input_count, m->config.gap, m->block,
                                  m->block_period, &m->block_count)) {
        error = DX_E_CONFIG;
    }
    for (int i = 0; i < m->config.output_count && !error; i++) {
        const struct bus_output *out = &m->config.output[i];
        m->lane_used[out->lane] = true;
        if (bus_find_unit(m, out->unit)) {
            continue;
        }
        if (out->unit == 0) { /* all of them: nobody answers a question */
            error = add_unit(m, 0);
            continue;
        }
        error = m->block_count < MODBUS_BLOCKS_MAX ? add_unit(m, out->unit) : DX_E_CONFIG;
        if (!error) {
            m->is_probe[m->block_count] = true;
            m->block[m->block_count++] =
                (struct modbus_block){out->unit, out->table, out->address, 1};
        }
    }
    for (int i = 0; i < m->config.setup_count && !error; i++) {
        error = bus_find_unit(m, m->config.setup[i].write.unit) ? 0 : DX_E_CONFIG;
    }
    return error;
}

int bus_machine_new(const struct bus_machine_config *config, const struct bus_line *line,
                    struct bus_machine **ret_machine)
{
    struct bus_machine *m = calloc(1, sizeof *m);
    if (!m) {
        return DX_E_MEMORY;
    }
    m->config = *config;
    m->line = *line;
    m->backoff_ms = BUS_RECONNECT_MS_MIN;
    int error = make_plan(m);
    if (error) {
        free(m);
        return error;
    }
    m->reconnect = bus_now(m);
    m->order_wakeup = mono_never();
    for (int i = 0; i < config->output_count; i++) {
        m->output[i].want = LEVEL_UNKNOWN;
    }
    forget(m);
    *ret_machine = m;
    return 0;
}

void bus_machine_free(struct bus_machine *m)
{
    free(m);
}
