/* sweep.c - the i-th operation of a seam fails, or whoever did it dies: for every i of a scenario.
 */
#include "sim/run/run_parts.h"

enum sweep_act sweep_strikes(struct run *run, enum sweep_seam seam)
{
    int64_t at = ++run->swept[seam];
    if (run->config.sweep.act == SWEEP_NOTHING || run->config.sweep.seam != seam ||
        run->config.sweep.at != at) {
        return SWEEP_NOTHING;
    }
    run_note(run, RUN_CITY, 0, "sweep", "strikes", at, (int64_t)run->config.sweep.act, "");
    run->count.faults++;
    return run->config.sweep.act;
}
