/* gates_cli.c - the command line of `doxe-sim live --gates N`, and its table. */
#include "proto/crypto/crypto.h"
#include "proto/io/daemon.h"
#include "proto/io/log.h"
#include "proto/topic.h"
#include "sim/live/gates.h"

#include <getopt.h>
#include <stdlib.h>

/* id, long name, value or "", help */
#define OPTIONS(X)                                                                       \
    X(GATES, "gates", "N", "so many gates, the first of the list; 1 to 1000")            \
    X(LIST, "list", "FILE", "lines \"LOT GATE\": what the server's configuration names") \
    X(BROKER, "broker", "URL", "ssl://host:port (ssl://127.0.0.1:8883)")                 \
    X(CA, "ca", "FILE", "the authority that signed the broker's certificate")            \
    X(KEYS, "keys", "FOLDER", "GATE.crt and GATE.key of each")                           \
    X(RATE, "rate", "N", "visits in a second, of all together; six events each (20)")    \
    X(FOR, "for", "SECONDS", "then what was said must be acknowledged within 30 s (10)") \
    X(JSON, "json", "", "the result as one JSON object")                                 \
    X(VERBOSE, "verbose", "", "log lines on standard error")                             \
    X(HELP, "help", "", "this text")

enum option_id {
#define X(id, name, value, help) OPTION_##id,
    OPTIONS(X)
#undef X
        OPTION_COUNT
};

bool gates_are_meant(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (str_eq_c(str_c(argv[i]), "--gates") || str_starts(str_c(argv[i]), STR("--gates="))) {
            return true;
        }
    }
    return false;
}

static void print_help(void)
{
    printf("doxe-sim live --gates - many gates towards a real server, and how long it takes\n\n"
           "usage: doxe-sim live --gates N --list FILE --ca FILE --keys FOLDER [OPTION...]\n\n");
#define X(id, name, value, help) printf("  --%-9s%-8s %s\n", name, value, help);
    OPTIONS(X)
#undef X
    printf("\nMeasured is the application's acknowledgement: the server has the event durably.\n"
           "exit status: 0 all was acknowledged; 1 not; 2 wrong command line; 4 could not start\n");
}

static int read_number(const char *name, const char *text, int64_t max, int *ret_number)
{
    int64_t number = 0;
    if (str_parse_i64(str_c(text), 1, max, &number) != 0) {
        fprintf(stderr, "doxe-sim: --%s takes a whole number from 1 to %lld, not '%s'\n", name,
                (long long)max, text);
        return DX_E_FORMAT;
    }
    *ret_number = (int)number;
    return 0;
}

static int read_text(const char *name, const char *text, char *out, size_t cap)
{
    int error = str_copy(out, cap, str_c(text));
    if (error) {
        fprintf(stderr, "doxe-sim: --%s is too long\n", name);
    }
    return error;
}

static int take(int id, const char *value, struct gates_options *o, const char **list)
{
    switch (id) {
    case OPTION_GATES:
        return read_number("gates", value, GATES_MAX, &o->count);
    case OPTION_LIST:
        *list = value;
        return 0;
    case OPTION_BROKER:
        return read_text("broker", value, o->broker, sizeof o->broker);
    case OPTION_CA:
        return read_text("ca", value, o->ca, sizeof o->ca);
    case OPTION_KEYS:
        return read_text("keys", value, o->keys, sizeof o->keys);
    case OPTION_RATE:
        return read_number("rate", value, 100000, &o->rate);
    case OPTION_FOR:
        return read_number("for", value, 86400, &o->for_s);
    case OPTION_JSON:
        o->json = true;
        return 0;
    case OPTION_VERBOSE:
        o->verbose = true;
        return 0;
    default:
        return DX_E_INVAL;
    }
}

/* "LOT GATE" a line; only the first options->count of them. */
static int read_list(const char *path, struct gates_options *o)
{
    char line[200];
    int count = 0;
    FILE *file = fopen(path, "re");
    if (!file) {
        fprintf(stderr, "doxe-sim: cannot read %s\n", path);
        return DX_E_NOT_FOUND;
    }
    while (count < o->count && fgets(line, sizeof line, file)) {
        struct str text = str_trim(str_c(line));
        size_t blank = str_index(text, ' ');
        struct str lot = str_slice(text, 0, blank);
        struct str gate = str_trim(str_slice(text, blank, text.n));
        if (text.n == 0 || text.p[0] == '#') {
            continue;
        }
        if (!topic_name_is_valid(lot) || !topic_name_is_valid(gate) ||
            str_copy(o->lot[count], MSG_NAME_CAP, lot) != 0 ||
            str_copy(o->gate[count], MSG_NAME_CAP, gate) != 0) {
            fprintf(stderr, "doxe-sim: %s: '%.*s' is no lot and gate\n", path, (int)text.n, text.p);
            fclose(file);
            return DX_E_FORMAT;
        }
        count++;
    }
    fclose(file);
    if (count < o->count) {
        fprintf(stderr, "doxe-sim: %s names %d gates, not %d\n", path, count, o->count);
        return DX_E_RANGE;
    }
    return 0;
}

