#include "gate/io/map_plan.h"

#include "gate/io/bus_config.h"

/* ---- bytes ---- */

static int put_word(uint8_t *bytes, int n, int value)
{
    bytes[n] = (uint8_t)(value >> 8);
    bytes[n + 1] = (uint8_t)value;
    return n + 2;
}

/* Modbus over serial line 1.02, 6.2.2: polynomial 0xA001, low byte first. */
static unsigned check_bytes(const uint8_t *bytes, int n)
{
    unsigned crc = 0xFFFF;
    for (int i = 0; i < n; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc & 1u) ? crc >> 1 ^ 0xA001u : crc >> 1;
        }
    }
    return crc;
}

/* Unit, function, and what the function adds (Modbus application protocol 1.1b3, 6). */
static int put_pdu(const struct map_request *r, uint8_t *bytes)
{
    bytes[0] = (uint8_t)r->unit;
    bytes[1] = (uint8_t)r->function;
    int n = put_word(bytes, 2, r->address);
    if (r->function <= 4) {
        return put_word(bytes, n, r->count);
    }
    if (r->function == 5 || r->function == 6) {
        return put_word(bytes, n, r->words[0]);
    }
    n = put_word(bytes, n, r->count);
    if (r->function == 15) {
        bytes[n++] = 1;
        bytes[n++] = r->words[0] != 0;
        return n;
    }
    bytes[n++] = (uint8_t)(2 * r->count);
    for (int i = 0; i < r->count; i++) {
        n = put_word(bytes, n, r->words[i]);
    }
    return n;
}

int map_request_bytes(const struct map_request *r, uint8_t ret_bytes[MAP_FRAME_MAX])
{
    if (r->transport == TRANSPORT_TCP) {
        int n = put_pdu(r, ret_bytes + 6);
        put_word(ret_bytes, 0, 0);
        put_word(ret_bytes, 2, 0);
        put_word(ret_bytes, 4, n);
        return n + 6;
    }
    int n = put_pdu(r, ret_bytes);
    unsigned crc = check_bytes(ret_bytes, n);
    ret_bytes[n] = (uint8_t)crc;
    ret_bytes[n + 1] = (uint8_t)(crc >> 8);
    return n + 2;
}

/* ---- what is said of a request ---- */

struct plan {
    FILE *file;
    bool json;
    int said;
    const char *bus;
    enum modbus_transport transport;
};

static void print_value(FILE *file, const struct map_request *r)
{
    if (r->function <= 4) {
        fprintf(file, "count %d", r->count);
        return;
    }
    for (int i = 0; i < r->count && i < 4; i++) {
        fprintf(file, "%s0x%04X", i ? " " : "", (unsigned)r->words[i]);
    }
    if (r->count > 4) {
        fprintf(file, " … %d words", r->count);
    }
}

/* Names are of [a-z0-9-], and the words are ours: nothing in here needs escaping. */
static void say_json(struct plan *plan, const char *when, const char *what,
                     const struct map_request *r, const uint8_t *bytes, int n)
{
    FILE *file = plan->file;
    fprintf(file,
            "%s\n  {\"bus\":\"%s\",\"when\":\"%s\",\"what\":\"%s\",\"unit\":%d,\"function\":%d,"
            "\"address\":%d,\"count\":%d,\"values\":[",
            plan->said ? "," : "", plan->bus, when, what, r->unit, r->function, r->address,
            r->count);
    for (int i = 0; r->function > 4 && i < r->count; i++) {
        fprintf(file, "%s%u", i ? "," : "", (unsigned)r->words[i]);
    }
    fprintf(file, "],\"bytes\":\"");
    for (int i = 0; i < n; i++) {
        fprintf(file, "%s%02X", i ? " " : "", bytes[i]);
    }
    fprintf(file, "\"}");
}

