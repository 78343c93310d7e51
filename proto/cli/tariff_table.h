/* tariff_table.h - a tariff for people: a table in text.  For `doxe tariff table`. */
#ifndef DOXE_CLI_TARIFF_TABLE_H
#define DOXE_CLI_TARIFF_TABLE_H

#include "proto/io/tariff_chart.h"

void tariff_print_table(FILE *file, const struct tariff_view *view);

#endif
