#include "gate/io/map_plan.h"

#include "gate/io/bus_machine.h"

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

/* ---- lines ---- */

static void print(FILE *file, const char *when, const char *what, const struct map_request *r)
{
    uint8_t bytes[MAP_FRAME_MAX];
    char value[32];
    int n = map_request_bytes(r, bytes);
    if (r->function <= 4) {
        snprintf(value, sizeof value, "count %d", r->count);
    } else if (r->count > 1) {
        snprintf(value, sizeof value, "%d words", r->count);
    } else {
        snprintf(value, sizeof value, "0x%04X", (unsigned)r->words[0]);
    }
    fprintf(file, "  %-14s %-22s unit %3d  FC%02d  address %5d (0x%04X)  %-9s ", when, what,
            r->unit, r->function, r->address, (unsigned)r->address, value);
    for (int i = 0; i < n && i < 24; i++) {
        fprintf(file, " %02X", bytes[i]);
    }
    fprintf(file, "%s\n", n > 24 ? " …" : "");
}

static void print_block(FILE *file, enum modbus_transport transport, const char *when,
                        const char *what, const struct modbus_block *b)
{
    static const int functions[] = {1, 2, 4, 3};
    struct map_request r = {transport, b->unit, functions[b->table], b->first, b->count, NULL};
    print(file, when, what, &r);
}

static void print_write(FILE *file, enum modbus_transport transport, const char *when,
                        const char *what, const struct output_settings *out, bool on)
{
    uint16_t words[2] = {(uint16_t)(on ? out->on : out->off), (uint16_t)out->second};
    int count = on && out->words == 2 ? 2 : 1;
    struct map_request r = {transport, out->unit, out->function, out->address, count, words};
    if (out->function == 15) {
        words[0] = words[0] != 0;
    }
    print(file, when, what, &r);
}

static bool is_motor(enum output_role role)
{
    return role == OUTPUT_OPEN || role == OUTPUT_CLOSE || role == OUTPUT_STOP;
}

static const struct output_settings *find(const struct lane_settings *lane, enum output_role role)
{
    for (int k = 0; k < lane->output_count; k++) {
        if (lane->output[k].role == role) {
            return &lane->output[k];
        }
    }
    return NULL;
}

static void print_on(FILE *file, enum modbus_transport transport, const char *when,
                     const struct output_settings *out)
{
    char what[40];
    snprintf(what, sizeof what, "%s on", output_role_text(out->role));
    print_write(file, transport, when, what, out, true);
    if (out->read_back && !out->hardware_pulse) {
        struct modbus_block block = {out->unit, out->table ? MODBUS_HOLDING : MODBUS_COIL,
                                     out->address, 1};
        print_block(file, transport, when, "  read back", &block);
    }
    if (out->pulse_ms && !out->hardware_pulse) {
        snprintf(what, sizeof what, "%s off after %d ms", output_role_text(out->role),
                 out->pulse_ms);
        print_write(file, transport, when, what, out, false);
    }
}

/* The blocks that the worker reads; -1: too many. */
static int plan_blocks(const struct gate_settings *s, int bus,
                       struct modbus_block blocks[MODBUS_BLOCKS_MAX])
{
    static struct modbus_point points[BUS_INPUTS_MAX];
    int count = 0;
    int block_count = 0;
    for (int i = 0; i < s->lane_count; i++) {
        for (int k = 0; k < s->lane[i].input_count; k++) {
            const struct input_settings *in = &s->lane[i].input[k];
            if (in->bus == bus) {
                points[count++] = (struct modbus_point){in->unit, in->table, in->address, in->bit,
                                                        in->active_low != 0};
            }
        }
    }
    return modbus_plan(points, count, blocks, &block_count) ? -1 : block_count;
}

