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

static int words_of(const struct modbus_point *point)
{
    return point->wide && !modbus_table_is_bits(point->table) ? 2 : 1;
}

static bool joins(const struct modbus_block *block, const struct modbus_point *point, int gap)
{
    int max = modbus_table_is_bits(block->table) ? MODBUS_BITS_MAX : MODBUS_WORDS_MAX;
    return block->unit == point->unit && block->table == point->table &&
           point->address - (block->first + block->count - 1) <= gap &&
           point->address + words_of(point) - block->first <= max;
}

int modbus_plan(const struct modbus_point *points, int count, int gap,
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
        if (n && joins(&blocks[n - 1], point, gap)) {
            int end = point->address + words_of(point) - blocks[n - 1].first;
            blocks[n - 1].count = end > blocks[n - 1].count ? end : blocks[n - 1].count;
            continue;
        }
        if (n == MODBUS_BLOCKS_MAX) {
            return DX_E_SPACE;
        }
        blocks[n++] =
            (struct modbus_block){point->unit, point->table, point->address, words_of(point)};
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
           point->address >= block->first &&
           point->address + words_of(point) <= block->first + block->count;
}

static unsigned one_word(const struct modbus_point *point, unsigned word)
{
    return point->swap ? (word & 0xFFu) << 8 | word >> 8 : word;
}

int64_t modbus_number(const struct modbus_block *block, const struct modbus_point *point,
                      const uint16_t *values)
{
    const uint16_t *at = &values[point->address - block->first];
    if (words_of(point) == 1) {
        return one_word(point, at[0]);
    }
    int64_t high = one_word(point, at[point->low_first ? 1 : 0]);
    return high << 16 | (int64_t)one_word(point, at[point->low_first ? 0 : 1]);
}

bool modbus_level(const struct modbus_block *block, const struct modbus_point *point,
                  const uint16_t *values)
{
    if (modbus_table_is_bits(point->table)) {
        return (values[point->address - block->first] != 0) != point->active_low;
    }
    int64_t value = modbus_number(block, point, values);
    bool on = point->bit >= 0 ? (value >> point->bit & 1) != 0
                              : (point->mask ? value & point->mask : value) > point->above;
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
