#include "sim/cli/run_cli.h"

#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "proto/io/log.h"
#include "sim/cli/run_export.h"
#include "sim/cli/run_chart.h"
#include "sim/cli/run_store.h"
#include "sim/court/court.h"

#include <getopt.h>
#include <unistd.h>

/* id, long name, value or "", help */
#define OPTIONS(X)                                                                         \
    X(SEED, "seed", "N", "all chance of the run comes from it (1)")                        \
    X(DAYS, "days", "D", "days of virtual time (a small lot: its own time; --world: 1)")   \
    X(MINUTES, "minutes", "M", "vehicles come to a small lot for so long (its own time)")  \
    X(WORLD, "world", "FILE", "a city from YAML or CSV (a small lot drawn from the seed)") \
    X(START, "start", "DATE", "the first day of --world, YYYY-MM-DD (as the file says)")   \
    X(NO_FAULTS, "no-faults", "", "nothing goes wrong")                                    \
    X(ONLY_FAULTS, "only-faults", "LIST", "of the plan only these numbers: 3,7,12-20")     \
    X(SWEEP, "sweep", "SEAM", "store, journal, message or modbus: each operation in turn") \
    X(EVERY, "every", "N", "of a sweep only each N-th operation (1)")                      \
    X(TRACE, "trace", "FILE", "every line of the trace")                                   \
    X(DATABASE, "database", "FILE", "the server's database (in memory)")                   \
    X(EXPORT, "export", "FILE", "writes the history as a server's database")               \
    X(EXPORT_ALL, "export-all", "", "with every message of gates, banks and lanes")        \
    X(SVG, "svg", "FILE", "a chart of arrivals, occupancy, money and faults over time")    \
    X(LANG, "lang", "vi|en", "language of the chart (vi)")                                 \
    X(JSON, "json", "", "the result as one JSON object")                                   \
    X(PROGRESS, "progress", "", "a bar on standard error, also when it is no terminal")    \
    X(QUIET, "quiet", "", "nothing but a failure")                                         \
    X(VERBOSE, "verbose", "", "log lines of the programs on standard error")               \
    X(HELP, "help", "", "this text")

enum option_id {
#define X(id, name, value, help) OPTION_##id,
    OPTIONS(X)
#undef X
        OPTION_COUNT
};

static void print_help(void)
{
    printf("doxe-sim run - a city in virtual time: the real gate and server, and faults\n\n"
           "usage: doxe-sim run [OPTION...]\n\n");
#define X(id, name, value, help) printf("  --%-14s%-6s %s\n", name, value, help);
    OPTIONS(X)
#undef X
    printf("\nexit status: 0 everything held; 1 something did not; 2 wrong command line;\n"
           "             3 the world's file is wrong; 4 could not start\n");
}

static int read_number(const char *name, const char *text, int64_t most, int64_t *ret_number)
{
    if (str_parse_i64(str_c(text), 0, most, ret_number) == 0) {
        return 0;
    }
    fprintf(stderr, "doxe-sim run: --%s %s: a number from 0 to %lld\n", name, text,
            (long long)most);
    return DX_E_FORMAT;
}

static int read_date(const char *text, wall_t *ret_start)
{
    char iso[TIME_ISO_CAP];
    snprintf(iso, sizeof iso, "%sT00:00:00+07:00", text);
    int error = time_parse_iso(str_c(iso), ret_start);
    if (error) {
        fprintf(stderr, "doxe-sim run: --start %s: a date such as 2026-03-02\n", text);
    }
    return error;
}

static int read_seam(const char *text, struct run_options *options)
{
    static const char *const words[SWEEP_SEAM_COUNT] = {"store", "journal", "message", "modbus"};
    for (int i = 0; i < SWEEP_SEAM_COUNT; i++) {
        if (strcmp(words[i], text) == 0) {
            options->sweep.seam = (enum sweep_seam)i;
            options->sweep_all = true;
            return 0;
        }
    }
    fprintf(stderr, "doxe-sim run: --sweep %s: store, journal, message or modbus\n", text);
    return DX_E_FORMAT;
}

static int read_language(const char *text, struct run_options *options)
{
    if (strcmp(text, "vi") != 0 && strcmp(text, "en") != 0) {
        fprintf(stderr, "doxe-sim run: --lang %s: vi or en\n", text);
        return DX_E_FORMAT;
    }
    options->language = text[0] == 'v' ? CHART_VI : CHART_EN;
    return 0;
}

