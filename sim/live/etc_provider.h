/*
 * etc_provider.h - a provider of traffic accounts (as VETC or ePass would be), played over real
 * HTTP.
 *
 * It knows accounts by plate, with a tag and a balance.  authorize reserves, capture takes, void
 * gives back, refund is a transaction of its own, query says how things stand.  The same id
 * is the same charge.  On purpose it falls silent: before it has done a thing, or after.
 * The conversation: docs/ETC.md.
 */
#ifndef DOXE_SIM_ETC_PROVIDER_H
#define DOXE_SIM_ETC_PROVIDER_H

#include "proto/base/str.h"

#include <stdint.h>

struct etc_provider;

struct etc_account {
    const char *plate, *tag; /* tag "" : not told */
    int64_t balance_vnd;
};
struct etc_provider_options {
    const char *listen, *key; /* key NULL: none is asked for */
    int silent_permille;
    uint64_t seed;
    const struct etc_account *accounts;
    int account_count;
};

DX_MUST_USE int etc_provider_start(const struct etc_provider_options *options,
                                   struct etc_provider **ret_provider);
void etc_provider_stop(struct etc_provider *provider);
int etc_provider_port(const struct etc_provider *provider);
/* What the account has, and what is reserved of it.  -1: no such plate. */
int64_t etc_provider_balance(struct etc_provider *provider, const char *plate);
/* Taken and given back so far; questions asked. */
void etc_provider_count(struct etc_provider *provider, int64_t *ret_taken_vnd,
                        int64_t *ret_refunded_vnd, int *ret_asked);
/* Its settlement file: kind,reference,amount,time, with a fee and a payout; free() it. */
char *etc_provider_settlement(struct etc_provider *provider, int64_t fee_vnd,
                              const char *payout_reference);

#endif
