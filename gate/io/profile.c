#include "gate/io/profile.h"

#include "gate/io/profiles.h"
#include "proto/io/config.h"

static const struct config_field input_fields[] = {
    {.key = "count",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_inputs, count),
     .min = 1,
     .max = 64,
     .required = true,
     .sample = "8",
     .help = "how many channels"},
    {.key = "table",
     .type = CONFIG_ENUM,
     CONFIG_AT(struct profile_inputs, table),
     .allowed = MODBUS_TABLES,
     .default_text = "discrete",
     .help = "which of the four tables"},
    {.key = "first",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_inputs, first),
     .max = 65535,
     .default_text = "0",
     .help = "address of channel 1, as on the wire"},
    {.key = "step",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_inputs, step),
     .max = 64,
     .default_text = "1",
     .help = "from one channel to the next"},
    {.key = "bit",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_inputs, bit),
     .min = -1,
     .max = 15,
     .default_text = "-1",
     .help = "bit of channel 1 when all are in one register; -1: an address each"},
    {.key = "active",
     .type = CONFIG_ENUM,
     CONFIG_AT(struct profile_inputs, active_low),
     .allowed = "high|low",
     .default_text = "high",
     .help = "low: 0 means on"},
    {0}};

static const struct config_field output_fields[] = {
    {.key = "count",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_outputs, count),
     .min = 1,
     .max = 64,
     .required = true,
     .sample = "8",
     .help = "how many channels"},
    {.key = "table",
     .type = CONFIG_ENUM,
     CONFIG_AT(struct profile_outputs, table),
     .allowed = "coil|holding",
     .default_text = "coil",
     .help = "which table"},
    {.key = "first",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_outputs, first),
     .max = 65535,
     .default_text = "0",
     .help = "address of channel 1, as on the wire"},
    {.key = "step",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_outputs, step),
     .max = 64,
     .default_text = "1",
     .help = "from one channel to the next"},
    {.key = "bit",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_outputs, bit),
     .min = -1,
     .max = 15,
     .default_text = "-1",
     .help = "bit of channel 1 when all are in one register; -1: an address each"},
    {.key = "function",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_outputs, function),
     .max = 16,
     .default_text = "0",
     .help = "5, 6, 15 or 16; 0: 5 for coils, 6 for registers"},
    {.key = "on",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_outputs, on),
     .min = -1,
     .max = 65535,
     .default_text = "-1",
     .help = "what is written for on; -1: 65280 or 1"},
    {.key = "off",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_outputs, off),
     .min = -1,
     .max = 65535,
     .default_text = "-1",
     .help = "what is written for off; -1: 0"},
    {0}};

static const struct config_field pulse_fields[] = {
    {.key = "function",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_pulse, function),
     .min = 5,
     .max = 16,
     .default_text = "5",
     .help = "5, 6 or 16"},
    {.key = "first",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_pulse, first),
     .max = 65535,
     .required = true,
     .sample = "512",
     .help = "address of channel 1's pulse"},
    {.key = "step",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_pulse, step),
     .max = 64,
     .default_text = "1",
     .help = "from one channel to the next"},
    {.key = "mode",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_pulse, mode),
     .min = -1,
     .max = 65535,
     .default_text = "-1",
     .help = "function 16: the word before the time; -1: none"},
    {.key = "add",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_pulse, add),
     .max = 65535,
     .default_text = "0",
     .help = "added to the time, as 1536 for 0x06AA"},
    {.key = "unit_ms",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_pulse, unit_ms),
     .min = 1,
     .max = 10000,
     .unit = "ms",
     .default_text = "100",
     .help = "what the time counts"},
    {.key = "longest_ms",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_pulse, longest_ms),
     .min = 1,
     .max = 10000,
     .unit = "ms",
     .default_text = "10000",
     .help = "longest pulse that it can make"},
    {0}};