static int take(struct run_options *options, enum option_id id, const char *value)
{
    int64_t number = 0;
    int error = 0;
    switch (id) {
    case OPTION_SEED:
        error = read_number("seed", value, INT64_MAX, &number);
        options->seed = (uint64_t)number;
        return error;
    case OPTION_DAYS:
        return read_number("days", value, 400, &options->days);
    case OPTION_MINUTES:
        return read_number("minutes", value, 600, &options->minutes);
    case OPTION_WORLD:
        options->world = value;
        return 0;
    case OPTION_START:
        return read_date(value, &options->start);
    case OPTION_NO_FAULTS:
        options->faults = false;
        return 0;
    case OPTION_ONLY_FAULTS:
        options->only = value;
        return 0;
    case OPTION_SWEEP:
        return read_seam(value, options);
    case OPTION_EVERY:
        error = read_number("every", value, 100000, &number);
        options->step = number ? (int)number : 1;
        return error;
    case OPTION_TRACE:
        options->trace = value;
        return 0;
    case OPTION_DATABASE:
        options->database = value;
        return 0;
    case OPTION_EXPORT:
        options->export_path = value;
        return 0;
    case OPTION_EXPORT_ALL:
        options->export_messages = true;
        return 0;
    case OPTION_SVG:
        options->svg = value;
        return 0;
    case OPTION_LANG:
        return read_language(value, options);
    case OPTION_JSON:
        options->json = true;
        return 0;
    case OPTION_PROGRESS:
        options->progress = true;
        return 0;
    case OPTION_QUIET:
        options->quiet = true;
        return 0;
    case OPTION_VERBOSE:
        options->verbose = true;
        return 0;
    case OPTION_HELP:
    case OPTION_COUNT:
        break;
    }
    return 0;
}

