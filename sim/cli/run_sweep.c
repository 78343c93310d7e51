/* run_sweep.c - one scenario, and each operation of a seam fails or kills in turn. */
#include "sim/cli/run_cli.h"

#include "proto/io/daemon.h"

static const char *const acts[] = {"counts", "fails", "dies before", "dies after"};

static int one(struct run_options options, enum sweep_act act, int64_t at,
               struct run_report *report)
{
    options.sweep.act = act;
    options.sweep.at = at;
    options.quiet = true;
    options.progress = false;
    return run_cli_play(&options, report);
}

int run_cli_sweep(const struct run_options *options)
{
    struct run_options plain = *options;
    struct run_report report;
    int64_t runs = 0;
    int64_t failed = 0;
    plain.faults = false;
    plain.only = NULL;
    int error = one(plain, SWEEP_NOTHING, 0, &report);
    if (error) {
        return -error;
    }
    int64_t n = report.swept[plain.sweep.seam];
    if (report.end != RUN_SETTLED) {
        return EXIT_FAILED;
    }
    for (int act = SWEEP_FAIL; act <= SWEEP_CRASH_AFTER; act++) {
        for (int64_t at = 1; at <= n; at += plain.step) {
            error = one(plain, (enum sweep_act)act, at, &report);
            if (error) {
                return -error;
            }
            runs++;
            if (report.end != RUN_SETTLED) {
                failed++;
                printf("operation %lld %s: %s%s%s\n", (long long)at, acts[act], report.why,
                       report.detail[0] ? ": " : "", report.detail);
            }
        }
    }
    printf("%lld operations, %lld runs, %lld failed\n", (long long)n, (long long)runs,
           (long long)failed);
    return failed ? EXIT_FAILED : EXIT_OK;
}
