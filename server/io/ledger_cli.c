#include "server/io/ledger_cli.h"

#include "proto/base/out.h"
#include "proto/io/daemon.h"
#include "server/io/config.h"
#include "server/store/query_ledger.h"

#include <getopt.h>
#include <unistd.h>

static const char usage[] =
    "doxe-server ledger - the books: docs/LEDGER.md\n\n"
    "usage: doxe-server ledger verify  --config FILE [--anchor N:HASH] [--json]\n"
    "       doxe-server ledger head    --config FILE\n"
    "       doxe-server ledger balance --config FILE [--by account|kind|lot|operator] [filters]\n"
    "       doxe-server ledger list    --config FILE [--limit N] [filters]\n\n"
    "  verify   recomputes every hash and balance, compares them with stays and transfers\n"
    "  head     the last number and its hash: keep it elsewhere, and give it to --anchor later\n"
    "  filters  --account PATTERN  as in a shell: 'cash:hn-0001:*'\n"
    "           --lot LOT  --operator OPERATOR  --kind KIND\n"
    "           --from DATE  --at DATE   by booking time, in Hanoi; --at: before this instant\n"
    "           --json\n\n"
    "exit status: 0 right, 1 not right or not readable, 2 wrong command line,\n"
    "             3 wrong configuration, 4 no database\n";

enum {
    OPT_ANCHOR = 1000,
    OPT_JSON,
    OPT_BY,
    OPT_LIMIT,
    OPT_ACCOUNT,
    OPT_LOT,
    OPT_OPERATOR,
    OPT_KIND,
    OPT_FROM,
    OPT_AT
};

static const struct option known[] = {{"config", required_argument, NULL, 'c'},
                                      {"help", no_argument, NULL, 'h'},
                                      {"anchor", required_argument, NULL, OPT_ANCHOR},
                                      {"json", no_argument, NULL, OPT_JSON},
                                      {"by", required_argument, NULL, OPT_BY},
                                      {"limit", required_argument, NULL, OPT_LIMIT},
                                      {"account", required_argument, NULL, OPT_ACCOUNT},
                                      {"lot", required_argument, NULL, OPT_LOT},
                                      {"operator", required_argument, NULL, OPT_OPERATOR},
                                      {"kind", required_argument, NULL, OPT_KIND},
                                      {"from", required_argument, NULL, OPT_FROM},
                                      {"at", required_argument, NULL, OPT_AT},
                                      {NULL, 0, NULL, 0}};

struct options {
    const char *config;
    bool json, has_anchor;
    struct ledger_head anchor;
    enum ledger_group group;
    struct ledger_filter filter;
};

static int wrong(const char *what, const char *value)
{
    fprintf(stderr, "doxe-server ledger: %s '%s'; see doxe-server ledger --help\n", what, value);
    return EXIT_USAGE;
}

static int parse_time(const char *text, wall_t *ret_time)
{
    char whole[TIME_ISO_CAP];
    bool date = strlen(text) == 10;
    snprintf(whole, sizeof whole, "%s%s", text, date ? "T00:00:00" : "");
    return time_parse_iso(str_c(whole), ret_time);
}

static int parse_group(const char *text, enum ledger_group *ret_group)
{
    static const char *const words[] = {"account", "kind", "lot", "operator"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(text, words[i]) == 0) {
            *ret_group = (enum ledger_group)i;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

static int take_option(int option, struct options *o)
{
    switch (option) {
    case 'c':
        o->config = optarg;
        return 0;
    case OPT_JSON:
        o->json = true;
        return 0;
    case OPT_ANCHOR:
        o->has_anchor = true;
        return ledger_anchor_parse(str_c(optarg), &o->anchor);
    case OPT_BY:
        return parse_group(optarg, &o->group);
    case OPT_LIMIT:
        return str_parse_i64(str_c(optarg), 1, INT64_MAX, &o->filter.limit);
    case OPT_ACCOUNT:
        o->filter.account = optarg;
        return 0;
    case OPT_LOT:
        o->filter.lot = optarg;
        return 0;
    case OPT_OPERATOR:
        o->filter.operator_id = optarg;
        return 0;
    case OPT_KIND:
        o->filter.kind = optarg;
        return 0;
    case OPT_FROM:
        return parse_time(optarg, &o->filter.from);
    case OPT_AT:
        return parse_time(optarg, &o->filter.until);
    default:
        return DX_E_INVAL;
    }
}

/* -1 to go on, else the exit status. */
static int read_options(int argc, char **argv, struct options *o)
{
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "c:h", known, NULL)) != -1) {
        if (option == 'h') {
            fputs(usage, stdout);
            return EXIT_OK;
        }
        if (option == '?') {
            return EXIT_USAGE;
        }
        if (take_option(option, o) != 0) {
            return wrong("cannot be read:", optarg);
        }
    }
    if (optind < argc) {
        return wrong("one word too many:", argv[optind]);
    }
    if (!o->config) {
        return wrong("needs", "--config FILE");
    }
    return -1;
}

