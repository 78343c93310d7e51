#include "gate/io/config.h"

#include "gate/io/config_points.h"
#include "gate/io/config_schema.h"
#include "gate/io/sample.h"
#include "proto/io/http_text.h"
#include "proto/io/mqtt_link.h"

/* ---- rules that bind several keys ---- */

/* What the checks walk over: the document for messages, the settings for values. */
struct check {
    const struct ydoc *doc;
    struct gate_settings *s;
};

static struct ynode at(const struct check *c, const char *format, int i, const char *list, int k,
                       const char *key)
{
    char path[YAML_PATH_CAP];
    if (list) {
        snprintf(path, sizeof path, "%s[%d].%s[%d].%s", format, i, list, k, key);
    } else {
        snprintf(path, sizeof path, "%s[%d].%s", format, i, key);
    }
    return ynode_find(c->doc, path);
}

static struct ynode point_at(const struct check *c, int i, const char *list, int k)
{
    char path[YAML_PATH_CAP];
    snprintf(path, sizeof path, "lanes[%d].%s[%d]", i, list, k);
    return ynode_find(c->doc, path);
}

/* Names of all buses, for messages. */
static void bus_names(const struct gate_settings *s, char *out, size_t cap)
{
    size_t n = 0;
    out[0] = '\0';
    for (int i = 0; i < s->bus_count && n < cap; i++) {
        n += (size_t)snprintf(out + n, cap - n, "%s%s", i ? ", " : "", s->bus[i].name);
    }
}

static int find_bus(const struct check *c, struct ynode node, const char *name, int *ret_bus)
{
    for (int i = 0; i < c->s->bus_count; i++) {
        if (strcmp(c->s->bus[i].name, name) == 0) {
            *ret_bus = i;
            return 0;
        }
    }
    char names[200];
    bus_names(c->s, names, sizeof names);
    return ynode_fail(node, "there is no bus '%s'; one of: %s", name, names);
}

/* The lines to the broker and to cameras and browsers. */
static int check_net(const struct check *c)
{
    const struct gate_settings *s = c->s;
    struct http_address address;
    if (!mqtt_link_url_is_right(s->mqtt_url)) {
        return ynode_fail(ynode_find(c->doc, "mqtt.url"), "'%s' is not allowed; %s", s->mqtt_url,
                          MQTT_URL_ALLOWED);
    }
    if (strncmp(s->mqtt_url, "ssl:", 4) == 0 &&
        !(s->mqtt_ca[0] && s->mqtt_cert[0] && s->mqtt_key[0])) {
        return ynode_fail(ynode_find(c->doc, "mqtt"), "ca, cert and key are needed with ssl://");
    }
    if (http_address_parse(s->http_listen, &address)) {
        return ynode_fail(ynode_find(c->doc, "http.listen"),
                          "'%s' is not allowed; an address and a port, as 127.0.0.1:8081",
                          s->http_listen);
    }
    return 0;
}

/* It logs people in: beyond the loopback not without TLS. */
static int check_console(const struct check *c)
{
    struct console_settings *console = &c->s->console;
    struct http_address address;
    if (!console->database[0] &&
        (size_t)snprintf(console->database, sizeof console->database, "%s.console",
                         c->s->journal) >= sizeof console->database) {
        return ynode_fail(ynode_find(c->doc, "journal"), "the path is too long; at most 240 bytes");
    }
    if (!console->listen[0]) {
        return 0;
    }
    if (http_address_parse(console->listen, &address)) {
        return ynode_fail(ynode_find(c->doc, "console.listen"),
                          "'%s' is not allowed; an address and a port, as 127.0.0.1:8082",
                          console->listen);
    }
    if (!console->cert[0] != !console->key[0]) {
        return ynode_fail(ynode_find(c->doc, "console"), "cert and key are needed together");
    }
    if (!address.is_loopback && !console->cert[0] && !console->behind_proxy) {
        return ynode_fail(ynode_find(c->doc, "console.listen"),
                          "'%s' can be reached from outside; give cert and key, or "
                          "behind_proxy: true",
                          console->listen);
    }
    return 0;
}

