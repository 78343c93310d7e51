/*
 * mqtt_nodelay.c - TCP_NODELAY on every TCP socket this program connects.
 *
 * paho-mqtt-c 1.3.12 offers neither the option nor its socket.  Two small
 * writes in a row then wait for the peer's delayed acknowledgement: a durable
 * answer takes 30 to 80 ms instead of 1 ms (docs/PERFORMANCE.md).  A program's
 * own connect() comes before the C library's, so this one sets the option and
 * calls the next.  It concerns all of the program's TCP clients alike: none of
 * doxe's protocols gains from Nagle's algorithm.
 */
#define _GNU_SOURCE
#include "proto/io/mqtt_link.h"

#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <sys/socket.h>

static atomic_int failures;
static atomic_bool switched_off;

void mqtt_link_use_nodelay(bool on)
{
    atomic_store(&switched_off, !on);
}

int mqtt_link_nodelay_failures(void)
{
    return atomic_load(&failures);
}

int connect(int fd, const struct sockaddr *address, socklen_t size)
{
    static _Atomic(void *) next;
    void *found = atomic_load(&next);
    if (!found) {
        found = dlsym(RTLD_NEXT, "connect");
        atomic_store(&next, found);
    }
    int type = 0;
    socklen_t type_size = sizeof type;
    if ((address->sa_family == AF_INET || address->sa_family == AF_INET6) &&
        getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &type_size) == 0 && type == SOCK_STREAM &&
        !atomic_load(&switched_off)) {
        int on = 1;
        if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) {
            atomic_fetch_add(&failures, 1);
        }
    }
    int (*real)(int, const struct sockaddr *, socklen_t);
    memcpy(&real, &found, sizeof real);
    return real(fd, address, size);
}
