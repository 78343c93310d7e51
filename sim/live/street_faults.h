/*
 * street_faults.h - what goes wrong in the street of `doxe-sim live --faults`: the plan of
 * `doxe-sim run` (sim/run/plan.h), drawn from the same seed, as far as devices and banks can do it
 * over their own sockets.
 *
 * A fault is cut to a quarter of --stuck, since people here wait in real time.  What belongs to the
 * programs, their disks, clocks and the line between them is not the street's: who runs them kills
 * them and cuts it (sim/stack.sh).  Two classes of the street are left out: replies after the retry
 * and exceptions of the bus (libmodbus answers for the module), and the picture of the vehicle
 * before, which makes two vehicles of one in a way that the auditor of live cannot follow; `run`
 * has all of them.
 */
#ifndef DOXE_SIM_STREET_FAULTS_H
#define DOXE_SIM_STREET_FAULTS_H

#include "sim/run/plan.h"
#include "sim/world.h"

struct street;

enum { FAULTS_BOUNCES = 32 };

struct street_faults {
    bool on;
    struct plan plan;
    bool begun[PLAN_FAULTS_MAX];
    mono_t since; /* of the plan's time 0 */
    int struck;   /* how often one of them did anything */
    int bounce_count;
    struct {
        mono_t at;
        int address;
        bool level;
    } bounce[FAULTS_BOUNCES];
};

/* Draws the plan for so long from now. */
void street_faults_start(struct street *street, int64_t for_ms);
/* What begins now: silence, a restart.  And inputs that bounce. */
void street_faults_turn(struct street *street);
mono_t street_faults_deadline(const struct street *street);
/* Does one of this class strike at this lane (0: no lane) now?  Moves its dice. */
bool street_faults_strike(struct street *street, enum plan_class class_, int lane,
                          int64_t *ret_size);
/* How long the bus was silent in all, as planned. */
int64_t street_faults_silence_ms(const struct street *street);
/* An edge of an input, as it comes through worn contacts. */
void street_faults_set_input(struct street *street, int lane, int address, bool on);

#endif
