/*
 * modbus_twin.h - a module as its profile describes it: etc/profiles/NAME.yaml come to life.
 *
 * The same file that tells a gate which bytes to send tells this which to expect.  What
 * the profile does not name is not there: exception 2; a word that is neither on nor off
 * nor a pulse is exception 3; a function that this place does not take is exception 1.
 * It reads the file itself, with none of the gate's code, so that a mistake in one of
 * them shows.  Frames are its own too, because odd boards take what libraries refuse.
 *
 * twin_answer is pure; twin_serve puts it behind a socket, with Modbus TCP's header or
 * as RTU frames over TCP, one master at a time.  On demand it is late, silent, refuses,
 * damages its check bytes, and has inputs that are stuck.
 */
#ifndef DOXE_SIM_MODBUS_TWIN_H
#define DOXE_SIM_MODBUS_TWIN_H

#include "proto/base/time.h"
#include "proto/io/config.h"

enum { TWIN_CHANNELS_MAX = 64, TWIN_FRAME_MAX = 260, TWIN_NAME_CAP = 129 };

struct twin_points {
    int count; /* 0: none */
    int table; /* inputs: coil, discrete, input, holding; outputs: coil, holding */
    int first, step;
    int bit; /* of `first`, -1: an address each */
    int active_low;
    int function, on, off; /* outputs; 0 and -1: as is usual for the table */
};

struct twin_pulse {
    int present;
    int function, first, step, mode, add, unit_ms, longest_ms;
};

struct twin_register {
    int function, table, address, value, mask, each_ms, unit;
};

struct twin_profile {
    char name[TWIN_NAME_CAP];
    struct twin_points inputs, outputs;
    struct twin_pulse pulse;
    int has_identity;
    struct twin_register identity;
    int setup_count;
    struct twin_register setup[8];
};

/* What it does wrong on demand. */
struct twin_faults {
    int delay_ms;  /* each answer */
    int exception; /* the next `exceptions` answers are this exception */
    int exceptions;
    int silent;  /* so many requests are not answered */
    int damaged; /* so many answers have wrong check bytes (TCP: a wrong unit) */
};

struct twin {
    struct twin_profile profile;
    int unit;
    bool input[TWIN_CHANNELS_MAX], relay[TWIN_CHANNELS_MAX];
    int stuck[TWIN_CHANNELS_MAX];     /* 0: not, 1: stuck on, -1: stuck off */
    mono_t off_at[TWIN_CHANNELS_MAX]; /* end of a pulse */
    uint16_t setup[8];
    int switched_on[TWIN_CHANNELS_MAX]; /* how often */
    int64_t requests, refused;
    struct twin_faults faults;
};

/* DX_E_…, with the message in `error`. */
DX_MUST_USE int twin_init(struct twin *twin, const char *file, char *error, size_t cap);
/* Unit, function, data in; the same out.  0: no answer (another unit). */
int twin_answer(struct twin *twin, const uint8_t *request, int n, mono_t now,
                uint8_t ret_answer[TWIN_FRAME_MAX]);
/* Ends pulses that are over. */
void twin_tick(struct twin *twin, mono_t now);

struct twin_server;

/* `twin` is used under the server's lock from now on.  `listen`: "127.0.0.1:0".  DX_E_IO, … */
DX_MUST_USE int twin_serve(struct twin *twin, const char *listen, bool rtu,
                           struct twin_server **ret_server);
int twin_port(const struct twin_server *server);
void twin_stop(struct twin_server *server);
/* To look at or change the twin while it serves. */
void twin_lock(struct twin_server *server);
void twin_unlock(struct twin_server *server);

#endif
