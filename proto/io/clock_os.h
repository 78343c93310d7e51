/* clock_os.h - the only place where doxe reads a clock.  One reading per event. */
#ifndef DOXE_IO_CLOCK_OS_H
#define DOXE_IO_CLOCK_OS_H

#include "proto/base/time.h"

/* CLOCK_BOOTTIME: runs on while the machine is suspended. */
mono_t clock_mono(void);
wall_t clock_wall(void);
/* Is the wall clock known to be set (kernel's NTP state, and not before 2026)? */
bool clock_is_synced(void);

#endif
