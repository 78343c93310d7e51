#include "server/io/privacy_cli.h"

#include "proto/base/out.h"
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "proto/io/db.h"
#include "proto/plate.h"
#include "server/store/store_bank.h"

#include <getopt.h>

enum { BUSY_MS = 5000 };

static const char usage[] =
    "doxe-server privacy - personal data: docs/PRIVACY.md\n\n"
    "usage: doxe-server privacy retention --config FILE [--dry-run] [--by WHO]\n"
    "       doxe-server privacy hold      --config FILE --plate PLATE|--stay ID --by WHO "
    "--reason TEXT\n"
    "       doxe-server privacy release   --config FILE --plate PLATE|--stay ID --by WHO "
    "--reason TEXT\n"
    "       doxe-server privacy look      --config FILE --plate PLATE --by WHO --reason TEXT\n"
    "       doxe-server privacy export    --config FILE --plate PLATE --by WHO --reason TEXT\n"
    "       doxe-server privacy erase     --config FILE --plate PLATE --by WHO --reason TEXT\n"
    "       doxe-server privacy holds|log|proofs --config FILE [--plate PLATE]\n"
    "       doxe-server privacy verify    --config FILE\n"
    "       doxe-server privacy analytics --config FILE\n\n"
    "look shows the last stays of a plate; export writes all that is kept of it, as JSON;\n"
    "erase takes the plate out of it and leaves a proof.  Each leaves a line in the log.\n"
    "analytics writes stays as CSV, with keyed pseudonyms in the place of plates.\n\n"
    "exit status: 0 done, 1 refused or not readable, 2 wrong command line,\n"
    "             3 wrong configuration, 4 no database\n";

static const struct option known[] = {
    {"config", required_argument, NULL, 'c'}, {"plate", required_argument, NULL, 'p'},
    {"stay", required_argument, NULL, 's'},   {"by", required_argument, NULL, 'b'},
    {"reason", required_argument, NULL, 'r'}, {"dry-run", no_argument, NULL, 'd'},
    {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0}};

struct options {
    const char *config, *verb;
    char plate[PLATE_RAW_CAP];
    const char *stay, *by, *reason;
    bool dry, help;
};

struct work {
    const struct options *o;
    const struct server_config *config;
    struct store *store;
    uint8_t key[PRIVACY_KEY];
    struct privacy_ask ask;
};

static int take_plate(char out[PLATE_RAW_CAP])
{
    struct plate plate;
    const char *why = "";
    int error = plate_parse(str_c(optarg), NULL, &plate, &why);
    return error ? error : str_copy(out, PLATE_RAW_CAP, str_c(plate.canonical));
}

static int take_option(struct options *o, int option)
{
    switch (option) {
    case 'c':
        o->config = optarg;
        return 0;
    case 'p':
        return take_plate(o->plate);
    case 's':
        o->stay = optarg;
        return 0;
    case 'b':
        o->by = optarg;
        return strlen(optarg) < PRIVACY_WHO_CAP ? 0 : DX_E_SPACE;
    case 'r':
        o->reason = optarg;
        return strlen(optarg) < PRIVACY_REASON_CAP ? 0 : DX_E_SPACE;
    case 'd':
        o->dry = true;
        return 0;
    case 'h':
        o->help = true;
        return 0;
    default:
        return DX_E_INVAL;
    }
}

static int read_options(int argc, char **argv, struct options *o)
{
    *o = (struct options){.stay = "", .by = "", .reason = ""};
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (take_option(o, option) != 0) {
            fprintf(stderr, "%s", usage);
            return EXIT_USAGE;
        }
    }
    o->verb = optind < argc ? argv[optind] : "";
    if (o->help) {
        printf("%s", usage);
        return EXIT_OK;
    }
    if (!o->config || !o->verb[0]) {
        fprintf(stderr, "%s", usage);
        return EXIT_USAGE;
    }
    return -1;
}

