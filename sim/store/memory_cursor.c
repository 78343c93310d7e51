/* memory_cursor.c - cursors of the pollers: the end of store_bank.c. */
#include "server/store/store_bank.h"

#include "sim/store/parts.h"

static uint32_t find(const struct memory *memory, uint32_t provider, uint32_t name)
{
    const struct table *t = &memory->cursor;
    uint32_t n = table_first(t, 0, hash_number(hash_number(HASH_SEED, provider), name));
    for (; n != 0; n = table_next(t, 0, n)) {
        const struct cursor_row *row = table_at(t, n);
        if (row->provider == provider && row->name == name) {
            return n;
        }
    }
    return 0;
}

int store_get_cursor(struct store *store, const char *provider, const char *name,
                     int64_t *ret_value)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    const struct cursor_row *row =
        table_at(&memory->cursor,
                 find(memory, memory_find_name(memory, provider), memory_find_name(memory, name)));
    *ret_value = row ? row->value : 0;
    return 0;
}

int store_put_cursor(struct store *store, const char *provider, const char *name, int64_t value,
                     wall_t now)
{
    struct memory *memory = store->memory;
    struct cursor_row row = {.value = value, .at_ms = now.ms};
    OPERATION(store);
    row.provider = memory_name(memory, provider);
    row.name = memory_name(memory, name);
    uint32_t n = find(memory, row.provider, row.name);
    return n ? table_put(&memory->undo, &memory->cursor, n, &row)
             : table_add(&memory->undo, &memory->cursor, &row, NULL);
}
