/*
 * run_export.h - `doxe-sim run --export DB`: the run's history as a real server's database; and
 * what the store in memory may forget while a long run goes on.
 */
#ifndef DOXE_SIM_CLI_RUN_EXPORT_H
#define DOXE_SIM_CLI_RUN_EXPORT_H

#include "sim/cli/run_setup.h"
#include "sim/export/export.h"

struct run_export {
    struct memory *memory; /* NULL: the run is over a file */
    struct export *export; /* NULL: nothing is exported */
    bool forgets;
    wall_t next; /* when it is looked again at what may be forgotten */
};

/* Before run_new.  A sentence in `why`. */
DX_MUST_USE int run_export_begin(const struct run_options *options, const struct run_setup *setup,
                                 struct run_export *ret_export, char *why, size_t cap);
/*
 * Every so often, between two events.  Without faults what was over two hours ago is forgotten
 * (and exported); with faults all is kept, for who may ask for it late.
 */
void run_export_look(struct run_export *export, wall_t now);
/* After the run; prints what was written. */
DX_MUST_USE int run_export_end(const struct run_options *options, struct run_export *export);

#endif
