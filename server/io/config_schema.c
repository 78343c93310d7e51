/* config_schema.c - the keys of the server's file: one row a key. */
#include "server/io/config_schema.h"

#define AT(member)  CONFIG_AT(struct server_config, member)
#define LOT(member) CONFIG_AT(struct server_lot, member)

static const struct config_field server_fields[] = {
    {.key = "city", .type = CONFIG_STRING, AT(city), .default_text = "Hà Nội", .min = 1,
     .help = "name of the city on its page"},
    {.key = "database", .type = CONFIG_PATH, AT(database), .required = true, .min = 1,
     .sample = "/var/lib/doxe-server/doxe.db", .help = "SQLite file; made when it is missing"},
    {.key = "tariffs", .type = CONFIG_PATH, AT(tariffs), .sample = "/usr/share/doxe/tariffs",
     .help = "folder of NAME.yaml; without it $DOXE_TARIFF_DIR or /usr/share/doxe/tariffs"},
    {.key = "public_url", .type = CONFIG_STRING, AT(public_url), .required = true, .min = 8,
     .sample = "https://doxe.example", .help = "what a driver's phone opens; pages are below it"},
    {0}};

static const struct config_field mqtt_fields[] = {
    {.key = "url", .type = CONFIG_STRING, AT(mqtt_url), .required = true, .min = 1,
     .sample = "ssl://127.0.0.1:8883", .help = "broker; tcp:// only on loopback"},
    {.key = "ca", .type = CONFIG_PATH, AT(mqtt_ca), .sample = "/etc/doxe/pki/ca.crt",
     .help = "PEM file of the authority that signed the broker's certificate"},
    {.key = "cert", .type = CONFIG_PATH, AT(mqtt_cert), .sample = "/etc/doxe/pki/doxe-server.crt",
     .help = "our certificate; its common name is doxe-server"},
    {.key = "key", .type = CONFIG_PATH, AT(mqtt_key), .sample = "/etc/doxe/pki/doxe-server.key",
     .help = "its key"},
    {0}};

static const struct config_field http_fields[] = {
    {.key = "listen", .type = CONFIG_STRING, AT(listen), .default_text = "127.0.0.1:8080",
     .min = 3, .help = "address and port of pages, API and bank notices"},
    {.key = "behind_proxy", .type = CONFIG_BOOL, AT(behind_proxy), .default_text = "false",
     .help = "TLS and X-Forwarded-For are the proxy's work"},
    {.key = "cert", .type = CONFIG_PATH, AT(tls_cert), .sample = "/etc/doxe/pki/web.crt",
     .help = "PEM file: TLS of its own"},
    {.key = "key", .type = CONFIG_PATH, AT(tls_key), .sample = "/etc/doxe/pki/web.key",
     .help = "its key"},
    {0}};

static const struct config_field payment_fields[] = {
    {.key = "prefix", .type = CONFIG_STRING, AT(prefix), .default_text = PAYCODE_PREFIX_DEFAULT,
     .min = PAYCODE_PREFIX_MIN, .help = "of payment codes: 2 to 5 letters A-Z"},
    {.key = "quote_valid_s", .type = CONFIG_INT, AT(quote_valid_s), .default_text = "600",
     .min = 60, .max = 3600, .unit = "s",
     .help = "how long a quoted fee is promised; a transfer booked later is priced anew"},
    {0}};

static const struct config_field bank_fields[] = {
    {.key = "sepay_secret_file", .type = CONFIG_PATH, AT(sepay_secret_file),
     .sample = "/etc/doxe/sepay.secret",
     .help = "secret of SePay's webhook, one line; without it its notices are refused"},
    {0}};

static const struct config_field user_fields[] = {
    {.key = "name", .type = CONFIG_STRING, CONFIG_AT(struct server_user, name), .required = true,
     .min = 1, .sample = "operator", .help = "login"},
    {.key = "role", .type = CONFIG_ENUM, CONFIG_AT(struct server_user, role), .required = true,
     .allowed = SERVER_ROLE_WORDS, .sample = "operator", .help = "what it may see and do"},
    {.key = "password_hash", .type = CONFIG_STRING, CONFIG_AT(struct server_user, password_hash),
     .default_text = "", .help = "from doxe-server password; empty: nobody gets in"},
    {0}};

static const struct config_field operator_fields[] = {
    {.key = "id", .type = CONFIG_STRING, CONFIG_AT(struct app_operator, id), .required = true,
     .min = 1, .sample = "op-hn", .help = "[a-z0-9-], at most 32"},
    {.key = "name", .type = CONFIG_STRING, CONFIG_AT(struct app_operator, name), .required = true,
     .min = 1, .sample = "Công ty trông giữ xe mẫu", .help = "on receipts"},
    {0}};

