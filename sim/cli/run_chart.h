/*
 * run_chart.h - `doxe-sim run --svg`: samples of a run while it plays, and the picture at its end.
 *
 * Looking changes nothing: with and without --svg a seed has the same trace hash.  A stretch begins
 * as a two-hundred-and-fortieth of the time in which vehicles come, at least a minute; a run that
 * goes on longer has stretches twice as long.
 *
 * Not here: drawing (sim/chart/chart.h).
 */
#ifndef DOXE_SIM_CLI_RUN_CHART_H
#define DOXE_SIM_CLI_RUN_CHART_H

#include "sim/chart/chart.h"
#include "sim/cli/run_setup.h"

struct run_chart {
    int64_t step_ms, next_ms;
    int64_t entered, left; /* until the last sample */
    int count;
    struct chart_sample sample[CHART_SAMPLES_MAX];
};

void run_chart_init(struct run_chart *chart, const struct run_config *config);
/* Between two events, as often as you like: it looks when a stretch is over. */
void run_chart_look(struct run_chart *chart, const struct run *run, const char *database);
/* Writes the picture of what was played so far.  DX_E_IO; DX_E_INVAL: nothing was played. */
DX_MUST_USE int run_chart_write(struct run_chart *chart, const struct run *run,
                                const struct run_setup *setup, const struct run_options *options);

#endif
