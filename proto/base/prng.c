#include "proto/base/prng.h"

#include "proto/base/check.h"

/* splitmix64 spreads a seed; xoshiro256** makes the stream (Blackman, Vigna, 2018). */
static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t rotl(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

void prng_init(struct prng *prng, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        prng->s[i] = splitmix(&seed);
    }
}

struct prng prng_fork(const struct prng *parent, const char *name)
{
    uint64_t hash = 0xCBF29CE484222325u; /* FNV-1a */
    for (const char *p = name; *p; p++) {
        hash = (hash ^ (unsigned char)*p) * 0x100000001B3u;
    }
    struct prng child;
    prng_init(&child, hash ^ parent->s[0] ^ rotl(parent->s[2], 17));
    return child;
}

uint64_t prng_u64(struct prng *prng)
{
    uint64_t *s = prng->s;
    uint64_t result = rotl(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
}

int64_t prng_range(struct prng *prng, int64_t low, int64_t high)
{
    must(low <= high);
    uint64_t span = (uint64_t)high - (uint64_t)low + 1;
    if (span == 0) {
        return (int64_t)prng_u64(prng);
    }
    uint64_t limit = UINT64_MAX - UINT64_MAX % span; /* no bias: draw again above it */
    uint64_t draw;
    do {
        draw = prng_u64(prng);
    } while (draw >= limit);
    return (int64_t)((uint64_t)low + draw % span);
}

bool prng_chance(struct prng *prng, int per_mille)
{
    return prng_range(prng, 0, 999) < per_mille;
}
