#include "server/io/config.h"

#include "proto/io/http_text.h"
#include "proto/io/mqtt_link.h"
#include "proto/io/tariff_file.h"
#include "proto/topic.h"
#include "server/io/config_schema.h"

#include <stdarg.h>

/* ---- rules that one key alone cannot break ---- */

__attribute__((format(printf, 2, 3))) static struct ynode find(const struct ydoc *doc,
                                                               const char *format, ...);

static struct ynode find(const struct ydoc *doc, const char *format, ...)
{
    char path[YAML_PATH_CAP];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(path, sizeof path, format, arguments);
    va_end(arguments);
    return ynode_find(doc, path);
}

static int check_name(struct ynode node, const char *name)
{
    return topic_name_is_valid(str_c(name))
               ? 0
               : ynode_fail(node, "'%s' is not allowed; a to z, 0 to 9 and '-', at most 32", name);
}

static int check_server(const struct ydoc *doc, struct server_config *c)
{
    size_t n = strlen(c->public_url);
    bool web = str_starts(str_c(c->public_url), STR("http://")) ||
               str_starts(str_c(c->public_url), STR("https://"));
    if (!web || strchr(c->public_url, ' ')) {
        return ynode_fail(find(doc, "server.public_url"),
                          "'%s' is not allowed; http:// or https:// and a name", c->public_url);
    }
    if (c->public_url[n - 1] == '/') {
        c->public_url[n - 1] = '\0';
    }
    if (!paycode_is_prefix(c->prefix)) {
        return ynode_fail(find(doc, "payment.prefix"), "'%s' is not allowed; 2 to 5 letters A-Z",
                          c->prefix);
    }
    if ((c->tls_cert[0] == '\0') != (c->tls_key[0] == '\0')) {
        return ynode_fail(find(doc, "http"), "cert and key belong together: both, or none");
    }
    for (int i = 0; i < c->operator_count; i++) {
        struct ynode node = find(doc, "operators[%d].id", i);
        int error = check_name(node, c->operators[i].id);
        for (int k = 0; k < i && !error; k++) {
            if (strcmp(c->operators[k].id, c->operators[i].id) == 0) {
                error = ynode_fail(node, "'%s' is there already", c->operators[i].id);
            }
        }
        if (error) {
            return error;
        }
    }
    return 0;
}

/* Addresses with which it would not start, or not be reachable as it should. */
static int check_net(const struct ydoc *doc, const struct server_config *c)
{
    struct http_address address;
    bool tls = c->tls_cert[0] != '\0';
    if (!mqtt_link_url_is_right(c->mqtt_url)) {
        return ynode_fail(find(doc, "mqtt.url"), "'%s' is not allowed; %s", c->mqtt_url,
                          MQTT_URL_ALLOWED);
    }
    if (strncmp(c->mqtt_url, "ssl:", 4) == 0 &&
        !(c->mqtt_ca[0] && c->mqtt_cert[0] && c->mqtt_key[0])) {
        return ynode_fail(find(doc, "mqtt"), "ca, cert and key are needed with ssl://");
    }
    if (http_address_parse(c->listen, &address)) {
        return ynode_fail(find(doc, "http.listen"),
                          "'%s' is not allowed; an address and a port, as 127.0.0.1:8080",
                          c->listen);
    }
    if (!address.is_loopback && !tls && !c->behind_proxy) {
        return ynode_fail(find(doc, "http.listen"),
                          "%s can be reached from outside; with cert and key, or "
                          "behind_proxy: true",
                          c->listen);
    }
    return 0;
}

static int check_users(const struct ydoc *doc, const struct server_config *c)
{
    for (int i = 0; i < c->user_count; i++) {
        const struct server_user *user = &c->user[i];
        if (user->password_hash[0] && !dx_password_is_hash(user->password_hash)) {
            return ynode_fail(find(doc, "users[%d].password_hash", i),
                              "this is no hash; what doxe-server password prints, or \"\"");
        }
        for (int k = 0; k < i; k++) {
            if (strcmp(c->user[k].name, user->name) == 0) {
                return ynode_fail(find(doc, "users[%d].name", i),
                                  "'%s' is there already; one user, one role", user->name);
            }
        }
    }
    return 0;
}

