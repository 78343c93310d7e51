/* clock_os.h - the only place where doxe reads a clock.  One reading per event. */
#ifndef DOXE_IO_CLOCK_OS_H
#define DOXE_IO_CLOCK_OS_H

#include "proto/base/time.h"

#include <pthread.h>

/* CLOCK_BOOTTIME: runs on while the machine is suspended. */
mono_t clock_mono(void);
wall_t clock_wall(void);
/* The same clock as clock_mono in microseconds: for measuring alone, nothing decides by it. */
int64_t clock_mono_us(void);
/* Is the wall clock known to be set (kernel's NTP state, and not before 2026)? */
bool clock_is_synced(void);

/*
 * Waiting with a limit.  A condition of clock_cond_init counts on the monotonic clock, and
 * clock_cond_wait waits for a signal, at most so long: false when the time is over.  As
 * with every condition variable the caller holds `lock` and looks again afterwards.
 */
void clock_cond_init(pthread_cond_t *cond);
bool clock_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t at_most_ms);

#endif
