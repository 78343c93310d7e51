#include "gate/io/interlock.h"

#include "proto/base/check.h"

void interlock_init(struct interlock *interlock)
{
    memset(interlock, 0, sizeof *interlock);
    must(pthread_mutex_init(&interlock->lock, NULL) == 0);
}

void interlock_fini(struct interlock *interlock)
{
    pthread_mutex_destroy(&interlock->lock);
}

bool interlock_is_safety(enum input_role role)
{
    return role == INPUT_SAFETY_LOOP || role == INPUT_PHOTOCELL;
}

static int slot(enum input_role role)
{
    return role == INPUT_SAFETY_LOOP ? 0 : 1;
}

void interlock_use(struct interlock *interlock, int lane, enum input_role role)
{
    must(lane >= 1 && lane <= MSG_LANES_MAX);
    if (interlock_is_safety(role)) {
        interlock->input[lane][slot(role)].used = true;
        interlock->input[lane][slot(role)].level = LEVEL_UNKNOWN;
    }
}

void interlock_note(struct interlock *interlock, int lane, enum input_role role, enum level level,
                    mono_t at)
{
    if (!interlock_is_safety(role)) {
        return;
    }
    pthread_mutex_lock(&interlock->lock);
    interlock->input[lane][slot(role)].level = level;
    interlock->input[lane][slot(role)].at = at;
    pthread_mutex_unlock(&interlock->lock);
}

bool interlock_may_close(struct interlock *interlock, int lane, mono_t now, int64_t age_ms_max)
{
    bool any = false;
    bool clear = true;
    pthread_mutex_lock(&interlock->lock);
    for (int i = 0; i < INTERLOCK_ROLES; i++) {
        if (interlock->input[lane][i].used) {
            any = true;
            clear = clear && interlock->input[lane][i].level == LEVEL_OFF &&
                    mono_diff(now, interlock->input[lane][i].at) <= age_ms_max;
        }
    }
    pthread_mutex_unlock(&interlock->lock);
    return any && clear;
}
