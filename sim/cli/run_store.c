#include "sim/cli/run_store.h"

#include "sim/store/memory.h"

static int64_t operations(void *context)
{
    return memory_operations(context);
}

static void plan(void *context, enum run_store_fault fault, int64_t ahead)
{
    static const enum memory_fault faults[] = {
        [RUN_STORE_BUSY] = MEMORY_BUSY,
        [RUN_STORE_FULL] = MEMORY_FULL,
        [RUN_STORE_IO] = MEMORY_IO,
        [RUN_STORE_CRASH] = MEMORY_CRASH,
        [RUN_STORE_CRASH_AFTER] = MEMORY_CRASH_AFTER,
    };
    memory_plan_fault(context, faults[fault], memory_operations(context) + ahead, 1);
}

static bool is_down(void *context)
{
    return memory_is_down(context);
}

static void revive(void *context)
{
    memory_revive(context);
}

static int retire(void *context, wall_t before)
{
    return memory_retire(context, before);
}

static bool is_memory(const char *path)
{
    return strncmp(path, MEMORY_PREFIX, sizeof MEMORY_PREFIX - 1) == 0;
}

const struct run_store *run_store_memory(const char *path, struct run_store *space)
{
    struct memory *memory = NULL;
    if (!is_memory(path) || memory_find(path, &memory) != 0) {
        return NULL;
    }
    *space = (struct run_store){memory, operations, plan, is_down, revive, retire};
    return space;
}

void run_store_forget(const char *path)
{
    if (is_memory(path)) {
        memory_forget(path);
    }
}
