/*
 * prng.h - repeatable random numbers for the simulator and its tests.
 *
 * Integers only, the same on every machine and compiler.  Not for keys, codes
 * or anything an attacker might guess: those come from proto/io/crypto.h.
 * Each component forks a stream of its own by name, so that one more draw in
 * the bank does not move the network's.
 */
#ifndef DOXE_BASE_PRNG_H
#define DOXE_BASE_PRNG_H

#include "proto/base/str.h"

struct prng {
    uint64_t s[4];
};

void prng_init(struct prng *prng, uint64_t seed);
/* A stream that depends on the parent's seed state and the name, and moves neither. */
struct prng prng_fork(const struct prng *parent, const char *name);
uint64_t prng_u64(struct prng *prng);
/* Uniform in [low, high]; low <= high. */
int64_t prng_range(struct prng *prng, int64_t low, int64_t high);
/* True `per_mille` times in a thousand. */
bool prng_chance(struct prng *prng, int per_mille);

#endif
