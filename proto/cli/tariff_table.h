/* tariff_table.h - a tariff for people: a table in text, a chart in SVG.  For `doxe tariff table`.
 */
#ifndef DOXE_CLI_TARIFF_TABLE_H
#define DOXE_CLI_TARIFF_TABLE_H

#include "proto/base/out.h"
#include "proto/tariff/tariff.h"

enum { TARIFF_CHART_CAP = 512 * 1024 };

/* What a table or chart shows: stays from `entry`, by the version in force then. */
struct tariff_view {
    const struct tariff_set *set;
    const struct tariff *tariff;
    wall_t entry;
    bool vi;
};

void tariff_print_table(FILE *file, const struct tariff_view *view);
/* Price over time, one line for each vehicle, for `hours` (1..720) from the entry. */
void tariff_draw_chart(struct out *out, const struct tariff_view *view, int hours);

#endif