static int check_buses(const struct check *c)
{
    const struct gate_settings *s = c->s;
    for (int i = 0; i < s->bus_count; i++) {
        char host[64];
        int port;
        char path[YAML_PATH_CAP];
        snprintf(path, sizeof path, "buses[%d]", i);
        int error = config_load_profiles(ynode_find(c->doc, path), &c->s->bus[i]);
        error = error ? error : config_check_bus(ynode_find(c->doc, path), &s->bus[i]);
        if (error) {
            return error;
        }
        if (s->bus[i].transport != TRANSPORT_RTU &&
            modbus_split_address(str_c(s->bus[i].address), host, sizeof host, &port)) {
            return ynode_fail(at(c, "buses", i, NULL, 0, "address"),
                              "'%s' is no address; an IPv4 address and a port, as 192.0.2.7:502",
                              s->bus[i].address);
        }
        for (int k = 0; k < i; k++) {
            if (strcmp(s->bus[i].name, s->bus[k].name) == 0) {
                return ynode_fail(at(c, "buses", i, NULL, 0, "name"),
                                  "'%s' is used twice; each bus has a name of its own",
                                  s->bus[i].name);
            }
            if (strcmp(s->bus[i].address, s->bus[k].address) == 0) {
                return ynode_fail(at(c, "buses", i, NULL, 0, "address"),
                                  "'%s' is the address of bus '%s' too; one bus per line",
                                  s->bus[i].address, s->bus[k].name);
            }
        }
    }
    return 0;
}

/* The unit, from the bus; the common part of inputs and outputs. */
static int place(const struct check *c, struct ynode bus_node, const char *bus_name, int *ret_bus,
                 int *unit)
{
    int error = find_bus(c, bus_node, bus_name, ret_bus);
    if (error) {
        return error;
    }
    const struct bus_settings *bus = &c->s->bus[*ret_bus];
    *unit = *unit ? *unit : bus->unit;
    if (*unit > 247 && (bus->transport != TRANSPORT_TCP || *unit != 255)) {
        return ynode_fail(bus_node, "unit %d is not allowed; from 1 to 247, or 255 over tcp",
                          *unit);
    }
    return 0;
}

static int check_inputs(const struct check *c, int i)
{
    struct lane_settings *lane = &c->s->lane[i];
    unsigned have = 0;
    for (int k = 0; k < lane->input_count; k++) {
        struct input_settings *in = &lane->input[k];
        int error =
            place(c, at(c, "lanes", i, "inputs", k, "bus"), in->bus_name, &in->bus, &in->unit);
        error = error ? error
                      : config_place_input(point_at(c, i, "inputs", k), &c->s->bus[in->bus], in);
        if (error) {
            return error;
        }
        if (in->debounce_off_ms == CONFIG_SAME_AS_ON) {
            in->debounce_off_ms = in->debounce_ms;
        }
        if (have & 1u << in->role) {
            return ynode_fail(at(c, "lanes", i, "inputs", k, "role"),
                              "'%s' is there twice; each role once a lane",
                              input_role_text(in->role));
        }
        if (in->bit != CONFIG_BIT_ANY && modbus_table_is_bits(in->table)) {
            return ynode_fail(at(c, "lanes", i, "inputs", k, "bit"),
                              "a bit belongs to a register; table: input or holding");
        }
        have |= 1u << in->role;
    }
    unsigned needed = 1u << INPUT_ARMING_LOOP | 1u << INPUT_SAFETY_LOOP;
    if ((have & needed) != needed) {
        return ynode_fail(at(c, "lanes", i, NULL, 0, "inputs"),
                          "'%s' is missing; arming_loop and safety_loop are needed",
                          input_role_text(have & 1u << INPUT_ARMING_LOOP ? INPUT_SAFETY_LOOP
                                                                         : INPUT_ARMING_LOOP));
    }
    return 0;
}

static int fill_output(const struct check *c, int i, int k)
{
    struct output_settings *out = &c->s->lane[i].output[k];
    bool is_coil = out->table == 0;
    out->function = out->function ? out->function : is_coil ? 5 : 6;
    bool fits = is_coil ? out->function == 5 || out->function == 15
                        : out->function == 6 || out->function == 16;
    if (!fits) {
        return ynode_fail(at(c, "lanes", i, "outputs", k, "function"), "%d does not write a %s; %s",
                          out->function, is_coil ? "coil" : "holding register",
                          is_coil ? "5 or 15" : "6 or 16");
    }
    out->on = out->on != CONFIG_USUAL ? out->on : is_coil ? 0xFF00 : 1;
    out->off = out->off != CONFIG_USUAL ? out->off : 0;
    if (out->hardware_pulse && out->pulse_ms == 0) {
        return ynode_fail(at(c, "lanes", i, "outputs", k, "pulse_ms"),
                          "a pulse by the module has a length; from 1 to 10000 (ms)");
    }
    return 0;
}

