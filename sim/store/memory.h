/*
 * memory.h - the server's store without a disk: what a simulation may do to it.
 *
 * sim/store implements the port server/store/store*.h (as far as server/app calls it) over plain
 * tables in memory.  A program that links it instead of server_store runs the server's scripts,
 * transactions, savepoints and rollbacks included, without a file.  The conformance suite
 * tests/integration/store_suite.c holds it to the same promises as SQLite.
 *
 * Images.  store_open("memory:NAME") makes an image or finds it again; store_close leaves it there,
 * as a file stays when a program ends.  What was not committed is gone.  All handles of a path
 * share one image; there is one writer at a time, and the others get DX_E_BUSY at store_begin.
 *
 * Faults.  Every call of the port that can fail is one operation and is counted.  At the i-th one
 * a fault may be planned.  A crash takes the store down: that operation and all later ones are
 * DX_E_IO, so that the server's code runs out by itself; whoever plays the world mutes its ports,
 * stops it, calls memory_revive and starts it again.
 *
 * Forgetting.  A simulated city would fill the memory with what nobody asks for again.
 *
 * One thread for all handles of an image; images of different names may live in different threads.
 */
#ifndef DOXE_SIM_STORE_MEMORY_H
#define DOXE_SIM_STORE_MEMORY_H

#include "server/store/store.h"

struct memory;

#define MEMORY_PREFIX "memory:"

/* The image of a path, made when it is not there.  DX_E_INVAL: no such path; DX_E_MEMORY. */
DX_MUST_USE int memory_find(const char *path, struct memory **ret_memory);
/* Frees it; no handle is open. */
void memory_forget(const char *path);

/* ---- faults ---- */

enum memory_fault {
    MEMORY_BUSY,        /* DX_E_BUSY, and nothing happened */
    MEMORY_FULL,        /* DX_E_FULL */
    MEMORY_IO,          /* DX_E_IO */
    MEMORY_CRASH,       /* down before the operation did anything */
    MEMORY_CRASH_AFTER, /* down after the next commit: it is durable, and nobody was told */
    MEMORY_FAULT_COUNT
};

/* Operations since the image was made. */
int64_t memory_operations(const struct memory *memory);
/* At operation number `at` (the first is 1), and at the `times` - 1 after it; replaces what was
 * planned before.  `at` 0: none. */
void memory_plan_fault(struct memory *memory, enum memory_fault fault, int64_t at, int64_t times);
bool memory_is_down(const struct memory *memory);
/* The name of the last operation: "store_commit". */
const char *memory_last_operation(const struct memory *memory);
/* After a crash: what was committed can be opened again. */
void memory_revive(struct memory *memory);

/* ---- size ---- */

/* Keep what nothing in the server reads back (bodies of events, lines of quotes): for an export. */
void memory_keep_all(struct memory *memory, bool keep);
/* Outside of a transaction: everything that was over before `before` is forgotten. */
DX_MUST_USE int memory_retire(struct memory *memory, wall_t before);
/* Bytes of rows and indices; long texts are not counted. */
size_t memory_bytes(const struct memory *memory);
/* Rows of all tables. */
int64_t memory_rows(const struct memory *memory);

/* ---- for an auditor ---- */

/* Sum of all entries ever posted: 0.  And of one account (0 when it has none). */
int64_t memory_trial_balance(const struct memory *memory);
int64_t memory_balance(const struct memory *memory, const char *account);
/* Calls for each account that was ever posted to, in the order of its first posting. */
void memory_each_balance(const struct memory *memory,
                         void (*take)(void *context, const char *account, int64_t balance_vnd),
                         void *context);

#endif