/* Keys travel in requests to it: TLS, but for a test on this machine.  "" is fine. */
static int check_out_url(struct ynode node, const char *url)
{
    static const char *const locals[] = {"http://127.0.0.1", "http://localhost"};
    bool good = url[0] == '\0' || strncmp(url, "https://", 8) == 0;
    for (size_t i = 0; i < 2 && !good; i++) {
        size_t n = strlen(locals[i]);
        good = strncmp(url, locals[i], n) == 0 && strchr(":/", url[n]); /* or its end */
    }
    return good ? 0
                : ynode_fail(node, "'%s' is not allowed; https:// (http:// only on this machine)",
                             url);
}

static int check_rates(const struct ydoc *doc, struct server_config *c)
{
    for (int i = 0; i < c->rate_count; i++) {
        char day[TIME_ISO_CAP];
        wall_t *from = &c->vat.row[i].from;
        snprintf(day, sizeof day, "%.10sT00:00:00", c->rate[i].from);
        if (time_parse_iso(str_c(day), from) != 0) {
            return ynode_fail(find(doc, "tax.rates[%d].from", i), "'%s' is no day; as 2025-07-01",
                              c->rate[i].from);
        }
        if (i > 0 && from->ms <= c->vat.row[i - 1].from.ms) {
            return ynode_fail(find(doc, "tax.rates[%d].from", i), "'%s' is not after %s",
                              c->rate[i].from, c->rate[i - 1].from);
        }
        if (vat_rate_parse(str_c(c->rate[i].rate), &c->vat.row[i].rate) != 0) {
            return ynode_fail(find(doc, "tax.rates[%d].rate", i),
                              "'%s' is not allowed; as 8%%, KCT or KKKNT", c->rate[i].rate);
        }
    }
    c->vat.count = c->rate_count;
    return check_out_url(find(doc, "tax.invoice_url"), c->invoice_url);
}

/* "C26MAA": with or without the authority's code, year, kind, two letters (annex I). */
static bool is_series(const char *s)
{
    static const char kinds[] = "TDLMNBGHXF";
    return strlen(s) == 6 && (s[0] == 'C' || s[0] == 'K') && ascii_is_digit(s[1]) &&
           ascii_is_digit(s[2]) && strchr(kinds, s[3]) && ascii_is_alpha(s[4]) &&
           ascii_is_alpha(s[5]);
}

static bool is_tax_code(const char *s)
{
    size_t n = strlen(s);
    for (size_t i = 0; i < n; i++) {
        if (i == 10 ? s[i] != '-' : !ascii_is_digit(s[i])) {
            return false;
        }
    }
    return n == 10 || n == 12 || n == 14;
}

static int check_taxpayers(const struct ydoc *doc, const struct server_config *c)
{
    for (int i = 0; i < c->operator_count; i++) {
        const struct app_operator *o = &c->operators[i];
        if (o->tax_code[0] && !is_tax_code(o->tax_code)) {
            return ynode_fail(find(doc, "operators[%d].tax_code", i),
                              "'%s' is no tax code; 10 digits, or 10 digits, '-' and 3",
                              o->tax_code);
        }
        if (o->series[0] && !is_series(o->series)) {
            return ynode_fail(find(doc, "operators[%d].series", i), "'%s' is no series; as C26MAA",
                              o->series);
        }
        if (o->series[0] && (!o->tax_code[0] || !o->address[0] || c->rate_count == 0)) {
            return ynode_fail(find(doc, "operators[%d].series", i),
                              "invoices need tax_code, address and tax.rates");
        }
    }
    return 0;
}

static int check_account(const struct ydoc *doc, int index, const struct app_lot *lot)
{
    struct vietqr qr = {.dynamic = true, .amount_vnd = 1000};
    str_copy_cut(qr.bin, sizeof qr.bin, str_c(lot->bin));
    str_copy_cut(qr.account, sizeof qr.account, str_c(lot->account));
    const char *bad = vietqr_find_bad_member(&qr);
    if (bad && strcmp(bad, "bin") == 0) {
        return ynode_fail(find(doc, "lots[%d].bin", index), "'%s' is not allowed; 6 digits",
                          lot->bin);
    }
    if (bad) {
        return ynode_fail(find(doc, "lots[%d].account", index),
                          "'%s' is not allowed; 1 to 19 letters and digits", lot->account);
    }
    return 0;
}

/* Is this gate listed before place [lot][gate]? */
static bool gate_is_there(const struct server_config *c, int lot, int gate)
{
    const char *id = c->lot[lot].lot.gate[gate];
    for (int l = 0; l <= lot; l++) {
        int count = l == lot ? gate : c->lot[l].lot.gate_count;
        for (int g = 0; g < count; g++) {
            if (strcmp(c->lot[l].lot.gate[g], id) == 0) {
                return true;
            }
        }
    }
    return false;
}

