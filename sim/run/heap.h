/*
 * heap.h - what will happen, in the one order in which it happens.
 *
 * A binary heap of plain values, smallest (at_ms, tie) first.  `tie` counts what was put in, so
 * that things of one millisecond happen in the order in which they were planned, and two runs of
 * one seed agree to the last event.  Bytes that travel with an event (a message) belong to the
 * heap until it is taken out, then to whoever took it.
 *
 * Not here: what an event means (run_parts.h).
 */
#ifndef DOXE_SIM_RUN_HEAP_H
#define DOXE_SIM_RUN_HEAP_H

#include "proto/base/str.h"

struct sim_event {
    int64_t at_ms;
    uint64_t tie;
    int actor;     /* a site's index, or one of RUN_ACTOR_…, below 0 */
    uint16_t kind; /* enum run_happening */
    uint16_t lane; /* 1…, 0 none */
    uint32_t life; /* of what it is for: when that has died since, it is dropped */
    int32_t a;     /* by kind */
    int64_t b;     /* by kind */
    char *bytes;   /* from malloc, or NULL */
    size_t n;
};

/* All zero is an empty heap. */
struct sim_heap {
    struct sim_event *event;
    size_t count, cap, most;
    uint64_t ties;
};

/* Gives it its tie.  DX_E_MEMORY: the bytes stay the caller's. */
DX_MUST_USE int sim_heap_push(struct sim_heap *heap, const struct sim_event *event);
/* False: it is empty.  The bytes are the caller's now. */
bool sim_heap_pop(struct sim_heap *heap, struct sim_event *ret_event);
/* When the next one is due; INT64_MAX when there is none. */
int64_t sim_heap_next(const struct sim_heap *heap);
void sim_heap_fini(struct sim_heap *heap);

#endif
