#include "sim/live/latency.h"

#include <stdlib.h>
#include <string.h>

void latency_add(struct latency *latency, int64_t us)
{
    if (latency->count == latency->cap) {
        size_t cap = latency->cap ? 2 * latency->cap : 4096;
        int32_t *grown = realloc(latency->us, cap * sizeof *grown);
        if (!grown) {
            return;
        }
        latency->us = grown;
        latency->cap = cap;
    }
    us = us < 0 ? 0 : us;
    latency->us[latency->count++] = us > INT32_MAX ? INT32_MAX : (int32_t)us;
    latency->sorted = false;
}

static int by_size(const void *a, const void *b)
{
    const int32_t *x = a;
    const int32_t *y = b;
    return (*x > *y) - (*x < *y);
}

int64_t latency_at(struct latency *latency, int permille)
{
    if (latency->count == 0) {
        return 0;
    }
    if (!latency->sorted) {
        qsort(latency->us, latency->count, sizeof *latency->us, by_size);
        latency->sorted = true;
    }
    size_t at = latency->count * (size_t)permille / 1000;
    return latency->us[at < latency->count ? at : latency->count - 1];
}

void latency_write(struct latency *latency, struct out *out, const char *key)
{
    json_object(out, key);
    json_i64(out, "count", (int64_t)latency->count);
    json_i64(out, "p50_us", latency_at(latency, 500));
    json_i64(out, "p90_us", latency_at(latency, 900));
    json_i64(out, "p99_us", latency_at(latency, 990));
    json_i64(out, "max_us", latency_at(latency, 1000));
    json_object_end(out);
}

void latency_fini(struct latency *latency)
{
    free(latency->us);
    memset(latency, 0, sizeof *latency);
}
