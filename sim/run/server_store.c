/* server_store.c - faults of the server's store, planned in whatever store the run works over. */
#include "sim/run/run_parts.h"

void server_store_init(struct run *run)
{
    const struct run_store *store = run->config.store;
    const struct run_sweep *sweep = &run->config.sweep;
    static const enum run_store_fault faults[] = {
        [SWEEP_NOTHING] = RUN_STORE_IO,
        [SWEEP_FAIL] = RUN_STORE_IO,
        [SWEEP_CRASH] = RUN_STORE_CRASH,
        [SWEEP_CRASH_AFTER] = RUN_STORE_CRASH_AFTER,
    };
    if (!store) {
        return;
    }
    run->store_first = store->operations(store->context);
    if (sweep->seam == SWEEP_STORE && sweep->act != SWEEP_NOTHING) {
        store->plan(store->context, faults[sweep->act], sweep->at);
    }
}

int server_store_prepare(struct run *run)
{
    const struct run_store *store = run->config.store;
    if (run->store_error || !store) {
        return run->store_error;
    }
    static const struct {
        enum plan_class class_;
        enum run_store_fault fault;
    } ways[] = {{PLAN_STORE_TAIL, RUN_STORE_CRASH},
                {PLAN_STORE_CRASH, RUN_STORE_CRASH_AFTER},
                {PLAN_STORE_BUSY, RUN_STORE_BUSY},
                {PLAN_STORE_FULL, RUN_STORE_FULL}};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct plan_fault *fault = fault_strikes(run, ways[i].class_, RUN_SERVER, 0);
        if (fault) { /* somewhere within the turn */
            store->plan(store->context, ways[i].fault, prng_range(&fault->prng, 1, 25));
            break;
        }
    }
    return 0;
}

bool server_store_is_down(const struct run *run)
{
    const struct run_store *store = run->config.store;
    return store && store->is_down(store->context);
}

void server_store_revive(struct run *run)
{
    const struct run_store *store = run->config.store;
    if (store && store->is_down(store->context)) {
        store->revive(store->context);
    }
}

int64_t server_store_operations(const struct run *run)
{
    const struct run_store *store = run->config.store;
    return store ? store->operations(store->context) - run->store_first : 0;
}