static int check_outputs(const struct check *c, int i)
{
    struct lane_settings *lane = &c->s->lane[i];
    const struct output_settings *by_role[OUTPUT_ROLE_COUNT] = {NULL};
    for (int k = 0; k < lane->output_count; k++) {
        struct output_settings *out = &lane->output[k];
        int error =
            place(c, at(c, "lanes", i, "outputs", k, "bus"), out->bus_name, &out->bus, &out->unit);
        error = error
                    ? error
                    : config_place_output(point_at(c, i, "outputs", k), &c->s->bus[out->bus], out);
        if (!error && by_role[out->role]) {
            error = ynode_fail(at(c, "lanes", i, "outputs", k, "role"),
                               "'%s' is there twice; each role once a lane",
                               output_role_text(out->role));
        }
        error = error ? error : fill_output(c, i, k);
        if (error) {
            return error;
        }
        by_role[out->role] = out;
    }
    for (int k = 0; k < lane->output_count; k++) {
        int error = config_check_output(point_at(c, i, "outputs", k), lane, &lane->output[k]);
        if (error) {
            return error;
        }
    }
    struct ynode node = at(c, "lanes", i, NULL, 0, "outputs");
    if (!by_role[OUTPUT_OPEN] || !by_role[OUTPUT_CLOSE]) {
        return ynode_fail(node, "'%s' is missing; open and close are needed",
                          by_role[OUTPUT_OPEN] ? "close" : "open");
    }
    if (by_role[OUTPUT_OPEN]->bus != by_role[OUTPUT_CLOSE]->bus) {
        return ynode_fail(node, "open and close are on different buses; "
                                "on one bus, so that they can be kept from being on together");
    }
    if ((by_role[OUTPUT_OPEN]->pulse_ms == 0) != (by_role[OUTPUT_CLOSE]->pulse_ms == 0)) {
        return ynode_fail(node, "one of open and close is a pulse and the other is held; "
                                "pulse_ms 0 for both or for none");
    }
    return 0;
}

/* One used place of the register map. */
struct used {
    int bus, unit, table, address, bit;
    int lane; /* index */
    const char *role;
};

static int collect(const struct gate_settings *s, struct used *used)
{
    int n = 0;
    for (int i = 0; i < s->lane_count; i++) {
        const struct lane_settings *lane = &s->lane[i];
        for (int k = 0; k < lane->input_count; k++) {
            const struct input_settings *in = &lane->input[k];
            used[n++] = (struct used){in->bus, in->unit, (int)in->table,           in->address,
                                      in->bit, i,        input_role_text(in->role)};
        }
        for (int k = 0; k < lane->output_count; k++) {
            const struct output_settings *out = &lane->output[k];
            used[n++] = (struct used){out->bus,
                                      out->unit,
                                      out->table ? MODBUS_HOLDING : MODBUS_COIL,
                                      out->address,
                                      out->bit,
                                      i,
                                      output_role_text(out->role)};
        }
    }
    return n;
}

static int check_addresses(const struct check *c)
{
    struct used used[MSG_LANES_MAX * (INPUT_ROLE_COUNT + OUTPUT_ROLE_COUNT)];
    int n = collect(c->s, used);
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++) {
            const struct used *a = &used[i];
            const struct used *b = &used[k];
            bool same_bit =
                a->bit == b->bit || a->bit == CONFIG_BIT_ANY || b->bit == CONFIG_BIT_ANY;
            if (a->bus == b->bus && a->unit == b->unit && a->table == b->table &&
                a->address == b->address && same_bit) {
                static const char *const tables[] = {"coil", "discrete", "input", "holding"};
                char path[YAML_PATH_CAP];
                snprintf(path, sizeof path, "lanes[%d]", a->lane);
                return ynode_fail(ynode_find(c->doc, path),
                                  "'%s' is at %s %d of unit %d on bus '%s', where '%s' of lane %d "
                                  "is; each address once",
                                  a->role, tables[a->table], a->address + c->s->bus[a->bus].base,
                                  a->unit, c->s->bus[a->bus].name, b->role,
                                  c->s->lane[b->lane].lane);
            }
        }
    }
    return 0;
}