/* -1 to go on, else the exit code. */
static int read_options(int argc, char **argv, struct run_options *options)
{
    static const struct option longs[] = {
#define X(id, name, value, help) \
    {name, value[0] ? required_argument : no_argument, NULL, OPTION_##id},
        OPTIONS(X)
#undef X
            {NULL, 0, NULL, 0}};
    *options = (struct run_options){.seed = 1, .faults = true, .step = 1};
    int id;
    optind = 1;
    while ((id = getopt_long(argc, argv, "", longs, NULL)) != -1) {
        if (id == OPTION_HELP) {
            print_help();
            return EXIT_OK;
        }
        if (id == '?' || take(options, (enum option_id)id, optarg) != 0) {
            return EXIT_USAGE;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "doxe-sim run: '%s' is one word too many\n", argv[optind]);
        return EXIT_USAGE;
    }
    options->progress = options->progress || (isatty(STDERR_FILENO) && !options->quiet);
    return -1;
}

/* ---- one run ---- */

static void write_line(void *context, const char *text)
{
    fprintf(context, "%s\n", text);
}

static void print_repeat(const struct run_options *options)
{
    printf("repeat: doxe-sim run --seed %llu", (unsigned long long)options->seed);
    if (options->world) {
        printf(" --world %s", options->world);
    }
    if (options->start.ms) {
        char iso[TIME_ISO_CAP];
        time_format_iso(options->start, iso);
        printf(" --start %.10s", iso);
    }
    if (options->days) {
        printf(" --days %lld", (long long)options->days);
    }
    if (options->minutes) {
        printf(" --minutes %lld", (long long)options->minutes);
    }
    if (!options->faults) {
        printf(" --no-faults");
    }
    if (options->only) {
        printf(" --only-faults %s", options->only);
    }
    printf("\n");
}

/* Where everybody stands, in the first sites that are not empty. */
static void print_street(const struct run *run)
{
    int told = 0;
    for (int i = 0; i < run_configuration(run)->site_count && told < 3; i++) {
        const struct world *world = run_world(run, i);
        const struct gate *gate = run_gate(run, i);
        if (!world || world_present(world) == 0) {
            continue;
        }
        told++;
        printf("s%d: %d there, %d parked\n", i, world_present(world), world->parked_count);
        for (int k = 0; k < world->lanes; k++) {
            const struct world_lane *lane = &world->lane[k];
            printf("  lane %d %s: %d in the queue, visit %d %s, arm at %d, gate %s, hold \"%s\"\n",
                   k + 1, lane->exit ? "exit" : "entry", lane->queue_count, lane->on,
                   lane->on >= 0 ? habit_text(world->visit[lane->on].person.habit) : "-",
                   world_arm_position(world, k + 1, world->now),
                   gate ? lane_state_text(gate->lane[k].state) : "dead", lane->hold);
        }
    }
}

static void print_failure(const struct run_options *options, struct run *run,
                          const struct run_setup *setup, const struct run_report *report)
{
    char text[TRACE_LINE_CAP];
    char fault[160];
    printf("\n--- the last lines of the trace ---\n");
    for (int64_t back = TRACE_LINES; back-- > 0;) {
        if (trace_text(run_trace(run), back, text)) {
            printf("%s\n", text);
        }
    }
    printf("--- faults of the plan ---\n");
    for (int i = 0; i < setup->plan.count && setup->config.plan; i++) {
        plan_fault_text(&setup->plan.fault[i], fault, sizeof fault);
        printf("%s\n", fault);
    }
    print_street(run);
    printf("\nFAILED: %s%s%s\nseed %llu, revision %s, step %lld, %lld.%03d s\n", report->why,
           report->detail[0] ? ": " : "", report->detail, (unsigned long long)options->seed,
           DOXE_VERSION, (long long)report->steps, (long long)(report->now_ms / 1000),
           (int)(report->now_ms % 1000));
    print_repeat(options);
}

static void show_progress(const struct run *run, int64_t began_ms, int64_t *next_ms)
{
    int64_t now = clock_mono().ms;
    if (now < *next_ms) {
        return;
    }
    *next_ms = now + 250;
    struct run_report report;
    run_get_report(run, &report);
    int64_t all = run_configuration(run)->play_ms;
    int64_t done = report.now_ms < all ? report.now_ms * 1000 / (all ? all : 1) : 1000;
    int64_t spent = now - began_ms;
    int64_t left = done > 0 ? spent * (1000 - done) / done : 0;
    char bar[41];
    for (int i = 0; i < 40; i++) {
        bar[i] = i < done / 25 ? '#' : '.';
    }
    bar[40] = '\0';
    fprintf(stderr, "\r[%s] %3lld%%  %lld visits  %lld visits/s  %lld s left   ", bar,
            (long long)(done / 10), (long long)report.left,
            (long long)(spent > 0 ? report.left * 1000 / spent : 0), (long long)(left / 1000));
}

static void play(const struct run_options *options, struct run *run, struct run_export *export,
                 struct run_chart *chart)
{
    const char *database = run_configuration(run)->app->database;
    int64_t began = clock_mono().ms;
    int64_t next = began;
    struct run_report report;
    do {
        for (int i = 0; i < 4096; i++) {
            if (run_is_over(run) || !run_next(run, INT64_MAX)) {
                break;
            }
            if (options->svg) {
                run_chart_look(chart, run, database);
            }
        }
        run_export_look(export, run_wall(run));
        if (options->progress) {
            show_progress(run, began, &next);
        }
        run_get_report(run, &report);
    } while (report.end == RUN_GOES_ON);
    if (options->progress) {
        fprintf(stderr, "\r%*s\r", 100, "");
    }
}

int run_cli_play(const struct run_options *options, struct run_report *ret_report)
{
    static struct run_setup setup; /* large, and one a program */
    static struct run_chart chart;
    struct run *run = NULL;
    struct run_store store;
    char why[512] = "";
    int error = run_setup_make(options, &setup, why, sizeof why);
    if (error) {
        fprintf(stderr, "doxe-sim run: %s\n", why[0] ? why : dx_error_text(error));
        return -EXIT_CONFIGURATION;
    }
    setup.config.store = run_store_memory(setup.app.database, &store);
    struct run_export export;
    error = run_export_begin(options, &setup, &export, why, sizeof why);
    FILE *trace = options->trace ? fopen(options->trace, "we") : NULL;
    if (options->trace && !trace) {
        fprintf(stderr, "doxe-sim run: cannot write %s\n", options->trace);
        error = DX_E_IO;
    }
    struct court *court = court_new(&setup.config, run_setup_tariff_name, &setup);
    error = error ? error : run_new(&setup.config, why, sizeof why, &run);
    if (error) {
        fprintf(stderr, "doxe-sim run: %s\n", why[0] ? why : dx_error_text(error));
    } else {
        if (trace) {
            run_trace(run)->context = trace;
            run_trace(run)->sink = write_line;
        }
        court_sit(court, run);
        run_chart_init(&chart, &setup.config);
        play(options, run, &export, &chart);
        run_get_report(run, ret_report);
        if (options->svg && run_chart_write(&chart, run, &setup, options)) {
            fprintf(stderr, "doxe-sim run: cannot write %s\n", options->svg);
        }
        if (ret_report->end == RUN_FAILED && !options->json) {
            print_failure(options, run, &setup, ret_report);
            for (int i = 1; court_finding(court, i); i++) {
                printf("also: %s\n", court_finding(court, i));
            }
        }
        error = run_export_end(options, &export);
        run_free(run);
    }
    export_free(export.export);
    court_free(court);
    if (trace) {
        fclose(trace);
    }
    run_store_forget(setup.app.database);
    run_setup_free(&setup);
    return error ? -EXIT_START : 0;
}

static void print_json(const struct run_options *options, const struct run_report *report,
                       int64_t spent_ms)
{
    char text[2048];
    char hash[24];
    struct out out;
    out_init(&out, text, sizeof text);
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)report->hash);
    json_object(&out, NULL);
    json_bool(&out, "ok", report->end == RUN_SETTLED);
    json_i64(&out, "seed", (int64_t)options->seed);
    json_c(&out, "hash", hash);
    json_c(&out, "why", report->why ? report->why : "");
    json_c(&out, "detail", report->detail);
    json_i64(&out, "visits", report->left);
    json_i64(&out, "arrived", report->arrived);
    json_i64(&out, "transfers", report->transfers);
    json_i64(&out, "transferred_vnd", report->transferred_vnd);
    json_i64(&out, "steps", report->steps);
    json_i64(&out, "gate_steps", report->gate_steps);
    json_i64(&out, "server_turns", report->server_turns);
    json_i64(&out, "messages", report->messages);
    json_i64(&out, "faults", report->faults);
    json_i64(&out, "crashes", report->crashes);
    json_i64(&out, "virtual_ms", report->now_ms);
    json_i64(&out, "spent_ms", spent_ms);
    json_object_end(&out);
    printf("%s\n", text);
}

