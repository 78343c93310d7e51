#include "proto/io/clock_os.h"

#include <sys/timex.h>
#include <time.h>

/* Before this moment doxe did not exist: a clock that says less was never set. */
static const int64_t first_plausible_ms = 1767200400000; /* 2026-01-01 in Hanoi */

static int64_t read_ms(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

mono_t clock_mono(void)
{
    return (mono_t){read_ms(CLOCK_BOOTTIME)};
}

int64_t clock_mono_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

wall_t clock_wall(void)
{
    return (wall_t){read_ms(CLOCK_REALTIME)};
}

bool clock_is_synced(void)
{
    struct timex state = {0};
    return clock_wall().ms >= first_plausible_ms && ntp_adjtime(&state) != TIME_ERROR;
}

void clock_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

bool clock_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t at_most_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(at_most_ms / 1000);
    until.tv_nsec += (long)(at_most_ms % 1000) * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    return pthread_cond_timedwait(cond, lock, &until) == 0;
}