/* ---- what is done ---- */

static void print_count(const struct privacy_count *count)
{
    for (int i = 0; i < count->rules; i++) {
        printf("%-10s %lld", count->rule[i].name, (long long)count->rule[i].done);
        if (count->rule[i].held) {
            printf("  (%lld held)", (long long)count->rule[i].held);
        }
        printf("\n");
    }
}

static int do_retention(struct work *w)
{
    struct privacy_count count;
    const struct privacy_run run = {.key = w->key,
                                    .terms = w->config->privacy,
                                    .now = w->ask.now,
                                    .by = w->o->by[0] ? w->o->by : "program",
                                    .dry = w->o->dry};
    int error = store_privacy_retain(w->store, &run, &count);
    if (!error) {
        print_count(&count);
        printf("%s\n", run.dry ? "nothing was changed: --dry-run" : "done, and proven");
    }
    return error;
}

static void print_row(void *context, struct db_row *row)
{
    char at[TIME_ISO_CAP];
    int *count = context;
    ++*count;
    time_format_iso((wall_t){db_i64(row, 0)}, at);
    printf("%s", at);
    for (int i = 1; i < 5; i++) {
        struct str text = db_text(row, i);
        printf("  %.*s", (int)text.n, text.p);
    }
    printf("\n");
}

static int list(struct work *w, const char *what, const char *subject)
{
    int count = 0;
    int error = store_privacy_list(w->store, what, subject, print_row, &count);
    if (!error) {
        printf("%d %s\n", count, what);
    }
    return error;
}

static int do_list(struct work *w)
{
    char subject[PRIVACY_NAME_CAP] = "";
    if (w->ask.plate[0]) {
        privacy_pseudonym(w->key, w->ask.plate, subject);
    }
    return list(w, w->o->verb, subject);
}

static int do_look(struct work *w)
{
    int error = store_begin(w->store);
    error = error ? error : store_privacy_note(w->store, "look", &w->ask);
    if (error) {
        store_rollback(w->store);
        return error;
    }
    error = store_commit(w->store); /* it is written down before it is seen */
    return error ? error : list(w, "stays", w->ask.plate);
}

static void print_section(void *context, const char *section, struct str json)
{
    (void)context;
    printf(",\n  \"%s\": %.*s", section, (int)json.n, json.p);
}

static int do_export(struct work *w)
{
    char at[TIME_ISO_CAP];
    time_format_iso(w->ask.now, at);
    printf("{\n  \"plate\": \"%s\", \"made\": \"%s\"", w->ask.plate, at);
    int error = store_privacy_export(w->store, &w->ask, print_section, NULL);
    printf("\n}\n");
    return error;
}

static int do_erase(struct work *w)
{
    struct privacy_count count;
    const char *why = "";
    int64_t proof = 0;
    int error = store_privacy_erase(w->store, &w->ask, &why, &count, &proof);
    if (!error) {
        print_count(&count);
        printf("erased; proof %lld (doxe-server privacy proofs --plate shows it)\n",
               (long long)proof);
    } else if (why[0]) {
        fprintf(stderr, "not erased: %s\n", why);
    } else if (error == DX_E_DENIED) {
        fprintf(stderr, "not erased: a legal hold stands on it\n");
    }
    return error;
}

static int do_verify(struct work *w)
{
    int64_t number = 0;
    int error = store_privacy_verify(w->store, w->key, &number);
    if (!error) {
        printf("good: %lld proofs, an unbroken chain\n", (long long)number);
    } else if (error == DX_E_CHECK) {
        fprintf(stderr, "proof %lld does not fit: it or what is before it was changed\n",
                (long long)number);
    }
    return error;
}

