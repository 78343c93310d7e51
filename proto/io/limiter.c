#include "proto/io/limiter.h"

#include <arpa/inet.h>
#include <string.h>

void limiter_init(struct limiter *limiter, int free_failures, int64_t forget_ms, int64_t wait_ms,
                  int64_t wait_ms_max)
{
    memset(limiter, 0, sizeof *limiter);
    limiter->free_failures = free_failures;
    limiter->forget_ms = forget_ms;
    limiter->wait_ms = wait_ms;
    limiter->wait_ms_max = wait_ms_max;
}

/* The name an address counts under: itself, or its /64. */
static void name_of(char out[LIMITER_NAME_CAP], const char *address)
{
    struct in6_addr v6;
    if (inet_pton(AF_INET6, address, &v6) == 1 && !IN6_IS_ADDR_V4MAPPED(&v6)) {
        str_hex(out, v6.s6_addr, 8);
        return;
    }
    str_copy_cut(out, LIMITER_NAME_CAP, str_c(address));
}

static struct limiter_entry *find(struct limiter *limiter, const char *name)
{
    for (int i = 0; i < LIMITER_ENTRIES; i++) {
        if (strcmp(limiter->entry[i].address, name) == 0) {
            return &limiter->entry[i];
        }
    }
    return NULL;
}

int64_t limiter_wait(const struct limiter *limiter, const char *address, mono_t now)
{
    char name[LIMITER_NAME_CAP];
    name_of(name, address);
    for (int i = 0; i < LIMITER_ENTRIES; i++) {
        const struct limiter_entry *entry = &limiter->entry[i];
        if (name[0] && strcmp(entry->address, name) == 0) {
            int64_t wait = mono_diff(entry->until, now);
            return wait > 0 ? wait : 0;
        }
    }
    return 0;
}

/* A free entry, or the one that failed longest ago. */
static struct limiter_entry *take_entry(struct limiter *limiter, const char *name)
{
    struct limiter_entry *oldest = &limiter->entry[0];
    for (int i = 0; i < LIMITER_ENTRIES; i++) {
        struct limiter_entry *entry = &limiter->entry[i];
        if (!entry->address[0]) {
            oldest = entry;
            break;
        }
        if (mono_diff(entry->last, oldest->last) < 0) {
            oldest = entry;
        }
    }
    memset(oldest, 0, sizeof *oldest);
    str_copy_cut(oldest->address, sizeof oldest->address, str_c(name));
    return oldest;
}

void limiter_failed(struct limiter *limiter, const char *address, mono_t now)
{
    char name[LIMITER_NAME_CAP];
    name_of(name, address);
    if (!name[0]) {
        return;
    }
    struct limiter_entry *entry = find(limiter, name);
    if (!entry) {
        entry = take_entry(limiter, name);
        entry->last = now;
    }
    int64_t forgotten = mono_diff(now, entry->last) / limiter->forget_ms;
    entry->failures = forgotten < entry->failures ? entry->failures - (int)forgotten : 0;
    entry->last = now;
    entry->failures++;
    int beyond = entry->failures - limiter->free_failures;
    if (beyond > 0) {
        int64_t wait = limiter->wait_ms;
        for (int i = 1; i < beyond && wait < limiter->wait_ms_max; i++) {
            wait *= 2;
        }
        entry->until = mono_add(now, wait < limiter->wait_ms_max ? wait : limiter->wait_ms_max);
    }
}

void limiter_succeeded(struct limiter *limiter, const char *address)
{
    char name[LIMITER_NAME_CAP];
    name_of(name, address);
    struct limiter_entry *entry = name[0] ? find(limiter, name) : NULL;
    if (entry) {
        memset(entry, 0, sizeof *entry);
    }
}
