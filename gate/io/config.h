/*
 * config.h - the configuration of doxe-gate: one table of keys, and the rules that bind them.
 *
 * Inputs and outputs are roles on a register map, so that a new lot is a file,
 * not code (gate/core/role.h has the roles, docs/LANE.md what they do).
 * etc/gate.yaml is a working file; `doxe-gate --print-sample` prints every key.
 *
 * The table checks types, ranges and words.  The cross checks: bus names unique,
 * and known where they are used; lane numbers, cameras and scanners unique; each
 * lane has both loops, open and close; a role once a lane; no two roles on one
 * address, and no display on a register twice; open and close both pulses or
 * both held; a key file when identity is on.  Every message names file, line,
 * key and what is allowed.
 *
 * Addresses are as on the wire, from 0, unless the bus says base: 1.
 */
#ifndef DOXE_GATE_IO_CONFIG_H
#define DOXE_GATE_IO_CONFIG_H

#include "gate/core/gate.h"
#include "gate/io/config_rules.h"
#include "gate/io/modbus_port.h"
#include "gate/io/profile.h"
#include "gate/io/config_cameras.h"

enum {
    GATE_NAME_CAP = 33,
    GATE_PATH_CAP = 256,
    GATE_TITLE_CAP = 121,
    GATE_BUSES_MAX = 8,
    GATE_LINES_MAX = 8,
    GATE_COLUMNS_MAX = 40,
    GATE_DEVICES_MAX = 8
};

struct device_settings {
    int unit;
    char profile_name[PROFILE_NAME_CAP];
    struct profile profile; /* filled */
};

struct bus_settings {
    char name[GATE_NAME_CAP];
    enum modbus_transport transport;
    char address[GATE_PATH_CAP]; /* "192.0.2.7:502" or "/dev/ttyUSB0" */
    int unit;                    /* of points that name none */
    int base;                    /* 0 or 1: the first address in the module's manual */
    int poll_ms;
    int timeout_ms; /* for one answer */
    int baud;
    int parity; /* index into "none|even|odd" */
    int data_bits, stop_bits;
    int numbering;     /* NUMBERING_… */
    int turnaround_ms; /* the line rests so long between an answer and the next question */
    int frame_ms;      /* between two bytes of an answer; 0: timeout_ms for the whole of it */
    int idle_poll_ms;  /* filled: poll_ms; while nothing is in the lanes */
    bool rs485;        /* the driver switches the direction */
    bool echo;         /* the adapter hears itself */
    bool broadcast;    /* outputs may write to all units at once */
    int gap;           /* addresses between two points that are read along */
    int retries;       /* of an order that was not answered */
    char profile_name[PROFILE_NAME_CAP];
    struct profile profile; /* filled; zero without one */
    int device_count;
    struct device_settings device[GATE_DEVICES_MAX]; /* units that are another module */
    int setup_count;
    struct profile_setup setup[PROFILE_SETUP_MAX]; /* `unit` filled */
};

enum { NUMBERING_WIRE, NUMBERING_MANUAL };

struct input_settings {
    enum input_role role;
    char bus_name[GATE_NAME_CAP];
    enum modbus_table table;
    int channel; /* of the bus's profile; 0: the address counts */
    int address; /* filled: on the wire, base and numbering applied */
    int unit;    /* filled from the bus where the file has 0 */
    int bit;     /* of a register; -1: the number counts */
    int wide;    /* two registers make the number */
    int low_first, swap;
    int64_t mask, above;
    int period_ms;     /* 0: with each poll */
    int counter;       /* filled: on the wire; -1: none */
    int counter_table; /* index into "input|holding" */
    int active_low;
    int debounce_ms;     /* before "on" is believed */
    int debounce_off_ms; /* before "off" is; filled from debounce_ms where the file has -1 */
    int64_t stuck_on_ms, stuck_off_ms; /* 0: may be so for ever */
    int bus;                           /* index into buses; filled by the cross check */
};

