/* memory.c - images, handles, transactions, faults. */
#include "sim/store/parts.h"

#include "proto/base/check.h"
#include "server/store/store_bank.h"

#include <pthread.h>
#include <stdlib.h>

/* Images outlive the handles, as files do; only their list is shared by threads. */
static pthread_mutex_t images_lock = PTHREAD_MUTEX_INITIALIZER;
static struct memory *images;

static const struct {
    const struct table_kind *kind;
    size_t at; /* in struct memory */
} kinds[] = {
#define X(member) {&memory_kind_##member, offsetof(struct memory, member)},
    MEMORY_TABLES(X)
#undef X
};
enum { TABLES = (int)(sizeof kinds / sizeof kinds[0]) };

static struct table *table_number(struct memory *memory, int i)
{
    return (struct table *)(void *)((char *)memory + kinds[i].at);
}
static const struct table *const_table_number(const struct memory *memory, int i)
{
    return (const struct table *)(const void *)((const char *)memory + kinds[i].at);
}

static struct memory *new_image(const char *path)
{
    struct memory *memory = calloc(1, sizeof *memory);
    if (memory) {
        memcpy(memory->path, path, strlen(path) + 1);
        memory->last = "";
        memory->inbox_low = 1;
        for (int i = 0; i < TABLES; i++) {
            table_init(table_number(memory, i), kinds[i].kind, memory);
        }
        memory->next = images;
        images = memory;
    }
    return memory;
}

int memory_find(const char *path, struct memory **ret_memory)
{
    struct memory *memory = NULL;
    if (strncmp(path, MEMORY_PREFIX, strlen(MEMORY_PREFIX)) != 0 ||
        strlen(path) >= sizeof memory->path) {
        return DX_E_INVAL;
    }
    pthread_mutex_lock(&images_lock);
    memory = images;
    while (memory && strcmp(memory->path, path) != 0) {
        memory = memory->next;
    }
    memory = memory ? memory : new_image(path);
    pthread_mutex_unlock(&images_lock);
    if (!memory) {
        return DX_E_MEMORY;
    }
    *ret_memory = memory;
    return 0;
}

void memory_forget(const char *path)
{
    pthread_mutex_lock(&images_lock);
    struct memory **at = &images;
    while (*at && strcmp((*at)->path, path) != 0) {
        at = &(*at)->next;
    }
    struct memory *memory = *at;
    if (memory) {
        must(memory->handles == 0);
        *at = memory->next;
    }
    pthread_mutex_unlock(&images_lock);
    if (memory) {
        for (int i = 0; i < TABLES; i++) {
            table_fini(table_number(memory, i));
        }
        free(memory->undo.bytes);
        free(memory->due.at);
        free(memory->watched.session);
        free(memory);
    }
}

/* ---- faults ---- */

static void take_all_back(struct memory *memory)
{
    undo_to(&memory->undo, 0);
    memory->undo.on = false;
    memory->mark_count = 0;
    memory->writer = NULL;
    memory->head = memory->head_kept;
}

static void go_down(struct memory *memory)
{
    memory->down = true;
    take_all_back(memory);
}

int memory_operation(struct store *store, const char *name)
{
    struct memory *memory = store->memory;
    memory->operations++;
    memory->last = name;
    if (memory->down) {
        return DX_E_IO;
    }
    if (memory->due.failed) {
        return DX_E_MEMORY;
    }
    if (memory->fault_times == 0 || memory->operations < memory->fault_at) {
        return 0;
    }
    if (memory->fault == MEMORY_CRASH_AFTER) {
        return 0; /* at its end: only a commit leaves anything behind */
    }
    memory->fault_times--;
    switch (memory->fault) {
    case MEMORY_BUSY:
        return DX_E_BUSY;
    case MEMORY_FULL:
        return DX_E_FULL;
    case MEMORY_IO:
        return DX_E_IO;
    case MEMORY_CRASH:
    case MEMORY_CRASH_AFTER:
    case MEMORY_FAULT_COUNT:
        break;
    }
    go_down(memory);
    return DX_E_IO;
}

/* After the operation was done. */
static int crash_after(struct memory *memory)
{
    if (memory->fault == MEMORY_CRASH_AFTER && memory->fault_times > 0 &&
        memory->operations >= memory->fault_at) {
        memory->fault_times = 0;
        go_down(memory);
        return DX_E_IO;
    }
    return 0;
}

int64_t memory_operations(const struct memory *memory)
{
    return memory->operations;
}

void memory_plan_fault(struct memory *memory, enum memory_fault fault, int64_t at, int64_t times)
{
    must(fault < MEMORY_FAULT_COUNT);
    memory->fault = fault;
    memory->fault_at = at;
    memory->fault_times = at > 0 ? times : 0;
}

bool memory_is_down(const struct memory *memory)
{
    return memory->down;
}

const char *memory_last_operation(const struct memory *memory)
{
    return memory->last;
}

void memory_revive(struct memory *memory)
{
    must(memory->handles == 0);
    memory->down = false;
}

void memory_keep_all(struct memory *memory, bool keep)
{
    memory->keep_all = keep;
}

size_t memory_bytes(const struct memory *memory)
{
    size_t bytes = sizeof *memory + memory->undo.cap + memory->due.cap * sizeof *memory->due.at;
    for (int i = 0; i < TABLES; i++) {
        bytes += table_bytes(const_table_number(memory, i));
    }
    return bytes;
}

