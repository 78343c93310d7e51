#include "sim/live/modbus_twin.h"

#include "proto/base/check.h"

enum { COIL, DISCRETE, INPUT, HOLDING, BAD_FUNCTION = 1, BAD_ADDRESS, BAD_VALUE };

#define NUMBER(of, member, least, most, usual)                                                    \
    {                                                                                             \
        .key = #member, .type = CONFIG_INT, CONFIG_AT(of, member), .min = (least), .max = (most), \
        .default_text = (usual), .help = "as in etc/profiles"                                     \
    }

static const struct config_field input_fields[] = {
    NUMBER(struct twin_points, count, 0, TWIN_CHANNELS_MAX, "0"),
    {.key = "table",
     .type = CONFIG_ENUM,
     CONFIG_AT(struct twin_points, table),
     .allowed = "coil|discrete|input|holding",
     .default_text = "discrete",
     .help = "where they are"},
    NUMBER(struct twin_points, first, 0, 65535, "0"),
    NUMBER(struct twin_points, step, 0, 64, "1"),
    NUMBER(struct twin_points, bit, -1, 15, "-1"),
    {.key = "active",
     .type = CONFIG_ENUM,
     CONFIG_AT(struct twin_points, active_low),
     .allowed = "high|low",
     .default_text = "high",
     .help = "low: 0 means on"},
    {0}};

static const struct config_field output_fields[] = {
    NUMBER(struct twin_points, count, 0, TWIN_CHANNELS_MAX, "0"),
    {.key = "table",
     .type = CONFIG_ENUM,
     CONFIG_AT(struct twin_points, table),
     .allowed = "coil|holding",
     .default_text = "coil",
     .help = "where they are"},
    NUMBER(struct twin_points, first, 0, 65535, "0"),
    NUMBER(struct twin_points, step, 0, 64, "1"),
    NUMBER(struct twin_points, bit, -1, 15, "-1"),
    NUMBER(struct twin_points, function, 0, 16, "0"),
    NUMBER(struct twin_points, on, -1, 65535, "-1"),
    NUMBER(struct twin_points, off, -1, 65535, "-1"),
    {0}};

static const struct config_field pulse_fields[] = {
    NUMBER(struct twin_pulse, function, 5, 16, "5"),
    NUMBER(struct twin_pulse, first, 0, 65535, "0"),
    NUMBER(struct twin_pulse, step, 0, 64, "1"),
    NUMBER(struct twin_pulse, mode, -1, 65535, "-1"),
    NUMBER(struct twin_pulse, add, 0, 65535, "0"),
    NUMBER(struct twin_pulse, unit_ms, 1, 10000, "100"),
    NUMBER(struct twin_pulse, longest_ms, 1, 10000, "10000"),
    {0}};

static const struct config_field register_fields[] = {
    NUMBER(struct twin_register, unit, 0, 255, "0"),
    NUMBER(struct twin_register, function, 5, 16, "6"),
    {.key = "table",
     .type = CONFIG_ENUM,
     CONFIG_AT(struct twin_register, table),
     .allowed = "coil|discrete|input|holding",
     .default_text = "holding",
     .help = "where it is"},
    NUMBER(struct twin_register, address, 0, 65535, "0"),
    NUMBER(struct twin_register, value, 0, 65535, "0"),
    NUMBER(struct twin_register, mask, 1, 65535, "65535"),
    NUMBER(struct twin_register, each_ms, 0, 3600000, "0"),
    {0}};

static const struct config_field schema[] = {
    {.key = "profile",
     .type = CONFIG_STRING,
     CONFIG_AT(struct twin_profile, name),
     .required = true,
     .sample = "x",
     .help = "its name"},
    {.key = "version", .type = CONFIG_SKIP, .help = ""},
    {.key = "title", .type = CONFIG_SKIP, .help = ""},
    {.key = "source", .type = CONFIG_SKIP, .help = ""},
    {.key = "inputs",
     .type = CONFIG_MAP,
     CONFIG_AT(struct twin_profile, inputs),
     .children = input_fields,
     .help = "inputs"},
    {.key = "outputs",
     .type = CONFIG_MAP,
     CONFIG_AT(struct twin_profile, outputs),
     .children = output_fields,
     .help = "outputs"},
    {.key = "pulse",
     .type = CONFIG_MAP,
     CONFIG_AT(struct twin_profile, pulse),
     .counted = true,
     .count_offset = offsetof(struct twin_profile, pulse.present),
     .children = pulse_fields,
     .help = "pulses"},
    {.key = "identity",
     .type = CONFIG_MAP,
     CONFIG_AT(struct twin_profile, identity),
     .counted = true,
     .count_offset = offsetof(struct twin_profile, has_identity),
     .children = register_fields,
     .help = "who it is"},
    {.key = "setup",
     .type = CONFIG_LIST,
     CONFIG_AT(struct twin_profile, setup),
     CONFIG_COUNT(struct twin_profile, setup_count),
     .children = register_fields,
     .child_size = sizeof(struct twin_register),
     .children_max = 8,
     .help = "what it may be told"},
    {0}};