struct output_settings {
    enum output_role role;
    char bus_name[GATE_NAME_CAP];
    int channel;
    int table; /* index into "coil|holding" */
    int address;
    int unit;
    bool broadcast;      /* unit 0 on the wire */
    int pulse_ms;        /* 0: held until something else is commanded */
    int per_minute;      /* switch-ons of open, close and stop; more are refused */
    bool hardware_pulse; /* the module lets go by itself: "off" is never written */
    int function;        /* 5, 6, 15, 16; filled: 5 for coils, 6 for registers */
    int on, off;         /* what is written; filled: 0xFF00 or 1, and 0 */
    int words, second;   /* filled: 2 words are written for on (function 16), this one behind */
    int bit;             /* of a register whose other bits stay; -1: all of it */
    uint32_t not_while;  /* bit i: input role i */
    int reverse_ms;
    bool stop_first;
    int at_start; /* AT_STOP_… */
    int refresh_ms;
    int gap_ms;     /* not on again sooner than this after it went on */
    bool read_back; /* what was written is read, and must be there */
    int at_stop;    /* AT_STOP_… */
    int bus;
};

struct display_settings {
    int present;
    char bus_name[GATE_NAME_CAP];
    int unit;
    int first; /* register */
    int lines, columns;
    int bus;
};

struct lane_settings {
    int lane; /* 1..MSG_LANES_MAX */
    char name[GATE_TITLE_CAP];
    enum lane_direction direction;
    enum vehicle vehicle;
    bool auto_close;
    /* of gate/core; 0: as built in there */
    int64_t travel_ms, read_ms, answer_ms, open_ms;
    int sure, fair;
    int input_count;
    struct input_settings input[INPUT_ROLE_COUNT];
    int output_count;
    struct output_settings output[OUTPUT_ROLE_COUNT];
    char camera[CAMERA_NAME_CAP]; /* "" none */
    char scanner[GATE_PATH_CAP];  /* "" none; scanner_line.h has the forms */
    char scanner_from[CAMERA_SOURCE_CAP];
    struct display_settings display;
    struct rule_settings rules;
};

/* The attendants' console (gate/console/desk.h). */
struct console_settings {
    char listen[GATE_PATH_CAP]; /* "" : no console */
    char cert[GATE_PATH_CAP], key[GATE_PATH_CAP];
    bool behind_proxy;
    char database[GATE_PATH_CAP]; /* filled: "<journal>.console" */
    int64_t lock_ms;
    int64_t debt_limit_vnd;
};

struct gate_settings {
    char id[MSG_NAME_CAP];
    char lot[MSG_NAME_CAP];
    char name[GATE_TITLE_CAP];
    char journal[GATE_PATH_CAP];
    int64_t journal_keep_ms;      /* acknowledged events older than this are pruned */
    char pictures[GATE_PATH_CAP]; /* folder; filled: "<journal>.pictures" */
    int pictures_keep;            /* newest so many; 0 keeps none */
    char mqtt_url[GATE_PATH_CAP];
    int64_t catch_up_per_s; /* events sent a second while catching up; 0: no limit */
    char mqtt_ca[GATE_PATH_CAP], mqtt_cert[GATE_PATH_CAP], mqtt_key[GATE_PATH_CAP];
    char http_listen[GATE_PATH_CAP];
    struct console_settings console;
    bool identity_enabled;
    char identity_key_file[GATE_PATH_CAP];
    enum vehicle identity_vehicle;
    int bus_count;
    struct bus_settings bus[GATE_BUSES_MAX];
    int camera_count;
    struct camera_settings camera[CAMERA_LIST_MAX];
    struct frigate_settings frigate;
    int lane_count;
    struct lane_settings lane[MSG_LANES_MAX];
};

/*
 * Read and check.  `error` (YAML_ERROR_CAP bytes) gets the message.
 * DX_E_NOT_FOUND, DX_E_IO, DX_E_MEMORY, DX_E_CONFIG.
 */
DX_MUST_USE int gate_settings_read(const char *path, struct gate_settings *ret, char *error,
                                   size_t cap);
DX_MUST_USE int gate_settings_read_text(const char *name, struct str text,
                                        struct gate_settings *ret, char *error, size_t cap);
void gate_settings_print_sample(FILE *file);
/* What the file says of the camera with this name; as built in when it says nothing. */
void gate_settings_camera(const struct gate_settings *settings, const char *name,
                          struct camera_settings *ret_camera);
/* What the core is configured with: directions, which inputs and outputs there are, times. */
void gate_settings_core(const struct gate_settings *settings, struct gate_config *ret_config);

#endif
