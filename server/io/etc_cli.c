#include "server/io/etc_cli.h"

#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "proto/plate.h"
#include "server/io/config.h"
#include "server/store/store_etc.h"

#include <errno.h>
#include <getopt.h>

static const char usage[] =
    "doxe-server etc - traffic accounts (VETC, ePass): docs/ETC.md\n\n"
    "usage: doxe-server etc link   --config FILE --plate 30F-123.45 --vehicle car --provider vetc"
    " [--tag EPC] --by NAME\n"
    "       doxe-server etc unlink --config FILE --plate 30F-123.45 --vehicle car --by NAME\n"
    "       doxe-server etc list   --config FILE\n"
    "       doxe-server etc import FILE.csv --config FILE --provider vetc --operator ID --by "
    "NAME\n\n"
    "  import   a settlement file: kind,reference,amount,time with kind capture, refund, fee or\n"
    "           payout; the same file twice changes nothing\n\n"
    "exit status: 0 done, 1 failed, or rows that agree with nothing; 2 wrong command line,\n"
    "             3 wrong configuration, 4 no database\n";

enum { OPT_PLATE = 1000, OPT_VEHICLE, OPT_PROVIDER, OPT_TAG, OPT_BY, OPT_OPERATOR };

static const struct option known[] = {{"config", required_argument, NULL, 'c'},
                                      {"plate", required_argument, NULL, OPT_PLATE},
                                      {"vehicle", required_argument, NULL, OPT_VEHICLE},
                                      {"provider", required_argument, NULL, OPT_PROVIDER},
                                      {"tag", required_argument, NULL, OPT_TAG},
                                      {"by", required_argument, NULL, OPT_BY},
                                      {"operator", required_argument, NULL, OPT_OPERATOR},
                                      {"help", no_argument, NULL, 'h'},
                                      {NULL, 0, NULL, 0}};

struct etc_ask {
    const char *word, *config_path, *provider, *by, *operator_id, *file;
    struct etc_link link;
    bool has_plate, has_vehicle;
    struct server_config *config;
    struct store *store;
};

static int wrong(const char *why)
{
    fprintf(stderr, "doxe-server etc: %s; see doxe-server etc --help\n", why);
    return EXIT_USAGE;
}

static const char *take_plate(struct etc_ask *a, const char *text)
{
    struct plate plate;
    if (plate_parse(str_c(text), NULL, &plate, NULL) != 0) {
        return "--plate is no Vietnamese plate";
    }
    memcpy(a->link.plate, plate.canonical, sizeof plate.canonical);
    a->has_plate = true;
    return NULL;
}

static const char *take_option(struct etc_ask *a, int option)
{
    switch (option) {
    case 'c':
        a->config_path = optarg;
        return NULL;
    case OPT_PLATE:
        return take_plate(a, optarg);
    case OPT_VEHICLE:
        a->has_vehicle = vehicle_parse(str_c(optarg), &a->link.vehicle) == 0;
        return a->has_vehicle ? NULL : "--vehicle is car, motorbike or bicycle";
    case OPT_PROVIDER:
        a->provider = optarg;
        return str_copy(a->link.provider, sizeof a->link.provider, str_c(optarg)) == 0
                   ? NULL
                   : "--provider is at most 16 characters";
    case OPT_TAG:
        return etc_tag_is_valid(optarg) &&
                       str_copy(a->link.tag, sizeof a->link.tag, str_c(optarg)) == 0
                   ? NULL
                   : "--tag is 24 hex digits in upper case";
    case OPT_BY:
        a->by = optarg;
        return str_copy(a->link.opened_by, sizeof a->link.opened_by, str_c(optarg)) == 0
                   ? NULL
                   : "--by is at most 32 bytes";
    case OPT_OPERATOR:
        a->operator_id = optarg;
        return NULL;
    default:
        return "an option is not known";
    }
}

/* ---- links ---- */

static int link_account(struct etc_ask *a)
{
    uint8_t random[ULID_RANDOM_SIZE];
    dx_random(random, sizeof random);
    ulid_make(a->link.id, clock_wall(), random);
    a->link.opened = clock_wall();
    int error = store_begin(a->store);
    error = error ? error : store_add_etc_link(a->store, &a->link);
    if (error) {
        store_rollback(a->store);
        fprintf(stderr, "doxe-server etc link: %s\n",
                error == DX_E_EXISTS ? "the vehicle has an account already; unlink it first"
                                     : dx_error_text(error));
        return EXIT_FAILED;
    }
    return store_commit(a->store) ? EXIT_FAILED : EXIT_OK;
}

static int unlink_account(struct etc_ask *a)
{
    int error = store_begin(a->store);
    error =
        error ? error
              : store_close_etc_link(a->store, a->link.plate, a->link.vehicle, a->by, clock_wall());
    if (error) {
        store_rollback(a->store);
        fprintf(stderr, "doxe-server etc unlink: %s\n",
                error == DX_E_NOT_FOUND ? "the vehicle has no account" : dx_error_text(error));
        return EXIT_FAILED;
    }
    return store_commit(a->store) ? EXIT_FAILED : EXIT_OK;
}

