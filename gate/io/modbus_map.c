#include "gate/io/modbus_map.h"

#include <limits.h>

bool modbus_table_is_bits(enum modbus_table table)
{
    return table == MODBUS_COIL || table == MODBUS_DISCRETE;
}

/* Points in the order of the wire, so that neighbours meet. */
static int64_t order(const struct modbus_point *point)
{
    return ((int64_t)point->unit * 4 + (int64_t)point->table) * 65536 + point->address;
}

static bool joins(const struct modbus_block *block, const struct modbus_point *point)
{
    int max = modbus_table_is_bits(block->table) ? MODBUS_BITS_MAX : MODBUS_WORDS_MAX;
    return block->unit == point->unit && block->table == point->table &&
           point->address - (block->first + block->count - 1) <= MODBUS_GAP_MAX &&
           point->address - block->first < max;
}

int modbus_plan(const struct modbus_point *points, int count,
                struct modbus_block ret_blocks[MODBUS_BLOCKS_MAX], int *ret_count)
{
    struct modbus_block blocks[MODBUS_BLOCKS_MAX] = {{0}};
    int n = 0;
    int64_t last = -1;
    for (;;) { /* the next point in order; few points, so looking through them is cheap */
        int64_t next = INT64_MAX;
        const struct modbus_point *point = NULL;
        for (int i = 0; i < count; i++) {
            if (order(&points[i]) > last && order(&points[i]) < next) {
                next = order(&points[i]);
                point = &points[i];
            }
        }
        if (!point) {
            break;
        }
        last = next;
        if (n && joins(&blocks[n - 1], point)) {
            blocks[n - 1].count = point->address - blocks[n - 1].first + 1;
            continue;
        }
        if (n == MODBUS_BLOCKS_MAX) {
            return DX_E_SPACE;
        }
        blocks[n++] = (struct modbus_block){point->unit, point->table, point->address, 1};
    }
    for (int i = 0; i < n; i++) {
        ret_blocks[i] = blocks[i];
    }
    *ret_count = n;
    return 0;
}

bool modbus_block_has(const struct modbus_block *block, const struct modbus_point *point)
{
    return block->unit == point->unit && block->table == point->table &&
           point->address >= block->first && point->address < block->first + block->count;
}

bool modbus_level(const struct modbus_block *block, const struct modbus_point *point,
                  const uint16_t *values)
{
    unsigned value = values[point->address - block->first];
    bool on = value != 0;
    if (!modbus_table_is_bits(point->table) && point->bit >= 0) {
        on = ((value >> point->bit) & 1u) != 0;
    }
    return on != point->active_low;
}

void debounce_reset(struct debounce *d)
{
    *d = (struct debounce){0};
}

bool debounce_feed(struct debounce *d, bool level, int on_ms, int off_ms, mono_t now)
{
    if (d->known && level == d->stable) {
        d->pending = false;
        d->raw = level;
        return false;
    }
    if (!d->pending || d->raw != level) {
        d->pending = true;
        d->raw = level;
        d->since = now;
    }
    if (mono_diff(now, d->since) < (level ? on_ms : off_ms)) {
        return false;
    }
    d->known = true;
    d->stable = level;
    d->pending = false;
    return true;
}
