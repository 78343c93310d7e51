#include "server/io/cases_cli.h"

#include "proto/base/out.h"
#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "proto/io/log.h"
#include "server/app/cases.h"
#include "server/io/config.h"
#include "server/store/query_cases.h"

#include <getopt.h>

static const char usage[] =
    "doxe-server review, refund - money that needs people: docs/LEDGER.md\n\n"
    "usage: doxe-server review list    --config FILE\n"
    "       doxe-server review propose --config FILE --user NAME REVIEW ACTION[:TARGET]=AMOUNT…\n"
    "       doxe-server review approve --config FILE --user NAME PROPOSAL\n"
    "       doxe-server review refuse  --config FILE --user NAME --reason TEXT PROPOSAL\n"
    "       doxe-server refund list    --config FILE [--state STATE]\n"
    "       doxe-server refund approve --config FILE --user NAME REFUND\n"
    "       doxe-server refund sent    --config FILE --user NAME --reference TEXT REFUND\n"
    "       doxe-server refund cancel  --config FILE --user NAME --reason TEXT REFUND\n\n"
    "  ACTION       session, debt, refund, owner, keep; of money out refund_paid, taken_back\n"
    "  TARGET       the id of the session, refund or credit that the list shows;\n"
    "               of a session its payment code, too\n"
    "  --user       a user of the role operator; the password is read from standard input\n"
    "  --reason     why; --note TEXT with a proposal\n\n"
    "A proposal is approved by another person than who made it.\n\n"
    "exit status: 0 done, 1 refused or not readable, 2 wrong command line,\n"
    "             3 wrong configuration, 4 no database\n";

enum { OPT_USER = 1000, OPT_NOTE, OPT_STATE };

static const struct option known[] = {
    {"config", required_argument, NULL, 'c'},      {"help", no_argument, NULL, 'h'},
    {"user", required_argument, NULL, OPT_USER},   {"reason", required_argument, NULL, OPT_NOTE},
    {"note", required_argument, NULL, OPT_NOTE},   {"reference", required_argument, NULL, OPT_NOTE},
    {"state", required_argument, NULL, OPT_STATE}, {NULL, 0, NULL, 0}};

struct options {
    const char *config, *user, *note, *state;
    int count; /* of words behind the verb */
    char **word;
};

static const struct {
    const char *command, *verb;
    int kind; /* below 0: a list */
} verbs[] = {{"review", "list", -1},
             {"review", "propose", APP_PROPOSE},
             {"review", "approve", APP_APPROVE},
             {"review", "refuse", APP_REFUSE},
             {"refund", "list", -1},
             {"refund", "approve", APP_REFUND_APPROVE},
             {"refund", "sent", APP_REFUND_SENT},
             {"refund", "cancel", APP_REFUND_CANCEL}};

static int wrong(const char *what)
{
    fprintf(stderr, "doxe-server: %s; see doxe-server review --help\n", what);
    return EXIT_USAGE;
}

/* ---- lists ---- */

enum { LIST_CASES = 100 };

static void print_time(int64_t ms)
{
    char text[TIME_ISO_CAP];
    time_format_iso((wall_t){ms}, text);
    printf("%s", text);
}

static void print_case(void *context, const struct case_row *row)
{
    int *count = context;
    ++*count;
    printf("review %lld  %s  %s  %lld VND  ", (long long)row->review, row->kind,
           row->out ? "out" : "in", (long long)row->amount_vnd);
    print_time(row->booked_ms);
    printf("  %s  on account %s\n", row->lot, row->account);
    if (row->proposal.id[0]) {
        printf("    proposal %s by %s: %s%s%s\n", row->proposal.id, row->proposal.made_by,
               row->proposal.lines, row->proposal.note[0] ? "  # " : "", row->proposal.note);
    }
    for (int i = 0; i < row->suggestion_count; i++) {
        const struct case_suggestion *s = &row->suggestion[i];
        printf("    perhaps %s:%s  %s %s  due %lld VND ", s->action, s->target, s->lot, s->name,
               (long long)s->due_vnd);
        for (int r = 0; r < SUGGEST_REASON_COUNT; r++) {
            if (s->why.reasons & (1u << r)) {
                printf(" +%s", suggest_reason_text((enum suggest_reason)r));
            }
        }
        printf("\n");
    }
}

static void print_refund(void *context, const struct refund_row *row)
{
    int *count = context;
    const struct refund *f = &row->refund;
    ++*count;
    printf("refund %s  %s  %lld VND  %s  %s  %s  asked by %s%s\n", f->id,
           refund_state_text(f->state), (long long)f->amount_vnd, f->lot, f->cause, f->code,
           f->requested_by, row->bin[0] ? "" : "  (no account yet)");
}

static int list(const struct server_config *config, bool refunds, const char *state)
{
    struct db *db;
    int count = 0;
    if (db_open_reader(config->database, &db) != 0) {
        fprintf(stderr, "%s: cannot be read\n", config->database);
        return EXIT_START;
    }
    int error = refunds ? query_refunds(db, state, "", 1000, print_refund, &count)
                        : query_cases(db, LIST_CASES, print_case, &count);
    db_close(db);
    if (error) {
        fprintf(stderr, "%s: %s\n", config->database, dx_error_text(error));
        return EXIT_FAILED;
    }
    printf("%d %s\n", count,
           refunds              ? "refunds"
           : count < LIST_CASES ? "transfers wait"
                                : "transfers wait, or more: the oldest are shown");
    return EXIT_OK;
}

/* ---- decisions ---- */

