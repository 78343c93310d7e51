/*
 * latency.h - how long things took: every sample is kept, percentiles are exact.
 *
 * Microseconds.  Not thread-safe.
 */
#ifndef DOXE_SIM_LATENCY_H
#define DOXE_SIM_LATENCY_H

#include "proto/base/out.h"

struct latency {
    int32_t *us;
    size_t count, cap;
    bool sorted;
};

/* A sample that finds no memory is dropped. */
void latency_add(struct latency *latency, int64_t us);
/* The sample below which `permille` of them are; 0 when there is none. */
int64_t latency_at(struct latency *latency, int permille);
/* An object {count, p50_us, p90_us, p99_us, max_us} under `key`. */
void latency_write(struct latency *latency, struct out *out, const char *key);
void latency_fini(struct latency *latency);

#endif
