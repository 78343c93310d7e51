/*
 * gate_site.h - what stands around the doxe-gate that bench_gate measures: a module with real
 * Modbus TCP frames, four scanners' sockets, a broker with TLS, something that acknowledges, a
 * browser's event streams, and the gate itself as a process of its own with everything configured.
 *
 * One site a program.  Any failure ends the program with a message.
 */
#ifndef DOXE_BENCH_GATE_SITE_H
#define DOXE_BENCH_GATE_SITE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { SITE_LANES = 4, SITE_POLL_MS = 20, SITE_INPUTS = 8, SITE_CLEAR_MS = 50 };
enum { SITE_ARMING, SITE_SAFETY, SITE_OPENED, SITE_CLOSED };

struct site_lane {
    atomic_int input[SITE_INPUTS];
    atomic_llong answered_us; /* the module told of the arming loop taken; 0: not since it was */
    atomic_llong opened_us;   /* the open coil went on; 0: not since the edge */
    atomic_llong closed_us;   /* the close coil went on: a pulse may be over when one looks */
};

extern struct site_lane site_lane[SITE_LANES];
extern int site_module_port;
extern char site_dir[200];

int64_t site_us(void); /* now */
/* The calling thread goes first, as far as this machine allows. */
enum { SITE_URGENT_BARE = 2, SITE_URGENT_MODULE = 10 };
void site_urgent(int level);
void site_wait_us(int64_t us);
/* Returns when the gate has connected to everything and an event of its start is acknowledged. */
void site_start(const char *program);
void site_stop(void);
/* A Hikvision camera's push; returns when it is answered, that is stored. */
void site_see_plate(int lane, int64_t number);
/* Logs in at the console and opens its event stream, and those of the four lanes' screens. */
void site_open_browser(void);
/* Kilobytes of a row of /proc/<gate>/smaps_rollup, such as "Rss:"; -1: it is gone. */
long site_memory_kib(const char *row);
/* User and system time of the gate so far, in seconds. */
double site_cpu_s(void);

#endif