static void say(struct plan *plan, const char *when, const char *what, const struct map_request *r)
{
    uint8_t bytes[MAP_FRAME_MAX];
    int n = map_request_bytes(r, bytes);
    if (plan->json) {
        say_json(plan, when, what, r, bytes, n);
        plan->said++;
        return;
    }
    fprintf(plan->file, "  %-16s %-26s unit %3d  FC%02d  address %5d (0x%04X)  ", when, what,
            r->unit, r->function, r->address, (unsigned)r->address);
    print_value(plan->file, r);
    fprintf(plan->file, " ");
    for (int i = 0; i < n && i < 24; i++) {
        fprintf(plan->file, " %02X", bytes[i]);
    }
    fprintf(plan->file, "%s\n", n > 24 ? " …" : "");
}

static void say_block(struct plan *plan, const char *when, const char *what,
                      const struct modbus_block *b)
{
    static const int functions[] = {1, 2, 4, 3};
    struct map_request r = {plan->transport, b->unit,  functions[b->table],
                            b->first,        b->count, NULL};
    say(plan, when, what, &r);
}

static void say_write(struct plan *plan, const char *when, const char *what,
                      const struct modbus_write *write)
{
    uint16_t word = write->function == 15 ? write->value != 0 : write->value;
    struct map_request r = {plan->transport, write->unit, write->function,
                            write->address,  1,           &word};
    say(plan, when, what, &r);
}

/* One output switched; of a register that is shared, the bits that are not ours as zeros. */
static void say_output(struct plan *plan, const char *when, const char *what,
                       const struct bus_output *out, bool on)
{
    struct modbus_block block = {out->unit, out->table, out->address, 1};
    struct modbus_write write = {out->unit, out->function, out->address, on ? out->on : out->off};
    if (out->mask) {
        say_block(plan, when, "  the other bits", &block);
        write.value = write.value ? out->mask : 0;
    }
    if (on && out->words == 2) {
        const uint16_t words[2] = {out->on, out->second};
        struct map_request r = {plan->transport, out->unit, 16, out->address, 2, words};
        say(plan, when, what, &r);
    } else {
        say_write(plan, when, what, &write);
    }
    if (out->read_back && !out->hardware_pulse) {
        say_block(plan, when, "  read back", &block);
    }
}

static bool is_motor(enum output_role role)
{
    return role == OUTPUT_OPEN || role == OUTPUT_CLOSE || role == OUTPUT_STOP;
}

/* ---- what a bus does ---- */

static void say_start(struct plan *plan, const struct bus_machine_config *m)
{
    for (int i = 0; i < m->identity_count; i++) {
        struct modbus_block block = {m->identity[i].unit, m->identity[i].table,
                                     m->identity[i].address, 1};
        say_block(plan, "at start", "who is it", &block);
    }
    for (int i = 0; i < m->setup_count; i++) {
        char when[32] = "at start";
        say_write(plan, when, "setup", &m->setup[i].write);
        if (m->setup[i].each_ms) {
            snprintf(when, sizeof when, "each %d ms", m->setup[i].each_ms);
            say_write(plan, when, "setup again", &m->setup[i].write);
        }
    }
    for (int i = 0; i < m->output_count; i++) {
        const struct bus_output *out = &m->output[i];
        bool is_set = out->at_start == AT_STOP_OFF || out->at_start == AT_STOP_ON;
        if (!out->hardware_pulse && (is_motor(out->role) || is_set)) {
            bool on = !is_motor(out->role) && out->at_start == AT_STOP_ON;
            char what[48];
            snprintf(what, sizeof what, "lane %d %s %s", out->lane, output_role_text(out->role),
                     on ? "on" : "off");
            say_output(plan, "at start", what, out, on);
        }
    }
}

static void say_polls(struct plan *plan, const struct bus_machine_config *m)
{
    struct modbus_block blocks[MODBUS_BLOCKS_MAX];
    int period[MODBUS_BLOCKS_MAX];
    int count = 0;
    bool read[256] = {false};
    if (bus_plan_blocks(m->input, m->input_count, m->gap, blocks, period, &count)) {
        fprintf(plan->file, "  too many blocks: more than %d\n", MODBUS_BLOCKS_MAX);
        return;
    }
    for (int b = 0; b < count; b++) {
        char when[32];
        char what[32];
        int n = 0;
        for (int i = 0; i < m->input_count; i++) {
            n += modbus_block_has(&blocks[b], &m->input[i].point);
        }
        snprintf(when, sizeof when, "each %d ms", period[b] ? period[b] : m->poll_ms);
        snprintf(what, sizeof what, "%d input%s", n, n == 1 ? "" : "s");
        say_block(plan, when, what, &blocks[b]);
        read[blocks[b].unit] = true;
    }
    for (int i = 0; i < m->output_count; i++) {
        const struct bus_output *out = &m->output[i];
        if (!read[out->unit] && out->unit != 0) {
            struct modbus_block block = {out->unit, out->table, out->address, 1};
            read[out->unit] = true;
            say_block(plan, "each 2 s", "is it alive", &block);
        }
    }
}

