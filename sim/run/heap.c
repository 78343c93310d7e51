#include "sim/run/heap.h"

#include "proto/base/err.h"

#include <stdlib.h>

static bool is_before(const struct sim_event *a, const struct sim_event *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->tie < b->tie;
}

int sim_heap_push(struct sim_heap *heap, const struct sim_event *event)
{
    if (heap->count == heap->cap) {
        size_t cap = heap->cap ? heap->cap * 2 : 256;
        struct sim_event *grown = realloc(heap->event, cap * sizeof *grown);
        if (!grown) {
            return DX_E_MEMORY;
        }
        heap->event = grown;
        heap->cap = cap;
    }
    struct sim_event put = *event;
    put.tie = ++heap->ties;
    size_t i = heap->count++;
    while (i > 0 && is_before(&put, &heap->event[(i - 1) / 2])) {
        heap->event[i] = heap->event[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap->event[i] = put;
    heap->most = heap->count > heap->most ? heap->count : heap->most;
    return 0;
}

bool sim_heap_pop(struct sim_heap *heap, struct sim_event *ret_event)
{
    if (heap->count == 0) {
        return false;
    }
    *ret_event = heap->event[0];
    struct sim_event last = heap->event[--heap->count];
    size_t i = 0;
    for (size_t child = 1; child < heap->count; child = 2 * i + 1) {
        if (child + 1 < heap->count && is_before(&heap->event[child + 1], &heap->event[child])) {
            child++;
        }
        if (!is_before(&heap->event[child], &last)) {
            break;
        }
        heap->event[i] = heap->event[child];
        i = child;
    }
    heap->event[i] = last;
    return true;
}

int64_t sim_heap_next(const struct sim_heap *heap)
{
    return heap->count ? heap->event[0].at_ms : INT64_MAX;
}

void sim_heap_fini(struct sim_heap *heap)
{
    for (size_t i = 0; i < heap->count; i++) {
        free(heap->event[i].bytes);
    }
    free(heap->event);
    memset(heap, 0, sizeof *heap);
}