static int print_link(void *context, const struct etc_link *link)
{
    char from[TIME_ISO_CAP];
    (void)context;
    time_format_short(link->opened, from);
    printf("%-12s %-10s %-8s %-24s %s %s\n", link->plate, vehicle_text(link->vehicle),
           link->provider, link->tag[0] ? link->tag : "-", from,
           link->closed.ms ? "closed" : "open");
    return 0;
}

/* ---- settlement files ---- */

struct importing {
    struct etc_ask *ask;
    char digest[65];
    int64_t rows, open_rows;
    char why[160];
};

/* The verdict of a row; fees are booked, payouts wait for the bank. */
static int judge(struct importing *i, struct etc_row *row)
{
    struct etc_ask *a = i->ask;
    int64_t ours = 0;
    bool settled = false;
    if (strcmp(row->kind, "payout") == 0) {
        row->verdict = "waits";
        return 0;
    }
    if (strcmp(row->kind, "fee") == 0) {
        struct ledger_tx tx;
        etc_fee_tx(a->provider, a->operator_id, row->reference, row->amount_vnd, row->at, &tx);
        int error = store_post(a->store, &tx);
        row->verdict = error == DX_E_DIFFERENT ? "differs" : "booked";
        return error == DX_E_EXISTS || error == DX_E_DIFFERENT ? 0 : error;
    }
    int error =
        store_find_settled(a->store, a->provider, row->kind, row->reference, &ours, &settled);
    if (error == DX_E_NOT_FOUND) {
        row->verdict = "unknown"; /* theirs, and not ours: a person looks */
        return 0;
    }
    if (error) {
        return error;
    }
    row->verdict = ours != row->amount_vnd ? "differs" : settled ? "candidate" : "agrees";
    return strcmp(row->verdict, "agrees") == 0
               ? store_mark_settled(a->store, a->provider, row->kind, row->reference, i->digest)
               : 0;
}

static int take_line(struct importing *i, int64_t line, struct str text)
{
    static const char *const kinds[] = {"capture", "refund", "fee", "payout"};
    struct str field[4];
    char kind[16], reference[ETC_REFERENCE_CAP];
    struct etc_row row = {.line = line, .kind = NULL};
    size_t at = 0;
    for (int f = 0; f < 4; f++) {
        struct str rest = str_slice(text, at, text.n);
        size_t n = f < 3 ? str_index(rest, ',') : rest.n;
        field[f] = str_trim(str_slice(rest, 0, n));
        at += n + 1 <= rest.n ? n + 1 : rest.n;
    }
    bool good = str_copy(kind, sizeof kind, field[0]) == 0 && field[1].n > 0 &&
                str_copy(reference, sizeof reference, field[1]) == 0 &&
                str_parse_i64(field[2], 1, MONEY_MAX_VND, &row.amount_vnd) == 0 &&
                time_parse_iso(field[3], &row.at) == 0;
    for (size_t k = 0; good && k < sizeof kinds / sizeof kinds[0]; k++) {
        row.kind = strcmp(kind, kinds[k]) == 0 ? kinds[k] : row.kind;
    }
    if (!good || !row.kind) {
        snprintf(i->why, sizeof i->why,
                 "line %lld is not kind,reference,amount,time (nothing was imported)",
                 (long long)line);
        return DX_E_FORMAT;
    }
    row.reference = reference;
    int error = judge(i, &row);
    bool open = !error && strcmp(row.verdict, "agrees") != 0 &&
                strcmp(row.verdict, "booked") != 0 && strcmp(row.verdict, "waits") != 0;
    i->rows++;
    i->open_rows += open;
    if (open) {
        printf("line %lld: %s %s %lld VND: %s\n", (long long)line, row.kind, reference,
               (long long)row.amount_vnd, row.verdict);
    }
    return error ? error : store_add_settlement_row(i->ask->store, i->digest, &row);
}

static int take_lines(struct importing *i, struct str text)
{
    int error = 0;
    for (int64_t line = 1; text.n > 0 && !error; line++) {
        size_t n = str_index(text, '\n');
        struct str one = str_trim(str_slice(text, 0, n));
        text = str_slice(text, n + 1 <= text.n ? n + 1 : text.n, text.n);
        bool head = line == 1 && str_starts(one, STR("kind,"));
        if (one.n > 0 && !head) {
            error = take_line(i, line, one);
        }
    }
    return error;
}

static char *read_file(const char *path, size_t *ret_n)
{
    enum { FILE_MAX = 16 << 20 };
    FILE *file = fopen(path, "re");
    char *bytes = file ? malloc(FILE_MAX) : NULL;
    if (bytes) {
        *ret_n = fread(bytes, 1, FILE_MAX, file);
        if (*ret_n == FILE_MAX || ferror(file)) {
            free(bytes);
            bytes = NULL;
            errno = EFBIG;
        }
    }
    if (file) {
        fclose(file);
    }
    return bytes;
}

