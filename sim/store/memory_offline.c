/* memory_offline.c - lists of lots, what gates are told and what they decided: store_offline.c. */
#include "sim/store/parts.h"

/* ---- lists ---- */

static int new_version(struct memory *memory, wall_t now)
{
    const struct list_version_row row = {now.ms};
    return table_add(&memory->undo, &memory->list_version, &row, NULL);
}

static uint32_t find_listed(const struct memory *memory, const struct store_listed *wanted)
{
    const struct table *t = &memory->listed;
    const struct lot_entry *w = &wanted->entry;
    uint32_t lot = memory_find_name(memory, wanted->lot);
    uint32_t n = table_first(t, 0, hash_number(HASH_SEED, lot));
    for (; n != 0; n = table_next(t, 0, n)) {
        const struct listed_row *row = table_at(t, n);
        if (row->lot == lot && !row->removed && row->entry.list == w->list &&
            row->entry.kind == w->kind && row->entry.vehicle == w->vehicle &&
            text_same(row->entry.key, w->key)) {
            return n;
        }
    }
    return 0;
}

int store_list_add(struct store *store, const struct store_listed *row, wall_t now)
{
    struct memory *memory = store->memory;
    struct listed_row made = {.entry = row->entry, .added_ms = now.ms};
    OPERATION(store);
    if (find_listed(memory, row)) {
        return DX_E_EXISTS;
    }
    made.lot = memory_name(memory, row->lot);
    made.by = memory_name(memory, row->by);
    int error = text_make(&memory->undo, str_c(row->reason), &made.reason);
    error = error ? error : table_add(&memory->undo, &memory->listed, &made, NULL);
    return error ? error : new_version(memory, now);
}

int store_list_remove(struct store *store, const struct store_listed *row, wall_t now)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = find_listed(memory, row);
    if (n == 0) {
        return DX_E_NOT_FOUND;
    }
    struct listed_row there = *(const struct listed_row *)table_at(&memory->listed, n);
    there.removed = true;
    there.removed_ms = now.ms;
    there.removed_by = memory_name(memory, row->by);
    int error = table_put(&memory->undo, &memory->listed, n, &there);
    return error ? error : new_version(memory, now);
}

int store_list_each(struct store *store, const char *lot, void *context,
                    void (*take)(void *context, const struct lot_entry *entry))
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->listed;
    uint32_t after = 0;
    OPERATION(store);
    uint32_t name = memory_find_name(memory, lot);
    for (;;) { /* in the order they were added */
        uint32_t best = 0;
        for (uint32_t n = table_first(t, 0, hash_number(HASH_SEED, name)); n != 0;
             n = table_next(t, 0, n)) {
            const struct listed_row *row = table_at(t, n);
            if (row->lot == name && !row->removed && n > after && (best == 0 || n < best)) {
                best = n;
            }
        }
        if (best == 0) {
            return 0;
        }
        take(context, &((const struct listed_row *)table_at(t, best))->entry);
        after = best;
    }
}

int store_list_version(struct store *store, int64_t *ret_version)
{
    OPERATION(store);
    *ret_version = store->memory->list_version.last;
    return 0;
}

int store_is_exempt(struct store *store, const char *lot, const struct subject *subject, wall_t at,
                    bool *ret_exempt)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->listed;
    bool exempt = false;
    OPERATION(store);
    uint32_t name = memory_find_name(memory, lot);
    for (uint32_t n = table_first(t, 0, hash_number(HASH_SEED, name)); n != 0 && !exempt;
         n = table_next(t, 0, n)) {
        const struct listed_row *row = table_at(t, n);
        const struct lot_entry *e = &row->entry;
        exempt = row->lot == name && e->list == LOT_EXEMPT && e->kind == subject->kind &&
                 text_same(e->key, subject->key) &&
                 (e->vehicle == VEHICLE_UNKNOWN || e->vehicle == subject->vehicle ||
                  e->kind != SUBJECT_PLATE) &&
                 row->added_ms <= at.ms && (e->until.ms == 0 || e->until.ms > at.ms) &&
                 (!row->removed || row->removed_ms > at.ms);
    }
    *ret_exempt = exempt;
    return 0;
}

/* ---- what gates are told ---- */

int store_config_version(struct store *store, const char *lot, const char *content,
                         int64_t *ret_version)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->config;
    struct config_row row = {.version = 1};
    int error = 0;
    OPERATION(store);
    row.lot = memory_name(memory, lot);
    PUT(row.content, content);
    uint32_t n = table_first(t, 0, hash_number(HASH_SEED, row.lot));
    while (n != 0 && ((const struct config_row *)table_at(t, n))->lot != row.lot) {
        n = table_next(t, 0, n);
    }
    const struct config_row *there = table_at(t, n);
    if (!there) {
        error = table_add(&memory->undo, &memory->config, &row, NULL);
    } else if (!text_same(there->content, row.content)) {
        row.version = there->version + 1;
        error = table_put(&memory->undo, &memory->config, n, &row);
    } else {
        row.version = there->version;
    }
    if (!error) {
        *ret_version = row.version;
    }
    return error;
}

/* ---- what gates decided ---- */

int store_add_offline_quote(struct store *store, const struct store_offline_quote *q)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->offline_quote;
    const struct event *e = q->event;
    struct offline_quote_row row = {.lane = e->lane,
                                    .at_ms = q->at.ms,
                                    .received_ms = q->received.ms,
                                    .gate_fee_vnd = e->fee_vnd,
                                    .server_fee_vnd = q->server_fee_vnd,
                                    .gate_due_vnd = e->amount_vnd,
                                    .gate_entered_ms = e->entered.ms,
                                    .server_entered_ms = q->server_entered.ms};
    OPERATION(store);
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, e->id));
    for (; n != 0; n = table_next(t, 0, n)) {
        if (text_same(((const struct offline_quote_row *)table_at(t, n))->event, e->id)) {
            return 0;
        }
    }
    PUT(row.event, e->id);
    PUT(row.session, q->session);
    PUT(row.paycode, e->paycode);
    row.lot = memory_name(memory, q->lot);
    row.gate = memory_name(memory, e->gate);
    row.gate_tariff = memory_name(memory, e->tariff);
    row.server_tariff = memory_name(memory, q->server_tariff);
    row.difference = memory_name(memory, q->difference);
    return table_add(&memory->undo, &memory->offline_quote, &row, NULL);
}