static void print_summary(const struct run_options *options, const struct run_report *report,
                          int64_t spent_ms)
{
    printf("seed %llu  hash %016llx  %s\n", (unsigned long long)options->seed,
           (unsigned long long)report->hash,
           report->end == RUN_SETTLED ? "everything held" : "FAILED");
    const struct {
        const char *what;
        int64_t n;
    } rows[] = {{"vehicles that came", report->arrived},
                {"stays that ended", report->left},
                {"backed out at the entry", report->gone},
                {"found it full", report->turned_away},
                {"transfers", report->transfers},
                {"dong transferred", report->transferred_vnd},
                {"messages", report->messages},
                {"faults that struck", report->faults},
                {"crashes", report->crashes},
                {"steps", report->steps},
                {"of gates", report->gate_steps},
                {"of streets", report->street_steps},
                {"turns of the server", report->server_turns},
                {"virtual seconds", report->now_ms / 1000},
                {"milliseconds spent", spent_ms},
                {"visits a second", spent_ms > 0 ? report->left * 1000 / spent_ms : 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        printf("  %14lld  %s\n", (long long)rows[i].n, rows[i].what);
    }
}

int run_cli(int argc, char **argv)
{
    struct run_options options;
    struct run_report report;
    int status = read_options(argc, argv, &options);
    if (status >= 0) {
        return status;
    }
    log_start("doxe-sim", options.verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR - 1);
    if (dx_crypto_start() != 0) {
        return EXIT_START;
    }
    if (options.sweep_all) {
        return run_cli_sweep(&options);
    }
    int64_t began = clock_mono().ms;
    status = run_cli_play(&options, &report);
    if (status < 0) {
        return -status;
    }
    int64_t spent = clock_mono().ms - began;
    if (options.json) {
        print_json(&options, &report, spent);
    } else if (!options.quiet) {
        print_summary(&options, &report, spent);
    }
    return report.end == RUN_SETTLED ? EXIT_OK : EXIT_FAILED;
}
