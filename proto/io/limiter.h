/*
 * limiter.h - how often an address may fail: a fixed table, the oldest entry gives way.
 *
 * Two uses: unknown driver's tokens (a bucket that refills) and wrong passwords
 * (waiting times that double).  An IPv6 address counts by its /64, because one
 * subscriber has a whole /64 to change addresses in.
 */
#ifndef DOXE_IO_LIMITER_H
#define DOXE_IO_LIMITER_H

#include "proto/base/time.h"

enum { LIMITER_ENTRIES = 1024, LIMITER_NAME_CAP = 40 };

struct limiter_entry {
    char address[LIMITER_NAME_CAP]; /* "" : free */
    int failures;
    mono_t last;  /* of the last failure */
    mono_t until; /* nothing is allowed before this */
};

struct limiter {
    int free_failures;   /* this many cost nothing */
    int64_t forget_ms;   /* one failure is forgotten each time so long passed */
    int64_t wait_ms;     /* the first waiting time */
    int64_t wait_ms_max; /* the longest; equal to wait_ms: no doubling */
    struct limiter_entry entry[LIMITER_ENTRIES];
};

void limiter_init(struct limiter *limiter, int free_failures, int64_t forget_ms, int64_t wait_ms,
                  int64_t wait_ms_max);
/* How long this address must wait; 0: it may go on. */
int64_t limiter_wait(const struct limiter *limiter, const char *address, mono_t now);
void limiter_failed(struct limiter *limiter, const char *address, mono_t now);
/* Forgets the address. */
void limiter_succeeded(struct limiter *limiter, const char *address);

#endif
