/*
 * modbus_map.h - points of a register map, grouped into few reads; and inputs that do not bounce.
 *
 * Pure.  A point is one bit of a device: a coil, a discrete input, a register's
 * bit or a whole register.  modbus_plan turns points into block reads, because
 * one read of 16 bits costs one round trip and 16 reads cost 16.
 *
 * Not here: the line (modbus_port.h), who asks when (modbus_bus.h).
 */
#ifndef DOXE_GATE_MODBUS_MAP_H
#define DOXE_GATE_MODBUS_MAP_H

#include "proto/base/time.h"

#define MODBUS_TABLES "coil|discrete|input|holding"

enum modbus_table { MODBUS_COIL, MODBUS_DISCRETE, MODBUS_INPUT, MODBUS_HOLDING };

enum {
    MODBUS_BLOCKS_MAX = 32,
    MODBUS_BITS_MAX = 256, /* of one block; the protocol allows 2000 */
    MODBUS_WORDS_MAX = 64, /* the protocol allows 125 */
    MODBUS_GAP_MAX = 8     /* unused addresses that are read along to save a round trip */
};

struct modbus_point {
    int unit; /* 1..247, or 255 for a TCP device that ignores it */
    enum modbus_table table;
    int address; /* 0..65535 */
    int bit;     /* 0..15 of a register, -1: any value but 0; unused for bits */
    bool active_low;
};

struct modbus_block {
    int unit;
    enum modbus_table table;
    int first, count;
};

bool modbus_table_is_bits(enum modbus_table table);

/*
 * Blocks that cover all points, in order of unit, table and address.  Points
 * nearer than MODBUS_GAP_MAX share a block, up to the limits above.
 * DX_E_SPACE: more than MODBUS_BLOCKS_MAX blocks.
 */
DX_MUST_USE int modbus_plan(const struct modbus_point *points, int count,
                            struct modbus_block ret_blocks[MODBUS_BLOCKS_MAX], int *ret_count);
/* Is the point in the block?  Then its level, active_low applied, from the block's values. */
bool modbus_block_has(const struct modbus_block *block, const struct modbus_point *point);
bool modbus_level(const struct modbus_block *block, const struct modbus_point *point,
                  const uint16_t *values);

/*
 * A contact is believed when it has been the same for a while: on_ms before "on",
 * off_ms before "off".  Until the first value has settled, nothing is known.
 */
struct debounce {
    bool known;   /* `stable` means something */
    bool stable;  /* what is believed */
    bool pending; /* a change is waiting */
    bool raw;     /* last reading */
    mono_t since; /* when raw became what it is */
};

void debounce_reset(struct debounce *d);
/* One reading.  True when what is believed became known or changed. */
bool debounce_feed(struct debounce *d, bool level, int on_ms, int off_ms, mono_t now);

#endif
