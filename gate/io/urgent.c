#include "gate/io/urgent.h"

#include <sched.h>
#include <sys/resource.h>

#ifndef SCHED_RESET_ON_FORK
#define SCHED_RESET_ON_FORK 0x40000000 /* of Linux; not in POSIX's headers */
#endif

const char *urgent_thread(int level)
{
    enum { NICE = -10 };
    struct sched_param param = {.sched_priority = level};
    if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param) == 0) {
        return "realtime";
    }
    return setpriority(PRIO_PROCESS, 0, NICE) == 0 ? "nice" : "usual";
}
