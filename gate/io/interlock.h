/*
 * interlock.h - may an arm come down?  The last word before a register is written.
 *
 * Each lane's safety inputs (safety loop, photocell) report here as they are
 * read, whatever bus they are on.  A lane may close when every one of them is
 * off, was read not longer ago than the caller allows, and none is unknown.  The
 * core keeps the same rule (docs/LANE.md); this one stands even if the core, the
 * loop thread or a queue is wrong or late.
 *
 * One mutex, held for a few loads only: workers of several buses share it.
 */
#ifndef DOXE_GATE_IO_INTERLOCK_H
#define DOXE_GATE_IO_INTERLOCK_H

#include "gate/core/role.h"
#include "proto/base/time.h"
#include "proto/msg.h"

#include <pthread.h>

enum { INTERLOCK_ROLES = 2 }; /* safety loop, photocell */

struct interlock {
    pthread_mutex_t lock;
    struct {
        bool used;
        enum level level;
        mono_t at;
    } input[MSG_LANES_MAX + 1][INTERLOCK_ROLES];
};

void interlock_init(struct interlock *interlock);
void interlock_fini(struct interlock *interlock);
bool interlock_is_safety(enum input_role role);
/* Before the workers start: this lane has such an input.  Others are ignored. */
void interlock_use(struct interlock *interlock, int lane, enum input_role role);
void interlock_note(struct interlock *interlock, int lane, enum input_role role, enum level level,
                    mono_t at);
/* A lane without any safety input may never close. */
bool interlock_may_close(struct interlock *interlock, int lane, mono_t now, int64_t age_ms_max);

#endif