/* ---- verify ---- */

struct verdict {
    struct out json;
    bool as_json;
    int faults;
};

static void say_fault(void *context, const struct books_fault *fault)
{
    struct verdict *v = context;
    v->faults++;
    if (v->as_json) {
        json_object(&v->json, NULL);
        json_c(&v->json, "rule", fault->rule);
        if (fault->number) {
            json_i64(&v->json, "number", fault->number);
        }
        json_c(&v->json, "what", fault->what);
        if (fault->detail[0]) {
            json_c(&v->json, "detail", fault->detail);
        } else {
            json_i64(&v->json, "is_vnd", fault->is_vnd);
            json_i64(&v->json, "should_vnd", fault->should_vnd);
        }
        json_object_end(&v->json);
        return;
    }
    printf("%s: ", fault->rule);
    if (fault->number) {
        printf("number %lld%s", (long long)fault->number, fault->what[0] ? ", " : "");
    }
    if (fault->detail[0]) {
        printf("%s: %s\n", fault->what, fault->detail);
    } else {
        printf("%s: %lld VND, should be %lld VND\n", fault->what, (long long)fault->is_vnd,
               (long long)fault->should_vnd);
    }
}

static void say_progress(void *context, int64_t number, int64_t of)
{
    (void)context;
    fprintf(stderr, "ledger verify: %lld of %lld\n", (long long)number, (long long)of);
}

static int say_verdict(struct verdict *v, const struct ledger_head *head)
{
    char anchor[LEDGER_ANCHOR_CAP];
    ledger_anchor_write(head, anchor);
    if (v->as_json) {
        json_array_end(&v->json);
        json_bool(&v->json, "right", v->faults == 0);
        json_i64(&v->json, "fault_count", v->faults);
        json_i64(&v->json, "transactions", head->number);
        json_c(&v->json, "head", anchor);
        json_object_end(&v->json);
        if (out_failed(&v->json)) {
            fprintf(stderr, "%d faults, too many for one object; without --json all are said\n",
                    v->faults);
            return EXIT_FAILED;
        }
        puts(v->json.p);
    } else if (v->faults) {
        printf("%d faults\n", v->faults);
    } else {
        printf("the ledger is right: %lld transactions, head %s\n", (long long)head->number,
               anchor);
    }
    return v->faults || fflush(stdout) == EOF ? EXIT_FAILED : EXIT_OK;
}

static int verify(struct db *db, const struct options *o)
{
    enum { SPACE = 256 * 1024 };
    static char space[SPACE];
    struct verdict v = {.as_json = o->json};
    struct ledger_head head = {0};
    const struct ledger_walk walk = {.anchor = o->has_anchor ? &o->anchor : NULL,
                                     .fault = say_fault,
                                     .progress = isatty(STDERR_FILENO) ? say_progress : NULL,
                                     .context = &v};
    out_init(&v.json, space, sizeof space);
    if (o->json) {
        json_object(&v.json, NULL);
        json_array(&v.json, "faults");
    }
    int error = query_ledger_chain(db, &walk, &head);
    error = error ? error : query_books(db, say_fault, &v);
    if (error) {
        fprintf(stderr, "%s: %s\n", o->config, dx_error_text(error));
        return EXIT_FAILED;
    }
    return say_verdict(&v, &head);
}

/* ---- head, balance, list ---- */

static int say_head(struct db *db, const struct options *o)
{
    struct ledger_head head = {0};
    char anchor[LEDGER_ANCHOR_CAP];
    int error = query_ledger_head(db, &head);
    if (error) {
        fprintf(stderr, "%s: %s\n", o->config, dx_error_text(error));
        return EXIT_FAILED;
    }
    ledger_anchor_write(&head, anchor);
    puts(anchor);
    return EXIT_OK;
}