static const struct config_field identity_fields[] = {{.key = "table",
                                                       .type = CONFIG_ENUM,
                                                       CONFIG_AT(struct profile_identity, table),
                                                       .allowed = MODBUS_TABLES,
                                                       .default_text = "holding",
                                                       .help = "where the model's number is"},
                                                      {.key = "address",
                                                       .type = CONFIG_INT,
                                                       CONFIG_AT(struct profile_identity, address),
                                                       .max = 65535,
                                                       .required = true,
                                                       .sample = "210",
                                                       .help = "as on the wire"},
                                                      {.key = "value",
                                                       .type = CONFIG_INT,
                                                       CONFIG_AT(struct profile_identity, value),
                                                       .max = 65535,
                                                       .required = true,
                                                       .sample = "24672",
                                                       .help = "what must be there"},
                                                      {.key = "mask",
                                                       .type = CONFIG_INT,
                                                       CONFIG_AT(struct profile_identity, mask),
                                                       .min = 1,
                                                       .max = 65535,
                                                       .default_text = "65535",
                                                       .help = "the bits that count"},
                                                      {0}};

const struct config_field profile_setup_fields[] = {
    {.key = "unit",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_setup, unit),
     .max = 255,
     .default_text = "0",
     .help = "unit id; 0: that of the bus, and in a profile each unit that has it"},
    {.key = "function",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_setup, function),
     .min = 5,
     .max = 16,
     .default_text = "6",
     .help = "5, 6, 15 or 16"},
    {.key = "address",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_setup, address),
     .max = 65535,
     .required = true,
     .sample = "100",
     .help = "as on the wire"},
    {.key = "value",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_setup, value),
     .max = 65535,
     .required = true,
     .sample = "50",
     .help = "the word that is written; for coils 65280 or 0"},
    {.key = "each_ms",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile_setup, each_ms),
     .max = 3600000,
     .unit = "ms",
     .default_text = "0",
     .help = "again after this, for a module's watchdog; 0: once after connecting"},
    {0}};

static const struct config_field schema[] = {
    {.key = "profile",
     .type = CONFIG_STRING,
     CONFIG_AT(struct profile, name),
     .required = true,
     .min = 1,
     .sample = "my-module",
     .help = "its name"},
    {.key = "version",
     .type = CONFIG_INT,
     CONFIG_AT(struct profile, version),
     .min = 1,
     .max = 9999,
     .required = true,
     .sample = "1",
     .help = "grows with each change"},
    {.key = "title",
     .type = CONFIG_STRING,
     CONFIG_AT(struct profile, title),
     .default_text = "",
     .help = "maker and models"},
    {.key = "source",
     .type = CONFIG_STRING,
     CONFIG_AT(struct profile, source),
     .default_text = "",
     .help = "where it is from"},
    {.key = "inputs",
     .type = CONFIG_MAP,
     CONFIG_AT(struct profile, inputs),
     .children = input_fields,
     .help = "the module's inputs"},
    {.key = "outputs",
     .type = CONFIG_MAP,
     CONFIG_AT(struct profile, outputs),
     .children = output_fields,
     .help = "the module's outputs"},
    {.key = "pulse",
     .type = CONFIG_MAP,
     CONFIG_AT(struct profile, pulse),
     .counted = true,
     .count_offset = offsetof(struct profile, pulse.present),
     .children = pulse_fields,
     .help = "how the module makes a pulse by itself"},
    {.key = "identity",
     .type = CONFIG_MAP,
     CONFIG_AT(struct profile, identity),
     .counted = true,
     .count_offset = offsetof(struct profile, identity.present),
     .children = identity_fields,
     .help = "by which it is known at the start"},
    {.key = "setup",
     .type = CONFIG_LIST,
     CONFIG_AT(struct profile, setup),
     CONFIG_COUNT(struct profile, setup_count),
     .children = profile_setup_fields,
     .child_size = sizeof(struct profile_setup),
     .children_max = PROFILE_SETUP_MAX,
     .help = "what the module is told after connecting"},
    {0}};