/* The user's password is one line on standard input. */
static bool is_user(const struct server_config *config, const char *name)
{
    char password[256];
    bool good = false;
    setvbuf(stdin, NULL, _IONBF, 0);
    size_t n = fread(password, 1, sizeof password, stdin);
    struct str text =
        str_slice((struct str){password, n}, 0, str_index((struct str){password, n}, '\n'));
    for (int i = 0; i < config->user_count; i++) {
        const struct server_user *user = &config->user[i];
        if (strcmp(user->name, name) == 0 && user->role == 0 && user->password_hash[0]) {
            good = dx_password_matches(user->password_hash, text);
        }
    }
    dx_wipe(password, sizeof password);
    return good;
}

/* "session:01J…=25000", "owner=5000" */
static int read_part(const char *word, struct proposal_part *part)
{
    struct str text = str_c(word);
    size_t equal = str_index(text, '=');
    struct str name = str_slice(text, 0, equal);
    size_t colon = str_index(name, ':');
    int error = proposal_action_parse(str_slice(name, 0, colon), &part->action);
    error = error ? error
                  : str_copy(part->target, sizeof part->target, str_slice(name, colon + 1, name.n));
    return error ? error
                 : str_parse_i64(str_slice(text, equal + 1, text.n), 1, MONEY_MAX_VND,
                                 &part->amount_vnd);
}

static int read_order(const struct options *o, struct app_case *order)
{
    int error = str_copy(order->by, sizeof order->by, str_c(o->user));
    error = error ? error : str_copy(order->note, sizeof order->note, str_c(o->note));
    if (order->kind != APP_PROPOSE) {
        return error || o->count != 1 ? DX_E_INVAL
                                      : str_copy(order->id, sizeof order->id, str_c(o->word[0]));
    }
    if (error || o->count < 2 || o->count > 1 + PROPOSAL_PARTS_MAX ||
        str_parse_i64(str_c(o->word[0]), 1, INT64_MAX, &order->review) != 0) {
        return DX_E_INVAL;
    }
    for (int i = 1; i < o->count && !error; i++) {
        error = read_part(o->word[i], &order->part[order->part_count++]);
    }
    return error;
}

static const char *why(int error)
{
    return error == DX_E_DENIED   ? "it must be a second person"
           : error == DX_E_STATE  ? "not possible as it stands now (no account yet, decided, or "
                                    "another operator's)"
           : error == DX_E_RANGE  ? "the amounts do not fit"
           : error == DX_E_EXISTS ? "somebody has proposed already"
                                  : dx_error_text(error);
}

static wall_t port_wall(void *context)
{
    (void)context;
    return clock_wall();
}

static mono_t port_mono(void *context)
{
    (void)context;
    return clock_mono();
}

static void port_random(void *context, void *bytes, size_t n)
{
    (void)context;
    dx_random(bytes, n);
}

static int decide(const struct server_config *config, int kind, const struct options *o)
{
    const struct app_ports ports = {.wall = port_wall, .mono = port_mono, .random = port_random};
    struct app_case order = {.kind = (enum app_case_kind)kind};
    if (read_order(o, &order) != 0) {
        return wrong("what is to be decided is missing or cannot be read");
    }
    log_start("doxe-server", LOG_LEVEL_WARN);
    if (dx_crypto_start() != 0) {
        return EXIT_START;
    }
    if (!is_user(config, o->user)) {
        fprintf(stderr, "doxe-server: no user '%s' of the role operator with this password\n",
                o->user);
        return EXIT_FAILED;
    }
    int error = app_run_case_beside(&config->app, &ports, &order);
    if (error) {
        fprintf(stderr, "doxe-server: %s\n", why(error));
        return error == DX_E_IO ? EXIT_START : EXIT_FAILED;
    }
    printf("%s\n", order.ret_id);
    return EXIT_OK;
}

static int read_options(int argc, char **argv, struct options *o)
{
    int c;
    *o = (struct options){.user = "", .note = "", .state = ""};
    optind = 1;
    while ((c = getopt_long(argc, argv, "c:h", known, NULL)) != -1) {
        switch (c) {
        case 'c':
            o->config = optarg;
            break;
        case 'h':
            printf("%s", usage);
            return EXIT_OK;
        case OPT_USER:
            o->user = optarg;
            break;
        case OPT_NOTE:
            o->note = optarg;
            break;
        case OPT_STATE:
            o->state = optarg;
            break;
        default:
            return EXIT_USAGE;
        }
    }
    o->count = argc - optind;
    o->word = argv + optind;
    return -1;
}

static int command(int argc, char **argv)
{
    struct options o;
    struct server_config *config = NULL;
    char error[512];
    enum refund_state state;
    int kind = -2;
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0] && argc > 1; i++) {
        if (strcmp(argv[0], verbs[i].command) == 0 && strcmp(argv[1], verbs[i].verb) == 0) {
            kind = verbs[i].kind;
        }
    }
    if (kind == -2) {
        bool help = argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
        fprintf(help ? stdout : stderr, "%s", usage);
        return help ? EXIT_OK : EXIT_USAGE;
    }
    int status = read_options(argc - 1, argv + 1, &o);
    if (status >= 0) {
        return status;
    }
    if (!o.config || (kind >= 0 && !o.user[0])) {
        return wrong(o.config ? "needs --user NAME" : "needs --config FILE");
    }
    if (o.state[0] && refund_state_parse(str_c(o.state), &state) != 0) {
        return wrong("no such state");
    }
    if (server_config_load(o.config, error, sizeof error, &config) != 0) {
        fprintf(stderr, "%s\n", error);
        return EXIT_CONFIGURATION;
    }
    status =
        kind < 0 ? list(config, strcmp(argv[0], "refund") == 0, o.state) : decide(config, kind, &o);
    server_config_free(config);
    return status;
}

int review_command(int argc, char **argv)
{
    return command(argc, argv);
}

int refund_command(int argc, char **argv)
{
    return command(argc, argv);
}
