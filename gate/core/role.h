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

/*
 * name, word in etc/gate.yaml, sentence.  New roles come last: the words of the
 * configuration (gate/io/config_schema.c) stand in the same order.
 */
#define INPUT_ROLES(X)                                                                      \
    X(ARMING_LOOP, "arming_loop", "a vehicle stands before the barrier; needed")            \
    X(SAFETY_LOOP, "safety_loop", "a vehicle is under the barrier; needed")                 \
    X(PHOTOCELL, "photocell", "something is under the barrier; counts as the safety loop")  \
    X(OPENED, "opened", "limit switch: the arm is up")                                      \
    X(CLOSED, "closed", "limit switch: the arm is down")                                    \
    X(FIRE, "fire", "fire alarm: the arm goes up at once and stays there")                  \
    X(BUTTON, "button", "the barrier's own push button, pressed")                           \
    X(KEY_SWITCH, "key_switch", "turned: a person works the barrier with a key")            \
    X(HOLD_SWITCH, "hold_switch", "turned: the lane is held open")                          \
    X(MOVING, "moving", "the motor runs")                                                   \
    X(FAULT, "fault", "the barrier says that it is out of order")                           \
    X(PRESENCE, "presence", "something stands between this arm and the other of the group") \
    X(DOOR, "door", "a cabinet is open")                                                    \
    X(POWER_FAIL, "power_fail", "the lane runs on its battery")                             \
    X(ARMING_BACK, "arming_back", "reversible lane: the arming loop of the other direction")

#define OUTPUT_ROLES(X)                                                                \
    X(OPEN, "open", "raise the arm; needed")                                           \
    X(CLOSE, "close", "lower the arm; needed")                                         \
    X(STOP, "stop", "stop the arm where it is")                                        \
    X(LIGHT, "light", "green while the way is free, else red")                         \
    X(HOLD, "hold", "on while the arm must stay up: emergency, held open")             \
    X(GREEN, "green", "traffic light: the way is free")                                \
    X(RED, "red", "traffic light: stop; never on together with green")                 \
    X(SIGN, "sign", "on while the lane takes vehicles in its direction, else a cross") \
    X(LAMP, "lamp", "on while a vehicle is in the lane")                               \
    X(SIREN, "siren", "on while an arm is forced, or a passage was not permitted")     \
    X(SIGN_BACK, "sign_back", "reversible lane: the sign of the other direction")

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