/* -1 to go on, else the exit status. */
static int read_options(int argc, char **argv, struct gates_options *o)
{
    static const struct option known[] = {
#define X(id, name, value, help) \
    {name, sizeof(value) > 1 ? required_argument : no_argument, NULL, OPTION_##id},
        OPTIONS(X)
#undef X
            {NULL, 0, NULL, 0}};
    const char *list = NULL;
    int id;
    *o = (struct gates_options){.rate = 20, .for_s = 10, .broker = "ssl://127.0.0.1:8883"};
    optind = 1;
    while ((id = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (id == OPTION_HELP) {
            print_help();
            return EXIT_OK;
        }
        if (id == '?' || take(id, optarg, o, &list) != 0) {
            fprintf(stderr, "doxe-sim: see doxe-sim live --gates 1 --help\n");
            return EXIT_USAGE;
        }
    }
    if (optind < argc || o->count == 0 || !list || !o->ca[0] || !o->keys[0]) {
        fprintf(stderr, "doxe-sim: --gates, --list, --ca and --keys belong together; see doxe-sim"
                        " live --gates 1 --help\n");
        return EXIT_USAGE;
    }
    o->lot = calloc((size_t)o->count, sizeof *o->lot);
    o->gate = calloc((size_t)o->count, sizeof *o->gate);
    return o->lot && o->gate && read_list(list, o) == 0 ? -1 : EXIT_USAGE;
}

static int64_t a_second(int64_t count, int64_t spent_ms)
{
    return spent_ms > 0 ? count * 1000 / spent_ms : 0;
}

static void print_json(const struct gates_options *o, struct gates_report *r)
{
    char text[1500];
    struct out out;
    out_init(&out, text, sizeof text - 1);
    json_object(&out, NULL);
    json_i64(&out, "gates", o->count);
    json_i64(&out, "visits", r->visits);
    json_i64(&out, "events", r->events);
    json_i64(&out, "acknowledged", r->acknowledged);
    json_i64(&out, "unacknowledged", r->unacknowledged);
    json_i64(&out, "quotes", r->quotes);
    json_i64(&out, "repeated", r->repeated);
    json_i64(&out, "held_back", r->held_back);
    json_i64(&out, "reconnects", r->reconnects);
    json_i64(&out, "ms", r->spent_ms);
    json_i64(&out, "events_per_s", a_second(r->acknowledged, r->spent_ms));
    latency_write(&r->acknowledgement, &out, "acknowledgement");
    latency_write(&r->quote, &out, "quote");
    json_object_end(&out);
    struct str made = out_str(&out);
    printf("%.*s\n", (int)made.n, made.p);
}

static void print_times(const char *what, struct latency *l)
{
    static const int permilles[] = {500, 900, 990, 1000};
    printf("  %-26s", what);
    for (int i = 0; i < 4; i++) {
        int64_t us = latency_at(l, permilles[i]);
        printf("%7lld.%02lld", (long long)(us / 1000), (long long)(us % 1000 / 10));
    }
    printf("\n");
}

static void print_table(const struct gates_options *o, struct gates_report *r)
{
    printf("%d gates, %lld visits, %lld events in %lld ms: %lld events/s acknowledged\n", o->count,
           (long long)r->visits, (long long)r->events, (long long)r->spent_ms,
           (long long)a_second(r->acknowledged, r->spent_ms));
    printf("  milliseconds                   p50       p90       p99       max\n");
    print_times("event to acknowledgement", &r->acknowledgement);
    print_times("exit asked to quote", &r->quote);
    printf("  quotes %lld, said again %lld, reconnects %lld, not begun %lld, unacknowledged %lld\n",
           (long long)r->quotes, (long long)r->repeated, (long long)r->reconnects,
           (long long)r->held_back, (long long)r->unacknowledged);
}

int gates_cli(int argc, char **argv)
{
    struct gates_options options;
    struct gates_report report = {0};
    int status = read_options(argc, argv, &options);
    if (status < 0) {
        log_start("doxe-sim", options.verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR);
        bool ready = dx_crypto_start() == 0 && gates_play(&options, &report) == 0;
        status = !ready ? EXIT_START : report.unacknowledged ? EXIT_FAILED : EXIT_OK;
        if (ready && options.json) {
            print_json(&options, &report);
        } else if (ready) {
            print_table(&options, &report);
        }
    }
    latency_fini(&report.acknowledgement);
    latency_fini(&report.quote);
    free(options.lot);
    free(options.gate);
    return status;
}
