/*
 * run_world.h - `doxe-sim run --world FILE`: the lots, operators and streets of a city file.
 */
#ifndef DOXE_SIM_CLI_RUN_WORLD_H
#define DOXE_SIM_CLI_RUN_WORLD_H

#include "sim/cli/run_setup.h"

/* Fills lots, sites, operators and times of the setup from options->world.  A sentence in `why`. */
DX_MUST_USE int run_world_make(const struct run_options *options, struct run_setup *setup,
                               char *why, size_t cap);

#endif
