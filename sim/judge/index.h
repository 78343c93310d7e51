/*
 * index.h - from a 64-bit key to a number: the judge's only way to find something again.
 *
 * Open addressing, grows by itself.  Keys are hashes of texts (index_key): two texts with one key
 * are taken for the same, which no run of a few billion texts will see.
 */
#ifndef DOXE_SIM_JUDGE_INDEX_H
#define DOXE_SIM_JUDGE_INDEX_H

#include "proto/base/str.h"

struct index_slot {
    uint64_t key; /* 0: empty */
    int value;
};
struct index {
    struct index_slot *slot;
    size_t cap, count; /* cap is a power of two */
};

/* Never 0.  `salt` keeps kinds of texts apart. */
uint64_t index_key(uint64_t salt, const char *text);
uint64_t index_key_of(uint64_t salt, uint64_t number);
/* -1: not there. */
int index_get(const struct index *index, uint64_t key);
/* In place of what was there. */
void index_put(struct index *index, uint64_t key, int value);
void index_drop(struct index *index, uint64_t key);
void index_free(struct index *index);

#endif