static int check_display(const struct check *c, int i)
{
    struct display_settings *d = &c->s->lane[i].display;
    char path[YAML_PATH_CAP];
    if (!d->present) {
        return 0;
    }
    snprintf(path, sizeof path, "lanes[%d].display", i);
    struct ynode node = ynode_find(c->doc, path);
    int error = find_bus(c, ynode_get(node, "bus"), d->bus_name, &d->bus);
    if (error) {
        return error;
    }
    if (d->lines * ((d->columns + 1) / 2) > MODBUS_TEXT_WORDS_MAX) {
        return ynode_fail(node,
                          "%d lines of %d letters do not fit into one write; "
                          "at most %d registers of two letters",
                          d->lines, d->columns, MODBUS_TEXT_WORDS_MAX);
    }
    for (int k = 0; k < i; k++) {
        const struct display_settings *other = &c->s->lane[k].display;
        if (other->present && other->bus == d->bus && other->unit == d->unit &&
            other->first == d->first) {
            return ynode_fail(node, "lane %d has the same display; each its own",
                              c->s->lane[k].lane);
        }
    }
    return 0;
}

static int check_lane(const struct check *c, int i)
{
    const struct lane_settings *lane = &c->s->lane[i];
    for (int k = 0; k < i; k++) {
        const struct lane_settings *other = &c->s->lane[k];
        if (lane->lane == other->lane) {
            return ynode_fail(at(c, "lanes", i, NULL, 0, "lane"),
                              "%d is there twice; each lane has a number of its own", lane->lane);
        }
        if (lane->camera[0] && strcmp(lane->camera, other->camera) == 0) {
            return ynode_fail(at(c, "lanes", i, NULL, 0, "camera"),
                              "'%s' is the camera of lane %d; each its own", lane->camera,
                              other->lane);
        }
        if (lane->scanner[0] && strcmp(lane->scanner, other->scanner) == 0) {
            return ynode_fail(at(c, "lanes", i, NULL, 0, "scanner"),
                              "'%s' is the scanner of lane %d; each its own", lane->scanner,
                              other->lane);
        }
    }
    int error = config_check_scanner(at(c, "lanes", i, NULL, 0, "scanner"), lane->scanner);
    error = error ? error : check_inputs(c, i);
    error = error ? error : check_outputs(c, i);
    return error ? error : check_display(c, i);
}

static int check_core(const struct check *c)
{
    struct gate_config config;
    const char *why = "";
    int lane = 0;
    gate_settings_core(c->s, &config);
    if (!gate_config_check(&config, &why, &lane)) {
        return 0;
    }
    char path[YAML_PATH_CAP] = "lanes";
    for (int i = 0; i < c->s->lane_count; i++) {
        if (c->s->lane[i].lane == lane) {
            snprintf(path, sizeof path, "lanes[%d]", i);
        }
    }
    return ynode_fail(ynode_find(c->doc, path), "%s", why);
}

static bool lane_has_camera(const void *context, const char *name)
{
    const struct gate_settings *s = context;
    for (int i = 0; i < s->lane_count; i++) {
        if (strcmp(s->lane[i].camera, name) == 0) {
            return true;
        }
    }
    return false;
}

static int cross_check(const struct check *c)
{
    struct gate_settings *s = c->s;
    if (s->identity_enabled && s->identity_key_file[0] == '\0') {
        return ynode_fail(ynode_find(c->doc, "identity"),
                          "'key_file' is missing; a file is needed while enabled is true");
    }
    if (s->pictures[0] == '\0' && (size_t)snprintf(s->pictures, sizeof s->pictures, "%s.pictures",
                                                   s->journal) >= sizeof s->pictures) {
        return ynode_fail(ynode_find(c->doc, "journal"), "the path is too long; at most 240 bytes");
    }
    int error = check_net(c);
    error = error ? error : check_console(c);
    error = error ? error : check_buses(c);
    for (int i = 0; !error && i < s->lane_count; i++) {
        error = check_lane(c, i);
    }
    error = error ? error : check_addresses(c);
    error = error ? error
                  : config_check_cameras(c->doc, s->camera, s->camera_count, &s->frigate,
                                         lane_has_camera, s);
    return error ? error : check_core(c);
}

