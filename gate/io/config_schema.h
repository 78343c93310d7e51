/* config_schema.h - the table of keys of doxe-gate's configuration; for config.c only. */
#ifndef DOXE_GATE_IO_CONFIG_SCHEMA_H
#define DOXE_GATE_IO_CONFIG_SCHEMA_H

#include "gate/io/config.h"
#include "proto/io/config.h"

/* Values of a file that stand for something else; the cross checks replace the last two. */
enum { CONFIG_BIT_ANY = -1, CONFIG_SAME_AS_ON = -1, CONFIG_USUAL = -1 };

extern const struct config_field gate_schema[];

#endif