/* Before closing the inputs that forbid it are read again. */
static void say_look(struct plan *plan, const char *when, const struct bus_machine_config *m,
                     const struct bus_output *out)
{
    struct modbus_block blocks[MODBUS_BLOCKS_MAX];
    int period[MODBUS_BLOCKS_MAX];
    int count = 0;
    (void)!bus_plan_blocks(m->input, m->input_count, m->gap, blocks, period, &count);
    for (int b = 0; b < count; b++) {
        bool has = false;
        for (int k = 0; k < m->input_count; k++) {
            const struct bus_input *in = &m->input[k];
            has = has || (in->lane == out->lane &&
                          (interlock_is_safety(in->role) || (out->not_while >> in->role & 1u)) &&
                          modbus_block_has(&blocks[b], &in->point));
        }
        if (has) {
            say_block(plan, when, "  look for vehicles", &blocks[b]);
        }
    }
}

/* What an order does: the other motors off first, stop where it is asked for, then the output. */
static void say_order(struct plan *plan, const struct bus_machine_config *m,
                      const struct bus_output *out)
{
    char when[40];
    char what[64];
    snprintf(when, sizeof when, "lane %d %s", out->lane, output_role_text(out->role));
    for (int k = 0; k < m->output_count && is_motor(out->role); k++) {
        const struct bus_output *other = &m->output[k];
        if (other == out || other->lane != out->lane || !is_motor(other->role)) {
            continue;
        }
        if (other->role == OUTPUT_STOP && out->stop_first) {
            say_output(plan, when, "  stop on", other, true);
        }
        if (!other->hardware_pulse) {
            snprintf(what, sizeof what, "  %s off, unless off", output_role_text(other->role));
            say_output(plan, when, what, other, false);
        }
    }
    if (out->role == OUTPUT_CLOSE) {
        say_look(plan, when, m, out);
    }
    say_output(plan, when, out->unit == 0 ? "on, to all" : "on", out, true);
    if (out->hardware_pulse) {
        return;
    }
    snprintf(what, sizeof what, out->pulse_ms ? "off after %d ms" : "off", out->pulse_ms);
    say_output(plan, when, what, out, false);
}

static void say_end(struct plan *plan, const struct bus_machine_config *m)
{
    for (int i = 0; i < m->output_count; i++) {
        const struct bus_output *out = &m->output[i];
        bool usual = is_motor(out->role) && !(out->role == OUTPUT_OPEN && out->pulse_ms == 0);
        bool off = out->at_stop == AT_STOP_OFF || (out->at_stop == AT_STOP_USUAL && usual);
        bool on = out->at_stop == AT_STOP_ON && out->role != OUTPUT_CLOSE;
        if (!out->hardware_pulse && (off || on)) {
            char what[48];
            snprintf(what, sizeof what, "lane %d %s %s", out->lane, output_role_text(out->role),
                     on ? "on" : "off, unless off");
            say_output(plan, "at the end", what, out, on);
        }
    }
}

static void say_text(struct plan *plan, const struct bus_text *text)
{
    static const uint16_t blank[MODBUS_TEXT_WORDS_MAX];
    char when[32];
    struct map_request r = {plan->transport, text->unit, 16, text->first, text->count, blank};
    snprintf(when, sizeof when, "lane %d text", text->lane);
    say(plan, when, "when it changes", &r);
}

