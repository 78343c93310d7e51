/* run_store.h - faults of the store in memory (sim/store/memory.h) for a run. */
#ifndef DOXE_SIM_CLI_RUN_STORE_H
#define DOXE_SIM_CLI_RUN_STORE_H

#include "sim/run/run.h"

/* `path` is a database of sim/store; any other cannot fail, and this is NULL then. */
const struct run_store *run_store_memory(const char *path, struct run_store *space);
/* What is left of it is forgotten. */
void run_store_forget(const char *path);

#endif
