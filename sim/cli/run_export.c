#include "sim/cli/run_export.h"

#include "proto/io/clock_os.h"

#include <sys/stat.h>

enum { KEPT_MS = 2 * TIME_HOUR_MS, LOOK_MS = TIME_HOUR_MS / 2 };

int run_export_begin(const struct run_options *options, const struct run_setup *setup,
                     struct run_export *ret_export, char *why, size_t cap)
{
    struct run_export *x = ret_export;
    *x = (struct run_export){.forgets = !options->faults,
                             .next = wall_add(setup->config.start, KEPT_MS)};
    int error = memory_find(setup->app.database, &x->memory);
    if (error == DX_E_INVAL && !options->export_path) {
        return 0; /* over a file: nothing to forget, nothing to export */
    }
    if (error) {
        snprintf(why, cap, "--export needs the store in memory, not %s", setup->app.database);
        return error;
    }
    if (options->export_path) {
        error = export_open(options->export_path,
                            options->export_messages ? EXPORT_ALL : EXPORT_NO_MESSAGES,
                            setup->config.start, &x->export);
        if (error) {
            snprintf(why, cap, "--export %s: %s", options->export_path,
                     error == DX_E_EXISTS ? "there is a file of this name" : dx_error_text(error));
            return error;
        }
        export_begin(x->export, x->memory);
    }
    return 0;
}

void run_export_look(struct run_export *export, wall_t now)
{
    if (!export->memory || !export->forgets || now.ms < export->next.ms) {
        return;
    }
    export->next = wall_add(now, LOOK_MS);
    if (memory_retire(export->memory, wall_add(now, -(int64_t)KEPT_MS)) != 0) {
        export->next = now; /* inside of a transaction: at the next look */
    }
}

int run_export_end(const struct run_options *options, struct run_export *export)
{
    struct export_counts counts;
    struct stat file;
    if (!export->export) {
        return 0;
    }
    int64_t began = clock_mono().ms;
    int error = export_end(export->export, &counts);
    export->export = NULL;
    if (error) {
        fprintf(stderr, "doxe-sim run: --export %s: %s\n", options->export_path,
                dx_error_text(error));
        return error;
    }
    if (!options->quiet) {
        int64_t size = stat(options->export_path, &file) == 0 ? (int64_t)file.st_size : 0;
        fprintf(stderr,
                "exported: %lld stays, %lld transactions, %lld rows, %lld left out, %lld bytes,"
                " the end took %lld ms\n",
                (long long)counts.sessions, (long long)counts.transactions, (long long)counts.rows,
                (long long)counts.left_out, (long long)size, (long long)(clock_mono().ms - began));
    }
    return 0;
}