static void say_bus(struct plan *plan, const struct bus_settings *b,
                    const struct bus_machine_config *m)
{
    static const char *const transports[] = {"tcp", "rtu", "rtu over tcp"};
    plan->bus = b->name;
    plan->transport = b->transport;
    if (!plan->json) {
        fprintf(plan->file, "bus %s: %s %s, timeout %d ms%s%s\n", b->name, transports[b->transport],
                b->address, b->timeout_ms, b->profile_name[0] ? ", profile " : "",
                b->profile_name[0] ? b->profile.name : "");
    }
    say_start(plan, m);
    say_polls(plan, m);
    for (int i = 0; i < m->output_count; i++) {
        say_order(plan, m, &m->output[i]);
    }
    for (int i = 0; i < m->text_count; i++) {
        say_text(plan, &m->text[i]);
    }
    say_end(plan, m);
}

int map_plan_settings(FILE *file, const struct gate_settings *s, bool json)
{
    struct plan plan = {.file = file, .json = json};
    struct modbus_bus_config *config = calloc(1, sizeof *config);
    if (!config) {
        return DX_E_MEMORY;
    }
    fputs(json ? "[" : "", file);
    for (int i = 0; i < s->bus_count; i++) {
        bool used[MSG_LANES_MAX + 1];
        memset(config, 0, sizeof *config);
        bus_config_fill(s, i, config, used);
        say_bus(&plan, &s->bus[i], &config->machine);
    }
    fputs(json ? "\n]\n" : "", file);
    free(config);
    return 0;
}

/* ---- a profile ---- */

static void say_channel(struct plan *plan, const struct profile *p, int n)
{
    const struct profile_outputs *from = &p->outputs;
    bool coil = from->table == 0;
    int on = from->on >= 0 ? from->on : coil ? 0xFF00 : 1;
    struct bus_output out = {.unit = 1,
                             .table = coil ? MODBUS_COIL : MODBUS_HOLDING,
                             .function = from->function ? from->function
                                         : coil         ? 5
                                                        : 6,
                             .address =
                                 from->bit >= 0 ? from->first : from->first + (n - 1) * from->step,
                             .mask = (uint16_t)(from->bit >= 0 ? 1u << (from->bit + n - 1) : 0u),
                             .on = (uint16_t)on,
                             .off = (uint16_t)(from->off >= 0 ? from->off : 0)};
    char when[32];
    snprintf(when, sizeof when, "output %d", n);
    say_output(plan, when, "on", &out, true);
    say_output(plan, when, "off", &out, false);
    if (p->pulse.present) {
        const struct profile_pulse *pulse = &p->pulse;
        int time = pulse->add + (pulse->unit_ms > 1000 ? 1 : 1000 / pulse->unit_ms);
        out.function = pulse->function;
        out.address = pulse->first + (n - 1) * pulse->step;
        out.mask = 0;
        out.words = pulse->mode >= 0 ? 2 : 1;
        out.on = (uint16_t)(pulse->mode >= 0 ? pulse->mode : time);
        out.second = (uint16_t)time;
        say_output(plan, when, "pulse of 1 s", &out, true);
    }
}

void map_plan_profile(FILE *file, const struct profile *p, bool json)
{
    struct plan plan = {.file = file, .json = json, .bus = "", .transport = TRANSPORT_RTU};
    if (json) {
        fputs("[", file);
    } else {
        fprintf(file, "profile %s, version %d: %s\nas RTU frames to unit 1\n", p->name, p->version,
                p->title);
    }
    if (p->identity.present) {
        struct modbus_block block = {1, p->identity.table, p->identity.address, 1};
        say_block(&plan, "at start", "who is it", &block);
    }
    for (int i = 0; i < p->setup_count; i++) {
        const struct profile_setup *setup = &p->setup[i];
        struct modbus_write write = {1, setup->function, setup->address, (uint16_t)setup->value};
        say_write(&plan, "at start", "setup", &write);
    }
    for (int n = 1; n <= p->inputs.count; n++) {
        struct modbus_block block = {
            1, p->inputs.table,
            p->inputs.first + (p->inputs.bit < 0 ? (n - 1) * p->inputs.step : 0), 1};
        char when[32];
        snprintf(when, sizeof when, "input %d", n);
        say_block(&plan, when, "read", &block);
    }
    for (int n = 1; n <= p->outputs.count; n++) {
        say_channel(&plan, p, n);
    }
    fputs(json ? "\n]\n" : "", file);
}
