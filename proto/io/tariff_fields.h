/* tariff_fields.h - the keys of a tariff file as a table.  For tariff_file.c and the manual. */
#ifndef DOXE_IO_TARIFF_FIELDS_H
#define DOXE_IO_TARIFF_FIELDS_H

#include "proto/io/config.h"

/* Bit i is enum vehicle i; a test compares it with VEHICLES. */
#define TARIFF_VEHICLE_WORDS "|car|motorbike|bicycle"

/* Fills a struct tariff_set, all but what is CONFIG_SKIP. */
extern const struct config_field tariff_file_fields[];

/* "10%", "8.5%", "33.33%" as an int64_t of hundredths of a per cent, 0..10000. */
DX_MUST_USE int tariff_parse_percent(struct str text, void *ret_member);

#endif