static int read_doc(struct ydoc *doc, struct gate_settings *ret)
{
    struct gate_settings settings;
    int error = ynode_expect(ydoc_root(doc), YNODE_MAP);
    error = error ? error : config_read_node(ydoc_root(doc), gate_schema, &settings);
    if (!error) {
        struct check check = {doc, &settings};
        error = cross_check(&check);
    }
    if (!error) {
        *ret = settings;
    }
    ydoc_free(doc);
    return error;
}

int gate_settings_read(const char *path, struct gate_settings *ret, char *error, size_t cap)
{
    struct ydoc *doc;
    int failed = ydoc_load_file(path, error, cap, &doc);
    return failed ? failed : read_doc(doc, ret);
}

int gate_settings_read_text(const char *name, struct str text, struct gate_settings *ret,
                            char *error, size_t cap)
{
    struct ydoc *doc;
    int failed = ydoc_load_text(name, text, error, cap, &doc);
    return failed ? failed : read_doc(doc, ret);
}

/* A file that works, and behind it every key there is. */
void gate_settings_print_sample(FILE *file)
{
    char *help = NULL;
    size_t n = 0;
    FILE *memory = open_memstream(&help, &n);
    for (int i = 0; i < gate_sample_asset_count; i++) {
        fwrite(gate_sample_assets[i].bytes, 1, gate_sample_assets[i].n, file);
    }
    if (!memory) {
        return;
    }
    config_print_help(memory, gate_schema);
    fclose(memory);
    fprintf(file, "\n# Every key:\n");
    for (struct str rest = {help, n}; rest.n;) {
        size_t end = str_index(rest, '\n');
        fprintf(file, "# %.*s\n", (int)end, rest.p);
        rest = str_slice(rest, end + 1, rest.n);
    }
    free(help);
}

/* ---- for the core ---- */

static void fill_lane(const struct lane_settings *from, struct lane_config *to)
{
    lane_config_defaults(to);
    to->lane = from->lane;
    to->direction = from->direction;
    to->auto_close = from->auto_close;
    to->inputs = 0;
    to->outputs = 0;
    for (int i = 0; i < from->input_count; i++) {
        to->inputs |= 1u << from->input[i].role;
    }
    for (int i = 0; i < from->output_count; i++) {
        to->outputs |= 1u << from->output[i].role;
        if (from->output[i].role == OUTPUT_OPEN) {
            to->barrier.hold = from->output[i].pulse_ms == 0;
        }
    }
    to->barrier.has_opened = (to->inputs & 1u << INPUT_OPENED) != 0;
    to->barrier.has_closed = (to->inputs & 1u << INPUT_CLOSED) != 0;
    to->barrier.has_stop = (to->outputs & 1u << OUTPUT_STOP) != 0;
    to->barrier.travel_ms = from->travel_ms ? from->travel_ms : to->barrier.travel_ms;
    to->read_ms = from->read_ms ? from->read_ms : to->read_ms;
    to->answer_ms = from->answer_ms ? from->answer_ms : to->answer_ms;
    to->open_ms = from->open_ms ? from->open_ms : to->open_ms;
    rules_fill(&from->rules, to);
    to->pairing.vehicle = from->vehicle;
    to->pairing.sure = from->sure ? from->sure : to->pairing.sure;
    to->pairing.fair = from->fair ? from->fair : to->pairing.fair;
}

void gate_settings_camera(const struct gate_settings *settings, const char *name,
                          struct camera_settings *ret_camera)
{
    for (int i = 0; i < settings->camera_count; i++) {
        if (strcmp(settings->camera[i].name, name) == 0) {
            *ret_camera = settings->camera[i];
            return;
        }
    }
    *ret_camera = (struct camera_settings){
        .kind = CAMERA_HIKVISION, .channel = 1, .skew_ms = 2 * TIME_MINUTE_MS};
    str_copy_cut(ret_camera->name, sizeof ret_camera->name, str_c(name));
}

void gate_settings_core(const struct gate_settings *settings, struct gate_config *ret_config)
{
    memset(ret_config, 0, sizeof *ret_config);
    str_copy_cut(ret_config->gate, sizeof ret_config->gate, str_c(settings->id));
    str_copy_cut(ret_config->version, sizeof ret_config->version, STR(DOXE_VERSION));
    ret_config->pace = (int)settings->catch_up_per_s;
    ret_config->lane_count = settings->lane_count;
    for (int i = 0; i < settings->lane_count; i++) {
        fill_lane(&settings->lane[i], &ret_config->lane[i]);
        ret_config->lane[i].pairing.card_vehicle = settings->identity_vehicle;
    }
}
