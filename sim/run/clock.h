/*
 * clock.h - what a computer's two clocks say while virtual time runs.
 *
 * A computer's wall clock is the true time plus an offset, plus a drift that grows, plus the
 * steps that somebody or NTP made.  Its boot time runs on through a suspend, as CLOCK_BOOTTIME
 * does, and with the same drift; it never runs backwards.
 */
#ifndef DOXE_SIM_RUN_CLOCK_H
#define DOXE_SIM_RUN_CLOCK_H

#include "proto/base/time.h"

/* All zero is a clock that is right and was started with the simulation. */
struct sim_clock {
    int64_t offset_ms; /* of the wall clock; steps change it */
    int64_t drift_ppm; /* of both; -100000..100000 */
    int64_t since_ms;  /* the drift counts from then */
    int64_t kept_ms;   /* what earlier drifts have left */
};

enum { SIM_CLOCK_BOOT_MS = 1000 }; /* boot time when the simulation begins */

static inline int64_t sim_clock_off(const struct sim_clock *clock, int64_t now_ms)
{
    return clock->kept_ms + (now_ms - clock->since_ms) * clock->drift_ppm / 1000000;
}

static inline mono_t sim_clock_mono(const struct sim_clock *clock, int64_t now_ms)
{
    return (mono_t){SIM_CLOCK_BOOT_MS + now_ms + sim_clock_off(clock, now_ms)};
}

static inline wall_t sim_clock_wall(const struct sim_clock *clock, wall_t start, int64_t now_ms)
{
    return (wall_t){start.ms + now_ms + clock->offset_ms + sim_clock_off(clock, now_ms)};
}

/* The virtual time at which this clock's boot time reaches `due`; never before `now_ms`. */
static inline int64_t sim_clock_when(const struct sim_clock *clock, mono_t due, int64_t now_ms)
{
    if (due.ms == mono_never().ms) {
        return INT64_MAX;
    }
    int64_t left = due.ms - sim_clock_mono(clock, now_ms).ms;
    if (left <= 0) {
        return now_ms;
    }
    int64_t at = now_ms + left * 1000000 / (1000000 + clock->drift_ppm);
    while (sim_clock_mono(clock, at).ms < due.ms) {
        at++;
    }
    return at;
}

/* From now on it drifts so. */
static inline void sim_clock_drift(struct sim_clock *clock, int64_t ppm, int64_t now_ms)
{
    clock->kept_ms = sim_clock_off(clock, now_ms);
    clock->since_ms = now_ms;
    clock->drift_ppm = ppm;
}

#endif