int64_t memory_rows(const struct memory *memory)
{
    int64_t rows = 0;
    for (int i = 0; i < TABLES; i++) {
        rows += const_table_number(memory, i)->alive;
    }
    return rows;
}

/* ---- handles ---- */

static int open_handle(const char *path, bool reader, struct store **ret_store)
{
    struct memory *memory;
    int error = memory_find(path, &memory);
    if (error) {
        return error;
    }
    if (memory->down) {
        return DX_E_IO;
    }
    struct store *store = calloc(1, sizeof *store);
    if (!store) {
        return DX_E_MEMORY;
    }
    *store = (struct store){memory, reader};
    memory->handles++;
    *ret_store = store;
    return 0;
}

int store_open(const char *path, struct store **ret_store)
{
    return open_handle(path, false, ret_store);
}

int store_open_reader(const char *path, struct store **ret_store)
{
    return open_handle(path, true, ret_store);
}

int store_open_another(const char *path, int busy_ms, struct store **ret_store)
{
    (void)busy_ms; /* one thread: waiting for the writer would be for ever */
    return open_handle(path, false, ret_store);
}

void store_close(struct store *store)
{
    if (store) {
        store_rollback(store);
        store->memory->handles--;
        free(store);
    }
}

const char *store_message(struct store *store)
{
    return store->memory->down ? "the store is down" : "no message";
}

/* ---- versions: there is one ---- */

int store_latest_version(void)
{
    return 1;
}

int store_version(struct store *store, int *ret_version)
{
    OPERATION(store);
    *ret_version = store->memory->migrated ? store_latest_version() : 0;
    return 0;
}

int store_migrate(struct store *store, int version, wall_t now, int *ret_version)
{
    (void)now;
    OPERATION(store);
    must(version == STORE_LATEST || version == store_latest_version());
    store->memory->migrated = true;
    *ret_version = store_latest_version();
    return 0;
}

/* ---- transactions ---- */

int store_begin(struct store *store)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    must(!store->reader && memory->writer != store);
    if (memory->writer) {
        return DX_E_BUSY;
    }
    memory->writer = store;
    memory->undo.on = true;
    memory->head_kept = memory->head;
    return 0;
}

int store_commit(struct store *store)
{
    struct memory *memory = store->memory;
    int error = memory_operation(store, __func__);
    if (error) {
        store_rollback(store); /* as after a database's failed commit */
        return error;
    }
    must(memory->writer == store);
    undo_keep(&memory->undo);
    memory->undo.on = false;
    memory->mark_count = 0;
    memory->writer = NULL;
    memory->head_kept = memory->head;
    memory_tell_watch(memory);
    return crash_after(memory);
}

void store_rollback(struct store *store)
{
    if (store->memory->writer == store) {
        take_all_back(store->memory);
    }
}

int store_savepoint(struct store *store)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    must(memory->writer == store && memory->mark_count < MEMORY_SAVEPOINTS);
    memory->mark[memory->mark_count++] = memory->undo.n;
    return 0;
}

int store_release(struct store *store)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    must(memory->mark_count > 0);
    memory->mark_count--;
    return 0;
}

/* The head of the ledger is that of the last row that is left. */
static void find_head(struct memory *memory)
{
    const struct tx_row *row = table_at(&memory->tx, memory->tx.last);
    if ((int64_t)memory->tx.last == memory->head_kept.number || !row) {
        memory->head = memory->head_kept;
    } else {
        memory->head.number = memory->tx.last;
        memcpy(memory->head.hash, row->hash, sizeof memory->head.hash);
    }
}

void store_rollback_savepoint(struct store *store)
{
    struct memory *memory = store->memory;
    if (memory->writer == store && memory->mark_count > 0) {
        undo_to(&memory->undo, memory->mark[--memory->mark_count]);
        find_head(memory);
    }
}

/* ---- names ---- */

uint32_t memory_find_name(const struct memory *memory, const char *text)
{
    uint32_t n = table_first(&memory->name, 0, hash_text(HASH_SEED, text));
    while (n != 0 && strcmp(memory_text(memory, n), text) != 0) {
        n = table_next(&memory->name, 0, n);
    }
    return n;
}

uint32_t memory_name(struct memory *memory, const char *text)
{
    struct undo none = {.on = false};
    struct name_row row;
    uint32_t n = memory_find_name(memory, text);
    if (n != 0) {
        return n;
    }
    /* With its NUL; names are not taken back: a number that nobody uses does no harm. */
    if (text_make(&none, (struct str){text, strlen(text) + 1}, &row.text) != 0) {
        return 0;
    }
    if (table_add(&none, &memory->name, &row, &n) != 0) {
        free(row.text.p);
        return 0;
    }
    return n;
}

const char *memory_text(const struct memory *memory, uint32_t name)
{
    const struct name_row *row = table_at(&memory->name, name);
    return row ? row->text.p : "";
}

void text_put(char *out, size_t cap, const char *text)
{
    size_t n = strlen(text);
    n = n < cap ? n : cap - 1;
    memcpy(out, text, n);
    memset(out + n, 0, cap - n);
}

bool text_same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}
