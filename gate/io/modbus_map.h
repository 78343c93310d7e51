/*
 * modbus_map.h - points of a register map, grouped into few reads; and inputs that do not bounce.
 *
 * Pure.  A point is one yes or no of a device: a coil, a discrete input, bits of a
 * register, or a number in one or two registers that is greater than another.  modbus_plan turns
 * points into block reads, because one read of 16 bits costs one round trip and 16 reads cost 16.
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
    MODBUS_GAP_USUAL = 8   /* unused addresses that are read along to save a round trip */
};

struct modbus_point {
    int unit; /* 1..247, or 255 for a TCP device that ignores it */
    enum modbus_table table;
    int address; /* 0..65535 */
    int bit;     /* 0..15 of a register (0..31 of two), -1: the number; unused for bits */
    bool active_low;
    bool wide;      /* two registers make one number */
    bool low_first; /* wide: the low word is at `address`, the high one behind it */
    bool swap;      /* the bytes of each register come the wrong way round */
    int64_t mask;   /* without bit: these bits count; 0: all */
    int64_t above;  /* without bit: on when greater than this */
    int period_ms;  /* read so often; 0: with each poll */
};

struct modbus_block {
    int unit;
    enum modbus_table table;
    int first, count;
};

bool modbus_table_is_bits(enum modbus_table table);

/*
 * Blocks that cover all points, in order of unit, table and address.  Points not
 * further apart than `gap` share a block, up to the limits above.
 * DX_E_SPACE: more than MODBUS_BLOCKS_MAX blocks.
 */
DX_MUST_USE int modbus_plan(const struct modbus_point *points, int count, int gap,
                            struct modbus_block ret_blocks[MODBUS_BLOCKS_MAX], int *ret_count);
/* Is the point in the block?  Then its level, active_low applied, from the block's values. */
bool modbus_block_has(const struct modbus_block *block, const struct modbus_point *point);
bool modbus_level(const struct modbus_block *block, const struct modbus_point *point,
                  const uint16_t *values);
/* The number there, words and bytes put in order. */
int64_t modbus_number(const struct modbus_block *block, const struct modbus_point *point,
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
