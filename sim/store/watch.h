/*
 * watch.h - who wants to know what a store in memory has committed: the auditor of a run.
 *
 * The calls come inside of store_commit, after it is durable and before anybody is told: events in
 * their order, then sessions that changed (as they are now), credits, and transactions of the
 * ledger in the order of their numbers.  What was rolled back is never told.
 *
 * A call may not come back into the store.
 */
#ifndef DOXE_SIM_STORE_WATCH_H
#define DOXE_SIM_STORE_WATCH_H

#include "sim/store/memory.h"

/* Any may be NULL. */
struct memory_watch {
    void *context;
    void (*event)(void *context, const char *gate, int64_t generation, int64_t seq);
    void (*session)(void *context, const struct session *session);
    void (*credit)(void *context, const struct bank_credit *credit, enum payment_verdict verdict);
    void (*tx)(void *context, const struct ledger_tx *tx);
};

/* From the next commit on; {0} ends it. */
void memory_set_watch(struct memory *memory, const struct memory_watch *watch);
/* Is the ledger's first transaction still there?  memory_retire forgets from the oldest on. */
bool memory_ledger_is_whole(const struct memory *memory);
/* The ledger from its beginning, without what memory_retire forgot. */
void memory_each_tx(const struct memory *memory,
                    void (*take)(void *context, const struct ledger_tx *tx), void *context);

#endif