static int check_etc(const struct ydoc *doc, const struct server_config *c, int index)
{
    const char *wanted = c->lot[index].lot.etc;
    bool known = wanted[0] == '\0';
    for (int i = 0; i < c->etc_count; i++) {
        known = known || strcmp(c->etc[i].id, wanted) == 0;
    }
    return known ? 0
                 : ynode_fail(find(doc, "lots[%d].etc", index),
                              "'%s' is not allowed; an id of the list etc", wanted);
}

static int check_lot(const struct ydoc *doc, const struct server_config *c, int index)
{
    const struct app_lot *lot = &c->lot[index].lot;
    bool known = false;
    int error = check_name(find(doc, "lots[%d].id", index), lot->id);
    for (int i = 0; i < index && !error; i++) {
        if (strcmp(c->lot[i].lot.id, lot->id) == 0) {
            error = ynode_fail(find(doc, "lots[%d].id", index), "'%s' is there already", lot->id);
        }
    }
    for (int i = 0; i < c->operator_count; i++) {
        known = known || strcmp(c->operators[i].id, lot->operator_id) == 0;
    }
    if (!error && !known) {
        error = ynode_fail(find(doc, "lots[%d].operator", index),
                           "'%s' is not allowed; an id of the list operators", lot->operator_id);
    }
    error = error ? error : check_account(doc, index, lot);
    error = error ? error : check_etc(doc, c, index);
    for (int g = 0; g < lot->gate_count && !error; g++) {
        struct ynode node = find(doc, "lots[%d].gates[%d]", index, g);
        error = check_name(node, lot->gate[g]);
        if (!error && gate_is_there(c, index, g)) {
            error = ynode_fail(node, "'%s' is there already", lot->gate[g]);
        }
    }
    return error;
}

/* ---- tariffs ---- */

static int tariff_path(const struct server_config *c, const char *name, char *path, size_t cap)
{
    if (c->tariffs[0] == '\0') {
        return tariff_file_find(name, path, cap);
    }
    struct out out;
    for (const char *p = name; *p; p++) {
        if (!ascii_is_digit(*p) && !ascii_is_alpha(*p) && *p != '-') {
            return DX_E_FORMAT;
        }
    }
    out_init(&out, path, cap);
    out_fmt(&out, "%s/%s.yaml", c->tariffs, name);
    return out_failed(&out) ? DX_E_SPACE : 0;
}

/* For the gates, which read it themselves; NULL when it has gone meanwhile. */
static char *read_text(const char *path)
{
    enum { TEXT_MAX = 256 * 1024 };
    FILE *file = fopen(path, "rb");
    char *text = file ? calloc(1, TEXT_MAX + 1) : NULL;
    size_t n = text ? fread(text, 1, TEXT_MAX, file) : 0;
    if (file) {
        fclose(file);
    }
    if (n == TEXT_MAX) {
        free(text);
        text = NULL;
    }
    return text;
}

static int load_tariff(struct server_config *c, struct ynode node, const char *name, char *error,
                       size_t cap, const struct tariff_set **ret_set)
{
    char path[2 * SERVER_PATH_CAP];
    for (int i = 0; i < c->tariff_count; i++) {
        if (strcmp(c->tariff[i]->name, name) == 0) {
            *ret_set = c->tariff[i];
            return 0;
        }
    }
    if (tariff_path(c, name, path, sizeof path) != 0) {
        return ynode_fail(node, "'%s' is not allowed; letters, digits and '-'", name);
    }
    if (c->tariff_count == SERVER_TARIFFS_MAX) {
        return ynode_fail(node, "more than %d tariffs", SERVER_TARIFFS_MAX);
    }
    struct tariff_set *set = malloc(sizeof *set);
    if (!set) {
        return DX_E_MEMORY;
    }
    char why[512];
    int rc = tariff_file_load(path, set, why, sizeof why);
    if (rc) {
        free(set);
        if (rc == DX_E_NOT_FOUND) {
            return ynode_fail(node, "there is no tariff '%s'; a file %s", name, path);
        }
        snprintf(error, cap, "%s", why); /* its own file and line */
        return rc;
    }
    if (strcmp(set->name, name) != 0) {
        rc = ynode_fail(node, "the tariff in %s is called '%s'", path, set->name);
        free(set);
        return rc;
    }
    c->tariff_text[c->tariff_count] = read_text(path);
    c->tariff[c->tariff_count++] = set;
    *ret_set = set;
    return 0;
}

