/*
 * broker.h - a real mosquitto of this test's own: TLS, certificates, the shipped access list.
 *
 * Listens on a free port of the loopback.  Keys are made by etc/pki/make-keys,
 * the configuration is etc/mosquitto/doxe.conf.in, so that what is tested is
 * what is shipped.  Everything is in a temporary folder that goes at exit.
 */
#ifndef DOXE_TESTS_BROKER_H
#define DOXE_TESTS_BROKER_H

#include <stdbool.h>
#include <sys/types.h>

struct broker {
    char dir[64];
    int port;
    pid_t pid;
};

/* False when the machine has no mosquitto (the caller then skips, loudly). */
bool broker_is_here(void);
/* `names` ends with NULL: the clients that get a certificate. */
void broker_start(struct broker *broker, const char *const *names);
/* Ends it (SIGKILL when hard), and starts it again on the same port. */
void broker_stop(struct broker *broker, bool hard);
void broker_restart(struct broker *broker);
/* dir/pki/<name>.<ending> */
void broker_path(const struct broker *broker, const char *name, const char *ending, char *out,
                 size_t cap);

#endif
