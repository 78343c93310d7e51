/*
 * tariff_chart.h - what a stay costs over time, as a picture in SVG: for `doxe tariff table --svg`,
 * and for the office page before a tariff is published.
 *
 * Pure: the same view gives the same bytes.  Not here: the price (proto/tariff/tariff.h).
 */
#ifndef DOXE_IO_TARIFF_CHART_H
#define DOXE_IO_TARIFF_CHART_H

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

/* Price over time, one line for each vehicle, for `hours` (1..720) from the entry. */
void tariff_draw_chart(struct out *out, const struct tariff_view *view, int hours);

#endif