static const struct config_field gate_fields[] = {
    {.key = "", .type = CONFIG_STRING, .offset = 0, .size = MSG_NAME_CAP, .min = 1,
     .sample = "hn-0001-g1", .help = "the common name of the gate's certificate"},
    {0}};

static const struct config_field lot_fields[] = {
    {.key = "id", .type = CONFIG_STRING, LOT(lot.id), .required = true, .min = 1,
     .sample = "hn-0001", .help = "[a-z0-9-], at most 32"},
    {.key = "operator", .type = CONFIG_STRING, LOT(lot.operator_id), .required = true, .min = 1,
     .sample = "op-hn", .help = "id of its operator"},
    {.key = "name", .type = CONFIG_STRING, LOT(lot.name), .required = true, .min = 1,
     .sample = "Bãi xe mẫu", .help = "on receipts and pages"},
    {.key = "address", .type = CONFIG_STRING, LOT(lot.address), .required = true, .min = 1,
     .sample = "1 Trần Quang Khải", .help = "street"},
    {.key = "ward", .type = CONFIG_STRING, LOT(lot.ward), .required = true, .min = 1,
     .sample = "Hoàn Kiếm", .help = "for the city's figures"},
    {.key = "bin", .type = CONFIG_STRING, LOT(lot.bin), .required = true, .min = 6,
     .sample = "970436", .help = "the operator's bank, 6 digits, in quotes"},
    {.key = "account", .type = CONFIG_STRING, LOT(lot.account), .required = true, .min = 1,
     .sample = "0123456789", .help = "the operator's own account: fees go there"},
    {.key = "account_name", .type = CONFIG_STRING, LOT(lot.account_name), .required = true,
     .min = 1, .sample = "BAI XE MAU", .help = "as the bank writes it"},
    {.key = "tariff_car", .type = CONFIG_STRING, LOT(tariff_car), .default_text = "",
     .sample = "hanoi-car-c2", .help = "name of a tariff; empty: a person decides"},
    {.key = "tariff_motorbike", .type = CONFIG_STRING, LOT(tariff_motorbike), .default_text = "",
     .sample = "hanoi-two-wheel-z1", .help = "the same for motorbikes"},
    {.key = "tariff_bicycle", .type = CONFIG_STRING, LOT(tariff_bicycle), .default_text = "",
     .sample = "hanoi-two-wheel-z1", .help = "the same for bicycles"},
    {.key = "capacity_car", .type = CONFIG_INT, LOT(lot.capacity_car), .default_text = "0",
     .min = 0, .max = 100000, .sample = "60", .help = "places"},
    {.key = "capacity_motorbike", .type = CONFIG_INT, LOT(lot.capacity_motorbike),
     .default_text = "0", .min = 0, .max = 100000, .sample = "200", .help = "places"},
    {.key = "gates", .type = CONFIG_LIST, LOT(lot.gate), .required = true, .children = gate_fields,
     .child_size = MSG_NAME_CAP, .children_max = APP_GATES_PER_LOT,
     CONFIG_COUNT(struct server_lot, lot.gate_count), .help = "its gates"},
    {0}};

const struct config_field server_schema[] = {
    {.key = "server", .type = CONFIG_MAP, .required = true, .children = server_fields,
     .help = "the program"},
    {.key = "mqtt", .type = CONFIG_MAP, .required = true, .children = mqtt_fields,
     .help = "the line to the gates"},
    {.key = "http", .type = CONFIG_MAP, .children = http_fields, .help = "pages and API"},
    {.key = "payment", .type = CONFIG_MAP, .children = payment_fields, .help = "codes and promises"},
    {.key = "bank", .type = CONFIG_MAP, .children = bank_fields,
     CONFIG_COUNT(struct server_config, has_bank), .help = "who tells of transfers"},
    {.key = "users", .type = CONFIG_LIST, AT(user), .children = user_fields,
     .child_size = sizeof(struct server_user), .children_max = SERVER_USERS_MAX,
     CONFIG_COUNT(struct server_config, user_count), .help = "who may log in"},
    {.key = "operators", .type = CONFIG_LIST, AT(operators), .required = true,
     .children = operator_fields, .child_size = sizeof(struct app_operator),
     .children_max = SERVER_OPERATORS_MAX, CONFIG_COUNT(struct server_config, operator_count),
     .help = "who runs lots"},
    {.key = "lots", .type = CONFIG_LIST, AT(lot), .required = true, .children = lot_fields,
     .child_size = sizeof(struct server_lot), .children_max = SERVER_LOTS_MAX,
     CONFIG_COUNT(struct server_config, lot_count), .help = "the car parks"},
    {0}};
