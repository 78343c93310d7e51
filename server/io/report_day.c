/* report_day.c - `doxe-server report day`: the close of a day, from a terminal. */
#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "server/io/report_ask.h"
#include "server/io/report_cli.h"
#include "server/office/dayclose.h"
#include "server/store/store_day.h"

static const char usage[] =
    "doxe-server report day - the close of an operator's day (đối soát)\n\n"
    "usage: doxe-server report day --config FILE --operator ID --day YYYY-MM-DD --out FILE\n"
    "                              [--format csv|xlsx] [--sign --by NAME | --table N]\n\n"
    "  --out FILE   the report; '-' is standard output (CSV only); FILE.xlsx is XLSX\n"
    "  --sign       close the day: keeps what was known, for ever; later news make another close\n"
    "  --table N    a signed close again, the same bytes: 0 the first, 1, 2, …\n"
    "  without both: a draft of now\n\n"
    "exit status: 0 all totals agree; 1 failed, or totals differ (the report says which);\n"
    "             2 wrong command line, 3 wrong configuration, 4 no database\n";

static const char *check_day(const char *text, wall_t *ret_from, wall_t *ret_until)
{
    return day_parse(str_c(text), ret_from, ret_until) == 0 ? NULL
                                                            : "--day is a day, as 2026-11-23";
}

static int deliver(void *context, struct str bytes)
{
    const struct report_ask *ask = context;
    FILE *file = fopen(ask->out, "wbe");
    bool whole = file && fwrite(bytes.p, 1, bytes.n, file) == bytes.n;
    whole = file && fclose(file) == 0 && whole;
    if (!whole) {
        fprintf(stderr, "doxe-server report day: %s cannot be written\n", ask->out);
    }
    return whole ? 0 : DX_E_IO;
}

static void tell(const struct report_ask *ask, const struct dayclose_result *r)
{
    fprintf(stderr, "%s: %lld totals differ, %lld transfers wait for a person%s\n", ask->period,
            (long long)r->differences, (long long)r->open_items,
            ask->sign        ? "; signed"
            : ask->table < 0 ? "; a draft"
                             : "");
}

static int run(struct report_ask *ask, const struct server_config *config)
{
    struct dayclose_result result;
    const struct dayclose_ask wanted = {.database = config->database,
                                        .operator_ = report_find_operator(ask, config),
                                        .day = ask->period,
                                        .format = ask->format,
                                        .table = ask->table,
                                        .by = ask->sign ? ask->by : NULL,
                                        .deliver = deliver,
                                        .context = ask};
    struct db *db;
    if (!wanted.operator_) {
        return EXIT_USAGE;
    }
    if (db_open_reader(config->database, &db) != 0) {
        fprintf(stderr, "%s: cannot be read\n", config->database);
        return EXIT_START;
    }
    db_close(db);
    int error = dayclose_make(&wanted, &result);
    if (!error && !ask->sign) {
        error = deliver(ask, (struct str){result.bytes, result.n});
    }
    if (error) {
        fprintf(stderr, "doxe-server report day: %s%s%s\n", result.why, result.why[0] ? ": " : "",
                dx_error_text(error));
    } else {
        tell(ask, &result);
    }
    int status = error || result.differences ? EXIT_FAILED : EXIT_OK;
    dayclose_free(&result);
    return status;
}

int report_dayclose(int argc, char **argv)
{
    struct report_ask ask = {.report = "day",
                             .usage = usage,
                             .period_option = "day",
                             .sign_option = "sign",
                             .check_period = check_day};
    struct server_config *config = NULL;
    char why[512];
    int status = report_ask_read(argc, argv, &ask);
    if (status >= 0) {
        return status;
    }
    if (server_config_load(ask.config_path, why, sizeof why, &config) != 0) {
        fprintf(stderr, "%s\n", why);
        return EXIT_CONFIGURATION;
    }
    status = run(&ask, config);
    server_config_free(config);
    return status;
}
