#include "sim/judge/index.h"

#include "proto/base/check.h"

#include <stdlib.h>

static uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

uint64_t index_key_of(uint64_t salt, uint64_t number)
{
    uint64_t key = mix(mix(salt + 1) ^ number);
    return key ? key : 1;
}

uint64_t index_key(uint64_t salt, const char *text)
{
    uint64_t h = mix(salt + 1) ^ UINT64_C(0xcbf29ce484222325);
    for (; *text; text++) {
        h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    }
    h = mix(h);
    return h ? h : 1;
}

static size_t home(const struct index *index, uint64_t key)
{
    return (size_t)key & (index->cap - 1);
}

int index_get(const struct index *index, uint64_t key)
{
    if (!index->cap) {
        return -1;
    }
    for (size_t i = home(index, key); index->slot[i].key; i = (i + 1) & (index->cap - 1)) {
        if (index->slot[i].key == key) {
            return index->slot[i].value;
        }
    }
    return -1;
}

static void grow(struct index *index)
{
    struct index old = *index;
    index->cap = old.cap ? old.cap * 2 : 1024;
    index->count = 0;
    index->slot = calloc(index->cap, sizeof *index->slot);
    must(index->slot);
    for (size_t i = 0; i < old.cap; i++) {
        if (old.slot[i].key) {
            index_put(index, old.slot[i].key, old.slot[i].value);
        }
    }
    free(old.slot);
}

void index_put(struct index *index, uint64_t key, int value)
{
    if (index->count * 2 >= index->cap) {
        grow(index);
    }
    size_t i = home(index, key);
    while (index->slot[i].key && index->slot[i].key != key) {
        i = (i + 1) & (index->cap - 1);
    }
    index->count += index->slot[i].key == 0;
    index->slot[i] = (struct index_slot){key, value};
}

/* What was pushed on past the gap moves up, so that no search ends too early. */
void index_drop(struct index *index, uint64_t key)
{
    size_t mask = index->cap - 1;
    size_t gap = index->cap ? home(index, key) : 0;
    while (index->cap && index->slot[gap].key && index->slot[gap].key != key) {
        gap = (gap + 1) & mask;
    }
    if (!index->cap || !index->slot[gap].key) {
        return;
    }
    index->count--;
    for (size_t i = (gap + 1) & mask; index->slot[i].key; i = (i + 1) & mask) {
        size_t at = home(index, index->slot[i].key);
        if (((i - at) & mask) >= ((i - gap) & mask)) {
            index->slot[gap] = index->slot[i];
            gap = i;
        }
    }
    index->slot[gap].key = 0;
}

void index_free(struct index *index)
{
    free(index->slot);
    *index = (struct index){0};
}
