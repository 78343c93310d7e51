#include "server/io/rollup_cli.h"

#include "proto/io/daemon.h"
#include "server/core/period.h"
#include "server/io/config.h"
#include "server/io/writer.h"
#include "server/store/schema/rollup.h"
#include "server/store/store.h"

#include <getopt.h>

enum { BUSY_MS = 5000, DIFFERENCES_SHOWN = 20 };

static const char usage[] =
    "doxe-server rollup - the city's figures against the rows they are made of\n\n"
    "usage: doxe-server rollup check --config FILE [--from YYYY-MM-DD [--until YYYY-MM-DD]]\n"
    "       doxe-server rollup rebuild --config FILE\n\n"
    "check    counts the rows again and compares each figure; works while the server runs.\n"
    "         Without --from: since the oldest session that is kept; --until is not included\n"
    "rebuild  makes all figures again of the rows; the server must be stopped.  Figures of days\n"
    "         whose rows were deleted (retention) stay as they are\n\n"
    "exit status: 0 all agree; 1 there are differences (or it failed); 2 wrong command line,\n"
    "             3 wrong configuration, 4 no database, or a server runs (rebuild)\n";

static int wrong(const char *why)
{
    fprintf(stderr, "doxe-server rollup: %s; see doxe-server rollup --help\n", why);
    return EXIT_USAGE;
}

static void show(void *context, const struct rollup_difference *d)
{
    (void)context;
    printf("differs: %s %lld lot=%s of=%s %s kept=%lld counted=%lld\n", d->what, (long long)d->at,
           d->lot, d->of, d->column, (long long)d->kept, (long long)d->counted);
}

static int check(struct db *db, struct rollup_span span)
{
    int64_t rows = 0;
    int64_t differences = 0;
    int error = rollup_check(db, span, DIFFERENCES_SHOWN, show, NULL, &rows, &differences);
    if (error) {
        fprintf(stderr, "doxe-server rollup check: %s: %s\n", dx_error_text(error), db_message(db));
        return EXIT_FAILED;
    }
    printf("%lld rows compared, %lld figures differ\n", (long long)rows, (long long)differences);
    return differences ? EXIT_FAILED : EXIT_OK;
}

static int rebuild(struct db *db, const char *path)
{
    if (writer_lock(path) != 0) {
        fprintf(stderr, "doxe-server rollup rebuild: a doxe-server has this database: stop it\n");
        return EXIT_START;
    }
    int error = rollup_rebuild(db, false);
    if (error) {
        fprintf(stderr, "doxe-server rollup rebuild: %s: %s; run it again\n", dx_error_text(error),
                db_message(db));
        return EXIT_FAILED;
    }
    printf("all rollups are made again\n");
    return EXIT_OK;
}

static int run(const char *config_path, bool checks, struct rollup_span span)
{
    struct server_config *config = NULL;
    struct db *db = NULL;
    char why[512];
    if (server_config_load(config_path, why, sizeof why, &config) != 0) {
        fprintf(stderr, "%s\n", why);
        return EXIT_CONFIGURATION;
    }
    int status = EXIT_START;
    if (db_open_another(config->database, BUSY_MS, &db) != 0) {
        fprintf(stderr, "%s: cannot be opened\n", config->database);
    } else {
        status = checks ? check(db, span) : rebuild(db, config->database);
        db_close(db);
    }
    server_config_free(config);
    return status;
}

int rollup_command(int argc, char **argv)
{
    static const struct option known[] = {{"config", required_argument, NULL, 'c'},
                                          {"from", required_argument, NULL, 'f'},
                                          {"until", required_argument, NULL, 'u'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    struct rollup_span span = {0, INT64_MAX};
    const char *config = NULL;
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (option == 'h') {
            fputs(usage, stdout);
            return EXIT_OK;
        }
        if (option == 'c') {
            config = optarg;
        } else if (option != 'f' && option != 'u') {
            return wrong("an option is not known");
        } else if (period_day_parse(str_c(optarg), option == 'f' ? &span.from : &span.until)) {
            return wrong("a day is written 2026-11-23");
        }
    }
    const char *word = optind < argc ? argv[optind] : "";
    bool checks = strcmp(word, "check") == 0;
    if (!config || optind + 1 != argc || (!checks && strcmp(word, "rebuild") != 0)) {
        return wrong("a word, and --config");
    }
    return run(config, checks, span);
}
