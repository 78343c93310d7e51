#include "server/io/report_ask.h"

#include "proto/io/daemon.h"

#include <getopt.h>
#include <strings.h>

enum { OPT_PERIOD = 1000, OPT_SIGN };

int report_ask_wrong(const struct report_ask *ask, const char *why)
{
    fprintf(stderr, "doxe-server report %s: %s; see doxe-server report %s --help\n", ask->report,
            why, ask->report);
    return EXIT_USAGE;
}

static const char *take_option(struct report_ask *ask, int option)
{
    switch (option) {
    case 'c':
        ask->config_path = optarg;
        return NULL;
    case 'o':
        ask->operator_id = optarg;
        return NULL;
    case OPT_PERIOD:
        ask->period = optarg;
        return ask->check_period(optarg, &ask->from, &ask->until);
    case 'f':
        return sheet_format_parse(str_c(optarg), &ask->format) == 0 ? NULL
                                                                    : "--format is csv or xlsx";
    case 'w':
        ask->out = strcmp(optarg, "-") == 0 ? "/dev/stdout" : optarg;
        return NULL;
    case OPT_SIGN:
        ask->sign = true;
        return NULL;
    case 'b':
        ask->by = optarg;
        return NULL;
    case 't':
        return str_parse_i64(str_c(optarg), 0, 999, &ask->table) == 0 ? NULL
                                                                      : "--table is 0, 1, 2, …";
    default:
        return "an option is not known";
    }
}

static const char *check_options(const struct report_ask *ask)
{
    if (!ask->config_path || !ask->operator_id || !ask->period || !ask->out) {
        return "--config, --operator, the period and --out are needed";
    }
    if (ask->sign && ask->table >= 0) {
        return "signing and --table exclude each other";
    }
    if (ask->sign != (ask->by != NULL)) {
        return "signing and --by go together";
    }
    if (ask->by && (strlen(ask->by) == 0 || strlen(ask->by) >= MSG_NAME_CAP)) {
        return "--by is a name of at most 32 bytes";
    }
    if (ask->format == SHEET_XLSX && strcmp(ask->out, "/dev/stdout") == 0) {
        return "XLSX needs a file: --out FILE";
    }
    return NULL;
}

/* Excel does not open a CSV that is called .xlsx; so the name of the file says the format, too. */
static void take_name(struct report_ask *ask)
{
    static const char end[] = ".xlsx";
    size_t length = ask->out ? strlen(ask->out) : 0;
    if (length >= sizeof end && strcasecmp(ask->out + length - (sizeof end - 1), end) == 0) {
        ask->format = SHEET_XLSX;
    }
}

int report_ask_read(int argc, char **argv, struct report_ask *ask)
{
    const struct option known[] = {{"config", required_argument, NULL, 'c'},
                                   {"operator", required_argument, NULL, 'o'},
                                   {ask->period_option, required_argument, NULL, OPT_PERIOD},
                                   {"format", required_argument, NULL, 'f'},
                                   {"out", required_argument, NULL, 'w'},
                                   {ask->sign_option, no_argument, NULL, OPT_SIGN},
                                   {"by", required_argument, NULL, 'b'},
                                   {"table", required_argument, NULL, 't'},
                                   {"help", no_argument, NULL, 'h'},
                                   {NULL, 0, NULL, 0}};
    int option;
    ask->table = -1;
    optind = 1;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (option == 'h') {
            fputs(ask->usage, stdout);
            return EXIT_OK;
        }
        const char *why = take_option(ask, option);
        if (why) {
            return report_ask_wrong(ask, why);
        }
    }
    take_name(ask);
    const char *why = optind < argc ? "one word too many" : check_options(ask);
    return why ? report_ask_wrong(ask, why) : -1;
}

const struct app_operator *report_find_operator(const struct report_ask *ask,
                                                const struct server_config *config)
{
    for (int i = 0; i < config->operator_count; i++) {
        if (strcmp(config->operators[i].id, ask->operator_id) == 0) {
            return &config->operators[i];
        }
    }
    fprintf(stderr, "doxe-server report %s: there is no operator '%s'\n", ask->report,
            ask->operator_id);
    return NULL;
}
