/* config_schema.h - the table of keys of doxe-gate's configuration; for config.c only. */
#ifndef DOXE_GATE_IO_CONFIG_SCHEMA_H
#define DOXE_GATE_IO_CONFIG_SCHEMA_H

#include "gate/io/config.h"
#include "proto/io/config.h"

/* Values of a file that stand for something else; the cross checks replace the last two. */
enum { CONFIG_BIT_ANY = -1, CONFIG_SAME_AS_ON = -1, CONFIG_USUAL = -1 };

/* A name of a-z, 0-9 and '-', at most 32: NAME_SENTENCE.  DX_E_FORMAT. */
#define NAME_SENTENCE "a name of a-z, 0-9 and '-', at most 32"
int config_parse_name(struct str text, void *ret_member);

/* The register map: config_schema_points.c. */
extern const struct config_field config_bus_fields[], config_input_fields[], config_output_fields[],
    config_display_fields[];
/* All of it. */
extern const struct config_field gate_schema[];

#endif