int twin_init(struct twin *twin, const char *file, char *error, size_t cap)
{
    memset(twin, 0, sizeof *twin);
    twin->unit = 1;
    for (int i = 0; i < TWIN_CHANNELS_MAX; i++) {
        twin->off_at[i] = mono_never();
    }
    int failed = config_read(file, schema, &twin->profile, error, cap);
    struct twin_points *out = &twin->profile.outputs;
    if (!failed && out->table == 1) {
        out->table = HOLDING;
    }
    if (!failed && out->on < 0) {
        out->on = out->table == COIL ? 0xFF00 : 1;
    }
    if (!failed && out->off < 0) {
        out->off = 0;
    }
    return failed;
}

void twin_tick(struct twin *twin, mono_t now)
{
    for (int i = 0; i < twin->profile.outputs.count; i++) {
        if (mono_reached(now, twin->off_at[i])) {
            twin->relay[i] = false;
            twin->off_at[i] = mono_never();
        }
    }
}

/* ---- reading ---- */

static bool input_level(const struct twin *twin, int channel)
{
    bool on = twin->stuck[channel] ? twin->stuck[channel] > 0 : twin->input[channel];
    return on != (twin->profile.inputs.active_low != 0);
}

/* What these points say at this address; false: they are not there. */
static bool read_points(const struct twin *twin, const struct twin_points *p, bool is_input,
                        int address, uint16_t *value)
{
    bool found = false;
    for (int i = 0; i < p->count; i++) {
        bool on = is_input ? input_level(twin, i) : twin->relay[i];
        if (p->bit >= 0 ? address != p->first : address != p->first + i * p->step) {
            continue;
        }
        unsigned word = p->bit >= 0 ? (unsigned)on << (p->bit + i) : on;
        *value = (uint16_t)(found ? *value | word : word);
        found = true;
    }
    return found;
}

/* One address of a table; false: there is nothing. */
static bool read_one(const struct twin *twin, int table, int address, uint16_t *value)
{
    const struct twin_profile *p = &twin->profile;
    if (p->inputs.table == table && read_points(twin, &p->inputs, true, address, value)) {
        return true;
    }
    if (p->outputs.table == table && read_points(twin, &p->outputs, false, address, value)) {
        return true;
    }
    if (p->has_identity && p->identity.table == table && p->identity.address == address) {
        *value = (uint16_t)p->identity.value;
        return true;
    }
    for (int i = 0; i < p->setup_count && table == HOLDING; i++) {
        if (p->setup[i].address == address && p->setup[i].function % 10 == 6) {
            *value = twin->setup[i];
            return true;
        }
    }
    return false;
}

static int refuse(const uint8_t *request, int code, uint8_t *answer)
{
    answer[0] = request[0];
    answer[1] = (uint8_t)(request[1] | 0x80);
    answer[2] = (uint8_t)code;
    return 3;
}

static int answer_read(struct twin *twin, const uint8_t *request, uint8_t *answer)
{
    static const int tables[] = {-1, COIL, DISCRETE, HOLDING, INPUT};
    int table = tables[request[1]];
    bool is_bits = table == COIL || table == DISCRETE;
    int first = request[2] << 8 | request[3];
    int count = request[4] << 8 | request[5];
    if (count < 1 || count > (is_bits ? 2000 : 125)) {
        return refuse(request, BAD_VALUE, answer);
    }
    int bytes = is_bits ? (count + 7) / 8 : 2 * count;
    memset(answer, 0, (size_t)bytes + 3);
    for (int i = 0; i < count; i++) {
        uint16_t value = 0;
        if (!read_one(twin, table, first + i, &value)) {
            return refuse(request, BAD_ADDRESS, answer);
        }
        if (is_bits) {
            answer[3 + i / 8] = (uint8_t)(answer[3 + i / 8] | (value != 0) << i % 8);
        } else {
            answer[3 + 2 * i] = (uint8_t)(value >> 8);
            answer[4 + 2 * i] = (uint8_t)value;
        }
    }
    answer[0] = request[0];
    answer[1] = request[1];
    answer[2] = (uint8_t)bytes;
    return bytes + 3;
}

