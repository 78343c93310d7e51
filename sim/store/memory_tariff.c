/* memory_tariff.c - tariffs that people published: store_tariff.c. */
#include "server/store/store_tariff.h"

#include "sim/store/parts.h"

int store_add_tariff(struct store *store, const struct store_tariff *row, wall_t now)
{
    struct memory *memory = store->memory;
    struct tariff_row made = {.vehicle = row->vehicle, .from_ms = row->from.ms, .made_ms = now.ms};
    OPERATION(store);
    made.lot = memory_name(memory, row->lot);
    made.name = memory_name(memory, row->name);
    made.by = memory_name(memory, row->by);
    int error = text_make(&memory->undo, row->text, &made.text);
    return error ? error : table_add(&memory->undo, &memory->tariff, &made, NULL);
}

int store_tariff_version(struct store *store, int64_t *ret_version)
{
    OPERATION(store);
    *ret_version = store->memory->tariff.last;
    return 0;
}

/* A later one of the same lot and class takes its place. */
static bool is_last(const struct table *t, uint32_t n)
{
    const struct tariff_row *row = table_at(t, n);
    for (uint32_t i = table_after(t, n); i != 0; i = table_after(t, i)) {
        const struct tariff_row *later = table_at(t, i);
        if (later->lot == row->lot && later->vehicle == row->vehicle) {
            return false;
        }
    }
    return true;
}

int store_tariff_each(struct store *store, int64_t after, void *context,
                      int (*take)(void *context, const struct store_tariff *row))
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->tariff;
    int error = 0;
    OPERATION(store);
    for (uint32_t n = table_after(t, (uint32_t)after); n != 0 && !error; n = table_after(t, n)) {
        const struct tariff_row *row = table_at(t, n);
        if (is_last(t, n)) {
            const struct store_tariff tariff = {.lot = memory_text(memory, row->lot),
                                                .vehicle = row->vehicle,
                                                .name = memory_text(memory, row->name),
                                                .from = {row->from_ms},
                                                .by = memory_text(memory, row->by),
                                                .text = text_str(row->text)};
            error = take(context, &tariff);
        }
    }
    return error;
}