static int check(struct profile *p, const struct ydoc *doc)
{
    const struct profile_pulse *pulse = &p->pulse;
    if (pulse->present && pulse->function != 5 && pulse->function != 6 && pulse->function != 16) {
        return ynode_fail(ynode_find(doc, "pulse.function"), "%d is not allowed; 5, 6 or 16",
                          pulse->function);
    }
    if (pulse->present && pulse->mode >= 0 && pulse->function != 16) {
        return ynode_fail(ynode_find(doc, "pulse.mode"), "needs function: 16");
    }
    if (pulse->present && p->outputs.count == 0) {
        return ynode_fail(ynode_find(doc, "pulse"), "a module without outputs makes no pulse");
    }
    if (p->inputs.count && p->inputs.bit >= 0 &&
        (modbus_table_is_bits(p->inputs.table) || p->inputs.bit + p->inputs.count > 16)) {
        return ynode_fail(ynode_find(doc, "inputs.bit"),
                          "bits belong to one register of 16; table: input or holding");
    }
    if (p->outputs.count && p->outputs.bit >= 0 &&
        (p->outputs.table == 0 || p->outputs.bit + p->outputs.count > 16)) {
        return ynode_fail(ynode_find(doc, "outputs.bit"),
                          "bits belong to one register of 16; table: holding");
    }
    for (int i = 0; i < p->setup_count; i++) {
        int function = p->setup[i].function;
        if (function != 5 && function != 6 && function != 15 && function != 16) {
            return ynode_fail(ynode_find(doc, "setup"), "%d is not allowed; 5, 6, 15 or 16",
                              function);
        }
    }
    return 0;
}

static int read_doc(int failed, struct ydoc *doc, struct profile *ret_profile)
{
    struct profile p;
    if (failed) {
        return failed;
    }
    memset(&p, 0, sizeof p);
    int error = config_read_node(ydoc_root(doc), schema, &p);
    if (!error && !ynode_exists(ynode_get(ydoc_root(doc), "inputs"))) {
        p.inputs.count = 0;
    }
    if (!error && !ynode_exists(ynode_get(ydoc_root(doc), "outputs"))) {
        p.outputs.count = 0;
    }
    error = error ? error : check(&p, doc);
    if (!error) {
        *ret_profile = p;
    }
    ydoc_free(doc);
    return error;
}

int profile_read_file(const char *path, struct profile *ret_profile, char *error, size_t cap)
{
    struct ydoc *doc = NULL;
    int failed = ydoc_load_file(path, error, cap, &doc);
    return read_doc(failed, doc, ret_profile);
}

int profile_read(const char *name, struct profile *ret_profile, char *error, size_t cap)
{
    char file[PROFILE_NAME_CAP + 8];
    snprintf(file, sizeof file, "%s.yaml", name);
    if (strchr(name, '/')) {
        return profile_read_file(name, ret_profile, error, cap);
    }
    for (int i = 0; i < gate_profile_asset_count; i++) {
        const struct gate_profile_asset *asset = &gate_profile_assets[i];
        if (strcmp(asset->name, file) == 0) {
            struct ydoc *doc = NULL;
            struct str text = {(const char *)asset->bytes, asset->n};
            int failed = ydoc_load_text(file, text, error, cap, &doc);
            return read_doc(failed, doc, ret_profile);
        }
    }
    char names[400];
    profile_names(names, sizeof names);
    snprintf(error, cap, "there is no profile '%s'; one of: %s; or a file, with a '/'", name,
             names);
    return DX_E_NOT_FOUND;
}

void profile_names(char *out, size_t cap)
{
    size_t n = 0;
    out[0] = '\0';
    for (int i = 0; i < gate_profile_asset_count && n < cap; i++) {
        const char *name = gate_profile_assets[i].name;
        n += (size_t)snprintf(out + n, cap - n, "%s%.*s", i ? ", " : "", (int)strlen(name) - 5,
                              name);
    }
}