static int import_file(struct etc_ask *a)
{
    struct importing i = {.ask = a};
    uint8_t digest[SHA256_SIZE];
    size_t n = 0;
    char *bytes = read_file(a->file, &n);
    const char *name = strrchr(a->file, '/');
    if (!bytes) {
        fprintf(stderr, "doxe-server etc import: %s: %s\n", a->file, strerror(errno));
        return EXIT_FAILED;
    }
    struct str text = {bytes, n};
    dx_sha256(digest, text);
    str_hex(i.digest, digest, sizeof digest);
    int error = store_begin(a->store);
    struct etc_settlement s = {.provider = a->provider,
                               .operator_id = a->operator_id,
                               .file = name ? name + 1 : a->file,
                               .by = a->by};
    memcpy(s.digest, i.digest, sizeof s.digest);
    error = error ? error : str_is_utf8(text) ? take_lines(&i, text) : DX_E_FORMAT;
    s.rows = i.rows;
    s.open_rows = i.open_rows;
    error = error ? error : store_add_settlement(a->store, &s, clock_wall());
    free(bytes);
    if (error) {
        store_rollback(a->store);
    } else {
        error = store_commit(a->store);
    }
    if (error == DX_E_EXISTS) {
        printf("imported before: nothing changes\n");
        return EXIT_OK;
    }
    if (error) {
        fprintf(stderr, "doxe-server etc import: %s\n", i.why[0] ? i.why : dx_error_text(error));
        return EXIT_FAILED;
    }
    printf("%lld rows, %lld agree with nothing of ours\n", (long long)i.rows,
           (long long)i.open_rows);
    return i.open_rows ? EXIT_FAILED : EXIT_OK;
}

/* ---- the command ---- */

static const char *check(const struct etc_ask *a)
{
    bool import = strcmp(a->word, "import") == 0;
    bool list = strcmp(a->word, "list") == 0;
    bool link = strcmp(a->word, "link") == 0;
    if (!import && !list && !link && strcmp(a->word, "unlink") != 0) {
        return "link, unlink, list or import";
    }
    if (!a->config_path) {
        return "--config is needed";
    }
    if (list) {
        return NULL;
    }
    if (!a->by) {
        return "--by is needed";
    }
    if (import) {
        return a->file && a->provider && a->operator_id
                   ? NULL
                   : "FILE, --provider and --operator are needed";
    }
    return a->has_plate && a->has_vehicle && (a->provider || !link)
               ? NULL
               : "--plate, --vehicle and --provider are needed";
}

/* A name that nobody has would be written down and never be asked. */
static bool is_known(const struct etc_ask *a)
{
    bool provider = !a->provider || strcmp(a->word, "list") == 0;
    bool operator_id = strcmp(a->word, "import") != 0;
    for (int i = 0; i < a->config->etc_count && !provider; i++) {
        provider = strcmp(a->config->etc[i].id, a->provider) == 0;
    }
    for (int i = 0; i < a->config->operator_count && !operator_id; i++) {
        operator_id = strcmp(a->config->operators[i].id, a->operator_id) == 0;
    }
    if (!provider || !operator_id) {
        fprintf(
            stderr, "doxe-server etc: %s names no %s '%s'\n", a->config_path,
            provider ? "operator" : "provider under etc:", provider ? a->operator_id : a->provider);
    }
    return provider && operator_id;
}

static int run(struct etc_ask *a)
{
    int version = 0;
    int error = store_open(a->config->database, &a->store);
    error = error ? error : store_version(a->store, &version);
    if (error || version != store_latest_version()) {
        fprintf(stderr, "%s: %s\n", a->config->database,
                error ? dx_error_text(error) : "start doxe-server once to bring it up to date");
        store_close(a->store);
        return EXIT_START;
    }
    int status = strcmp(a->word, "link") == 0                       ? link_account(a)
                 : strcmp(a->word, "unlink") == 0                   ? unlink_account(a)
                 : strcmp(a->word, "import") == 0                   ? import_file(a)
                 : store_list_etc_links(a->store, print_link, NULL) ? EXIT_FAILED
                                                                    : EXIT_OK;
    store_close(a->store);
    return status;
}

int etc_command(int argc, char **argv)
{
    struct etc_ask a = {.word = argc > 1 ? argv[1] : ""};
    char why[512];
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (option == 'h') {
            fputs(usage, stdout);
            return EXIT_OK;
        }
        const char *bad = take_option(&a, option);
        if (bad) {
            return wrong(bad);
        }
    }
    a.word = optind < argc ? argv[optind] : "";
    a.file = optind + 1 < argc ? argv[optind + 1] : NULL;
    const char *bad = optind + 2 < argc ? "one word too many" : check(&a);
    if (bad) {
        return wrong(bad);
    }
    if (server_config_load(a.config_path, why, sizeof why, &a.config) != 0) {
        fprintf(stderr, "%s\n", why);
        return EXIT_CONFIGURATION;
    }
    int status = is_known(&a) && dx_crypto_start() == 0 ? run(&a) : EXIT_FAILED;
    server_config_free(a.config);
    return status;
}
