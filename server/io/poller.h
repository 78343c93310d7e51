/*
 * poller.h - asks the providers' lists, in a thread of its own, and puts what comes into the inbox.
 *
 * What to ask and when is server/core/poll_plan.h; here it is only done.  A
 * provider is polled when its API key is configured.  How far it came is kept in
 * bank_cursor, in the transaction of the rows.
 */
#ifndef DOXE_SERVER_POLLER_H
#define DOXE_SERVER_POLLER_H

#include "server/io/config.h"

struct inbox;

struct poller;

/*
 * `inbox` is that of the application in this program (app_inbox), which the writer makes way for;
 * NULL: another program has the database, and this one opens an inbox of its own.  `news` is
 * called after rows were stored.  `only` names one provider, NULL all.  DX_E_NOT_FOUND:
 * none of them has a key.
 */
DX_MUST_USE int poller_new(const struct server_config *config, const char *only,
                           struct inbox *inbox, void (*news)(void *context), void *context,
                           struct poller **ret_poller);
void poller_free(struct poller *poller);

DX_MUST_USE int poller_start(struct poller *poller);
/* What is under way is broken off.  Not started is fine. */
void poller_stop(struct poller *poller);

/* What a provider's list gave since poller_new. */
struct poller_result {
    const char *provider;
    int asked, rows, added, failures; /* failures in a row, now */
    char why[160];                    /* of the last failure; "" none */
};
/* Instead of a thread: every provider's whole window once, and what came of it. */
enum { POLLER_PROVIDERS_MAX = 2 };
DX_MUST_USE int poller_once(struct poller *poller,
                            struct poller_result ret_results[POLLER_PROVIDERS_MAX], int *ret_count);

#endif
