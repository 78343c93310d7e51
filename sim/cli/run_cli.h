/*
 * run_cli.h - the command `doxe-sim run`: options, progress, the summary, what a failure prints.
 *
 * Exit codes as daemon.h: 0 all held, 1 something did not, 2 wrong command line, 3 the world's
 * file is wrong, 4 could not start.
 */
#ifndef DOXE_SIM_CLI_RUN_CLI_H
#define DOXE_SIM_CLI_RUN_CLI_H

#include "sim/cli/run_setup.h"

int run_cli(int argc, char **argv);

/* One run with these options; its report.  Below 0: an exit code, and `why` was printed. */
int run_cli_play(const struct run_options *options, struct run_report *ret_report);
/* run_sweep.c: every i of one seam; the exit code. */
int run_cli_sweep(const struct run_options *options);

#endif