struct table {
    struct out json;
    bool as_json;
    int64_t debit_vnd, credit_vnd;
};

static void say_balance(void *context, const struct ledger_balance *row)
{
    struct table *t = context;
    t->debit_vnd += row->debit_vnd;
    t->credit_vnd += row->credit_vnd;
    if (t->as_json) {
        struct out out;
        char space[512];
        out_init(&out, space, sizeof space);
        json_object(&out, NULL);
        json_c(&out, "account", row->account);
        json_i64(&out, "entries", row->entries);
        json_i64(&out, "debit_vnd", row->debit_vnd);
        json_i64(&out, "credit_vnd", row->credit_vnd);
        json_i64(&out, "balance_vnd", row->balance_vnd);
        json_object_end(&out);
        puts(space);
        return;
    }
    printf("%-64s %6lld %16lld %16lld %16lld\n", row->account[0] ? row->account : "(none)",
           (long long)row->entries, (long long)row->debit_vnd, (long long)row->credit_vnd,
           (long long)row->balance_vnd);
}

static int balance(struct db *db, const struct options *o)
{
    struct table t = {.as_json = o->json};
    if (!o->json) {
        printf("%-64s %6s %16s %16s %16s\n", "account", "lines", "debit", "credit", "balance");
    }
    int error = query_ledger_balance(db, &o->filter, o->group, say_balance, &t);
    if (error) {
        fprintf(stderr, "%s: %s\n", o->config, dx_error_text(error));
        return EXIT_FAILED;
    }
    if (!o->json) {
        printf("%-64s %6s %16lld %16lld %16lld\n", "total", "", (long long)t.debit_vnd,
               (long long)t.credit_vnd, (long long)(t.debit_vnd - t.credit_vnd));
    }
    return EXIT_OK;
}

static void say_line(void *context, const struct ledger_line *row)
{
    const struct table *t = context;
    char iso[TIME_ISO_CAP];
    time_format_iso((wall_t){row->at_ms}, iso);
    if (t->as_json) {
        struct out out;
        char space[512];
        out_init(&out, space, sizeof space);
        json_object(&out, NULL);
        json_i64(&out, "number", row->number);
        json_c(&out, "id", row->id);
        json_i64(&out, "at_ms", row->at_ms);
        json_c(&out, "kind", row->kind);
        json_c(&out, "account", row->account);
        json_i64(&out, "amount_vnd", row->amount_vnd);
        json_object_end(&out);
        puts(space);
        return;
    }
    if (row->first) {
        printf("%lld  %s  %s  %s\n", (long long)row->number, iso, row->kind, row->id);
    }
    printf("      %-64s %16lld\n", row->account, (long long)row->amount_vnd);
}

static int list(struct db *db, const struct options *o)
{
    struct table t = {.as_json = o->json};
    int error = query_ledger_list(db, &o->filter, say_line, &t);
    if (error) {
        fprintf(stderr, "%s: %s\n", o->config, dx_error_text(error));
        return EXIT_FAILED;
    }
    return EXIT_OK;
}

int ledger_command(int argc, char **argv)
{
    static const struct {
        const char *word;
        int (*run)(struct db *db, const struct options *options);
    } commands[] = {{"verify", verify}, {"head", say_head}, {"balance", balance}, {"list", list}};
    struct options options = {0};
    struct server_config *config = NULL;
    struct db *db = NULL;
    char why[512];
    const char *word = argc > 1 ? argv[1] : "";
    size_t i = 0;
    while (i < sizeof commands / sizeof commands[0] && strcmp(word, commands[i].word) != 0) {
        i++;
    }
    if (i == sizeof commands / sizeof commands[0]) {
        bool help = strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
        fputs(usage, help ? stdout : stderr);
        return help ? EXIT_OK : EXIT_USAGE;
    }
    int status = read_options(argc - 1, argv + 1, &options);
    if (status >= 0) {
        return status;
    }
    if (server_config_load(options.config, why, sizeof why, &config) != 0) {
        fprintf(stderr, "%s\n", why);
        return EXIT_CONFIGURATION;
    }
    int error = db_open_reader(config->database, &db);
    if (error) {
        fprintf(stderr, "%s: %s\n", config->database, dx_error_text(error));
        status = EXIT_START;
    } else {
        status = commands[i].run(db, &options);
        db_close(db);
    }
    server_config_free(config);
    return status;
}