/* Has the tariff any price for this class?  A wrong name would send every exit to a person. */
static bool has_price(const struct tariff_set *set, enum vehicle vehicle)
{
    for (int v = 0; v < set->count; v++) {
        for (int i = 0; i < set->versions[v].element_count; i++) {
            if (set->versions[v].elements[i].when.vehicles & 1u << vehicle) {
                return true;
            }
        }
    }
    return false;
}

static int load_tariffs(const struct ydoc *doc, struct server_config *c, int index, char *error,
                        size_t cap)
{
    struct server_lot *lot = &c->lot[index];
    const struct {
        const char *key, *name;
        enum vehicle vehicle;
    } rows[] = {{"tariff_car", lot->tariff_car, VEHICLE_CAR},
                {"tariff_motorbike", lot->tariff_motorbike, VEHICLE_MOTORBIKE},
                {"tariff_bicycle", lot->tariff_bicycle, VEHICLE_BICYCLE}};
    int rc = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && !rc; i++) {
        struct ynode node = find(doc, "lots[%d].%s", index, rows[i].key);
        const struct tariff_set *set = NULL;
        if (rows[i].name[0]) {
            rc = load_tariff(c, node, rows[i].name, error, cap, &set);
        }
        lot->lot.tariff[rows[i].vehicle] = set;
        for (int t = 0; t < c->tariff_count && !rc && set; t++) {
            if (c->tariff[t] == set && c->tariff_text[t]) {
                lot->lot.tariff_text[rows[i].vehicle] = str_c(c->tariff_text[t]);
            }
        }
        if (!rc && set && !has_price(set, rows[i].vehicle)) {
            rc = ynode_fail(node, "the tariff '%s' has no price for %s; one that has", rows[i].name,
                            vehicle_text(rows[i].vehicle));
        }
    }
    return rc;
}

/* ---- secrets ---- */

static int load_secret(struct ynode node, const char *path, char *out)
{
    char space[SERVER_SECRET_CAP + 2];
    if (path[0] == '\0') {
        return 0;
    }
    FILE *file = fopen(path, "re");
    if (!file) {
        return ynode_fail(node, "%s cannot be read; a file with the secret in one line", path);
    }
    setvbuf(file, NULL, _IONBF, 0); /* no copy left in a buffer of the library */
    size_t n = fread(space, 1, sizeof space, file);
    fclose(file);
    struct str secret = str_trim((struct str){space, n});
    int error = 0;
    if (secret.n == 0 || secret.n >= SERVER_SECRET_CAP || str_index(secret, '\n') < secret.n ||
        str_copy(out, SERVER_SECRET_CAP, secret) != 0) {
        error = ynode_fail(node, "%s does not hold a secret; one line of 1 to 256 bytes", path);
    }
    dx_wipe(space, sizeof space);
    return error;
}

static int load_secrets(const struct ydoc *doc, struct server_config *c)
{
    struct server_bank *b = &c->bank;
    const struct {
        const char *key, *path;
        char *secret;
    } rows[] = {{"sepay_secret_file", b->sepay_secret_file, b->sepay_secret},
                {"sepay_token_file", b->sepay_token_file, b->sepay_token},
                {"payos_checksum_file", b->payos_checksum_file, b->payos_checksum},
                {"casso_secret_file", b->casso_secret_file, b->casso_secret},
                {"casso_key_file", b->casso_key_file, b->casso_key}};
    int error = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && !error; i++) {
        error = load_secret(find(doc, "bank.%s", rows[i].key), rows[i].path, rows[i].secret);
    }
    for (int i = 0; i < c->etc_count && !error; i++) {
        struct server_etc *e = &c->etc[i];
        error = check_out_url(find(doc, "etc[%d].url", i), e->url);
        error = error ? error : load_secret(find(doc, "etc[%d].key_file", i), e->key_file, e->key);
    }
    return error ? error
                 : load_secret(find(doc, "tax.invoice_key_file"), c->invoice_key_file,
                               c->invoice_key);
}

static void wipe_secrets(struct server_bank *b)
{
    char *const secrets[] = {b->sepay_secret, b->sepay_token, b->payos_checksum, b->casso_secret,
                             b->casso_key};
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        dx_wipe(secrets[i], SERVER_SECRET_CAP);
    }
}

static int check_bank(const struct ydoc *doc, const struct server_config *c)
{
    const struct server_bank *b = &c->bank;
    const struct {
        const char *key, *url;
    } rows[] = {{"sepay_url", b->sepay_url}, {"casso_url", b->casso_url}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int error = check_out_url(find(doc, "bank.%s", rows[i].key), rows[i].url);
        if (error) {
            return error;
        }
    }
    return 0;
}

