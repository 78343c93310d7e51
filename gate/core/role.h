/*
 * role.h - what an input or output of a lane is for.
 *
 * Lane logic sees roles only; a register map in the configuration binds each
 * role to a bus, a table and an address (gate/io).  The words are those of the
 * configuration file.  A level is logical: the shell has applied active-high or
 * active-low and debouncing before an INPUT event is made.
 */
#ifndef DOXE_GATE_ROLE_H
#define DOXE_GATE_ROLE_H

#include "proto/base/str.h"

/* name, word in etc/gate.yaml, sentence */
#define INPUT_ROLES(X)                                                                     \
    X(ARMING_LOOP, "arming_loop", "a vehicle stands before the barrier; needed")           \
    X(SAFETY_LOOP, "safety_loop", "a vehicle is under the barrier; needed")                \
    X(PHOTOCELL, "photocell", "something is under the barrier; counts as the safety loop") \
    X(OPENED, "opened", "limit switch: the arm is up")                                     \
    X(CLOSED, "closed", "limit switch: the arm is down")

#define OUTPUT_ROLES(X)                         \
    X(OPEN, "open", "raise the arm; needed")    \
    X(CLOSE, "close", "lower the arm; needed")  \
    X(STOP, "stop", "stop the arm where it is") \
    X(LIGHT, "light", "green while the way is free, else red")

enum input_role {
#define X(name, word, sentence) INPUT_##name,
    INPUT_ROLES(X)
#undef X
        INPUT_ROLE_COUNT
};
enum output_role {
#define X(name, word, sentence) OUTPUT_##name,
    OUTPUT_ROLES(X)
#undef X
        OUTPUT_ROLE_COUNT
};

/* UNKNOWN: not read yet, or the module does not answer. */
enum level { LEVEL_UNKNOWN, LEVEL_OFF, LEVEL_ON };

/* PULSE: on for the output's pulse_ms and then off by itself (hardware or shell). */
enum output_act { ACT_OFF, ACT_ON, ACT_PULSE };

const char *input_role_text(enum input_role role);
const char *output_role_text(enum output_role role);
/* DX_E_NOT_FOUND for another word. */
DX_MUST_USE int input_role_parse(struct str text, enum input_role *ret_role);
DX_MUST_USE int output_role_parse(struct str text, enum output_role *ret_role);
const char *level_text(enum level level);         /* "unknown" "off" "on" */
const char *output_act_text(enum output_act act); /* "off" "on" "pulse" */

#endif