/* ---- writing ---- */

static void switch_relay(struct twin *twin, int channel, bool on, mono_t off_at)
{
    twin->switched_on[channel] += on && !twin->relay[channel];
    twin->relay[channel] = on;
    twin->off_at[channel] = off_at;
}

/* A pulse of the module's own; -1: this is none. */
static int write_pulse(struct twin *twin, int function, int address, const uint16_t *words, int n,
                       mono_t now)
{
    const struct twin_pulse *p = &twin->profile.pulse;
    for (int i = 0; p->present && i < twin->profile.outputs.count; i++) {
        if (function != p->function || address != p->first + i * p->step) {
            continue;
        }
        int time = words[p->mode >= 0 ? 1 : 0] - p->add;
        if (n != (p->mode >= 0 ? 2 : 1) || (p->mode >= 0 && words[0] != p->mode)) {
            return BAD_VALUE;
        }
        if (time < 1 || time > p->longest_ms / p->unit_ms) {
            return -1; /* perhaps an ordinary word at the same place */
        }
        switch_relay(twin, i, true, mono_add(now, (int64_t)time * p->unit_ms));
        return 0;
    }
    return -1;
}

/* A relay that is told on or off; -1: there is none. */
static int write_relay(struct twin *twin, int function, int address, uint16_t word)
{
    const struct twin_points *p = &twin->profile.outputs;
    bool coil = p->table == COIL;
    bool fits = p->function ? function == p->function
                : coil      ? function == 5 || function == 15
                            : function == 6 || function == 16;
    bool found = false;
    for (int i = 0; i < p->count; i++) {
        if (address != (p->bit >= 0 ? p->first : p->first + i * p->step)) {
            continue;
        }
        if (!fits) {
            return BAD_FUNCTION;
        }
        bool on = p->bit >= 0 ? (word >> (p->bit + i) & 1) != 0 : word == p->on;
        if (p->bit < 0 && word != p->on && word != p->off) {
            return BAD_VALUE;
        }
        switch_relay(twin, i, on, mono_never());
        found = true;
    }
    return found ? 0 : -1;
}

static int write_setup(struct twin *twin, int function, int address, uint16_t word)
{
    for (int i = 0; i < twin->profile.setup_count; i++) {
        if (twin->profile.setup[i].function == function &&
            twin->profile.setup[i].address == address) {
            twin->setup[i] = word;
            return 0;
        }
    }
    return -1;
}

static int answer_write(struct twin *twin, const uint8_t *request, int n, mono_t now,
                        uint8_t *answer)
{
    int function = request[1];
    int address = request[2] << 8 | request[3];
    uint16_t words[2] = {(uint16_t)(request[4] << 8 | request[5])};
    int count = 1;
    if (function >= 15) {
        count = words[0];
        if (n < 9 || count < 1 || count > (function == 15 ? 1 : 2) || n < 7 + request[6]) {
            return refuse(request, BAD_VALUE, answer);
        }
        words[0] = (uint16_t)(function == 15 ? (request[7] & 1) * twin->profile.outputs.on
                                             : request[7] << 8 | request[8]);
        words[1] = (uint16_t)(function == 16 && count == 2 ? request[9] << 8 | request[10] : 0);
    }
    int failed = write_pulse(twin, function, address, words, count, now);
    failed = failed < 0 && count == 1 ? write_relay(twin, function, address, words[0]) : failed;
    failed = failed < 0 && count == 1 ? write_setup(twin, function, address, words[0]) : failed;
    if (failed) {
        return refuse(request, failed < 0 ? BAD_ADDRESS : failed, answer);
    }
    memcpy(answer, request, 6);
    return 6;
}

int twin_answer(struct twin *twin, const uint8_t *request, int n, mono_t now,
                uint8_t ret_answer[TWIN_FRAME_MAX])
{
    if (n < 6 || (request[0] != twin->unit && request[0] != 0)) {
        return 0;
    }
    twin_tick(twin, now);
    twin->requests++;
    int function = request[1];
    int length = 0;
    if (twin->faults.exceptions > 0) {
        twin->faults.exceptions--;
        length = refuse(request, twin->faults.exception, ret_answer);
    } else if (function >= 1 && function <= 4) {
        length = answer_read(twin, request, ret_answer);
    } else if (function == 5 || function == 6 || function == 15 || function == 16) {
        length = answer_write(twin, request, n, now, ret_answer);
    } else {
        length = refuse(request, BAD_FUNCTION, ret_answer);
    }
    twin->refused += (ret_answer[1] & 0x80) != 0;
    return request[0] == 0 ? 0 : length; /* nobody answers to all */
}