/* What an order does: the other motors off first, for closing a fresh look at the safety inputs. */
static void print_order(FILE *file, const struct gate_settings *s, const struct lane_settings *lane,
                        const struct output_settings *out)
{
    enum modbus_transport transport = s->bus[out->bus].transport;
    char when[32];
    snprintf(when, sizeof when, "lane %d %s", lane->lane, output_role_text(out->role));
    for (int k = 0; k < lane->output_count && is_motor(out->role); k++) {
        const struct output_settings *other = &lane->output[k];
        if (other != out && is_motor(other->role) && !other->hardware_pulse) {
            char what[40];
            snprintf(what, sizeof what, "%s off, unless off", output_role_text(other->role));
            print_write(file, transport, when, what, other, false);
        }
    }
    struct modbus_block blocks[MODBUS_BLOCKS_MAX];
    int block_count = out->role == OUTPUT_CLOSE ? plan_blocks(s, out->bus, blocks) : 0;
    for (int b = 0; b < block_count; b++) {
        bool has = false;
        for (int k = 0; k < lane->input_count; k++) {
            const struct input_settings *in = &lane->input[k];
            struct modbus_point point = {in->unit, in->table, in->address, in->bit, false};
            has = has || (in->bus == out->bus && interlock_is_safety(in->role) &&
                          modbus_block_has(&blocks[b], &point));
        }
        if (has) {
            print_block(file, transport, when, "  look for vehicles", &blocks[b]);
        }
    }
    print_on(file, transport, when, out);
    if (!is_motor(out->role) && out->pulse_ms == 0) {
        print_write(file, transport, when, "off", out, false);
    }
}

/* ---- a gate ---- */

static bool unit_is_read(const struct gate_settings *s, int bus, int unit)
{
    for (int i = 0; i < s->lane_count; i++) {
        for (int k = 0; k < s->lane[i].input_count; k++) {
            if (s->lane[i].input[k].bus == bus && s->lane[i].input[k].unit == unit) {
                return true;
            }
        }
    }
    return false;
}

/* A unit without inputs is read now and then, to see whether it is alive. */
static void print_probes(FILE *file, const struct gate_settings *s, int bus)
{
    bool seen[256] = {false};
    for (int i = 0; i < s->lane_count; i++) {
        for (int k = 0; k < s->lane[i].output_count; k++) {
            const struct output_settings *out = &s->lane[i].output[k];
            if (out->bus != bus || seen[out->unit] || unit_is_read(s, bus, out->unit)) {
                continue;
            }
            seen[out->unit] = true;
            struct modbus_block block = {out->unit, out->table ? MODBUS_HOLDING : MODBUS_COIL,
                                         out->address, 1};
            print_block(file, s->bus[bus].transport, "each 2 s", "is it alive", &block);
        }
    }
}

static void print_polls(FILE *file, const struct gate_settings *s, int bus)
{
    struct modbus_block blocks[MODBUS_BLOCKS_MAX];
    int block_count = plan_blocks(s, bus, blocks);
    if (block_count < 0) {
        fprintf(file, "  too many blocks: more than %d\n", MODBUS_BLOCKS_MAX);
        return;
    }
    for (int b = 0; b < block_count; b++) {
        char what[160];
        int n = 0;
        what[0] = '\0';
        for (int i = 0; i < s->lane_count; i++) {
            for (int k = 0; k < s->lane[i].input_count; k++) {
                const struct input_settings *in = &s->lane[i].input[k];
                struct modbus_point point = {in->unit, in->table, in->address, in->bit, false};
                n += in->bus == bus && modbus_block_has(&blocks[b], &point);
            }
        }
        snprintf(what, sizeof what, "%d input%s", n, n == 1 ? "" : "s");
        char when[32];
        snprintf(when, sizeof when, "each %d ms", s->bus[bus].poll_ms);
        print_block(file, s->bus[bus].transport, when, what, &blocks[b]);
    }
    print_probes(file, s, bus);
}

static void print_bus(FILE *file, const struct gate_settings *s, int bus)
{
    static const char *const transports[] = {"tcp", "rtu", "rtu over tcp"};
    const struct bus_settings *b = &s->bus[bus];
    fprintf(file, "bus %s: %s %s, timeout %d ms%s%s\n", b->name, transports[b->transport],
            b->address, b->timeout_ms, b->profile_name[0] ? ", profile " : "",
            b->profile_name[0] ? b->profile.name : "");
    for (int i = 0; i < s->lane_count; i++) {
        for (int k = 0; k < s->lane[i].output_count; k++) {
            const struct output_settings *out = &s->lane[i].output[k];
            if (out->bus == bus && is_motor(out->role) && !out->hardware_pulse) {
                char what[40];
                snprintf(what, sizeof what, "lane %d %s off", s->lane[i].lane,
                         output_role_text(out->role));
                print_write(file, b->transport, "at start", what, out, false);
            }
        }
    }
    print_polls(file, s, bus);
}

