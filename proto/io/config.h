/*
 * config.h - a configuration file as a table: one row per key, and everything follows from it.
 *
 * The table says for each key its type, range, unit, words, default and help.
 * From it come the reading with checks (each message names file, line, key,
 * what was found and what is allowed), the help text, a commented sample file
 * that loads, and the table in the manual.  Rules that bind several keys are
 * the caller's: read with config_read_node and use ynode_find + ynode_fail.
 *
 *     struct modbus { char host[64]; int64_t poll_ms; enum parity parity; };
 *     static const struct config_field modbus_fields[] = {
 *         {.key = "host", .type = CONFIG_STRING, CONFIG_AT(struct modbus, host),
 *          .required = true, .min = 1, .sample = "192.0.2.10", .help = "address of the board"},
 *         {.key = "poll_ms", .type = CONFIG_INT, CONFIG_AT(struct modbus, poll_ms), .min = 10,
 *          .max = 1000, .unit = "ms", .default_text = "50", .help = "time between two readings"},
 *         {.key = "parity", .type = CONFIG_ENUM, CONFIG_AT(struct modbus, parity),
 *          .allowed = "none|even|odd", .default_text = "none", .help = "of the serial line"},
 *         {0}};
 *
 * The struct is filled completely: keys that are not in the file get their
 * default (and without one: zero, false, "").  Nothing in it points into the
 * file.  On failure it is left as it was.
 */
#ifndef DOXE_IO_CONFIG_H
#define DOXE_IO_CONFIG_H

#include "proto/io/yaml.h"

enum config_type {
    CONFIG_NONE,     /* the row that ends a table */
    CONFIG_STRING,   /* char[]; min..max bytes, max 0 means what fits */
    CONFIG_PATH,     /* the same, for the name of a file or folder */
    CONFIG_INT,      /* int, int32_t, int64_t or unsigned of 2, 4 or 8 bytes; min..max */
    CONFIG_BOOL,     /* bool */
    CONFIG_ENUM,     /* an enum or int; the index of the word in `allowed` */
    CONFIG_FLAGS,    /* uint32_t; a list of words of `allowed`, bit i is word i */
    CONFIG_DURATION, /* int64_t of ms from "90s", "15min", "1h30min", "24h", "7d"; min..max in ms */
    CONFIG_CUSTOM,   /* `parse` takes the text; `allowed` says in words what it takes */
    CONFIG_MAP,      /* a mapping; its `children` have offsets from this one's offset */
    CONFIG_LIST,     /* a list of mappings, or of values when the first child's key is "" */
    CONFIG_SKIP      /* allowed, but read by the caller */
};

struct config_field {
    const char *key;
    enum config_type type;
    size_t offset, size; /* of the member: CONFIG_AT */
    int64_t min, max;
    const char *default_text; /* as in the file; NULL: none */
    const char *unit;         /* "ms", "đ"; for messages and help */
    const char *allowed;      /* ENUM and FLAGS: "a|b|c"; CUSTOM: a sentence */
    bool required;
    const char *help;
    const char *sample; /* for the sample file, where there is no default */
    int (*parse)(struct str text, void *ret_member); /* CUSTOM; 0 or a DX_E_… */
    const struct config_field *children;             /* MAP and LIST */
    size_t child_size;                               /* LIST: bytes of one element */
    int children_max;                                /* LIST: how many fit */
    size_t count_offset; /* LIST: an int for the count; MAP: an int, 1 when the key was there */
    bool counted;        /* count_offset is used */
};

#define CONFIG_AT(type, member) \
    .offset = offsetof(type, member), .size = sizeof(((type *)0)->member)
#define CONFIG_COUNT(type, member) .counted = true, .count_offset = offsetof(type, member)

/*
 * Read `path` into ret_struct.  DX_E_NOT_FOUND, DX_E_IO, DX_E_MEMORY or
 * DX_E_CONFIG, with the message in `error` (YAML_ERROR_CAP bytes are enough):
 *   gate.yaml:7: key 'modbus.poll_ms': 5 is not allowed; a whole number from 10 to 1000 (ms)
 *   gate.yaml:8: key 'modbus.pol_ms': unknown; did you mean 'poll_ms'? allowed: host, poll_ms,
 * parity gate.yaml:6: key 'modbus': 'host' is missing; text of 1 to 63 bytes
 */
DX_MUST_USE int config_read(const char *path, const struct config_field *schema, void *ret_struct,
                            char *error, size_t error_cap);
DX_MUST_USE int config_read_text(const char *name, struct str text,
                                 const struct config_field *schema, void *ret_struct, char *error,
                                 size_t error_cap);
/* The same for one mapping of a document that the caller holds. */
DX_MUST_USE int config_read_node(struct ynode map, const struct config_field *schema,
                                 void *ret_struct);

/* "90s", "15min", "1h30min", "24h", "7d", "500ms", "0"; biggest unit first.  DX_E_FORMAT, _RANGE.
 */
DX_MUST_USE int config_parse_duration(struct str text, int64_t *ret_ms);
/* The reverse, for messages: "1h30min"; `out` has CONFIG_DURATION_CAP bytes. */
enum { CONFIG_DURATION_CAP = 48 };
void config_format_duration(int64_t ms, char *out);

/* A commented file with every key; it loads.  Optional keys without a default are commented out. */
void config_print_sample(FILE *file, const struct config_field *schema);
/* One line or two per key, for --help. */
void config_print_help(FILE *file, const struct config_field *schema);
/* A Markdown table: key, value, default, meaning. */
void config_print_markdown(FILE *file, const struct config_field *schema);

#endif