/* Whatever the file holds, at least 32 bytes of it, becomes the key. */
static int load_case_key(const struct ydoc *doc, struct server_config *c)
{
    enum { KEY_FILE_MIN = 32, KEY_FILE_MAX = 4096 };
    char space[KEY_FILE_MAX];
    struct ynode node = find(doc, "payment.case_key_file");
    if (c->case_key_file[0] == '\0') {
        return 0;
    }
    FILE *file = fopen(c->case_key_file, "re");
    if (!file) {
        return ynode_fail(node, "%s cannot be read; a file of 32 random bytes or more",
                          c->case_key_file);
    }
    setvbuf(file, NULL, _IONBF, 0);
    size_t n = fread(space, 1, sizeof space, file);
    fclose(file);
    if (n < KEY_FILE_MIN) {
        dx_wipe(space, sizeof space);
        return ynode_fail(node, "%s is shorter than 32 bytes", c->case_key_file);
    }
    dx_sha256(c->case_key, (struct str){space, n});
    c->has_case_key = true;
    dx_wipe(space, sizeof space);
    return 0;
}

/* ---- the whole ---- */

static int fill_app(struct server_config *c)
{
    c->app_lots = calloc((size_t)c->lot_count, sizeof *c->app_lots);
    if (!c->app_lots) {
        return DX_E_MEMORY;
    }
    for (int i = 0; i < c->lot_count; i++) {
        c->app_lots[i] = c->lot[i].lot;
    }
    c->app = (struct app_config){.database = c->database,
                                 .public_url = c->public_url,
                                 .prefix = c->prefix,
                                 .quote_valid_s = c->quote_valid_s,
                                 .late_grace_s = c->late_grace_s,
                                 .refund_erase_days = c->refund_erase_days,
                                 .case_key = c->has_case_key ? c->case_key : NULL,
                                 .sepay_secret = c->bank.sepay_secret,
                                 .payos_secret = c->bank.payos_checksum,
                                 .casso_secret = c->bank.casso_secret,
                                 .vat = &c->vat,
                                 .operators = c->operators,
                                 .operator_count = c->operator_count,
                                 .lots = c->app_lots,
                                 .lot_count = c->lot_count};
    return 0;
}

static int read_all(const struct ydoc *doc, struct server_config *c, char *error, size_t cap)
{
    int rc = config_read_node(ydoc_root(doc), server_schema, c);
    rc = rc ? rc : check_server(doc, c);
    rc = rc ? rc : check_net(doc, c);
    rc = rc ? rc : check_users(doc, c);
    rc = rc ? rc : check_rates(doc, c);
    rc = rc ? rc : check_taxpayers(doc, c);
    for (int i = 0; i < c->lot_count && !rc; i++) {
        rc = check_lot(doc, c, i);
        rc = rc ? rc : load_tariffs(doc, c, i, error, cap);
    }
    rc = rc ? rc : check_bank(doc, c);
    rc = rc ? rc : load_secrets(doc, c);
    rc = rc ? rc : load_case_key(doc, c);
    return rc ? rc : fill_app(c);
}

int server_config_load(const char *path, char *error, size_t cap, struct server_config **ret_config)
{
    struct ydoc *doc = NULL;
    int rc = ydoc_load_file(path, error, cap, &doc);
    if (rc) {
        return rc;
    }
    struct server_config *c = calloc(1, sizeof *c);
    rc = c ? read_all(doc, c, error, cap) : DX_E_MEMORY;
    ydoc_free(doc);
    if (rc == DX_E_MEMORY) {
        snprintf(error, cap, "no memory");
    }
    if (rc) {
        server_config_free(c);
        return rc;
    }
    *ret_config = c;
    return 0;
}

void server_config_free(struct server_config *config)
{
    if (!config) {
        return;
    }
    for (int i = 0; i < config->tariff_count; i++) {
        free(config->tariff[i]);
        free(config->tariff_text[i]);
    }
    free(config->app_lots);
    wipe_secrets(&config->bank);
    dx_wipe(config->invoice_key, sizeof config->invoice_key);
    for (int i = 0; i < config->etc_count; i++) {
        dx_wipe(config->etc[i].key, sizeof config->etc[i].key);
    }
    dx_wipe(config->case_key, sizeof config->case_key);
    free(config);
}

void server_config_print_sample(FILE *file)
{
    config_print_sample(file, server_schema);
}