static void print_display(FILE *file, const struct gate_settings *s,
                          const struct lane_settings *lane)
{
    static const uint16_t blank[MODBUS_TEXT_WORDS_MAX];
    const struct display_settings *d = &lane->display;
    struct map_request r = {s->bus[d->bus].transport,          d->unit, 16, d->first,
                            d->lines * ((d->columns + 1) / 2), blank};
    char when[32];
    snprintf(when, sizeof when, "lane %d text", lane->lane);
    print(file, when, "when it changes", &r);
}

static void print_stop(FILE *file, const struct gate_settings *s, const struct lane_settings *lane)
{
    for (int k = 0; k < lane->output_count; k++) {
        const struct output_settings *out = &lane->output[k];
        bool off =
            out->at_stop == AT_STOP_OFF || (out->at_stop == AT_STOP_USUAL && is_motor(out->role) &&
                                            !(out->role == OUTPUT_OPEN && out->pulse_ms == 0));
        bool on = out->at_stop == AT_STOP_ON && out->role != OUTPUT_CLOSE;
        if (!out->hardware_pulse && (off || on)) {
            char what[40];
            snprintf(what, sizeof what, "lane %d %s %s", lane->lane, output_role_text(out->role),
                     on ? "on" : "off");
            print_write(file, s->bus[out->bus].transport, "at the end", what, out, on);
        }
    }
}

void map_plan_settings(FILE *file, const struct gate_settings *s)
{
    static const enum output_role motors[] = {OUTPUT_OPEN, OUTPUT_CLOSE, OUTPUT_STOP};
    for (int i = 0; i < s->bus_count; i++) {
        print_bus(file, s, i);
    }
    for (int i = 0; i < s->lane_count; i++) {
        const struct lane_settings *lane = &s->lane[i];
        fprintf(file, "lane %d %s\n", lane->lane, lane->name);
        for (size_t k = 0; k < sizeof motors / sizeof motors[0]; k++) {
            const struct output_settings *out = find(lane, motors[k]);
            if (out) {
                print_order(file, s, lane, out);
            }
        }
        for (int k = 0; k < lane->output_count; k++) {
            if (!is_motor(lane->output[k].role)) {
                print_order(file, s, lane, &lane->output[k]);
            }
        }
        if (lane->display.present) {
            print_display(file, s, lane);
        }
        print_stop(file, s, lane);
    }
}

/* ---- a profile ---- */

static void print_channel(FILE *file, const struct profile *p, int n)
{
    const struct profile_outputs *from = &p->outputs;
    bool coil = from->table == 0;
    char when[32];
    struct output_settings out = {.unit = 1,
                                  .table = from->table,
                                  .function = from->function ? from->function
                                              : coil         ? 5
                                                             : 6,
                                  .address = from->first + (n - 1) * from->step,
                                  .on = from->on >= 0 ? from->on
                                        : coil        ? 0xFF00
                                                      : 1,
                                  .off = from->off >= 0 ? from->off : 0,
                                  .words = 1};
    snprintf(when, sizeof when, "output %d", n);
    print_write(file, TRANSPORT_RTU, when, "on", &out, true);
    print_write(file, TRANSPORT_RTU, when, "off", &out, false);
    if (p->pulse.present) {
        const struct profile_pulse *pulse = &p->pulse;
        int time = pulse->add + (pulse->unit_ms > 1000 ? 1 : 1000 / pulse->unit_ms);
        out.function = pulse->function;
        out.address = pulse->first + (n - 1) * pulse->step;
        out.words = pulse->mode >= 0 ? 2 : 1;
        out.on = pulse->mode >= 0 ? pulse->mode : time;
        out.second = time;
        print_write(file, TRANSPORT_RTU, when, "pulse of 1 s", &out, true);
    }
}

void map_plan_profile(FILE *file, const struct profile *p)
{
    fprintf(file, "profile %s, version %d: %s\nas RTU frames to unit 1\n", p->name, p->version,
            p->title);
    for (int n = 1; n <= p->inputs.count; n++) {
        struct modbus_block block = {
            1, p->inputs.table,
            p->inputs.first + (p->inputs.bit < 0 ? (n - 1) * p->inputs.step : 0), 1};
        char when[32];
        snprintf(when, sizeof when, "input %d", n);
        print_block(file, TRANSPORT_RTU, when, "read", &block);
    }
    for (int n = 1; n <= p->outputs.count; n++) {
        print_channel(file, p, n);
    }
}
