/*
 * invoice_provider.h - a licensed provider of electronic invoices, played over real HTTP.
 *
 * POST / with a request of docs/INVOICES.md.  Numbers ascend per seller and series; the
 * same id gets the same number; the same id with another content is refused (422).
 * On purpose it sometimes falls silent: before it has kept the request, or after (then
 * the invoice exists and nobody was told).  It refuses (422) what does not add up.
 *
 * Not here: the tax authority.
 */
#ifndef DOXE_SIM_INVOICE_PROVIDER_H
#define DOXE_SIM_INVOICE_PROVIDER_H

#include "proto/base/prng.h"
#include "proto/base/str.h"

struct invoice_provider;

struct invoice_provider_options {
    const char *listen;  /* "127.0.0.1:0" */
    const char *key;     /* the bearer token asked for; NULL: none */
    int silent_permille; /* of requests that get no answer, before or after being kept */
    uint64_t seed;
};

DX_MUST_USE int invoice_provider_start(const struct invoice_provider_options *options,
                                       struct invoice_provider **ret_provider);
void invoice_provider_stop(struct invoice_provider *provider);
int invoice_provider_port(const struct invoice_provider *provider);
/* Invoices issued, and requests seen. */
void invoice_provider_count(struct invoice_provider *provider, int *ret_issued, int *ret_asked);
/* `doxe-sim invoices`: runs until a signal. */
int invoice_provider_main(int argc, char **argv);

#endif