static void print_stay(void *context, struct db_row *row)
{
    const struct work *w = context;
    char plate[64];
    char name[PRIVACY_NAME_CAP];
    str_copy_cut(plate, sizeof plate, db_text(row, 3));
    if (strncmp(plate, "p-", 2) == 0) {
        str_copy_cut(name, sizeof name, str_c(plate));
    } else {
        privacy_pseudonym(w->key, plate, name);
    }
    printf("%s,%.*s,%.*s,%lld,%lld,%lld\n", name, (int)db_text(row, 1).n, db_text(row, 1).p,
           (int)db_text(row, 2).n, db_text(row, 2).p, (long long)db_i64(row, 0),
           (long long)db_i64(row, 4), (long long)db_i64(row, 5));
}

static int do_analytics(struct work *w)
{
    printf("vehicle,lot,class,entered_ms,left_ms,fee_vnd\n");
    return store_privacy_list(w->store, "analytics", "", print_stay, w);
}

static int do_hold(struct work *w)
{
    return store_privacy_hold(w->store, &w->ask);
}

static int do_release(struct work *w)
{
    return store_privacy_release(w->store, &w->ask);
}

/* What the command line must name. */
enum needs { NEEDS_NOTHING, NEEDS_PLATE, NEEDS_SUBJECT };
static const struct {
    const char *verb;
    enum needs needs;
    int (*run)(struct work *w);
} verbs[] = {{"retention", NEEDS_NOTHING, do_retention}, {"hold", NEEDS_SUBJECT, do_hold},
             {"release", NEEDS_SUBJECT, do_release},     {"look", NEEDS_PLATE, do_look},
             {"export", NEEDS_PLATE, do_export},         {"erase", NEEDS_PLATE, do_erase},
             {"holds", NEEDS_NOTHING, do_list},          {"log", NEEDS_NOTHING, do_list},
             {"proofs", NEEDS_NOTHING, do_list},         {"verify", NEEDS_NOTHING, do_verify},
             {"analytics", NEEDS_NOTHING, do_analytics}};

static bool is_complete(const struct options *o, enum needs needs)
{
    bool subject = o->plate[0] || (needs == NEEDS_SUBJECT && o->stay[0]);
    return needs == NEEDS_NOTHING || (subject && o->by[0] && o->reason[0]);
}

static int run(const struct options *o, const struct server_config *config, size_t verb)
{
    struct work w = {.o = o, .config = config};
    int error = dx_crypto_start();
    error = error ? error : privacy_key_load(config->database, w.key);
    error = error ? error : store_open_another(config->database, BUSY_MS, &w.store);
    if (error) {
        fprintf(stderr, "%s: %s\n", config->database, dx_error_text(error));
        return EXIT_START;
    }
    w.ask = (struct privacy_ask){.key = w.key,
                                 .plate = o->plate,
                                 .stay = o->stay,
                                 .by = o->by,
                                 .reason = o->reason,
                                 .address = "",
                                 .now = clock_wall()};
    error = verbs[verb].run(&w);
    store_close(w.store);
    if (error) {
        fprintf(stderr, "doxe-server privacy %s: %s\n", o->verb, dx_error_text(error));
    }
    return error ? EXIT_FAILED : EXIT_OK;
}

int privacy_command(int argc, char **argv)
{
    struct options o;
    struct server_config *config = NULL;
    char why[512];
    int status = read_options(argc, argv, &o);
    if (status >= 0) {
        return status;
    }
    size_t verb = 0;
    while (verb < sizeof verbs / sizeof verbs[0] && strcmp(verbs[verb].verb, o.verb) != 0) {
        verb++;
    }
    if (verb == sizeof verbs / sizeof verbs[0] || !is_complete(&o, verbs[verb].needs)) {
        fprintf(stderr, "%s", usage);
        return EXIT_USAGE;
    }
    if (server_config_load(o.config, why, sizeof why, &config) != 0) {
        fprintf(stderr, "%s\n", why);
        return EXIT_CONFIGURATION;
    }
    status = run(&o, config, verb);
    server_config_free(config);
    return status;
}
