/*
 * health.h - what is wrong with the gate's devices, and which of it the journal knows.
 *
 * A fault is (device, code): "cam-in" is silent, unit 1 of bus "io" does not answer.
 * An alarm is (lane, code), as the server and the console keep it: it is there
 * while any device of the lane has a fault with that code.  Workers say what they
 * see as often as they like (health_note); the gate records an ALARM event when an
 * alarm came or went (health_take), at most one change of an alarm in HEALTH_REST_MS
 * after the first, so that a plug with a bad contact does not fill the journal.
 *
 * What the journal holds as raised comes back after a restart (health_restore) and
 * is cleared by the device's own word, or HEALTH_LEARN_MS after the start when no
 * device speaks of it any more (it may have been taken out of the configuration).
 *
 * Not here: alarms of the lane itself (context.h), counts and history (gate/io/health_db.h).
 */
#ifndef DOXE_GATE_HEALTH_H
#define DOXE_GATE_HEALTH_H

#include "proto/base/str.h"
#include "proto/base/time.h"

enum {
    HEALTH_FAULTS_MAX = 128,
    HEALTH_ALARMS_MAX = 96,
    HEALTH_DEVICE_CAP = 65,
    HEALTH_CODE_CAP = 33,
    HEALTH_REST_MS = 10 * 1000,
    HEALTH_LEARN_MS = 60 * 1000
};

/* name, code in ALARM events, severity, sentence */
#define HEALTH_CODES(X)                                                                           \
    X(BUS_LOST, "bus.lost", CRITICAL, "the line to the modules is down")                          \
    X(MODULE_SILENT, "module.silent", CRITICAL, "a unit on the bus does not answer")              \
    X(MODULE_WRONG, "module.wrong", CRITICAL, "a module is not what its profile says")            \
    X(MODULE_REFUSES, "module.refuses", WARNING, "a module answers exceptions: the map is wrong") \
    X(INPUT_STUCK, "input.stuck", WARNING, "an input did not change for longer than it may")      \
    X(DISPLAY_SILENT, "display.silent", WARNING, "the text display does not answer")              \
    X(CAMERA_CLOCK, "camera.clock", WARNING, "the camera's clock is off")                         \
    X(CAMERA_SILENT, "camera.silent", WARNING, "nothing came from the camera")                    \
    X(CAMERA_UNREACHABLE, "camera.unreachable", WARNING, "the camera is asked and silent")        \
    X(CAMERA_UNREADABLE, "camera.unreadable", WARNING, "the camera sends what cannot be read")    \
    X(SCANNER_MISSING, "scanner.missing", WARNING, "the scanner's line or device is not there")

enum health_severity { HEALTH_WARNING, HEALTH_CRITICAL };

/* One thing that a worker says. */
struct health_word {
    int lane; /* 0: of no lane alone */
    char device[HEALTH_DEVICE_CAP];
    char code[HEALTH_CODE_CAP];
    bool there;
};

struct health_fault {
    int lane;
    char device[HEALTH_DEVICE_CAP];
    char code[HEALTH_CODE_CAP];
};

struct health_alarm {
    int lane;
    char code[HEALTH_CODE_CAP];
    char device[HEALTH_DEVICE_CAP]; /* who raised it */
    bool there;                     /* some device has it now */
    bool recorded;                  /* the journal holds it as raised */
    bool restored;                  /* by the journal, and no device has spoken of it yet */
    mono_t due;                     /* a change is not recorded before this */
};

struct health {
    int fault_count, alarm_count;
    struct health_fault fault[HEALTH_FAULTS_MAX];
    struct health_alarm alarm[HEALTH_ALARMS_MAX];
};

/* Warning for a code that is not in the table. */
enum health_severity health_code_severity(const char *code);
const char *health_severity_text(enum health_severity severity); /* "warning" "critical" */

/* The journal holds this alarm as raised.  Before anything else. */
void health_restore(struct health *health, int lane, const char *code);
void health_start(struct health *health, mono_t now);
/* True when it says something new.  DX_E_FULL is not told: what has no room is not kept. */
bool health_note(struct health *health, const struct health_word *word, mono_t now);
/* The next alarm whose change is due; NULL when none is.  Then health_recorded. */
struct health_alarm *health_take(struct health *health, mono_t now);
void health_recorded(struct health *health, struct health_alarm *alarm, mono_t now);
/* When a change that has to wait is due. */
mono_t health_deadline(const struct health *health);

#endif
