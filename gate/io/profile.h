/*
 * profile.h - what a maker's module looks like on the wire, as a file: etc/profiles/NAME.yaml.
 *
 * Modules differ more than one expects (docs/OPERATIONS.md, "Modules"): inputs that
 * are coils, relays that are registers, a word of its own for "on", pulses that live
 * in another address range.  A profile says it once; a site's map names the profile
 * of a bus (or of a point) and the channel as it is printed on the board, and changes
 * locally what is different there: any key written at the point wins.
 *
 * Channel n is at  first + (n - 1) * step.  A hardware pulse of t ms writes, at
 * pulse.first + (n - 1) * pulse.step,  the value  pulse.add + t / pulse.unit_ms,  as one
 * word (functions 5, 6) or behind the word pulse.mode (function 16).
 *
 * A module that is a register of bits (outputs.bit, inputs.bit) has channel n at bit + n - 1.
 * `setup` is written once after connecting, or again and again: a module's own watchdog.
 *
 * Profiles shipped are inside the program; a name with a '/' is a file.
 */
#ifndef DOXE_GATE_IO_PROFILE_H
#define DOXE_GATE_IO_PROFILE_H

#include "gate/io/modbus_map.h"
#include "proto/base/str.h"
#include "proto/io/config.h"

#include <stdio.h>

enum { PROFILE_NAME_CAP = 129, PROFILE_TITLE_CAP = 161, PROFILE_SETUP_MAX = 8 };

struct profile_inputs {
    int count; /* 0: none */
    enum modbus_table table;
    int first, step;
    int bit; /* of a register: channel n is bit + n - 1 of `first`; -1: an address each */
    int active_low;
};

struct profile_outputs {
    int count;
    int table; /* 0 coil, 1 holding */
    int first, step;
    int bit; /* of a register: channel n is bit + n - 1 of `first`; -1: an address each */
    int function;
    int on, off;
};

struct profile_pulse {
    int present;
    int function; /* 5, 6, 16 */
    int first, step;
    int mode; /* function 16: the first word; -1: only the time */
    int add;
    int unit_ms;
    int longest_ms;
};

/* One word that the module gets; also of a bus (config.h), which says the unit. */
struct profile_setup {
    int unit; /* of a bus: 0 is the bus's own; of a profile: unused */
    int function, address, value;
    int each_ms; /* 0: once after connecting */
};
extern const struct config_field profile_setup_fields[];

struct profile_identity {
    int present;
    enum modbus_table table;
    int address, value, mask;
};

struct profile {
    char name[PROFILE_NAME_CAP];
    int version;
    char title[PROFILE_TITLE_CAP], source[PROFILE_TITLE_CAP];
    struct profile_inputs inputs;
    struct profile_outputs outputs;
    struct profile_pulse pulse;
    struct profile_identity identity;
    int setup_count;
    struct profile_setup setup[PROFILE_SETUP_MAX];
};

/* A shipped one by name, or a file.  `error` says what is wrong; DX_E_NOT_FOUND, DX_E_CONFIG… */
DX_MUST_USE int profile_read(const char *name, struct profile *ret_profile, char *error,
                             size_t cap);
DX_MUST_USE int profile_read_file(const char *path, struct profile *ret_profile, char *error,
                                  size_t cap);
/* "waveshare-relay-8, adam-6060, …" */
void profile_names(char *out, size_t cap);

#endif
